//! Folders → the exports in them, and which audience and run each is of.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use fillrate::{FileVersion, ReportFiles, visible};
use fillrate_files::content_hash;
use walkdir::{DirEntry, WalkDir};

use super::facts::{ExportFacts, RunFacts};
use super::run::{Ids, Run};
use crate::Error;
use crate::id;
use crate::snapshot;

/// What an export of a run is called where `fillrate fetch` and `fillrate sample` put it.
const USUAL_NAME: &str = "audience.csv";
const STATE_NAME: &str = "run.json";

/// A file, or a place where one will be, with what lies beside it.
struct Found {
    csv: PathBuf,
    /// The file, before anything was read of it.
    snapshot: Option<FileVersion>,
    /// Where a `run.json` is, or may come to be.
    state: PathBuf,
    /// Whether it is there.
    is_announced: bool,
    run: RunFacts,
    export: Option<ExportFacts>,
}

/// All runs in a folder, in the order of their paths, and notes on what is odd.
pub(super) fn discover(folder: &Path) -> Result<(Vec<Run>, Vec<String>), Error> {
    let (mut runs, mut notes, mut known) = (Vec::new(), Vec::new(), HashSet::new());
    for csv in exports(folder, &mut notes)? {
        let found = Found::beside(csv);
        let is_new = |ids: &Ids| !known.contains(ids);
        let named = found.ids_of_folders().or_else(|| found.ids_of_reports()).filter(is_new);
        let ids = match named {
            Some(ids) => Some(ids),
            None => Some(found.ids_of_content()?).filter(is_new),
        };
        let path =
            visible(&found.csv.strip_prefix(folder).unwrap_or(&found.csv).to_string_lossy()).into_owned();
        match ids {
            Some(ids) => {
                known.insert(ids);
                runs.push(found.into_run(ids, path));
            }
            None => notes.push(format!("left out: {path}, which another file has the content of")),
        }
    }
    if runs.is_empty() {
        return Err(
            Error::new("there is no CSV in this folder", "make one with `fillrate sample`").in_file(folder)
        );
    }
    Ok((runs, notes))
}

/// Every CSV, and the place of every one that a `run.json` announces.
fn exports(folder: &Path, notes: &mut Vec<String>) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    let inside = folder.canonicalize().ok();
    let leads_out = |path: &Path| {
        let inside = inside.as_deref().unwrap_or(folder);
        !path.canonicalize().is_ok_and(|aim| aim.starts_with(inside))
    };
    let is_hidden =
        |entry: &DirEntry| entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".");
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_entry(|entry| !is_hidden(entry))
    {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            Error::io("cannot read", &path, &error.into(), "name a folder that is readable")
        })?;
        let path = entry.path();
        let is_csv = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
        // A link to a file in the folder is followed. One that leads out of it would show what nobody meant to serve, and one
        // to a folder may lead in circles.
        if is_csv && path.is_file() {
            if entry.path_is_symlink() && leads_out(path) {
                let path = path.strip_prefix(folder).unwrap_or(path).to_string_lossy();
                notes.push(format!("left out: {}, a link that leads out of the folder", visible(&path)));
            } else {
                found.push(path.to_owned());
            }
        } else if entry.file_name() == STATE_NAME {
            found.push(path.with_file_name(USUAL_NAME));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

impl Found {
    fn beside(csv: PathBuf) -> Self {
        let snapshot = snapshot::of_path(&csv).ok();
        let state = csv.with_file_name(STATE_NAME);
        let is_announced = state.symlink_metadata().is_ok();
        let reports = ReportFiles::default().or_beside(Some(&csv)).unwrap_or_default();
        // Reports that are not named after the file are those of one file in the folder, the usual one.
        let is_usual = csv.file_name().is_some_and(|name| name == USUAL_NAME);
        let is_its_own = |path: &PathBuf| {
            is_usual || path.file_name().is_some_and(|name| name != "stats.json" && name != "export.json")
        };
        let stats = reports.stats.filter(is_its_own).and_then(|path| RunFacts::read(&path));
        let announced = RunFacts::read(&state);
        Self {
            run: stats.unwrap_or_default().overruled_by(announced.unwrap_or_default()),
            export: reports.export.filter(is_its_own).and_then(|path| ExportFacts::read(&path)),
            csv,
            snapshot,
            state,
            is_announced,
        }
    }

    fn into_run(self, ids: Ids, shown_path: String) -> Run {
        let Self { csv, snapshot, state, is_announced, run, export } = self;
        // A run that is still to be completed gets its file until then.
        let snapshot = snapshot.filter(|_| !is_announced);
        Run::new(ids, shown_path, csv, snapshot, state, run, export)
    }

    /// Of `<audienceId>/<runId>/audience.csv`.
    fn ids_of_folders(&self) -> Option<Ids> {
        let mut names = self.csv.ancestors().map(|path| path.file_name()?.to_str());
        if names.next()?? != USUAL_NAME {
            return None;
        }
        let run = id::parse(names.next()??)?;
        Some(Ids { audience: id::parse(names.next()??)?, run })
    }

    /// Of the stats or the export record beside it. An id that is no UUID stands for one.
    fn ids_of_reports(&self) -> Option<Ids> {
        let export = self.export.as_ref();
        let run = self.run.id.as_ref().or_else(|| export?.run_id.as_ref())?;
        let audience = self.run.audience_id.as_ref().or_else(|| export?.audience_id.as_ref())?;
        let uuid =
            |purpose: &str, id: &str| id::parse(id).unwrap_or_else(|| id::made_up(purpose, id.as_bytes()));
        Some(Ids { audience: uuid("audience", audience), run: uuid("run", run) })
    }

    /// Of the file's bytes, or of its path if there is no file yet.
    fn ids_of_content(&self) -> Result<Ids, Error> {
        let content = match content_hash(&self.csv) {
            Ok(hash) => hash.to_be_bytes().to_vec(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.csv.as_os_str().as_encoded_bytes().to_vec()
            }
            Err(error) => {
                return Err(Error::io("cannot read", &self.csv, &error, "make it readable, or move it"));
            }
        };
        Ok(Ids { audience: id::made_up("audience", &content), run: id::made_up("run", &content) })
    }
}
