//! What to compute beside the fill rates.

use super::Options;
use crate::columns::{Columns, SCORE_FIELD};
use crate::error::Result;
use crate::stats::Bucket;
use crate::tally::{Plan, ScoreScale};

/// The fields whose average is shown where they exist, without being asked for.
const USUAL_AVERAGES: [&str; 2] = [SCORE_FIELD, "intent.topicOverlap"];

/// What to compute beside records and fill rates, which are always counted.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The score column.
    pub score: Option<usize>,
    /// The buckets of the histogram, in the order of the answer.
    pub buckets: Vec<Bucket>,
    /// The averages, in the order of the answer.
    pub averages: Vec<AverageOf>,
    /// Whether to compute the SHA-1 of all bytes.
    pub sha1: bool,
}

/// An average to compute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AverageOf {
    /// The field that it is called by.
    pub field: String,
    /// The column with the numbers.
    pub column: usize,
}

impl Question {
    /// What to compute where nobody reported anything: a histogram of the score column, if one is found, and the
    /// averages of score, topic overlap and the given columns.
    ///
    /// # Errors
    ///
    /// If an average names no column, or several.
    pub fn for_stats(columns: &Columns, buckets: Vec<Bucket>, averages: &[String]) -> Result<Self> {
        let score = columns.find(SCORE_FIELD).column();
        let fields = columns.fields();
        let mut question = Self { score, buckets, averages: Vec::new(), sha1: false };
        let usual = USUAL_AVERAGES.iter().filter_map(|field| columns.find(field).column());
        let asked = averages.iter().map(|name| columns.named(name));
        for column in usual.map(Ok).chain(asked) {
            let column = column?;
            if !question.averages.iter().any(|average| average.column == column) {
                question.averages.push(AverageOf { field: fields[column].clone(), column });
            }
        }
        Ok(question)
    }

    /// The counters that the answers to this and to some more questions need.
    pub(super) fn plan(&self, more: &[Self], options: &Options, columns: usize) -> Plan {
        let all = || std::iter::once(self).chain(more);
        // Also where a bucket begins and ends if its ends are not in it: to look for the reason of a difference.
        let starts = all().flat_map(|question| &question.buckets).flat_map(|bucket| {
            let (start, end) = bucket.floors().clone().into_inner();
            let behind = |floor: i64| floor.checked_add(1);
            [Some(start), behind(start), behind(end).map(|_| end), behind(end)].into_iter().flatten()
        });
        // Once a column, however many spellings of its name were reported: each sum costs time at every number.
        let averages = all().flat_map(|question| &question.averages);
        let mut sums: Vec<usize> = averages.map(|average| average.column).collect();
        sums.sort_unstable();
        sums.dedup();
        Plan {
            columns,
            rule: options.fill_rule.clone(),
            score: all().find_map(|question| question.score),
            scale: ScoreScale::new(starts),
            sums,
        }
    }
}
