//! What the place that text is printed to can show.

use anstream::{AutoStream, ColorChoice};

/// The width that text is made for where there is no terminal.
const NO_TERMINAL: usize = 80;

/// Below this, lines are as long as they have to be.
const NARROWEST: usize = 60;

/// The longest lines that are easy to read.
const WIDEST: usize = 120;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// In columns.
    pub(crate) width: usize,
    pub(crate) colour: bool,
}

impl Screen {
    /// Colour is for terminals, and never with `NO_COLOR`.
    pub(crate) fn of_stdout() -> Self {
        let width = terminal_size::terminal_size_of(std::io::stdout())
            .map_or(NO_TERMINAL, |(width, _)| usize::from(width.0));
        let colour = AutoStream::choice(&std::io::stdout()) != ColorChoice::Never;
        Self { width: width.clamp(NARROWEST, WIDEST), colour }
    }
}
