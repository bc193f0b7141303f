//! What the files beside an export say of its run. None of it has to be there.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use fillrate::MAX_REPORT_BYTES;
use serde_json::Value;

/// What the stats beside an export say of its run, as it is written there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct RunFacts {
    pub(crate) id: Option<String>,
    pub(crate) audience_id: Option<String>,
    pub(crate) run_type: Option<String>,
    pub(crate) completed_at: Option<String>,
    pub(crate) data_date: Option<String>,
    pub(crate) config_hash: Option<String>,
    pub(crate) candidate_count: Option<u64>,
}

/// What the export record beside an export says of it, likewise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ExportFacts {
    pub(crate) id: Option<String>,
    pub(crate) audience_id: Option<String>,
    pub(crate) run_id: Option<String>,
    pub(crate) completed_at: Option<String>,
    pub(crate) file_id: Option<String>,
    pub(crate) file_name: Option<String>,
    pub(crate) storage_provider: Option<String>,
}

impl RunFacts {
    /// Reads a stats answer of either generation, or a `run.json`; `None` if it is no JSON object.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        let answer = read_object(path)?;
        let data = answer.get("data").unwrap_or(&answer);
        let run = data.get("run").unwrap_or(data);
        let text = |name| text(run, name);
        Some(Self {
            id: text("id").or_else(|| text("runId")),
            audience_id: text("audienceId"),
            run_type: text("runType"),
            completed_at: text("completedAt"),
            data_date: text("dataDate"),
            config_hash: text("configHash"),
            candidate_count: run.get("candidateCount").and_then(Value::as_u64),
        })
    }

    /// What another file says wins over this.
    pub(crate) fn overruled_by(self, other: Self) -> Self {
        Self {
            id: other.id.or(self.id),
            audience_id: other.audience_id.or(self.audience_id),
            run_type: other.run_type.or(self.run_type),
            completed_at: other.completed_at.or(self.completed_at),
            data_date: other.data_date.or(self.data_date),
            config_hash: other.config_hash.or(self.config_hash),
            candidate_count: other.candidate_count.or(self.candidate_count),
        }
    }
}

impl ExportFacts {
    /// Reads an export answer of the current generation; `None` if it is none.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        let answer = read_object(path)?;
        let data = answer.get("data").unwrap_or(&answer);
        let export = data.get("export").or_else(|| data.get("exportType").map(|_| data))?;
        let text = |name| text(export, name);
        Some(Self {
            id: text("id"),
            audience_id: text("audienceId"),
            run_id: text("runId"),
            completed_at: text("completedAt"),
            file_id: text("fileId"),
            file_name: text("fileName"),
            storage_provider: text("storageProvider"),
        })
    }
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    Queued,
    Running,
    Failed,
    Completed,
}

impl Status {
    pub(crate) const ALL: [Self; 4] = [Self::Queued, Self::Running, Self::Failed, Self::Completed];

    /// As the API's current generation says it.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Failed => "failed",
            Self::Completed => "completed",
        }
    }

    /// As the API's previous generation says it.
    pub(crate) const fn previous_name(self) -> &'static str {
        match self {
            Self::Queued | Self::Running => "materializing",
            Self::Failed => "failed",
            Self::Completed => "ready",
        }
    }

    /// What a `run.json` says; a run without one is completed. `None` if it cannot be understood.
    pub(crate) fn read(path: &Path) -> Option<Self> {
        if path.symlink_metadata().is_err() {
            return Some(Self::Completed);
        }
        let name = text(&read_object(path)?, "status")?;
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

fn read_object(path: &Path) -> Option<Value> {
    let mut text = Vec::new();
    // A pipe would be waited for.
    if !path.is_file() {
        return None;
    }
    File::open(path).ok()?.take(MAX_REPORT_BYTES).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok().filter(Value::is_object)
}

fn text(object: &Value, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn both_generations_and_inner_objects_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("stats.json");
        for (json, id, date) in [
            (r#"{"data": {"run": {"id": "r", "dataDate": "d"}, "stats": {}}}"#, Some("r"), Some("d")),
            (r#"{"run": {"id": "r"}}"#, Some("r"), None),
            (r#"{"data": {"total": 1, "dataDate": "d", "fields": {}}}"#, None, Some("d")),
            (r#"{"data": {"run": {"id": 7, "dataDate": null}}}"#, None, None),
        ] {
            fs::write(&path, json).unwrap();
            let facts = RunFacts::read(&path).unwrap();
            assert_eq!((facts.id.as_deref(), facts.data_date.as_deref()), (id, date), "{json}");
        }
        for none in ["", "[]", "{", "null"] {
            fs::write(&path, none).unwrap();
            assert_eq!(RunFacts::read(&path), None, "{none}");
            assert_eq!(ExportFacts::read(&path), None, "{none}");
        }
        fs::write(&path, r#"{"data": {"downloadUrl": "https://example.com", "rows": 3}}"#).unwrap();
        assert_eq!(ExportFacts::read(&path), None, "of the previous generation, which has no ids");
    }

    #[test]
    fn a_status_is_one_of_four() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.json");
        assert_eq!(Status::read(&path), Some(Status::Completed), "without a file");
        for status in Status::ALL {
            fs::write(&path, format!(r#"{{"status": "{}"}}"#, status.name())).unwrap();
            assert_eq!(Status::read(&path), Some(status));
        }
        for wrong in ["{}", "", r#"{"status": "done"}"#, r#"{"status": 1}"#] {
            fs::write(&path, wrong).unwrap();
            assert_eq!(Status::read(&path), None, "{wrong}");
        }
    }
}
