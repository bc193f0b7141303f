//! Records whose key was there before.

use std::collections::HashSet;
use std::io;
use std::ops::Range;

use super::records::{Span, count};
use super::{File, Part};
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
        let is_new = match key.map(|key| (key, digest(key))) {
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

/// The bytes that a SHA-256 in lower-case hexadecimal stands for; `None` for any other text, so that no two texts are
/// taken for one.
fn digest(text: &[u8]) -> Option<[u8; 32]> {
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let text: &[u8; 64] = text.try_into().ok()?;
    let mut bytes = [0; 32];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn only_lower_case_digests_are_packed() {
        let text = "00ff".repeat(16);
        assert_eq!(digest(text.as_bytes()), Some([0x00, 0xFF].repeat(16).try_into().unwrap()));
        for other in [&text[1..], &text.to_uppercase(), &text.replace("ff", "fg"), &format!("{text}0"), ""] {
            assert_eq!(digest(other.as_bytes()), None, "{other}");
        }
    }
}
