//! The arguments of what writes and merges state files.

use std::path::{Path, PathBuf};

use clap::Args;
use fillrate::{Bucket, Counters, DEFAULT_BUCKETS};

use super::values::is_among;
use super::{Format, Usage};
use crate::output::Failure;

/// Whether to keep what was counted.
#[derive(Debug, Args)]
#[command(next_help_heading = "State files")]
pub(crate) struct Saving {
    /// Keep what was counted of all the files in a state file, for `merge` and `diff`
    #[arg(long, value_name = "STATE")]
    save_state: Option<PathBuf>,

    /// Overwrite a state file that exists
    #[arg(long, requires = "save_state")]
    force: bool,
}

/// Add up what was counted of several exports, from their state files
///
/// The result is that of one pass over all the records. A column that an export lacks counts as unfilled there. State
/// files are written with --save-state, by `stats` and by this.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fillrate stats monday.csv --save-state monday.state
  fillrate merge monday.state tuesday.state
  fillrate merge *.state --save-state week.state --format json")]
pub(crate) struct MergeArgs {
    /// The state files; one that is named twice counts twice
    #[arg(required = true, value_name = "STATE")]
    pub(crate) states: Vec<PathBuf>,

    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// The buckets of the score histogram; ends above 100 only if the exports were counted with them
    #[arg(long, value_name = "LABELS", value_delimiter = ',', default_values = DEFAULT_BUCKETS)]
    pub(crate) buckets: Vec<Bucket>,

    #[command(flatten)]
    pub(crate) saving: Saving,
}

impl Saving {
    /// Refuses a state file that could not be written in the end, or that `command` reads.
    pub(crate) fn check<'a>(
        &self,
        command: &'static str,
        inputs: impl Iterator<Item = &'a Path>,
    ) -> Result<(), Failure> {
        let Some(path) = &self.save_state else { return Ok(()) };
        if is_among(path, inputs) {
            let what = "the state file is one that is read; give it another name";
            return Err(Usage::of(command, what).into());
        }
        Ok(fillrate_state::check_is_free(path, self.force)?)
    }

    /// Merges counters, and keeps them if that was asked for.
    pub(crate) fn save<'a>(&self, counters: impl IntoIterator<Item = &'a Counters>) -> Result<(), Failure> {
        let Some(path) = &self.save_state else { return Ok(()) };
        let mut counters = counters.into_iter().cloned();
        let Some(mut all) = counters.next() else { return Ok(()) };
        for more in counters {
            all.merge(&more)?;
        }
        fillrate_state::write(path, &all, self.force)?;
        Ok(())
    }
}
