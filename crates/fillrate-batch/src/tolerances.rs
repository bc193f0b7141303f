//! What became of the tolerances in a batch as a whole.

use crate::record::Record;

/// The tolerances that at least one export needs, in the order in which they are first needed.
#[must_use]
pub fn tolerances_used(records: &[Record]) -> Vec<&str> {
    let mut used = Vec::new();
    for tolerance in records.iter().flat_map(|record| &record.tolerances_used) {
        if !used.contains(&tolerance.as_str()) {
            used.push(tolerance);
        }
    }
    used
}

/// The tolerances that fit no check of any export. Those that failed say nothing of it.
#[must_use]
pub fn tolerances_without_check(records: &[Record]) -> Vec<&str> {
    let mut without = records.iter().filter(|record| record.error.is_none());
    let Some(first) = without.next() else { return Vec::new() };
    let mut left: Vec<&str> = first.tolerances_without_check.iter().map(String::as_str).collect();
    for record in without {
        left.retain(|tolerance| record.tolerances_without_check.iter().any(|other| other == tolerance));
    }
    left
}
