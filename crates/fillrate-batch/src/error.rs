//! Why a batch could not be begun, or not be recorded.

use std::fmt;
use std::path::Path;

use fillrate::visible;

/// Why a batch could not be begun, or its ledger not be kept. One line, which says what to do.
#[derive(Debug)]
pub struct Error {
    kind: &'static str,
    text: String,
}

impl Error {
    pub(crate) fn new(
        kind: &'static str,
        path: &Path,
        what: impl fmt::Display,
        advice: &'static str,
    ) -> Self {
        Self { kind, text: format!("{}: {what}; {advice}", visible(&path.to_string_lossy())) }
    }

    /// The stable name, as in `error[ledger]`.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::error::Error for Error {}
