//! AVX2 with carry-less multiplication: two halves of 32 bytes to a block.

use std::arch::x86_64::{
    __m128i, __m256i, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_loadu_si128, _mm_set_epi64x,
    _mm_set1_epi8, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8, _mm256_cmpgt_epi8,
    _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
    _mm256_setr_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _pext_u64,
};

use super::isa::{BLOCK, Isa, Rare, Sight, Utf8, Wanted, compress_by_steps};

/// With BMI2's `pext`.
pub(super) struct Avx2;

/// Without it: AMD before Zen 3 has it in microcode, at tens of cycles a call.
pub(super) struct Avx2NoPext;

#[derive(Clone, Copy)]
pub(super) struct Needles {
    delimiter: __m256i,
    hollow: __m256i,
}

/// # Safety
///
/// The processor must have AVX2.
#[inline(always)]
unsafe fn halves(block: &[u8; BLOCK]) -> (__m256i, __m256i) {
    let halves = block.as_ptr().cast::<__m256i>();
    // SAFETY: the caller's; the block has the 64 bytes that are read, at any alignment.
    unsafe { (_mm256_loadu_si256(halves), _mm256_loadu_si256(halves.add(1))) }
}

/// Gathers the high bit of every byte.
///
/// # Safety
///
/// The processor must have AVX2.
#[inline(always)]
unsafe fn mask(low: __m256i, high: __m256i) -> u64 {
    // SAFETY: the caller's.
    let (low, high) = unsafe { (_mm256_movemask_epi8(low), _mm256_movemask_epi8(high)) };
    u64::from(low.cast_unsigned()) | u64::from(high.cast_unsigned()) << 32
}

/// Which bytes are zero in a `hollow` sense: see [`Wanted::hollow`]. Bytes that are not ASCII look up 0 in the first
/// table, and so are never hollow.
///
/// # Safety
///
/// The processor must have AVX2.
#[inline(always)]
unsafe fn not_hollow(table: __m256i, bytes: __m256i) -> __m256i {
    // SAFETY: the caller's.
    unsafe {
        let bit = _mm256_setr_epi8(
            1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, -128, 0, 0, 0, 0,
            0, 0, 0, 0,
        );
        let high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
        let found = _mm256_and_si256(_mm256_shuffle_epi8(table, bytes), _mm256_shuffle_epi8(bit, high));
        _mm256_cmpeq_epi8(found, _mm256_setzero_si256())
    }
}

impl Isa for Avx2 {
    type Needles = Needles;

    #[inline(always)]
    unsafe fn needles(wanted: &Wanted) -> Needles {
        // SAFETY: the caller's; the table has the 16 bytes that are read, at any alignment.
        unsafe {
            Needles {
                delimiter: _mm256_set1_epi8(wanted.delimiter.cast_signed()),
                hollow: _mm256_broadcastsi128_si256(_mm_loadu_si128(
                    wanted.hollow.as_ptr().cast::<__m128i>(),
                )),
            }
        }
    }

    #[inline(always)]
    unsafe fn look(needles: &Needles, block: &[u8; BLOCK]) -> Sight {
        // SAFETY: the caller's.
        unsafe {
            let (low, high) = halves(block);
            let equal = |needle| mask(_mm256_cmpeq_epi8(low, needle), _mm256_cmpeq_epi8(high, needle));
            let cr = _mm256_set1_epi8(b'\r'.cast_signed());
            let crs = _mm256_or_si256(_mm256_cmpeq_epi8(low, cr), _mm256_cmpeq_epi8(high, cr));
            // The lesser of two bytes is NUL if one of them is.
            let nuls = _mm256_cmpeq_epi8(_mm256_min_epu8(low, high), _mm256_setzero_si256());
            Sight {
                quotes: equal(_mm256_set1_epi8(b'"'.cast_signed())),
                delimiters: equal(needles.delimiter),
                lfs: equal(_mm256_set1_epi8(b'\n'.cast_signed())),
                hollow: !mask(not_hollow(needles.hollow, low), not_hollow(needles.hollow, high)),
                non_ascii: _mm256_movemask_epi8(_mm256_or_si256(low, high)) != 0,
                rare: _mm256_movemask_epi8(_mm256_or_si256(crs, nuls)).cast_unsigned().into(),
            }
        }
    }

    #[inline(always)]
    unsafe fn rare(block: &[u8; BLOCK]) -> Rare {
        // SAFETY: the caller's.
        unsafe {
            let (low, high) = halves(block);
            let equal = |needle: u8| {
                let needle = _mm256_set1_epi8(needle.cast_signed());
                mask(_mm256_cmpeq_epi8(low, needle), _mm256_cmpeq_epi8(high, needle))
            };
            Rare { crs: equal(b'\r'), nuls: equal(0) }
        }
    }

    #[inline(always)]
    unsafe fn utf8(block: &[u8; BLOCK]) -> Utf8 {
        // SAFETY: the caller's.
        unsafe {
            let (low, high) = halves(block);
            // As signed numbers the bytes from 0x80 to 0xFF are -128 to -1.
            let from = |first: u8| {
                let below = _mm256_set1_epi8(first.cast_signed() - 1);
                mask(_mm256_cmpgt_epi8(low, below), _mm256_cmpgt_epi8(high, below))
            };
            let equal = |bits: u8, value: u8| {
                let bits = _mm256_set1_epi8(bits.cast_signed());
                let value = _mm256_set1_epi8(value.cast_signed());
                let equal = |bytes| _mm256_cmpeq_epi8(_mm256_and_si256(bytes, bits), value);
                mask(equal(low), equal(high))
            };
            let non_ascii = mask(low, high);
            let leads = non_ascii & from(0xC0);
            Utf8 {
                leads,
                threes: leads & from(0xE0),
                continuations: non_ascii & !leads,
                special: leads & from(0xF0) | equal(0xFE, 0xC0) | equal(0xFF, 0xE0) | equal(0xFF, 0xED),
            }
        }
    }

    #[inline(always)]
    unsafe fn prefix_xor(bits: u64) -> u64 {
        // SAFETY: the caller's.
        unsafe {
            let product = _mm_clmulepi64_si128(_mm_set_epi64x(0, bits.cast_signed()), _mm_set1_epi8(-1), 0);
            _mm_cvtsi128_si64(product).cast_unsigned()
        }
    }

    #[inline(always)]
    unsafe fn compress(bits: u64, mask: u64) -> u64 {
        // SAFETY: the caller's.
        unsafe { _pext_u64(bits, mask) }
    }
}

impl Isa for Avx2NoPext {
    type Needles = Needles;

    #[inline(always)]
    unsafe fn needles(wanted: &Wanted) -> Needles {
        // SAFETY: the caller's.
        unsafe { Avx2::needles(wanted) }
    }

    #[inline(always)]
    unsafe fn look(needles: &Needles, block: &[u8; BLOCK]) -> Sight {
        // SAFETY: the caller's.
        unsafe { Avx2::look(needles, block) }
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
        // SAFETY: the caller's.
        unsafe { Avx2::prefix_xor(bits) }
    }

    #[inline(always)]
    unsafe fn compress(bits: u64, mask: u64) -> u64 {
        compress_by_steps(bits, mask)
    }
}

#[cfg(test)]
mod tests {
    use super::super::backend::Backend;
    use super::super::isa::tests::assert_sound;
    use super::*;

    #[test]
    fn is_sound() {
        let has = |name| Backend::available().any(|backend| backend.name() == name);
        if has("avx2") {
            assert_sound::<Avx2>();
        }
        if has("avx2-nopext") {
            assert_sound::<Avx2NoPext>();
        }
    }
}
