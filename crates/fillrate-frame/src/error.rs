//! Why there is no frame, or are no figures.

use std::fmt;
use std::path::PathBuf;

/// Why there is no frame, or are no figures. It prints for the person who reads it, without the content of any cell.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The header cannot be read.
    Header(fillrate::Error),
    /// Standard input, which can be read once, and the header is read before the rest.
    Stdin,
    /// Polars refuses the file. What it says itself may quote a cell, so it is not kept.
    Refused {
        /// The file.
        file: PathBuf,
    },
}

impl Error {
    /// A word for its kind, for programs: `usage`, `not-csv`, or what reading the header failed with.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Header(error) => error.kind().name(),
            Self::Stdin => "usage",
            Self::Refused { .. } => "not-csv",
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(error) => error.fmt(f),
            Self::Stdin => f.write_str("Polars reads no standard input here; name a file"),
            Self::Refused { file } => write!(
                f,
                "{}: Polars cannot read it, as where a quote goes wrong or text is not UTF-8; see what is wrong with it by \
                 `fillrate stats`",
                file.display()
            ),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Header(error) => Some(error),
            Self::Stdin | Self::Refused { .. } => None,
        }
    }
}

impl From<fillrate::Error> for Error {
    fn from(error: fillrate::Error) -> Self {
        Self::Header(error)
    }
}
