//! What a hypothesis is, and what it predicts.

use super::super::check::{Check, Figure, Measure, Subject};
use super::ExplanationKind;
use super::notation::Notation;
use crate::scan::FindingKind;

/// A supposed difference between how the API has counted and how we have: by how much each of our figures would change.
pub(super) trait Hypothesis {
    fn kind(&self) -> ExplanationKind;

    /// In words that a person can act on, as far as a subject is concerned.
    fn because(&self, subject: Subject) -> String;

    /// What it has to agree with.
    fn reach(&self) -> Reach {
        Reach::Single
    }

    fn records(&self) -> i128 {
        0
    }

    /// The filled cells of a column.
    fn filled(&self, _column: usize) -> i128 {
        0
    }

    /// The scores in a bucket.
    fn bucket(&self, _bucket: usize) -> i128 {
        0
    }

    /// The scores in all buckets, of which there are so many.
    fn buckets(&self, number: usize) -> i128 {
        (0..number).map(|bucket| self.bucket(bucket)).sum()
    }

    /// The sum of a column's numbers in units of 10⁻⁹, and how many numbers there are.
    fn sum(&self, _column: usize) -> (i128, i128) {
        (0, 0)
    }

    fn findings(&self, _kind: FindingKind) -> i128 {
        0
    }

    /// How percents are written, if not as usual.
    fn notation(&self) -> Option<Notation> {
        None
    }
}

/// Which checks a hypothesis speaks of. What agrees already speaks against one that would make it disagree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Each on its own: the API may treat one column so and another one otherwise.
    Single,
    /// Many: it must explain more checks than it contradicts.
    Most,
    /// All: it must contradict none.
    All,
}

/// What would have been reported if all the causes were true; `None` if they say nothing about the check.
pub(super) fn predict(check: &Check, causes: &[&dyn Hypothesis], buckets: usize) -> Option<Figure> {
    let sum = |change: &dyn Fn(&dyn Hypothesis) -> i128| causes.iter().map(|cause| change(*cause)).sum();
    let of: i128 = match check.subject {
        Subject::Records | Subject::Rows => sum(&|cause| cause.records()),
        Subject::Fill(column, _) => sum(&|cause| cause.filled(column)),
        Subject::Bucket(bucket, _) => sum(&|cause| cause.bucket(bucket)),
        Subject::Buckets => sum(&|cause| cause.buckets(buckets)),
        Subject::Finding(kind) => sum(&|cause| cause.findings(kind)),
        Subject::Average(_) | Subject::OwnPercent => 0,
        Subject::Absent(_) | Subject::ByteSize | Subject::Sha1 | Subject::Own | Subject::Text => return None,
    };
    match (check.computed.as_ref()?, check.subject) {
        (Figure::Count(count), _) => {
            u64::try_from(i128::from(*count).checked_add(of)?).ok().map(Figure::Count)
        }
        (Figure::Percent(percent), Subject::OwnPercent) => Some(Figure::Percent(*percent)),
        (Figure::Percent(percent), _) => {
            percent.changed(of, sum(&|cause| cause.records())).map(Figure::Percent)
        }
        (Figure::Mean(mean), Subject::Average(column)) => {
            let (nanos, numbers) = (sum(&|cause| cause.sum(column).0), sum(&|cause| cause.sum(column).1));
            mean.changed(nanos, numbers).map(Figure::Mean)
        }
        _ => None,
    }
}

/// Whether a prediction is what was reported: by the same rule as in the check, but for the notation.
pub(super) fn fits(reported: &Figure, predicted: &Figure, causes: &[&dyn Hypothesis]) -> bool {
    match (reported, predicted) {
        (Figure::Decimal(reported), Figure::Percent(share)) => {
            let Some(exact) = reported.exact() else { return false };
            match causes.iter().find_map(|cause| cause.notation()) {
                Some(notation) => notation.fits(exact, *share),
                None => share.rounds_to(exact.value, exact.decimals) == Some(true),
            }
        }
        (Figure::Decimal(reported), Figure::Mean(mean)) => {
            reported.exact().and_then(|exact| mean.rounds_to(exact.value, exact.decimals)) == Some(true)
        }
        _ => reported == predicted,
    }
}

/// Whether the check is about a percent.
pub(super) fn is_percent(subject: Subject) -> bool {
    use Subject::{Bucket, Fill, OwnPercent};
    matches!(subject, Fill(_, Measure::Percent) | Bucket(_, Measure::Percent) | OwnPercent)
}
