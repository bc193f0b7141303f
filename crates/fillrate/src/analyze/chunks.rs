//! Scans a file in chunks, in parallel, and joins what they counted.
//!
//! A worker cannot know whether its chunk starts inside quotes. It guesses that it does not, skips to the first record
//! end, counts from there, and reads on past its own end to finish its last record. What it counted is a [`Tile`]: it
//! says where it began and where its last record ended. Tiles are accepted from left to right, each only if it began
//! *exactly where the one before it ended*; otherwise the chunk is counted again from there. From a known record start
//! the scanner is deterministic, so a chain of accepted tiles equals one pass over the file.
//!
//! Comparing whether both sides were inside quotes at the cut instead would be wrong: with `a"|"` LF `a`, cut at the
//! bar, both are outside and every quote looks regular, but a record would be lost.

use std::collections::BTreeMap;
use std::io;
use std::ops::{ControlFlow, Range};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use super::Options;
use super::header::HeaderRow;
use crate::scan::{Findings, Ignore, LineEnd, Scanner, Sink};
use crate::source::Whole;
use crate::tally::{Counting, Plan, Tally};

/// Counts all records behind the header.
pub(super) fn count(
    whole: &Whole,
    header: &HeaderRow,
    plan: &Plan,
    options: &Options,
) -> io::Result<(Tally, Findings)> {
    let records = Records {
        whole,
        plan,
        delimiter: options.delimiter,
        start: header.scanner.offset(),
        line_end: header.scanner.line_end(),
        chunk_bytes: options.chunk_bytes,
    };
    let mut joined = Joined::at(records.start, header.scanner.lines_passed());
    // Asking for the threads starts them, which a small file need not pay for.
    let workers =
        if records.chunks() < 2 { 1 } else { records.chunks().min(rayon::current_num_threads() as u64) };
    if workers < 2 {
        joined.accept(records.tile(records.start, u64::MAX, whole.size())?);
    } else {
        joined = records.in_parallel(workers, joined)?;
    }
    debug_assert_eq!(joined.at, whole.size());
    Ok((joined.tally, joined.findings))
}

/// The part of a file that holds records, and what to count there.
struct Records<'a> {
    whole: &'a Whole,
    plan: &'a Plan,
    delimiter: u8,
    /// Where the first record starts.
    start: u64,
    /// How the header ended.
    line_end: Option<LineEnd>,
    chunk_bytes: u64,
}

/// What was counted from one record start to another.
struct Tile {
    range: Range<u64>,
    /// Whether its last record was read to its end.
    complete: bool,
    lines: u64,
    tally: Tally,
    findings: Findings,
}

