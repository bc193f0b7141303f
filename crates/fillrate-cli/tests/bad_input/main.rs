//! The proof that bad input is survived: each row of the project's table of bad input, by its id, through the command
//! line. C is for the CSV's content, N for numbers, J for the reports, F for files, O for what is printed.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy spares `#[test]` functions only, not their helpers"
)]

mod csv;
mod files;
mod foreign;
mod limits;
mod names;
mod numbers;
mod privacy;
mod reports;
mod row;
#[path = "../support/mod.rs"]
mod support;
