//! What the client does over real sockets, by the ids of the project's table of bad input.

#![expect(clippy::unwrap_used, reason = "clippy spares `#[test]` functions only, not their helpers")]

mod arrival;
mod encryption;
mod origins;
mod patience;
mod resume;
mod server;
mod stage;
mod statuses;
