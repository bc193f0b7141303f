//! One module a command: from its arguments to what it prints.

pub(crate) mod batch;
pub(crate) mod diff;
pub(crate) mod exports;
pub(crate) mod fetch;
mod limit;
pub(crate) mod merge;
pub(crate) mod sample;
#[cfg(feature = "polars")]
mod second;
pub(crate) mod serve;
pub(crate) mod stats;
pub(crate) mod verify;
