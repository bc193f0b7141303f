//! One reported value, compared.

use std::fmt;

use serde::{Serialize, Serializer};

use super::explain::Explanation;
use crate::fraction::Fraction;
use crate::reported::Decimal;
use crate::scan::FindingKind;
use crate::stats::{Mean, Percent};

/// The comparison of one reported value with the computed one.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// Its stable id, as `fillRates.company.name.count`.
    pub id: String,
    /// The outcome.
    pub status: Status,
    /// The API's value.
    pub reported: Figure,
    /// Ours, where there is one.
    pub computed: Option<Figure>,
    /// Why it could not be checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The tolerance that makes it a match, as it was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<String>,
    /// The hypotheses under which the reported value is right; none where nothing fails.
    pub explanations: Vec<Explanation>,
    /// What is compared.
    #[serde(skip)]
    pub(super) subject: Subject,
    /// Whether it makes the verdict `mismatch`.
    #[serde(skip)]
    pub fails: bool,
}

impl Check {
    /// Whether it is a difference between report and file that no hypothesis explains. What is wrong with the CSV or the
    /// report itself says by its own id what it is.
    #[must_use]
    pub fn is_unexplained(&self) -> bool {
        self.fails && self.explanations.is_empty() && !self.subject.speaks_for_itself()
    }
}

/// What a check compares, for those who look for the reason of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// The total of the stats, which their percents are of.
    Records,
    /// Another number of records.
    Rows,
    /// The filled cells of a column.
    Fill(usize, Measure),
    /// The filled cells of a column that the file lacks.
    Absent(Measure),
    /// The scores in a bucket, by its place among the readable ones.
    Bucket(usize, Measure),
    /// The scores in all buckets.
    Buckets,
    /// The mean of a column.
    Average(usize),
    ByteSize,
    Sha1,
    /// How often something is wrong with the CSV.
    Finding(FindingKind),
    /// A percent of the report and its own count.
    OwnPercent,
    /// Anything else of the report and itself.
    Own,
    /// Ids and statuses.
    Text,
}

/// What is said about some cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Count,
    Percent,
}

impl Subject {
    fn speaks_for_itself(self) -> bool {
        matches!(self, Self::Finding(_) | Self::OwnPercent | Self::Own)
    }

    /// Whether it is a number of cells, or their share.
    pub(super) fn is_fill(self) -> bool {
        matches!(self, Self::Fill(..) | Self::Absent(_))
    }
}

/// The outcome of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// The two agree, or differ within a tolerance.
    Match,
    /// They do not.
    Mismatch,
    /// Reported, but there is no such column.
    NotInFile,
    /// Reported, but unusable.
    NotCheckable,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 4] = [Self::Match, Self::Mismatch, Self::NotInFile, Self::NotCheckable];

    /// The name in all outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
            Self::NotInFile => "not-in-file",
            Self::NotCheckable => "not-checkable",
        }
    }
}

/// The verdict on a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything that was reported agrees, as far as it can be checked.
    Match,
    /// Something does not.
    Mismatch,
}

impl Verdict {
    /// The name in all outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
        }
    }
}

/// A value on either side of a check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Figure {
    /// A count.
    Count(u64),
    /// A number as it was reported.
    Decimal(Decimal),
    /// A share.
    Percent(Percent),
    /// A mean.
    Mean(Mean),
    /// An id, a status or a digest.
    Text(String),
}

impl Figure {
    /// Its exact value; `None` for text, and if it takes too many digits.
    pub(super) fn fraction(&self) -> Option<Fraction> {
        match self {
            Self::Count(count) => Some(Fraction { numerator: (*count).into(), denominator: 1 }),
            Self::Decimal(decimal) => decimal.exact()?.fraction(),
            Self::Percent(percent) => Some(percent.fraction()),
            Self::Mean(mean) => mean.fraction(),
            Self::Text(_) => None,
        }
    }

    /// Whether it is a number above 0.
    pub(super) fn is_positive(&self) -> bool {
        match self {
            Self::Count(count) => *count > 0,
            Self::Decimal(decimal) => decimal.is_positive(),
            Self::Percent(percent) => percent.hundredths() > 0,
            Self::Mean(_) | Self::Text(_) => false,
        }
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => count.fmt(f),
            Self::Decimal(decimal) => decimal.fmt(f),
            Self::Percent(percent) => percent.fmt(f),
            Self::Mean(mean) => mean.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

impl Serialize for Figure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Count(count) => count.serialize(serializer),
            Self::Decimal(decimal) => decimal.serialize(serializer),
            Self::Percent(percent) => percent.serialize(serializer),
            Self::Mean(mean) => mean.serialize(serializer),
            Self::Text(text) => text.serialize(serializer),
        }
    }
}
