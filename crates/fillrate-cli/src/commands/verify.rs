//! `fillrate verify`

use std::path::Path;

use fillrate::{
    Analysis, Error, Export, Options, Policy, ReportFiles, STDIN, Verdict, verify, verify_reports,
};

use crate::args::{Format, VerifyArgs};
use crate::output::{Failure, Outcome};
use crate::render::{self, Screen, Verified};

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
    let files = report_files(args, &options)?;
    let reports = files.read()?;
    let policy = Policy {
        tolerances: args.tolerances.clone(),
        allow_missing: args.allow_missing.clone(),
        require_all: args.require_all,
        fields: args.fields.clone(),
    };
    let (analysis, verification) = match &args.file {
        Some(file) => {
            let (mut analysis, verification) = verify(Export::open(file, &options)?, &reports, &policy)?;
            limit(&mut analysis, &args.fields);
            (Some(analysis), verification)
        }
        None => (None, verify_reports(&reports, &policy)?),
    };
    Ok(Verified { verification, analysis, files })
}

/// The reports that are given, or lie beside the export.
fn report_files(args: &VerifyArgs, options: &Options) -> Result<ReportFiles, Error> {
    let given = ReportFiles { stats: args.stats.clone(), export: args.export.clone() };
    let file = args.file.as_deref();
    given.or_beside(file).map_err(|nothing| {
        // Nothing lies beside an export that is not there: the export is to blame. Standard input is left alone, since
        // nobody should have to type a CSV to be told this.
        let export = file.filter(|file| *file != Path::new(STDIN));
        export.and_then(|file| Export::open(file, options).err()).unwrap_or(nothing)
    })
}

/// Leaves only the columns of these fields to be shown, if there are any. The averages are those of the checks already,
/// under the names that they were reported by.
fn limit(analysis: &mut Analysis, fields: &[String]) {
    let header = &analysis.header;
    // A field that is reported and has no column is only in the checks.
    let columns = fields.iter().filter_map(|field| header.named(field).ok());
    let shown: Vec<&str> = columns.map(|column| header.label(column)).collect();
    if !fields.is_empty() {
        analysis.columns.retain(|column| shown.contains(&column.name.as_str()));
    }
}
