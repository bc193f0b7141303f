//! From an id to a folder with an export and its reports, checked.

use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::calls::{ExportAnswer, Progress, StatsAnswer};
use crate::checks::{self, Agreement, Check, Facts};
use crate::client::Client;
use crate::digest;
use crate::download::{Received, Source};
use crate::error::{Error, ErrorKind, Result, shown};
use crate::ids::{Day, Id};
use crate::part::{Part, exists};
use crate::store::{self, Place, remove, write};

/// How often a stored export's address may expire in one download.
const MOST_RENEWALS: u32 = 10;

/// Which of the API's ways an export comes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// As a stored export, with a record of its own.
    Stored,
    /// Streamed at once, up to a number of records.
    Direct,
    /// Of a day, in the previous generation.
    Previous,
}

/// What was fetched, and whether it is what the API reports. Kept as `fetch.json`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fetched {
    schema: u32,
    /// Whether all checks agree.
    pub result: Agreement,
    /// How it came.
    pub way: Way,
    /// The audience.
    pub audience_id: String,
    /// The run, or the day in the previous generation.
    #[serde(rename = "of")]
    pub of: String,
    /// The id of a stored export.
    pub export_id: Option<String>,
    /// Where the bytes came from, behind all redirects, and the last of them if there were several; without what is secret.
    pub from: Option<String>,
    /// Bytes.
    pub byte_size: u64,
    /// Records, if the file is a CSV.
    pub row_count: Option<u64>,
    /// The SHA-1 of the file.
    pub content_sha1: String,
    /// The most records that the API puts into a direct export.
    pub row_cap: Option<u64>,
    /// At which byte a download that broke off, now or earlier, was last gone on with; 0 if one answer brought all of it.
    pub resumed_at: u64,
    /// Whether it was not as reported after it had been gone on with, and was downloaded from its beginning for that.
    pub begun_again: bool,
    /// Every reported value that could be compared.
    pub checks: Vec<Check>,
    /// The file: `audience.csv`, or `audience.csv.bad` if something differs.
    #[serde(skip)]
    pub path: PathBuf,
    /// Whether it was there already, and is as the API reports it.
    #[serde(skip)]
    pub was_there: bool,
}

/// Fetches exports into a folder.
pub struct Fetch<'a> {
    /// What calls the API.
    pub client: &'a Client<'a>,
    /// Where the folders of audiences are.
    pub out: &'a Path,
    /// Whether to replace exports that are there.
    pub force: bool,
}

/// What is known before a file is downloaded.
struct Ordered<'a> {
    place: Place,
    way: Way,
    audience: &'a Id,
    of: String,
    stats: StatsAnswer,
    export: Option<ExportAnswer>,
}

