//! `fillrate stats`

use std::path::Path;

use fillrate::{Analysis, Error, Export, Options, Question};

use crate::args::{Format, StatsArgs};
use crate::output::{Failure, Outcome};
use crate::render::{self, Screen};

pub(crate) fn run(args: &StatsArgs) -> Result<Outcome, Failure> {
    let options = args.reading.options()?;
    let results: Vec<_> = args
        .reading
        .with_threads(|| args.files.iter().map(|file| analyze(file, args, &options)).collect())?;
    let mut analyses = Vec::with_capacity(results.len());
    let mut failure = Failure::default();
    for result in results {
        match result {
            Ok(analysis) => analyses.push(analysis),
            Err(error) => failure.add(error),
        }
    }
    failure.check()?;
    args.saving.save(analyses.iter().map(Analysis::counters))?;
    let text = match args.format {
        Format::Table => render::table::stats(&analyses, Screen::of_stdout()),
        Format::Json => render::json::stats(&analyses),
        Format::Markdown => render::markdown::stats(&analyses),
    };
    let agrees = !analyses.iter().any(|analysis| analysis.findings.disqualify());
    Ok(Outcome::new(text, agrees))
}

fn analyze(file: &Path, args: &StatsArgs, options: &Options) -> Result<Analysis, Error> {
    let export = Export::open(file, options)?;
    let columns = export.columns();
    let in_file = |error: Error| error.in_file(file);
    let question = Question::for_stats(columns, args.buckets.clone(), &args.averages).map_err(in_file)?;
    let shown: Result<Vec<_>, _> = args.fields.iter().map(|field| columns.named(field)).collect();
    let shown = shown.map_err(in_file)?;
    let mut analysis = export.analyze(&question)?;
    if !shown.is_empty() {
        analysis.limit_to(&shown);
    }
    Ok(analysis)
}
