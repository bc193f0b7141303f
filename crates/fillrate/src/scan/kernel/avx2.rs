//! AVX2 with carry-less multiplication: two halves of 32 bytes to a block.

use std::arch::x86_64::{
    __m128i, __m256i, _MM_HINT_T0, _mm_clmulepi64_si128, _mm_cvtsi128_si64, _mm_loadu_si128, _mm_prefetch,
    _mm_set_epi64x, _mm_set1_epi8, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
    _mm256_cmpgt_epi8, _mm256_loadu_si256, _mm256_max_epu8, _mm256_movemask_epi8, _mm256_or_si256,
    _mm256_set1_epi8, _mm256_shuffle_epi8, _mm256_srli_epi16, _pdep_u64, _pext_u64,
};

use super::isa::{
    AHEAD, BLOCK, CLASSES, Isa, Nature, Rare, Sight, Utf8, Wanted, compress_by_steps, expand_by_steps,
};

/// With BMI2's `pext` and `pdep`.
pub(super) struct Avx2;

/// Without them: AMD before Zen 3 has them in microcode, at tens of cycles a call.
pub(super) struct Avx2NoPext;

#[derive(Clone, Copy)]
pub(super) struct Needles {
    delimiter: __m256i,
    low_nibbles: __m256i,
    high_nibbles: __m256i,
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

/// Not 0 if the high bit of any byte is set.
///
/// # Safety
///
/// The processor must have AVX2.
#[inline(always)]
unsafe fn any(bytes: __m256i) -> u32 {
    // SAFETY: the caller's.
    unsafe { _mm256_movemask_epi8(bytes) }.cast_unsigned()
}

/// Which bytes are the given one.
///
/// # Safety
///
/// The processor must have AVX2.
#[inline(always)]
unsafe fn equal(bytes: __m256i, byte: u8) -> __m256i {
    // SAFETY: the caller's.
    unsafe { _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte.cast_signed())) }
}

/// Which bytes are `first` or beyond. It is not ASCII, nor may they be: as signed numbers the others are -128 to -1, and
/// ASCII is beyond these.
///
/// # Safety
///
/// The processor must have AVX2.
#[inline(always)]
unsafe fn from(bytes: __m256i, first: u8) -> __m256i {
    // SAFETY: the caller's.
    unsafe { _mm256_cmpgt_epi8(bytes, _mm256_set1_epi8(first.cast_signed() - 1)) }
}

/// The bytes that make [`Utf8::special`].
///
/// # Safety
///
/// The processor must have AVX2.
#[inline(always)]
unsafe fn special(bytes: __m256i) -> __m256i {
    // SAFETY: the caller's.
    unsafe {
        let all = |byte: u8| _mm256_set1_epi8(byte.cast_signed());
        // 0xC0 and 0xC1.
        let c = equal(_mm256_and_si256(bytes, all(0xFE)), 0xC0);
        let e = _mm256_or_si256(equal(bytes, 0xE0), equal(bytes, 0xED));
        let f = _mm256_cmpeq_epi8(_mm256_max_epu8(bytes, all(0xF0)), bytes);
        _mm256_or_si256(_mm256_or_si256(c, e), f)
    }
}

/// What the tables of [`Wanted::classes`] say of every byte. One that is not ASCII looks up 0 in the first table.
///
/// # Safety
///
/// The processor must have AVX2.
#[inline(always)]
unsafe fn classes(needles: &Needles, bytes: __m256i) -> __m256i {
    // SAFETY: the caller's.
    unsafe {
        let high = _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(15));
        _mm256_and_si256(
            _mm256_shuffle_epi8(needles.low_nibbles, bytes),
            _mm256_shuffle_epi8(needles.high_nibbles, high),
        )
    }
}

