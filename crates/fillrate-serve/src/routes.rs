//! Which request goes where, and what it has to pass first.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Html, IntoResponse, Response};
use std::time::Duration;
use tokio::time::sleep;

use crate::answers::{self, ApiError};
use crate::app::{App, Shared};
use crate::fault::FaultKind;
use crate::log::log;

const KEY: &str = "x-api-key";

pub(crate) fn router(app: &Shared) -> Router {
    let api = answers::current_routes()
        .merge(answers::previous_routes())
        .fallback(async || ApiError::not_found("the API has no such path"))
        .layer(from_fn_with_state(Shared::clone(app), fail))
        .layer(from_fn_with_state(Shared::clone(app), check_key));
    api.merge(answers::download_routes())
        .method_not_allowed_fallback(async || {
            let status = StatusCode::METHOD_NOT_ALLOWED;
            ApiError::new(status, "method_not_allowed", "this path does not take that method")
        })
        .layer(from_fn_with_state(Shared::clone(app), wait))
        .layer(from_fn_with_state(Shared::clone(app), log))
        .with_state(Shared::clone(app))
}

/// Lets nobody pass without the key.
async fn check_key(
    State(app): State<Shared>,
    headers: HeaderMap,
    request: Request,
    next: Next,
) -> Result<Response, ApiError> {
    match headers.get(KEY) {
        Some(key) if app.key.accepts(key.as_bytes()) => Ok(next.run(request).await),
        Some(_) => {
            Err(ApiError::unauthorized("this is not the API key; `fillrate serve --help` says which one is"))
        }
        None => Err(ApiError::unauthorized("send the API key in the header `x-api-key`")),
    }
}

/// Answers in the place of the API, where that is asked for.
async fn fail(State(app): State<Shared>, request: Request, next: Next) -> Response {
    match failure(&app, request.uri().path()) {
        Some(response) => response,
        None => next.run(request).await,
    }
}

fn failure(app: &App, path: &str) -> Option<Response> {
    for (kind, status) in [
        (FaultKind::TooMany, StatusCode::TOO_MANY_REQUESTS),
        (FaultKind::InternalError, StatusCode::INTERNAL_SERVER_ERROR),
        (FaultKind::BadGateway, StatusCode::BAD_GATEWAY),
        (FaultKind::Unavailable, StatusCode::SERVICE_UNAVAILABLE),
        (FaultKind::GatewayTimeout, StatusCode::GATEWAY_TIMEOUT),
    ] {
        if app.faults.strikes(kind) {
            return Some(ApiError::staged(status).into_response());
        }
    }
    // What is a CSV has faults of its own.
    if path.ends_with("/export.csv") {
        return None;
    }
    if let Some(url) = app.faults.strike(FaultKind::RedirectApi).and_then(|fault| fault.url()) {
        return Some(answers::redirect(url));
    }
    app.faults.strikes(FaultKind::HtmlApi).then(|| Html(answers::PAGE).into_response())
}

/// Makes every answer late, where that is asked for.
async fn wait(State(app): State<Shared>, request: Request, next: Next) -> Response {
    if let Some(milliseconds) = app.faults.number(FaultKind::Latency) {
        sleep(Duration::from_millis(milliseconds)).await;
    }
    next.run(request).await
}
