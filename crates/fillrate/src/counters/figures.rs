//! Counters → figures of all the exports together.

use std::collections::HashSet;

use serde::Serialize;

use super::Counters;
use super::body::{Column, Scores};
use crate::columns::Columns;
use crate::error::{Error, ErrorKind, Result};
use crate::scan::{FindingKind, Place};
use crate::stats::{Bucket, ColumnStats, FillRate, HistogramBucket, Mean, RunStats, ScoreStats};
use crate::visible::visible;

/// The figures of one export or of several.
#[derive(Clone, Debug)]
pub struct Combined {
    /// The figures, in the API's shape. Averages are those that were summed in every export that has the column.
    pub stats: RunStats,
    /// How many exports they are of.
    pub exports: u64,
    /// The bytes of them all, decompressed.
    pub bytes: u64,
    /// By field, in the order of `stats`.
    pub columns: Vec<CombinedColumn>,
    /// Scores that are in no bucket; `None` without a score column, or where the scores of an export were not counted.
    pub scores: Option<ScoreStats>,
    /// What is wrong with the CSVs themselves.
    pub findings: Vec<FindingCount>,
}

/// The cells of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CombinedColumn {
    /// Its cells, under the name of the field.
    #[serde(flatten)]
    pub cells: ColumnStats,
    /// How many exports have it. In the records of the others it is unfilled.
    pub exports: u64,
}

/// One kind of finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FindingCount {
    /// What was found.
    pub kind: FindingKind,
    /// How often.
    pub count: u64,
    /// In how many exports.
    pub exports: u64,
    /// The first places, if there is one export only.
    pub places: Vec<Place>,
    /// The last place, if there is one export only.
    pub last: Option<Place>,
}

impl Combined {
    /// Whether any finding makes one of the files unsound.
    #[must_use]
    pub fn disqualify(&self) -> bool {
        self.findings.iter().any(|finding| finding.kind.disqualifies())
    }

    /// Leaves only the columns and averages of these fields, in any spelling. One that no column fits has none.
    pub fn keep_only(&mut self, fields: &[String]) {
        let columns = Columns::new(self.columns.iter().map(|column| column.cells.field.clone()).collect());
        let named = fields.iter().filter_map(|field| columns.named(field).ok());
        let kept: HashSet<&str> = named.map(|column| columns.label(column)).collect();
        self.columns.retain(|column| kept.contains(column.cells.field.as_str()));
        self.stats.fill_rates.retain(|(field, _)| kept.contains(field.as_str()));
        self.stats.averages.retain(|(field, _)| kept.contains(field.as_str()));
    }
}

impl Counters {
    /// The figures, with these buckets for the scores.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for a bucket with an end above 100 that the scores were not counted for.
    pub fn figures(&self, buckets: &[Bucket]) -> Result<Combined> {
        let body = &self.0;
        let total = body.records;
        let (score_histogram, scores) = self.scores(buckets)?;
        let columns: Vec<CombinedColumn> = body.columns.iter().map(|column| self.column(column)).collect();
        let rate = |CombinedColumn { cells, .. }: &CombinedColumn| {
            (cells.field.clone(), FillRate::new(cells.filled, total))
        };
        let mean = |column: &Column| Some((column.field.clone(), Mean::of(column.sum.as_ref()?)?));
        let stats = RunStats {
            total,
            fill_rates: columns.iter().map(rate).collect(),
            score_histogram,
            averages: body.columns.iter().filter_map(mean).collect(),
        };
        let findings = body.findings.iter().map(|found| FindingCount {
            kind: found.kind,
            count: found.count,
            exports: found.exports,
            places: found.places.clone(),
            last: found.last,
        });
        let (exports, bytes) = (body.exports, body.bytes);
        Ok(Combined { stats, exports, bytes, columns, scores, findings: findings.collect() })
    }

    fn column(&self, column: &Column) -> CombinedColumn {
        let cells = ColumnStats {
            name: column.field.clone(),
            field: column.field.clone(),
            filled: column.cells.filled(&self.0.basis.fill_rule),
            blank: column.cells.blank,
            placeholder: column.cells.placeholder,
        };
        CombinedColumn { cells, exports: column.exports }
    }

