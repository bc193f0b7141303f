//! The score column's numbers, by interval.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::merge_each;
use super::number::Number;

/// The scores that get an interval each, whatever the buckets: the API's are whole numbers from 1 to 100.
const SINGLE: RangeInclusive<i64> = 0..=100;

/// How the line of scores is cut: below 0; one interval for each floor from 0 to 100; then between the given edges.
///
/// Finer than any set of buckets, so that a bucket is a sum of intervals, overlapping buckets are no special case, and
/// another set of buckets needs no second pass as long as its edges are up to 101.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ScoreScale {
    /// Where the intervals above 100 start, but for the first of them: ascending, each above 101.
    edges: Vec<i64>,
}

impl ScoreScale {
    /// A scale on which each of the `starts` begins an interval. They must not be negative.
    pub(crate) fn new(starts: impl IntoIterator<Item = i64>) -> Self {
        let mut edges: Vec<i64> = starts.into_iter().filter(|&start| start > SINGLE.end() + 1).collect();
        edges.sort_unstable();
        edges.dedup();
        Self { edges }
    }

    /// The number of the interval that holds a floor.
    fn interval(&self, floor: i64) -> usize {
        if SINGLE.contains(&floor) {
            // From 1 to 101: it cannot be truncated.
            #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
            return floor as usize + 1;
        }
        if floor < *SINGLE.start() { 0 } else { 102 + self.edges.partition_point(|&edge| edge <= floor) }
    }

    /// The scores on it, without telling those above 100 apart.
    pub(crate) fn coarse(&self, tally: &ScoreTally) -> ScoreTally {
        let mut intervals = tally.intervals.clone();
        if let Some(above) = intervals.get_mut(self.intervals() - self.edges.len() - 1..) {
            above[0] = above.iter().sum();
            intervals.truncate(Self::default().intervals());
        }
        ScoreTally { intervals, invalid: tally.invalid }
    }

    /// Whether a range of floors is made up of whole intervals.
    pub(crate) fn tells_apart(&self, floors: &RangeInclusive<i64>) -> bool {
        let starts_one = |start: i64| start <= SINGLE.end() + 1 || self.edges.binary_search(&start).is_ok();
        starts_one(*floors.start()) && floors.end().checked_add(1).is_none_or(starts_one)
    }

    /// Whether the edges are what they have to be, wherever they come from.
    pub(crate) fn is_ascending(&self) -> bool {
        Self::new(self.edges.iter().copied()) == *self
    }

    /// The numbers of the intervals that make up a range of floors.
    fn range(&self, floors: &RangeInclusive<i64>) -> RangeInclusive<usize> {
        self.interval(*floors.start())..=self.interval(*floors.end())
    }

    fn intervals(&self) -> usize {
        103 + self.edges.len()
    }
}

/// How many scores lie in each interval of a [`ScoreScale`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScoreTally {
    /// By interval number; empty as long as there is no score.
    pub(crate) intervals: Vec<u64>,
    /// Filled cells that hold no number.
    pub(crate) invalid: u64,
}

impl ScoreTally {
    /// Counts one number.
    #[inline]
    pub(super) fn add(&mut self, number: Number, scale: &ScoreScale) {
        if self.intervals.is_empty() {
            self.intervals = vec![0; scale.intervals()];
        }
        self.intervals[scale.interval(number.floor)] += 1;
    }

    /// Makes all counters 0, and keeps their memory.
    pub(super) fn clear(&mut self) {
        self.intervals.fill(0);
        self.invalid = 0;
    }

    /// Adds scores counted elsewhere on the same scale.
    pub(crate) fn merge(&mut self, other: &Self) {
        merge_each(&mut self.intervals, &other.intervals, |into, from| *into += from);
        self.invalid += other.invalid;
    }

    /// How many cells were counted.
    pub(crate) fn filled(&self) -> u64 {
        self.intervals.iter().sum::<u64>() + self.invalid
    }

