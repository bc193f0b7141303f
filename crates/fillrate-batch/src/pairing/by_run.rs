//! The reports of the searched folders, by the run that they are of.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use fillrate::{ErrorKind, ExportRecord, Reported, visible};
use serde::Serialize;

use super::paths::named_last;
use crate::error::Error;
use crate::record::Problem;

/// How many of several reports a message names.
const NAMED: usize = 3;

/// A `*.json` that may be the report of an export, and cannot be read.
#[derive(Clone, Debug, Serialize)]
pub struct UnreadableReport {
    /// As it was given or found. What is no UTF-8 in it is replaced.
    pub path: String,
    /// Why it cannot be read.
    pub error: Problem,
}

/// Report files by run.
#[derive(Default)]
pub(super) struct ByRun {
    stats: HashMap<String, Vec<Found>>,
    exports: HashMap<String, Vec<Found>>,
    /// What could not be told whose report it is.
    pub(super) unreadable: Vec<UnreadableReport>,
}

/// A report of a run.
pub(super) struct Found {
    path: PathBuf,
    audience: Option<String>,
}

/// One of the two reports of a run.
pub(super) trait Report: Sized + PartialEq {
    fn open(path: &Path) -> Result<Self, fillrate::Error>;
    fn run(&self) -> Option<&str>;
    fn audience(&self) -> Option<&str>;
    /// Those of this kind.
    fn of(by_run: &ByRun) -> &HashMap<String, Vec<Found>>;
    fn of_mut(by_run: &mut ByRun) -> &mut HashMap<String, Vec<Found>>;
}

impl Report for Reported {
    fn open(path: &Path) -> Result<Self, fillrate::Error> {
        Self::open(path)
    }
    fn run(&self) -> Option<&str> {
        filled(self.run.id.as_ref())
    }
    fn audience(&self) -> Option<&str> {
        filled(self.run.audience_id.as_ref())
    }
    fn of_mut(by_run: &mut ByRun) -> &mut HashMap<String, Vec<Found>> {
        &mut by_run.stats
    }
    fn of(by_run: &ByRun) -> &HashMap<String, Vec<Found>> {
        &by_run.stats
    }
}

impl Report for ExportRecord {
    fn open(path: &Path) -> Result<Self, fillrate::Error> {
        Self::open(path)
    }
    fn run(&self) -> Option<&str> {
        filled(self.run_id.as_ref())
    }
    fn audience(&self) -> Option<&str> {
        filled(self.audience_id.as_ref())
    }
    fn of_mut(by_run: &mut ByRun) -> &mut HashMap<String, Vec<Found>> {
        &mut by_run.exports
    }
    fn of(by_run: &ByRun) -> &HashMap<String, Vec<Found>> {
        &by_run.exports
    }
}

/// An id without a character is none.
fn filled(id: Option<&String>) -> Option<&str> {
    id.map(String::as_str).filter(|id| !id.is_empty())
}

impl ByRun {
    /// Valid JSON that is no report is nobody's. Whose anything else is that cannot be read, nobody can tell.
    pub(super) fn read(reports: &[PathBuf]) -> Self {
        let mut by_run = Self::default();
        let mut seen = HashSet::new();
        for path in reports.iter().filter(|path| seen.insert(*path)) {
            let added = match Reported::open(path) {
                Err(error) if error.kind() == ErrorKind::NotAReport => {
                    ExportRecord::open(path).map(|record| by_run.add(path, &record))
                }
                read => read.map(|stats| by_run.add(path, &stats)),
            };
            match added {
                Err(error) if error.kind() != ErrorKind::NotAReport => {
                    let path = path.to_string_lossy().into_owned();
                    by_run.unreadable.push(UnreadableReport { path, error: error.into() });
                }
                _ => {}
            }
        }
        by_run
    }

    fn add<R: Report>(&mut self, path: &Path, report: &R) {
        if let Some(run) = report.run() {
            let found = Found { path: path.to_owned(), audience: report.audience().map(str::to_owned) };
            R::of_mut(self).entry(run.to_owned()).or_default().push(found);
        }
    }

    /// The run that is named last in a path, of those that there are reports of.
    pub(super) fn run_of(&self, export: &Path) -> Option<String> {
        let is_known = |id: &str| self.stats.contains_key(id) || self.exports.contains_key(id);
        named_last(export, |id| is_known(id).then(|| id.to_owned()))
    }

    /// The report of a run: of several, that of the audience that is named last in the export's path; of those that say
    /// the same, the first.
    pub(super) fn find<R: Report>(&self, run: &str, export: &Path) -> Result<Option<&Path>, Problem> {
        let all = R::of(self).get(run).map_or(&[][..], Vec::as_slice);
        let of = |audience: &str| -> Option<Vec<&Found>> {
            let of_it: Vec<_> =
                all.iter().filter(|found| found.audience.as_deref() == Some(audience)).collect();
            (!of_it.is_empty()).then_some(of_it)
        };
        let found = match all {
            [] | [_] => all.iter().collect(),
            _ => named_last(export, of).unwrap_or_else(|| all.iter().collect()),
        };
        if found.len() > 1 && !say_the_same::<R>(&found) {
            return Err(ambiguous(run, export, &found));
        }
        Ok(found.first().map(|found| found.path.as_path()))
    }
}

fn say_the_same<R: Report>(found: &[&Found]) -> bool {
    let mut reports = found.iter().map(|found| R::open(&found.path).ok());
    let Some(Some(first)) = reports.next() else { return false };
    reports.all(|report| report.as_ref() == Some(&first))
}

fn ambiguous(run: &str, export: &Path, found: &[&Found]) -> Problem {
    let names: Vec<_> =
        found.iter().take(NAMED).map(|found| visible(&found.path.to_string_lossy()).into_owned()).collect();
    let and_more = if found.len() > NAMED { ", …" } else { "" };
    let what = format!("several reports of its run {} differ: {}{and_more}", visible(run), names.join(", "));
    Problem::new(&Error::new(
        "ambiguous-report",
        export,
        what,
        "put its reports beside it, or name fewer folders",
    ))
}
