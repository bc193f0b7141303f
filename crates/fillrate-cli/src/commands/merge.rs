//! `fillrate merge`

use std::path::PathBuf;

use fillrate::Counters;

use crate::args::{Format, MergeArgs};
use crate::output::{Failure, Outcome};
use crate::render::{self, Screen};

pub(crate) fn run(args: &MergeArgs) -> Result<Outcome, Failure> {
    args.saving.check("merge", args.states.iter().map(PathBuf::as_path))?;
    let mut merged: Option<Counters> = None;
    let mut failure = Failure::default();
    for path in &args.states {
        match (fillrate_state::read(path), &mut merged) {
            (Err(error), _) => failure.add(error),
            (Ok(state), None) => merged = Some(state),
            (Ok(state), Some(merged)) => {
                failure.note(merged.merge(&state).map_err(|error| error.in_file(path)));
            }
        }
    }
    failure.check()?;
    // There is at least one state file, or clap has refused the arguments.
    let Some(merged) = merged else { return Ok(Outcome::new(String::new(), true)) };
    let combined = merged.figures(&args.buckets)?;
    args.saving.save([&merged])?;
    let text = match args.format {
        Format::Table => render::table::merge(&combined, Screen::of_stdout()),
        Format::Json => render::json::merge(&combined),
        Format::Markdown => render::markdown::merge(&combined),
    };
    Ok(Outcome::new(text, !combined.disqualify()))
}
