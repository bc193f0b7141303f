//! Positional population counts: how many of a stream of bits are set, by column.

use super::ColumnTally;

/// Planes of a bit-sliced counter: it counts to 255.
const PLANES: usize = 8;

/// The most words that may be added to a counter between two flushes.
const FULL: usize = (1 << PLANES) - 1;

/// Counts, for every bit of a word, how often it is set, without unpacking the word: bit *i* of all planes together is
/// the count of bit *i*, so adding a word is adding with carry on 64 counters at once.
///
/// A stream of bits that goes round `columns` columns is the same every `columns` words: bit *j* of word *w* is of column
/// (64 *w* + *j*) mod `columns`. So there is one counter for each word of such a round (or of several rounds, where there
/// are few columns, so that many words are added side by side), and words are added unshifted, whatever the number of
/// columns.
///
/// Positional population count is due to Klarqvist, Muła and Lemire.
#[derive(Debug)]
pub(super) struct Vertical {
    columns: usize,
    /// Words of a round.
    round: usize,
    /// Plane by plane, a word for each word of a round that was ever used.
    planes: [Vec<u64>; PLANES],
    /// At most how many words were added to any counter since the last flush.
    added: usize,
    /// What is carried from plane to plane.
    carry: Vec<u64>,
}

impl Vertical {
    pub(super) fn new(columns: usize) -> Self {
        let round = columns * 64_usize.div_ceil(columns);
        Self { columns, round, planes: Default::default(), added: 0, carry: Vec::new() }
    }

    /// Adds bits that begin with column 0. Bits behind the last one, to the end of its word, must be 0.
    pub(super) fn add(&mut self, mut words: impl ExactSizeIterator<Item = u64>, into: &mut [ColumnTally]) {
        while words.len() > 0 {
            if self.added == FULL {
                self.flush(into);
            }
            self.added += 1;
            self.add_round(words.by_ref().take(self.round));
        }
    }

    fn add_round(&mut self, words: impl Iterator<Item = u64>) {
        let Self { planes, carry, .. } = self;
        carry.clear();
        carry.extend(words);
        if planes[0].len() < carry.len() {
            for plane in &mut *planes {
                plane.resize(carry.len(), 0);
            }
        }
        for plane in planes {
            let mut any = 0;
            for (sum, carry) in plane.iter_mut().zip(&mut *carry) {
                (*sum, *carry) = (*sum ^ *carry, *sum & *carry);
                any |= *carry;
            }
            if any == 0 {
                break;
            }
        }
    }

    /// Adds what was counted to the columns, and begins at 0 again.
    pub(super) fn flush(&mut self, into: &mut [ColumnTally]) {
        self.added = 0;
        let mut column = 0;
        for word in 0..self.planes[0].len() {
            for byte in 0..8 {
                // Eight counts, a byte each: the planes' bits, spread to bytes and weighed.
                let counts = self.planes.iter().enumerate().fold(0, |counts, (weight, plane)| {
                    counts | spread(plane[word].to_le_bytes()[byte]) << weight
                });
                for count in counts.to_le_bytes() {
                    into[column].not_empty += u64::from(count);
                    column = if column + 1 == self.columns { 0 } else { column + 1 };
                }
            }
        }
        self.planes.iter_mut().for_each(|plane| plane.fill(0));
    }
}

/// Bit *i* of a byte as byte *i* of a word, 0 or 1.
fn spread(bits: u8) -> u64 {
    let copies = u64::from(bits) * 0x0101_0101_0101_0101;
    // Of copy i only bit i; then whether it is set, moved to the lowest bit: 0x7F carries into the highest.
    let own = copies & 0x8040_2010_0804_0201;
    ((own + 0x7F7F_7F7F_7F7F_7F7F) | own) >> 7 & 0x0101_0101_0101_0101
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_bit_is_spread_to_its_byte() {
        for bits in 0..=u8::MAX {
            let expected: [u8; 8] = std::array::from_fn(|at| bits >> at & 1);
            assert_eq!(spread(bits).to_le_bytes(), expected, "{bits:08b}");
        }
    }

    fn assert_counts(columns: usize, strips: &[Vec<bool>]) {
        let mut vertical = Vertical::new(columns);
        let mut found = vec![ColumnTally::default(); columns];
        let mut expected = vec![0; columns];
        for strip in strips {
            let mut words = vec![0_u64; strip.len().div_ceil(64)];
            for (at, &set) in strip.iter().enumerate() {
                words[at / 64] |= u64::from(set) << (at % 64);
                expected[at % columns] += u64::from(set);
            }
            vertical.add(words.into_iter(), &mut found);
        }
        vertical.flush(&mut found);
        vertical.flush(&mut found);
        assert_eq!(
            found.iter().map(|column| column.not_empty).collect::<Vec<_>>(),
            expected,
            "{columns} columns"
        );
    }

    proptest! {
        #[test]
        fn counts_by_column(
            columns in 1..200_usize,
            strips in prop::collection::vec(prop::collection::vec(any::<bool>(), 0..2_000), 0..8),
        ) {
            assert_counts(columns, &strips);
        }
    }

    #[test]
    fn counters_never_overflow() {
        for columns in [1, 2, 63, 64, 65, 1_000] {
            assert_counts(columns, &vec![vec![true; 64 * 70]; 600]);
        }
    }
}
