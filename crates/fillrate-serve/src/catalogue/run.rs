//! A run: its export, what is known of it, and what was computed of it.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::SystemTime;
use std::{fmt, io};

use fillrate::FileVersion;
use serde::Serialize;
use tokio::sync::OnceCell;
use uuid::Uuid;

use super::facts::{ExportFacts, RunFacts, Status};
use super::figures::Figures;
use super::{StoredExport, date, timestamp};
use crate::answers::ApiError;
use crate::blocking;
use crate::rows::{Index, end_of};
use crate::snapshot;

const REPLACED: &str = "it was written to, or replaced";

/// Of which audience and run an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Ids {
    pub(crate) audience: Uuid,
    pub(crate) run: Uuid,
}

/// A run. Everything that is computed of its file is computed once, and holds for the file as it was then.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) ids: Ids,
    /// The path below the folder that is served, fit to be shown.
    pub(crate) shown_path: String,
    csv: PathBuf,
    /// Where a `run.json` is, or may come to be.
    state: PathBuf,
    facts: RunFacts,
    export_facts: Option<ExportFacts>,
    snapshot: OnceLock<FileVersion>,
    figures: OnceCell<Arc<Figures>>,
    index: OnceCell<Arc<Index>>,
    /// Where the records end that the direct CSV has.
    capped: OnceCell<u64>,
    export: Mutex<Option<StoredExport>>,
}

/// A run as the API's current generation describes it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RunRecord<'a> {
    id: Uuid,
    audience_id: Uuid,
    status: &'static str,
    run_type: &'a str,
    result_count: Option<u64>,
    completed_at: Option<String>,
    data_date: Option<String>,
    config_hash: Option<&'a str>,
    candidate_count: Option<u64>,
}

/// Says that a run has lost its file.
pub(crate) fn changed(how: &dyn fmt::Display) -> ApiError {
    ApiError::conflict(
        "run_changed",
        format!(
            "the file of this run is not the one that was served first ({how}); start `fillrate serve` again to serve \
             what is there now"
        ),
    )
}

/// Refuses a file that is open and not the one that it was.
pub(crate) fn check(file: &File, then: FileVersion) -> Result<(), ApiError> {
    match snapshot::of_file(file) {
        Ok(now) if now == then => Ok(()),
        Ok(_) => Err(changed(&REPLACED)),
        Err(error) => Err(changed(&error)),
    }
}

impl Run {
    pub(super) fn new(
        ids: Ids,
        shown_path: String,
        csv: PathBuf,
        snapshot: Option<FileVersion>,
        state: PathBuf,
        facts: RunFacts,
        export_facts: Option<ExportFacts>,
    ) -> Self {
        let snapshot = snapshot.map_or_else(OnceLock::new, OnceLock::from);
        let (figures, index, capped) = (OnceCell::new(), OnceCell::new(), OnceCell::new());
        let export = Mutex::new(None);
        Self { ids, shown_path, csv, state, facts, export_facts, snapshot, figures, index, capped, export }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.csv
    }

    /// Where the run stands: a `run.json` is read whenever it is asked, so that a run can go on.
    pub(crate) fn status(&self) -> Result<Status, ApiError> {
        Status::read(&self.state).ok_or_else(|| {
            let names = Status::ALL.map(Status::name).join(", ");
            ApiError::conflict(
                "run_state_unreadable",
                format!("the run.json of this run has no `status` that is one of {names}"),
            )
        })
    }

    /// The file that the run is of, if the run is completed and the file still is the one that it was.
    pub(crate) fn snapshot(&self) -> Result<FileVersion, ApiError> {
        match self.status()? {
            Status::Completed => {}
            Status::Failed => return Err(ApiError::conflict("run_failed", "this run has failed".to_owned())),
            Status::Queued | Status::Running => {
                return Err(ApiError::conflict(
                    "run_not_completed",
                    "this run is not completed yet".to_owned(),
                ));
            }
        }
        let now = snapshot::of_path(&self.csv).map_err(|error| changed(&error))?;
        let then = *self.snapshot.get_or_init(|| now);
        if now == then { Ok(then) } else { Err(changed(&REPLACED)) }
    }

