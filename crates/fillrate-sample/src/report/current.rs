//! The answers of the API's current generation.

use serde::Serialize;

use super::facts::{Bucket, Facts, Share};
use crate::decimal::Decimal;

const RUN_COMPLETED_AT: &str = "2026-01-15T08:45:03.000Z";
const EXPORT_COMPLETED_AT: &str = "2026-01-15T08:46:03.000Z";
const URL_EXPIRES_AT: &str = "2026-01-16T08:46:03.000Z";
const URL_TTL_SECONDS: u32 = 86_400;

/// `GET …/runs/{runId}/stats`.
#[derive(Serialize)]
pub(super) struct StatsData<'a> {
    run: Run<'a>,
    stats: Stats<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    id: &'a str,
    audience_id: &'a str,
    status: &'static str,
    #[serde(rename = "runType")]
    kind: &'static str,
    result_count: u64,
    completed_at: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Stats<'a> {
    total: u64,
    #[serde(serialize_with = "super::as_object")]
    fill_rates: &'a [(&'static str, Share)],
    score_histogram: &'a [Bucket],
    #[serde(serialize_with = "super::as_object")]
    averages: &'a [(&'static str, Decimal)],
}

/// `GET …/runs/{runId}/exports/{exportId}`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExportData<'a> {
    export: Export<'a>,
    download_url: String,
    download_url_expires_at: &'static str,
    download_url_ttl_seconds: u32,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Export<'a> {
    id: &'a str,
    audience_id: &'a str,
    run_id: &'a str,
    #[serde(rename = "exportType")]
    kind: &'static str,
    status: &'static str,
    content_type: &'static str,
    byte_size: u64,
    row_count: u64,
    completed_at: &'static str,
    content_sha1: &'a str,
}

pub(super) fn stats(facts: &Facts) -> StatsData<'_> {
    StatsData {
        run: Run {
            id: &facts.run_id,
            audience_id: &facts.audience_id,
            status: "completed",
            kind: "manual",
            result_count: facts.result_count,
            completed_at: RUN_COMPLETED_AT,
        },
        stats: Stats {
            total: facts.total,
            fill_rates: &facts.fill_rates,
            score_histogram: &facts.histogram,
            averages: &facts.averages,
        },
    }
}

pub(super) fn export(facts: &Facts) -> ExportData<'_> {
    ExportData {
        export: Export {
            id: &facts.export_id,
            audience_id: &facts.audience_id,
            run_id: &facts.exported_run_id,
            kind: "csv",
            status: "completed",
            content_type: "text/csv",
            byte_size: facts.byte_size,
            row_count: facts.row_count,
            completed_at: EXPORT_COMPLETED_AT,
            content_sha1: &facts.content_sha1,
        },
        download_url: format!("https://downloads.example.com/{}.csv?signature=invented", facts.export_id),
        download_url_expires_at: URL_EXPIRES_AT,
        download_url_ttl_seconds: URL_TTL_SECONDS,
    }
}
