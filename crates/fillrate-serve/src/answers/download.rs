//! Signed links: whoever has one may download, without a key, until it expires.

use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::query::{self, Asked};
use super::{ApiError, csv};
use crate::app::App;
use crate::catalogue::{Run, StoredExport};

/// What the paths of signed links begin with.
pub(crate) const PREFIX: &str = "/downloads/";

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new().route(&format!("{PREFIX}{{audience}}/{{run}}/{{file}}"), get(download))
}

/// The path of an export's file.
pub(super) fn path(run: &Run, export: &StoredExport) -> String {
    format!("{PREFIX}{}/{}/{}.csv", run.ids.audience, run.ids.run, export.id)
}

#[derive(Debug, Default, Deserialize)]
struct Signature {
    expires: u64,
    signature: String,
}

async fn download(
    State(app): State<Arc<App>>,
    Path((audience, run, _)): Path<(String, String, String)>,
    signature: Asked<Signature>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let refused = || ApiError::forbidden("link_altered", "this link was not signed here, or it was altered");
    // Not what was wrong with it: that would be a part of the signature.
    let Signature { expires, signature } = query::read(signature).map_err(|_| refused())?;
    if !app.signer.is_link(uri.path(), expires, &signature) {
        return Err(refused());
    }
    if UNIX_EPOCH.checked_add(Duration::from_secs(expires)).is_none_or(|end| end <= app.now()) {
        return Err(ApiError::forbidden(
            "link_expired",
            "this link has expired; the detail call of the export gives a fresh one",
        ));
    }
    let run = query::run(&app, &audience, &run)?;
    let figures = run.figures().await?;
    csv::file(&app, run, &figures, &headers)
}
