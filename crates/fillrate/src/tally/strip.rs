//! Counts a strip of plain records, from its masks.

use std::borrow::Cow;

use super::Filling;
use super::count::Counting;
use super::number::Number;
use crate::scan::Strip;

impl Counting<'_> {
    /// Counts the records of a strip, which begins with `bytes`.
    pub(crate) fn strip(&mut self, bytes: &[u8], strip: &Strip) {
        self.tally.records += (strip.cells / self.plan.columns) as u64;
        self.vertical.add(strip.filled(), &mut self.tally.columns);
        self.hollow_cells(bytes, strip);
        if !self.numbers.is_empty() {
            self.numbers(bytes, strip);
        }
    }

    /// Tells blank cells and placeholders from words that are made of the same letters.
    fn hollow_cells(&mut self, bytes: &[u8], strip: &Strip) {
        for end in strip.hollow() {
            let content = content(bytes, strip.start_of_cell(end), end);
            // Most are such words, and most of these do not begin like any placeholder.
            if content.first().is_none_or(|&first| !self.hollow_starts[usize::from(first)]) {
                continue;
            }
            let filling = self.plan.rule.classify(&content);
            let counts = &mut self.tally.columns[strip.number_of_cell(end) % self.plan.columns];
            counts.blank += u64::from(filling == Filling::Blank);
            counts.placeholder += u64::from(filling == Filling::Placeholder);
        }
    }

    /// Reads the numbers of the columns that are asked for.
    fn numbers(&mut self, bytes: &[u8], strip: &Strip) {
        let Self { plan, tally, numbers, .. } = self;
        let has_own_placeholders = plan.rule.has_own_placeholders();
        strip.visit_cells(numbers, plan.columns, |at, cell| {
            if cell.is_empty() {
                return;
            }
            let content = content(bytes, cell.start, cell.end);
            let number = Number::parse(&content);
            // A number is filled, unless the user says that it is a placeholder.
            let is_plain = number.is_some() && !has_own_placeholders;
            if is_plain || plan.rule.is_filled(plan.rule.classify(&content)) {
                tally.add_number(plan, numbers[at], number);
            }
        });
    }
}

/// What is in the cell at `start..end`, quotes removed.
#[inline]
fn content(bytes: &[u8], start: usize, mut end: usize) -> Cow<'_, [u8]> {
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
