//! Records whose key was there before.

use std::collections::HashSet;
use std::io;
use std::ops::Range;

use super::records::{Span, count};
use super::{File, Part};
use crate::digest::sha256_bytes;
use crate::tally::Counting;

/// How many different keys are remembered. Those of 64 hexadecimal digits take 32 bytes and a bit in the set, which
/// makes some 700 MB at the most, where it has just grown.
const MOST_KEYS: usize = 10_000_000;

/// How many bytes the other keys may have together.
const MOST_BYTES: usize = 512 << 20;

/// The records that repeat a key.
#[derive(Debug)]
pub(crate) struct Repeats {
    /// Where they are in the file, ascending.
    pub(crate) ranges: Vec<Range<u64>>,
    /// What they have counted.
    pub(crate) part: Part,
}

/// Remembers keys, exactly.
pub(super) struct Keys<'a> {
    file: File<'a>,
    digests: HashSet<[u8; 32]>,
    others: HashSet<Box<[u8]>>,
    bytes: usize,
    overflown: bool,
    ranges: Vec<Range<u64>>,
    counting: Counting<'a>,
}

impl<'a> Keys<'a> {
    pub(super) fn new(file: File<'a>) -> Self {
        Self {
            file,
            digests: HashSet::new(),
            others: HashSet::new(),
            bytes: 0,
            overflown: false,
            ranges: Vec::new(),
            counting: file.counting(),
        }
    }

    /// Takes the next record. One without a key repeats none.
    pub(super) fn record(&mut self, span: &Span, key: Option<&[u8]>) -> io::Result<()> {
        if self.overflown || key.is_some_and(<[u8]>::is_empty) {
            return Ok(());
        }
        let is_new = match key.map(|key| (key, sha256_bytes(key))) {
            None => {
                self.overflown = true;
                true
            }
            Some((_, Some(digest))) => self.digests.insert(digest),
            Some((key, None)) if self.others.contains(key) => false,
            Some((key, None)) => {
                self.bytes += key.len();
                self.others.insert(key.into())
            }
        };
        if !is_new {
            self.ranges.push(span.start.byte..span.end.byte);
            count(&self.file, span, &mut self.counting)?;
        }
        self.overflown |= self.digests.len() + self.others.len() > MOST_KEYS || self.bytes > MOST_BYTES;
        Ok(())
    }

    /// The records that repeat a key; `None` if there are too many keys to tell.
    pub(super) fn finish(self) -> Option<Repeats> {
        (!self.overflown).then(|| Repeats { ranges: self.ranges, part: Part::of(self.counting) })
    }
}
