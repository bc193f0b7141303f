//! Bytes → where cells and records end, and what was not plain RFC 4180.
//!
//! The [reference scanner](Scanner) walks the bytes one at a time and tells a [`Sink`] what it finds. It is the
//! definition of what a record is. The [vector scanner](kernel) proves long stretches of bytes plain and says where
//! their cells end; what it cannot prove plain, it leaves to the reference. Both see slices only: files, threads and
//! progress live above them.

mod findings;
mod kernel;
mod lines;
mod reference;
mod utf8;

pub use findings::{Finding, FindingKind, Findings, LongRecord, Place};
pub use kernel::Backend;
pub(crate) use kernel::{Expected, Round, Strip, Verdict, Wanted};
pub(crate) use reference::{LineEnd, Scanner};

/// Receives what a scanner finds, in the order of the bytes.
pub(crate) trait Sink {
    /// More content of the current cell, quotes removed. A cell's content may come in any number of pieces.
    fn content(&mut self, piece: &[u8]);
    /// The current cell is complete.
    fn end_cell(&mut self);
    /// The current record is complete; its first byte stood at `start`, and it takes up so many physical lines.
    fn end_record(&mut self, start: Place, lines: u64);
    /// Something that is not plain RFC 4180 was found at `place`.
    fn finding(&mut self, kind: FindingKind, place: Place);
}

/// Ignores everything: for the search of a record's start.
pub(crate) struct Ignore;

impl Sink for Ignore {
    fn content(&mut self, _: &[u8]) {}
    fn end_cell(&mut self) {}
    fn end_record(&mut self, _: Place, _: u64) {}
    fn finding(&mut self, _: FindingKind, _: Place) {}
}
