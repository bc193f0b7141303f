//! Requests → answers.

mod body;
mod csv;
mod current;
mod download;
mod error;
mod previous;
mod query;
mod range;
mod record;

pub(crate) use csv::{PAGE, redirect};
pub(crate) use current::routes as current_routes;
pub(crate) use download::routes as download_routes;
pub(crate) use error::ApiError;
pub(crate) use previous::routes as previous_routes;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// `{"data": …}`
pub(crate) fn data(data: &impl Serialize) -> Result<Bytes, ApiError> {
    #[derive(Serialize)]
    struct Answer<'a, T> {
        data: &'a T,
    }
    write(&Answer { data })
}

fn write(answer: &impl Serialize) -> Result<Bytes, ApiError> {
    serde_json::to_vec(answer).map(Bytes::from).map_err(|error| ApiError::internal(&error))
}

fn json(status: StatusCode, body: Bytes) -> Response {
    (status, [(header::CONTENT_TYPE, JSON)], body).into_response()
}
