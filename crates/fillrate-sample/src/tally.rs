//! What the reports say of a sample, counted while it is drawn.

use std::ops::RangeInclusive;

use crate::decimal::{self, Decimal};
use crate::people::{Numbers, Schema};
use crate::record::Record;

/// The score buckets that the API documents.
pub(crate) const BUCKETS: [(&str, RangeInclusive<u64>); 3] =
    [("50-69", 50..=69), ("70-89", 70..=89), ("90-99", 90..=99)];

/// Counts of the records seen so far.
pub(crate) struct Tally {
    pub(crate) records: u64,
    /// Filled cells, column by column.
    pub(crate) filled: Vec<u64>,
    /// Scores, bucket by bucket.
    pub(crate) buckets: [u64; BUCKETS.len()],
    pub(crate) scores: Sum,
    pub(crate) topic_overlaps: Sum,
}

impl Tally {
    pub(crate) fn new(schema: Schema) -> Self {
        Self {
            records: 0,
            filled: vec![0; schema.columns.len()],
            buckets: [0; BUCKETS.len()],
            scores: Sum::default(),
            topic_overlaps: Sum::default(),
        }
    }

    pub(crate) fn add(&mut self, record: &Record, numbers: Numbers) {
        self.records += 1;
        for (filled, cell) in self.filled.iter_mut().zip(record.cells()) {
            *filled += u64::from(!cell.is_empty());
        }
        if let Some(score) = numbers.score {
            self.scores.add(score * 100);
            for (count, (_, bucket)) in self.buckets.iter_mut().zip(&BUCKETS) {
                *count += u64::from(bucket.contains(&score));
            }
        }
        if let Some(hundredths) = numbers.topic_overlap_hundredths {
            self.topic_overlaps.add(hundredths);
        }
    }
}

/// A sum of numbers with up to two decimals, kept in hundredths to stay exact.
#[derive(Default)]
pub(crate) struct Sum {
    hundredths: u64,
    count: u64,
}

impl Sum {
    fn add(&mut self, hundredths: u64) {
        self.hundredths += hundredths;
        self.count += 1;
    }

    pub(crate) fn mean(&self) -> Option<Decimal> {
        decimal::mean(self.hundredths, self.count)
    }
}
