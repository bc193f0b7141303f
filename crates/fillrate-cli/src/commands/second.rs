//! `fillrate stats --engine polars`

use std::path::Path;

use fillrate::Question;
use fillrate_frame::{Error, Frame};

use crate::args::{Format, StatsArgs};
use crate::output::{Failure, Outcome};
use crate::render::{self, BySecond, Screen};

pub(crate) fn run(args: &StatsArgs) -> Result<Outcome, Failure> {
    let mut failure = Failure::default();
    let results: Vec<_> = args.files.iter().filter_map(|file| failure.note(figures(file, args))).collect();
    failure.check()?;
    let text = match args.format {
        Format::Table => render::table::second(&results, Screen::of_stdout()),
        Format::Json => render::json::second(&results),
        Format::Markdown => render::markdown::second(&results),
    };
    Ok(Outcome::new(text, true))
}

fn figures(file: &Path, args: &StatsArgs) -> Result<BySecond, Error> {
    let frame = Frame::open(file, &args.reading.options()?)?;
    let header = frame.columns().clone();
    let in_file = |error: fillrate::Error| error.in_file(file);
    let mut question = Question::for_stats(&header, args.buckets.clone(), &args.averages).map_err(in_file)?;
    let shown: Result<Vec<_>, _> = args.fields.iter().map(|field| header.named(field)).collect();
    let shown = shown.map_err(in_file)?;
    if !shown.is_empty() {
        question.averages.retain(|average| shown.contains(&average.column));
    }
    let mut figures = frame.figures(&question)?;
    if !shown.is_empty() {
        figures.limit_to(&shown);
    }
    Ok(BySecond { path: file.to_owned(), header, figures })
}
