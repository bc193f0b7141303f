//! No intrinsics: eight bytes at a time in a 64-bit word.

use super::isa::{BLOCK, Isa, Nature, Rare, Sight, Utf8, Wanted, compress_by_steps, expand_by_steps};

pub(super) struct Portable;

const ONES: u64 = 0x0101_0101_0101_0101;
const CRS: u64 = b'\r' as u64 * ONES;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

#[derive(Clone, Copy)]
pub(super) struct Needles {
    delimiter: u64,
    /// By byte: whether it is not hollow.
    solid: [bool; 256],
}

/// The high bits of all bytes, as eight bits.
fn gather(high_bits: u64) -> u64 {
    // Each product bit 56 + i has exactly one pair of factors, so nothing carries.
    ((high_bits >> 7) & ONES).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// A block's words, and where they stand in it.
#[inline(always)]
fn words(block: &[u8; BLOCK]) -> impl Iterator<Item = (usize, u64)> {
    block.as_chunks::<8>().0.iter().enumerate().map(|(at, bytes)| (8 * at, u64::from_le_bytes(*bytes)))
}

/// Which bytes of a word are zero, as their high bits. Exact, where the better known `x - ONES & !x` is not: a borrow
/// makes that one find a byte 1 behind a byte 0.
fn zero_bytes(word: u64) -> u64 {
    !(((word & !HIGH_BITS) + !HIGH_BITS) | word) & HIGH_BITS
}

impl Isa for Portable {
    type Needles = Needles;

    #[inline(always)]
    unsafe fn needles(wanted: &Wanted) -> Needles {
        let mut solid = [false; 256];
        for byte in 0..=u8::MAX {
            solid[usize::from(byte)] = wanted.classes_of(byte) == 0;
        }
        Needles { delimiter: u64::from(wanted.delimiter) * ONES, solid }
    }

    #[inline(always)]
    unsafe fn look(needles: &Needles, block: &[u8; BLOCK]) -> (Sight, Nature) {
        let mut sight = Sight::default();
        let mut rare = 0;
        for (at, word) in words(block) {
            let equal = |needle: u64| gather(zero_bytes(word ^ needle)) << at;
            let lfs = equal(u64::from(b'\n') * ONES);
            sight.quotes |= equal(u64::from(b'"') * ONES);
            sight.ends |= equal(needles.delimiter) | lfs;
            sight.lfs |= lfs;
            rare |= zero_bytes(word ^ CRS) | zero_bytes(word);
        }
        for (at, &byte) in block.iter().enumerate() {
            sight.solid |= u64::from(needles.solid[usize::from(byte)]) << at;
        }
        (sight, Nature { non_ascii: !block.is_ascii(), rare })
    }

    #[inline(always)]
    unsafe fn rare(block: &[u8; BLOCK]) -> Rare {
        let mut rare = Rare { crs: 0, nuls: 0 };
        for (at, word) in words(block) {
            rare.crs |= gather(zero_bytes(word ^ CRS)) << at;
            rare.nuls |= gather(zero_bytes(word)) << at;
        }
        rare
    }

    #[inline(always)]
    unsafe fn utf8(block: &[u8; BLOCK]) -> Utf8 {
        let mut utf8 = Utf8 { leads: 0, threes: 0, continuations: 0, special: false };
        for (at, word) in words(block) {
            // Bit 7 of each byte moves to where it can be compared with bit 6, and so on.
            let (second, third, fourth) = (word << 1, word << 2, word << 3);
            let equal = |bits: u64, value: u64| zero_bytes((word & bits) ^ value);
            let special = [(0xFE, 0xC0), (0xFF, 0xE0), (0xFF, 0xED)]
                .into_iter()
                .fold(word & second & third & fourth, |found, (bits, value)| {
                    found | equal(bits * ONES, value * ONES)
                });
            utf8.leads |= gather(word & second) << at;
            utf8.threes |= gather(word & second & third) << at;
            utf8.continuations |= gather(word & !second) << at;
            utf8.special |= special & HIGH_BITS != 0;
        }
        utf8
    }

    #[inline(always)]
    unsafe fn prefix_xor(mut bits: u64) -> u64 {
        for shift in [1, 2, 4, 8, 16, 32] {
            bits ^= bits << shift;
        }
        bits
    }

    #[inline(always)]
    unsafe fn compress(bits: u64, mask: u64) -> u64 {
        compress_by_steps(bits, mask)
    }

    #[inline(always)]
    unsafe fn expand(bits: u64, mask: u64) -> u64 {
        expand_by_steps(bits, mask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_sound() {
        super::super::isa::tests::assert_sound::<Portable>();
    }
}
