//! The previous generation: everything is about an audience and a day.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{get, post};
use fillrate::Percent;
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use super::query::{self, Asked};
use super::record::{ExportRecord, Link};
use super::{ApiError, current, data, json, write};
use crate::app::App;
use crate::catalogue::{Run, Status};
use crate::id;
use crate::rows::Row;

pub(crate) fn routes() -> Router<Arc<App>> {
    let audience = |path: &str| format!("/v1/intent/audiences/{{audience}}/{path}");
    Router::new()
        .route(&audience("stats"), get(stats))
        .route(&audience("export"), post(export))
        .route(&audience("runs"), get(runs))
        .route(&audience("status"), get(status))
        .route(&audience("results"), get(results))
}

/// Which day; the latest where nobody says.
#[derive(Debug, Deserialize)]
struct Day {
    date: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Cursor {
    date: Option<String>,
    limit: Option<u64>,
    cursor: Option<String>,
}

/// The latest run of an audience, or that of a day; `None` if there was none on that day.
fn of_day<'a>(runs: &'a [Arc<Run>], date: Option<&str>) -> Result<Option<&'a Arc<Run>>, ApiError> {
    if date.is_some_and(|date| date.parse::<jiff::civil::Date>().is_err() || date.len() != 10) {
        return Err(ApiError::bad_request("`date` has to be a day such as 2026-05-05"));
    }
    Ok(runs.iter().rev().find(|run| date.is_none() || run.data_date().as_deref() == date))
}

/// The same, of a run that is completed.
fn materialised<'a>(runs: &'a [Arc<Run>], date: Option<&str>) -> Result<&'a Arc<Run>, ApiError> {
    let missing = || ApiError::not_found("this audience is not materialised for that day");
    let run = of_day(runs, date)?.ok_or_else(missing)?;
    if run.status()? == Status::Completed { Ok(run) } else { Err(missing()) }
}

async fn stats(
    State(app): State<Arc<App>>,
    Path(audience): Path<String>,
    day: Asked<Day>,
) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Stats<'a> {
        total: u64,
        data_date: String,
        #[serde(serialize_with = "as_map")]
        fields: Vec<(&'a str, Percent)>,
    }
    let date = query::read(day)?.date;
    let run = materialised(query::runs(&app, &audience)?, date.as_deref())?;
    let figures = run.figures().await?;
    // Without the dots of the current generation, whose names the columns were given: as the header spells them.
    let rates = figures.stats.fill_rates.iter().enumerate();
    let fields = rates.map(|(column, (_, rate))| (figures.columns.label(column), rate.percent)).collect();
    let data_date = run.data_date().unwrap_or_default();
    Ok(json(StatusCode::OK, data(&Stats { total: figures.total(), data_date, fields })?))
}

fn as_map<S: Serializer>(fields: &[(&str, Percent)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(fields.iter().copied())
}

async fn export(
    State(app): State<Arc<App>>,
    Path(audience): Path<String>,
    day: Asked<Day>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Exported {
        download_url: String,
        file_name: String,
        rows: Option<u64>,
        data_date: String,
        /// A text, as the vendor's types say.
        expires_in: String,
        cached: bool,
    }
    let date = query::read(day)?.date;
    let run = materialised(query::runs(&app, &audience)?, date.as_deref())?;
    let figures = run.figures().await?;
    let (stored, is_new) = current::store(&app, run);
    let link = Link::new(&app, run, &stored, &app.origin(&headers))?;
    let record = ExportRecord::new(&app, run, &stored, &figures, true);
    let exported = Exported {
        download_url: link.url,
        file_name: record.file_name,
        rows: record.row_count,
        data_date: run.data_date().unwrap_or_default(),
        expires_in: link.ttl_seconds.to_string(),
        cached: !is_new,
    };
    Ok(json(StatusCode::OK, data(&exported)?))
}

async fn runs(State(app): State<Arc<App>>, Path(audience): Path<String>) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Item {
        cache_key: Uuid,
        data_date: String,
        status: &'static str,
        total_count: u64,
        created_at: String,
        has_export: bool,
    }
    let mut items = Vec::new();
    for run in query::runs(&app, &audience)?.iter().rev() {
        let status = run.status()?;
        let total_count = if status == Status::Completed { run.figures().await?.total() } else { 0 };
        items.push(Item {
            cache_key: run.ids.run,
            data_date: run.data_date().unwrap_or_default(),
            status: status.previous_name(),
            total_count,
            created_at: run.completed_at().unwrap_or_default(),
            has_export: run.export().is_some(),
        });
    }
    Ok(json(StatusCode::OK, data(&items)?))
}

