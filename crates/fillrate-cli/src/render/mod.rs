//! Results → text: what to say (`document`), and how (`table`, `markdown`); `json` says it all.

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

use fillrate::{Analysis, ReportFiles, Verification};

pub(crate) use screen::Screen;

/// A verification, and what it compared.
pub(crate) struct Verified {
    pub(crate) verification: Verification,
    /// Of the export, unless only the reports were checked.
    pub(crate) analysis: Option<Analysis>,
    pub(crate) files: ReportFiles,
}
