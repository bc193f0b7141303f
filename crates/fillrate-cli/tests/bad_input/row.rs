//! A bad input, what it gets, and the proof that every way to read it gives the same.

use std::fs::File;
use std::process::{Output, Stdio};

use fillrate::{Backend, Io};
use serde_json::{Value, json};

use super::support::{self, Folder, stderr, stdout};

/// An input by the id of its row, and what is expected of it.
pub(crate) struct Row {
    id: &'static str,
    csv: Vec<u8>,
    /// The stats to verify the CSV against; without any, `stats` is run.
    stats: Option<Vec<u8>>,
    /// The export record, likewise.
    export: Option<Vec<u8>>,
    args: Vec<&'static str>,
    /// Whether `--io mmap` is tried too.
    mapped: bool,
    status: i32,
    /// The kind of the error, and where it is.
    error: Option<(&'static str, Option<Place>)>,
    /// Kind, count and first place of every finding.
    findings: Vec<(&'static str, u64, Place)>,
    /// JSON pointers into the result, and what is there.
    figures: Vec<(&'static str, Value)>,
    /// What a person is told, in the table or in the error.
    says: Vec<String>,
}

/// Line and byte.
pub(crate) type Place = (u64, u64);

/// A CSV that `stats` reads.
pub(crate) fn csv(id: &'static str, csv: impl AsRef<[u8]>) -> Row {
    Row {
        id,
        csv: csv.as_ref().to_vec(),
        stats: None,
        export: None,
        args: Vec::new(),
        mapped: true,
        status: 0,
        error: None,
        findings: Vec::new(),
        figures: Vec::new(),
        says: Vec::new(),
    }
}

/// Stats that a sound CSV of one record is verified against.
pub(crate) fn stats(id: &'static str, stats: impl AsRef<[u8]>) -> Row {
    csv(id, "email,intent.score\na,80\n").against(stats)
}

impl Row {
    /// Is verified against these stats.
    pub(crate) fn against(mut self, stats: impl AsRef<[u8]>) -> Self {
        self.stats = Some(stats.as_ref().to_vec());
        self
    }

    /// Is verified against this export record too.
    pub(crate) fn and_export(mut self, export: impl AsRef<[u8]>) -> Self {
        self.export = Some(export.as_ref().to_vec());
        self
    }

    pub(crate) fn args(mut self, args: &[&'static str]) -> Self {
        self.args.extend(args);
        self
    }

    /// Is not what a memory map could show: it is compressed.
    pub(crate) fn unmapped(mut self) -> Self {
        self.mapped = false;
        self
    }

    /// There are no figures, but an error of this kind.
    pub(crate) fn refused(mut self, kind: &'static str, place: Option<Place>) -> Self {
        self.status = 2;
        self.error = Some((kind, place));
        self
    }

    /// There are figures, and something in them is wrong.
    pub(crate) fn differs(mut self) -> Self {
        self.status = 1;
        self
    }

    /// There is this finding, and none that is not named.
    pub(crate) fn finds(mut self, kind: &'static str, count: u64, first: Place) -> Self {
        self.findings.push((kind, count, first));
        self
    }

    /// The result holds this value.
    pub(crate) fn has(mut self, pointer: &'static str, value: impl Into<Value>) -> Self {
        self.figures.push((pointer, value.into()));
        self
    }

    /// A person is told this.
    pub(crate) fn says(mut self, text: impl Into<String>) -> Self {
        self.says.push(text.into());
        self
    }
}

/// Runs rows in every way to read them, and lists whatever is not as expected.
pub(crate) fn check(rows: impl IntoIterator<Item = Row>) {
    let wrong: Vec<String> = rows.into_iter().filter_map(|row| row.check().err()).collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n\n"));
}

/// What came out, without the name of the input: it is the same for a file and for standard input.
#[derive(PartialEq)]
struct Outcome {
    status: Option<i32>,
    result: Value,
    error: String,
}

impl Outcome {
    fn of(output: &Output, input: &str) -> Self {
        let mut result = if output.stdout.is_empty() { Value::Null } else { support::json(output) };
        if let Some(path) = result.pointer_mut("/file/path") {
            assert_eq!(*path, input);
            *path = Value::Null;
        }
        // Behind it there is a line, a byte or what is wrong.
        let named = |line: &str| {
            [":", " ("].iter().fold(line.to_owned(), |line, behind| {
                line.replacen(&format!("]: {input}{behind}"), &format!("]: INPUT{behind}"), 1)
            })
        };
        Self { status: output.status.code(), result, error: stderr(output).lines().map(named).collect() }
    }
}

impl Row {
    fn check(&self) -> Result<(), String> {
        let folder = self.folder();
        let mut outcomes = Vec::new();
        for backend in Backend::available() {
            for io in Io::ALL.into_iter().filter(|io| self.mapped || *io != Io::Mmap) {
                let output = self.run(&folder, FILE, "json", io, backend);
                outcomes
                    .push((Outcome::of(&output, FILE), format!("--io {} by {}", io.name(), backend.name())));
            }
            let output = self.run(&folder, STDIN, "json", Io::Auto, backend);
            outcomes.push((Outcome::of(&output, STDIN), format!("standard input by {}", backend.name())));
        }
        let told = |what: &str| {
            let shown = |bytes: &[u8]| bytes[..bytes.len().min(300)].escape_ascii().to_string();
            let report = self.stats.as_deref().map(shown).unwrap_or_default();
            let first = &outcomes[0].0;
            format!(
                "{}: {what}\n  csv    {}\n  stats  {report}\n  args   {:?}\n  status {:?}\n  stdout {:.2000}\n  stderr {}",
                self.id,
                shown(&self.csv),
                self.args,
                first.status,
                first.result,
                first.error
            )
        };
        for (outcome, way) in &outcomes[1..] {
            if *outcome != outcomes[0].0 {
                return Err(told(&format!(
                    "{way} gives something else: {} {}",
                    outcome.result, outcome.error
                )));
            }
        }
        self.check_outcome(&outcomes[0].0).and_then(|()| self.check_text(&folder)).map_err(|what| told(&what))
    }

    fn check_outcome(&self, outcome: &Outcome) -> Result<(), String> {
        let equal = |what: &str, found: &Value, expected: &Value| {
            if found == expected { Ok(()) } else { Err(format!("{what} is {found}, not {expected}")) }
        };
        equal("the status", &json!(outcome.status), &json!(self.status))?;
        let findings = outcome.result["findings"].as_array().cloned().unwrap_or_default();
        let findings: Vec<Value> = findings
            .iter()
            .map(|f| json!([f["kind"], f["count"], [f["places"][0]["line"], f["places"][0]["byte"]]]))
            .collect();
        equal("the list of findings", &json!(findings), &json!(self.findings))?;
        for (pointer, expected) in &self.figures {
            equal(pointer, outcome.result.pointer(pointer).unwrap_or(&Value::Null), expected)?;
        }
        let Some((kind, place)) = self.error else {
            return equal("stderr", &json!(outcome.error), &json!(""));
        };
        equal("stdout", &outcome.result, &Value::Null)?;
        let line = &outcome.error;
        let place = place.map(|(line, byte)| format!(":{line} (byte {byte}): ")).unwrap_or_default();
        if line.starts_with(&format!("error[{kind}]: ")) && line.contains(&place) && line.contains("; ") {
            return Ok(());
        }
        Err(format!("the error is not of the kind {kind} at {place:?}"))
    }

    /// Tables and Markdown have the same status, and say to a person what is to be known.
    fn check_text(&self, folder: &Folder) -> Result<(), String> {
        for format in ["table", "markdown"] {
            let output = self.run(folder, FILE, format, Io::Auto, Backend::detect());
            let text = format!("{}{}", stdout(&output), stderr(&output));
            if output.status.code() != Some(self.status) {
                return Err(format!("the status as {format} is {:?}", output.status));
            }
            // A sentence may be wrapped, and a character escaped.
            let words = text.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ");
            if let Some(missing) = self.says.iter().find(|says| !words.contains(&says.replace('\\', ""))) {
                return Err(format!("{format} does not say {missing:?}: {text}"));
            }
        }
        Ok(())
    }

    fn folder(&self) -> Folder {
        let folder = Folder::new(&[]);
        folder.write(FILE, &self.csv);
        for (name, report) in [("stats-report", &self.stats), ("export-report", &self.export)] {
            if let Some(report) = report {
                folder.write(name, report);
            }
        }
        folder
    }

    fn run(&self, folder: &Folder, input: &str, format: &str, io: Io, backend: Backend) -> Output {
        let verify = self.stats.is_some() || self.export.is_some();
        let mut args =
            vec![if verify { "verify" } else { "stats" }, input, "--format", format, "--io", io.name()];
        for (option, report) in [("--stats", &self.stats), ("--export", &self.export)] {
            if report.is_some() {
                args.extend([option, if option == "--stats" { "stats-report" } else { "export-report" }]);
            }
        }
        args.extend(&self.args);
        let stdin =
            if input == STDIN { File::open(folder.path().join(FILE)).unwrap().into() } else { Stdio::null() };
        folder.command(&args).env("FILLRATE_BACKEND", backend.name()).stdin(stdin).output().unwrap()
    }
}

/// What the CSV is called in its folder.
const FILE: &str = "input.csv";

const STDIN: &str = fillrate::STDIN;