async fn status(
    State(app): State<Arc<App>>,
    Path(audience): Path<String>,
    day: Asked<Day>,
) -> Result<Response, ApiError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Materialisation {
        status: &'static str,
        total_count: u64,
        data_date: Option<String>,
        run_id: Option<Uuid>,
    }
    let date = query::read(day)?.date;
    let Some(run) = of_day(query::runs(&app, &audience)?, date.as_deref())? else {
        let none = Materialisation { status: "none", total_count: 0, data_date: date, run_id: None };
        return Ok(json(StatusCode::OK, data(&none)?));
    };
    let status = run.status()?;
    let total_count = if status == Status::Completed { run.figures().await?.total() } else { 0 };
    let (status, data_date, run_id) = (status.previous_name(), run.data_date(), Some(run.ids.run));
    Ok(json(StatusCode::OK, data(&Materialisation { status, total_count, data_date, run_id })?))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Meta {
    count: usize,
    total_count: u64,
    next_cursor: Option<String>,
    has_more: bool,
    status: &'static str,
    data_date: Option<String>,
}

#[derive(Serialize)]
struct Results<'a> {
    data: Vec<Row<'a>>,
    meta: Meta,
}

async fn results(
    State(app): State<Arc<App>>,
    Path(audience): Path<String>,
    cursor: Asked<Cursor>,
) -> Result<Response, ApiError> {
    let Cursor { date, limit, cursor } = query::read(cursor)?;
    let limit = query::limit(limit)?;
    let runs = query::runs(&app, &audience)?;
    let (run, offset) = match cursor {
        Some(cursor) => at(runs, &cursor)?,
        None => (of_day(runs, date.as_deref())?.ok_or_else(none)?, 0),
    };
    let status = run.status()?;
    let (status_name, data_date) = (status.previous_name(), run.data_date());
    if matches!(status, Status::Queued | Status::Running) {
        let meta = Meta {
            count: 0,
            total_count: 0,
            next_cursor: None,
            has_more: false,
            status: status_name,
            data_date,
        };
        return Ok(json(StatusCode::ACCEPTED, write(&Results { data: Vec::new(), meta })?));
    }
    let (figures, index) = (run.figures().await?, run.index().await?);
    let records = current::records(run, &figures, offset, limit).await?;
    let rows: Vec<Row> = records.iter().map(|record| Row::Flat(&index, record)).collect();
    let (count, total_count) = (rows.len(), figures.total());
    let next = offset.saturating_add(count as u64);
    let has_more = next < total_count;
    let next_cursor = has_more.then(|| format!("{}.{next}", run.ids.run));
    let meta = Meta { count, total_count, next_cursor, has_more, status: status_name, data_date };
    Ok(json(StatusCode::OK, write(&Results { data: rows, meta })?))
}

fn none() -> ApiError {
    ApiError::not_found("this audience is not materialised for that day")
}

/// The run and the record that a cursor stands at: it stays with its run, whatever comes later.
fn at<'a>(runs: &'a [Arc<Run>], cursor: &str) -> Result<(&'a Arc<Run>, u64), ApiError> {
    let parsed = cursor.split_once('.').and_then(|(run, offset)| {
        let run = id::parse(run)?;
        Some((runs.iter().find(|known| known.ids.run == run)?, offset.parse().ok()?))
    });
    parsed.ok_or_else(|| ApiError::bad_request("`cursor` is not one that this audience's results gave"))
}
