//! What may have happened to the file's bytes and left the records as they were, or nearly so.

use std::ops::Range;

use base16ct::lower::encode_string;

use super::super::check::{Check, Figure, Subject};
use super::parts::{literal, unique};
use super::{Evidence, Explanation, ExplanationKind, is_open};
use crate::analyze::{Inspection, LineEnds, Repeats, Strays};
use crate::error::Result;
use crate::scan::FindingKind;

/// How many bytes a byte order mark has.
const BOM: u64 = 3;

/// Something that was done to the file.
struct Change {
    kind: ExplanationKind,
    text: String,
    left_out: Vec<Range<u64>>,
    line_ends: Option<LineEnds>,
    /// What can be done only once.
    of: &'static str,
}

pub(super) fn explain(
    checks: &mut [Check],
    evidence: Evidence<'_>,
    inspection: Option<&Inspection>,
) -> Result<()> {
    let mut open: Vec<&mut Check> = checks
        .iter_mut()
        .filter(|check| is_open(check) && matches!(check.subject, Subject::ByteSize | Subject::Sha1))
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    let changes = changes(evidence, inspection)?;
    for number in 1..=3 {
        for chosen in choices(&changes, number) {
            try_all(&mut open, &chosen, evidence)?;
        }
        if open.iter().all(|check| !check.explanations.is_empty()) {
            break;
        }
    }
    Ok(())
}

fn changes(evidence: Evidence<'_>, inspection: Option<&Inspection>) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    if evidence.analysis.findings.count(FindingKind::Bom) > 0 {
        changes.push(Change {
            kind: ExplanationKind::ReSaved,
            text: "The file begins with a byte order mark that the API's does not have.".to_owned(),
            left_out: std::iter::once(0..BOM).collect(),
            line_ends: None,
            of: "bom",
        });
    }
    for (line_ends, ours, theirs) in [(LineEnds::Lf, "CRLF", "LF"), (LineEnds::CrLf, "LF", "CRLF")] {
        let bytes = evidence.analyzed.bytes_without(&[], line_ends)?;
        // Line ends that are so already explain nothing.
        if bytes.is_none_or(|bytes| bytes.size == evidence.analysis.file.byte_size) {
            continue;
        }
        changes.push(Change {
            kind: ExplanationKind::ReSaved,
            text: format!(
                "The file was saved with {ours} at the ends of lines, where the API's has {theirs}."
            ),
            left_out: Vec::new(),
            line_ends: Some(line_ends),
            of: "line ends",
        });
    }
    if let Some(repeats) = inspection.and_then(|inspection| inspection.repeats.as_ref()) {
        changes.extend(without_repeats(repeats));
    }
    if let Some(strays) = inspection.and_then(|inspection| inspection.strays.as_ref()) {
        changes.extend(without_strays(strays));
    }
    Ok(changes)
}

fn without_repeats(repeats: &Repeats) -> Option<Change> {
    (!repeats.ranges.is_empty()).then(|| Change {
        kind: ExplanationKind::UniqueHashedEmail,
        text: unique(repeats),
        left_out: repeats.ranges.clone(),
        line_ends: None,
        of: "repeats",
    })
}

fn without_strays(strays: &Strays) -> Option<Change> {
    (!strays.quotes.is_empty()).then(|| Change {
        kind: ExplanationKind::StrayQuote,
        text: literal(strays),
        left_out: strays.quotes.iter().map(|quote| quote.byte..quote.byte + 1).collect(),
        line_ends: None,
        of: "strays",
    })
}

/// Every choice of so many changes that can be made together.
fn choices(changes: &[Change], number: usize) -> Vec<Vec<&Change>> {
    if number == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for (at, first) in changes.iter().enumerate() {
        for mut rest in choices(&changes[at + 1..], number - 1) {
            if rest.iter().all(|other| other.of != first.of) {
                rest.insert(0, first);
                all.push(rest);
            }
        }
    }
    all
}

fn try_all(open: &mut [&mut Check], changes: &[&Change], evidence: Evidence<'_>) -> Result<()> {
    let mut left_out: Vec<Range<u64>> = changes.iter().flat_map(|change| change.left_out.clone()).collect();
    left_out.sort_unstable_by_key(|range| range.start);
    let line_ends = changes.iter().find_map(|change| change.line_ends).unwrap_or(LineEnds::AsIs);
    let Some(bytes) = evidence.analyzed.bytes_without(&left_out, line_ends)? else { return Ok(()) };
    for check in open.iter_mut() {
        let predicted = match check.subject {
            Subject::ByteSize => Figure::Count(bytes.size),
            _ => Figure::Text(encode_string(&bytes.sha1)),
        };
        if predicted == check.reported {
            let mut kinds: Vec<ExplanationKind> = changes.iter().map(|change| change.kind).collect();
            kinds.dedup();
            let texts: Vec<&str> = changes.iter().map(|change| change.text.as_str()).collect();
            check.explanations.push(Explanation { kinds, predicted, text: texts.join(" ") });
        }
    }
    Ok(())
}
