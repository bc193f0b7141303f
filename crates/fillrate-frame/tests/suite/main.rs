//! Two engines, one file: the same figures, or a difference that is written down.

#![expect(clippy::unwrap_used, reason = "clippy spares `#[test]` functions only, not their helpers")]

mod agreement;
mod data_frame;
mod differences;

use std::path::Path;

use fillrate::{Analysis, DEFAULT_BUCKETS, Export, Options, Question};
use fillrate_frame::{Error, Figures, Frame};

/// A file of its own.
pub(crate) fn file(csv: &[u8]) -> tempfile::NamedTempFile {
    let file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    std::fs::write(file.path(), csv).unwrap();
    file
}

/// The usual question, with buckets of every form, about every column that may hold numbers.
pub(crate) fn question(columns: &fillrate::Columns) -> Question {
    let labels = DEFAULT_BUCKETS.into_iter().chain(["<0", "0", "85-95", "100+"]);
    let buckets = labels.map(|label| label.parse().unwrap()).collect();
    Question::for_stats(columns, buckets, &columns.fields()).unwrap()
}

pub(crate) fn by_fillrate(path: &Path, options: &Options) -> Analysis {
    let export = Export::open(path, options).unwrap();
    let question = question(export.columns());
    export.analyze(&question).unwrap()
}

pub(crate) fn by_polars(path: &Path, options: &Options) -> Result<Figures, Error> {
    let frame = Frame::open(path, options)?;
    frame.figures(&question(frame.columns()))
}

/// Everything that both compute.
pub(crate) fn assert_same(path: &Path, options: &Options, name: &str) {
    let expected = by_fillrate(path, options);
    let found = by_polars(path, options).unwrap();
    assert_eq!(found.stats.total, expected.stats.total, "{name}");
    assert_eq!(found.stats.fill_rates, expected.stats.fill_rates, "{name}");
    assert_eq!(found.stats.score_histogram, expected.stats.score_histogram, "{name}");
    assert_eq!(found.stats.averages, expected.stats.averages, "{name}");
    assert_eq!(found.columns, expected.columns, "{name}");
    assert_eq!(found.scores, expected.scores, "{name}");
}
