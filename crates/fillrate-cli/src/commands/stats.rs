//! `fillrate stats`

use std::path::{Path, PathBuf};

use fillrate::{Error, Export, Options, Question};

use crate::args::{Format, StatsArgs};
use crate::output::{Failure, Outcome};
use crate::render::{self, Counted, Screen};

pub(crate) fn run(args: &StatsArgs) -> Result<Outcome, Failure> {
    #[cfg(feature = "polars")]
    if args.engine == crate::args::Engine::Polars {
        return super::second::run(args);
    }
    args.saving.check("stats", args.files.iter().map(PathBuf::as_path))?;
    let options = args.reading.options()?;
    let results: Vec<_> = args
        .reading
        .with_threads(|| args.files.iter().map(|file| analyze(file, args, &options)).collect())?;
    let mut failure = Failure::default();
    let counted: Vec<_> = results.into_iter().filter_map(|result| failure.note(result)).collect();
    failure.check()?;
    args.saving.save(counted.iter().map(|one| one.analysis.counters()))?;
    let text = match args.format {
        Format::Table => render::table::stats(&counted, Screen::of_stdout()),
        Format::Json => render::json::stats(&counted),
        Format::Markdown => render::markdown::stats(&counted),
    };
    let agrees = !counted.iter().any(|one| one.analysis.findings.disqualify());
    Ok(Outcome::new(text, agrees))
}

fn analyze(file: &Path, args: &StatsArgs, options: &Options) -> Result<Counted, Error> {
    let export = Export::open(file, options)?;
    let columns = export.columns();
    let in_file = |error: Error| error.in_file(file);
    let question = Question::for_stats(columns, args.buckets.clone(), &args.averages).map_err(in_file)?;
    let shown: Result<Vec<_>, _> = args.fields.iter().map(|field| columns.named(field)).collect();
    let shown = shown.map_err(in_file)?;
    let grouping = args.segmenting.grouping(columns).map_err(in_file)?;
    let (mut analysis, mut segments) = match grouping {
        Some(grouping) => {
            let (analysis, segments) = export.analyze_by(&question, &grouping)?;
            (analysis, Some(segments))
        }
        None => (export.analyze(&question)?, None),
    };
    if !shown.is_empty() {
        analysis.limit_to(&shown);
        if let Some(segments) = &mut segments {
            segments.limit_to(&analysis);
        }
    }
    Ok(Counted { analysis, segments })
}
