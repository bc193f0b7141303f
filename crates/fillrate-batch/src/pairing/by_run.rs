//! The reports of the searched folders, by the run that they are of.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use fillrate::{ErrorKind, ExportRecord, Reported, visible};
use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
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

/// Whose a report is.
struct Named {
    is_stats: bool,
    run: Option<String>,
    audience: Option<String>,
}

/// One of the two reports of a run.
pub(super) trait Report: Sized + PartialEq {
    const IS_STATS: bool;
    fn open(path: &Path) -> Result<Self, fillrate::Error>;
    fn run(&self) -> Option<&str>;
    fn audience(&self) -> Option<&str>;
    /// Those of this kind.
    fn of(by_run: &ByRun) -> &HashMap<String, Vec<Found>>;
}

impl Report for Reported {
    const IS_STATS: bool = true;

    fn open(path: &Path) -> Result<Self, fillrate::Error> {
        Self::open(path)
    }
    fn run(&self) -> Option<&str> {
        filled(self.run.id.as_ref())
    }
    fn audience(&self) -> Option<&str> {
        filled(self.run.audience_id.as_ref())
    }
    fn of(by_run: &ByRun) -> &HashMap<String, Vec<Found>> {
        &by_run.stats
    }
}

impl Report for ExportRecord {
    const IS_STATS: bool = false;

    fn open(path: &Path) -> Result<Self, fillrate::Error> {
        Self::open(path)
    }
    fn run(&self) -> Option<&str> {
        filled(self.run_id.as_ref())
    }
    fn audience(&self) -> Option<&str> {
        filled(self.audience_id.as_ref())
    }
    fn of(by_run: &ByRun) -> &HashMap<String, Vec<Found>> {
        &by_run.exports
    }
}

/// An id without a character is none.
fn filled(id: Option<&String>) -> Option<&str> {
    id.map(String::as_str).filter(|id| !id.is_empty())
}

impl Named {
    fn read(path: &Path) -> Result<Self, fillrate::Error> {
        match Reported::open(path) {
            Err(error) if error.kind() == ErrorKind::NotAReport => {
                ExportRecord::open(path).map(|record| Self::of(&record))
            }
            read => read.map(|stats| Self::of(&stats)),
        }
    }

    fn of<R: Report>(report: &R) -> Self {
        let [run, audience] = [report.run(), report.audience()].map(|id| id.map(str::to_owned));
        Self { is_stats: R::IS_STATS, run, audience }
    }
}

impl ByRun {
    /// Valid JSON that is no report is nobody's. Whose anything else is that cannot be read, nobody can tell.
    pub(super) fn read(reports: &[PathBuf]) -> Self {
        let mut seen = HashSet::new();
        let paths: Vec<_> = reports.iter().filter(|path| seen.insert(*path)).collect();
        let mut by_run = Self::default();
        // In the order of the paths, whoever reads them.
        let read: Vec<_> = paths.par_iter().map(|path| Named::read(path)).collect();
        for (path, read) in paths.into_iter().zip(read) {
            match read {
                Ok(named) => by_run.add(path, named),
                Err(error) if error.kind() == ErrorKind::NotAReport => {}
                Err(error) => {
                    let path = path.to_string_lossy().into_owned();
                    by_run.unreadable.push(UnreadableReport { path, error: error.into() });
                }
            }
        }
        by_run
    }

    fn add(&mut self, path: &Path, named: Named) {
        let Named { is_stats, run, audience } = named;
        let of_kind = if is_stats { &mut self.stats } else { &mut self.exports };
        if let Some(run) = run {
            of_kind.entry(run).or_default().push(Found { path: path.to_owned(), audience });
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
