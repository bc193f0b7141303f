//! What `fillrate verify` says to a person: mismatches first.

use fillrate::{Analysis, Check, ColumnStats, Status, Verdict, Verification};

use super::document::{Document, Kind, Line, Section, Tone};
use super::figures::{self, Mark};
use super::text::counted;
use crate::commands::verify::Verified;

pub(super) fn document(verified: &Verified) -> Document {
    let verification = &verified.verification;
    let mut document = Document { headline: headline(verified), ..Document::default() };
    let analysis = verified.analysis.as_ref();
    document.facts.extend(analysis.map(figures::size));
    for (name, file) in [("stats ", &verified.files.stats), ("export", &verified.files.export)] {
        document.facts.extend(file.as_ref().map(|file| format!("{name}  {}", file.to_string_lossy())));
    }
    document.sections.extend(mismatches(verification));
    document.sections.extend(unchecked(verification));
    if let Some(analysis) = analysis {
        let checks = &verification.checks;
        document.sections.push(figures::fill_rates(analysis, |column| mark_of_column(verification, column)));
        document.sections.extend(figures::histogram(analysis, |at| mark_of_bucket(checks, analysis, at)));
        document
            .sections
            .extend(figures::averages(analysis, |field| mark(checks, [format!("averages.{field}")])));
        document.sections.extend(figures::findings(analysis));
    }
    document.notes = notes(verified);
    document
}

fn headline(verified: &Verified) -> Line {
    let subject = verified.analysis.as_ref().map(|analysis| analysis.file.path.to_string_lossy());
    let subject = subject.unwrap_or("the reports, without an export".into());
    match verified.verification.verdict {
        Verdict::Match => Line::new(Tone::Good, format!("MATCH  {subject}")),
        Verdict::Mismatch => Line::new(Tone::Bad, format!("MISMATCH  {subject}")),
    }
}

/// What makes the verdict a mismatch.
fn mismatches(verification: &Verification) -> Option<Section> {
    let failing: Vec<&Check> = verification.checks.iter().filter(|check| check.fails).collect();
    let title = format!("{} of {}", failing.len(), counted(verification.checks.len() as u64, "check"));
    let verb = if failing.len() == 1 { "fails" } else { "fail" };
    let columns = [
        ("", Kind::Text),
        ("check", Kind::Text),
        ("reported", Kind::Value),
        ("computed", Kind::Value),
        ("", Kind::Text),
    ];
    let mut section = Section::new(format!("{title} {verb}"), &columns);
    for check in &failing {
        let computed = check.computed.as_ref().map_or("–".to_owned(), ToString::to_string);
        let why = if check.status == Status::Mismatch { "" } else { check.status.name() };
        let cells = [
            "✗".into(),
            check.id.as_str().into(),
            check.reported.to_string().into(),
            computed.into(),
            why.into(),
        ];
        section.add(Tone::Bad, cells);
    }
    (!failing.is_empty()).then(|| section.without_empty_columns())
}

/// What was reported and could not be compared, without making the verdict a mismatch; and what was tolerated.
fn unchecked(verification: &Verification) -> Option<Section> {
    let columns = [
        ("", Kind::Text),
        ("check", Kind::Text),
        ("reported", Kind::Value),
        ("status", Kind::Text),
        ("", Kind::Text),
    ];
    let mut section = Section::new("Not compared, or accepted", &columns);
    for check in &verification.checks {
        let why = match (&check.tolerance, &check.computed, check.reason) {
            (Some(tolerance), Some(computed), _) => format!("computed {computed}, allowed by {tolerance}"),
            (_, _, Some(reason)) => reason.to_owned(),
            _ => String::new(),
        };
        if !check.fails && (check.status != Status::Match || check.tolerance.is_some()) {
            let reported = check.reported.to_string();
            let cells = [
                "·".into(),
                check.id.as_str().into(),
                reported.into(),
                check.status.name().into(),
                why.into(),
            ];
            section.add(Tone::Warning, cells);
        }
    }
    (!section.rows.is_empty()).then(|| section.without_empty_columns())
}

fn mark_of_column(verification: &Verification, column: &ColumnStats) -> Mark {
    let fields = verification.mapping.iter().filter(|(_, name)| name.as_deref() == Some(&column.name));
    mark(&verification.checks, fields.flat_map(|(field, _)| count_and_percent(&format!("fillRates.{field}"))))
}

fn mark_of_bucket(checks: &[Check], analysis: &Analysis, at: usize) -> Mark {
    let label = analysis.stats.score_histogram[at].bucket.label();
    mark(checks, count_and_percent(&format!("scoreHistogram.{label}")))
}

fn count_and_percent(subject: &str) -> [String; 2] {
    [format!("{subject}.count"), format!("{subject}.percent")]
}

/// The worst of some checks.
fn mark(checks: &[Check], ids: impl IntoIterator<Item = String>) -> Mark {
    let ids: Vec<String> = ids.into_iter().collect();
    let of_subject: Vec<&Check> = checks.iter().filter(|check| ids.contains(&check.id)).collect();
    if of_subject.iter().any(|check| check.fails) {
        (Tone::Bad, "✗")
    } else if of_subject.iter().any(|check| check.status == Status::Match) {
        (Tone::Plain, "✓")
    } else {
        (Tone::Plain, "·")
    }
}

fn notes(verified: &Verified) -> Vec<Line> {
    let verification = &verified.verification;
    let with = |status: Status| verification.checks.iter().filter(|check| check.status == status).count();
    let counts: Vec<String> = Status::ALL
        .into_iter()
        .filter(|&status| with(status) > 0)
        .map(|status| format!("{} {}", with(status), status.name()))
        .collect();
    let total = counted(verification.checks.len() as u64, "check");
    let mut notes = vec![Line::new(Tone::Plain, format!("{total}: {}.", counts.join(", ")))];
    let mut list = |tone: Tone, what: &str, names: &[String]| {
        if !names.is_empty() {
            notes.push(Line::new(tone, format!("{what}: {}.", names.join(", "))));
        }
    };
    list(Tone::Plain, "Columns that nobody reported", &verification.not_reported);
    list(Tone::Warning, "Tolerances used", &verification.tolerances_used);
    list(Tone::Plain, "Members of the reports that the API does not document", &verification.unknown);
    notes
        .extend(verified.analysis.as_ref().and_then(figures::unsound).map(|text| Line::new(Tone::Bad, text)));
    notes
}
