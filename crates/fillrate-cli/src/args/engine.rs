//! Who computes the figures.

use clap::ValueEnum;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Engine {
    /// fillrate's own, which also says what is wrong with the CSV
    #[default]
    Fillrate,
    /// Polars, as a second opinion: slower, with the whole file in memory, and without findings
    Polars,
}
