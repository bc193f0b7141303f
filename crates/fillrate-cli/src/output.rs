//! Where results and diagnostics go, and what the exit status says.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use fillrate::visible;

use crate::args::Usage;

/// What a command has to say.
pub(crate) struct Outcome {
    /// The result, for stdout; whole, so that a failure leaves none of it.
    pub(crate) text: String,
    /// Whether everything agrees.
    pub(crate) agrees: bool,
}

/// Why a command could not do its work: everything that went wrong.
#[derive(Debug, Default)]
pub(crate) struct Failure(Vec<Box<dyn std::error::Error>>);

impl Failure {
    pub(crate) fn add(&mut self, error: impl Into<Box<dyn std::error::Error>>) {
        self.0.push(error.into());
    }

    /// Nothing, if nothing went wrong.
    pub(crate) fn check(self) -> Result<(), Self> {
        if self.0.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl<E: std::error::Error + 'static> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(vec![error.into()])
    }
}

/// Prints the outcome and returns the exit status: 0 all agrees, 1 something does not, 2 could not do it.
pub(crate) fn finish(outcome: Result<Outcome, Failure>) -> ExitCode {
    match outcome {
        Ok(Outcome { text, agrees }) => match print(&text) {
            Ok(()) => ExitCode::from(u8::from(!agrees)),
            Err(error) => fail(&error.into()),
        },
        Err(failure) => fail(&failure),
    }
}

/// A reader that has seen enough and closed the pipe is no error.
fn print(text: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn fail(failure: &Failure) -> ExitCode {
    let mut stderr = io::stderr().lock();
    for error in &failure.0 {
        let kind = if let Some(error) = error.downcast_ref::<fillrate::Error>() {
            error.kind().name()
        } else if error.is::<Usage>() {
            "usage"
        } else if error.is::<fillrate_sample::Error>() {
            "sample"
        } else {
            "output"
        };
        // Nobody is left to tell if stderr is closed.
        let _ = writeln!(stderr, "error[{kind}]: {}", visible(&error.to_string()));
    }
    ExitCode::from(2)
}
