//! What the engine counts of a run's file.

use bytes::Bytes;
use fillrate::{Bucket, Columns, DEFAULT_BUCKETS, Export, FileVersion, Options, Question, RunStats};
use serde::Serialize;

use super::facts::Status;
use super::run::{Run, RunRecord};
use crate::answers::{ApiError, data};

/// The figures of a run's file, and the answer that has them.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) snapshot: FileVersion,
    pub(crate) stats: RunStats,
    pub(crate) columns: Columns,
    /// Of all bytes, in hexadecimal.
    pub(crate) sha1: String,
    /// The stats answer of the current generation, which is the same for everybody who asks.
    pub(crate) answer: Bytes,
}

#[derive(Serialize)]
struct StatsData<'a> {
    run: RunRecord<'a>,
    stats: &'a RunStats,
}

impl Figures {
    /// Counts the whole file.
    pub(super) fn of(run: &Run, snapshot: FileVersion) -> Result<Self, ApiError> {
        let unusable = |error: fillrate::Error| {
            ApiError::conflict("run_unusable", format!("the file of this run cannot be used: {error}"))
        };
        let export = Export::open(run.path(), &Options::default()).map_err(unusable)?;
        let buckets: Vec<Bucket> = DEFAULT_BUCKETS.iter().filter_map(|label| label.parse().ok()).collect();
        let question = Question::for_stats(export.columns(), buckets, &[]).map_err(unusable)?;
        let analysis = export.analyze(&Question { sha1: true, ..question }).map_err(unusable)?;
        if analysis.file.byte_size != snapshot.size() {
            return Err(ApiError::conflict(
                "run_unusable",
                "the file of this run is compressed; unpack it to have it served".to_owned(),
            ));
        }
        let sha1 = base16ct::lower::encode_string(&analysis.file.sha1.unwrap_or_default());
        let record = run.record(Status::Completed, Some(analysis.stats.total));
        let answer = data(&StatsData { run: record, stats: &analysis.stats })?;
        Ok(Self { snapshot, stats: analysis.stats, columns: analysis.header, sha1, answer })
    }

    /// Records.
    pub(crate) fn total(&self) -> u64 {
        self.stats.total
    }
}
