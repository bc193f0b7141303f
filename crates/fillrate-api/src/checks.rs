//! Whether the file that has come is the one that the API reports.

use std::borrow::Cow;
use std::path::Path;

use fillrate::{Export, ExportRecord, Findings, Options, Question};
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
    pub id: Cow<'static, str>,
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
    /// What is wrong with the CSV itself.
    findings: Findings,
}

impl Facts {
    /// Counts the records of a file whose bytes are known.
    pub(crate) fn new(path: &Path, bytes: u64, sha1: String) -> Self {
        // Whatever is in the first row, it is not counted as a record.
        let options = Options { header_ok: true, ..Options::default() };
        let analysis = Export::open(path, &options).and_then(|export| export.analyze(&Question::default()));
        let (rows, findings) = match analysis {
            Ok(analysis) => (Ok(analysis.file.row_count), analysis.findings),
            Err(error) => (Err(error), Findings::default()),
        };
        Self { bytes, sha1, rows, findings }
    }
}

/// Compares a file with the record of its export, or where that tells no number of records, with the total of its run.
pub(crate) fn of_export(facts: &Facts, record: &ExportRecord, total: Option<u64>) -> Vec<Check> {
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
    match record.row_count {
        Some(count) => checks.extend(rows("export.rowCount", Some(count), facts)),
        None => checks.extend(rows("total", total, facts)),
    }
    if record.byte_size.is_none() && record.usable_sha1().is_none() {
        checks.extend(integrity(facts));
    }
    checks
}

/// Compares a file with the total of its run, as far as the API lets a direct export go.
pub(crate) fn of_stream(facts: &Facts, total: Option<u64>, cap: Option<u64>) -> Vec<Check> {
    let expected = total.map(|total| cap.map_or(total, |cap| total.min(cap)));
    rows("total", expected, facts).into_iter().chain(integrity(facts)).collect()
}

/// Where neither a size nor a hash vouches for the last byte, a record that is cut off has to tell.
fn integrity(facts: &Facts) -> impl Iterator<Item = Check> {
    let unsound = facts.findings.iter().filter(|finding| finding.kind.disqualifies());
    unsound.map(|finding| check(format!("integrity.{}", finding.kind.name()), false, &0, &finding.count))
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

fn check(
    id: impl Into<Cow<'static, str>>,
    agrees: bool,
    reported: &dyn ToString,
    computed: &dyn ToString,
) -> Check {
    let status = if agrees { Agreement::Match } else { Agreement::Mismatch };
    Check { id: id.into(), status, reported: reported.to_string(), computed: computed.to_string() }
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
            of_export(&facts, &record, None).iter().map(|check| check.status).collect::<Vec<_>>()
        };
        assert_eq!(statuses(Some(34), Some(2), Some(sha1)), [Match; 3]);
        assert_eq!(statuses(Some(35), Some(3), Some(&sha1.replace('d', "e"))), [Mismatch; 3]);
        assert_eq!(statuses(None, None, Some("unverified:x y")), [NotCheckable]);
        assert!(statuses(None, None, None).is_empty());
        let by_total = of_export(&facts, &ExportRecord::default(), Some(3));
        assert_eq!((&*by_total[0].id, by_total[0].status), ("total", Mismatch));
        let streamed = |total, cap| of_stream(&facts, total, cap)[0].status;
        assert_eq!(
            [streamed(Some(2), None), streamed(Some(9), Some(2)), streamed(Some(2), Some(9))],
            [Match; 3]
        );
        assert_eq!([streamed(Some(3), None), streamed(Some(1), Some(2))], [Mismatch; 2]);
    }

    /// As many records as were reported, of which the last one is cut off.
    #[test]
    fn a_record_that_is_cut_off_is_seen_where_no_size_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, "email,phone\na@example.com,1\nb@exam").unwrap();
        let facts = Facts::new(&path, 35, String::new());
        let record = ExportRecord { row_count: Some(2), ..Default::default() };
        for checks in [of_stream(&facts, Some(2), None), of_export(&facts, &record, None)] {
            let told: Vec<_> = checks.iter().map(|check| (&*check.id, check.status)).collect();
            assert_eq!(told[1..], [("integrity.short-record", Agreement::Mismatch)], "{told:?}");
        }
        let sized = ExportRecord { byte_size: Some(35), ..record };
        assert!(of_export(&facts, &sized, None).iter().all(|check| check.status == Agreement::Match));
    }

    #[test]
    fn what_is_no_csv_never_agrees() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        for content in ["", r#"{"error": {"code": "x", "message": "canary"}}"#, "<!doctype html><p>canary"] {
            std::fs::write(&path, content).unwrap();
            let facts = Facts::new(&path, content.len() as u64, String::new());
            for reported in [None, Some(0)] {
                let checks =
                    of_export(&facts, &ExportRecord { row_count: reported, ..Default::default() }, None);
                assert_eq!(checks[0].status, Agreement::Mismatch, "{content}");
                assert!(!format!("{checks:?}").contains("canary"));
            }
        }
    }
}
