//! Where results and diagnostics go, and what the exit status says.

use std::io::{self, BufWriter, ErrorKind, Stdout, Write};
use std::process::ExitCode;

use fillrate::visible;

use crate::args::{NoThreads, Usage};

/// What a command has to say.
pub(crate) struct Outcome {
    /// The result, for stdout; whole, so that a failure leaves none of it.
    pub(crate) text: String,
    /// Whether everything agrees.
    pub(crate) agrees: bool,
    /// What could not be done, if the result is of use nevertheless.
    pub(crate) failure: Failure,
}

impl Outcome {
    /// Of a command that did all its work.
    pub(crate) fn new(text: String, agrees: bool) -> Self {
        Self { text, agrees, failure: Failure::default() }
    }
}

/// Why a command could not do its work: everything that went wrong.
#[derive(Debug, Default)]
pub(crate) struct Failure(Vec<Box<dyn std::error::Error + Send + Sync>>);

impl Failure {
    pub(crate) fn add(&mut self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) {
        self.0.push(error.into());
    }

    /// The value of a step that others do not depend on; takes down why there is none.
    pub(crate) fn note<T, E>(&mut self, result: Result<T, E>) -> Option<T>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        result.map_err(|error| self.add(error)).ok()
    }

    pub(crate) fn extend(&mut self, more: Self) {
        self.0.extend(more.0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What both have yielded, or everything that went wrong in either.
    pub(crate) fn both<T>(a: Result<T, Self>, b: Result<T, Self>) -> Result<(T, T), Self> {
        match (a, b) {
            (Ok(a), Ok(b)) => Ok((a, b)),
            (Err(failure), Ok(_)) | (Ok(_), Err(failure)) => Err(failure),
            (Err(mut failure), Err(more)) => {
                failure.0.extend(more.0);
                Err(failure)
            }
        }
    }

    /// Nothing, if nothing went wrong.
    pub(crate) fn check(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl<E: std::error::Error + Send + Sync + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(vec![error.into()])
    }
}

/// Prints the outcome and returns the exit status: 0 all agrees, 1 something does not, 2 could not do it.
pub(crate) fn finish(outcome: Result<Outcome, Failure>) -> ExitCode {
    match outcome {
        Ok(Outcome { text, agrees, failure }) => match print(&text) {
            Ok(()) if failure.is_empty() => ExitCode::from(u8::from(!agrees)),
            Ok(()) => fail(&failure),
            Err(error) => fail(&error.into()),
        },
        Err(failure) => fail(&failure),
    }
}

pub(crate) fn print(text: &str) -> io::Result<()> {
    let mut out = Out(io::stdout());
    out.write_all(text.as_bytes()).and_then(|()| out.flush())
}

/// Stdout, for a result that is too large to be held in memory and is printed while it comes about.
pub(crate) fn stream() -> BufWriter<Out> {
    BufWriter::with_capacity(1 << 16, Out(io::stdout()))
}

/// A reader that has seen enough and closed the pipe is no error.
pub(crate) struct Out(Stdout);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}

fn fail(failure: &Failure) -> ExitCode {
    let mut stderr = io::stderr().lock();
    for error in &failure.0 {
        // Nobody is left to tell if stderr is closed.
        let _ = writeln!(stderr, "error[{}]: {}", kind(error.as_ref()), visible(&error.to_string()));
    }
    ExitCode::from(2)
}

/// The word that stands in brackets before an error.
fn kind<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a str {
    #[cfg(feature = "polars")]
    if let Some(error) = error.downcast_ref::<fillrate_frame::Error>() {
        return error.name();
    }
    if let Some(error) = error.downcast_ref::<fillrate::Error>() {
        error.kind().name()
    } else if let Some(problem) = error.downcast_ref::<fillrate_batch::Problem>() {
        &problem.kind
    } else if let Some(error) = error.downcast_ref::<fillrate_batch::Error>() {
        error.kind()
    } else if error.is::<Usage>() || error.is::<NoThreads>() {
        "usage"
    } else if error.is::<fillrate_sample::Error>() {
        "sample"
    } else if error.is::<fillrate_serve::Error>() {
        "serve"
    } else if error.is::<fillrate_state::Error>() {
        "state"
    } else if let Some(error) = error.downcast_ref::<fillrate_api::Error>() {
        error.kind().name()
    } else if let Some(error) = error.downcast_ref::<fillrate_drift::Error>() {
        error.name()
    } else {
        "output"
    }
}
