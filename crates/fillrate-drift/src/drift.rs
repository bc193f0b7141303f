//! Figures of before and of now, and which of their differences are more than chance.

use fillrate::{Bucket, Combined, Counters, FillRate, Mean, MeanDifference, Result, ScoreStats};
use serde::Serialize;

use crate::Points;
use crate::chance::{self, Test};

/// The chance of flagging anything where nothing has changed.
pub const DEFAULT_LEVEL: f64 = 0.01;

/// What differs between two exports, or two batches of exports.
#[derive(Clone, Debug, Serialize)]
pub struct Drift {
    /// The chance of flagging anything where nothing has changed.
    pub level: f64,
    /// How many tests the p-values are corrected for.
    pub tests: usize,
    /// Records.
    pub total: CountChange,
    /// The fill rates of the fields that both have, in the order of before.
    pub fields: Vec<RateChange>,
    /// Fields that only the later one has.
    pub came: Vec<String>,
    /// Fields that only the earlier one has.
    pub went: Vec<String>,
    /// Scores: by bucket, and then those in none and those that are no number. `None` unless both have them.
    pub scores: Option<Vec<RateChange>>,
    /// The averages that both have. They are not tested: how far numbers are from their mean was not counted.
    pub averages: Vec<MeanChange>,
}

/// A count that is another.
#[derive(Clone, Debug, Serialize)]
pub struct CountChange {
    /// What it was.
    pub before: u64,
    /// What it is.
    pub after: u64,
    /// Whether that is chance.
    #[serde(flatten)]
    pub chance: Chance,
}

/// A share of the records that is another.
#[derive(Clone, Debug, Serialize)]
pub struct RateChange {
    /// Whose share it is: a field, a bucket, `outside` or `invalid`.
    pub name: String,
    /// What it was.
    pub before: FillRate,
    /// What it is.
    pub after: FillRate,
    /// By how much the percentage has changed.
    pub points: Points,
    /// Whether that is chance.
    #[serde(flatten)]
    pub chance: Chance,
}

/// An average that is another.
#[derive(Clone, Debug, Serialize)]
pub struct MeanChange {
    /// The field.
    pub name: String,
    /// What it was.
    pub before: Mean,
    /// What it is.
    pub after: Mean,
    /// By how much it has risen.
    pub change: MeanDifference,
}

/// Whether a difference is more than chance.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Chance {
    /// The test.
    pub test: Test,
    /// How likely a difference of at least this size is, if nothing has changed.
    pub p: f64,
    /// The same, corrected for the number of tests.
    pub corrected: f64,
    /// Whether `corrected` is at most the level.
    pub significant: bool,
}

impl Drift {
    /// Compares what was counted before with what was counted later.
    ///
    /// # Errors
    ///
    /// [`NotMergeable`](fillrate::ErrorKind::NotMergeable) if the two were counted by different rules, and those of
    /// [`Counters::figures`].
    pub fn between(before: &Counters, after: &Counters, buckets: &[Bucket], level: f64) -> Result<Self> {
        before.check_comparable(after)?;
        let (before, after) = (before.figures(buckets)?, after.figures(buckets)?);
        let mut drift = Self {
            level,
            tests: 0,
            total: CountChange::new(before.stats.total, after.stats.total),
            fields: fields(&before, &after),
            came: only_in(&after, &before),
            went: only_in(&before, &after),
            scores: scores(&before, &after),
            averages: averages(&before, &after),
        };
        drift.correct();
        Ok(drift)
    }

    /// Whether anything has changed by more than chance.
    #[must_use]
    pub fn differs(&self) -> bool {
        let rates = self.fields.iter().chain(self.scores.iter().flatten());
        let mut chances = rates.map(|rate| &rate.chance).chain([&self.total.chance]);
        !self.came.is_empty() || !self.went.is_empty() || chances.any(|chance| chance.significant)
    }

    /// Leaves out the fields and scores whose differences may be chance.
    #[must_use]
    pub fn significant(mut self) -> Self {
        self.fields.retain(|rate| rate.chance.significant);
        self.scores.iter_mut().for_each(|scores| scores.retain(|rate| rate.chance.significant));
        self
    }

    /// Corrects all p-values for their number, and flags what is left.
    fn correct(&mut self) {
        let Self { level, tests, total, fields, scores, .. } = self;
        let rates = fields.iter_mut().chain(scores.iter_mut().flatten());
        let mut chances: Vec<&mut Chance> =
            rates.map(|rate| &mut rate.chance).chain([&mut total.chance]).collect();
        let p_values: Vec<f64> = chances.iter().map(|chance| chance.p).collect();
        *tests = p_values.len();
        for (chance, corrected) in chances.iter_mut().zip(chance::holm(&p_values)) {
            chance.corrected = corrected;
            chance.significant = corrected <= *level;
        }
    }
}

fn fields(before: &Combined, after: &Combined) -> Vec<RateChange> {
    let later: std::collections::HashMap<&str, FillRate> =
        after.stats.fill_rates.iter().map(|(field, rate)| (field.as_str(), *rate)).collect();
    let shared = before.stats.fill_rates.iter().filter_map(|(field, rate)| {
        let counts = (rate.count, later.get(field.as_str())?.count);
        Some(RateChange::new(field, counts, (before, after)))
    });
    shared.collect()
}

fn only_in(these: &Combined, others: &Combined) -> Vec<String> {
    let others: std::collections::HashSet<&str> =
        others.columns.iter().map(|column| column.cells.field.as_str()).collect();
    let fields = these.columns.iter().map(|column| &column.cells.field);
    fields.filter(|field| !others.contains(field.as_str())).cloned().collect()
}

/// Scores that are missing are the fill rate of their field already.
fn scores(before: &Combined, after: &Combined) -> Option<Vec<RateChange>> {
    let (earlier, later) = (before.scores?, after.scores?);
    let buckets = before
        .stats
        .score_histogram
        .iter()
        .zip(&after.stats.score_histogram)
        .map(|(a, b)| RateChange::new(a.bucket.label(), (a.count, b.count), (before, after)));
    let rest = |name, count: fn(&ScoreStats) -> u64| {
        RateChange::new(name, (count(&earlier), count(&later)), (before, after))
    };
    let outside = rest("outside", |scores| scores.outside);
    let invalid = rest("invalid", |scores| scores.invalid);
    Some(buckets.chain([outside, invalid]).collect())
}

fn averages(before: &Combined, after: &Combined) -> Vec<MeanChange> {
    let shared = before.stats.averages.iter().filter_map(|(name, earlier)| {
        let (_, later) = after.stats.averages.iter().find(|(field, _)| field == name)?;
        Some(MeanChange { name: name.clone(), before: *earlier, after: *later, change: later.minus(earlier) })
    });
    shared.collect()
}

impl CountChange {
    fn new(before: u64, after: u64) -> Self {
        Self { before, after, chance: Chance::new(chance::two_counts(before, after)) }
    }
}

impl RateChange {
    fn new(name: &str, (before, after): (u64, u64), (of, of_later): (&Combined, &Combined)) -> Self {
        let (all, all_later) = (of.stats.total, of_later.stats.total);
        let (share, later_share) = ((before, all), (after, all_later));
        Self {
            name: name.to_owned(),
            before: FillRate::new(before, all),
            after: FillRate::new(after, all_later),
            points: Points::between(share, later_share),
            chance: Chance::new(chance::two_proportions(share, later_share)),
        }
    }
}

impl Chance {
    /// Not yet corrected.
    fn new((p, test): (f64, Test)) -> Self {
        Self { test, p, corrected: p, significant: false }
    }
}
