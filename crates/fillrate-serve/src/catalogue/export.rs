//! A stored export of a run.

use std::time::SystemTime;

use uuid::Uuid;

use super::facts::ExportFacts;
use super::timestamp;
use crate::id;

/// A stored export. There is at most one of a run: what is asked for again is reused.
#[derive(Clone, Debug)]
pub(crate) struct StoredExport {
    pub(crate) id: Uuid,
    pub(crate) completed_at: String,
    pub(crate) file_id: String,
    pub(crate) file_name: String,
    pub(crate) storage_provider: String,
}

impl StoredExport {
    /// One that is made now. Its id is the same whenever it is made.
    pub(crate) fn new(run: Uuid, now: SystemTime) -> Self {
        Self::known(run, &ExportFacts::default(), || timestamp(now))
    }

    /// One that was made earlier, as far as its record says.
    pub(super) fn known(run: Uuid, facts: &ExportFacts, completed_at: impl FnOnce() -> String) -> Self {
        let id = facts.id.as_deref().and_then(id::parse);
        let id = id.unwrap_or_else(|| id::made_up("export", run.as_bytes()));
        let or = |fact: &Option<String>, other: String| fact.clone().unwrap_or(other);
        Self {
            id,
            completed_at: facts.completed_at.clone().unwrap_or_else(completed_at),
            file_id: or(&facts.file_id, id::made_up("file", id.as_bytes()).to_string()),
            file_name: or(&facts.file_name, format!("{run}.csv")),
            storage_provider: or(&facts.storage_provider, "local".to_owned()),
        }
    }
}
