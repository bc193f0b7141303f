//! What went wrong between here and the API, and what to do about it.

use std::fmt;
use std::io;
use std::path::Path;
use std::time::Duration;

use fillrate::visible;

/// Every fallible call of this crate returns it.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something could not be fetched.
///
/// Its text is one line and says what to do. It never holds a key, the query of an address, or a text of an answer but for
/// the code of an error.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    what: String,
    advice: String,
    /// When to try again, if that may help. The server's own wish, or zero if it has none.
    again: Option<Duration>,
}

/// The kinds of [`Error`]; [`name`](ErrorKind::name) is the stable spelling that the command line prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An id, a date or a combination that makes no sense.
    Usage,
    /// There is no key, or one that cannot be used.
    ApiKey,
    /// An address that nothing is fetched from: no https, a private address, credentials in it.
    Address,
    /// A redirect that is not followed, or too many of them.
    Redirect,
    /// No connection, or one that broke.
    Network,
    /// It took too long, or came too slowly.
    Timeout,
    /// The server could not prove who it is.
    Tls,
    /// 401: the API does not accept the key.
    Unauthorized,
    /// 403: the key may not do this, or a signed URL is not accepted.
    Forbidden,
    /// 404: the API does not know this.
    NotFound,
    /// The run or its export is not completed yet.
    NotReady,
    /// 409: the run is in a state that cannot serve this.
    Conflict,
    /// 429: too many requests.
    TooManyRequests,
    /// 5xx: the API is out of order.
    Unavailable,
    /// An answer that cannot be used.
    Answer,
    /// A download that broke off, or is longer than it should be.
    Incomplete,
    /// A file is in the way.
    Exists,
    /// Another process is fetching the same.
    Busy,
    /// The operating system refused to read or write a file.
    Files,
}

impl ErrorKind {
    /// The stable name, as in `error[not-ready]`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::ApiKey => "api-key",
            Self::Address => "address",
            Self::Redirect => "redirect",
            Self::Network => "network",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not-found",
            Self::NotReady => "not-ready",
            Self::Conflict => "conflict",
            Self::TooManyRequests => "too-many-requests",
            Self::Unavailable => "unavailable",
            Self::Answer => "answer",
            Self::Incomplete => "incomplete",
            Self::Exists => "exists",
            Self::Busy => "busy",
            Self::Files => "files",
        }
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, what: impl Into<String>, advice: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, what: what.into(), advice: advice.into(), again: None }))
    }

    /// One that may pass by itself.
    pub(crate) fn passing(mut self, after: Duration) -> Self {
        self.0.again = Some(after);
        self
    }

    /// One that is not tried again, whatever it was.
    pub(crate) fn lasting(mut self) -> Self {
        self.0.again = None;
        self
    }

    pub(crate) fn file(path: &Path, source: &io::Error) -> Self {
        let what = format!("{}: {}", shown(path), visible(&source.to_string()));
        Self::new(ErrorKind::Files, what, "check the path, its permissions and the space on its disk")
    }

    /// What of a document of the API could not be read, as the engine says it.
    pub(crate) fn answer(what: &str, error: &fillrate::Error) -> Self {
        Self::new(
            ErrorKind::Answer,
            format!("{what} cannot be used: {error}"),
            "check the address of the API",
        )
    }

    /// Says more of what happened, in front of the advice.
    pub(crate) fn adding(mut self, more: &str) -> Self {
        self.0.what.push_str(more);
        self
    }

    /// Gives other advice.
    pub(crate) fn advising(mut self, advice: &str) -> Self {
        advice.clone_into(&mut self.0.advice);
        self
    }

    /// What kind of problem it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the same may succeed a little later.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        self.0.again.is_some()
    }

    /// How long the server wants nobody to ask again.
    pub(crate) fn retry_after(&self) -> Duration {
        self.0.again.unwrap_or_default()
    }
}

/// A path for a message.
pub(crate) fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.0.what, self.0.advice)
    }
}

impl std::error::Error for Error {}
