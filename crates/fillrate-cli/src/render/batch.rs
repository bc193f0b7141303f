//! What `fillrate batch` says to a person: the exports that are not as reported, then how many there are.

use fillrate::{counted, grouped};
use fillrate_batch::{FailingCheck, Record, Summary, Verdict};

use super::document::{Document, Fact, Kind, Line, Section, Tone};
use super::record::{sum, unverified, without_path};
use super::{Batched, overview};

/// How many checks, columns or files are named.
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
    let tolerances = &batched.tolerances;
    document.notes.extend(naming("Tolerances used", &tolerances.used));
    document.notes.extend(naming("Tolerances that fit no check of any export", &tolerances.without_check));
    document.notes.extend(passed_over(batched));
    document.notes.extend(unreadable_reports(batched));
    document.notes.push(Line::new(tone, sum(summary)));
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
        (_, Some(problem)) => without_path(&problem.message, &record.path),
        (Verdict::Match, _) => counted(record.checks as u64, "check"),
        (Verdict::Unverified, _) => unverified(record).1,
        _ => [mismatch(record), not_reported(record)].into_iter().flatten().collect::<Vec<_>>().join(" "),
    }
}

fn not_reported(record: &Record) -> Option<String> {
    let columns = record.not_reported.as_ref().filter(|columns| !columns.is_empty())?;
    Some(format!("All is required, and nobody reported {}.", first(columns)))
}

fn mismatch(record: &Record) -> Option<String> {
    let failing = &record.failing_checks;
    if failing.is_empty() {
        return None;
    }
    let ids: Vec<&str> = failing.iter().map(|check| check.id.as_str()).collect();
    let (failed, of) = (grouped(record.failing as u64), counted(record.checks as u64, "check"));
    let mut text = format!("{failed} of {of}: {}.", first(&ids));
    // The reason of most of them: the first one that any has.
    let reason = failing.iter().flat_map(|check: &FailingCheck| &check.explanations).next();
    if let Some(reason) = reason {
        text += &format!(" {}", reason.text);
    }
    Some(text)
}

fn passed_over(batched: &Batched) -> Option<Line> {
    let paths: Vec<_> = batched.passed_over.iter().map(|path| path.to_string_lossy()).collect();
    naming("Passed over, since no export is called so", &paths)
}

fn unreadable_reports(batched: &Batched) -> Option<Line> {
    let reports: Vec<_> = batched.unreadable_reports.iter().map(|report| &*report.path).collect();
    naming("Searched for reports, and cannot be read (JSON says why)", &reports)
}

/// A warning that names the first of some things.
fn naming<T: AsRef<str>>(what: &str, all: &[T]) -> Option<Line> {
    (!all.is_empty()).then(|| Line::new(Tone::Warning, format!("{what}: {}.", first(all))))
}

/// The first of some things, as far as there is room for them.
fn first<T: AsRef<str>>(all: &[T]) -> String {
    let named: Vec<&str> = all.iter().take(NAMED).map(AsRef::as_ref).collect();
    let and_more = if all.len() > NAMED { ", …" } else { "" };
    named.join(", ") + and_more
}
