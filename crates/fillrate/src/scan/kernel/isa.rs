//! What an instruction set has to offer: the only operations of the scanner that are not plain integer arithmetic.

/// Bytes in a block: as many as a mask has bits.
pub(crate) const BLOCK: usize = 64;

/// How far in front of the block at hand memory is fetched. Left to itself, an Intel Xeon waits for memory much of the time: a
/// mapped file of 600 MB took 1.55 times as long with AVX-512, and 2.6 times with AVX2. Of 1, 2, 4 and 8 KiB, 4 took least.
pub(super) const AHEAD: usize = 4096;

/// What to look for in every block.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    /// The byte between cells.
    pub(crate) delimiter: u8,
    /// The bytes that unfilled cells may be written with (white space, the letters of placeholders), as the first of two
    /// tables: the byte with the nibbles `high` and `low` is one if `classes[low] & CLASSES[high]` is not 0. CR and
    /// NUL are such bytes, too, and are those for which it has the bit [`RARE`].
    pub(crate) classes: [u8; 16],
}

/// By high nibble, the bits of [`Wanted::classes`] that belong to it. Eight nibbles are ASCII, and one bit is for what is
/// rare: so there is none left for the control bytes from 0x10 to 0x1F.
pub(super) const CLASSES: [u8; 16] =
    [1 | RARE, 0, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 0, 0, 0, 0, 0, 0, 0, 0];

/// The highest bit, which is the one that vectors of bytes are asked for.
pub(super) const RARE: u8 = 1 << 7;

impl Wanted {
    pub(crate) fn new(delimiter: u8, hollow: impl Iterator<Item = u8>) -> Self {
        let mut wanted = Self { delimiter, classes: [0; 16] };
        wanted.classes[usize::from(b'\r' & 15)] |= 1 | RARE;
        wanted.classes[0] |= 1 | RARE;
        for byte in hollow.filter(|&byte| Self::can_be_hollow(byte)) {
            wanted.classes[usize::from(byte & 15)] |= CLASSES[usize::from(byte >> 4)] & !RARE;
        }
        wanted
    }

    /// Whether the tables can tell that a byte is hollow.
    pub(crate) fn can_be_hollow(byte: u8) -> bool {
        CLASSES[usize::from(byte >> 4)] != 0
    }

    /// What the tables say of a byte.
    pub(super) fn classes_of(&self, byte: u8) -> u8 {
        self.classes[usize::from(byte & 15)] & CLASSES[usize::from(byte >> 4)]
    }
}

/// What is in a block: bit *i* of a mask is about byte *i*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sight {
    pub(crate) quotes: u64,
    /// Delimiters and LFs: what ends a cell outside quotes.
    pub(crate) ends: u64,
    pub(crate) lfs: u64,
    /// The bytes that are not hollow.
    pub(crate) solid: u64,
}

/// What is to be known of a whole block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Nature {
    /// Whether there is any byte that is not ASCII.
    pub(crate) non_ascii: bool,
    /// Not 0 if there is any CR or NUL: one test for what most blocks have neither of.
    pub(crate) rare: u64,
}

/// The rare bytes of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rare {
    pub(crate) crs: u64,
    pub(crate) nuls: u64,
}

/// The bytes of a block that are not ASCII.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Utf8 {
    /// 0xC0 to 0xFF: the first byte of a character.
    pub(crate) leads: u64,
    /// Those from 0xE0: the character has three bytes, unless it is special.
    pub(crate) threes: u64,
    /// 0x80 to 0xBF.
    pub(crate) continuations: u64,
    /// Whether there are leads for which that is not all: 0xC0 and 0xC1, which are never valid, 0xE0 and 0xED, which not
    /// all bytes may follow, and those from 0xF0, for characters of four bytes or none.
    pub(crate) special: bool,
}

/// An instruction set. Its functions are inlined into one that is compiled for it: see [`super::backend`].
///
/// # Safety
///
/// Every function may use instructions of the set. The caller must run on a processor that has them.
pub(crate) trait Isa {
    /// [`Wanted`], in registers.
    type Needles: Copy;

    /// # Safety
    ///
    /// The processor must have the instruction set.
    unsafe fn needles(wanted: &Wanted) -> Self::Needles;

    /// Has the processor fetch what is scanned [`AHEAD`] bytes after a block. Where there is no such instruction, it does what
    /// it does by itself.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set.
    #[inline(always)]
    unsafe fn fetch_ahead(_block: &[u8; BLOCK]) {}

    /// Looks at one block.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set.
    unsafe fn look(needles: &Self::Needles, block: &[u8; BLOCK]) -> (Sight, Nature);

    /// Finds the rare bytes of a block.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set.
    unsafe fn rare(block: &[u8; BLOCK]) -> Rare;

    /// Tells the bytes of a block apart that are not ASCII.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set.
    unsafe fn utf8(block: &[u8; BLOCK]) -> Utf8;

    /// Bit *i* of the result is the parity of the bits 0 to *i*.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set.
    unsafe fn prefix_xor(bits: u64) -> u64;

    /// The bits of `bits` that `mask` selects, packed to the right.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set.
    unsafe fn compress(bits: u64, mask: u64) -> u64;

