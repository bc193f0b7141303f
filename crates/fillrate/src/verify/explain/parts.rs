//! Records that would have counted otherwise: repeated ones, and those that a quote has torn up.

use super::super::check::Subject;
use super::ExplanationKind;
use super::hypothesis::{Hypothesis, Reach};
use crate::analyze::{Part, Question, Repeats, Strays};
use crate::scan::FindingKind;
use crate::tally::Plan;
use crate::words::{counted, grouped};

/// How to read the counters of a [`Part`].
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    pub(super) plan: &'a Plan,
    pub(super) question: &'a Question,
}

impl Reader<'_> {
    pub(super) fn filled(self, part: &Part, column: usize) -> i128 {
        part.tally.columns.get(column).map_or(0, |cells| cells.filled(&self.plan.rule)).into()
    }

    /// The scores in each bucket.
    fn buckets(self, part: &Part) -> Vec<i128> {
        let scores = part.tally.scores.cumulative(&self.plan.scale);
        self.question.buckets.iter().map(|bucket| scores.within(bucket.floors()).into()).collect()
    }

    fn sum(self, part: &Part, column: usize) -> (i128, i128) {
        part.tally.sum(self.plan, column).map_or((0, 0), |sum| (sum.nanos, sum.numbers.into()))
    }
}

/// Each `hashedEmail` counts once.
pub(super) struct Unique<'a> {
    repeats: &'a Repeats,
    reader: Reader<'a>,
    /// The scores of the repeated records, by bucket.
    buckets: Vec<i128>,
}

impl<'a> Unique<'a> {
    pub(super) fn new(repeats: &'a Repeats, reader: Reader<'a>) -> Self {
        Self { repeats, reader, buckets: reader.buckets(&repeats.part) }
    }
}

impl Hypothesis for Unique<'_> {
    fn kind(&self) -> ExplanationKind {
        ExplanationKind::UniqueHashedEmail
    }

    fn because(&self, _: Subject) -> String {
        unique(self.repeats)
    }

    fn reach(&self) -> Reach {
        Reach::Most
    }

    fn records(&self) -> i128 {
        -i128::from(self.repeats.part.tally.records)
    }

    fn filled(&self, column: usize) -> i128 {
        -self.reader.filled(&self.repeats.part, column)
    }

    fn bucket(&self, bucket: usize) -> i128 {
        self.buckets.get(bucket).map_or(0, |scores| -scores)
    }

    fn sum(&self, column: usize) -> (i128, i128) {
        let (nanos, numbers) = self.reader.sum(&self.repeats.part, column);
        (-nanos, -numbers)
    }

    fn findings(&self, kind: FindingKind) -> i128 {
        -i128::from(self.repeats.part.findings.count(kind))
    }
}

pub(super) fn unique(repeats: &Repeats) -> String {
    let records = repeats.ranges.len() as u64;
    let (repeat, them) = if records == 1 { ("repeats", "it") } else { ("repeat", "them") };
    let records = counted(records, "record");
    format!("{records} {repeat} the hashedEmail of an earlier one; the API does not have {them}.")
}

/// Quotes that opened a cell by accident are ordinary bytes.
pub(super) struct Literal<'a> {
    strays: &'a Strays,
    reader: Reader<'a>,
    /// How many scores come to each bucket.
    buckets: Vec<i128>,
}

impl<'a> Literal<'a> {
    pub(super) fn new(strays: &'a Strays, reader: Reader<'a>) -> Self {
        let (come, gone) = (reader.buckets(&strays.come), reader.buckets(&strays.gone));
        Self { strays, reader, buckets: come.iter().zip(&gone).map(|(come, gone)| come - gone).collect() }
    }
}

impl Hypothesis for Literal<'_> {
    fn kind(&self) -> ExplanationKind {
        ExplanationKind::StrayQuote
    }

    fn because(&self, _: Subject) -> String {
        literal(self.strays)
    }

    fn reach(&self) -> Reach {
        Reach::Most
    }

    fn records(&self) -> i128 {
        i128::from(self.strays.come.tally.records) - i128::from(self.strays.gone.tally.records)
    }

    fn filled(&self, column: usize) -> i128 {
        self.reader.filled(&self.strays.come, column) - self.reader.filled(&self.strays.gone, column)
    }

    fn bucket(&self, bucket: usize) -> i128 {
        self.buckets.get(bucket).copied().unwrap_or(0)
    }

    fn sum(&self, column: usize) -> (i128, i128) {
        let (come, gone) =
            (self.reader.sum(&self.strays.come, column), self.reader.sum(&self.strays.gone, column));
        (come.0 - gone.0, come.1 - gone.1)
    }

    fn findings(&self, kind: FindingKind) -> i128 {
        let count = |part: &Part| i128::from(part.findings.count(kind));
        count(&self.strays.come) - count(&self.strays.gone)
    }
}

pub(super) fn literal(strays: &Strays) -> String {
    let Some(first) = strays.quotes.first() else { return String::new() };
    let place = format!("line {} (byte {})", grouped(first.line), grouped(first.byte));
    let swallowed = if strays.lines > 1 {
        format!(" and swallows what follows up to line {}", grouped(first.line + strays.lines - 1))
    } else {
        String::new()
    };
    let number = strays.quotes.len() as u64;
    if number == 1 {
        return format!(
            "The quote at {place} opens a cell by accident{swallowed}; the API does not have it."
        );
    }
    let others = counted(number - 1, "other");
    format!(
        "The quote at {place} opens a cell by accident{swallowed}, as {others} do; the API does not have them."
    )
}
