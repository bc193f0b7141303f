//! The engine.
mod analyze;
mod columns;
mod error;
mod reported;
mod scan;
mod source;
mod stats;
mod tally;
mod verify;
mod visible;

pub use analyze::{
    Analysis, AverageOf, ColumnStats, Export, FileFacts, MAX_COLUMNS, MAX_HEADER_BYTES, Options, Question,
    ScoreStats,
};
pub use columns::{Columns, Fit};
pub use error::{Error, ErrorKind, Result};
pub use reported::{
    Decimal, ExportRecord, MAX_REPORT_BYTES, ReportFiles, Reported, ReportedAverage, ReportedBucket,
    ReportedFill, ReportedRun, Reports,
};
pub use scan::{Finding, FindingKind, Findings, Place};
pub use source::{Io, STDIN};
pub use stats::{Bucket, DEFAULT_BUCKETS, FillRate, HistogramBucket, Mean, Percent, RunStats};
pub use tally::{FillRule, Filling};
pub use verify::{Check, Figure, Policy, Status, Tolerance, Verdict, Verification, verify, verify_reports};
pub use visible::visible;
