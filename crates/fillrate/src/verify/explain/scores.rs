//! Scores that are in another bucket, and averages of other numbers.

use super::super::check::Subject;
use super::ExplanationKind;
use super::hypothesis::{Hypothesis, Reach};
use crate::analyze::Question;
use crate::stats::{Bucket, ScoreStats};
use crate::tally::{Plan, Tally};
use crate::words::counted;

/// An end of each bucket, or both, do not belong to it.
pub(super) struct Ends {
    first: bool,
    last: bool,
    /// How many scores come to each bucket.
    buckets: Vec<i128>,
}

impl Ends {
    /// The first, the last or both may not belong to it.
    pub(super) fn all(tally: &Tally, plan: &Plan, question: &Question) -> [Self; 3] {
        let scores = tally.scores.cumulative(&plan.scale);
        [(false, true), (true, false), (true, true)].map(|(first, last)| {
            let change = |bucket: &Bucket| {
                let (start, end) = bucket.floors().clone().into_inner();
                let (first, last) = (first && start > i64::MIN, last && end < i64::MAX);
                let at = |floor| i128::from(scores.within(&(floor..=floor)));
                // A bucket of one score must not lose it twice.
                let twice = first && last && start == end;
                -(if first { at(start) } else { 0 }) - (if last && !twice { at(end) } else { 0 })
            };
            Self { first, last, buckets: question.buckets.iter().map(change).collect() }
        })
    }
}

impl Hypothesis for Ends {
    fn kind(&self) -> ExplanationKind {
        ExplanationKind::BucketEnds
    }

    fn because(&self, _: Subject) -> String {
        let which = match (self.first, self.last) {
            (true, true) => "neither its first nor its last score",
            (true, false) => "its last score, but not its first",
            _ => "its first score, but not its last",
        };
        format!("In the API, a bucket holds {which}.")
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn bucket(&self, bucket: usize) -> i128 {
        self.buckets.get(bucket).copied().unwrap_or(0)
    }
}

/// A missing score is a score of 0.
pub(super) struct MissingAsZero<'a> {
    pub(super) scores: ScoreStats,
    pub(super) question: &'a Question,
}

impl Hypothesis for MissingAsZero<'_> {
    fn kind(&self) -> ExplanationKind {
        ExplanationKind::MissingAsZero
    }

    fn because(&self, _: Subject) -> String {
        let (are, them) = if self.scores.missing == 1 { ("is", "it") } else { ("are", "them") };
        format!("{} {are} missing; the API takes {them} for 0.", counted(self.scores.missing, "score"))
    }

    fn bucket(&self, bucket: usize) -> i128 {
        let holds_zero = self.question.buckets.get(bucket).is_some_and(|bucket| bucket.floors().contains(&0));
        if holds_zero { self.scores.missing.into() } else { 0 }
    }

    /// Without invalid cells, this is the average over all records.
    fn sum(&self, column: usize) -> (i128, i128) {
        let applies = Some(column) == self.scores.column && self.scores.invalid > 0;
        (0, if applies { self.scores.missing.into() } else { 0 })
    }
}

/// Sums are divided by all records.
pub(super) struct OverAll<'a> {
    pub(super) tally: &'a Tally,
    pub(super) plan: &'a Plan,
}

impl OverAll<'_> {
    /// Records without a number.
    fn without(&self, column: usize) -> u64 {
        let numbers = self.tally.sum(self.plan, column).map_or(0, |sum| sum.numbers);
        self.tally.records - numbers
    }
}

impl Hypothesis for OverAll<'_> {
    fn kind(&self) -> ExplanationKind {
        ExplanationKind::AverageOverAll
    }

    fn because(&self, subject: Subject) -> String {
        let Subject::Average(column) = subject else { return String::new() };
        let (has, them) = if self.without(column) == 1 { ("has", "it") } else { ("have", "them") };
        let records = counted(self.without(column), "record");
        format!("{records} {has} no number here; the API counts {them} as 0 in the average.")
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn sum(&self, column: usize) -> (i128, i128) {
        (0, self.without(column).into())
    }
}