    /// Whether so many records can have these scores.
    pub(crate) fn is_within(&self, records: u64, scale: &ScoreScale) -> bool {
        let mut counts = self.intervals.iter().chain([&self.invalid]);
        let filled = counts.try_fold(0_u64, |sum, &count| sum.checked_add(count));
        let is_all = self.intervals.is_empty() || self.intervals.len() == scale.intervals();
        is_all && filled.is_some_and(|filled| filled <= records)
    }

    /// The same, to be asked about many ranges.
    pub(crate) fn cumulative<'a>(&self, scale: &'a ScoreScale) -> CumulativeScores<'a> {
        let mut before = Vec::with_capacity(self.intervals.len() + 1);
        before.push(0);
        before.extend(self.intervals.iter().scan(0, |sum, count| {
            *sum += count;
            Some(*sum)
        }));
        CumulativeScores { scale, before }
    }

    /// How many scores have a floor in none of the ranges, which may overlap.
    pub(crate) fn outside<'a>(
        &self,
        ranges: impl Iterator<Item = &'a RangeInclusive<i64>>,
        scale: &ScoreScale,
    ) -> u64 {
        // By interval: how many ranges begin with it, less those that ended with the one before.
        let mut begin = vec![0_i64; scale.intervals() + 1];
        for intervals in ranges.map(|floors| scale.range(floors)) {
            begin[*intervals.start()] += 1;
            begin[intervals.end() + 1] -= 1;
        }
        let mut ranges_here = 0;
        let in_none = self.intervals.iter().zip(begin).filter(|&(_, begin)| {
            ranges_here += begin;
            ranges_here == 0
        });
        in_none.map(|(count, _)| count).sum()
    }
}

/// How many scores lie below each interval of a [`ScoreScale`]: a report may ask about as many ranges as the scale has
/// intervals, each of which would otherwise be a sum over most of them.
#[derive(Debug)]
pub(crate) struct CumulativeScores<'a> {
    scale: &'a ScoreScale,
    /// By interval number, and for all of them behind the last one.
    before: Vec<u64>,
}

impl CumulativeScores<'_> {
    /// How many scores have a floor within `floors`, whose start and end + 1 must be starts of the scale.
    pub(crate) fn within(&self, floors: &RangeInclusive<i64>) -> u64 {
        let intervals = self.scale.range(floors);
        // Without any score there are no intervals.
        let before = |interval: usize| self.before.get(interval).copied().unwrap_or(0);
        before(intervals.end() + 1) - before(*intervals.start())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_range_holds_the_scores_that_lie_in_it(
            scores in prop::collection::vec(-5..400_i64, 0..100),
            starts in prop::collection::vec((0..300_i64, 0..100_i64), 1..5),
        ) {
            let scale = ScoreScale::new(starts.iter().flat_map(|&(start, width)| [start, start + width + 1]));
            let mut tally = ScoreTally::default();
            for score in &scores {
                tally.add(Number::parse(score.to_string().as_bytes()).unwrap(), &scale);
            }
            let ranges: Vec<_> = starts.iter().map(|&(start, width)| start..=start + width).collect();
            let cumulative = tally.cumulative(&scale);
            for range in &ranges {
                let expected = scores.iter().filter(|score| range.contains(score)).count() as u64;
                prop_assert_eq!(cumulative.within(range), expected);
            }
            let in_none = |score: &&i64| !ranges.iter().any(|range| range.contains(score));
            let expected = scores.iter().filter(in_none).count() as u64;
            prop_assert_eq!(tally.outside(ranges.iter(), &scale), expected);
            let mut coarse = ScoreTally::default();
            for score in &scores {
                coarse.add(Number::parse(score.to_string().as_bytes()).unwrap(), &ScoreScale::default());
            }
            prop_assert_eq!(scale.coarse(&tally), coarse);
            let below = scores.iter().filter(|&&score| score < 30).count() as u64;
            prop_assert_eq!(cumulative.within(&(i64::MIN..=29)), below);
        }
    }
}
