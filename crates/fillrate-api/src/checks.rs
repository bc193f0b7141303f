//! Whether the file that has come is the one that the API reports.

use std::path::Path;

use fillrate::{Export, ExportRecord, Options, Question};
use serde::Serialize;

/// What a reported value is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    /// The file has it.
    Match,
    /// The file has another one.
    Mismatch,
    /// There is nothing in it to compare with.
    NotCheckable,
}

/// The comparison of one reported value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// As `verify` calls it.
    pub id: &'static str,
    /// Whether it agrees.
    pub status: Agreement,
    /// What the API says.
    pub reported: String,
    /// What the file says.
    pub computed: String,
}

/// What there is to know of a file.
pub(crate) struct Facts {
    pub(crate) bytes: u64,
    pub(crate) sha1: String,
    /// Records; or why they cannot be counted.
    pub(crate) rows: Result<u64, fillrate::Error>,
}

impl Facts {
    /// Counts the records of a file whose bytes are known.
    pub(crate) fn new(path: &Path, bytes: u64, sha1: String) -> Self {
        // Whatever is in the first row, it is not counted as a record.
        let options = Options { header_ok: true, ..Options::default() };
        let analysis = Export::open(path, &options).and_then(|export| export.analyze(&Question::default()));
        Self { bytes, sha1, rows: analysis.map(|analysis| analysis.file.row_count) }
    }
}

/// Compares a file with the record of its export.
pub(crate) fn of_export(facts: &Facts, record: &ExportRecord) -> Vec<Check> {
    let mut checks = Vec::new();
    if let Some(size) = record.byte_size {
        checks.push(check("export.byteSize", size == facts.bytes, &size, &facts.bytes));
    }
    if let Some(text) = &record.content_sha1 {
        let mut check = match record.usable_sha1() {
            Some(sha1) => check("export.contentSha1", sha1 == facts.sha1, &sha1, &facts.sha1),
            None => check("export.contentSha1", true, &"unusable", &facts.sha1),
        };
        if record.usable_sha1().is_none() {
            check.status = Agreement::NotCheckable;
            // Texts that say why there is none begin with a word.
            check.reported = text.chars().take_while(char::is_ascii_alphanumeric).collect();
        }
        checks.push(check);
    }
    checks.extend(rows("export.rowCount", record.row_count, facts));
    checks
}

/// Compares a file with the total of its run, as far as the API lets a direct export go.
pub(crate) fn of_stream(facts: &Facts, total: Option<u64>, cap: Option<u64>) -> Vec<Check> {
    let expected = total.map(|total| cap.map_or(total, |cap| total.min(cap)));
    rows("total", expected, facts).into_iter().collect()
}

/// A file whose records cannot be counted is no CSV, whether their number was reported or not.
fn rows(id: &'static str, reported: Option<u64>, facts: &Facts) -> Option<Check> {
    match (&facts.rows, reported) {
        (Ok(rows), Some(reported)) => Some(check(id, *rows == reported, &reported, rows)),
        (Ok(_), None) => None,
        (Err(error), _) => {
            let reported = reported.map_or("a CSV".to_owned(), |rows| rows.to_string());
            Some(check(id, false, &reported, &error.kind().name()))
        }
    }
}

fn check(id: &'static str, agrees: bool, reported: &dyn ToString, computed: &dyn ToString) -> Check {
    let status = if agrees { Agreement::Match } else { Agreement::Mismatch };
    Check { id, status, reported: reported.to_string(), computed: computed.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reported_value_is_compared() {
        use Agreement::{Match, Mismatch, NotCheckable};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "email\na@example.com\nb@example.com\n").unwrap();
        let sha1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709";
        let facts = Facts::new(&path, 34, sha1.to_owned());
        let statuses = |bytes, rows, sha1: Option<&str>| {
            let record = ExportRecord {
                byte_size: bytes,
                row_count: rows,
                content_sha1: sha1.map(str::to_owned),
                ..Default::default()
            };
            of_export(&facts, &record).iter().map(|check| check.status).collect::<Vec<_>>()
        };
        assert_eq!(statuses(Some(34), Some(2), Some(sha1)), [Match; 3]);
        assert_eq!(statuses(Some(35), Some(3), Some(&sha1.replace('d', "e"))), [Mismatch; 3]);
        assert_eq!(statuses(None, None, Some("unverified:x y")), [NotCheckable]);
        assert!(statuses(None, None, None).is_empty());
        let streamed = |total, cap| of_stream(&facts, total, cap)[0].status;
        assert_eq!(
            [streamed(Some(2), None), streamed(Some(9), Some(2)), streamed(Some(2), Some(9))],
            [Match; 3]
        );
        assert_eq!([streamed(Some(3), None), streamed(Some(1), Some(2))], [Mismatch; 2]);
    }

    #[test]
    fn what_is_no_csv_never_agrees() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        for content in ["", r#"{"error": {"code": "x", "message": "canary"}}"#, "<!doctype html><p>canary"] {
            std::fs::write(&path, content).unwrap();
            let facts = Facts::new(&path, content.len() as u64, String::new());
            for reported in [None, Some(0)] {
                let checks = of_export(&facts, &ExportRecord { row_count: reported, ..Default::default() });
                assert_eq!(checks[0].status, Agreement::Mismatch, "{content}");
                assert!(!format!("{checks:?}").contains("canary"));
            }
        }
    }
}