impl Fetch<'_> {
    /// Fetches a stored export of a run, which the API makes if there is none.
    ///
    /// # Errors
    ///
    /// Of the connection, the API and the disk; [`ErrorKind::NotReady`] if the export is not completed in time,
    /// [`ErrorKind::Exists`] if another file is there. A file that differs from what is reported is no error.
    pub fn stored(&self, audience: &Id, run: &Id) -> Result<Fetched> {
        let stats = self.client.stats(audience, run)?;
        let made = self.client.make_export(audience, run)?;
        let export = self.completed(audience, run, made)?;
        let Some(id) = export.id.clone() else { return Err(unnamed()) };
        let renew = || address(self.client.export(audience, run, &id)?);
        let uri = match &export.url {
            Some(url) => url.0.clone(),
            None => renew()?,
        };
        let source = Source {
            uri,
            with_key: false,
            of: id.to_string(),
            size: export.record.byte_size,
            sha1: export.record.usable_sha1(),
            renew: Some(&renew),
            renewals: MOST_RENEWALS,
        };
        self.fetch(&self.ordered(Way::Stored, audience, run.to_string(), stats, Some(export)), source)
    }

    /// Fetches a run as it is streamed, without a stored export.
    ///
    /// # Errors
    ///
    /// As [`stored`](Fetch::stored).
    pub fn direct(&self, audience: &Id, run: &Id) -> Result<Fetched> {
        let stats = self.client.stats(audience, run)?;
        let uri = self.client.csv(audience, run)?;
        let source = Source {
            uri,
            with_key: true,
            of: format!("direct {run}"),
            size: None,
            sha1: None,
            renew: None,
            renewals: 0,
        };
        self.fetch(&self.ordered(Way::Direct, audience, run.to_string(), stats, None), source)
    }

    /// Fetches what the API's previous generation has of a day.
    ///
    /// # Errors
    ///
    /// As [`stored`](Fetch::stored).
    pub fn day(&self, audience: &Id, day: &Day) -> Result<Fetched> {
        let stats = self.client.stats_of_day(audience, day)?;
        let export = self.client.make_export_of_day(audience, day)?;
        let renew = || address(self.client.make_export_of_day(audience, day)?);
        let uri = export.url.clone().ok_or_else(unaddressed)?.0;
        // It has no id and no size: the number of its records has to do.
        let of = format!("day {day} of {}", export.record.row_count.unwrap_or_default());
        let (size, sha1) = (export.record.byte_size, export.record.usable_sha1());
        // Once: nothing says that the API takes up the export that it has made.
        let source = Source { uri, with_key: false, of, size, sha1, renew: Some(&renew), renewals: 1 };
        self.fetch(&self.ordered(Way::Previous, audience, day.to_string(), stats, Some(export)), source)
    }

    fn ordered<'a>(
        &self,
        way: Way,
        audience: &'a Id,
        of: String,
        stats: StatsAnswer,
        export: Option<ExportAnswer>,
    ) -> Ordered<'a> {
        Ordered { place: Place::new(self.out, audience, &of), way, audience, of, stats, export }
    }

    /// Waits until an export is completed.
    fn completed(&self, audience: &Id, run: &Id, made: ExportAnswer) -> Result<ExportAnswer> {
        let waiting = &self.client.settings.waiting;
        let end = Instant::now() + waiting.total;
        let (mut export, mut pause) = (made, waiting.first);
        loop {
            let Some(id) = export.id.clone() else { return Err(unnamed()) };
            match export.progress() {
                Progress::Completed => return Ok(export),
                Progress::Failed => {
                    let what = format!("the API could not make the export {id}");
                    return Err(Error::new(
                        ErrorKind::Conflict,
                        what,
                        "try `--direct`, or ask the API's operator",
                    ));
                }
                Progress::Running if Instant::now() + pause > end => {
                    let what = format!("the export {id} is not completed yet");
                    return Err(Error::new(
                        ErrorKind::NotReady,
                        what,
                        "run it again later: the API goes on with it",
                    ));
                }
                Progress::Running => {}
            }
            self.client.watch.note("the export is not completed yet: waiting");
            thread::sleep(pause);
            pause = pause.mul_f32(1.5).min(waiting.most);
            export = self.client.export(audience, run, &id)?;
        }
    }

    /// Downloads, checks, and gives the file the name that it deserves.
    fn fetch(&self, ordered: &Ordered<'_>, source: Source<'_>) -> Result<Fetched> {
        let place = ordered.place.clone();
        place.make()?;
        let csv = place.csv();
        let is_there = || csv.symlink_metadata().is_ok();
        if !self.force && is_there() {
            return kept(ordered, csv);
        }
        let mut part = Part::open(&place.part(), &source.of, source.size)?;
        // Another process may have finished it meanwhile.
        if !self.force && is_there() {
            part.discard()?;
            return kept(ordered, csv);
        }
        let received = self.client.download(source, &mut part)?;
        let facts = Facts::new(part.path(), part.bytes(), received.sha1.clone());
        let mut fetched = ordered.compare(&facts, Some(&received), received.row_cap);
        // A good file of before keeps its own reports.
        if fetched.agrees() || !is_there() {
            ordered.write_reports(&fetched)?;
        }
        // Last, so that a file of the final name has its reports beside it.
        if fetched.agrees() {
            part.rename(&csv, self.force)?;
            remove(&place.bad())?;
        } else {
            part.rename(&place.bad(), true)?;
        }
        let path = if fetched.agrees() { csv } else { place.bad() };
        fetched.path = path;
        Ok(fetched)
    }
}