    /// Passes on what was made of the file, unless the file changed meanwhile.
    fn of_snapshot<T>(&self, then: FileVersion, made: io::Result<T>) -> Result<T, ApiError> {
        match snapshot::of_path(&self.csv) {
            Ok(now) if now == then => made.map_err(|error| changed(&error)),
            Ok(_) => Err(changed(&REPLACED)),
            Err(error) => Err(changed(&error)),
        }
    }

    /// The figures of a completed run.
    pub(crate) async fn figures(self: &Arc<Self>) -> Result<Arc<Figures>, ApiError> {
        let snapshot = self.snapshot()?;
        let compute = || {
            let run = Arc::clone(self);
            blocking(move || {
                let figures = Figures::of(&run, snapshot)?;
                run.of_snapshot(snapshot, Ok(Arc::new(figures)))
            })
        };
        self.figures.get_or_try_init(compute).await.cloned()
    }

    /// Where the records of a completed run are.
    pub(crate) async fn index(self: &Arc<Self>) -> Result<Arc<Index>, ApiError> {
        // What is no CSV has no records either, and the engine says best what it is.
        let figures = self.figures().await?;
        let snapshot = figures.snapshot;
        let compute = || {
            let run = Arc::clone(self);
            blocking(move || {
                let index = Index::of(&run.csv, &figures.columns);
                run.of_snapshot(snapshot, index.map(Arc::new))
            })
        };
        self.index.get_or_try_init(compute).await.cloned()
    }

    /// Where the direct CSV ends, which has so many records at most: always as many for a run.
    pub(crate) async fn end_of_direct(self: &Arc<Self>, cap: u64) -> Result<u64, ApiError> {
        let figures = self.figures().await?;
        let snapshot = figures.snapshot;
        if figures.total() <= cap {
            return Ok(snapshot.size());
        }
        let compute = || {
            let run = Arc::clone(self);
            blocking(move || run.of_snapshot(snapshot, end_of(&run.csv, cap)))
        };
        self.capped.get_or_try_init(compute).await.copied()
    }

    /// The stored export, if there is one. The lock is held for the blink of an eye only.
    pub(crate) fn export(&self) -> MutexGuard<'_, Option<StoredExport>> {
        let mut export = self.export.lock().unwrap_or_else(PoisonError::into_inner);
        if export.is_none()
            && let Some(facts) = &self.export_facts
        {
            let fallback = || self.completed_at().unwrap_or_else(|| timestamp(SystemTime::UNIX_EPOCH));
            *export = Some(StoredExport::known(self.ids.run, facts, fallback));
        }
        export
    }

    /// When it was completed: what its stats say, or else when its file was written.
    pub(crate) fn completed_at(&self) -> Option<String> {
        let written = || self.snapshot.get()?.modified().map(timestamp);
        self.facts.completed_at.clone().or_else(written)
    }

    /// Of which day its data is: what its stats say, or else the day when it was completed.
    pub(crate) fn data_date(&self) -> Option<String> {
        self.facts.data_date.clone().or_else(|| date(&self.completed_at()?))
    }

    pub(crate) fn record(&self, status: Status, result_count: Option<u64>) -> RunRecord<'_> {
        RunRecord {
            id: self.ids.run,
            audience_id: self.ids.audience,
            status: status.name(),
            run_type: self.facts.run_type.as_deref().unwrap_or("manual"),
            result_count,
            completed_at: self.completed_at().filter(|_| status == Status::Completed),
            data_date: self.data_date(),
            config_hash: self.facts.config_hash.as_deref(),
            candidate_count: self.facts.candidate_count,
        }
    }
}
