//! Counts a strip of plain records, from its masks.

use std::borrow::Cow;
use std::ops::Range;

use super::Filling;
use super::count::Counting;
use super::number::Number;
use crate::scan::{Place, Strip};

impl Counting<'_> {
    /// Counts the records of a strip, which begins with `bytes` and stands at `place`.
    pub(crate) fn strip(&mut self, bytes: &[u8], strip: &Strip, place: Place) {
        if let Some((lines, start, before)) = strip.longest_record(self.plan.columns) {
            let start = Place { line: place.line + before, byte: place.byte + start as u64 };
            self.findings.add_record(lines, start);
        }
        self.tally.records += (strip.cells() / self.plan.columns) as u64;
        self.vertical.add(strip.filled(), &mut self.tally.columns);
        self.hollow_cells(bytes, strip);
        if !self.numbers.is_empty() {
            self.numbers(bytes, strip);
        }
    }

    /// Tells blank cells and placeholders from words that are made of the same letters.
    fn hollow_cells(&mut self, bytes: &[u8], strip: &Strip) {
        let Self { plan, tally, hollow_starts, .. } = self;
        strip.visit_hollow_cells(|cell, number| {
            // Most are such words, and most of these do not begin like any placeholder.
            let first = bytes[cell.start + usize::from(bytes[cell.start] == b'"')];
            if !hollow_starts[usize::from(first)] {
                return;
            }
            let filling = plan.rule.classify(&content(bytes, cell));
            let counts = &mut tally.columns[number % plan.columns];
            counts.blank += u64::from(filling == Filling::Blank);
            counts.placeholder += u64::from(filling == Filling::Placeholder);
        });
    }

    /// Reads the numbers of the columns that are asked for.
    fn numbers(&mut self, bytes: &[u8], strip: &Strip) {
        let Self { plan, tally, numbers, .. } = self;
        // Unless the user says that some are placeholders.
        let numbers_are_filled = !plan.rule.placeholders_are_unfilled();
        let mut columns = numbers.iter().cycle();
        strip.visit_cells(|cell| {
            let Some(column) = columns.next() else { return };
            if cell.is_empty() {
                return;
            }
            if let Some(number) = Number::parse_short(bytes, &cell)
                && numbers_are_filled
            {
                return column.add(tally, plan, number);
            }
            let content = content(bytes, cell);
            let number = Number::parse(&content);
            let is_filled =
                number.is_some() && numbers_are_filled || plan.rule.is_filled(plan.rule.classify(&content));
            match number {
                _ if !is_filled => {}
                Some(number) => column.add(tally, plan, number),
                None => column.add_invalid(tally),
            }
        });
    }
}

/// What is in a cell, quotes removed.
fn content(bytes: &[u8], cell: Range<usize>) -> Cow<'_, [u8]> {
    let Range { start, mut end } = cell;
    // The CR of a CRLF. A CR that is content has a closing quote behind it.
    if bytes[end] == b'\n' && end > start && bytes[end - 1] == b'\r' {
        end -= 1;
    }
    match &bytes[start..end] {
        [b'"', quoted @ .., b'"'] => without_doubled_quotes(quoted),
        plain => Cow::Borrowed(plain),
    }
}

fn without_doubled_quotes(quoted: &[u8]) -> Cow<'_, [u8]> {
    if !quoted.contains(&b'"') {
        return Cow::Borrowed(quoted);
    }
    let mut content = Vec::with_capacity(quoted.len());
    let mut is_second = false;
    for &byte in quoted {
        is_second = byte == b'"' && !is_second;
        if !is_second {
            content.push(byte);
        }
    }
    Cow::Owned(content)
}
