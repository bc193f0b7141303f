//! Which reports are an export's.

mod by_run;
mod paths;

use std::path::{Path, PathBuf};

use fillrate::{ExportRecord, ReportFiles, Reported, Reports};

use crate::once::Once;
use crate::record::Problem;
pub use by_run::UnreadableReport;
use by_run::{ByRun, Report};
pub(crate) use paths::Ids;

/// Finds the reports of exports, the stats and the record each by itself: what lies beside an export by the names that
/// `verify` knows; what does not, among the reports of its run.
pub(crate) struct Pairing<'a> {
    reports: &'a [PathBuf],
    /// Read only if an export has not all its reports beside it.
    by_run: Once<ByRun>,
}

/// The reports of an export.
pub(crate) struct Paired {
    stats: Option<ReportFile<Reported>>,
    record: Option<ReportFile<ExportRecord>>,
}

/// A report that is or may be an export's.
struct ReportFile<R> {
    path: PathBuf,
    /// What it says, if it had to be read to know whose it is, and could be.
    read: Option<R>,
}

/// What a report beside an export says of whose it is.
struct Says {
    is_its_own: bool,
    run: Option<String>,
}

impl<'a> Pairing<'a> {
    pub(crate) fn new(reports: &'a [PathBuf]) -> Self {
        Self { reports, by_run: Once::new() }
    }

    /// The reports of an export; neither, if there are none.
    pub(crate) fn reports_of(&self, export: &Path) -> Result<Paired, Problem> {
        let mut paired = Paired::beside(export);
        if self.reports.is_empty() || paired.both_are_its_own() {
            return Ok(paired);
        }
        paired.read();
        let says = paired.says();
        let in_layout = Ids::of_path(export).run;
        // So lies what `fetch` has got: there is nothing to look for.
        let is_sure = |says: &&Says| says.is_its_own || in_layout.is_some() && says.run == in_layout;
        if says.iter().filter(is_sure).count() == 2 {
            return Ok(paired);
        }
        let by_run = self.by_run.get_or_make(|| ByRun::read(self.reports));
        let run_of = |is_its_own: bool| {
            says.iter().filter(|says| says.is_its_own == is_its_own).find_map(|says| says.run.clone())
        };
        let run = run_of(true).or_else(|| by_run.run_of(export)).or_else(|| run_of(false));
        let Some(run) = run else { return Ok(paired) };
        Ok(Paired {
            stats: ReportFile::choose(paired.stats, &run, by_run, export)?,
            record: ReportFile::choose(paired.record, &run, by_run, export)?,
        })
    }

    /// What was looked at for the reports of exports, and could not be read.
    pub(crate) fn into_unreadable(self) -> Vec<UnreadableReport> {
        self.by_run.into_inner().map_or_else(Vec::new, |by_run| by_run.unreadable)
    }
}

impl Paired {
    /// Those beside an export, unread.
    fn beside(export: &Path) -> Self {
        let files = ReportFiles::default().or_beside(Some(export)).unwrap_or_default();
        Self { stats: files.stats.map(ReportFile::new), record: files.export.map(ReportFile::new) }
    }

    pub(crate) fn files(&self) -> ReportFiles {
        ReportFiles {
            stats: self.stats.as_ref().map(|stats| stats.path.clone()),
            export: self.record.as_ref().map(|record| record.path.clone()),
        }
    }

    /// What they say. Those that were read already are not read again.
    pub(crate) fn reports(self) -> Result<Reports, fillrate::Error> {
        Ok(Reports {
            stats: self.stats.map(ReportFile::report).transpose()?,
            export: self.record.map(ReportFile::report).transpose()?,
        })
    }

    fn both_are_its_own(&self) -> bool {
        self.stats.as_ref().is_some_and(ReportFile::is_its_own)
            && self.record.as_ref().is_some_and(ReportFile::is_its_own)
    }

    fn read(&mut self) {
        self.stats.iter_mut().for_each(ReportFile::read);
        self.record.iter_mut().for_each(ReportFile::read);
    }

    fn says(&self) -> Vec<Says> {
        self.stats.iter().map(ReportFile::says).chain(self.record.iter().map(ReportFile::says)).collect()
    }
}

impl<R: Report> ReportFile<R> {
    fn new(path: PathBuf) -> Self {
        Self { path, read: None }
    }

    /// What cannot be read says nothing of its run. Whoever compares the export with it, will say so.
    fn read(&mut self) {
        self.read = R::open(&self.path).ok();
    }

    fn report(self) -> Result<R, fillrate::Error> {
        self.read.map_or_else(|| R::open(&self.path), Ok)
    }

    /// Whether it is called as the export is. A bare `stats.json` may be that of another file.
    fn is_its_own(&self) -> bool {
        !["stats.json", "export.json"].iter().any(|name| self.path.ends_with(name))
    }

    fn says(&self) -> Says {
        let run = self.read.as_ref().and_then(Report::run).map(str::to_owned);
        Says { is_its_own: self.is_its_own(), run }
    }

    /// The report beside an export, unless there is none or it is of another run, of which there is a better one.
    fn choose(
        beside: Option<Self>,
        run: &str,
        by_run: &ByRun,
        export: &Path,
    ) -> Result<Option<Self>, Problem> {
        let may_stay = |beside: &Self| {
            let Says { is_its_own, run: its_run } = beside.says();
            is_its_own || its_run.is_none_or(|its_run| its_run == run)
        };
        if beside.as_ref().is_some_and(may_stay) {
            return Ok(beside);
        }
        let found = by_run.find::<R>(run, export)?.map(|path| Self::new(path.to_owned()));
        Ok(found.or(beside))
    }
}
