//! Quotes that were no quotes: an opening one that nothing closes, or that another one closes by accident.
//!
//! Where a quote goes wrong, its record is read again with the quote as an ordinary byte. If that gives a sound record,
//! both readings go on side by side, from record to record, until they meet at the start of one: what the one has
//! counted in between is to be taken away, and what the other has counted is to be added.

use std::io;

use super::super::counter::scan;
use super::records::{Records, Seen, Span, Wrong, count};
use super::{File, Part};
use crate::scan::{Place, Scanner, Sink};
use crate::tally::Counting;

/// How many quotes of one record may be taken for ordinary bytes.
const MOST_IN_RECORD: usize = 8;

/// How often a file is read over, at the most: a file that is made to be read for ever is not.
const MOST_PASSES: u64 = 8;

/// Every record that is read otherwise counts as at least so many bytes.
const LEAST: u64 = 4 * 1024;

/// What quotes that were no quotes have done.
#[derive(Debug)]
pub(crate) struct Strays {
    /// Where they are, ascending.
    pub(crate) quotes: Vec<Place>,
    /// The lines that the first one swallows, its own included.
    pub(crate) lines: u64,
    /// What was counted because of them.
    pub(crate) gone: Part,
    /// What would have been counted without them.
    pub(crate) come: Part,
}

/// Takes quotes for ordinary bytes where that mends the file.
pub(super) struct Mending<'a> {
    file: File<'a>,
    quotes: Vec<Place>,
    lines: u64,
    gone: Counting<'a>,
    come: Counting<'a>,
    /// Up to where both readings have met.
    met: u64,
    /// How many bytes may still be read.
    budget: u64,
    given_up: bool,
}

impl<'a> Mending<'a> {
    pub(super) fn new(file: File<'a>) -> Self {
        let budget = (MOST_PASSES * file.size()).max(1024 * LEAST);
        let (gone, come) = (file.counting(), file.counting());
        Self { file, quotes: Vec::new(), lines: 0, gone, come, met: 0, budget, given_up: false }
    }

    /// What was mended; `None` if that would have taken for ever.
    pub(super) fn finish(self) -> Option<Strays> {
        let Self { quotes, lines, gone, come, given_up, .. } = self;
        (!given_up).then(|| Strays { quotes, lines, gone: Part::of(gone), come: Part::of(come) })
    }

    /// Whether the record at `start` is not one after mending.
    pub(super) fn has_mended(&self, start: Place) -> bool {
        start.byte < self.met
    }

    /// Mends what begins with the record at `start`, in which a quote goes wrong, unless that was done already.
    pub(super) fn mend(&mut self, start: Place) -> io::Result<()> {
        if self.has_mended(start) || self.given_up {
            return Ok(());
        }
        let Some(end) = self.read_otherwise(start)? else { return Ok(()) };
        let mut as_is = Records::at(self.file, start);
        let mut mended = Records::at(self.file, end);
        let mut seen = Seen::default();
        let mut first = true;
        while as_is.place().byte != mended.place().byte && !self.given_up {
            if as_is.place().byte < mended.place().byte {
                let Some(span) = as_is.next(&mut seen)? else { continue };
                count(&self.file, &span, &mut self.gone)?;
                self.spend(span);
                if first && self.lines == 0 {
                    self.lines = (span.end.line - span.start.line).max(1);
                }
                first = false;
                continue;
            }
            let Some(span) = mended.next(&mut seen)? else { continue };
            self.spend(span);
            match self.read_otherwise_if_wrong(&seen, span.start)? {
                Some(end) => mended = Records::at(self.file, end),
                None => count(&self.file, &span, &mut self.come)?,
            }
        }
        self.met = as_is.place().byte;
        Ok(())
    }

    fn read_otherwise_if_wrong(&mut self, seen: &Seen, start: Place) -> io::Result<Option<Place>> {
        if seen.quote_goes_wrong().is_some() { self.read_otherwise(start) } else { Ok(None) }
    }

    /// Counts the record at `start` with the quotes that go wrong in it as ordinary bytes, and returns its end; `None` if
    /// it is not sound then either.
    fn read_otherwise(&mut self, start: Place) -> io::Result<Option<Place>> {
        let mut quotes = Vec::new();
        loop {
            let mut seen = Seen::default();
            let end = read(&self.file, start, &quotes, &mut seen)?;
            self.spend(Span { start, end });
            match seen.quote_goes_wrong() {
                _ if self.given_up => return Ok(None),
                None if seen.cells() == self.file.plan.columns && !quotes.is_empty() => {
                    read(&self.file, start, &quotes, &mut self.come)?;
                    self.quotes.extend(quotes);
                    return Ok(Some(end));
                }
                Some(wrong) if quotes.len() < MOST_IN_RECORD => {
                    let quote = self.opened(start, &quotes, wrong)?;
                    // Text may stand behind a quote that was taken for content already.
                    if quotes.last().is_some_and(|last| last.byte >= quote.byte) {
                        return Ok(None);
                    }
                    quotes.push(quote);
                }
                _ => return Ok(None),
            }
        }
    }

    /// Where the quote is that goes wrong.
    fn opened(&self, start: Place, quotes: &[Place], wrong: Wrong) -> io::Result<Place> {
        match wrong {
            Wrong::Open(quote) => Ok(quote),
            Wrong::TextAfter(text) => {
                let mut scanner = self.file.scanner(start);
                feed(&self.file, &mut scanner, quotes, (text.byte, u64::MAX), &mut Seen::default())?;
                Ok(scanner.quote_opened())
            }
        }
    }

    fn spend(&mut self, span: Span) {
        let cost = (span.end.byte - span.start.byte).max(LEAST);
        self.given_up |= cost > self.budget;
        self.budget = self.budget.saturating_sub(cost);
    }
}

/// Reads one record with some of its quotes as ordinary bytes; returns where it ends.
fn read(file: &File<'_>, start: Place, quotes: &[Place], sink: &mut impl Sink) -> io::Result<Place> {
    let mut scanner = file.scanner(start);
    if !feed(file, &mut scanner, quotes, (file.size(), start.byte + 1), sink)? {
        scanner.finish(sink);
    }
    Ok(scanner.place())
}

/// Scans on up to byte `end`, or to the first record start at or behind byte `stop`; returns whether there is one.
fn feed(
    file: &File<'_>,
    scanner: &mut Scanner,
    quotes: &[Place],
    (end, stop): (u64, u64),
    sink: &mut impl Sink,
) -> io::Result<bool> {
    for quote in quotes {
        scan(scanner, &mut file.whole.window(scanner.offset()..quote.byte), u64::MAX, sink)?;
        scanner.take_literal_quote(sink);
    }
    scan(scanner, &mut file.whole.window(scanner.offset()..end), stop, sink)
}