    fn scores(&self, buckets: &[Bucket]) -> Result<(Vec<HistogramBucket>, Option<ScoreStats>)> {
        let (records, scale) = (self.0.records, &self.0.basis.scale);
        if let Some(bucket) = buckets.iter().find(|bucket| !scale.tells_apart(bucket.floors())) {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("scores were not counted for the bucket {}", visible(bucket.label())),
                "ends above 100 have to be among the `--buckets` when the exports are counted",
            ));
        }
        let Scores::Counted(tally) = &self.0.scores else { return Ok((Vec::new(), None)) };
        let cumulative = tally.cumulative(scale);
        let in_bucket = |bucket: &Bucket| {
            HistogramBucket::new(bucket.clone(), cumulative.within(bucket.floors()), records)
        };
        let outside = tally.outside(buckets.iter().map(Bucket::floors), scale);
        // A filled cell of a score column is in an interval, or invalid.
        let missing = records - tally.filled();
        let scores = ScoreStats { column: None, outside, missing, invalid: tally.invalid };
        Ok((buckets.iter().map(in_bucket).collect(), Some(scores)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counters::MOST_RECORDS;
    use crate::stats::DEFAULT_BUCKETS;
    use crate::{Export, Options, Question};

    #[test]
    fn the_columns_of_some_fields_are_kept_and_all_totals() {
        let csv = b"email,Company,intent.score,email\na@example.com,,83,b\n,Example,,\n".to_vec();
        let export = Export::from_bytes(csv, &Options::default()).unwrap();
        let question = Question::for_stats(export.columns(), Vec::new(), &[]).unwrap();
        let whole = export.analyze(&question).unwrap().counters().figures(&[]).unwrap();
        let fields = |figures: &Combined| {
            let columns = figures.columns.iter().map(|column| column.cells.field.clone());
            let rates = figures.stats.fill_rates.iter().map(|(field, _)| field.clone());
            let averages = figures.stats.averages.iter().map(|(field, _)| field.clone());
            (columns.collect::<Vec<_>>(), rates.collect::<Vec<_>>(), averages.collect::<Vec<_>>())
        };
        // In other spellings too, in the order of the file, and no matter who asks for what is not there.
        for (asked, kept, averaged) in [
            (&["company_name", "email"][..], &["email", "company.name"][..], &[][..]),
            (&["email#2"], &["email#2"], &[]),
            (&["score"], &["intent.score"], &["intent.score"]),
            (&["phone"], &[], &[]),
        ] {
            let mut figures = whole.clone();
            figures.keep_only(&asked.iter().map(ToString::to_string).collect::<Vec<_>>());
            let kept: Vec<_> = kept.iter().map(ToString::to_string).collect();
            let averaged: Vec<_> = averaged.iter().map(ToString::to_string).collect();
            assert_eq!(fields(&figures), (kept.clone(), kept, averaged), "{asked:?}");
            assert_eq!((figures.stats.total, figures.scores), (2, whole.scores));
        }
    }

    /// What the largest numbers that a state file may hold come to is computed without an overflow.
    #[test]
    fn the_most_that_there_can_be_is_computed() {
        let most = MOST_RECORDS;
        let nanos = i128::from(most) * 1_000_000_000_000_000_000_000_000;
        let state = format!(
            r#"{{"basis":{{"fillRule":{{"blanksAreUnfilled":false,"placeholders":[]}},"scale":[]}},
            "exports":18446744073709551615,"bytes":18446744073709551615,"records":{most},
            "columns":[{{"field":"intent.score","position":0,"exports":1,
            "cells":{{"notEmpty":{most},"blank":0,"placeholder":0}},
            "sum":{{"numbers":{most},"invalid":0,"nanos":"{nanos}"}}}}],
            "scores":{{"counted":{{"intervals":[],"invalid":{most}}}}},"findings":[]}}"#
        );
        let mut counters: Counters = serde_json::from_str(&state).unwrap();
        let buckets = DEFAULT_BUCKETS.map(|label| label.parse().unwrap());
        let figures = counters.figures(&buckets).unwrap();
        assert_eq!(figures.stats.averages[0].1.to_string(), "1000000000000000");
        let other = counters.clone();
        assert_eq!(counters.merge(&other).unwrap_err().kind(), ErrorKind::NotMergeable);
        assert_eq!(counters, other, "and nothing was added");
        let more = state.replace(&format!("\"notEmpty\":{most}"), &format!("\"notEmpty\":{}", most + 1));
        assert!(
            serde_json::from_str::<Counters>(&more).unwrap_err().to_string().contains("cells of a column")
        );
    }
}
