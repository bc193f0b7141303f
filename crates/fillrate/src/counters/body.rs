//! What counters hold, and what they cannot.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize};

use super::MOST_RECORDS;
use crate::error::{Error, ErrorKind, Result};
use crate::scan::{Finding, FindingKind, Place};
use crate::tally::{ColumnTally, FillRule, Plan, ScoreScale, ScoreTally, SumTally};

/// All that was counted. As it is read it may say anything; [`check`](Self::check) tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Body {
    pub(super) basis: Basis,
    pub(super) exports: u64,
    /// Decompressed.
    pub(super) bytes: u64,
    pub(super) records: u64,
    /// Ascending by [rank](Column::rank), each field once.
    pub(super) columns: Vec<Column>,
    pub(super) scores: Scores,
    /// At most one a kind, in the order of [`FindingKind::ALL`].
    pub(super) findings: Vec<Found>,
}

/// By which rules cells were told apart: counters of different ones do not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Basis {
    pub(super) fill_rule: FillRule,
    pub(super) scale: ScoreScale,
}

/// The cells of one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Column {
    pub(super) field: String,
    /// Its lowest place in a header, from 0.
    pub(super) position: u64,
    /// How many exports have it.
    pub(super) exports: u64,
    pub(super) cells: ColumnTally,
    /// Of its numbers; `None` unless they were summed in every export that has it.
    pub(super) sum: Option<SumTally>,
}

/// What is known of scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Scores {
    /// No export has a score column.
    None,
    /// An export has several, or nobody asked.
    Uncounted,
    /// All of every score column there is.
    Counted(ScoreTally),
}

/// One kind of finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Found {
    pub(super) kind: FindingKind,
    pub(super) count: u64,
    /// In how many exports.
    pub(super) exports: u64,
    /// The first places in the file; none where the counters are of several files.
    pub(super) places: Vec<Place>,
    pub(super) last: Option<Place>,
}

impl Basis {
    pub(super) fn of(plan: &Plan) -> Self {
        Self { fill_rule: plan.rule.canonical(), scale: plan.scale.clone() }
    }

    pub(super) fn check_same(&self, other: &Self) -> Result<()> {
        let what = if self.fill_rule != other.fill_rule {
            "they were counted by different fill rules or placeholders"
        } else if self.scale != other.scale {
            "they were counted for different buckets above 100"
        } else {
            return Ok(());
        };
        let advice = "count the exports again with the same `--fill-rule`, `--placeholder` and `--buckets`";
        Err(Error::new(ErrorKind::NotMergeable, what, advice))
    }
}

impl Column {
    pub(super) fn rank(&self) -> (u64, &str) {
        (self.position, &self.field)
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.position = self.position.min(other.position);
        self.exports += other.exports;
        self.cells.merge(&other.cells);
        self.sum = match (self.sum, &other.sum) {
            (Some(mut sum), Some(other)) => {
                sum.merge(other);
                Some(sum)
            }
            _ => None,
        };
    }
}

impl Scores {
    pub(super) fn merge(&mut self, other: &Self) {
        match (&mut *self, other) {
            (_, Self::None) | (Self::Uncounted, _) => {}
            (Self::Counted(into), Self::Counted(from)) => into.merge(from),
            (Self::None, _) | (_, Self::Uncounted) => *self = other.clone(),
        }
    }
}

impl Found {
    pub(super) fn of(finding: &Finding) -> Self {
        let Finding { kind, count, places, last } = finding.clone();
        Self { kind, count, exports: 1, places, last: Some(last) }
    }
}

/// Reads a body, and refuses one that no exports could have.
pub(super) fn checked<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Arc<Body>, D::Error> {
    let body = Body::deserialize(deserializer)?;
    body.check().map_err(|what| serde::de::Error::custom(format!("the counters cannot be: {what}")))?;
    Ok(Arc::new(body))
}

impl Body {
    /// Every count is within what it is a part of, so that nothing that is computed of them can overflow, and everything is
    /// in the one order that equal counters have.
    fn check(&self) -> std::result::Result<(), &'static str> {
        let Self { basis, exports, bytes: _, records, columns, scores, findings } = self;
        let all = |sound: bool, what| if sound { Ok(()) } else { Err(what) };
        all(*exports > 0 && *records <= MOST_RECORDS, "the numbers of exports and records")?;
        all(basis.fill_rule == basis.fill_rule.canonical(), "the order of the placeholders")?;
        all(basis.scale.is_ascending(), "the order of the scale")?;
        let mut fields: Vec<&str> = columns.iter().map(|column| column.field.as_str()).collect();
        fields.sort_unstable();
        all(fields.windows(2).all(|pair| pair[0] != pair[1]), "a field that is there twice")?;
        all(columns.windows(2).all(|pair| pair[0].rank() < pair[1].rank()), "the order of the columns")?;
        let is_sound = |column: &Column| {
            let within = |exports: u64| (1..=self.exports).contains(&exports);
            within(column.exports) && column.cells.is_within(*records) && column.has_sound_sum()
        };
        all(columns.iter().all(is_sound), "the cells of a column")?;
        if let Scores::Counted(scores) = scores {
            all(scores.is_within(*records, &basis.scale), "the scores")?;
        }
        all(findings.windows(2).all(|pair| pair[0].kind < pair[1].kind), "the order of the findings")?;
        let is_sound = |found: &Found| {
            let has_places = found.last.is_some() && !found.places.is_empty();
            let is_of_one = *exports == 1;
            found.count >= found.exports
                && (1..=*exports).contains(&found.exports)
                && if is_of_one { has_places } else { found.places.is_empty() && found.last.is_none() }
        };
        all(findings.iter().all(is_sound), "a finding")
    }
}

impl Column {
    fn has_sound_sum(&self) -> bool {
        self.sum.is_none_or(|sum| sum.is_within(self.cells.not_empty))
    }
}