impl Records<'_> {
    fn chunks(&self) -> u64 {
        (self.whole.size() - self.start).div_ceil(self.chunk_bytes)
    }

    fn chunk(&self, number: u64) -> Range<u64> {
        let start = self.start + number * self.chunk_bytes;
        start..start.saturating_add(self.chunk_bytes).min(self.whole.size())
    }

    /// Workers take chunks in order; whoever finishes one joins what can be joined. So no more tiles wait than there
    /// are workers, however large the file is.
    fn in_parallel(&self, workers: u64, joined: Joined) -> io::Result<Joined> {
        let next = AtomicU64::new(0);
        let joining = Mutex::new((joined, Ok(())));
        let work = || loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= self.chunks() {
                return;
            }
            let guess = self.guess(&self.chunk(number));
            let mut joining = joining.lock().unwrap_or_else(PoisonError::into_inner);
            let (joined, result) = &mut *joining;
            if result.is_ok() {
                *result = guess.and_then(|guess| joined.add(number, guess, self));
            }
            if result.is_err() {
                return;
            }
        };
        rayon::scope(|scope| (0..workers).for_each(|_| scope.spawn(|_| work())));
        let (joined, result) = joining.into_inner().unwrap_or_else(PoisonError::into_inner);
        result.map(|()| joined)
    }

    /// Counts the records that start in a chunk, if it starts outside quotes. `None` if no record starts in it, or if
    /// the last one does not end within another chunk's length: to read on for a guess is not worth it then.
    fn guess(&self, chunk: &Range<u64>) -> io::Result<Option<Tile>> {
        let start = if chunk.start == self.start { Some(chunk.start) } else { self.guess_start(chunk)? };
        let Some(start) = start else { return Ok(None) };
        let tile = self.tile(start, chunk.end, chunk.end.saturating_add(self.chunk_bytes))?;
        Ok(Some(tile).filter(|tile| tile.complete))
    }

    /// The first record start in a chunk, if it starts outside quotes.
    fn guess_start(&self, chunk: &Range<u64>) -> io::Result<Option<u64>> {
        let mut before = 0;
        self.whole.blocks(chunk.start - 1..chunk.start, |block| {
            before = block[0];
            ControlFlow::Break(())
        })?;
        let mut scanner = Scanner::guess(self.delimiter, chunk.start, before);
        let found = self.scan(&mut scanner, chunk.start, chunk.end, &mut Ignore)?;
        Ok(found.then(|| scanner.offset()))
    }

    /// Counts from the record start `start` up to the first record start at or behind `stop`, but not beyond `limit`.
    fn tile(&self, start: u64, stop: u64, limit: u64) -> io::Result<Tile> {
        let limit = limit.min(self.whole.size());
        let mut scanner = Scanner::at_record(self.delimiter, start, self.line_end);
        let mut counting = Counting::new(self.plan);
        let stopped = self.scan(&mut scanner, stop, limit, &mut counting)?;
        let at_end = limit == self.whole.size();
        if !stopped && at_end {
            scanner.finish(&mut counting);
        }
        let Counting { tally, findings, .. } = counting;
        let range = start..scanner.offset();
        Ok(Tile { range, complete: stopped || at_end, lines: scanner.lines_passed(), tally, findings })
    }

    /// Scans on to the first record start at or behind `stop`, not beyond `limit`; says whether there is one.
    fn scan(&self, scanner: &mut Scanner, stop: u64, limit: u64, sink: &mut impl Sink) -> io::Result<bool> {
        let mut stopped = false;
        self.whole.blocks(scanner.offset()..limit, |block| {
            stopped = scanner.feed(block, stop, sink);
            if stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(stopped)
    }
}

/// The accepted tiles, as one.
struct Joined {
    /// Where the last accepted tile ended.
    at: u64,
    /// Lines before that.
    lines: u64,
    tally: Tally,
    findings: Findings,
    /// The number of the chunk to be joined next.
    next: u64,
    /// Guesses for later chunks.
    waiting: BTreeMap<u64, Option<Tile>>,
}

impl Joined {
    fn at(start: u64, lines: u64) -> Self {
        Self {
            at: start,
            lines,
            tally: Tally::default(),
            findings: Findings::default(),
            next: 0,
            waiting: BTreeMap::new(),
        }
    }

    /// Takes what was guessed for a chunk, and joins as far as there is no gap.
    fn add(&mut self, number: u64, guess: Option<Tile>, records: &Records<'_>) -> io::Result<()> {
        self.waiting.insert(number, guess);
        while let Some(guess) = self.waiting.remove(&self.next) {
            let chunk = records.chunk(self.next);
            self.next += 1;
            match guess {
                // A record that began earlier reaches to the end of this chunk.
                _ if self.at >= chunk.end => {}
                Some(tile) if tile.range.start == self.at => self.accept(tile),
                _ => self.accept(records.tile(self.at, chunk.end, u64::MAX)?),
            }
        }
        Ok(())
    }

    fn accept(&mut self, mut tile: Tile) {
        tile.findings.shift_lines(self.lines);
        self.findings.merge(tile.findings);
        self.tally.merge(&tile.tally);
        self.lines += tile.lines;
        self.at = tile.range.end;
    }
}
