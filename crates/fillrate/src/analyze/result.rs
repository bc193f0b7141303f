//! What an analysis yields.

use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

use super::{AverageOf, Counted, Question};
use crate::columns::Columns;
use crate::counters::Counters;
use crate::error::{Error, ErrorKind, Result};
use crate::scan::{Findings, LongRecord};
use crate::source::Sha1Digest;
use crate::stats::{Bucket, ColumnStats, FillRate, HistogramBucket, Mean, RunStats, ScoreStats};
use crate::tally::{Plan, Tally};

/// The figures of one export, and how they came about.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The figures, in the API's shape.
    pub stats: RunStats,
    /// The file they were computed from.
    pub file: FileFacts,
    /// The header.
    pub header: Columns,
    /// What was counted, by column.
    pub columns: Vec<ColumnStats>,
    /// Scores that are in no bucket; `None` without a score column.
    pub scores: Option<ScoreStats>,
    /// What is wrong with the CSV itself.
    pub findings: Findings,
    /// By average: its column.
    averaged: Vec<usize>,
    counters: Counters,
}

/// The size of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FileFacts {
    /// As it was given; `-` for a stream or bytes in memory.
    #[serde(serialize_with = "lossy")]
    pub path: PathBuf,
    /// Bytes.
    pub byte_size: u64,
    /// Records.
    pub row_count: u64,
    /// Columns.
    pub column_count: usize,
    /// The record that takes up the most physical lines; `None` if each is on one line.
    pub longest_record: Option<LongRecord>,
    /// The SHA-1 of all bytes, if it was asked for.
    #[serde(skip)]
    pub sha1: Option<Sha1Digest>,
}

impl Analysis {
    pub(super) fn new(
        path: &Path,
        header: &Columns,
        counted: &Counted,
        question: &Question,
        plan: &Plan,
    ) -> Result<Self> {
        let Counted { tally, findings, bytes, size, sha1 } = counted;
        let (bytes, size) = (*bytes, *size);
        let total = tally.records;
        let fields = header.fields();
        let counters = Counters::of(&fields, header, tally, plan, findings, size);
        let (stats, columns, scores) = figures(header, &fields, tally, question, plan);
        let file = FileFacts {
            path: path.to_owned(),
            byte_size: size,
            row_count: total,
            column_count: header.len(),
            longest_record: findings.longest_record(),
            sha1: *sha1,
        };
        let averaged = averages(tally, question, plan).map(|(average, _)| average.column).collect();
        let (header, findings) = (header.clone(), findings.clone());
        let analysis = Self { stats, file, header, columns, scores, findings, averaged, counters };
        analysis.check_conservation(question, bytes)?;
        Ok(analysis)
    }

    /// All that was counted, to be kept or merged with that of other exports.
    #[must_use]
    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The average of a column's numbers, if it was asked for and there are any.
    #[must_use]
    pub fn mean(&self, column: usize) -> Option<&Mean> {
        let at = self.averaged.iter().position(|&averaged| averaged == column)?;
        self.stats.averages.get(at).map(|(_, mean)| mean)
    }

    /// Drops the fill rates and averages of all columns but these. The totals stay those of the whole file.
    pub fn limit_to(&mut self, columns: &[usize]) {
        let keep = |field: &String| columns.iter().any(|&column| self.columns[column].field == *field);
        self.stats.fill_rates.retain(|(field, _)| keep(field));
        let mut average = self.averaged.iter();
        self.stats.averages.retain(|_| average.next().is_some_and(|column| columns.contains(column)));
        self.averaged.retain(|column| columns.contains(column));
        let mut column = 0;
        self.columns.retain(|_| {
            column += 1;
            columns.contains(&(column - 1))
        });
    }

    /// Nothing is lost: every byte was counted, no column has more filled cells than there are records, and the scores in and beside the
    /// buckets are all the records.
    fn check_conservation(&self, question: &Question, bytes: u64) -> Result<()> {
        let total = self.stats.total;
        let columns = self.columns.iter().all(|column| column.filled <= total);
        let disjoint = Bucket::overlaps(&question.buckets) == 0;
        let scores = self.scores.is_none_or(|scores| {
            let in_buckets: u64 = self.stats.score_histogram.iter().map(|bucket| bucket.count).sum();
            !disjoint || in_buckets + scores.outside + scores.missing + scores.invalid == total
        });
        if bytes == self.file.byte_size && columns && scores {
            return Ok(());
        }
        Err(Error::new(
            ErrorKind::Inconsistent,
            "the counts do not add up to the records, or those to the file",
            "please report this as a defect, with the command",
        ))
    }
}

/// The figures of a tally, in the API's shape and by column, with the scores that are in no bucket. The `fields` are those of
/// the header, which takes longer to tell than all figures of a small file.
pub(super) fn figures(
    header: &Columns,
    fields: &[String],
    tally: &Tally,
    question: &Question,
    plan: &Plan,
) -> (RunStats, Vec<ColumnStats>, Option<ScoreStats>) {
    let total = tally.records;
    let cells_of = |column: usize| tally.columns.get(column).copied().unwrap_or_default();
    let columns: Vec<ColumnStats> = fields
        .iter()
        .enumerate()
        .map(|(column, field)| {
            let cells = cells_of(column);
            ColumnStats {
                name: header.label(column).to_owned(),
                field: field.clone(),
                filled: cells.filled(&plan.rule),
                blank: cells.blank,
                placeholder: cells.placeholder,
            }
        })
        .collect();
    let scores = question.score.map(|column| scores(tally, question, plan, column, columns[column].filled));
    let averages = averages(tally, question, plan);
    let stats = RunStats {
        total,
        fill_rates: columns.iter().map(|c| (c.field.clone(), FillRate::new(c.filled, total))).collect(),
        score_histogram: histogram(tally, question, plan),
        averages: averages.map(|(average, mean)| (average.field.clone(), mean)).collect(),
    };
    (stats, columns, scores)
}

/// The averages of the columns that have any number.
fn averages<'a>(
    tally: &Tally,
    question: &'a Question,
    plan: &Plan,
) -> impl Iterator<Item = (&'a AverageOf, Mean)> {
    let mean = |column: usize| Mean::of(tally.sum(plan, column)?);
    question.averages.iter().filter_map(move |average| Some((average, mean(average.column)?)))
}

fn histogram(tally: &Tally, question: &Question, plan: &Plan) -> Vec<HistogramBucket> {
    if question.score.is_none() {
        return Vec::new();
    }
    let scores = tally.scores.cumulative(&plan.scale);
    let bucket_with_count =
        |bucket: &Bucket| HistogramBucket::new(bucket.clone(), scores.within(bucket.floors()), tally.records);
    question.buckets.iter().map(bucket_with_count).collect()
}

fn scores(tally: &Tally, question: &Question, plan: &Plan, column: usize, filled: u64) -> ScoreStats {
    let outside = tally.scores.outside(question.buckets.iter().map(Bucket::floors), &plan.scale);
    ScoreStats {
        column: Some(column),
        outside,
        missing: tally.records - filled,
        invalid: tally.scores.invalid,
    }
}

fn lossy<S: Serializer>(path: &Path, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&path.to_string_lossy())
}
