//! An API and a store of files, as they should be, and the client that is to be tested.

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use fillrate_api::{ApiKey, Client, Error, Fetch, Fetched, Id, Limits, Retries, Settings, Waiting, Watch};

use crate::server::{Request, Server, Step, reply};

pub(crate) const AUDIENCE: &str = "8c049a20-3385-42da-b710-0d038eff5812";
pub(crate) const RUN: &str = "ad53af16-efbc-4fe1-a764-ded7181653a1";
pub(crate) const EXPORT: &str = "40bfaa9b-eff0-468d-b382-9b721790780c";
pub(crate) const DAY: &str = "2026-05-05";

/// What must never be anywhere but in requests.
pub(crate) const KEY: &str = "sk_canary-key";
pub(crate) const SIGNATURE: &str = "canary-signature";

pub(crate) const CSV: &str = "email,company.name\na@example.com,\"Example, Ltd\"\nb@example.com,\n";
pub(crate) const CSV_SHA1: &str = "aae43e66f97171d8eaee0404ce0312d4460831b9";
pub(crate) const ROWS: u64 = 2;

pub(crate) fn id(text: &str) -> Id {
    text.parse().unwrap()
}

/// Pauses so small that a test does not wait, and limits so large that a busy machine does not reach them.
pub(crate) fn settings(origin: &str) -> Settings {
    Settings {
        limits: Limits {
            connect: Duration::from_secs(10),
            idle: Duration::from_secs(10),
            answer: Duration::from_secs(10),
            download: Duration::from_mins(1),
            bytes_per_second: 1,
            slow: Duration::from_secs(10),
            head_bytes: 8 << 10,
            download_bytes: 1 << 20,
        },
        retries: Retries {
            tries: 4,
            first: Duration::from_millis(1),
            most: Duration::from_millis(4),
            total: Duration::from_mins(1),
        },
        waiting: Waiting {
            first: Duration::from_millis(1),
            most: Duration::from_millis(4),
            total: Duration::from_mins(1),
        },
        ..Settings::new(origin.parse().unwrap())
    }
}

/// Keeps what it is told.
#[derive(Default)]
pub(crate) struct Notes(Mutex<Vec<String>>, Mutex<Vec<(u64, Option<u64>)>>);

impl Watch for Notes {
    fn progress(&self, done: u64, total: Option<u64>) {
        self.1.lock().unwrap().push((done, total));
    }

    fn note(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

impl Notes {
    /// How far it had come, each time.
    pub(crate) fn progress(&self) -> Vec<(u64, Option<u64>)> {
        self.1.lock().unwrap().clone()
    }

    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap().join("\n")
    }
}

pub(crate) fn stats() -> String {
    format!(
        r#"{{"data": {{"run": {{"id": "{RUN}", "audienceId": "{AUDIENCE}", "status": "completed", "resultCount": {ROWS}}},
  "stats": {{"total": {ROWS}, "fillRates": {{"email": {{"count": 2, "percent": 100}}, "company.name": {{"count": 1, "percent": 50}}}}}}}}}}"#
    )
}

/// The record of the export, with the address that it is at.
pub(crate) fn export(url: &str) -> String {
    let bytes = CSV.len();
    format!(
        r#"{{"data": {{"export": {{"id": "{EXPORT}", "audienceId": "{AUDIENCE}", "runId": "{RUN}", "status": "completed",
  "byteSize": {bytes}, "rowCount": {ROWS}, "contentSha1": "{CSV_SHA1}"}}, "downloadUrl": "{url}", "downloadUrlTtlSeconds": 60}}}}"#
    )
}

/// The address of the file, which is signed.
pub(crate) fn signed(files: &str) -> String {
    format!("{files}/x.csv?signature={SIGNATURE}")
}

