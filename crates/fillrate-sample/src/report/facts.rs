//! What there is to report, whichever shape it takes.

use serde::Serialize;

use crate::Sample;
use crate::decimal::{self, Decimal};
use crate::dice::{Dice, Stream};
use crate::measure::Measure;
use crate::people::Schema;
use crate::tally::{BUCKETS, Tally};

/// A run, its stats and its export.
pub(super) struct Facts {
    pub(super) audience_id: String,
    pub(super) run_id: String,
    pub(super) result_count: u64,

    pub(super) total: u64,
    /// By field, in the order of the columns.
    pub(super) fill_rates: Vec<(&'static str, Share)>,
    pub(super) histogram: Vec<Bucket>,
    pub(super) averages: Vec<(&'static str, Decimal)>,

    pub(super) export_id: String,
    pub(super) exported_run_id: String,
    pub(super) byte_size: u64,
    pub(super) row_count: u64,
    pub(super) content_sha1: String,
}

/// A count, and what share of the total it is.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Share {
    pub(super) count: u64,
    pub(super) percent: Decimal,
}

/// A bar of the score histogram.
#[derive(Serialize)]
pub(super) struct Bucket {
    pub(super) bucket: &'static str,
    #[serde(flatten)]
    pub(super) share: Share,
}

impl Facts {
    pub(super) fn new(sample: &Sample, tally: &Tally, intact: Measure) -> Self {
        let schema = Schema::new(sample.header);
        let mut dice = Dice::new(sample.seed, Stream::Identifiers);
        let (audience_id, run_id, export_id) = (dice.uuid(), dice.uuid(), dice.uuid());
        let share = |count| Share { count, percent: decimal::percent(count, tally.records) };
        let fields = schema.columns.iter().map(|column| column.field);
        let buckets = BUCKETS.iter().map(|(label, _)| *label);
        let averages =
            [(schema.score, tally.scores.mean()), (schema.topic_overlap, tally.topic_overlaps.mean())];
        Self {
            audience_id,
            exported_run_id: run_id.clone(),
            run_id,
            result_count: tally.records,
            total: tally.records,
            fill_rates: fields.zip(tally.filled.iter().map(|&count| share(count))).collect(),
            histogram: buckets
                .zip(tally.buckets)
                .map(|(bucket, count)| Bucket { bucket, share: share(count) })
                .collect(),
            averages: averages.into_iter().filter_map(|(field, mean)| Some((field, mean?))).collect(),
            export_id,
            byte_size: intact.bytes,
            row_count: tally.records,
            content_sha1: intact.sha1(),
        }
    }
}
