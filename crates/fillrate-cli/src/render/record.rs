//! What a record of a batch has to say, in the words that [`verify`](super::verify) has for a verification.

use fillrate::{counted, grouped, visible};
use fillrate_batch::{FailingCheck, MOST_CHECKS, Record, Summary, Verdict};

use super::verify::{UNEXPLAINED, compared, nobody_reported};

/// What a failing check compares, in one line.
pub(super) fn comparison(check: &FailingCheck) -> String {
    let figure = |json: &str| figure(check, json);
    let computed = check.computed.as_ref().map(|computed| figure(computed.get()));
    compared(&figure(check.reported.get()), computed.as_deref(), &check.status)
}

/// A value as a person reads it.
fn figure(check: &FailingCheck, json: &str) -> String {
    if let Ok(text) = serde_json::from_str::<String>(json) {
        return text;
    }
    match json.parse() {
        Ok(count) if check.compares_counts() => grouped(count),
        _ => json.to_owned(),
    }
}

/// What is said under a failing check.
pub(super) fn reasons(check: &FailingCheck) -> Vec<&str> {
    if check.is_unexplained() {
        return vec![UNEXPLAINED];
    }
    check.explanations.iter().map(|explanation| explanation.text.as_str()).collect()
}

/// What makes it a mismatch although no check fails: a name as that of a check, and why.
pub(super) fn mismatch_without_check(record: &Record) -> Option<(&'static str, String)> {
    if record.verdict != Verdict::Mismatch || record.failing > 0 {
        return None;
    }
    let columns = record.not_reported.as_deref().unwrap_or_default();
    let (name, mut why) = nobody_reported(columns);
    if columns.len() == MOST_CHECKS {
        why += &format!(" No more than {MOST_CHECKS} columns are named.");
    }
    Some((name, why))
}

/// Of an export with nothing to compare it with: a name as that of a check, and what it is.
pub(super) fn unverified(record: &Record) -> (&'static str, String) {
    let records = counted(record.rows.unwrap_or(0), "record");
    (record.verdict.name(), format!("nothing to compare its {records} with"))
}

/// A message whose file stands before it already.
pub(super) fn without_path(message: &str, path: &str) -> String {
    let rest = message.strip_prefix(&*visible(path));
    let without = rest.and_then(|rest| match rest.strip_prefix(": ") {
        Some(what) => Some(what.to_owned()),
        // The line is next.
        None => rest.strip_prefix(':').map(|place| format!("line {place}")),
    });
    without.unwrap_or_else(|| message.to_owned())
}

/// How many exports became what, in a sentence.
pub(super) fn sum(summary: &Summary) -> String {
    format!(
        "{}: {} verified, {} mismatched, {} unverified, {} failed.",
        counted(summary.inputs, "input"),
        grouped(summary.verified),
        grouped(summary.mismatched),
        grouped(summary.unverified),
        grouped(summary.failed)
    )
}
