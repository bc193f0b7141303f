//! Annotations of GitHub Actions: a workflow command on a line of its own for each check that fails.

use std::borrow::Cow;
use std::fmt;

use fillrate::{counted, visible};
use fillrate_batch::{Record, Verdict};

use super::remark::{self, Remark};
use super::verify::{comparison, mismatch_without_check, reasons, verdict};
use super::{Batched, Verified, record};

/// What is said of a file, or of one of its lines.
struct Annotation<'a> {
    level: Level,
    file: Option<Cow<'a, str>>,
    line: Option<u64>,
    title: &'a str,
    text: String,
}

#[derive(Clone, Copy)]
enum Level {
    Error,
    Warning,
}

pub(crate) fn verify(verified: &Verified) -> String {
    let verification = &verified.verification;
    let analysis = verified.analysis.as_ref();
    let path = analysis.map(|analysis| analysis.file.path.to_string_lossy());
    let file = path.as_deref();
    let failing: Vec<_> = verification.checks.iter().filter(|check| check.fails).collect();
    let annotations = failing.iter().map(|check| {
        let findings = analysis.iter().flat_map(|analysis| analysis.findings.iter());
        let lines = findings.map(|finding| (finding.kind.name(), finding.places.first().map(|at| at.line)));
        Annotation::of_check(file, line(&check.id, lines), &check.id, &comparison(check), &reasons(check))
    });
    let whole = mismatch_without_check(verification);
    let whole = whole.map(|(name, why)| Annotation::error(file, name, why));
    let text: String = annotations.chain(whole).map(|annotation| annotation.to_string()).collect();
    let of = counted(verification.checks.len() as u64, "check");
    let (_, verdict) = verdict(verification.verdict);
    // Not at the beginning of a line, where a path could be a command.
    let subject = without_command(file.unwrap_or("the reports"));
    text + &format!("{verdict}  {subject}: {} of {of} fail\n", failing.len())
}

/// Of what was of no use, of every export that is not as reported, and at the end how many there are.
pub(crate) fn batch(batched: &Batched) -> String {
    let remarks = remark::of(batched).map(Annotation::of_remark);
    let annotations = remarks.chain(batched.records.iter().flat_map(of_record));
    let text: String = annotations.map(|annotation| annotation.to_string()).collect();
    text + &record::sum(&batched.summary) + "\n"
}

fn of_record(record: &Record) -> Vec<Annotation<'_>> {
    let file = Some(record.path.as_str());
    if let Some(problem) = &record.error {
        let text = record::without_path(&problem.message, &record.path);
        return vec![Annotation::error(file, &problem.kind, text)];
    }
    if record.verdict == Verdict::Unverified {
        let (title, text) = record::unverified(record);
        return vec![Annotation::warning(file, title, text)];
    }
    let failing = record.failing_checks.iter().map(|check| {
        let findings = record.findings.iter();
        let lines = findings.map(|found| (found.kind.as_str(), found.places.first().map(|at| at.line)));
        let (comparison, reasons) = (record::comparison(check), record::reasons(check));
        Annotation::of_check(file, line(&check.id, lines), &check.id, &comparison, &reasons)
    });
    // Not all of them are kept.
    let more = record.failing.saturating_sub(record.failing_checks.len());
    let more = (more > 0).then(|| {
        let of = counted(record.checks as u64, "check");
        let text = format!("and {} of {of}", counted(more as u64, "more failing check"));
        Annotation::error(file, record.verdict.name(), text)
    });
    let whole = record::mismatch_without_check(record);
    let whole = whole.map(|(name, why)| Annotation::error(file, name, why));
    failing.chain(more).chain(whole).collect()
}

/// Where it begins what a check of the CSV itself has found, among the lines of each kind of finding.
fn line<'a>(id: &str, mut lines: impl Iterator<Item = (&'a str, Option<u64>)>) -> Option<u64> {
    let kind = id.strip_prefix("integrity.")?;
    lines.find(|(found, _)| *found == kind)?.1
}

impl<'a> Annotation<'a> {
    fn error(file: Option<&'a str>, title: &'a str, text: String) -> Self {
        Self { level: Level::Error, file: file.map(Cow::from), line: None, title, text }
    }

    fn warning(file: Option<&'a str>, title: &'a str, text: String) -> Self {
        Self { level: Level::Warning, ..Self::error(file, title, text) }
    }

    fn of_remark(remark: Remark<'a>) -> Self {
        let Remark { title, file, text } = remark;
        Self { file, ..Self::warning(None, title, text) }
    }

    fn of_check(
        file: Option<&'a str>,
        line: Option<u64>,
        id: &'a str,
        comparison: &str,
        reasons: &[&str],
    ) -> Self {
        let text = format!("{comparison}. {}", reasons.join(" "));
        Self { line, ..Self::error(file, id, text.trim_end().to_owned()) }
    }
}

impl fmt::Display for Annotation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.level {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        write!(f, "::{level} ")?;
        if let Some(file) = &self.file {
            write!(f, "file={},", property(file))?;
        }
        if let Some(line) = self.line {
            write!(f, "line={line},")?;
        }
        writeln!(f, "title={}::{}", property(self.title), data(&self.text))
    }
}

/// What stands on a line that is no command: an older kind of command may begin anywhere in it.
fn without_command(text: &str) -> String {
    visible(text).replace("##[", "##\\u{5b}")
}

/// The text behind the second `::`.
fn data(text: &str) -> String {
    // No CR and no LF passes `visible`.
    visible(text).replace('%', "%25")
}

/// The value of a property, which a comma would end, and a colon the properties.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property, without_command};

    #[test]
    fn no_text_ends_where_it_should_not() {
        for (text, as_data, as_property) in [
            ("company.name", "company.name", "company.name"),
            ("100%", "100%25", "100%25"),
            ("%0A::error::x", "%250A::error::x", "%250A%3A%3Aerror%3A%3Ax"),
            ("a,b:c", "a,b:c", "a%2Cb%3Ac"),
            ("a\r\n::warning::b", "a\\u{d}\\u{a}::warning::b", "a\\u{d}\\u{a}%3A%3Awarning%3A%3Ab"),
        ] {
            assert_eq!((&*data(text), &*property(text)), (as_data, as_property));
        }
    }
    #[test]
    fn no_command_begins_on_another_line() {
        for (text, expected) in [
            ("runs/#[1].csv", "runs/#[1].csv"),
            ("##[stop-commands]x", "##\\u{5b}stop-commands]x"),
            ("###[error]\n::error::x", "###\\u{5b}error]\\u{a}::error::x"),
        ] {
            assert_eq!(without_command(text), expected);
        }
    }
}
