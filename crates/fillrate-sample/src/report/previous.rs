//! The answers of the API's previous generation.

use serde::Serialize;

use super::facts::Facts;
use crate::decimal::Decimal;

const DATA_DATE: &str = "2026-01-15";
const URL_TTL_SECONDS: u32 = 86_400;

/// `GET /v1/intent/audiences/{id}/stats`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatsData {
    total: u64,
    data_date: &'static str,
    #[serde(serialize_with = "super::as_object")]
    fields: Vec<(&'static str, Decimal)>,
}

/// `POST /v1/intent/audiences/{id}/export`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExportData {
    download_url: String,
    file_name: String,
    rows: u64,
    data_date: &'static str,
    expires_in: u32,
    cached: bool,
}

pub(super) fn stats(facts: &Facts) -> StatsData {
    StatsData {
        total: facts.total,
        data_date: DATA_DATE,
        fields: facts.fill_rates.iter().map(|&(field, share)| (field, share.percent)).collect(),
    }
}

pub(super) fn export(facts: &Facts) -> ExportData {
    let file_name = format!("{}_{DATA_DATE}.csv", facts.audience_id);
    ExportData {
        download_url: format!("https://downloads.example.com/{file_name}?signature=invented"),
        file_name,
        rows: facts.row_count,
        data_date: DATA_DATE,
        expires_in: URL_TTL_SECONDS,
        cached: false,
    }
}
