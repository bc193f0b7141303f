//! The arguments of `fillrate batch`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use fillrate::{Bucket, DEFAULT_BUCKETS};
use fillrate_batch::{GroupBy, Wanted};
use fillrate_drift::DEFAULT_LEVEL;

use super::diff::level;
use super::{CheckFormat, Columns, Reading, Strictness};

/// Check many exports at once, each against its own reports
///
/// A PATH is a CSV, a folder, or a pattern such as 'runs/**/*.csv'. Folders are searched with all that is in them, in the
/// order of their paths, for *.csv, *.csv.gz and *.csv.zst. The reports of an export are those that `verify` finds beside
/// it; where there are none, those in the searched folders whose run id is a part of its name, or the name of a folder
/// that it is in. An export without reports is analysed and called unverified, or a mismatch if it is unsound.
#[derive(Debug, Args)]
#[command(after_help = "\
Differences between runs do not change the exit status: an audience may change.

At status 2, stdout has the results of all other files; stderr says, one line each, what could not be done.

Examples:
  fillrate batch runs
  fillrate batch runs 'more/**/*.csv.gz' --all
  find . -name audience.csv -mtime -1 | fillrate batch --list -
  fillrate batch runs --output results.parquet
  fillrate batch runs --ledger runs.ledger --format json | jq .summary
  fillrate batch runs --group-by day --format markdown
  fillrate batch runs --format junit > junit.xml
  fillrate batch runs --drift --level 0.001")]
pub(crate) struct BatchArgs {
    /// CSV exports, folders and patterns
    #[arg(value_name = "PATH", required_unless_present = "list")]
    pub(crate) paths: Vec<PathBuf>,

    /// Check the files and folders that this file names too, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) list: Option<PathBuf>,

    /// Remember finished exports in this file, and take their results from it: an interrupted run goes on where it was;
    /// not with --format junit or --output, which have the checks that match too
    #[arg(long, value_name = "FILE")]
    pub(crate) ledger: Option<PathBuf>,

    /// Show the exports that match too; JSON has them in any case
    #[arg(long)]
    pub(crate) all: bool,

    #[command(flatten)]
    pub(crate) overview: OverviewArgs,

    /// Show no progress, which is shown on a terminal only
    #[arg(long, short)]
    pub(crate) quiet: bool,

    /// How to print the result; junit and github have no totals, groups and drift
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: CheckFormat,

    #[command(flatten)]
    pub(crate) columns: Columns,

    #[command(flatten)]
    pub(crate) strictness: Strictness,

    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// The options that ask for something of the batch as a whole.
const WHOLE: &str = "whole";

/// What is to be said of a batch as a whole.
#[derive(Debug, Args)]
#[command(next_help_heading = "All exports together", group = ArgGroup::new(WHOLE).multiple(true))]
pub(crate) struct OverviewArgs {
    /// Add all exports up, but those that failed, as if they were one
    #[arg(long, group = WHOLE)]
    totals: bool,

    /// Add the exports of each group up too
    #[arg(long, value_enum, value_name = "GROUP", group = WHOLE)]
    group_by: Option<GroupName>,

    /// Say what differs between the runs of each audience, in the order of their times, by more than chance
    #[arg(long, group = WHOLE)]
    drift: bool,

    /// The chance of flagging anything between two runs where nothing has changed
    #[arg(long, value_name = "P", default_value_t = DEFAULT_LEVEL, value_parser = level, requires = "drift")]
    level: f64,

    /// The buckets of these histograms, without ends above 100
    #[arg(
        long,
        value_name = "LABELS",
        value_delimiter = ',',
        default_values = DEFAULT_BUCKETS,
        value_parser = bucket,
        requires = WHOLE
    )]
    buckets: Vec<Bucket>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum GroupName {
    /// By audience, as the reports or the path say
    Audience,
    /// By the day in UTC on which the run was completed, or else that its data is of, as the reports say
    Day,
    /// By the folder that the CSV lies in
    Folder,
}

impl OverviewArgs {
    pub(crate) fn wanted(&self) -> Wanted {
        let groups = self.group_by.map(|group| match group {
            GroupName::Audience => GroupBy::Audience,
            GroupName::Day => GroupBy::Day,
            GroupName::Folder => GroupBy::Folder,
        });
        Wanted {
            totals: self.totals || groups.is_some(),
            groups,
            drift: self.drift.then_some(self.level),
            buckets: self.buckets.clone(),
        }
    }
}

fn bucket(label: &str) -> Result<Bucket, String> {
    let bucket: Bucket = label.parse().map_err(|error: fillrate::Error| error.to_string())?;
    if bucket.tells_apart_above_100() {
        return Err(
            "scores above 100 are not told apart here; end it at 100, or leave its end open".to_owned()
        );
    }
    Ok(bucket)
}
