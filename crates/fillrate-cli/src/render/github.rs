//! Annotations of GitHub Actions: a workflow command on a line of its own for each check that fails.

use std::fmt::Write;

use fillrate::{Analysis, FindingKind, counted, visible};

use super::Verified;
use super::verify::{comparison, mismatch_without_check, reasons, verdict};

pub(crate) fn verify(verified: &Verified) -> String {
    let verification = &verified.verification;
    let analysis = verified.analysis.as_ref();
    let mut text = String::new();
    let mut annotate = |id: &str, what: &str| {
        let place = analysis.map_or(String::new(), |analysis| place(analysis, id));
        let (title, what) = (property(id), data(what));
        // To a `String`, this cannot fail.
        let _ = writeln!(text, "::error {place}title={title}::{what}");
    };
    for check in verification.checks.iter().filter(|check| check.fails) {
        annotate(&check.id, &format!("{}. {}", comparison(check), reasons(check).join(" ")));
    }
    if let Some((id, why)) = mismatch_without_check(verification) {
        annotate(id, &why);
    }
    let subject = analysis.map_or("the reports".into(), |analysis| analysis.file.path.to_string_lossy());
    let failing = verification.checks.iter().filter(|check| check.fails).count();
    let of = counted(verification.checks.len() as u64, "check");
    let (_, verdict) = verdict(verification.verdict);
    // Not at the beginning of a line, where a path could be a command.
    text + &format!("{verdict}  {}: {failing} of {of} fail\n", visible(&subject))
}

/// The file, and the line of what is wrong with it.
fn place(analysis: &Analysis, id: &str) -> String {
    let file = property(&analysis.file.path.to_string_lossy());
    let kind = id.strip_prefix("integrity.");
    let kind = kind.and_then(|name| FindingKind::ALL.into_iter().find(|kind| kind.name() == name));
    let first = kind.and_then(|kind| analysis.findings.get(kind)?.places.first());
    let line = first.map_or(String::new(), |place| format!("line={},", place.line));
    format!("file={file},{line}")
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
    use super::{data, property};

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
}
