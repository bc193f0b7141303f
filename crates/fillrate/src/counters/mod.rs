//! What was counted of one export or of several, as plain data that can be kept and merged.
//!
//! The tallies know columns by their place in one file; here they are known by their field, so that exports with other
//! columns, or the same in another order, come together.

mod body;
mod figures;

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::columns::{Columns, Fit, SCORE_FIELD};
use crate::error::{Error, ErrorKind, Result};
use crate::scan::Findings;
use crate::tally::{Plan, ScoreScale, Tally};
use body::{Basis, Body, Column, Found, Scores};
pub use figures::{Combined, CombinedColumn, FindingCount};

/// More records than this are refused: so many numbers have room in an exact sum, and in the printing of their mean.
const MOST_RECORDS: u64 = 10_000_000_000_000;

/// The counters of one export, or of several: what a state file keeps, and what [`merge`](Self::merge) adds up.
///
/// Merging is associative and commutative, and gives what one pass over all records would: a column that an export lacks
/// is unfilled in all of its records. Columns are told apart by their field, as [`Columns::fields`] names them, and keep
/// the lowest place that they have in any of the exports.
///
/// They hold header names, counts and places; no cell, no path and no time. Whoever deserialises them gets an error for
/// counts that cannot be, such as more filled cells than records.
///
/// ```
/// use fillrate::{Export, Options, Question};
///
/// let counters = |csv: &str| -> fillrate::Result<_> {
///     let export = Export::from_bytes(csv.as_bytes().to_vec(), &Options::default())?;
///     Ok(export.analyze(&Question::default())?.counters().clone())
/// };
/// let mut all = counters("email,phone\na@example.com,1\n")?;
/// all.merge(&counters("email\nb@example.com\n")?)?;
/// let combined = all.figures(&[])?;
/// assert_eq!((combined.stats.total, combined.exports), (2, 2));
/// assert_eq!(combined.stats.fill_rates[1].1.percent.to_string(), "50");
/// assert_eq!(combined.columns[1].exports, 1);
/// # Ok::<(), fillrate::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Counters(
    /// Shared by clones until one of them changes: most are only kept, or given their figures.
    #[serde(deserialize_with = "body::checked")]
    Arc<Body>,
);

impl Counters {
    /// What was counted of one export with these `fields`.
    pub(crate) fn of(
        fields: &[String],
        header: &Columns,
        tally: &Tally,
        plan: &Plan,
        findings: &Findings,
        bytes: u64,
    ) -> Self {
        let columns = fields.iter().zip(&tally.columns).enumerate().map(|(column, (field, cells))| Column {
            field: field.clone(),
            position: column as u64,
            exports: 1,
            cells: *cells,
            sum: tally.sum(plan, column).copied(),
        });
        let scores = match (plan.score, header.find(SCORE_FIELD)) {
            (Some(_), _) => Scores::Counted(tally.scores.clone()),
            (None, Fit::None) => Scores::None,
            (None, _) => Scores::Uncounted,
        };
        Self(Arc::new(Body {
            basis: Basis::of(plan),
            exports: 1,
            bytes,
            records: tally.records,
            columns: columns.collect(),
            scores,
            findings: findings.iter().map(Found::of).collect(),
        }))
    }

    /// How many exports were counted.
    #[must_use]
    pub fn exports(&self) -> u64 {
        self.0.exports
    }

    /// How many records they have.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.0.records
    }

    /// How many bytes they have, decompressed.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.0.bytes
    }

    /// Adds what was counted of other exports. On an error, nothing is added.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotMergeable`] if the two were counted by different rules, or would have too many records together.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        let (own, from) = (&self.0, &other.0);
        own.basis.check_same(&from.basis)?;
        let exports = sum(own.exports, from.exports)?;
        let bytes = sum(own.bytes, from.bytes)?;
        let records = sum(own.records, from.records)?;
        if records > MOST_RECORDS {
            return Err(too_many());
        }
        let findings = merged_findings(&own.findings, &from.findings)?;
        let into = Arc::make_mut(&mut self.0);
        into.findings = findings;
        (into.exports, into.bytes, into.records) = (exports, bytes, records);
        merge_columns(&mut into.columns, &from.columns);
        into.scores.merge(&from.scores);
        Ok(())
    }

    /// The same without telling scores above 100 apart, so that it can be merged with what was counted for other buckets.
    #[must_use]
    pub fn coarse(mut self) -> Self {
        let coarse = ScoreScale::default();
        if self.0.basis.scale != coarse {
            let body = Arc::make_mut(&mut self.0);
            if let Scores::Counted(scores) = &mut body.scores {
                *scores = body.basis.scale.coarse(scores);
            }
            body.basis.scale = coarse;
        }
        self
    }

    /// Fails if the two were counted by different rules, so that their figures are not to be compared.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NotMergeable`], with the rule that differs.
    pub fn check_comparable(&self, other: &Self) -> Result<()> {
        self.0.basis.check_same(&other.0.basis)
    }
}

fn sum(a: u64, b: u64) -> Result<u64> {
    a.checked_add(b).ok_or_else(too_many)
}

fn too_many() -> Error {
    Error::new(ErrorKind::NotMergeable, "together they have more than can be counted", "merge fewer of them")
}

/// Merges columns by field; those that only one side has are unfilled on the other.
fn merge_columns(into: &mut Vec<Column>, from: &[Column]) {
    if into.iter().map(|column| &column.field).eq(from.iter().map(|column| &column.field)) {
        // As of nearly all runs of an audience.
        into.iter_mut().zip(from).for_each(|(into, from)| into.merge(from));
    } else {
        let mut left: HashMap<&str, &Column> =
            from.iter().map(|column| (column.field.as_str(), column)).collect();
        for column in &mut *into {
            if let Some(other) = left.remove(column.field.as_str()) {
                column.merge(other);
            }
        }
        into.extend(left.into_values().cloned());
    }
    into.sort_by(|a, b| a.rank().cmp(&b.rank()));
}

/// Merges findings by kind. Places are of one file, so that none are left where two come together.
fn merged_findings(a: &[Found], b: &[Found]) -> Result<Vec<Found>> {
    let mut merged: Vec<Found> = Vec::new();
    for found in a.iter().chain(b) {
        let found = Found { places: Vec::new(), last: None, ..found.clone() };
        match merged.binary_search_by_key(&found.kind, |found| found.kind) {
            Err(at) => merged.insert(at, found),
            Ok(at) => {
                merged[at].count = sum(merged[at].count, found.count)?;
                merged[at].exports += found.exports;
            }
        }
    }
    Ok(merged)
}
