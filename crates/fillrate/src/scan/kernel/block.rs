//! One block: from what is in it to its marks, in the light of what came before.
//!
//! Prior art: masks and the prefix XOR are simdjson's and simdcsv's, the add is Parabix's `ScanThru`.

use super::isa::{BLOCK, Isa, Nature, Rare};

/// How records end, and whether there may be a CR or NUL anywhere.
pub(super) const NO_CR: u8 = 0;
pub(super) const LF: u8 = 1;
pub(super) const CRLF: u8 = 2;

/// What is in a block: bit *i* of a mask is about byte *i*.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Marks {
    /// Where a cell ends: at a delimiter outside quotes, or at the LF of a record's end.
    pub(super) separators: u64,
    /// All LFs: those that are separators end a record, the others are inside quotes.
    pub(super) lfs: u64,
    /// The separators that end a filled cell.
    pub(super) filled: u64,
    /// Those whose cell has nothing but hollow bytes: it is blank, or a placeholder, or a word such as `Leo` that is made
    /// of the same letters.
    pub(super) hollow: u64,
}

impl Marks {
    /// The separators that end a record.
    #[inline(always)]
    pub(super) fn ends(&self) -> u64 {
        self.lfs & self.separators
    }

    /// The LFs inside quotes.
    #[inline(always)]
    pub(super) fn lfs_inside(&self) -> u64 {
        self.lfs & !self.separators
    }
}

/// What one block leaves to the next: each but the first two is 0 or 1.
#[derive(Default)]
pub(super) struct Carry {
    /// All ones inside quotes, else 0.
    inside: u64,
    /// So far: the CRs inside quotes.
    pub(super) cr_inside: u64,
    /// The block ended with content outside quotes, a quote, a CR outside quotes.
    plain: u64,
    quote: u64,
    cr: u64,
    /// The cell has had content, has had content that is not hollow.
    content: u64,
    solid: u64,
}

/// What was found in a block.
pub(super) struct Found {
    pub(super) marks: Marks,
    /// What is not plain.
    pub(super) odd: u64,
    /// Of the whole block: not 0 if there is a CR or NUL that was not looked at, whether a byte is not ASCII.
    pub(super) rare: u64,
    pub(super) non_ascii: bool,
}

impl Found {
    /// Only what is found up to a byte of the block, as far as it says where.
    pub(super) fn up_to(self, byte: u32) -> Self {
        let kept = u64::MAX >> (63 - byte);
        let Marks { separators, lfs, filled, hollow } = self.marks;
        let marks = Marks {
            separators: separators & kept,
            lfs: lfs & kept,
            filled: filled & kept,
            hollow: hollow & kept,
        };
        Self { marks, odd: self.odd & kept, ..self }
    }
}

impl Carry {
    /// # Safety
    ///
    /// The processor must have the instruction set `I`.
    #[inline(always)]
    pub(super) unsafe fn block<I: Isa, const LINES: u8>(
        &mut self,
        needles: &I::Needles,
        block: &[u8; BLOCK],
    ) -> Found {
        // SAFETY: the caller's.
        let (sight, Nature { non_ascii, rare }) = unsafe { I::look(needles, block) };
        let quotes = sight.quotes;
        // SAFETY: the caller's.
        let inside = unsafe { I::prefix_xor(quotes) } ^ self.inside;
        self.inside = (inside.cast_signed() >> 63).cast_unsigned();
        let separators = sight.ends & !inside;

        // What is no content, and what is not plain.
        let mut structure = separators | quotes;
        let mut odd = 0;
        if LINES != NO_CR {
            // SAFETY: the caller's.
            let Rare { crs, nuls } = unsafe { I::rare(block) };
            self.cr_inside |= crs & inside;
            let crs = crs & !inside;
            // Record ends are all of the file's own kind.
            odd = nuls | if LINES == CRLF { shifted(crs, &mut self.cr) ^ sight.lfs & !inside } else { crs };
            structure |= crs;
        }

        // No quote stands beside content outside quotes. What is before a closing quote and behind an opening one is
        // inside, so this speaks only of the others' sides.
        let plain = !(structure | inside);
        let after_quote = shifted(quotes, &mut self.quote);
        odd |= quotes & shifted(plain, &mut self.plain) | plain & after_quote;
        // A quote that opens right behind one that closes is the second of two, which are content.
        let content = !structure | quotes & inside & after_quote;

        let filled = fills(content, separators, &mut self.content);
        let solid = fills(content & sight.solid, separators, &mut self.solid);
        let marks = Marks { separators, lfs: sight.lfs, filled, hollow: filled & !solid };
        Found { marks, odd, rare: if LINES == NO_CR { rare } else { 0 }, non_ascii }
    }
}

/// The mask moved on by one byte, with the last bit of the block before.
#[inline(always)]
fn shifted(mask: u64, carry: &mut u64) -> u64 {
    let shifted = mask << 1 | *carry;
    *carry = mask >> 63;
    shifted
}

/// The separators whose cells have content.
///
/// Between two separators `!separators` is a run of ones. Adding content to it overflows into the separator's bit if and
/// only if there is any: once at the most, since a run of *n* ones and *n* bits of content are below 2^(n+1). The carry is
/// whether the cell that the block begins in has content already: then its first byte counts as content, be it the
/// separator.
#[inline(always)]
fn fills(content: u64, separators: u64, carry: &mut u64) -> u64 {
    let (sum, overflow) = (content | *carry).overflowing_add(!separators);
    *carry = overflow.into();
    sum & separators
}
