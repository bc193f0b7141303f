//! Cells and record ends → counters that merge.
//!
//! A [`Tally`] is plain data: `default()` is its identity, and [`merge`](Tally::merge) is associative and commutative,
//! so chunks of one file, whole files and machines are combined by the same call, in any order.

mod cell;
mod column;
mod count;
mod number;
mod score;
mod strip;
mod sum;
mod vertical;

pub use cell::{FillRule, Filling};
pub(crate) use column::ColumnTally;
pub(crate) use count::{Counting, Plan};
pub(crate) use number::NANOS_PER_UNIT;
pub(crate) use score::{ScoreScale, ScoreTally};
pub(crate) use sum::SumTally;

/// Everything that one pass over some records counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// Records.
    pub(crate) records: u64,
    /// Cells, by column. A column that one side lacks is unfilled in all of that side's records.
    pub(crate) columns: Vec<ColumnTally>,
    /// The score column's numbers by interval; empty without one.
    pub(crate) scores: ScoreTally,
    /// Sums of the columns whose average was asked for, in the order of the [`Plan`].
    pub(crate) sums: Vec<SumTally>,
}

impl Tally {
    /// What was counted of a column's numbers, if they were asked for.
    pub(crate) fn sum(&self, plan: &Plan, column: usize) -> Option<&SumTally> {
        self.sums.get(plan.sums.binary_search(&column).ok()?)
    }

    /// Makes all counters 0, and keeps their memory.
    fn clear(&mut self) {
        self.records = 0;
        self.columns.fill(ColumnTally::default());
        self.scores.clear();
        self.sums.fill(SumTally::default());
    }

    /// Adds what was counted elsewhere, by the same plan.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.records += other.records;
        merge_each(&mut self.columns, &other.columns, ColumnTally::merge);
        self.scores.merge(&other.scores);
        merge_each(&mut self.sums, &other.sums, SumTally::merge);
    }
}

/// Merges two lists of counters position by position; what one side lacks counts as empty.
fn merge_each<T: Clone + Default>(into: &mut Vec<T>, from: &[T], merge: impl Fn(&mut T, &T)) {
    if into.len() < from.len() {
        into.resize(from.len(), T::default());
    }
    for (into, from) in into.iter_mut().zip(from) {
        merge(into, from);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tally() -> impl Strategy<Value = Tally> {
        let counts = || prop::collection::vec(0..1_000u64, 3);
        let column = counts().prop_map(|c| ColumnTally {
            not_empty: c[0] + c[1] + c[2],
            blank: c[1],
            placeholder: c[2],
        });
        let sum = (0..1_000u64, 0..1_000u64, any::<i64>()).prop_map(|(numbers, invalid, nanos)| SumTally {
            numbers,
            invalid,
            nanos: nanos.into(),
        });
        let sides = (
            0..1_000u64,
            prop::collection::vec(column, 0..4),
            prop::collection::vec(0..1_000u64, 0..5),
            0..1_000u64,
            prop::collection::vec(sum, 0..3),
        );
        sides.prop_map(|(records, columns, intervals, invalid, sums)| Tally {
            records,
            columns,
            scores: ScoreTally { intervals, invalid },
            sums,
        })
    }

    fn merged(mut a: Tally, b: &Tally) -> Tally {
        a.merge(b);
        a
    }

    proptest! {
        #[test]
        fn merge_is_a_commutative_monoid(a in tally(), b in tally(), c in tally()) {
            prop_assert_eq!(merged(a.clone(), &b), merged(b.clone(), &a));
            prop_assert_eq!(merged(merged(a.clone(), &b), &c), merged(a.clone(), &merged(b, &c)));
            prop_assert_eq!(merged(Tally::default(), &a), a.clone());
            prop_assert_eq!(merged(a.clone(), &Tally::default()), a);
        }
    }
}
