//! Columns that carry what was reported of another one.

use std::collections::{BTreeMap, HashSet};

use super::super::check::{Check, Figure, Status, Subject};
use super::{ExplanationKind, add, is_open};
use crate::analyze::Analysis;
use crate::reported::Decimal;
use crate::stats::Percent;
use crate::words::counted;

/// So many checks may differ, or a quarter of them all: two fields' counts and percents.
const FEW: usize = 4;

/// How many columns are named.
const NAMED: usize = 3;

pub(super) fn explain(checks: &mut [Check], analysis: &Analysis) {
    let is_to_explain =
        |check: &Check| is_open(check) && check.subject.is_fill() && check.explanations.is_empty();
    // Where records are missing, many counts differ, and some will be another column's by chance.
    let is_of_records = |check: &Check| is_open(check) && check.subject == Subject::Records;
    let differ = checks.iter().filter(|check| is_to_explain(check)).count();
    let fills = checks.iter().filter(|check| check.subject.is_fill()).count();
    if differ == 0 || differ > FEW.max(fills / 4) || checks.iter().any(is_of_records) {
        return;
    }
    let total = analysis.stats.total;
    // Whoever agrees with its own field does not carry another one's figure, but happens to be as full.
    let agree = checks.iter().filter(|check| check.status == Status::Match);
    let agree: HashSet<usize> = agree.filter_map(|check| column_of(check.subject)).collect();
    let mut by_count = BTreeMap::<u64, Vec<usize>>::new();
    for (column, cells) in analysis.columns.iter().enumerate() {
        // That a column is empty or full is true of many.
        if !agree.contains(&column) && cells.filled > 0 && cells.filled < total {
            by_count.entry(cells.filled).or_default().push(column);
        }
    }
    for check in checks.iter_mut().filter(|check| is_to_explain(check)) {
        let Some(count) = carried(&check.reported, &by_count, total) else { continue };
        let own = column_of(check.subject);
        let columns: Vec<usize> =
            by_count[&count].iter().copied().filter(|column| Some(*column) != own).collect();
        if columns.is_empty() {
            continue;
        }
        let predicted = match check.reported {
            Figure::Count(_) => Figure::Count(count),
            _ => Figure::Percent(Percent::new(count, total)),
        };
        add(check, &[ExplanationKind::OtherColumn], predicted, text(&columns, analysis));
    }
}

fn column_of(subject: Subject) -> Option<usize> {
    match subject {
        Subject::Fill(column, _) => Some(column),
        _ => None,
    }
}

/// The count that some column has and that was reported.
fn carried(reported: &Figure, by_count: &BTreeMap<u64, Vec<usize>>, total: u64) -> Option<u64> {
    match reported {
        Figure::Count(count) => by_count.contains_key(count).then_some(*count),
        Figure::Decimal(percent) => {
            let near = near(percent, total)?;
            let exact = percent.exact()?;
            let fits = |count: &u64| {
                Percent::new(*count, total).rounds_to(exact.value, exact.decimals) == Some(true)
            };
            by_count
                .range(near.saturating_sub(total / 10_000 + 1)..)
                .map(|(count, _)| *count)
                .take_while(|count| *count <= near.saturating_add(total / 10_000 + 1))
                .find(fits)
        }
        _ => None,
    }
}

/// The whole part of the count that a percent is of.
fn near(percent: &Decimal, total: u64) -> Option<u64> {
    let exact = percent.exact()?;
    let hundred = 10_i128.checked_pow(exact.decimals)?.checked_mul(100)?;
    u64::try_from(exact.value.checked_mul(total.into())? / hundred).ok()
}

fn text(columns: &[usize], analysis: &Analysis) -> String {
    let names: Vec<&str> = columns.iter().take(NAMED).map(|&column| analysis.header.label(column)).collect();
    let more = columns.len().saturating_sub(NAMED) as u64;
    let more = if more > 0 { format!(" and {}", counted(more, "other")) } else { String::new() };
    let (column, carries) = if columns.len() == 1 { ("column", "carries") } else { ("columns", "carry") };
    let names = names.join(", ");
    format!("The {column} {names}{more} {carries} exactly this: if it is the field, say so with --map.")
}
