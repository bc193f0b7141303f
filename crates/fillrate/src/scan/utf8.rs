//! Finds byte sequences that are not UTF-8.

use super::Place;
use super::lines::Lines;

/// Checks bytes that come in pieces of any size.
///
/// An ill-formed sequence is one *maximal subpart*, as in the Unicode Standard (section 3.9, "U+FFFD Substitution of
/// Maximal Subparts"): what a lossy decoder such as [`String::from_utf8_lossy`] replaces by one U+FFFD.
#[derive(Clone, Debug, Default)]
pub(super) struct Utf8Check {
    /// The sequence that the last piece left incomplete.
    pending: Option<Pending>,
}

#[derive(Clone, Debug)]
struct Pending {
    start: Place,
    /// How many continuation bytes are still to come.
    missing: u8,
    /// What the next one may be.
    next: std::ops::RangeInclusive<u8>,
}

const CONTINUATION: std::ops::RangeInclusive<u8> = 0x80..=0xBF;

impl Utf8Check {
    /// Takes the next piece, whose first byte is number `start` of the file and stands where `lines` says; tells
    /// `invalid` where each ill-formed sequence begins.
    pub(super) fn feed(
        &mut self,
        piece: &[u8],
        start: u64,
        mut lines: Lines,
        mut invalid: impl FnMut(Place),
    ) {
        // The common case at the speed of the standard library; the walk below runs where it fails.
        if self.pending.is_none() && std::str::from_utf8(piece).is_ok() {
            return;
        }
        for (byte, &value) in (start..).zip(piece) {
            if value.is_ascii() {
                self.finish(&mut invalid);
            } else {
                self.non_ascii(value, Place { line: lines.current(), byte }, &mut invalid);
            }
            lines.advance(value);
        }
    }

    /// No more bytes follow.
    pub(super) fn finish(&mut self, invalid: impl FnOnce(Place)) {
        if let Some(pending) = self.pending.take() {
            invalid(pending.start);
        }
    }

    fn non_ascii(&mut self, value: u8, place: Place, mut invalid: impl FnMut(Place)) {
        if let Some(mut pending) = self.pending.take() {
            if pending.next.contains(&value) {
                pending.missing -= 1;
                pending.next = CONTINUATION;
                self.pending = (pending.missing > 0).then_some(pending);
                return;
            }
            invalid(pending.start);
        }
        let (missing, next) = match value {
            0xC2..=0xDF => (1, CONTINUATION),
            0xE0 => (2, 0xA0..=0xBF),
            0xED => (2, 0x80..=0x9F),
            0xE1..=0xEF => (2, CONTINUATION),
            0xF0 => (3, 0x90..=0xBF),
            0xF1..=0xF3 => (3, CONTINUATION),
            0xF4 => (3, 0x80..=0x8F),
            _ => return invalid(place),
        };
        self.pending = Some(Pending { start: place, missing, next });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Where the ill-formed sequences begin, from pieces of `size` bytes.
    fn ours(bytes: &[u8], size: usize) -> Vec<u64> {
        let mut check = Utf8Check::default();
        let mut found = Vec::new();
        let mut start = 0;
        for piece in bytes.chunks(size) {
            check.feed(piece, start, Lines::from(1), |place| found.push(place.byte));
            start += piece.len() as u64;
        }
        check.finish(|place| found.push(place.byte));
        found
    }

    fn std(bytes: &[u8]) -> Vec<u64> {
        let mut found = Vec::new();
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            at += chunk.valid().len() as u64;
            if !chunk.invalid().is_empty() {
                found.push(at);
            }
            at += chunk.invalid().len() as u64;
        }
        found
    }

    #[test]
    fn agrees_with_std_on_all_short_strings_of_edge_bytes() {
        const EDGES: [u8; 20] = [
            b'a', 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED, 0xEF,
            0xF0, 0xF1, 0xF4, 0xF5,
        ];
        for code in 0..EDGES.len().pow(4) {
            let bytes: Vec<u8> = (0..4).map(|i| EDGES[code / EDGES.len().pow(i) % EDGES.len()]).collect();
            for size in 1..=4 {
                assert_eq!(ours(&bytes, size), std(&bytes), "{bytes:x?} in pieces of {size}");
            }
        }
    }

    proptest! {
        #[test]
        fn agrees_with_std_on_random_bytes(bytes: Vec<u8>, size in 1..10usize) {
            prop_assert_eq!(ours(&bytes, size), std(&bytes));
        }
    }
}
