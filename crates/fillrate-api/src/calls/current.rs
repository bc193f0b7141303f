//! The current generation: everything is of a run.

use fillrate::ExportRecord;
use serde::Deserialize;
use ureq::http::{Method, StatusCode, Uri};

use super::answer::{ExportAnswer, StatsAnswer, check_is_same, word};
use crate::client::{Client, Repeatable};
use crate::error::{Error, ErrorKind, Result};
use crate::ids::Id;
use crate::status;

/// A stored export of a run, as the list of them has it. Its texts can be shown as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: Id,
    /// `completed`, if it can be downloaded.
    pub status: Option<String>,
    /// Records.
    pub row_count: Option<u64>,
    /// Bytes.
    pub byte_size: Option<u64>,
    /// When it was completed, as the API writes it.
    pub completed_at: Option<String>,
}

fn path(audience: &Id, run: &Id, call: &str) -> String {
    format!("/v1/intent/audiences/{audience}/runs/{run}/{call}")
}

impl Client<'_> {
    /// The stats of a completed run.
    pub(crate) fn stats(&self, audience: &Id, run: &Id) -> Result<StatsAnswer> {
        let what = format!("the stats of run {run}");
        let (status, text) =
            self.json(&what, &Method::GET, &path(audience, run, "stats"), Repeatable::Yes)?;
        check_is_ready(&what, status, &text)?;
        let answer = StatsAnswer::new(&text)?;
        let of = &answer.reported.run;
        check_is_same("audience", of.audience_id.as_deref(), &audience.to_string())?;
        check_is_same("run", of.id.as_deref(), &run.to_string())?;
        if of.status.as_deref().is_some_and(|status| status != "completed") {
            return Err(status::error(&what, StatusCode::ACCEPTED, &ureq::http::HeaderMap::new(), &[]));
        }
        Ok(answer)
    }

    /// Makes a stored export of a run, or takes the one that there is: to call it twice gives one export.
    pub(crate) fn make_export(&self, audience: &Id, run: &Id) -> Result<ExportAnswer> {
        let what = format!("the export of run {run}");
        let (status, text) =
            self.json(&what, &Method::POST, &path(audience, run, "exports"), Repeatable::Yes)?;
        checked(ExportAnswer::new(&what, status, &text)?, audience, run)
    }

    /// A stored export, with a signed URL that is fresh.
    pub(crate) fn export(&self, audience: &Id, run: &Id, export: &Id) -> Result<ExportAnswer> {
        let what = format!("the export {export}");
        let call = path(audience, run, &format!("exports/{export}"));
        let (status, text) = self.json(&what, &Method::GET, &call, Repeatable::Yes)?;
        let answer = checked(ExportAnswer::new(&what, status, &text)?, audience, run)?;
        check_is_same("export", answer.id.as_ref().map(ToString::to_string).as_deref(), &export.to_string())?;
        Ok(answer)
    }

    /// The stored exports of a run.
    ///
    /// # Errors
    ///
    /// Of the connection and the API, and [`ErrorKind::Answer`] if the list cannot be read.
    pub fn exports(&self, audience: &Id, run: &Id) -> Result<Vec<Listed>> {
        let what = format!("the exports of run {run}");
        let (status, text) =
            self.json(&what, &Method::GET, &path(audience, run, "exports"), Repeatable::Yes)?;
        check_is_ready(&what, status, &text)?;
        let answer: ListAnswer = serde_json::from_slice(&text).map_err(|_| unreadable_list())?;
        let items = match answer.data {
            ListData::Bare(items) | ListData::Named { exports: items } => items,
        };
        items.iter().map(|item| listed(item, audience, run)).collect()
    }

    /// Where the run is streamed from at once.
    pub(crate) fn csv(&self, audience: &Id, run: &Id) -> Result<Uri> {
        self.settings.origin.call(&path(audience, run, "export.csv"))
    }
}

/// The stats have 202 for what is still to come.
fn check_is_ready(what: &str, status: StatusCode, text: &[u8]) -> Result<()> {
    if status == StatusCode::ACCEPTED {
        return Err(status::error(what, status, &ureq::http::HeaderMap::new(), text));
    }
    Ok(())
}

fn checked(answer: ExportAnswer, audience: &Id, run: &Id) -> Result<ExportAnswer> {
    check_is_same("audience", answer.record.audience_id.as_deref(), &audience.to_string())?;
    check_is_same("run", answer.record.run_id.as_deref(), &run.to_string())?;
    Ok(answer)
}

/// The documentation does not say whether the list has a name.
#[derive(Deserialize)]
struct ListAnswer {
    data: ListData,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ListData {
    Bare(Vec<Item>),
    Named { exports: Vec<Item> },
}

/// An item of the list, read later: what is untagged cannot be left raw.
type Item = serde_json::Map<String, serde_json::Value>;

fn unreadable_list() -> Error {
    Error::new(ErrorKind::Answer, "the list of exports cannot be read", "check the address of the API")
}

fn listed(item: &Item, audience: &Id, run: &Id) -> Result<Listed> {
    let text = serde_json::to_vec(item).map_err(|_| unreadable_list())?;
    let record =
        ExportRecord::from_json(&text).map_err(|error| Error::answer("the list of exports", &error))?;
    check_is_same("audience", record.audience_id.as_deref(), &audience.to_string())?;
    check_is_same("run", record.run_id.as_deref(), &run.to_string())?;
    let member = |name: &str| item.get(name).and_then(|value| value.as_str()).map(str::to_owned);
    let id = member("id").and_then(|id| id.parse().ok()).ok_or_else(unreadable_list)?;
    Ok(Listed {
        id,
        status: word(record.status),
        row_count: record.row_count,
        byte_size: record.byte_size,
        completed_at: word(member("completedAt")),
    })
}
