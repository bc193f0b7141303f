//! What can go wrong, and what to do about it.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::{DefectKind, HeaderStyle};

/// Why a sample could not be described or written. The message says what to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// No header style has this name.
    #[non_exhaustive]
    UnknownHeader {
        /// The name as given.
        name: String,
    },
    /// No defect has this name.
    #[non_exhaustive]
    UnknownDefect {
        /// The name as given.
        name: String,
    },
    /// The amount is no whole number of at least 1, or the defect takes none.
    #[non_exhaustive]
    InvalidAmount {
        /// The defect that was given it.
        kind: DefectKind,
    },
    /// The defect asks for more than the sample has.
    #[non_exhaustive]
    TooMuch {
        /// The defect that was asked for.
        kind: DefectKind,
        /// How much of it.
        asked: u64,
        /// How much of it the sample had room for.
        room: u64,
    },
    /// The defect falsifies a number that the previous generation does not report.
    #[non_exhaustive]
    NotReported {
        /// The defect that was asked for.
        kind: DefectKind,
    },
    /// A file of that name is there already.
    #[non_exhaustive]
    Exists {
        /// The file in the way.
        path: PathBuf,
    },
    /// The file or folder could not be written.
    #[non_exhaustive]
    Write {
        /// Where it should have gone.
        path: PathBuf,
        /// What the operating system said. Part of the message, so not repeated as the error's source.
        reason: io::Error,
    },
}

impl Error {
    /// Turns what the operating system said about `path` into an error.
    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |reason| Self::Write { path: path.to_owned(), reason }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownHeader { name } => {
                let known = HeaderStyle::ALL.map(HeaderStyle::name).join(", ");
                write!(f, "unknown header {name:?}; choose one of {known}")
            }
            Self::UnknownDefect { name } => {
                let known = DefectKind::ALL.map(DefectKind::name).join(", ");
                write!(f, "unknown defect {name:?}; choose one of {known}")
            }
            Self::InvalidAmount { kind } => match kind.default_amount() {
                Some(amount) => write!(f, "{kind} takes a whole number of at least 1, as in {kind}={amount}"),
                None => write!(f, "{kind} takes no amount; leave it out"),
            },
            Self::TooMuch { kind, asked, room } => {
                write!(f, "{kind}={asked}: the sample has room for {room}; ask for less, or for more records")
            }
            Self::NotReported { kind } => write!(
                f,
                "{kind}: the previous generation reports no such number; choose a header other than {}",
                HeaderStyle::Flat
            ),
            Self::Exists { path } => {
                write!(
                    f,
                    "{}: the file exists; choose another folder, or overwrite it with `--force`",
                    path.display()
                )
            }
            Self::Write { path, reason } => write!(
                f,
                "{}: cannot write: {reason}; choose a folder that is writable and has room",
                path.display()
            ),
        }
    }
}

impl std::error::Error for Error {}
