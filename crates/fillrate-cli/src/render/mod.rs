//! Results → text: what to say (`document`), and how (`table`, `markdown`); `json` says it all.

mod batch;
mod document;
mod figures;
pub(crate) mod json;
mod layout;
pub(crate) mod markdown;
mod screen;
mod stats;
pub(crate) mod table;
mod text;
mod verify;

use std::path::PathBuf;

use fillrate::{Analysis, ReportFiles, Verification};
use fillrate_batch::{Record, Summary};

pub(crate) use screen::Screen;

/// A verification, and what it compared.
pub(crate) struct Verified {
    pub(crate) verification: Verification,
    /// Of the export, unless only the reports were checked.
    pub(crate) analysis: Option<Analysis>,
    pub(crate) files: ReportFiles,
}

/// The results of a batch.
pub(crate) struct Batched {
    pub(crate) summary: Summary,
    pub(crate) records: Vec<Record>,
    /// What was named and is no export by its name.
    pub(crate) passed_over: Vec<PathBuf>,
    /// Whether a person wants to see the exports that match too.
    pub(crate) all: bool,
}
