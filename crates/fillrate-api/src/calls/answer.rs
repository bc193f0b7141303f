//! What is read out of an answer, which is kept as it came.

use fillrate::{ExportRecord, Reported};
use serde::Deserialize;
use ureq::http::StatusCode;

use crate::error::{Error, ErrorKind, Result};
use crate::ids::Id;
use crate::status::is_word;
use crate::url::SignedUrl;
use crate::withheld::without_urls;

/// The stats of a run or a day.
pub(crate) struct StatsAnswer {
    /// As it came, but for signed URLs.
    pub(crate) text: Vec<u8>,
    pub(crate) reported: Reported,
}

/// The record of an export.
pub(crate) struct ExportAnswer {
    /// As it came, but for signed URLs.
    pub(crate) text: Vec<u8>,
    pub(crate) record: ExportRecord,
    pub(crate) id: Option<Id>,
    pub(crate) url: Option<SignedUrl>,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    Completed,
    Running,
    Failed,
}

impl StatsAnswer {
    pub(crate) fn new(text: &[u8]) -> Result<Self> {
        let reported =
            Reported::from_json(text).map_err(|error| Error::answer("the answer with the stats", &error))?;
        Ok(Self { text: without_urls(text)?, reported })
    }
}

impl ExportAnswer {
    /// Reads the answer to a call for `what`.
    pub(crate) fn new(what: &str, status: StatusCode, text: &[u8]) -> Result<Self> {
        check_is_named(what, status, text)?;
        let unusable = |error: &fillrate::Error| Error::answer("the answer with the export", error);
        let record = ExportRecord::from_json(text).map_err(|error| unusable(&error))?;
        // It was read as a record, so this can only miss a text where a text should be.
        let envelope: Envelope =
            serde_json::from_slice(text).map_err(|_| another("has an id or an address that is no text"))?;
        let data = envelope.data;
        let id = data.export.and_then(|export| export.id).map(|id| id.parse()).transpose();
        Ok(Self {
            text: without_urls(text)?,
            record,
            id: id.map_err(|_: Error| another("has an id that is no UUID"))?,
            url: data.download_url.map(|url| url.parse()).transpose()?,
        })
    }

    pub(crate) fn progress(&self) -> Progress {
        match self.record.status.as_deref() {
            Some("completed") => Progress::Completed,
            Some("failed" | "error" | "cancelled" | "canceled" | "expired") => Progress::Failed,
            None if self.url.is_some() => Progress::Completed,
            _ => Progress::Running,
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    export: Option<Identified>,
    #[serde(rename = "downloadUrl")]
    download_url: Option<String>,
}

#[derive(Deserialize)]
struct Identified {
    id: Option<String>,
}

fn another(why: &str) -> Error {
    Error::new(ErrorKind::Answer, format!("the answer with the export {why}"), "check the address of the API")
}

/// Refuses an answer about something else than what was asked about.
pub(crate) fn check_is_same(what: &str, told: Option<&str>, asked: &str) -> Result<()> {
    if told.is_none_or(|told| told.eq_ignore_ascii_case(asked)) {
        return Ok(());
    }
    let what = format!("the answer is about another {what} than {asked}");
    Err(Error::new(ErrorKind::Answer, what, "nothing was kept of it: check the address of the API"))
}

/// Refuses a 202 that does not say which export it is that is being made.
fn check_is_named(what: &str, status: StatusCode, text: &[u8]) -> Result<()> {
    let names_one = || {
        let answer: serde_json::Value = serde_json::from_slice(text).unwrap_or_default();
        ["export", "downloadUrl"].iter().any(|name| !answer["data"][name].is_null())
    };
    if status != StatusCode::ACCEPTED || names_one() {
        return Ok(());
    }
    let what = format!("{what} is being made, and the API does not tell of it yet (202)");
    Err(Error::new(ErrorKind::NotReady, what, "run it again in a while: the API goes on with it"))
}

/// A text of an answer that may be shown: a word, or a time.
pub(crate) fn word(text: Option<String>) -> Option<String> {
    text.filter(|text| is_word(&text.replace([':', '+'], "-")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_of_an_export_is_read_strictly() {
        let answer =
            |data: &str| ExportAnswer::new("x", StatusCode::OK, format!(r#"{{"data": {data}}}"#).as_bytes());
        let export = r#""id": "40bfaa9b-eff0-468d-b382-9b721790780c", "rowCount": 1"#;
        let good = answer(&format!(r#"{{"export": {{{export}}}, "downloadUrl": "https://a.example/x?y"}}"#))
            .unwrap();
        assert!(good.id.is_some() && good.url.is_some() && good.progress() == Progress::Completed);
        assert!(!String::from_utf8(good.text).unwrap().contains("a.example"));
        for bad in [
            r#"{"export": {"id": "../../x", "rowCount": 1}}"#,
            r#"{"export": {"id": 7, "rowCount": 1}}"#,
            &format!(r#"{{"export": {{{export}}}, "downloadUrl": 7}}"#),
            &format!(r#"{{"export": {{{export}}}, "downloadUrl": "file:///etc/passwd"}}"#),
            &format!(r#"{{"export": {{{export}, {export}}}}}"#),
            "{}",
            "[]",
        ] {
            assert!(answer(bad).is_err(), "{bad}");
        }
        for (status, progress) in [
            ("completed", Progress::Completed),
            ("queued", Progress::Running),
            ("whatever", Progress::Running),
            ("failed", Progress::Failed),
        ] {
            let answer = answer(&format!(r#"{{"export": {{{export}, "status": "{status}"}}}}"#)).unwrap();
            assert_eq!(answer.progress(), progress);
        }
    }

    #[test]
    fn times_and_words_are_shown_and_nothing_else() {
        let shown = |text: &str| word(Some(text.to_owned())).is_some();
        assert!(
            shown("2026-05-05T08:45:03.000Z") && shown("completed") && shown("2026-05-05T08:45:03+02:00")
        );
        assert!(!shown("\u{1b}[31m") && !shown("two words") && !shown(""));
    }
}
