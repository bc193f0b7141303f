//! The record of a stored export, in the shape of both generations of the API.

use std::path::Path;

use super::{Value, answer, not_a_report, read_file};
use crate::error::Result;

/// What the API reports about an export's file.
///
/// ```
/// let json = br#"{"data": {"export": {"status": "completed", "rowCount": 151, "byteSize": 18450}}}"#;
/// let export = fillrate::ExportRecord::from_json(json)?;
/// assert_eq!(export.byte_size, Some(18_450));
/// # Ok::<(), fillrate::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExportRecord {
    /// The run that was exported.
    pub run_id: Option<String>,
    /// Its audience.
    pub audience_id: Option<String>,
    /// `completed`, if all went well.
    pub status: Option<String>,
    /// Records; `rows` in the previous generation.
    pub row_count: Option<u64>,
    /// Bytes of the file.
    pub byte_size: Option<u64>,
    /// The SHA-1 of the file in hexadecimal, or a text that says why there is none.
    pub content_sha1: Option<String>,
    /// Of which day the data is, in the previous generation, as it was written. It is no claim: what is no text is passed
    /// over.
    pub data_date: Option<String>,
    /// Paths of members that the API does not document.
    pub unknown: Vec<String>,
}

/// Members that are documented and make no claim about the file's content.
const DETAILS: [&str; 8] =
    ["id", "exportType", "contentType", "completedAt", "fileId", "fileName", "storageProvider", "errorCode"];

/// Members beside the record, and of the previous generation's answer.
const DOWNLOAD: [&str; 7] = [
    "downloadUrl",
    "downloadUrlExpiresAt",
    "downloadUrlTtlSeconds",
    "fileName",
    "dataDate",
    "expiresIn",
    "cached",
];

/// The members by which either generation's record is recognised.
const MEMBERS: [&str; 5] = ["rowCount", "byteSize", "contentSha1", "exportType", "rows"];

impl ExportRecord {
    /// Reads an export record file.
    ///
    /// # Errors
    ///
    /// As [`Reported::open`](crate::Reported::open).
    pub fn open(path: &Path) -> Result<Self> {
        read_file(path).and_then(|text| Self::from_json(&text)).map_err(|error| error.in_file(path))
    }

    /// Reads an export answer, whole or its inner object, of either generation.
    ///
    /// # Errors
    ///
    /// As [`Reported::from_json`](crate::Reported::from_json).
    pub fn from_json(text: &[u8]) -> Result<Self> {
        let mut record = Self::default();
        let mut data = answer(text, &mut record.unknown)?;
        let mut export = match data.take("export") {
            Some(export) => {
                data.ignore(&DOWNLOAD);
                record.unknown.extend(data.unknown());
                export.object()?
            }
            None if MEMBERS.iter().any(|member| data.has(member)) => data,
            None => return Err(not_a_report("not an export record")),
        };
        record.run_id = export.read("runId", Value::text)?;
        record.audience_id = export.read("audienceId", Value::text)?;
        record.status = export.read("status", Value::text)?;
        record.byte_size = export.read("byteSize", Value::count)?;
        record.content_sha1 = export.read("contentSha1", Value::text)?;
        let (current, previous) =
            (export.read("rowCount", Value::count)?, export.read("rows", Value::count)?);
        record.row_count = current.or(previous);
        record.data_date = export.detail("dataDate");
        export.ignore(&DETAILS);
        export.ignore(&DOWNLOAD);
        record.unknown.extend(export.unknown());
        Ok(record)
    }

    /// The SHA-1 in lower case, if `contentSha1` is one.
    #[must_use]
    pub fn usable_sha1(&self) -> Option<String> {
        let text = self.content_sha1.as_deref()?;
        let is_sha1 = text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_sha1.then(|| text.to_ascii_lowercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn reads_both_generations_whole_or_inner() {
        let export = r#"{"id": "e", "audienceId": "a", "runId": "r", "exportType": "csv", "status": "completed",
            "byteSize": 18450, "rowCount": 151, "contentSha1": "none"}"#;
        let inner = ExportRecord::from_json(export.as_bytes()).unwrap();
        assert_eq!((inner.row_count, inner.byte_size), (Some(151), Some(18_450)));
        let whole = format!(r#"{{"data": {{"export": {export}, "downloadUrl": "https://example.com/x"}}}}"#);
        assert_eq!(ExportRecord::from_json(whole.as_bytes()).unwrap(), inner);
        let previous = br#"{"data": {"downloadUrl": "https://example.com/x", "fileName": "x.csv", "rows": 7,
            "dataDate": "2026-05-05", "expiresIn": 60, "cached": true, "surprise": 1}}"#;
        let previous = ExportRecord::from_json(previous).unwrap();
        assert_eq!((previous.row_count, previous.data_date.as_deref()), (Some(7), Some("2026-05-05")));
        assert_eq!(previous.unknown, ["data.surprise"]);
    }

    #[test]
    fn only_40_hexadecimal_digits_are_a_usable_sha1() {
        let digest = "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709";
        for (text, usable) in [
            (digest, true),
            ("none", false),
            ("unverified:da39a3ee", false),
            (&digest[1..], false),
            ("", false),
            ("zz39a3ee5e6b4b0d3255bfef95601890afd80709", false),
        ] {
            let record = ExportRecord { content_sha1: Some(text.to_owned()), ..Default::default() };
            assert_eq!(record.usable_sha1(), usable.then(|| digest.to_lowercase()), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_no_export_record() {
        let kind = |text: &str| ExportRecord::from_json(text.as_bytes()).unwrap_err().kind();
        assert_eq!(kind(r#"{"data": {"stats": {"total": 1}}}"#), ErrorKind::NotAReport);
        assert_eq!(kind(r#"{"rowCount": -1}"#), ErrorKind::ReportValue);
        assert_eq!(kind(r#"{"export": []}"#), ErrorKind::ReportValue);
    }
}
