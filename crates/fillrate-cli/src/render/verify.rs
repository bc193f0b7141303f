//! What `fillrate verify` says to a person: mismatches first.

use std::collections::HashMap;

use fillrate::{Among, Check, ColumnStats, Figure, Status, Verdict, Verification, counted, grouped};

use super::Verified;
use super::document::{Document, Fact, Kind, Line, Section, Tone};
use super::figures::{self, Mark};

const AGREES: &str = "✓";
const NOT_COMPARED: &str = "·";

pub(super) fn document(verified: &Verified) -> Document {
    let verification = &verified.verification;
    let analysis = verified.analysis.as_ref();
    let subject = analysis.map(|analysis| analysis.file.path.to_string_lossy());
    let (tone, verdict) = verdict(verification.verdict);
    let headline = Fact::new(verdict, subject.unwrap_or("the reports, without an export".into()));
    let mut document = Document { tone, headline, ..Document::default() };
    document.facts.extend(analysis.map(figures::size_of_file));
    for (name, file) in [("stats", &verified.files.stats), ("export", &verified.files.export)] {
        document.facts.extend(file.as_ref().map(|file| Fact::new(name, file.to_string_lossy())));
    }
    document.sections.extend(mismatches(verification));
    document.sections.extend(unchecked(verification));
    if let Some(analysis) = analysis {
        let marks = Marks::of(verification);
        document.sections.push(figures::fill_rates(analysis.stats.total, &analysis.columns, |column| {
            marks.of_column(column)
        }));
        document.sections.extend(figures::histogram(analysis, |bucket| marks.of_bucket(bucket.label())));
        document.sections.extend(figures::averages(&analysis.stats, |field| marks.of_average(field)));
        document.sections.extend(figures::findings(analysis));
    }
    // Before the other notes, so that it stands right under what it explains.
    if document.sections.iter().any(|section| section.has_mark(NOT_COMPARED)) {
        document
            .notes
            .push(Line::new(Tone::Plain, format!("{NOT_COMPARED} was not reported, or not compared.")));
    }
    document.notes.extend(notes(verified));
    document
}

/// What makes the verdict a mismatch.
fn mismatches(verification: &Verification) -> Option<Section> {
    let failing: Vec<&Check> = verification.checks.iter().filter(|check| check.fails).collect();
    let title = format!(
        "{} of {}",
        grouped(failing.len() as u64),
        counted(verification.checks.len() as u64, "check")
    );
    let verb = if failing.len() == 1 { "fails" } else { "fail" };
    let columns = [
        ("", Kind::Label),
        ("check", Kind::Name),
        ("reported", Kind::Value),
        ("computed", Kind::Value),
        ("", Kind::Label),
    ];
    let mut section = Section::new(format!("{title} {verb}"), &columns);
    for (at, check) in failing.iter().enumerate() {
        let computed = check.computed.as_ref().map_or("–".to_owned(), figure);
        let why = if check.status == Status::Mismatch { "" } else { check.status.name() };
        let cells = [
            figures::BAD.into(),
            check.id.as_str().into(),
            figure(&check.reported).into(),
            computed.into(),
            why.into(),
        ];
        section.add(Tone::Bad, cells);
        // Once for all that have the same reason: a field's count and percent, or all that a missing line changes.
        if failing.get(at + 1).is_none_or(|next| reasons(next) != reasons(check)) {
            for reason in reasons(check) {
                section.say(reason);
            }
        }
    }
    (!failing.is_empty()).then(|| section.without_empty_columns())
}

/// What is said under a failing check that no hypothesis explains.
pub(super) const UNEXPLAINED: &str = "unexplained";

/// What is said under a failing check.
pub(super) fn reasons(check: &Check) -> Vec<&str> {
    if check.is_unexplained() {
        return vec![UNEXPLAINED];
    }
    check.explanations.iter().map(|explanation| explanation.text.as_str()).collect()
}

/// What was reported and could not be compared, without making the verdict a mismatch; and what was tolerated.
fn unchecked(verification: &Verification) -> Option<Section> {
    let columns = [
        ("", Kind::Label),
        ("check", Kind::Name),
        ("reported", Kind::Value),
        ("status", Kind::Label),
        ("", Kind::Prose),
    ];
    let mut section = Section::new("Not compared, or accepted", &columns);
    for check in &verification.checks {
        let (mark, why) = match (&check.tolerance, &check.computed, check.reason) {
            (Some(tolerance), Some(computed), _) => {
                (AGREES, format!("computed {}, allowed by {tolerance}", figure(computed)))
            }
            (_, _, reason) => (NOT_COMPARED, reason.unwrap_or_default().to_owned()),
        };
        if !check.fails && (check.status != Status::Match || check.tolerance.is_some()) {
            let cells = [
                mark.into(),
                check.id.as_str().into(),
                figure(&check.reported).into(),
                check.status.name().into(),
                why.into(),
            ];
            section.add(Tone::Warning, cells);
        }
    }
    (!section.rows.is_empty()).then(|| section.without_empty_columns())
}

/// A verdict in a word, and how loud it is.
pub(super) fn verdict(verdict: Verdict) -> (Tone, &'static str) {
    match verdict {
        Verdict::Match => (Tone::Good, "MATCH"),
        Verdict::Mismatch => (Tone::Bad, "MISMATCH"),
    }
}

/// What a failing check compares, in one line.
pub(super) fn comparison(check: &Check) -> String {
    let computed = check.computed.as_ref().map(figure);
    compared(&figure(&check.reported), computed.as_deref(), check.status.name())
}

