//! Why results could not be written.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use fillrate::visible;

/// Why results could not be written. The message says what to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The ending of the file's name is none that is known.
    #[non_exhaustive]
    Format {
        /// Where it should have gone.
        path: PathBuf,
    },
    /// A file of that name is there already.
    #[non_exhaustive]
    Exists {
        /// The file in the way.
        path: PathBuf,
    },
    /// The file could not be written.
    #[non_exhaustive]
    Write {
        /// Where it should have gone.
        path: PathBuf,
        /// What the operating system said. Part of the message, so not repeated as the error's source.
        reason: io::Error,
    },
}

impl Error {
    pub(crate) fn write(path: &Path, reason: io::Error) -> Self {
        let path = path.to_owned();
        match reason.kind() {
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            _ => Self::Write { path, reason },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Format { path } | Self::Exists { path } | Self::Write { path, .. }) = self;
        write!(f, "{}", visible(&path.to_string_lossy()))?;
        match self {
            Self::Format { .. } => f.write_str(
                ": the ending of a name says the format; let it be .parquet, .arrow, .csv or .ndjson",
            ),
            Self::Exists { .. } => f.write_str(" is there already; use another name, or `--force`"),
            Self::Write { reason, .. } => {
                write!(f, ": {}; check the folder and its permissions", visible(&reason.to_string()))
            }
        }
    }
}

impl std::error::Error for Error {}