/// A file that is there is what was to be fetched, or in the way.
fn kept(ordered: &Ordered<'_>, csv: PathBuf) -> Result<Fetched> {
    let is_link = csv.symlink_metadata().is_ok_and(|metadata| !metadata.is_file());
    if is_link {
        return Err(exists(&csv));
    }
    let (bytes, sha1) = digest::of_file(&csv)?;
    let before: Option<Before> =
        store::read(&ordered.place.fetched()).ok().and_then(|text| serde_json::from_slice(&text).ok());
    let cap = before.and_then(|before| before.row_cap);
    let fetched = ordered.compare(&Facts::new(&csv, bytes, sha1), None, cap);
    if !fetched.agrees() {
        let what = format!("{} is there already, and is not what the API reports", shown(&csv));
        return Err(Error::new(ErrorKind::Exists, what, "use another folder, or `--force`"));
    }
    let fetched = Fetched { path: csv, was_there: true, ..fetched };
    ordered.write_reports(&fetched)?;
    Ok(fetched)
}

/// What is known of a file from when it was fetched.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Before {
    row_cap: Option<u64>,
}

impl Ordered<'_> {
    /// Writes what the API reports, and how it went.
    fn write_reports(&self, fetched: &Fetched) -> Result<()> {
        let place = &self.place;
        write(&place.stats(), &self.stats.text)?;
        match &self.export {
            Some(export) => write(&place.export(), &export.text)?,
            None => remove(&place.export())?,
        }
        let mut text = serde_json::to_vec_pretty(fetched)
            .map_err(|error| Error::file(&place.fetched(), &error.into()))?;
        text.push(b'\n');
        write(&place.fetched(), &text)
    }

    fn compare(&self, facts: &Facts, received: Option<&Received>, cap: Option<u64>) -> Fetched {
        let total = self.stats.reported.total;
        let checks = match &self.export {
            Some(export) => checks::of_export(facts, &export.record, total),
            None => checks::of_stream(facts, total, cap),
        };
        let differs = checks.iter().any(|check| check.status == Agreement::Mismatch);
        Fetched {
            schema: 1,
            result: if differs { Agreement::Mismatch } else { Agreement::Match },
            way: self.way,
            audience_id: self.audience.to_string(),
            of: self.of.clone(),
            export_id: self.export.as_ref().and_then(|export| export.id.as_ref()).map(ToString::to_string),
            from: received.map(|received| received.from.clone()),
            byte_size: facts.bytes,
            row_count: facts.rows.as_ref().ok().copied(),
            content_sha1: facts.sha1.clone(),
            row_cap: cap,
            resumed_at: received.map_or(0, |received| received.resumed_at),
            begun_again: received.is_some_and(|received| received.begun_again),
            checks,
            path: PathBuf::new(),
            was_there: false,
        }
    }
}

impl Fetched {
    /// Whether the file is the one that the API reports.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.result == Agreement::Match
    }
}

fn address(export: ExportAnswer) -> Result<ureq::http::Uri> {
    export.url.map(|url| url.0).ok_or_else(unaddressed)
}

fn unaddressed() -> Error {
    Error::new(
        ErrorKind::Answer,
        "the API tells no address to download from",
        "try again later, or `--direct`",
    )
}

fn unnamed() -> Error {
    Error::new(ErrorKind::Answer, "the API tells no id of the export", "try again later, or `--direct`")
}
