//! Answers with a CSV: streamed as it is, or as a file of which a part can be had, with the faults on the way.

use std::fs::File;
use std::io;
use std::time::UNIX_EPOCH;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use super::ApiError;
use super::body::{CsvBody, Ending};
use super::range::{Wanted, wanted};
use crate::app::App;
use crate::catalogue::{Figures, Run, changed, check};
use crate::fault::{FaultKind, Faults};

const CSV: HeaderValue = HeaderValue::from_static("text/csv; charset=utf-8");
const ROW_CAP: HeaderName = HeaderName::from_static("x-export-row-cap");

/// A page as it is seen where somebody has to log in first.
pub(crate) const PAGE: &str =
    "<!doctype html>\n<html><head><title>Sign in</title></head><body></body></html>\n";

/// A part of a file that is to be sent.
struct Part {
    file: File,
    start: u64,
    end: u64,
    /// Whether the size is left open.
    chunked: bool,
}

/// The whole run at once, up to the byte `end`, of a size that is not told.
pub(super) fn stream(app: &App, run: &Run, figures: &Figures, end: u64) -> Result<Response, ApiError> {
    if let Some(response) = instead(&app.faults) {
        return Ok(response);
    }
    let part = Part { file: open(run, figures)?, start: 0, end, chunked: true };
    let mut response = send(&app.faults, run, figures, part)?;
    response.headers_mut().insert(ROW_CAP, app.row_cap.into());
    Ok(response)
}

/// The file of a stored export, or what a request wants of it.
pub(super) fn file(
    app: &App,
    run: &Run,
    figures: &Figures,
    headers: &HeaderMap,
) -> Result<Response, ApiError> {
    if let Some(response) = instead(&app.faults) {
        return Ok(response);
    }
    let size = figures.snapshot.size();
    let etag = etag(app, figures);
    let wanted = match wanted(headers, size, &etag) {
        Wanted::Part(..) if app.faults.strikes(FaultKind::RangeRefused) => Wanted::Nothing,
        Wanted::Part(..) if app.faults.strikes(FaultKind::IgnoredRange) => Wanted::Whole,
        wanted => wanted,
    };
    let (start, end) = match wanted {
        Wanted::Whole => (0, size),
        Wanted::Part(start, end) => (start, end),
        Wanted::Nothing => {
            let error = ApiError::new(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "range_not_satisfiable",
                "this range is not in the file",
            );
            return Ok(error
                .with_header(header::CONTENT_RANGE, text(format!("bytes */{size}"))?)
                .into_response());
        }
    };
    let part = Part { file: open(run, figures)?, start, end, chunked: false };
    let mut response = send(&app.faults, run, figures, part)?;
    let headers = response.headers_mut();
    headers.insert(header::ETAG, text(etag)?);
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    if wanted != Wanted::Whole {
        let shift = app.faults.number(FaultKind::WrongContentRange).unwrap_or(0);
        let (first, last) = (start.saturating_add(shift), end.saturating_add(shift).saturating_sub(1));
        headers.insert(header::CONTENT_RANGE, text(format!("bytes {first}-{last}/{size}"))?);
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

/// What comes instead of any CSV, if that is asked for.
fn instead(faults: &Faults) -> Option<Response> {
    if let Some(url) = faults.strike(FaultKind::Redirect).and_then(|fault| fault.url()) {
        return Some(redirect(url));
    }
    faults.strikes(FaultKind::Html).then(|| Html(PAGE).into_response())
}

/// To another place, wherever that is.
pub(crate) fn redirect(url: &str) -> Response {
    let location = HeaderValue::from_str(url).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::FOUND, [(header::LOCATION, location)]).into_response()
}

/// The file, if it is the one that was counted.
fn open(run: &Run, figures: &Figures) -> Result<File, ApiError> {
    let file = File::open(run.path()).map_err(|error| changed(&error))?;
    check(&file, figures.snapshot)?;
    Ok(file)
}

fn send(faults: &Faults, run: &Run, figures: &Figures, part: Part) -> Result<Response, ApiError> {
    let lost = |error: io::Error| changed(&error);
    let Part { file, start, mut end, chunked } = part;
    let size = end.saturating_sub(start);
    let mut response = Response::new(Body::empty());
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, CSV);
    let name = format!("attachment; filename=\"{}.csv\"", run.ids.run);
    headers.insert(header::CONTENT_DISPOSITION, text(name)?);

    let (ending, announced) = if let Some(bytes) = faults.number(FaultKind::CutOff) {
        (Ending::Cut(bytes), Some(size))
    } else if let Some(bytes) = faults.number(FaultKind::CutOffChunked) {
        (Ending::Cut(bytes), None)
    } else if let Some(bytes) = faults.number(FaultKind::Stall) {
        (Ending::Stall(bytes), Some(size))
    } else if faults.strikes(FaultKind::Endless) {
        (Ending::Never, None)
    } else if let Some(more) = faults.number(FaultKind::LongerLength) {
        // Cut, for what ends before its announced length is not even sent.
        (Ending::Cut(size), Some(size.saturating_add(more)))
    } else if let Some(less) = faults.number(FaultKind::ShorterLength) {
        end -= less.min(size);
        (Ending::Complete, Some(size.saturating_sub(less)))
    } else {
        (Ending::Complete, Some(size).filter(|_| !chunked))
    };
    let mut body = CsvBody::new(file, figures.snapshot, (start, end), ending).map_err(lost)?;
    if faults.strikes(FaultKind::Gzip) {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        body = body.compressed();
    } else if let Some(announced) = announced {
        headers.insert(header::CONTENT_LENGTH, announced.into());
    }
    *response.body_mut() = Body::new(body);
    Ok(response)
}

/// The SHA-1 of the file is as strong a validator as there can be.
fn etag(app: &App, figures: &Figures) -> String {
    if app.faults.strikes(FaultKind::ChangedEtag) {
        let now = app.now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
        return format!("\"{now}-{}\"", app.count());
    }
    format!("\"{}\"", figures.sha1)
}

fn text(text: String) -> Result<HeaderValue, ApiError> {
    HeaderValue::try_from(text).map_err(|error| ApiError::internal(&error))
}
