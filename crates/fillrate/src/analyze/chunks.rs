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
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::counter::{Counter, Method, scan};
use super::{Options, threads};
use crate::scan::{Findings, Ignore, Place, Scanner};
use crate::source::Whole;
use crate::tally::Tally;

/// The smallest chunk that is worth a thread's while.
const SMALLEST: u64 = 256 * 1024;

/// How many chunks there should be for each thread, so that none waits long for the last one.
const PER_THREAD: u64 = 4;

/// How far a chunk is searched for its first record end. What is not found by then is a long cell, of which it is not
/// known where it began.
const SEARCH: u64 = 256 * 1024;

/// Counts all records behind the header; returns also how far into the file these reach.
pub(super) fn count(
    whole: &Whole,
    start: Place,
    method: &Method<'_>,
    options: &Options,
) -> io::Result<(Tally, Findings, u64)> {
    let bytes = whole.size() - start.byte;
    let records = |chunk_bytes| Records { whole, method, start: start.byte, chunk_bytes };
    let joined = Joined::at(start);
    // Asking for the threads starts them, which a small file need not pay for.
    let threads = if bytes <= options.chunk_bytes.min(SMALLEST) { 1 } else { threads::available() as u64 };
    let chunk_bytes = options.chunk_bytes.min((bytes / (PER_THREAD * threads)).max(SMALLEST));
    let joined = if threads == 1 {
        let records = records(u64::MAX);
        let mut joined = joined;
        joined.accept(records.tile(start.byte, u64::MAX)?);
        joined
    } else {
        records(chunk_bytes).in_parallel(threads, joined)?
    };
    Ok((joined.tally, joined.findings, joined.at))
}

/// The part of a file that holds records, and how to count them.
struct Records<'a> {
    whole: &'a Whole,
    method: &'a Method<'a>,
    /// Where the first record starts.
    start: u64,
    chunk_bytes: u64,
}

/// What was counted from one record start to another.
struct Tile {
    range: Range<u64>,
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

    fn in_parallel(&self, threads: u64, joined: Joined) -> io::Result<Joined> {
        let next = AtomicU64::new(0);
        let joining = Joining::new(joined, threads);
        let work = || {
            let guard = PanicGuard(&joining);
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.chunks() || !joining.add(number, self.guess(&self.chunk(number)), self) {
                    return drop(guard);
                }
            }
        };
        let workers = threads.min(self.chunks());
        rayon::scope(|scope| (0..workers).for_each(|_| scope.spawn(|_| work())));
        joining.finish()
    }

    /// Counts the records that start in a chunk, as far as that can be known. `None` if no record start is found in it,
    /// or if the last record does not end within another chunk's length: to read on for a guess is not worth it then.
    fn guess(&self, chunk: &Range<u64>) -> io::Result<Option<Tile>> {
        let Some(start) = self.guess_start(chunk)? else { return Ok(None) };
        let mut counter = Counter::at(Place { line: 1, byte: start }, self.method);
        let limit = chunk.end.saturating_add(self.chunk_bytes).min(self.whole.size());
        let complete = counter.count(&mut self.whole.window(start..limit), chunk.end)?;
        Ok((complete || limit == self.whole.size()).then(|| Tile::of(start, counter)))
    }

    /// The first record start in a chunk: as if it started outside quotes, unless what follows then looks wrong, and as
    /// if it started inside them looks right.
    fn guess_start(&self, chunk: &Range<u64>) -> io::Result<Option<u64>> {
        if chunk.start == self.start {
            return Ok(Some(chunk.start));
        }
        let before = self.whole.window(chunk.start - 1..chunk.start).fill()?[0];
        let delimiter = self.method.delimiter;
        let outside = self.search(chunk, Scanner::guess(delimiter, chunk.start, before))?;
        if self.is_plain_from(outside)? != Some(false) {
            return Ok(outside);
        }
        let inside = self.search(chunk, Scanner::guess_inside_quotes(delimiter, chunk.start))?;
        Ok(if self.is_plain_from(inside)? == Some(true) { inside } else { outside })
    }

    /// The first record start that a scanner finds in a chunk.
    fn search(&self, chunk: &Range<u64>, mut scanner: Scanner) -> io::Result<Option<u64>> {
        let end = chunk.end.min(chunk.start.saturating_add(SEARCH));
        let found = scan(&mut scanner, &mut self.whole.window(chunk.start..end), chunk.start, &mut Ignore)?;
        Ok(found.then(|| scanner.offset()))
    }

    /// Whether what follows a supposed record start is plain.
    fn is_plain_from(&self, start: Option<u64>) -> io::Result<Option<bool>> {
        let Some(start) = start else { return Ok(Some(false)) };
        Ok(self.method.is_plain(self.whole.window(start..self.whole.size()).fill()?))
    }

    /// Counts from the record start `start` up to the first record start at or behind `stop`.
    fn tile(&self, start: u64, stop: u64) -> io::Result<Tile> {
        let mut counter = Counter::at(Place { line: 1, byte: start }, self.method);
        counter.count(&mut self.whole.window(start..self.whole.size()), stop)?;
        Ok(Tile::of(start, counter))
    }
}