    /// The opposite: the lowest bits of `bits`, put where `mask` has ones. Those for which it has none are dropped.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set.
    unsafe fn expand(bits: u64, mask: u64) -> u64;
}

/// `compress` for processors that have no fast instruction for it: a step for every bit of the mask.
#[inline(always)]
pub(super) fn compress_by_steps(bits: u64, mut mask: u64) -> u64 {
    let mut packed = 0;
    let mut at = 0;
    while mask != 0 {
        packed |= (bits >> mask.trailing_zeros() & 1) << at;
        at += 1;
        mask &= mask - 1;
    }
    packed
}

/// `expand` for the same processors: a step for every bit of the mask, up to the last one that is of use.
#[inline(always)]
pub(super) fn expand_by_steps(mut bits: u64, mut mask: u64) -> u64 {
    let mut expanded = 0;
    while bits != 0 && mask != 0 {
        let lowest = mask & mask.wrapping_neg();
        expanded |= if bits & 1 == 1 { lowest } else { 0 };
        bits >>= 1;
        mask ^= lowest;
    }
    expanded
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use proptest::prelude::*;

    fn mask(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> u64 {
        block.iter().enumerate().fold(0, |mask, (at, &byte)| mask | u64::from(is(byte)) << at)
    }

    /// What a block holds, byte by byte.
    fn naive(delimiter: u8, hollow: &[u8], block: &[u8; BLOCK]) -> (Sight, Nature, Rare, Utf8) {
        let mask = |is: &dyn Fn(u8) -> bool| mask(block, is);
        let sight = Sight {
            quotes: mask(&|byte| byte == b'"'),
            ends: mask(&|byte| byte == delimiter || byte == b'\n'),
            lfs: mask(&|byte| byte == b'\n'),
            solid: mask(&|byte| !matches!(byte, b'\r' | 0) && !hollow.contains(&byte)),
        };
        let nature = Nature {
            non_ascii: !block.is_ascii(),
            rare: u64::from(block.contains(&b'\r') || block.contains(&0)),
        };
        let rare = Rare { crs: mask(&|byte| byte == b'\r'), nuls: mask(&|byte| byte == 0) };
        let utf8 = Utf8 {
            leads: mask(&|byte| byte >= 0xC0),
            threes: mask(&|byte| byte >= 0xE0),
            continuations: mask(&|byte| (0x80..0xC0).contains(&byte)),
            special: block.iter().any(|byte| matches!(byte, 0xC0 | 0xC1 | 0xE0 | 0xED | 0xF0..)),
        };
        (sight, nature, rare, utf8)
    }

    fn low_bits(count: u32) -> u64 {
        1_u64.checked_shl(count).map_or(u64::MAX, |above| above - 1)
    }

    /// Holds an instruction set to plain definitions. To be called for each one that the machine has.
    pub(crate) fn assert_sound<I: Isa>() {
        let mut runner = prop::test_runner::TestRunner::new(ProptestConfig::with_cases(2_000));
        let byte = prop_oneof![prop::sample::select(b",;\"\n\r\0 nN-~\x7f\x80\xff".to_vec()), any::<u8>()];
        let block = prop::collection::vec(byte, BLOCK);
        let input = (block, any::<u8>(), any::<[u8; 20]>(), any::<[u64; 2]>());
        runner
            .run(&input, |(block, delimiter, hollow, [bits, mask])| {
                let block: &[u8; BLOCK] = block[..].try_into().unwrap();
                let wanted = Wanted::new(delimiter, hollow.into_iter());
                let hollow: Vec<u8> =
                    hollow.into_iter().filter(|&byte| Wanted::can_be_hollow(byte)).collect();
                // SAFETY: the caller has made sure that the processor has the instruction set.
                let (seen, parity, packed, spread) = unsafe {
                    let needles = I::needles(&wanted);
                    let (sight, mut nature) = I::look(&needles, block);
                    nature.rare = nature.rare.min(1);
                    let seen = (sight, nature, I::rare(block), I::utf8(block));
                    (seen, I::prefix_xor(bits), I::compress(bits, mask), I::expand(bits, mask))
                };
                prop_assert_eq!(seen, naive(delimiter, &hollow, block));
                let parities = (0..64)
                    .fold(0, |parities, at| parities | u64::from((bits << (63 - at)).count_ones() % 2) << at);
                prop_assert_eq!(parity, parities);
                prop_assert_eq!(packed, compress_by_steps(bits, mask));
                prop_assert_eq!(spread, expand_by_steps(bits, mask));
                prop_assert_eq!(compress_by_steps(spread, mask), bits & low_bits(mask.count_ones()));
                prop_assert_eq!(spread & !mask, 0);
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn compress_packs_what_is_selected() {
        for (bits, mask, expected) in [
            (0, 0, 0),
            (u64::MAX, 0, 0),
            (u64::MAX, u64::MAX, u64::MAX),
            (0b1010, 0b1110, 0b101),
            (1 << 63, 1 << 63 | 1, 0b10),
            (0x8000_0000_0000_0001, u64::MAX, 0x8000_0000_0000_0001),
        ] {
            assert_eq!(compress_by_steps(bits, mask), expected, "{bits:x} by {mask:x}");
        }
    }
}