/// What the API answers where a test does not say otherwise.
pub(crate) fn usual(request: &Request, files: &str) -> Vec<Step> {
    let call = request.line();
    if call == format!("GET /v1/intent/audiences/{AUDIENCE}/runs/{RUN}/stats") {
        reply(200, &[], stats())
    } else if call == format!("POST /v1/intent/audiences/{AUDIENCE}/runs/{RUN}/exports")
        || call == format!("GET /v1/intent/audiences/{AUDIENCE}/runs/{RUN}/exports/{EXPORT}")
    {
        reply(200, &[], export(&signed(files)))
    } else if call == format!("GET /v1/intent/audiences/{AUDIENCE}/runs/{RUN}/export.csv") {
        reply(200, &[("X-Export-Row-Cap", "300000")], CSV)
    } else if call == format!("GET /v1/intent/audiences/{AUDIENCE}/stats?date={DAY}") {
        let stats =
            format!(r#"{{"data": {{"total": {ROWS}, "dataDate": "{DAY}", "fields": {{"email": 100}}}}}}"#);
        reply(200, &[], stats)
    } else if call == format!("POST /v1/intent/audiences/{AUDIENCE}/export?date={DAY}") {
        let url = signed(files);
        let export = format!(
            r#"{{"data": {{"downloadUrl": "{url}", "fileName": "../../x.csv", "rows": {ROWS}, "dataDate": "{DAY}", "expiresIn": 60, "cached": true}}}}"#
        );
        reply(200, &[], export)
    } else {
        reply(404, &[], r#"{"error": {"code": "not_found", "message": "no such call"}}"#)
    }
}

/// The file as a good store sends it: whole, or the rest that is asked for.
pub(crate) fn stored(request: &Request, content: &[u8]) -> Vec<Step> {
    let size = content.len();
    match request.range() {
        Some(from) if request.header("if-range") == Some("\"v1\"") && from < size => {
            let range = format!("bytes {from}-{}/{size}", size - 1);
            reply(206, &[("ETag", "\"v1\""), ("Content-Range", &range)], &content[from..])
        }
        Some(from) if from >= size => reply(416, &[("Content-Range", &format!("bytes */{size}"))], ""),
        _ => reply(200, &[("ETag", "\"v1\"")], content),
    }
}

/// The API and the store, on two origins.
pub(crate) struct Stage {
    pub(crate) api: Server,
    pub(crate) files: Server,
    pub(crate) out: tempfile::TempDir,
    pub(crate) notes: Notes,
}

impl Stage {
    /// With the usual API, and files as a test says.
    pub(crate) fn with_files(files: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::new(usual, files)
    }

    pub(crate) fn new(
        api: impl Fn(&Request, &str) -> Vec<Step> + Send + Sync + 'static,
        files: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let files = Server::new(files);
        let url = files.url();
        let api = Server::new(move |request| api(request, &url));
        Self { api, files, out: tempfile::tempdir().unwrap(), notes: Notes::default() }
    }

    pub(crate) fn with<T>(&self, settings: Settings, work: impl FnOnce(&Fetch<'_>) -> T) -> T {
        let client = Client::new(settings, ApiKey::new(KEY).unwrap(), &self.notes).unwrap();
        work(&Fetch { client: &client, out: self.out.path(), force: false })
    }

    pub(crate) fn fetch(&self) -> Result<Fetched, Error> {
        self.with(settings(&self.api.url()), |fetch| fetch.stored(&id(AUDIENCE), &id(RUN)))
    }

    pub(crate) fn direct(&self) -> Result<Fetched, Error> {
        self.with(settings(&self.api.url()), |fetch| fetch.direct(&id(AUDIENCE), &id(RUN)))
    }

    pub(crate) fn day(&self) -> Result<Fetched, Error> {
        self.with(settings(&self.api.url()), |fetch| fetch.day(&id(AUDIENCE), &DAY.parse().unwrap()))
    }

    pub(crate) fn file(&self, name: &str) -> std::path::PathBuf {
        self.out.path().join(AUDIENCE).join(RUN).join(name)
    }

    /// The names in the folder of the run.
    pub(crate) fn names(&self) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.file("")) else { return Vec::new() };
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// Whether anything that was said or written holds what must not be there; nothing but requests may.
    pub(crate) fn check_secrets(&self, said: &str) {
        let notes = self.notes.text();
        let mut texts = vec![said.to_owned(), notes];
        contents(self.out.path(), &mut texts);
        for text in texts {
            assert!(!text.contains("canary"), "{text}");
        }
        assert!(!self.files.received().contains(KEY), "the key goes to the API alone");
    }
}

/// Names and contents of all files in a folder.
fn contents(folder: &Path, texts: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        texts.push(path.to_string_lossy().into_owned());
        if path.is_dir() {
            contents(&path, texts);
        } else {
            texts.push(String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned());
        }
    }
}

/// What was said about a result, in every way to say it.
pub(crate) fn said(result: &Result<Fetched, Error>) -> String {
    match result {
        Ok(fetched) => format!("{fetched:?}"),
        Err(error) => format!("{error} {error:?}"),
    }
}
