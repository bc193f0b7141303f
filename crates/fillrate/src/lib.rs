//! Is the CSV that I downloaded the audience that the API says it sold me?
//!
//! This crate recomputes an export's total, fill rates, score histogram and averages, and checks them against the API's
//! stats JSON and export record: offline, in parallel, and exact to the last record for any thread count and chunk size.
//!
//! ```
//! use fillrate::{Export, Options, Policy, Reported, Reports, Verdict, verify};
//!
//! let csv = b"email,company_name\nada@example.com,Example Ltd\nbo@example.com,\n".to_vec();
//! let stats = br#"{"data": {"stats": {"total": 2, "fillRates": {"company.name": {"count": 1, "percent": 50}}}}}"#;
//!
//! let export = Export::from_bytes(csv, &Options::default())?;
//! let reports = Reports { stats: Some(Reported::from_json(stats)?), export: None };
//! let (analysis, verification) = verify(export, &reports, &Policy::default())?;
//!
//! assert_eq!(verification.verdict, Verdict::Match);
//! assert_eq!(analysis.stats.total, 2);
//! assert_eq!(verification.not_reported, ["email"]);
//! # Ok::<(), fillrate::Error>(())
//! ```
//!
//! Data walks through the rooms in one direction; none looks back:
//!
//! | room | from | to |
//! |---|---|---|
//! | `source` | a file or a stream | bytes |
//! | `scan` | bytes | where cells and records end, and what is not plain RFC 4180 |
//! | `tally` | cells | counters that merge |
//! | `stats` | counters | [`RunStats`], in the API's shape |
//! | `reported` | the API's JSON | [`Reported`] and [`ExportRecord`] |
//! | `verify` | figures and reports | [`Verification`]: checks, a verdict, and explanations |
//!
//! `columns` maps reported fields to the header's names, `counters` keeps what was counted of exports and merges it, and `analyze` walks the data through the first four rooms with
//! the files and threads that they know nothing of.
//!
//! Words: a *record* is a data row; a *cell* is one column of one record; a cell is *filled* if it has at least one byte
//! after CSV unquoting, *blank* if these are all white space, and a *placeholder* if they are a word such as `null`. The
//! *fill rate* of a column is its filled cells over all records.
//!
//! No error, finding or figure of this crate holds the content of a cell. Header names do appear in them.

mod analyze;
mod columns;
mod counters;
mod digest;
mod error;
mod fraction;
mod reported;
mod scan;
mod source;
mod stats;
mod tally;
mod verify;
mod visible;
mod words;

pub use analyze::{
    Analysis, AverageOf, Export, FileFacts, Grouping, MAX_CELL_BYTES, MAX_COLUMNS, MAX_HEADER_BYTES,
    MAX_SEGMENTS, Options, Question, Rest, Segment, Segments,
};
pub use columns::{Columns, Fit, SCORE_FIELD};
pub use counters::{Combined, CombinedColumn, Counters, FindingCount};
pub use digest::sha256_bytes;
pub use error::{Error, ErrorKind, Result};
pub use reported::{
    Candidate, Candidates, Decimal, ExportRecord, MAX_REPORT_BYTES, ReportFiles, Reported, ReportedAverage,
    ReportedBucket, ReportedFill, ReportedRun, Reports, export_stem,
};
pub use scan::{Backend, Finding, FindingKind, Findings, LongRecord, Place};
pub use source::{FileVersion, Io, MAX_ZSTD_WINDOW_BYTES, STDIN};
pub use stats::{
    Bucket, ColumnStats, DEFAULT_BUCKETS, FillRate, HistogramBucket, Mean, MeanDifference, Percent, RunStats,
    ScoreStats,
};
pub use tally::{FillRule, Filling};
pub use verify::{
    Among, Check, Explanation, ExplanationKind, Figure, Policy, Status, Tolerance, Verdict, Verification,
    verify, verify_among, verify_and_count, verify_reports,
};
pub use visible::{is_deceptive, visible};
pub use words::{counted, grouped};
