//! What is in paths and queries.

use std::sync::Arc;

use axum::extract::Query;
use axum::extract::rejection::QueryRejection;
use serde::Deserialize;

use super::ApiError;
use crate::app::App;
use crate::catalogue::Run;
use crate::id;

/// A query, or why it cannot be read.
pub(super) type Asked<T> = Result<Query<T>, QueryRejection>;

pub(super) fn read<T>(query: Asked<T>) -> Result<T, ApiError> {
    query.map(|Query(query)| query).map_err(|rejection| ApiError::bad_request(rejection.body_text()))
}

/// Which page of results.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    limit: Option<u64>,
    offset: Option<u64>,
}

impl Page {
    pub(super) fn offset(&self) -> u64 {
        self.offset.unwrap_or(0)
    }

    pub(super) fn limit(&self) -> Result<usize, ApiError> {
        limit(self.limit)
    }
}

/// The most rows of an answer, and how many it has where nobody says: as the previous generation documents it.
const MAX_LIMIT: u64 = 100;
const USUAL_LIMIT: u64 = 50;

pub(super) fn limit(limit: Option<u64>) -> Result<usize, ApiError> {
    let limit = limit.unwrap_or(USUAL_LIMIT);
    let is_allowed = (1..=MAX_LIMIT).contains(&limit);
    let limit = usize::try_from(limit).ok().filter(|_| is_allowed);
    limit.ok_or_else(|| ApiError::bad_request(format!("`limit` has to be from 1 to {MAX_LIMIT}")))
}

/// The run that a path is about.
pub(super) fn run<'a>(app: &'a App, audience: &str, run: &str) -> Result<&'a Arc<Run>, ApiError> {
    let ids = id::parse(audience).zip(id::parse(run));
    let run = ids.and_then(|(audience, run)| app.catalogue.run(audience, run));
    run.ok_or_else(|| ApiError::not_found("there is no such run of this audience"))
}

/// The runs of the audience that a path is about, the oldest first.
pub(super) fn runs<'a>(app: &'a App, audience: &str) -> Result<&'a [Arc<Run>], ApiError> {
    let runs = id::parse(audience).map_or(&[][..], |audience| app.catalogue.runs(audience));
    if runs.is_empty() { Err(ApiError::not_found("there is no such audience")) } else { Ok(runs) }
}
