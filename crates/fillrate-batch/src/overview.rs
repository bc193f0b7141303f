//! What is said of a batch as a whole.

use std::collections::HashSet;
use std::path::Path;

use fillrate::{Bucket, Combined, Counters, Result};

use crate::counted::Counted;
use crate::groups::{Group, GroupBy, Groups, merge};
use crate::record::Record;
use crate::runs::{Drifts, Runs};

/// What is to be said of a batch as a whole.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The figures of all exports together.
    pub totals: bool,
    /// Those of every group.
    pub groups: Option<GroupBy>,
    /// What differs between the runs of an audience, at this level.
    pub drift: Option<f64>,
    /// The buckets of the histograms. They must not [tell scores above 100 apart](Bucket::tells_apart_above_100).
    pub buckets: Vec<Bucket>,
}

/// What is said of a batch as a whole. Exports that failed are in none of it.
#[derive(Debug, Default)]
pub struct Overview {
    /// The figures of all exports together, if there are any.
    pub totals: Option<Combined>,
    /// Those of every group.
    pub groups: Option<(GroupBy, Vec<Group>)>,
    /// What differs between the runs of an audience.
    pub drift: Option<Drifts>,
    /// How many exports are left out of the drift, since another export of their run came before them.
    pub same_run: u64,
}

/// Takes exports in one by one. Totals and groups take as much memory as there are groups; to compare runs, what was counted
/// of all exports is kept, since they do not come in the order of their times.
#[derive(Debug)]
pub struct Gathering<'a> {
    wanted: &'a Wanted,
    totals: Option<Counters>,
    groups: Groups,
    runs: Runs,
    /// The audience and the run of every export in `runs` that has both.
    seen: HashSet<(String, String)>,
    same_run: u64,
    failure: Option<fillrate::Error>,
}

impl Wanted {
    /// Whether exports have to be [counted](crate::Batch::counting) for it.
    #[must_use]
    pub fn anything(&self) -> bool {
        self.totals || self.groups.is_some() || self.drift.is_some()
    }
}

impl<'a> Gathering<'a> {
    /// Of no export yet.
    #[must_use]
    pub fn new(wanted: &'a Wanted) -> Self {
        Self {
            wanted,
            totals: None,
            groups: Groups::default(),
            runs: Runs::default(),
            seen: HashSet::new(),
            same_run: 0,
            failure: None,
        }
    }

    /// Takes in one export, by its path and what is known of it.
    pub fn add(&mut self, path: &Path, record: &Record, counted: Counted) {
        if let Err(error) = self.try_add(path, record, counted) {
            self.failure.get_or_insert(error);
        }
    }

    fn try_add(&mut self, path: &Path, record: &Record, counted: Counted) -> Result<()> {
        if self.wanted.totals {
            merge(&mut self.totals, &counted.counters)?;
        }
        if let Some(by) = self.wanted.groups {
            self.groups.add(by, path, record, &counted)?;
        }
        if self.wanted.drift.is_some() {
            if self.is_of_a_new_run(record, &counted) {
                self.runs.add(record, counted);
            } else {
                self.same_run += 1;
            }
        }
        Ok(())
    }

    /// Whether no export before is of the same run: a run does not differ from itself. What has no time is compared with
    /// nothing in any case, and must not stand in for what has one.
    fn is_of_a_new_run(&mut self, record: &Record, counted: &Counted) -> bool {
        let ids = record.audience_id.clone().zip(record.run_id.clone()).filter(|_| counted.time.is_some());
        ids.is_none_or(|ids| self.seen.insert(ids))
    }

    /// The figures and differences, those of groups by the threads of this pool.
    ///
    /// # Errors
    ///
    /// If the exports have more records than can be counted together, or as [`Counters::figures`].
    pub fn overview(self) -> Result<Overview> {
        let Self { wanted, totals, groups, runs, same_run, failure, .. } = self;
        let buckets = &wanted.buckets;
        if let Some(error) = failure {
            return Err(error);
        }
        Ok(Overview {
            totals: totals.map(|counters| counters.figures(buckets)).transpose()?,
            groups: wanted.groups.map(|by| Ok((by, groups.figures(buckets)?))).transpose()?,
            drift: wanted.drift.map(|level| runs.drifts(buckets, level)).transpose()?,
            same_run,
        })
    }
}
