//! Export records, as both generations show them, with the faults that are in them.

use std::time::{Duration, UNIX_EPOCH};

use serde::Serialize;

use super::ApiError;
use super::download;
use crate::app::App;
use crate::catalogue::{Figures, Run, StoredExport, timestamp};
use crate::fault::FaultKind;

/// Where the file of a hostile record wants to go.
const HOSTILE_NAME: &str = "../../../../tmp/escaped.csv";
const HOSTILE_ID: &str = "../../../../tmp/escaped";

/// `data.export` of the current generation.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExportRecord {
    id: String,
    audience_id: String,
    run_id: String,
    export_type: &'static str,
    status: &'static str,
    content_type: &'static str,
    byte_size: Option<u64>,
    pub(super) row_count: Option<u64>,
    content_sha1: Option<String>,
    file_id: String,
    pub(super) file_name: String,
    storage_provider: String,
    error_code: Option<&'static str>,
    completed_at: Option<String>,
}

/// A link, and until when it holds.
pub(super) struct Link {
    pub(super) url: String,
    pub(super) expires_at: String,
    pub(super) ttl_seconds: u64,
}

impl ExportRecord {
    /// The record of a stored export, which is either completed or still in the making.
    pub(super) fn new(
        app: &App,
        run: &Run,
        export: &StoredExport,
        figures: &Figures,
        completed: bool,
    ) -> Self {
        let faults = &app.faults;
        let is_hostile = faults.strikes(FaultKind::HostileIds);
        let id = |id: String| if is_hostile { HOSTILE_ID.to_owned() } else { id };
        let wrong = |kind| faults.number(kind).unwrap_or(0);
        let when_completed = |value: u64| Some(value).filter(|_| completed);
        let sha1 = if faults.strikes(FaultKind::WrongSha1) { "0".repeat(40) } else { figures.sha1.clone() };
        let is_misnamed = faults.strikes(FaultKind::HostileName);
        Self {
            id: id(export.id.to_string()),
            audience_id: id(run.ids.audience.to_string()),
            run_id: id(run.ids.run.to_string()),
            export_type: "csv",
            status: if completed { "completed" } else { "processing" },
            content_type: "text/csv",
            byte_size: when_completed(
                figures.snapshot.size().saturating_add(wrong(FaultKind::WrongByteSize)),
            ),
            row_count: when_completed(figures.total().saturating_add(wrong(FaultKind::WrongRowCount))),
            content_sha1: Some(sha1).filter(|_| completed),
            file_id: export.file_id.clone(),
            file_name: if is_misnamed { HOSTILE_NAME.to_owned() } else { export.file_name.clone() },
            storage_provider: export.storage_provider.clone(),
            error_code: None,
            completed_at: Some(export.completed_at.clone()).filter(|_| completed),
        }
    }
}

impl Link {
    /// A link to the file of a stored export that holds from now on.
    pub(super) fn new(app: &App, run: &Run, export: &StoredExport, origin: &str) -> Result<Self, ApiError> {
        let now = app.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let ttl_seconds = app.url_ttl.as_secs();
        let expires = match app.faults.strike(FaultKind::ExpiredUrl) {
            Some(_) => now.saturating_sub(1),
            None => now.saturating_add(ttl_seconds),
        };
        let path = download::path(run, export);
        let url = format!("{origin}{path}?{}", app.signer.query(&path, expires));
        let expires_at = UNIX_EPOCH.checked_add(Duration::from_secs(expires));
        let expires_at = expires_at.ok_or_else(|| ApiError::internal(&"the links hold for too long"))?;
        Ok(Self { url, expires_at: timestamp(expires_at), ttl_seconds })
    }
}
