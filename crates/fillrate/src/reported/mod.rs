//! The API's JSON → what it claims.
//!
//! Both generations of the API are read, as the whole HTTP answer (`{"data": …}`) or the inner object. Whatever is
//! present must have the right type; whatever is absent or null makes no claim; members that the API does not document
//! are listed, not refused.

mod beside;
mod candidates;
mod decimal;
mod export;
mod json;
mod stats;

use std::fs::File;
use std::io::Read;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
pub use beside::{ReportFiles, export_stem};
pub use candidates::{Candidate, Candidates};
pub use decimal::Decimal;
pub(crate) use decimal::Exact;
pub use export::ExportRecord;
use json::{Object, Value};
pub use stats::{Reported, ReportedAverage, ReportedBucket, ReportedFill, ReportedRun};

/// What there is to compare an export with: at least one of the two.
#[derive(Clone, Debug, Default)]
pub struct Reports {
    /// The stats of the run.
    pub stats: Option<Reported>,
    /// The record of the export.
    pub export: Option<ExportRecord>,
}

impl Reports {
    /// The audience that they are of: what the stats say of their run comes before the export record.
    #[must_use]
    pub fn audience_id(&self) -> Option<&str> {
        let of_run = self.stats.as_ref().and_then(|stats| stats.run.audience_id.as_deref());
        of_run.or_else(|| self.export.as_ref()?.audience_id.as_deref())
    }

    /// The run that they are of, likewise.
    #[must_use]
    pub fn run_id(&self) -> Option<&str> {
        let of_run = self.stats.as_ref().and_then(|stats| stats.run.id.as_deref());
        of_run.or_else(|| self.export.as_ref()?.run_id.as_deref())
    }
}

/// The most bytes that a report may have. The longest that the API documents has a few kilobytes.
pub const MAX_REPORT_BYTES: u64 = 16 << 20;

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    let file = File::open(path).map_err(|error| Error::io(path, error))?;
    file.take(MAX_REPORT_BYTES + 1).read_to_end(&mut text).map_err(|error| Error::io(path, error))?;
    if text.len() as u64 > MAX_REPORT_BYTES {
        return Err(Error::new(
            ErrorKind::ReportTooLarge,
            format!("this report has more than {MAX_REPORT_BYTES} bytes"),
            "give the API's answer about one run",
        )
        .in_file(path));
    }
    Ok(text)
}

/// Parses an answer of the API and steps into its `data`. Refuses the answers that report a failure.
fn answer<'a>(text: &'a [u8], unknown: &mut Vec<String>) -> Result<Object<'a>> {
    let mut top = json::parse(text)?;
    if !top.has("data") {
        if top.has("error") || top.has("message") {
            return Err(Error::new(
                ErrorKind::NotAReport,
                "this is an error answer of the API, not a report",
                "fetch the report again",
            ));
        }
        return Ok(top);
    }
    let data = match top.take("data") {
        Some(data) if data.is_object() => data.object()?,
        _ => return Err(not_a_report("an answer without an object as its `data`")),
    };
    unknown.extend(top.unknown());
    Ok(data)
}

fn not_a_report(what: &str) -> Error {
    Error::new(
        ErrorKind::NotAReport,
        format!("this is {what}"),
        "give the API's stats with `--stats` and its export record with `--export`",
    )
}
