//! What went wrong, where, and what to do about it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::scan::Place;
use crate::visible::visible;

/// A specialised result: every fallible call of this crate returns it.
pub type Result<T> = std::result::Result<T, Error>;

/// Why an export or a report could not be used.
///
/// Opaque over an [`ErrorKind`], with the file, line and byte where they are known. Its text is one line, says what to
/// do, and never holds cell content.
///
/// ```
/// let error = fillrate::Export::open("no-such.csv".as_ref(), &fillrate::Options::default()).unwrap_err();
/// assert_eq!(error.kind(), fillrate::ErrorKind::NotFound);
/// assert!(error.to_string().starts_with("no-such.csv: "));
/// ```
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    path: Option<PathBuf>,
    line: Option<u64>,
    byte: Option<u64>,
    what: String,
    advice: &'static str,
    source: Option<io::Error>,
}

/// The kinds of [`Error`]; [`name`](ErrorKind::name) is the stable spelling that the command line prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An option or a combination of options makes no sense.
    Usage,
    /// The file does not exist.
    NotFound,
    /// The operating system refused to open or read the file, or to decompress it takes too much memory.
    Unreadable,
    /// A directory, socket or device, where a file was expected.
    NotAFile,
    /// The file was written to, cut or replaced between the first and the last byte read.
    ChangedWhileReading,
    /// Something else under the name of a CSV: another format, an error answer, or a download that broke off.
    NotCsv,
    /// A compressed file that is cut off, or whose content does not fit its checksum.
    Damaged,
    /// There is no line to take column names from.
    NoHeader,
    /// The first row looks like data.
    HeaderMissing,
    /// More columns than [`MAX_COLUMNS`](crate::MAX_COLUMNS).
    TooManyColumns,
    /// A header of more bytes than [`MAX_HEADER_BYTES`](crate::MAX_HEADER_BYTES).
    HeaderTooLong,
    /// Two columns fit one reported field.
    AmbiguousField,
    /// A field was asked for that no column carries.
    UnknownField,
    /// The counts do not add up, which is a defect of this program.
    Inconsistent,
    /// A report longer than [`MAX_REPORT_BYTES`](crate::MAX_REPORT_BYTES).
    ReportTooLarge,
    /// A report that is not valid JSON.
    Json,
    /// A report in which an object holds one key twice.
    DuplicateKey,
    /// A report's value has the wrong type or cannot be a count.
    ReportValue,
    /// Valid JSON, but neither run stats nor an export record.
    NotAReport,
    /// Neither stats nor an export record to compare with.
    NothingToCompare,
    /// Counters that were counted by different rules.
    NotMergeable,
}

impl ErrorKind {
    /// The stable name, as in `error[no-header]`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::NotFound => "not-found",
            Self::Unreadable => "unreadable",
            Self::NotAFile => "not-a-file",
            Self::ChangedWhileReading => "changed-while-reading",
            Self::NotCsv => "not-csv",
            Self::Damaged => "damaged",
            Self::NoHeader => "no-header",
            Self::HeaderMissing => "header-missing",
            Self::TooManyColumns => "too-many-columns",
            Self::HeaderTooLong => "header-too-long",
            Self::AmbiguousField => "ambiguous-field",
            Self::UnknownField => "unknown-field",
            Self::Inconsistent => "inconsistent",
            Self::ReportTooLarge => "report-too-large",
            Self::Json => "json",
            Self::DuplicateKey => "duplicate-key",
            Self::ReportValue => "report-value",
            Self::NotAReport => "not-a-report",
            Self::NothingToCompare => "nothing-to-compare",
            Self::NotMergeable => "not-mergeable",
        }
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, what: impl Into<String>, advice: &'static str) -> Self {
        Self(Box::new(Inner {
            kind,
            path: None,
            line: None,
            byte: None,
            what: what.into(),
            advice,
            source: None,
        }))
    }

    /// Names the file that an error of the system happened in, or one that came [as such](Self::into_io).
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let source = match source.downcast::<Self>() {
            Ok(error) => return error.in_file(path),
            Err(source) => source,
        };
        let (kind, advice) = match source.kind() {
            io::ErrorKind::NotFound => (ErrorKind::NotFound, "check the path"),
            io::ErrorKind::PermissionDenied => (ErrorKind::Unreadable, "check its permissions"),
            _ => (ErrorKind::Unreadable, "check the file and its disk, then try again"),
        };
        let mut error = Self::new(kind, source.to_string(), advice).in_file(path);
        error.0.source = Some(source);
        error
    }

    /// Names the file, unless a more deeply nested call has done so.
    #[must_use]
    pub fn in_file(mut self, path: &Path) -> Self {
        self.0.path.get_or_insert_with(|| path.to_owned());
        self
    }

    /// Sends this through code that only knows errors of the system; [`Error::io`] takes it out again.
    pub(crate) fn into_io(self) -> io::Error {
        io::Error::other(self)
    }

    pub(crate) fn at(mut self, place: Place) -> Self {
        self.0.line = Some(place.line);
        self.0.byte = Some(place.byte);
        self
    }

    /// Where only the byte is known.
    pub(crate) fn at_byte(mut self, byte: u64) -> Self {
        self.0.byte = Some(byte);
        self
    }

    /// What kind of error this is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The file it happened in, where there is one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// The physical line, from 1, where it is known.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        self.0.line
    }

    /// The byte offset in the file, from 0, where it is known.
    #[must_use]
    pub fn byte(&self) -> Option<u64> {
        self.0.byte
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { path, line, byte, what, advice, .. } = &*self.0;
        if let Some(path) = path {
            write!(f, "{}", visible(&path.to_string_lossy()))?;
            if let Some(line) = line {
                write!(f, ":{line}")?;
            }
            if let Some(byte) = byte {
                write!(f, " (byte {byte})")?;
            }
            f.write_str(": ")?;
        }
        write!(f, "{}; {advice}", visible(what))
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| source as _)
    }
}
