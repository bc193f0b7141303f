//! Counts records from a known start: strips that are plain by the vector scanner, everything else by the reference.

use std::io;

use super::Options;
use crate::scan::{
    Backend, Expected, Findings, LineEnd, Place, Round, Scanner, Sink, Strip, Verdict, Wanted,
};
use crate::source::Window;
use crate::tally::{Counting, Plan, Tally};

/// Bytes of a strip, but for the rest of its last record. Its bytes and masks stay in a core's first cache, and what is
/// not plain costs the reference no more than this.
const STRIP: usize = 32 * 1024;

/// The most bytes that the reference takes over at once, where nothing is plain.
const LONGEST_ODD: u64 = 1 << 20;

/// How the records of a file are counted.
pub(super) struct Method<'a> {
    pub(super) plan: &'a Plan,
    pub(super) delimiter: u8,
    /// How the header ended.
    line_end: Option<LineEnd>,
    backend: Backend,
    /// Bytes of a strip.
    strip: usize,
    /// What the vector scanner can prove; nothing where lines end in a lone CR.
    expected: Option<Expected>,
}

impl<'a> Method<'a> {
    pub(super) fn new(plan: &'a Plan, options: &Options, line_end: Option<LineEnd>) -> Self {
        let is_for_vectors =
            line_end != Some(LineEnd::Cr) && plan.rule.hollow_bytes().all(Wanted::can_be_hollow);
        let expected = is_for_vectors.then(|| Expected {
            wanted: Wanted::new(options.delimiter, plan.rule.hollow_bytes()),
            round: Round::new(plan.columns, &plan.numbers()),
            crlf: line_end == Some(LineEnd::CrLf),
        });
        let Options { delimiter, backend, .. } = *options;
        Self { plan, delimiter, line_end, backend, strip: STRIP, expected }
    }

    /// Scans the strip that `bytes` begin with; `None` if that is not for the vector scanner.
    fn scan(&self, bytes: &[u8], target: usize, strip: &mut Strip) -> Option<Verdict> {
        self.backend.scan(self.expected.as_ref()?, bytes, target, strip)
    }

    /// Whether what `bytes` begin with, taken for the start of a record, is plain; `None` if the vector scanner cannot
    /// tell.
    pub(super) fn is_plain(&self, bytes: &[u8]) -> Option<bool> {
        let target = bytes.len().min(self.strip);
        Some(target > 0 && self.scan(bytes, target, &mut Strip::default())? == Verdict::Plain)
    }
}

/// Counts from one record start to another.
pub(super) struct Counter<'a> {
    method: &'a Method<'a>,
    counting: Counting<'a>,
    /// Where the next record starts.
    next: Place,
    strip: Strip,
    /// How many bytes the reference takes over next: twice as many each time, as long as nothing is plain, so that
    /// proving in vain does not add up.
    odd: u64,
}

impl<'a> Counter<'a> {
    /// Has counted nothing; the next record starts at a place.
    pub(super) fn at(next: Place, method: &'a Method<'a>) -> Self {
        Self {
            method,
            counting: Counting::new(method.plan),
            next,
            strip: Strip::default(),
            odd: method.strip as u64,
        }
    }

    /// Where the next record starts.
    pub(super) fn next(&self) -> Place {
        self.next
    }

    /// What was counted and what was found.
    pub(super) fn finish(self) -> (Tally, Findings) {
        self.counting.finish()
    }

    /// Counts the records in `window`, which shows what follows in the file, up to the first record start at or behind
    /// byte `stop`. Returns whether there is one; otherwise the last record ends with the window.
    pub(super) fn count(&mut self, window: &mut Window<'_>, stop: u64) -> io::Result<bool> {
        while self.next.byte < stop {
            if window.bytes().len() < self.method.strip {
                window.more()?;
            }
            if window.bytes().is_empty() {
                return Ok(false);
            }
            if self.count_strip(window, stop) {
                continue;
            }
            let stop = stop.min(self.next.byte.saturating_add(self.odd));
            self.odd = (2 * self.odd).min(LONGEST_ODD);
            if !self.count_odd(window, stop)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Counts a strip, if it is plain.
    fn count_strip(&mut self, window: &mut Window<'_>, stop: u64) -> bool {
        let Self { method, counting, next, strip, odd } = self;
        let bytes = window.bytes();
        let to_stop = usize::try_from(stop - next.byte).unwrap_or(usize::MAX);
        let target = bytes.len().min(method.strip).min(to_stop);
        if method.scan(bytes, target, strip) != Some(Verdict::Plain) {
            return false;
        }
        counting.strip(bytes, strip, *next);
        next.byte += strip.bytes as u64;
        next.line += strip.lines;
        *odd = method.strip as u64;
        window.advance(strip.bytes);
        true
    }

    /// Counts by the reference, up to the first record start at or behind byte `stop`.
    fn count_odd(&mut self, window: &mut Window<'_>, stop: u64) -> io::Result<bool> {
        let mut scanner = Scanner::at_record(self.method.delimiter, self.next, self.method.line_end);
        let stopped = scan(&mut scanner, window, stop, &mut self.counting)?;
        if !stopped {
            scanner.finish(&mut self.counting);
        }
        self.next = scanner.place();
        Ok(stopped)
    }
}

/// Scans on to the first record start at or behind byte `stop`; returns whether there is one in the window.
pub(super) fn scan(
    scanner: &mut Scanner,
    window: &mut Window<'_>,
    stop: u64,
    sink: &mut impl Sink,
) -> io::Result<bool> {
    loop {
        let bytes = window.fill()?;
        if bytes.is_empty() {
            return Ok(false);
        }
        let before = scanner.offset();
        let stopped = scanner.feed(bytes, stop, sink);
        // As far as the bytes at hand.
        let taken = usize::try_from(scanner.offset() - before).unwrap_or(usize::MAX);
        window.advance(taken);
        if stopped {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests;
