//! What can be wrong with a state file, and what to do about it.

use std::path::{Path, PathBuf};
use std::{fmt, io};

use fillrate::visible;

/// Why a state file could not be read or written. The message says what to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It does not begin as a state file does.
    #[non_exhaustive]
    NotAState {
        /// The file.
        path: PathBuf,
    },
    /// It was written by another version of the format.
    #[non_exhaustive]
    Version {
        /// The file.
        path: PathBuf,
        /// Which version, as far as it can be read.
        version: Option<u32>,
    },
    /// It is damaged, cut off or edited.
    #[non_exhaustive]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first byte that shows it, or that could be wrong.
        byte: u64,
        /// What is wrong there.
        what: String,
    },
    /// It has more than [`MAX_STATE_BYTES`](crate::MAX_STATE_BYTES).
    #[non_exhaustive]
    TooLarge {
        /// The file.
        path: PathBuf,
    },
    /// A file of that name is there already.
    #[non_exhaustive]
    Exists {
        /// The file in the way.
        path: PathBuf,
    },
    /// The file could not be read.
    #[non_exhaustive]
    Read {
        /// The file.
        path: PathBuf,
        /// What the operating system said. Part of the message, so not repeated as the error's source.
        reason: io::Error,
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
    pub(crate) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |reason| Self::Read { path, reason }
    }

    pub(crate) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |reason| match reason.kind() {
            io::ErrorKind::AlreadyExists => Self::Exists { path },
            _ => Self::Write { path, reason },
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::NotAState { path }
        | Self::Version { path, .. }
        | Self::Damaged { path, .. }
        | Self::TooLarge { path }
        | Self::Exists { path }
        | Self::Read { path, .. }
        | Self::Write { path, .. }) = self;
        write!(f, "{}", visible(&path.to_string_lossy()))?;
        match self {
            Self::NotAState { .. } => f.write_str(
                " (byte 0): this is no state file; save one with `fillrate stats FILE --save-state STATE`",
            ),
            Self::Version { version: Some(version), .. } => {
                let reads = crate::VERSION;
                write!(f, ": a state file of version {version}, and this program reads version {reads}; ")?;
                f.write_str("use the program that wrote it, or count the exports again")
            }
            Self::Version { version: None, .. } => {
                f.write_str(": a state file of an unknown version; use the program that wrote it")
            }
            Self::Damaged { byte, what, .. } => {
                let advice = "restore it from a copy, or count the exports again";
                write!(f, " (byte {byte}): the state file is damaged: {}; {advice}", visible(what))
            }
            Self::TooLarge { .. } => write!(
                f,
                ": a state file has at most {} bytes; check that this is one",
                crate::MAX_STATE_BYTES
            ),
            Self::Exists { .. } => f.write_str(" is there already; use another name, or `--force`"),
            Self::Read { reason, .. } => {
                write!(f, ": {}; check the path and its permissions", visible(&reason.to_string()))
            }
            Self::Write { reason, .. } => {
                write!(f, ": {}; check the folder and its permissions", visible(&reason.to_string()))
            }
        }
    }
}

impl std::error::Error for Error {}
