//! The calls of both generations of the API, and what of their answers is used.

mod answer;
mod current;
mod previous;

pub(crate) use answer::{ExportAnswer, Progress, StatsAnswer};
pub use current::Listed;
