//! The arguments of what writes results as columns.

use std::path::{Path, PathBuf};

use clap::Args;
use fillrate_columns::Output;

use super::Usage;
use super::values::is_among;
use crate::output::Failure;

/// Whether to write the results to a file too.
#[derive(Debug, Args)]
#[command(next_help_heading = "Results as columns")]
pub(crate) struct Columns {
    /// Write the checks and fill rates to this file too: .csv, .ndjson, .parquet or .arrow
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Overwrite a file of results that exists
    #[arg(long, requires = "output")]
    force: bool,
}

impl Columns {
    /// Whether it was asked for.
    pub(crate) fn is_wanted(&self) -> bool {
        self.output.is_some()
    }

    /// Begins the file, if it was asked for, unless `command` reads it.
    pub(crate) fn create<'a>(
        &self,
        command: &'static str,
        inputs: impl Iterator<Item = &'a Path>,
    ) -> Result<Option<Output>, Failure> {
        let Some(path) = &self.output else { return Ok(None) };
        if is_among(path, inputs) {
            let what = "the file for the results is one that is read; give it another name";
            return Err(Usage::of(command, what).into());
        }
        Ok(Some(Output::create(path, self.force)?))
    }
}
