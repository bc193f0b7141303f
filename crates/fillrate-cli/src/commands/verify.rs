//! `fillrate verify`

use fillrate::{Analysis, Error, Export, Policy, ReportFiles, Verdict, Verification, verify, verify_reports};

use crate::args::{Format, VerifyArgs};
use crate::output::{Failure, Outcome};
use crate::render::{self, Screen};

/// A verification, and what it compared.
pub(crate) struct Verified {
    pub(crate) verification: Verification,
    /// Of the export, unless only the reports were checked.
    pub(crate) analysis: Option<Analysis>,
    pub(crate) files: ReportFiles,
}

pub(crate) fn run(args: &VerifyArgs) -> Result<Outcome, Failure> {
    let verified = args.reading.with_threads(|| verified(args))??;
    let text = match args.format {
        Format::Table => render::table::verify(&verified, Screen::of_stdout()),
        Format::Json => render::json::verify(&verified),
        Format::Markdown => render::markdown::verify(&verified),
    };
    Ok(Outcome { text, agrees: verified.verification.verdict == Verdict::Match })
}

fn verified(args: &VerifyArgs) -> Result<Verified, Error> {
    let options = args.reading.options()?;
    let given = ReportFiles { stats: args.stats.clone(), export: args.export.clone() };
    let files = given.or_beside(args.file.as_deref())?;
    let reports = files.read()?;
    let policy = Policy {
        tolerances: args.tolerances.clone(),
        allow_missing: args.allow_missing.clone(),
        require_all: args.require_all,
        fields: args.fields.clone(),
    };
    let (analysis, verification) = match &args.file {
        Some(file) => {
            let (analysis, verification) = verify(Export::open(file, &options)?, &reports, &policy)?;
            (Some(analysis), verification)
        }
        None => (None, verify_reports(&reports, &policy)?),
    };
    Ok(Verified { verification, analysis, files })
}
