//! What differs between the runs of one audience, in the order of their times.

use std::collections::BTreeMap;

use fillrate::{Bucket, Result};
use fillrate_drift::Drift;
use serde::Serialize;

use crate::counted::{Counted, RunTime};
use crate::record::Record;

/// The drift of every audience.
#[derive(Debug, Serialize)]
pub struct Drifts {
    /// The chance of flagging anything between two runs where nothing has changed.
    pub level: f64,
    /// How the p-values of two runs are corrected for their number.
    pub correction: &'static str,
    /// In the order of their ids.
    pub audiences: Vec<AudienceDrift>,
    /// How many exports there are whose audience cannot be told.
    pub without_audience: u64,
}

/// What differs between the runs of one audience.
#[derive(Debug, Serialize)]
pub struct AudienceDrift {
    /// The audience, as the reports or the path say.
    pub audience_id: String,
    /// How many runs are in order.
    pub runs: usize,
    /// The exports whose reports do not say when their run was.
    pub not_ordered: Vec<String>,
    /// Each run with the one before it.
    pub pairs: Vec<PairDrift>,
}

/// What differs between a run and the one before it.
#[derive(Debug, Serialize)]
pub struct PairDrift {
    /// The earlier one.
    pub before: Run,
    /// The later one.
    pub after: Run,
    /// Whether the audience was configured otherwise; `None` if one of the reports does not say.
    pub config_changed: Option<bool>,
    /// Whether anything differs by more than chance.
    pub differs: bool,
    /// The differences; of fields and scores, only what is more than chance.
    #[serde(flatten)]
    pub drift: Drift,
}

/// One of the runs.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// Its export.
    pub path: String,
    /// Its id, as the reports or the path say.
    pub run_id: Option<String>,
    /// When it was.
    #[serde(flatten)]
    pub time: RunTime,
}

/// Exports by audience.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    audiences: BTreeMap<String, Audience>,
    without_audience: u64,
}

#[derive(Debug, Default)]
struct Audience {
    runs: Vec<(Run, Counted)>,
    not_ordered: Vec<String>,
}

impl Runs {
    pub(crate) fn add(&mut self, record: &Record, counted: Counted) {
        let Some(audience) = &record.audience_id else {
            self.without_audience += 1;
            return;
        };
        let audience = self.audiences.entry(audience.clone()).or_default();
        match counted.time {
            None => audience.not_ordered.push(record.path.clone()),
            Some(time) => {
                let run = Run { path: record.path.clone(), run_id: record.run_id.clone(), time };
                audience.runs.push((run, counted));
            }
        }
    }

    pub(crate) fn drifts(self, buckets: &[Bucket], level: f64) -> Result<Drifts> {
        let drift = |(audience_id, audience): (String, Audience)| audience.drift(audience_id, buckets, level);
        Ok(Drifts {
            level,
            correction: "holm",
            audiences: self.audiences.into_iter().map(drift).collect::<Result<_>>()?,
            without_audience: self.without_audience,
        })
    }
}

impl Audience {
    fn drift(mut self, audience_id: String, buckets: &[Bucket], level: f64) -> Result<AudienceDrift> {
        // A stable sort: runs of the same time stay in the order of the inputs.
        self.runs.sort_by_key(|(run, _)| run.time);
        let pair = |pair: &[(Run, Counted)]| {
            let [(before, earlier), (after, later)] = pair else { return None };
            Some(Drift::between(&earlier.counters, &later.counters, buckets, level).map(|drift| PairDrift {
                before: before.clone(),
                after: after.clone(),
                config_changed: earlier.config.zip(later.config).map(|(before, after)| before != after),
                differs: drift.differs(),
                drift: drift.significant(),
            }))
        };
        let pairs = self.runs.windows(2).filter_map(pair).collect::<Result<_>>()?;
        Ok(AudienceDrift { audience_id, runs: self.runs.len(), not_ordered: self.not_ordered, pairs })
    }
}
