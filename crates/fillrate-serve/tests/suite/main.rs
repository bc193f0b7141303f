//! The emulator over real sockets: what it answers, what it refuses, and what goes wrong on purpose.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy spares `#[test]` functions only, not their helpers"
)]

mod changes;
mod client;
mod exports;
mod faults;
mod keys;
mod openapi;
mod previous;
mod results;
mod runs;
mod served;
