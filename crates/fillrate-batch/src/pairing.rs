//! Which reports are an export's.

mod by_run;
mod paths;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use fillrate::{ExportRecord, ReportFiles, Reported};

use crate::record::Problem;
pub use by_run::UnreadableReport;
use by_run::{ByRun, Report};
pub(crate) use paths::Ids;

/// Finds the reports of exports, the stats and the record each by itself: what lies beside an export by the names that
/// `verify` knows; what does not, among the reports of its run.
pub(crate) struct Pairing<'a> {
    reports: &'a [PathBuf],
    /// Read only if an export has not all its reports beside it.
    by_run: OnceLock<ByRun>,
}

/// A report beside an export.
struct Beside {
    path: PathBuf,
    /// Whether it is called as the export is. A bare `stats.json` may be that of another file.
    is_its_own: bool,
    run: Option<String>,
}

impl<'a> Pairing<'a> {
    pub(crate) fn new(reports: &'a [PathBuf]) -> Self {
        Self { reports, by_run: OnceLock::new() }
    }

    /// The reports of an export; neither, if there are none.
    pub(crate) fn reports_of(&self, export: &Path) -> Result<ReportFiles, Problem> {
        let beside = ReportFiles::default().or_beside(Some(export)).unwrap_or_default();
        if self.reports.is_empty() {
            return Ok(beside);
        }
        let stats = beside.stats.as_deref().map(Beside::new::<Reported>);
        let record = beside.export.as_deref().map(Beside::new::<ExportRecord>);
        let both = || [&stats, &record].into_iter().flatten();
        let in_layout = Ids::of_path(export).run;
        // So lies what `fetch` has got: there is nothing to look for.
        if both().filter(|beside| beside.is_its_own || in_layout.is_some() && beside.run == in_layout).count()
            == 2
        {
            return Ok(beside);
        }
        let by_run = self.by_run.get_or_init(|| ByRun::read(self.reports));
        let run_of = |is_its_own: bool| {
            both().filter(|beside| beside.is_its_own == is_its_own).find_map(|beside| beside.run.clone())
        };
        let run = run_of(true).or_else(|| by_run.run_of(export)).or_else(|| run_of(false));
        Ok(ReportFiles {
            stats: choose::<Reported>(stats, run.as_deref(), by_run, export)?,
            export: choose::<ExportRecord>(record, run.as_deref(), by_run, export)?,
        })
    }

    /// What was looked at for the reports of exports, and could not be read.
    pub(crate) fn into_unreadable(self) -> Vec<UnreadableReport> {
        self.by_run.into_inner().map_or_else(Vec::new, |by_run| by_run.unreadable)
    }
}

impl Beside {
    /// What cannot be read says nothing of its run. Whoever compares the export with it, will say so.
    fn new<R: Report>(path: &Path) -> Self {
        let is_bare = ["stats.json", "export.json"].iter().any(|name| path.ends_with(name));
        let run = R::open(path).ok().and_then(|report| report.run().map(str::to_owned));
        Self { path: path.to_owned(), is_its_own: !is_bare, run }
    }

    /// Whether nothing says that it is the report of another run.
    fn may_be_of(&self, run: &str) -> bool {
        self.is_its_own || self.run.as_deref().is_none_or(|its| its == run)
    }
}

/// The report beside an export, unless there is none or it is of another run, of which there is a better one.
fn choose<R: Report>(
    beside: Option<Beside>,
    run: Option<&str>,
    by_run: &ByRun,
    export: &Path,
) -> Result<Option<PathBuf>, Problem> {
    let found = match run {
        Some(run) if !beside.as_ref().is_some_and(|beside| beside.may_be_of(run)) => {
            by_run.find::<R>(run, export)?
        }
        _ => None,
    };
    Ok(found.map(Path::to_owned).or(beside.map(|beside| beside.path)))
}
