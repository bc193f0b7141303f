//! Results → text: what to say (`document`), and how (`table`, `markdown`); `json` says it all, `junit` and `github` what
//! concerns a continuous integration.

mod batch;
mod diff;
mod document;
pub(crate) mod fetch;
mod figures;
pub(crate) mod github;
pub(crate) mod json;
pub(crate) mod junit;
mod layout;
pub(crate) mod markdown;
mod merge;
mod overview;
mod record;
mod remark;
mod screen;
#[cfg(feature = "polars")]
mod second;
mod segments;
mod stats;
pub(crate) mod table;
mod text;
mod verify;

use std::path::PathBuf;

use fillrate::{Analysis, FindingKind, ReportFiles, Segments, Verification};
use fillrate_batch::{Overview, Record, Summary, Tolerances, UnreadableReport};
use fillrate_drift::{Drift, People};

pub(crate) use screen::Screen;

/// What was counted of an export.
pub(crate) struct Counted {
    pub(crate) analysis: Analysis,
    /// The same by the values of fields, if that was asked for.
    pub(crate) segments: Option<Segments>,
}

/// What Polars has computed of an export.
#[cfg(feature = "polars")]
pub(crate) struct BySecond {
    pub(crate) path: PathBuf,
    pub(crate) header: fillrate::Columns,
    pub(crate) figures: fillrate_frame::Figures,
}

/// What differs between two inputs.
pub(crate) struct Compared {
    pub(crate) drift: Drift,
    pub(crate) before: Input,
    pub(crate) after: Input,
    /// Who is new, gone and staying; or why that is not known.
    pub(crate) people: Result<People, &'static str>,
}

impl Compared {
    /// Whether a finding makes a file unsound.
    pub(crate) fn is_unsound(&self) -> bool {
        self.before.is_unsound() || self.after.is_unsound()
    }
}

/// One of the inputs.
pub(crate) struct Input {
    pub(crate) path: PathBuf,
    pub(crate) exports: u64,
    pub(crate) bytes: u64,
    /// What is wrong with the CSVs themselves.
    pub(crate) findings: Vec<FindingKind>,
}

impl Input {
    /// Whether a finding makes a file unsound.
    pub(crate) fn is_unsound(&self) -> bool {
        self.findings.iter().any(|kind| kind.disqualifies())
    }
}

/// A verification, and what it compared.
pub(crate) struct Verified {
    pub(crate) verification: Verification,
    /// Of the export, unless only the reports were checked.
    pub(crate) analysis: Option<Analysis>,
    pub(crate) files: ReportFiles,
}

/// The results of a batch.
#[derive(Default)]
pub(crate) struct Batched {
    pub(crate) summary: Summary,
    pub(crate) records: Vec<Record>,
    pub(crate) tolerances: Tolerances,
    pub(crate) overview: Overview,
    /// What was named and is no export by its name.
    pub(crate) passed_over: Vec<PathBuf>,
    /// What may be the reports of exports, and cannot be read.
    pub(crate) unreadable_reports: Vec<UnreadableReport>,
    /// Whether a person wants to see the exports that match too.
    pub(crate) all: bool,
}
