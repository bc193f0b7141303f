//! Which column carries each reported field.

use std::collections::HashSet;

use super::Policy;
use crate::analyze::{AverageOf, Question};
use crate::columns::{Columns, SCORE_FIELD};
use crate::error::{Error, ErrorKind, Result};
use crate::reported::{Reported, ReportedAverage, ReportedFill, Reports};
use crate::stats::Bucket;

/// The reported fields that are to be checked, each with its column, where the file has one.
pub(super) struct Mapping<'a> {
    pub(super) fills: Vec<(&'a ReportedFill, Option<usize>)>,
    pub(super) averages: Vec<(&'a ReportedAverage, Option<usize>)>,
    /// The score column, if a histogram was reported.
    score: Option<usize>,
    limit: Limit<'a>,
    /// The columns of all reported fields, checked or not.
    reported: HashSet<usize>,
    /// All fields that are to be checked, each once, in the order of the report.
    checked: Vec<(&'a str, Option<usize>)>,
    known: HashSet<&'a str>,
}

impl<'a> Mapping<'a> {
    /// Finds the columns; refuses a field that several fit.
    pub(super) fn new(columns: &Columns, reports: &'a Reports, policy: &'a Policy) -> Result<Self> {
        let mut mapping = Self {
            fills: Vec::new(),
            averages: Vec::new(),
            score: None,
            limit: Limit::new(columns, reports, policy)?,
            reported: HashSet::new(),
            checked: Vec::new(),
            known: HashSet::new(),
        };
        let Some(stats) = &reports.stats else { return Ok(mapping) };
        for fill in &stats.fill_rates {
            let column = mapping.find(columns, &fill.field)?;
            if mapping.limit.includes(&fill.field, column) {
                mapping.fills.push((fill, column));
                mapping.check(&fill.field, column);
            }
        }
        if !stats.histogram.is_empty() {
            mapping.score = mapping.find(columns, SCORE_FIELD)?;
            mapping.check(SCORE_FIELD, mapping.score);
        }
        for average in &stats.averages {
            let column = mapping.find(columns, &average.field)?;
            if mapping.limit.includes(&average.field, column) {
                mapping.averages.push((average, column));
                mapping.check(&average.field, column);
            }
        }
        Ok(mapping)
    }

    /// The fill rates that are to be checked.
    pub(super) fn reported_fills(&self) -> Vec<&'a ReportedFill> {
        self.fills.iter().map(|(fill, _)| *fill).collect()
    }

    fn find(&mut self, columns: &Columns, field: &str) -> Result<Option<usize>> {
        let column = columns.find_one(field)?;
        self.reported.extend(column);
        Ok(column)
    }

    fn check(&mut self, field: &'a str, column: Option<usize>) {
        if self.known.insert(field) {
            self.checked.push((field, column));
        }
    }

    /// What has to be computed to check all that was reported.
    pub(super) fn question(&self, reports: &Reports) -> Question {
        let stats = reports.stats.iter();
        let buckets =
            stats.flat_map(|stats| &stats.histogram).filter_map(|bucket| bucket.label.parse::<Bucket>().ok());
        let averages = self.averages.iter().filter_map(|(average, column)| {
            Some(AverageOf { field: average.field.clone(), column: (*column)? })
        });
        Question {
            score: self.score,
            buckets: buckets.collect(),
            averages: averages.collect(),
            sha1: reports.export.as_ref().is_some_and(|export| export.usable_sha1().is_some()),
        }
    }

    /// The names of the columns that nobody reported anything about.
    pub(super) fn not_reported(&self, columns: &Columns) -> Vec<String> {
        (0..columns.len())
            .filter(|column| !self.reported.contains(column) && self.limit.includes_column(*column))
            .map(|column| columns.label(column).to_owned())
            .collect()
    }

    /// Each field that is to be checked, with the name of its column.
    pub(super) fn labels(&self, columns: &Columns) -> Vec<(String, Option<String>)> {
        let label = |column: usize| columns.label(column).to_owned();
        self.checked.iter().map(|(field, column)| ((*field).to_owned(), column.map(label))).collect()
    }
}

/// The reported fill rates that are to be checked where there are no columns to name them by.
pub(super) fn fills_without_columns<'a>(
    reports: &'a Reports,
    policy: &Policy,
) -> Result<Vec<&'a ReportedFill>> {
    if let Some(field) = policy.fields.iter().find(|field| !is_reported(reports, field)) {
        return Err(Error::new(
            ErrorKind::UnknownField,
            format!("the field {field} is not reported"),
            "check the spelling",
        ));
    }
    let limited = |fill: &&ReportedFill| policy.fields.is_empty() || policy.fields.contains(&fill.field);
    Ok(reports.stats.iter().flat_map(|stats| &stats.fill_rates).filter(limited).collect())
}

/// The fields that stats speak of.
pub(super) fn fields(stats: &Reported) -> impl Iterator<Item = &str> {
    let fills = stats.fill_rates.iter().map(|fill| fill.field.as_str());
    let score = (!stats.histogram.is_empty()).then_some(SCORE_FIELD);
    fills.chain(score).chain(stats.averages.iter().map(|average| average.field.as_str()))
}

/// Whether there is a fill rate or an average of this field.
fn is_reported(reports: &Reports, field: &str) -> bool {
    reports.stats.iter().any(|stats| {
        let fills = stats.fill_rates.iter().map(|fill| &fill.field);
        fills.chain(stats.averages.iter().map(|average| &average.field)).any(|reported| reported == field)
    })
}

/// The fields that the policy limits the checks to.
struct Limit<'a> {
    fields: &'a [String],
    columns: Vec<usize>,
}

impl<'a> Limit<'a> {
    fn new(columns: &Columns, reports: &Reports, policy: &'a Policy) -> Result<Self> {
        let mut limit = Self { fields: &policy.fields, columns: Vec::new() };
        for field in &policy.fields {
            match columns.named(field) {
                Ok(column) => limit.columns.push(column),
                Err(_) if is_reported(reports, field) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(limit)
    }

    fn includes(&self, field: &str, column: Option<usize>) -> bool {
        self.fields.iter().any(|limit| limit == field)
            || column.map_or(self.fields.is_empty(), |column| self.includes_column(column))
    }

    fn includes_column(&self, column: usize) -> bool {
        self.fields.is_empty() || self.columns.contains(&column)
    }
}
