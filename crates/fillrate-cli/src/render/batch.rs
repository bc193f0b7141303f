//! What `fillrate batch` says to a person: the exports that are not as reported, then how many there are.

use fillrate::{counted, grouped};
use fillrate_batch::{FailingCheck, Record, Summary, Verdict};

use super::document::{Document, Fact, Kind, Line, Section, Tone};
use super::{Batched, overview};

/// How many checks, or files that were passed over, are named.
const NAMED: usize = 3;

pub(super) fn document(batched: &Batched) -> Document {
    let summary = &batched.summary;
    let (tone, verdict) = match summary {
        Summary { failed: 1.., .. } => (Tone::Bad, "FAILED"),
        Summary { mismatched: 1.., .. } => (Tone::Bad, "MISMATCH"),
        Summary { unverified: 1.., .. } => (Tone::Warning, "UNVERIFIED"),
        _ => (Tone::Good, "MATCH"),
    };
    let headline = Fact::new(verdict, counted(summary.inputs, "export"));
    let mut document = Document { tone, headline, ..Document::default() };
    document.sections.extend(files(batched));
    overview::add(&mut document, &batched.overview);
    document.notes.extend(passed_over(batched));
    document.notes.push(Line::new(
        tone,
        format!(
            "{}: {} verified, {} mismatched, {} unverified, {} failed.",
            counted(summary.inputs, "input"),
            grouped(summary.verified),
            grouped(summary.mismatched),
            grouped(summary.unverified),
            grouped(summary.failed)
        ),
    ));
    document
}

fn files(batched: &Batched) -> Option<Section> {
    let columns = [("", Kind::Label), ("export", Kind::Name), ("", Kind::Prose)];
    let mut section = Section::new("Exports", &columns);
    for record in &batched.records {
        let (tone, is_shown) = match record.verdict {
            Verdict::Match => (Tone::Plain, batched.all),
            Verdict::Unverified => (Tone::Warning, true),
            Verdict::Mismatch | Verdict::Failed => (Tone::Bad, true),
        };
        if is_shown {
            section
                .add(tone, [record.verdict.name().into(), record.path.as_str().into(), why(record).into()]);
        }
    }
    (!section.rows.is_empty()).then(|| section.without_empty_columns())
}

fn why(record: &Record) -> String {
    match (record.verdict, &record.error) {
        (_, Some(problem)) => problem.message.clone(),
        (Verdict::Match, _) => counted(record.checks as u64, "check"),
        (Verdict::Unverified, _) => {
            format!("nothing to compare its {} with", counted(record.rows.unwrap_or(0), "record"))
        }
        _ if record.failing == 0 => "more is required than was reported".to_owned(),
        _ => mismatch(record),
    }
}

fn mismatch(record: &Record) -> String {
    let failing = &record.failing_checks;
    let ids: Vec<&str> = failing.iter().take(NAMED).map(|check| check.id.as_str()).collect();
    let and_more = if record.failing > NAMED { ", …" } else { "" };
    let of = counted(record.checks as u64, "check");
    let mut text = format!("{} of {of}: {}{and_more}.", record.failing, ids.join(", "));
    // The reason of most of them: the first one that any has.
    let reason = failing.iter().flat_map(|check: &FailingCheck| &check.explanations).next();
    if let Some(reason) = reason {
        text += &format!(" {}", reason.text);
    }
    text
}

fn passed_over(batched: &Batched) -> Option<Line> {
    let paths = &batched.passed_over;
    let named: Vec<_> = paths.iter().take(NAMED).map(|path| path.to_string_lossy()).collect();
    let and_more = if paths.len() > NAMED { ", …" } else { "" };
    (!paths.is_empty()).then(|| {
        let text = format!("Passed over, since no export is called so: {}{and_more}.", named.join(", "));
        Line::new(Tone::Warning, text)
    })
}
