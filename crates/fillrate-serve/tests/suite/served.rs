//! A folder with exports, served.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use fillrate_sample::{HeaderStyle, Sample, Size};
use fillrate_serve::{Server, Settings, start};

use super::client::{Answer, request};
use super::openapi;

pub(crate) const AUDIENCE: &str = "8c049a20-3385-42da-b710-0d038eff5812";
pub(crate) const RUN: &str = "ad53af16-efbc-4fe1-a764-ded7181653a1";
pub(crate) const KEY: (&str, &str) = ("x-api-key", "sk_test");

pub(crate) fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name)
}

/// A folder of a test's own.
pub(crate) struct Folder(tempfile::TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With the run that the API documents.
    pub(crate) fn documented() -> Self {
        let folder = Self::new();
        for name in ["audience.csv", "stats.json", "export.json"] {
            let content = std::fs::read(testdata("documented-run").join(name)).unwrap();
            folder.write(&format!("{AUDIENCE}/{RUN}/{name}"), content);
        }
        folder
    }

    /// With made-up people, in a folder of its own.
    pub(crate) fn sample(header: HeaderStyle, records: u64) -> Self {
        let folder = Self::new();
        let sample = Sample { size: Size::Records(records), header, ..Sample::default() };
        sample.write_to(&folder.path().join("made"), false).unwrap();
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(name)).unwrap()
    }

    pub(crate) fn serve(&self, faults: &[&str]) -> Served {
        self.serve_with(faults, |_| ())
    }

    pub(crate) fn serve_with(&self, faults: &[&str], change: impl FnOnce(&mut Settings)) -> Served {
        let log = Arc::new(Mutex::new(Vec::new()));
        let mut settings = Settings::new(self.path().to_owned());
        settings.faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
        let lines = Arc::clone(&log);
        settings.log = Arc::new(move |line| lines.lock().unwrap().push(line.to_owned()));
        change(&mut settings);
        Served { server: start(settings).unwrap(), log, folder: None }
    }
}

/// The documented run, served from a folder that nobody else sees.
pub(crate) fn documented(faults: &[&str]) -> Served {
    documented_with(faults, |_| ())
}

pub(crate) fn documented_with(faults: &[&str], change: impl FnOnce(&mut Settings)) -> Served {
    let folder = Folder::documented();
    let served = folder.serve_with(faults, change);
    Served { folder: Some(folder), ..served }
}

/// The emulator as it runs.
pub(crate) struct Served {
    server: Server,
    log: Arc<Mutex<Vec<String>>>,
    /// Which goes when the server does.
    folder: Option<Folder>,
}

impl Served {
    pub(crate) fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// A call with the key, whose answer is one that the `OpenAPI` document describes.
    pub(crate) fn call(&self, method: &str, target: &str) -> Answer {
        let answer = self.raw(method, target, &[KEY]);
        openapi::check(method, target, &answer);
        answer
    }

    pub(crate) fn get(&self, target: &str) -> Answer {
        self.call("GET", target)
    }

    /// A request as it is, of which nothing is known.
    pub(crate) fn raw(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
        request(self.address(), method, target, headers)
    }

    /// The target of a signed link: without its origin, which has to be this server's.
    pub(crate) fn target(&self, url: &serde_json::Value) -> String {
        let origin = format!("http://{}", self.address());
        url.as_str().unwrap().strip_prefix(&origin).unwrap().to_owned()
    }

    /// A fresh signed link to the documented run's export.
    pub(crate) fn link(&self) -> String {
        let answer = self.call("POST", &run_path("exports"));
        self.target(&answer.json()["data"]["downloadUrl"])
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// What the paths of all runs begin with, by the files that they are of.
    pub(crate) fn runs(&self) -> Vec<(String, String)> {
        let lines = self.log();
        let runs = lines.iter().filter_map(|line| line.split_once(" is "));
        runs.map(|(path, file)| (file.to_owned(), path.to_owned())).collect()
    }

    /// The beginning of the path of the only run.
    pub(crate) fn only_run(&self) -> String {
        let runs = self.runs();
        assert_eq!(runs.len(), 1, "{runs:?}");
        runs[0].1.clone()
    }

    pub(crate) fn stop(self) {
        let Self { server, folder, .. } = self;
        server.stop().unwrap();
        drop(folder);
    }
}

/// The path of a call about the documented run.
pub(crate) fn run_path(call: &str) -> String {
    format!("/v1/intent/audiences/{AUDIENCE}/runs/{RUN}/{call}")
}

/// The path of a call of the previous generation about the documented audience.
pub(crate) fn audience_path(call: &str) -> String {
    format!("/v1/intent/audiences/{AUDIENCE}/{call}")
}
