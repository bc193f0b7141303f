//! Reads the header row.

use std::io;
use std::path::Path;

use crate::error::{Error, ErrorKind, Result};
use crate::scan::{FindingKind, Findings, Place, Scanner, Sink};
use crate::source::{Source, Window};

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
}

impl HeaderRow {
    /// Refuses a header that a quote leaves open: whatever is behind it, records too, would be printed as a name.
    pub(super) fn check_is_closed(&self) -> Result<()> {
        match self.findings.get(FindingKind::OpenQuote) {
            None => Ok(()),
            Some(open) => Err(Error::new(
                ErrorKind::NoHeader,
                "the header row has no end: a quote in it is never closed",
                "check the first line, or use `--header-ok` if all of the file is a header",
            )
            .at(open.last)),
        }
    }
}

/// Reads from the start of `source` to the end of its first record; returns the names in it.
pub(super) fn read(path: &Path, source: &mut Source, delimiter: u8) -> Result<(Vec<String>, HeaderRow)> {
    let mut reading = Reading { scanner: None, delimiter, cells: HeaderCells::default(), complete: false };
    reading.read(source.window(0)).map_err(|error| Error::io(path, error))?;
    reading.finish()
}

struct Reading {
    /// Set with the first bytes: they tell whether there is a BOM.
    scanner: Option<Scanner>,
    delimiter: u8,
    cells: HeaderCells,
    /// Whether the scanner stands at the start of the record behind the header.
    complete: bool,
}

impl Reading {
    fn read(&mut self, mut window: Window<'_>) -> io::Result<()> {
        while !self.complete && self.cells.too_large().is_none() {
            let bytes = window.fill()?;
            if bytes.is_empty() {
                break;
            }
            let taken = self.feed(bytes);
            window.advance(taken);
        }
        Ok(())
    }

    /// Takes the next bytes, up to the end of the header; returns how many.
    fn feed(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        let scanner = self.scanner.get_or_insert_with(|| {
            if bytes.starts_with(BOM) {
                self.cells.findings.add(FindingKind::Bom, Place { line: 1, byte: 0 });
                taken = BOM.len();
            }
            Scanner::at_record(self.delimiter, Place { line: 1, byte: taken as u64 }, None)
        });
        let start = scanner.offset() - taken as u64;
        while !self.complete && taken < bytes.len() && self.cells.too_large().is_none() {
            // The header may have ended with the bytes before; the LF of its CRLF would then come first here.
            let stop = scanner.offset() + u64::from(self.cells.start.is_none());
            let stopped = scanner.feed(&bytes[taken..], stop, &mut self.cells);
            // Within the bytes, so it fits.
            taken = usize::try_from(scanner.offset() - start).unwrap_or(bytes.len());
            // A record start without a record before it only means that an empty line was passed.
            self.complete = stopped && self.cells.start.is_some();
        }
        taken
    }

    fn finish(self) -> Result<(Vec<String>, HeaderRow)> {
        let Self { scanner, delimiter, mut cells, complete } = self;
        let file_start = Place { line: 1, byte: 0 };
        let mut scanner = scanner.unwrap_or_else(|| Scanner::at_record(delimiter, file_start, None));
        if let Some(error) = cells.too_large() {
            return Err(error);
        }
        if !complete {
            scanner.finish(&mut cells);
        }
        let Some(start) = cells.start else {
            return Err(Error::new(
                ErrorKind::NoHeader,
                "there is no header row",
                "check that the download is complete",
            )
            .at(file_start));
        };
        let names = cells.names.iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect();
        Ok((names, HeaderRow { start, findings: cells.findings, scanner }))
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

    fn end_record(&mut self, start: Place, _: u64) {
        self.start = Some(start);
    }

    fn finding(&mut self, kind: FindingKind, place: Place) {
        self.findings.add(kind, place);
    }
}
