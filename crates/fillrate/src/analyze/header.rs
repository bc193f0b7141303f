//! Reads the header row.

use std::ops::ControlFlow;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::scan::{FindingKind, Findings, Place, Scanner, Sink};
use crate::source::Source;

/// The most columns that an export may have.
pub const MAX_COLUMNS: usize = 1_000_000;

/// The most bytes that the names in a header may have together.
pub const MAX_HEADER_BYTES: usize = 64 << 20;

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Where the header is, and how to go on behind it.
#[derive(Debug)]
pub(super) struct HeaderRow {
    /// Where its first byte stands.
    pub(super) start: Place,
    /// Everything odd up to its end.
    pub(super) findings: Findings,
    /// A scanner that stands behind it.
    pub(super) scanner: Scanner,
    /// How much of a stream's current block lies before that.
    pub(super) of_block: usize,
}

/// Reads from the start of `source` to the end of its first record; returns the names in it.
pub(super) fn read(path: &Path, source: &mut Source, delimiter: u8) -> Result<(Vec<String>, HeaderRow)> {
    let mut reading = Reading::new(delimiter);
    let read = match source {
        Source::Whole(whole) => whole.blocks(0..whole.size(), |block| reading.feed(block)),
        Source::Stream(stream) => loop {
            match stream.next_block() {
                Ok(block) if !block.is_empty() && reading.feed(block).is_continue() => {}
                other => break other.map(drop),
            }
        },
    };
    read.map_err(|error| Error::io(path, error))?;
    reading.finish()
}

struct Reading {
    /// Set with the first block: it tells whether there is a BOM.
    scanner: Option<Scanner>,
    delimiter: u8,
    cells: HeaderCells,
    /// Where the scanner stands in the last block, once it stands at the start of the record behind the header.
    behind: Option<usize>,
}

impl Reading {
    fn new(delimiter: u8) -> Self {
        Self { scanner: None, delimiter, cells: HeaderCells::default(), behind: None }
    }

    /// Takes the next block, up to the end of the header.
    fn feed(&mut self, block: &[u8]) -> ControlFlow<()> {
        let mut taken = 0;
        let scanner = self.scanner.get_or_insert_with(|| {
            if block.starts_with(BOM) {
                self.cells.findings.add(FindingKind::Bom, Place { line: 1, byte: 0 });
                taken = BOM.len();
            }
            Scanner::at_record(self.delimiter, taken as u64, None)
        });
        let block_start = scanner.offset() - taken as u64;
        loop {
            // The header may have ended with the block before; the LF of its CRLF would then come first in this one.
            let stop = scanner.offset() + u64::from(self.cells.start.is_none());
            let stopped = scanner.feed(&block[taken..], stop, &mut self.cells);
            // Within the block, so it fits.
            taken = usize::try_from(scanner.offset() - block_start).unwrap_or(block.len());
            if self.cells.too_large().is_some() {
                return ControlFlow::Break(());
            }
            match (stopped, self.cells.start) {
                (false, _) => return ControlFlow::Continue(()),
                (true, Some(_)) => {
                    self.behind = Some(taken);
                    return ControlFlow::Break(());
                }
                // A record start without a record before it: an empty line was passed.
                (true, None) => {}
            }
        }
    }

    fn finish(self) -> Result<(Vec<String>, HeaderRow)> {
        let Self { scanner, delimiter, mut cells, behind } = self;
        let mut scanner = scanner.unwrap_or_else(|| Scanner::at_record(delimiter, 0, None));
        if let Some(error) = cells.too_large() {
            return Err(error);
        }
        if behind.is_none() {
            scanner.finish(&mut cells);
        }
        let Some(start) = cells.start else {
            return Err(Error::new(
                ErrorKind::NoHeader,
                "there is no header row",
                "check that the download is complete",
            )
            .at(Place { line: 1, byte: 0 }));
        };
        let names = cells.names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        Ok((names, HeaderRow { start, findings: cells.findings, scanner, of_block: behind.unwrap_or(0) }))
    }
}

/// Collects the cells of the first record.
#[derive(Default)]
struct HeaderCells {
    names: Vec<Vec<u8>>,
    name: Vec<u8>,
    bytes: usize,
    findings: Findings,
    /// Where the record began, once it is complete.
    start: Option<Place>,
}

impl HeaderCells {
    fn too_large(&self) -> Option<Error> {
        let (kind, what) = if self.names.len() > MAX_COLUMNS {
            (ErrorKind::TooManyColumns, format!("the header has more than {MAX_COLUMNS} columns"))
        } else if self.bytes > MAX_HEADER_BYTES {
            (ErrorKind::HeaderTooLong, format!("the header has more than {MAX_HEADER_BYTES} bytes"))
        } else {
            return None;
        };
        let error = Error::new(kind, what, "check for a quote in the first line that is never closed");
        Some(error.at(Place { line: 1, byte: 0 }))
    }
}

impl Sink for HeaderCells {
    fn content(&mut self, piece: &[u8]) {
        self.bytes = self.bytes.saturating_add(piece.len());
        if self.bytes <= MAX_HEADER_BYTES {
            self.name.extend_from_slice(piece);
        }
    }

    fn end_cell(&mut self) {
        if self.names.len() <= MAX_COLUMNS {
            self.names.push(std::mem::take(&mut self.name));
        }
    }

    fn end_record(&mut self, start: Place) {
        self.start = Some(start);
    }

    fn finding(&mut self, kind: FindingKind, place: Place) {
        self.findings.add(kind, place);
    }
}