/// The same of values in words. Where there is no computed one, the status says why.
pub(super) fn compared(reported: &str, computed: Option<&str>, status: &str) -> String {
    format!("reported {reported}, computed {}", computed.unwrap_or(status))
}

/// A value as a person reads it.
fn figure(figure: &Figure) -> String {
    match figure {
        Figure::Count(count) => grouped(*count),
        other => other.to_string(),
    }
}

/// The marks of figures, by the checks that they are compared in.
struct Marks<'a> {
    checks: HashMap<&'a str, &'a Check>,
    /// By column: the fields that it carries.
    fields: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Marks<'a> {
    fn of(verification: &'a Verification) -> Self {
        let mut fields = HashMap::<&str, Vec<&str>>::new();
        for (field, column) in &verification.mapping {
            if let Some(column) = column {
                fields.entry(column).or_default().push(field);
            }
        }
        Self { checks: verification.checks.iter().map(|check| (&*check.id, check)).collect(), fields }
    }

    fn of_column(&self, column: &ColumnStats) -> Mark {
        let fields = self.fields.get(&*column.name).into_iter().flatten();
        self.worst(fields.flat_map(|field| count_and_percent(&format!("fillRates.{field}"))))
    }

    fn of_bucket(&self, label: &str) -> Mark {
        self.worst(count_and_percent(&format!("scoreHistogram.{label}")))
    }

    fn of_average(&self, field: &str) -> Mark {
        self.worst([format!("averages.{field}")])
    }

    /// The worst of some checks.
    fn worst(&self, ids: impl IntoIterator<Item = String>) -> Mark {
        let checks: Vec<&Check> = ids.into_iter().filter_map(|id| self.checks.get(&*id).copied()).collect();
        if checks.iter().any(|check| check.fails) {
            (Tone::Bad, figures::BAD)
        } else if checks.iter().any(|check| check.status == Status::Match) {
            (Tone::Plain, AGREES)
        } else {
            (Tone::Plain, NOT_COMPARED)
        }
    }
}

fn count_and_percent(subject: &str) -> [String; 2] {
    [format!("{subject}.count"), format!("{subject}.percent")]
}

fn notes(verified: &Verified) -> Vec<Line> {
    let verification = &verified.verification;
    let with = |status: Status| verification.checks.iter().filter(|check| check.status == status).count();
    let counts: Vec<String> = Status::ALL
        .into_iter()
        .filter(|&status| with(status) > 0)
        .map(|status| format!("{} {}", grouped(with(status) as u64), status.name()))
        .collect();
    let total = counted(verification.checks.len() as u64, "check");
    let mut notes = vec![Line::new(Tone::Plain, format!("{total}: {}.", counts.join(", ")))];
    // Only `--require-all` makes a mismatch of them.
    let (tone, what) = match verification.verdict {
        Verdict::Mismatch
            if !is_no_run(verification) && !verification.checks.iter().any(|check| check.fails) =>
        {
            (Tone::Bad, "Columns that nobody reported, which makes it a mismatch")
        }
        _ => (Tone::Plain, "Columns that nobody reported"),
    };
    let mut list = |tone: Tone, what: &str, names: &[String]| {
        if !names.is_empty() {
            notes.push(Line::new(tone, format!("{what}: {}.", names.join(", "))));
        }
    };
    list(tone, what, &verification.not_reported);
    list(Tone::Warning, "Tolerances used", &verification.tolerances_used);
    list(Tone::Warning, "Tolerances that fit no check", &verification.tolerances_without_check);
    list(
        Tone::Warning,
        "Fields that may be missing and are not reported",
        &verification.allowed_without_report,
    );
    list(Tone::Plain, "Members of the reports that the API does not document", &verification.unknown);
    notes.extend(verification.not_tried.iter().map(|text| Line::new(Tone::Warning, text.as_str())));
    notes.extend(verification.among.iter().flat_map(runs));
    notes.extend(verified.analysis.iter().flat_map(figures::notes));
    notes
}

/// What makes the verdict a mismatch although no check fails: a name as that of a check, and why.
pub(super) fn mismatch_without_check(verification: &Verification) -> Option<(&'static str, String)> {
    if verification.verdict == Verdict::Match || verification.checks.iter().any(|check| check.fails) {
        return None;
    }
    Some(match &verification.among {
        Some(among) if among.matching.is_empty() => (
            "candidates",
            format!("Of {}, none matches this file.", counted(among.tried as u64, "candidate")),
        ),
        _ => nobody_reported(&verification.not_reported),
    })
}

/// What makes it a mismatch where all is required. No columns are what nobody reported where that is limited to fields
/// that there are no columns of, and there is no report.
pub(super) fn nobody_reported(columns: &[String]) -> (&'static str, String) {
    let what = if columns.is_empty() { "anything".to_owned() } else { columns.join(", ") };
    ("notReported", format!("Nobody reported {what}."))
}

/// Whether it is a mismatch because the file is of none of several runs.
fn is_no_run(verification: &Verification) -> bool {
    verification.among.as_ref().is_some_and(|among| among.matching.is_empty())
}

/// Which of several runs the file is of.
fn runs(among: &Among) -> Vec<Line> {
    let tried = counted(among.tried as u64, "candidate");
    let paths: Vec<_> = among.matching.iter().map(|path| path.to_string_lossy()).collect();
    let mut lines = vec![if paths.is_empty() {
        Line::new(Tone::Bad, format!("Of {tried}, none matches this file."))
    } else {
        Line::new(Tone::Plain, format!("Of {tried}, this file matches: {}.", paths.join(", ")))
    }];
    let skipped = among.skipped.iter().map(|why| Line::new(Tone::Warning, format!("Not tried: {why}")));
    lines.extend(skipped);
    lines
}