impl Tile {
    fn of(start: u64, counter: Counter<'_>) -> Self {
        let end = counter.next();
        let (tally, findings) = counter.finish();
        Self { range: start..end.byte, lines: end.line - 1, tally, findings }
    }
}

/// Joins what workers have counted, while they count on.
struct Joining {
    state: Mutex<State>,
    /// Told when `waiting` has become shorter.
    shorter: Condvar,
    /// How many tiles may wait: beyond it, workers do. So memory does not grow with the file.
    most: usize,
}

struct State {
    joined: Joined,
    /// Guesses for chunks that cannot be joined yet.
    waiting: BTreeMap<u64, Option<Tile>>,
    /// The number of the chunk to be joined next.
    next: u64,
    /// Whether a worker is joining. It counts again what was guessed wrong, without keeping the others from guessing.
    busy: bool,
    failure: Option<io::Error>,
}

impl Joining {
    fn new(joined: Joined, threads: u64) -> Self {
        let state = State { joined, waiting: BTreeMap::new(), next: 0, busy: false, failure: None };
        let most = usize::try_from(4 * threads).unwrap_or(usize::MAX);
        Self { state: Mutex::new(state), shorter: Condvar::new(), most }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes what was guessed for a chunk, and joins as far as there is no gap, unless somebody is at it. Returns
    /// whether to go on.
    fn add(&self, number: u64, guess: io::Result<Option<Tile>>, records: &Records<'_>) -> bool {
        let mut state = self.lock();
        // The chunk that is waited for must get through.
        while state.waiting.len() >= self.most && state.next != number && state.failure.is_none() {
            state = self.shorter.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        match guess {
            Ok(guess) => drop(state.waiting.insert(number, guess)),
            Err(error) => state.failure = Some(error),
        }
        if !state.busy {
            state.busy = true;
            state = self.join(state, records);
            state.busy = false;
        }
        self.shorter.notify_all();
        state.failure.is_none()
    }

    /// Stops all workers. For one that panics: the others would wait for its chunk.
    fn give_up(&self) {
        self.lock().failure.get_or_insert_with(|| io::Error::other("a worker has panicked"));
        self.shorter.notify_all();
    }

    fn join<'a>(&'a self, mut state: MutexGuard<'a, State>, records: &Records<'_>) -> MutexGuard<'a, State> {
        while state.failure.is_none() {
            let next = state.next;
            let Some(guess) = state.waiting.remove(&next) else { break };
            state.next += 1;
            let (chunk, at) = (records.chunk(next), state.joined.at);
            match guess {
                // A record that began earlier reaches to the end of this chunk.
                _ if at >= chunk.end => {}
                Some(tile) if tile.range.start == at => state.joined.accept(tile),
                _ => {
                    drop(state);
                    self.shorter.notify_all();
                    let counted = records.tile(at, chunk.end);
                    state = self.lock();
                    match counted {
                        Ok(tile) => state.joined.accept(tile),
                        Err(error) => state.failure = Some(error),
                    }
                }
            }
        }
        state
    }

    fn finish(self) -> io::Result<Joined> {
        let state = self.state.into_inner().unwrap_or_else(PoisonError::into_inner);
        match state.failure {
            Some(error) => Err(error),
            None => Ok(state.joined),
        }
    }
}

/// Gives up when it is dropped by a panic, which the scope of the workers then passes on.
struct PanicGuard<'a>(&'a Joining);

impl Drop for PanicGuard<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.give_up();
        }
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
}

impl Joined {
    fn at(start: Place) -> Self {
        Self { at: start.byte, lines: start.line - 1, tally: Tally::default(), findings: Findings::default() }
    }

    fn accept(&mut self, mut tile: Tile) {
        tile.findings.shift_lines(self.lines);
        self.findings.merge(tile.findings);
        self.tally.merge(&tile.tally);
        self.lines += tile.lines;
        self.at = tile.range.end;
    }
}
