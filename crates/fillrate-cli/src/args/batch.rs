//! The arguments of `fillrate batch`.

use std::path::PathBuf;

use clap::Args;

use super::{Format, Reading, Strictness};

/// Check many exports at once, each against its own reports
///
/// A PATH is a CSV, a folder, or a pattern such as 'runs/**/*.csv'. Folders are searched with all that is in them, in the
/// order of their paths, for *.csv, *.csv.gz and *.csv.zst. The reports of an export are those that `verify` finds beside
/// it; where there are none, those in the searched folders whose run id is a part of its name, or the name of a folder
/// that it is in. An export without reports is analysed and called unverified, or a mismatch if it is unsound.
#[derive(Debug, Args)]
#[command(after_help = "\
At status 2, stdout has the results of all other files; stderr says, one line each, what could not be done.

Examples:
  fillrate batch runs
  fillrate batch runs 'more/**/*.csv.gz' --all
  find . -name audience.csv -mtime -1 | fillrate batch --list -
  fillrate batch runs --ledger runs.ledger --format json | jq .summary")]
pub(crate) struct BatchArgs {
    /// CSV exports, folders and patterns
    #[arg(value_name = "PATH", required_unless_present = "list")]
    pub(crate) paths: Vec<PathBuf>,

    /// Check the files and folders that this file names too, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) list: Option<PathBuf>,

    /// Remember finished exports in this file, and take their results from it: an interrupted run goes on where it was
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,

    /// Show the exports that match too; JSON has them in any case
    #[arg(long)]
    pub(crate) all: bool,

    /// Show no progress, which is shown on a terminal only
    #[arg(long, short)]
    pub(crate) quiet: bool,

    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    #[command(flatten)]
    pub(crate) strictness: Strictness,

    #[command(flatten)]
    pub(crate) reading: Reading,
}
