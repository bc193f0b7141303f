//! Records, one by one.

use std::io;
use std::mem;

use super::super::cells::keep;
use super::super::counter::scan;
use super::File;
use crate::scan::{FindingKind, Place, Scanner, Sink};
use crate::source::Window;

/// Walks from record to record.
pub(super) struct Records<'a> {
    file: File<'a>,
    scanner: Scanner,
    window: Window<'a>,
}

/// Where a record begins, and where the one behind it may.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: Place,
    pub(super) end: Place,
}

impl<'a> Records<'a> {
    /// Begins with the first record.
    pub(super) fn behind(file: File<'a>, header: &Scanner) -> Self {
        Self::with(file, header.clone())
    }

    /// Begins with the record at a place.
    pub(super) fn at(file: File<'a>, start: Place) -> Self {
        Self::with(file, file.scanner(start))
    }

    fn with(file: File<'a>, scanner: Scanner) -> Self {
        let window = file.whole.window(scanner.offset()..file.size());
        Self { file, scanner, window }
    }

    /// Where the next record may begin.
    pub(super) fn place(&self) -> Place {
        self.scanner.place()
    }

    /// Whether the file ends with the end of a line.
    pub(super) fn ended_line(&self) -> io::Result<bool> {
        let size = self.file.size();
        let mut last = self.file.whole.window(size.saturating_sub(1)..size);
        Ok(matches!(last.fill()?, [b'\n' | b'\r']))
    }

    /// The next record, with what `seen` is to see of it.
    pub(super) fn next(&mut self, seen: &mut Seen) -> io::Result<Option<Span>> {
        loop {
            seen.begin();
            let start = self.scanner.place();
            let stopped = scan(&mut self.scanner, &mut self.window, start.byte + 1, seen)?;
            if !stopped {
                self.scanner.finish(seen);
            }
            if seen.complete {
                return Ok(Some(Span { start, end: self.scanner.place() }));
            }
            // That was an empty line.
            if !stopped {
                return Ok(None);
            }
        }
    }
}

/// Counts a record.
pub(super) fn count(file: &File<'_>, span: &Span, sink: &mut impl Sink) -> io::Result<()> {
    let mut scanner = file.scanner(span.start);
    scan(&mut scanner, &mut file.whole.window(span.start.byte..span.end.byte), u64::MAX, sink)?;
    scanner.finish(sink);
    Ok(())
}

/// The longest key that is looked at: an e-mail address has at most 320 bytes.
const LONGEST_KEY: usize = 1_024;

/// What is to be seen of a record: how many cells it has, the key, and whether a quote has gone wrong.
#[derive(Debug, Default)]
pub(super) struct Seen {
    key_column: Option<usize>,
    key: Vec<u8>,
    cells: usize,
    text_after_quote: Option<Place>,
    open_quote: Option<Place>,
    complete: bool,
}

impl Seen {
    /// Sees the cells of a key column, if there is one.
    pub(super) fn of(key_column: Option<usize>) -> Self {
        Self { key_column, ..Self::default() }
    }

    fn begin(&mut self) {
        let mut key = mem::take(&mut self.key);
        key.clear();
        *self = Self { key_column: self.key_column, key, ..Self::default() };
    }

    pub(super) fn cells(&self) -> usize {
        self.cells
    }

    /// The key; `None` if it is too long to be one.
    pub(super) fn key(&self) -> Option<&[u8]> {
        (self.key.len() <= LONGEST_KEY).then_some(&self.key)
    }

    /// Whether the record ends with the file, inside quotes.
    pub(super) fn is_open(&self) -> bool {
        self.open_quote.is_some()
    }

    /// The first quote of which it is clear that it should not have opened, or closed, a cell.
    pub(super) fn quote_goes_wrong(&self) -> Option<Wrong> {
        self.text_after_quote.map(Wrong::TextAfter).or(self.open_quote.map(Wrong::Open))
    }
}

/// How it shows that a quote is no quote.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wrong {
    /// There is content behind the one that closes it, here.
    TextAfter(Place),
    /// Nothing closes it; it opens here.
    Open(Place),
}

impl Sink for Seen {
    fn content(&mut self, piece: &[u8]) {
        if self.key_column == Some(self.cells) {
            keep(&mut self.key, piece, LONGEST_KEY);
        }
    }

    fn end_cell(&mut self) {
        self.cells += 1;
    }

    fn end_record(&mut self, _: Place, _: u64) {
        self.complete = true;
    }

    fn finding(&mut self, kind: FindingKind, place: Place) {
        match kind {
            FindingKind::TextAfterQuote => drop(self.text_after_quote.get_or_insert(place)),
            FindingKind::OpenQuote => self.open_quote = Some(place),
            _ => {}
        }
    }
}
