//! The arguments, as they are typed.

mod batch;
mod columns;
mod diff;
#[cfg(feature = "polars")]
mod engine;
mod fetch;
mod reading;
mod sample;
mod segmenting;
mod serve;
mod state;
mod strictness;
mod usage;
mod values;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use fillrate::{Bucket, DEFAULT_BUCKETS};

pub(crate) use batch::BatchArgs;
pub(crate) use columns::Columns;
pub(crate) use diff::DiffArgs;
#[cfg(feature = "polars")]
pub(crate) use engine::Engine;
pub(crate) use fetch::{ExportsArgs, FetchArgs};
pub(crate) use reading::{NoThreads, Reading};
pub(crate) use sample::SampleArgs;
pub(crate) use segmenting::Segmenting;
pub(crate) use serve::ServeArgs;
pub(crate) use state::{MergeArgs, Saving};
pub(crate) use strictness::Strictness;
pub(crate) use usage::Usage;

/// Is the CSV that I downloaded the audience that the API says it sold me?
///
/// fillrate recomputes an export's total, fill rates, score histogram and averages, and checks them against the API's
/// stats JSON and export record, offline and exactly.
#[derive(Debug, Parser)]
#[command(version, after_help = EXIT_STATUS)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_STATUS: &str = "\
Exit status:
  0  all agrees
  1  the figures are complete, but something differs or the file is unsound
  2  it could not be done: usage, an unreadable file, not a CSV, a wrong JSON";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Stats(StatsArgs),
    Verify(VerifyArgs),
    Batch(BatchArgs),
    Merge(MergeArgs),
    Diff(DiffArgs),
    Sample(SampleArgs),
    Fetch(FetchArgs),
    Exports(ExportsArgs),
    Serve(ServeArgs),
}

/// Compute the figures of exports, in the API's shape
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fillrate stats audience.csv
  fillrate stats audience.csv --format json | jq .stats
  fillrate stats monday.csv tuesday.csv --field email --field company.name
  fillrate stats audience.csv --buckets 0-49,50-79,80+ --average companySize
  fillrate stats audience.csv --by company.industry --top 5 --field email
  fillrate stats audience.csv --save-state audience.state
  curl -s https://example.com/audience.csv | fillrate stats -")]
pub(crate) struct StatsArgs {
    /// The CSV exports; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,

    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// Show the fill rate and the average of this field only; may be repeated
    #[arg(long = "field", value_name = "FIELD")]
    pub(crate) fields: Vec<String>,

    /// The buckets of the score histogram: `A-B`, `A`, `A+`, `<A` or `>=A`, ends inclusive
    #[arg(long, value_name = "LABELS", value_delimiter = ',', default_values = DEFAULT_BUCKETS)]
    pub(crate) buckets: Vec<Bucket>,

    /// Show the average of this field too; may be repeated
    #[arg(long = "average", value_name = "FIELD")]
    pub(crate) averages: Vec<String>,

    /// Who computes the figures
    #[cfg(feature = "polars")]
    #[arg(long, value_enum, default_value_t, conflicts_with_all = ["by", "save_state"])]
    pub(crate) engine: Engine,

    #[command(flatten)]
    pub(crate) segmenting: Segmenting,

    #[command(flatten)]
    pub(crate) saving: Saving,

    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// Check an export against what the API reported
///
/// Reports that are not given are looked for beside the file: `<stem>.stats.json`, then `stats.json`; `<stem>.export.json`,
/// then `export.json`. Without FILE, the reports are checked against themselves and each other.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fillrate verify audience.csv
  fillrate verify audience.csv --stats run.json --export record.json
  fillrate verify audience.csv --map company.name=Firma
  fillrate verify audience.csv --allow total=1 --allow 'fillRates.*=1'
  fillrate verify audience.csv --candidates runs
  fillrate verify audience.csv --output results.parquet
  fillrate verify audience.csv --format junit > junit.xml
  fillrate verify --stats run.json")]
pub(crate) struct VerifyArgs {
    /// The CSV export; `-` is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,

    /// The API's stats of the run
    #[arg(long, value_name = "STATS.json")]
    pub(crate) stats: Option<PathBuf>,

    /// The API's record of the export
    #[arg(long, value_name = "EXPORT.json")]
    pub(crate) export: Option<PathBuf>,

    /// Look in this folder for the stats that the file matches: of another run on a mismatch, or of any where no stats are
    /// given or found
    #[arg(long, value_name = "DIR", requires = "file")]
    pub(crate) candidates: Option<PathBuf>,

    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: CheckFormat,

    #[command(flatten)]
    pub(crate) columns: Columns,

    #[command(flatten)]
    pub(crate) strictness: Strictness,

    #[command(flatten)]
    pub(crate) reading: Reading,
}

/// How a result is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For a person at a terminal
    #[default]
    Table,
    /// For a program
    Json,
    /// For a chat or a pull request
    Markdown,
}

/// How the result of checks is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// For a person at a terminal
    #[default]
    Table,
    /// For a program
    Json,
    /// For a chat or a pull request
    Markdown,
    /// For a continuous integration: `JUnit` XML, with a test case for each check
    #[value(help = "For a continuous integration: JUnit XML, with a test case for each check")]
    Junit,
    /// For GitHub Actions: an annotation for each check that fails
    Github,
}
