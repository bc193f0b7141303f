//! The runs that are served.

mod discover;
mod export;
mod facts;
mod figures;
mod run;
mod time;

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use uuid::Uuid;

pub(crate) use export::StoredExport;
pub(crate) use facts::Status;
pub(crate) use figures::Figures;
pub(crate) use run::{Run, changed, check};
pub(crate) use time::{date, timestamp};

use crate::Error;

/// The runs in a folder, as they were when it was read.
#[derive(Debug)]
pub(crate) struct Catalogue {
    by_id: HashMap<(Uuid, Uuid), Arc<Run>>,
    /// By audience, the oldest first.
    by_audience: HashMap<Uuid, Vec<Arc<Run>>>,
    /// In the order of their paths.
    all: Vec<Arc<Run>>,
    notes: Vec<String>,
}

impl Catalogue {
    pub(crate) fn read(folder: &Path) -> Result<Self, Error> {
        let (runs, notes) = discover::discover(folder)?;
        let all: Vec<Arc<Run>> = runs.into_iter().map(Arc::new).collect();
        let mut by_audience: HashMap<_, Vec<_>> = HashMap::new();
        for run in &all {
            by_audience.entry(run.ids.audience).or_default().push(Arc::clone(run));
        }
        for runs in by_audience.values_mut() {
            runs.sort_by_cached_key(|run| (run.completed_at(), run.ids));
        }
        let by_id = all.iter().map(|run| ((run.ids.audience, run.ids.run), Arc::clone(run))).collect();
        Ok(Self { by_id, by_audience, all, notes })
    }

    pub(crate) fn run(&self, audience: Uuid, run: Uuid) -> Option<&Arc<Run>> {
        self.by_id.get(&(audience, run))
    }

    /// The runs of an audience, the oldest first; none if there is no such audience.
    pub(crate) fn runs(&self, audience: Uuid) -> &[Arc<Run>] {
        self.by_audience.get(&audience).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn all(&self) -> &[Arc<Run>] {
        &self.all
    }

    /// What is odd about the folder.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }
}
