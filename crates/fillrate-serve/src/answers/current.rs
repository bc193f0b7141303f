//! The current generation: everything is about a run.

use std::fs::File;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::get;
use serde::Serialize;

use super::query::{self, Asked, Page};
use super::record::{ExportRecord, Link};
use super::{ApiError, csv, data, json, write};
use crate::app::App;
use crate::blocking;
use crate::catalogue::{Figures, Run, Status, StoredExport, changed, check};
use crate::fault::FaultKind;
use crate::rows::Row;

/// Audience and run.
type Ids = Path<(String, String)>;

pub(crate) fn routes() -> Router<Arc<App>> {
    let run = |path: &str| format!("/v1/intent/audiences/{{audience}}/runs/{{run}}/{path}");
    Router::new()
        .route(&run("stats"), get(stats))
        .route(&run("results"), get(results))
        .route(&run("export.csv"), get(direct))
        .route(&run("exports"), get(list).post(create))
        .route(&run("exports/{export}"), get(detail))
}

async fn stats(State(app): State<Arc<App>>, Path((audience, run)): Ids) -> Result<Response, ApiError> {
    let figures = query::run(&app, &audience, &run)?.figures().await?;
    Ok(json(StatusCode::OK, figures.answer.clone()))
}

async fn results(
    State(app): State<Arc<App>>,
    Path((audience, run)): Ids,
    page: Asked<Page>,
) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Waiting<T> {
        run: T,
    }
    #[derive(Serialize)]
    struct Answer<'a> {
        data: Vec<Row<'a>>,
        meta: Meta,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Meta {
        count: usize,
        total_count: u64,
        limit: usize,
        offset: u64,
        has_more: bool,
    }
    let page = query::read(page)?;
    let (offset, limit) = (page.offset(), page.limit()?);
    let run = query::run(&app, &audience, &run)?;
    if let status @ (Status::Queued | Status::Running) = run.status()? {
        return Ok(json(StatusCode::ACCEPTED, data(&Waiting { run: run.record(status, None) })?));
    }
    let (figures, index) = (run.figures().await?, run.index().await?);
    let records = records(run, &figures, offset, limit).await?;
    let rows: Vec<Row> = records.iter().map(|record| Row::Nested(&index, record)).collect();
    let (count, total_count) = (rows.len(), figures.total());
    let has_more = offset.saturating_add(count as u64) < total_count;
    let meta = Meta { count, total_count, limit, offset, has_more };
    Ok(json(StatusCode::OK, write(&Answer { data: rows, meta })?))
}

/// The records of a page, of the file as it was when it was counted.
pub(super) async fn records(
    run: &Arc<Run>,
    figures: &Arc<Figures>,
    offset: u64,
    limit: usize,
) -> Result<Vec<::csv::ByteRecord>, ApiError> {
    let index = run.index().await?;
    let (run, then) = (Arc::clone(run), figures.snapshot);
    blocking(move || {
        let lost = |error: std::io::Error| changed(&error);
        let file = File::open(run.path()).map_err(lost)?;
        let page = index.page(file.try_clone().map_err(lost)?, offset, limit).map_err(lost)?;
        check(&file, then)?;
        Ok(page)
    })
    .await
}

async fn direct(State(app): State<Arc<App>>, Path((audience, run)): Ids) -> Result<Response, ApiError> {
    let run = query::run(&app, &audience, &run)?;
    let figures = run.figures().await?;
    let end = run.end_of_direct(app.row_cap).await?;
    csv::stream(&app, run, &figures, end)
}

async fn create(
    State(app): State<Arc<App>>,
    Path((audience, run)): Ids,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let run = query::run(&app, &audience, &run)?;
    let figures = run.figures().await?;
    let (export, is_new) = store(&app, run);
    let status = if is_new { StatusCode::CREATED } else { StatusCode::OK };
    show(&app, run, &export, &figures, &headers, status)
}

/// The stored export of a run, made now if there is none; and whether it was.
pub(super) fn store(app: &App, run: &Run) -> (StoredExport, bool) {
    let mut stored = run.export();
    let is_new = stored.is_none();
    (stored.get_or_insert_with(|| StoredExport::new(run.ids.run, app.now())).clone(), is_new)
}

async fn list(State(app): State<Arc<App>>, Path((audience, run)): Ids) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    struct Exports {
        exports: Vec<ExportRecord>,
    }
    let run = query::run(&app, &audience, &run)?;
    let figures = run.figures().await?;
    let stored = run.export().clone();
    let records = stored.iter().map(|export| ExportRecord::new(&app, run, export, &figures, true));
    Ok(json(StatusCode::OK, data(&Exports { exports: records.collect() })?))
}

async fn detail(
    State(app): State<Arc<App>>,
    Path((audience, run, export)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let run = query::run(&app, &audience, &run)?;
    let figures = run.figures().await?;
    let stored = run.export().clone().filter(|stored| crate::id::parse(&export) == Some(stored.id));
    let stored = stored.ok_or_else(|| ApiError::not_found("there is no such export of this run"))?;
    show(&app, run, &stored, &figures, &headers, StatusCode::OK)
}

/// One export, with a fresh link.
fn show(
    app: &App,
    run: &Run,
    export: &StoredExport,
    figures: &Figures,
    headers: &HeaderMap,
    status: StatusCode,
) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Exported {
        export: ExportRecord,
        download_url: Option<String>,
        download_url_expires_at: Option<String>,
        download_url_ttl_seconds: Option<u64>,
    }
    let completed = !app.faults.strikes(FaultKind::PendingExport);
    let link = if completed { Some(Link::new(app, run, export, &app.origin(headers))?) } else { None };
    let export = ExportRecord::new(app, run, export, figures, completed);
    let expires_at = link.as_ref().map(|link| link.expires_at.clone());
    let ttl = link.as_ref().map(|link| link.ttl_seconds);
    let exported = Exported {
        export,
        download_url: link.map(|link| link.url),
        download_url_expires_at: expires_at,
        download_url_ttl_seconds: ttl,
    };
    Ok(json(status, data(&exported)?))
}
