//! Why the emulator could not be started.

use std::path::Path;
use std::{fmt, io};

use fillrate::visible;

/// Why the emulator could not be started. One line, which says what to do.
#[derive(Debug)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(what: impl fmt::Display, advice: impl fmt::Display) -> Self {
        Self(format!("{what}; {advice}"))
    }

    pub(crate) fn io(what: &str, path: &Path, error: &io::Error, advice: &str) -> Self {
        Self::new(format_args!("{what}: {error}"), advice).in_file(path)
    }

    pub(crate) fn in_file(self, path: &Path) -> Self {
        Self(format!("{}: {self}", visible(&path.to_string_lossy())))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}
