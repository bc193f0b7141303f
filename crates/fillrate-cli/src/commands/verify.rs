//! `fillrate verify`

use std::path::{Path, PathBuf};

use fillrate::{
    Candidates, Error, Export, Options, Policy, ReportFiles, Reports, STDIN, Verdict, verify, verify_among,
    verify_reports,
};
use fillrate_columns::{Entry, Output};

use super::limit;
use crate::args::{CheckFormat, Usage, VerifyArgs};
use crate::output::{Failure, Outcome};
use crate::render::{self, Screen, Verified};

pub(crate) fn run(args: &VerifyArgs) -> Result<Outcome, Failure> {
    if args.columns.is_wanted() && args.file.is_none() {
        return Err(Usage::of("verify", "--output takes an export; name its CSV").into());
    }
    let inputs = [&args.file, &args.stats, &args.export].into_iter().flatten();
    let output = args.columns.create("verify", inputs.map(PathBuf::as_path))?;
    let (verified, reports) = args.reading.with_threads(|| verified(args))??;
    if let Some(output) = output {
        write(output, &verified, &reports)?;
    }
    let text = match args.format {
        CheckFormat::Table => render::table::verify(&verified, Screen::of_stdout()),
        CheckFormat::Json => render::json::verify(&verified),
        CheckFormat::Markdown => render::markdown::verify(&verified),
        CheckFormat::Junit => render::junit::verify(&verified)?,
        CheckFormat::Github => render::github::verify(&verified),
    };
    Ok(Outcome::new(text, verified.verification.verdict == Verdict::Match))
}

/// The verification, and what it compared the export with.
fn verified(args: &VerifyArgs) -> Result<(Verified, Reports), Error> {
    let options = args.reading.options()?;
    let mut files = report_files(args, &options)?;
    let candidates = args.candidates.as_deref().map(Candidates::read).transpose()?;
    let mut reports = files.read()?;
    let policy = args.strictness.policy();
    let (analysis, verification) = match &args.file {
        Some(file) => {
            let export = Export::open(file, &options)?;
            let (mut analysis, verification) = match &candidates {
                Some(candidates) => verify_among(export, &reports, candidates, &policy)?,
                None => verify(export, &reports, &policy)?,
            };
            let taken = verification.among.as_ref().and_then(|among| among.matching.first());
            if files.stats.is_none()
                && let (Some(path), Some(candidates)) = (taken, candidates)
            {
                let taken = candidates.stats.into_iter().find(|candidate| candidate.path == *path);
                reports.stats = taken.map(|candidate| candidate.stats);
                files.stats = Some(path.clone());
            }
            limit::analysis(&mut analysis, &policy.fields);
            (Some(analysis), verification)
        }
        None => (None, verify_reports(&reports, &policy)?),
    };
    Ok((Verified { verification, analysis, files }, reports))
}

/// The verification of a file by the reports beside it, as it is where nothing else is asked for.
pub(crate) fn beside(file: &Path) -> Result<Verified, Error> {
    let files = ReportFiles::default().or_beside(Some(file))?;
    let export = Export::open(file, &Options::default())?;
    let (analysis, verification) = verify(export, &files.read()?, &Policy::default())?;
    Ok(Verified { verification, analysis: Some(analysis), files })
}

/// Writes the results as columns.
fn write(mut output: Output, verified: &Verified, reports: &Reports) -> Result<(), Failure> {
    let Verified { verification, analysis, .. } = verified;
    let path = analysis.as_ref().map_or(Path::new(""), |analysis| &analysis.file.path);
    output.add(&Entry {
        audience_id: reports.audience_id(),
        run_id: reports.run_id(),
        analysis: analysis.as_ref(),
        verification: Some(verification),
        ..Entry::new(path, verification.verdict.name())
    })?;
    Ok(output.finish()?)
}

/// The reports that are given, or lie beside the export.
fn report_files(args: &VerifyArgs, options: &Options) -> Result<ReportFiles, Error> {
    let given = ReportFiles { stats: args.stats.clone(), export: args.export.clone() };
    let file = args.file.as_deref();
    let found = given.clone().or_beside(file);
    if args.candidates.is_some() && found.is_err() {
        return Ok(given);
    }
    found.map_err(|nothing| {
        // Nothing lies beside an export that is not there: the export is to blame. Standard input is left alone, since
        // nobody should have to type a CSV to be told this.
        let export = file.filter(|file| *file != Path::new(STDIN));
        export.and_then(|file| Export::open(file, options).err()).unwrap_or(nothing)
    })
}
