//! The arguments of `fillrate diff`.

use std::path::PathBuf;

use bytesize::ByteSize;
use clap::Args;
use fillrate::{Bucket, DEFAULT_BUCKETS};
use fillrate_drift::DEFAULT_LEVEL;

use super::{Format, Reading};

/// Say what differs between two exports by more than chance
///
/// Compared are the total, the fill rates, the scores by bucket, the columns and, for CSVs, the people by hashedEmail. A
/// difference is flagged if it is more than chance: two-proportion z-tests, Fisher's exact test for small counts, and
/// Holm's correction for their number. New and gone people are shown, and decide nothing.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fillrate diff monday.csv tuesday.csv
  fillrate diff monday.csv tuesday.csv.gz --level 0.05 --format markdown
  fillrate diff last-week.state tuesday.csv

Exit status:
  0  no difference is more than chance
  1  something differs by more than chance, a column came or went, or a file is unsound
  2  it could not be done")]
pub(crate) struct DiffArgs {
    /// What was: a CSV or a state file
    #[arg(value_name = "BEFORE")]
    pub(crate) before: PathBuf,

    /// What is: a CSV or a state file
    #[arg(value_name = "AFTER")]
    pub(crate) after: PathBuf,

    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,

    /// The chance of flagging anything where nothing has changed
    #[arg(long, value_name = "P", default_value_t = DEFAULT_LEVEL, value_parser = level)]
    pub(crate) level: f64,

    /// The buckets of the score histogram: `A-B`, `A`, `A+`, `<A` or `>=A`, ends inclusive
    #[arg(long, value_name = "LABELS", value_delimiter = ',', default_values = DEFAULT_BUCKETS)]
    pub(crate) buckets: Vec<Bucket>,

    /// Leave out who is new, gone and staying
    #[arg(long)]
    pub(crate) no_people: bool,

    /// The most memory for comparing people: 32 MB for a million records with a SHA-256, and 130 MB or more with others
    #[arg(long, value_name = "BYTES", default_value_t = ByteSize::gb(1))]
    pub(crate) memory: ByteSize,

    #[command(flatten)]
    pub(crate) reading: Reading,
}

pub(super) fn level(text: &str) -> Result<f64, String> {
    let level: Option<f64> = text.parse().ok();
    let is_chance = |level: &f64| 0.0 < *level && *level < 1.0;
    level.filter(is_chance).ok_or_else(|| "write a number between 0 and 1, as in 0.01".to_owned())
}

#[cfg(test)]
mod tests {
    use super::level;

    #[test]
    fn a_level_is_a_chance() {
        assert_eq!(["0.05", "1e-9", ".5"].map(level), [Ok(0.05), Ok(1e-9), Ok(0.5)]);
        assert!(["0", "1", "-0.1", "5%", "NaN", "inf", ""].iter().all(|text| level(text).is_err()));
    }
}