/// A table of 16 bytes in each half of a register.
///
/// # Safety
///
/// The processor must have AVX2.
#[inline(always)]
unsafe fn table(table: &[u8; 16]) -> __m256i {
    // SAFETY: the caller's; the table has the 16 bytes that are read, at any alignment.
    unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(table.as_ptr().cast::<__m128i>())) }
}

impl Isa for Avx2 {
    type Needles = Needles;

    #[inline(always)]
    unsafe fn needles(wanted: &Wanted) -> Needles {
        // SAFETY: the caller's.
        unsafe {
            Needles {
                delimiter: _mm256_set1_epi8(wanted.delimiter.cast_signed()),
                low_nibbles: table(&wanted.classes),
                high_nibbles: table(&CLASSES),
            }
        }
    }

    #[inline(always)]
    unsafe fn fetch_ahead(block: &[u8; BLOCK]) {
        let ahead = block.as_ptr().wrapping_add(AHEAD);
        // Into all caches: by `_MM_HINT_NTA`, into the first one alone, it is as slow as without.
        // SAFETY: the caller's; any address may be given, and where nothing can be read, nothing is fetched.
        unsafe { _mm_prefetch::<_MM_HINT_T0>(ahead.cast()) }
    }

    #[inline(always)]
    unsafe fn look(needles: &Needles, block: &[u8; BLOCK]) -> (Sight, Nature) {
        // SAFETY: the caller's.
        unsafe {
            let (low, high) = halves(block);
            let (low_lfs, high_lfs) = (equal(low, b'\n'), equal(high, b'\n'));
            let low_ends = _mm256_or_si256(_mm256_cmpeq_epi8(low, needles.delimiter), low_lfs);
            let high_ends = _mm256_or_si256(_mm256_cmpeq_epi8(high, needles.delimiter), high_lfs);
            let (low_classes, high_classes) = (classes(needles, low), classes(needles, high));
            let sight = Sight {
                quotes: mask(equal(low, b'"'), equal(high, b'"')),
                ends: mask(low_ends, high_ends),
                lfs: mask(low_lfs, high_lfs),
                solid: mask(equal(low_classes, 0), equal(high_classes, 0)),
            };
            let nature = Nature {
                non_ascii: any(_mm256_or_si256(low, high)) != 0,
                // `RARE` is the bit that is gathered.
                rare: any(_mm256_or_si256(low_classes, high_classes)).into(),
            };
            (sight, nature)
        }
    }

    #[inline(always)]
    unsafe fn rare(block: &[u8; BLOCK]) -> Rare {
        // SAFETY: the caller's.
        unsafe {
            let (low, high) = halves(block);
            Rare {
                crs: mask(equal(low, b'\r'), equal(high, b'\r')),
                nuls: mask(equal(low, 0), equal(high, 0)),
            }
        }
    }

    #[inline(always)]
    unsafe fn utf8(block: &[u8; BLOCK]) -> Utf8 {
        // SAFETY: the caller's.
        unsafe {
            let (low, high) = halves(block);
            let non_ascii = mask(low, high);
            let leads = non_ascii & mask(from(low, 0xC0), from(high, 0xC0));
            Utf8 {
                leads,
                threes: leads & mask(from(low, 0xE0), from(high, 0xE0)),
                continuations: non_ascii & !leads,
                special: any(_mm256_or_si256(special(low), special(high))) != 0,
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

    #[inline(always)]
    unsafe fn expand(bits: u64, mask: u64) -> u64 {
        // SAFETY: the caller's.
        unsafe { _pdep_u64(bits, mask) }
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
    unsafe fn fetch_ahead(block: &[u8; BLOCK]) {
        // SAFETY: the caller's.
        unsafe { Avx2::fetch_ahead(block) }
    }

    #[inline(always)]
    unsafe fn look(needles: &Needles, block: &[u8; BLOCK]) -> (Sight, Nature) {
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

    #[inline(always)]
    unsafe fn expand(bits: u64, mask: u64) -> u64 {
        expand_by_steps(bits, mask)
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
