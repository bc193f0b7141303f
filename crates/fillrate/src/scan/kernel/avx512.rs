//! AVX-512 with BW: a block is one register, and a comparison one instruction.

use std::arch::x86_64::{
    __m128i, __m512i, _mm_loadu_si128, _mm512_and_si512, _mm512_broadcast_i32x4, _mm512_cmpeq_epi8_mask,
    _mm512_loadu_si512, _mm512_movepi8_mask, _mm512_set1_epi8, _mm512_shuffle_epi8, _mm512_srli_epi16,
    _mm512_testn_epi8_mask,
};

use super::avx2::Avx2;
use super::isa::{BLOCK, CLASSES, Isa, Nature, Rare, Sight, Utf8, Wanted};

pub(super) struct Avx512;

#[derive(Clone, Copy)]
pub(super) struct Needles {
    delimiter: __m512i,
    low_nibbles: __m512i,
    high_nibbles: __m512i,
}

/// A table of 16 bytes in each quarter of a register.
///
/// # Safety
///
/// The processor must have AVX-512F.
#[inline(always)]
unsafe fn quarters(table: &[u8; 16]) -> __m512i {
    // SAFETY: the caller's; the table has the 16 bytes that are read, at any alignment.
    unsafe { _mm512_broadcast_i32x4(_mm_loadu_si128(table.as_ptr().cast::<__m128i>())) }
}

/// # Safety
///
/// The processor must have AVX-512F.
#[inline(always)]
unsafe fn load(block: &[u8; BLOCK]) -> __m512i {
    // SAFETY: the caller's; the block has the 64 bytes that are read, at any alignment.
    unsafe { _mm512_loadu_si512(block.as_ptr().cast::<__m512i>()) }
}

impl Isa for Avx512 {
    type Needles = Needles;

    #[inline(always)]
    unsafe fn needles(wanted: &Wanted) -> Needles {
        // SAFETY: the caller's.
        unsafe {
            Needles {
                delimiter: _mm512_set1_epi8(wanted.delimiter.cast_signed()),
                low_nibbles: quarters(&wanted.classes),
                high_nibbles: quarters(&CLASSES),
            }
        }
    }

    #[inline(always)]
    unsafe fn fetch_ahead(block: &[u8; BLOCK]) {
        // SAFETY: the caller's: a processor with this set has the other, as `Backend` makes sure.
        unsafe { Avx2::fetch_ahead(block) }
    }

    #[inline(always)]
    unsafe fn look(needles: &Needles, block: &[u8; BLOCK]) -> (Sight, Nature) {
        // SAFETY: the caller's.
        unsafe {
            let bytes = load(block);
            let equal = |needle: u8| _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(needle.cast_signed()));
            let high = _mm512_and_si512(_mm512_srli_epi16(bytes, 4), _mm512_set1_epi8(15));
            let classes = _mm512_and_si512(
                _mm512_shuffle_epi8(needles.low_nibbles, bytes),
                _mm512_shuffle_epi8(needles.high_nibbles, high),
            );
            let lfs = equal(b'\n');
            let sight = Sight {
                quotes: equal(b'"'),
                ends: _mm512_cmpeq_epi8_mask(bytes, needles.delimiter) | lfs,
                lfs,
                solid: _mm512_testn_epi8_mask(classes, classes),
            };
            // `RARE` is the bit that is gathered.
            let rare = _mm512_movepi8_mask(classes);
            (sight, Nature { non_ascii: _mm512_movepi8_mask(bytes) != 0, rare })
        }
    }

    #[inline(always)]
    unsafe fn rare(block: &[u8; BLOCK]) -> Rare {
        // SAFETY: the caller's.
        unsafe { Avx2::rare(block) }
    }

    #[inline(always)]
    unsafe fn utf8(block: &[u8; BLOCK]) -> Utf8 {
        // SAFETY: the caller's.
        unsafe { Avx2::utf8(block) }
    }

    #[inline(always)]
    unsafe fn prefix_xor(bits: u64) -> u64 {
        // SAFETY: the caller's: a processor with this set has carry-less multiplication, as `Backend` makes sure.
        unsafe { Avx2::prefix_xor(bits) }
    }

    #[inline(always)]
    unsafe fn compress(bits: u64, mask: u64) -> u64 {
        // SAFETY: the caller's: likewise.
        unsafe { Avx2::compress(bits, mask) }
    }

    #[inline(always)]
    unsafe fn expand(bits: u64, mask: u64) -> u64 {
        // SAFETY: the caller's: likewise.
        unsafe { Avx2::expand(bits, mask) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::backend::Backend;
    use super::super::isa::tests::assert_sound;
    use super::*;

    #[test]
    fn is_sound() {
        if Backend::available().any(|backend| backend.name() == "avx512") {
            assert_sound::<Avx512>();
        }
    }
}
