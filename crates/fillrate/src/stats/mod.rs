//! Counters → figures, in the API's shape.

mod bucket;
mod cells;
mod mean;
mod percent;

use serde::ser::{Serialize, SerializeMap, Serializer};

pub use bucket::{Bucket, DEFAULT_BUCKETS};
pub use cells::{ColumnStats, ScoreStats};
pub use mean::{Mean, MeanDifference};
pub use percent::Percent;

/// The figures of an export, in the shape of the API's `stats` object.
///
/// Serialises as `{"total", "fillRates": {field: {"count", "percent"}}, "scoreHistogram": [{"bucket", "count",
/// "percent"}], "averages": {field: number}}`, in the file's column order.
#[derive(Clone, Debug, Default, serde::Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RunStats {
    /// Records.
    pub total: u64,
    /// By field, in column order.
    #[serde(serialize_with = "as_map")]
    pub fill_rates: Vec<(String, FillRate)>,
    /// By bucket, in the order asked for; empty without a score column.
    pub score_histogram: Vec<HistogramBucket>,
    /// By field; a field without any number is left out.
    #[serde(serialize_with = "as_map")]
    pub averages: Vec<(String, Mean)>,
}

/// How many cells are filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FillRate {
    /// Filled cells.
    pub count: u64,
    /// Their share of all records.
    pub percent: Percent,
}

/// How many scores lie in a bucket.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct HistogramBucket {
    /// Its label.
    pub bucket: Bucket,
    /// Scores in it.
    pub count: u64,
    /// Their share of all records, those without a score included.
    pub percent: Percent,
}

impl HistogramBucket {
    /// `count` of `total`.
    #[must_use]
    pub fn new(bucket: Bucket, count: u64, total: u64) -> Self {
        Self { bucket, count, percent: Percent::new(count, total) }
    }
}

impl FillRate {
    /// `count` of `total`.
    #[must_use]
    pub fn new(count: u64, total: u64) -> Self {
        Self { count, percent: Percent::new(count, total) }
    }
}

fn as_map<V: Serialize, S: Serializer>(pairs: &[(String, V)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(pairs.len()))?;
    for (key, value) in pairs {
        map.serialize_entry(key, value)?;
    }
    map.end()
}

/// Serialises a figure that prints as a JSON number without going through floating point.
fn as_number<S: Serializer>(figure: &impl ToString, serializer: S) -> Result<S::Ok, S::Error> {
    serde_json::value::RawValue::from_string(figure.to_string())
        .map_err(serde::ser::Error::custom)?
        .serialize(serializer)
}
