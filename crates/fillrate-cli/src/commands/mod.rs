//! One module a command: from its arguments to what it prints.

pub(crate) mod batch;
pub(crate) mod sample;
pub(crate) mod stats;
pub(crate) mod verify;
