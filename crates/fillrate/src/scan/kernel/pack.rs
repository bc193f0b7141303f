//! From the marks of blocks to the cells of records.

use super::block::Marks;
use super::isa::Isa;
use super::round::Round;

/// The cells of whole records.
#[derive(Debug, Default)]
pub(super) struct Cells {
    /// How many there are.
    pub(super) count: usize,
    /// Bit *i* of word *w*: whether cell 64 *w* + *i* is filled. There is always a word that is not complete.
    filled: Vec<u64>,
    /// The blocks with cells to come back to, and one that is not kept.
    stops: Vec<Stop>,
    /// How many of these are kept.
    kept: usize,
}

/// A block in which hollow cells end, or cells of visited columns, or lines inside quotes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stop {
    pub(super) block: u32,
    /// How many cells end before the block.
    pub(super) cells: u32,
    /// Where cells of visited columns end.
    pub(super) visited: u64,
}

impl Cells {
    /// Makes room for so many blocks.
    pub(super) fn resize(&mut self, blocks: usize) {
        self.filled.resize(blocks + 1, 0);
        self.stops.resize(blocks + 1, Stop::default());
    }

    pub(super) fn filled(&self) -> &[u64] {
        &self.filled[..self.count.div_ceil(64)]
    }

    pub(super) fn stops(&self) -> &[Stop] {
        &self.stops[..self.kept]
    }

    /// Packs the marks of blocks, for which there must be room. Returns whether every record has as many cells as there are
    /// columns.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set `I`.
    #[inline(always)]
    pub(super) unsafe fn pack<I: Isa>(&mut self, marks: &[Marks], round: &Round) -> bool {
        assert!(marks.len() < self.filled.len() && marks.len() < self.stops.len(), "there must be room");
        let (mut count, mut kept, mut first, mut open, mut misplaced) = (0, 0, 0, 0, 0);
        for (block, marks) in (0..).zip(marks) {
            let Marks { separators, filled, hollow, .. } = *marks;
            let phase = round.phase(first);
            // SAFETY: the caller's.
            let (expected, visited, packed) = unsafe {
                (
                    I::expand(phase.ends, separators),
                    I::expand(phase.visited, separators),
                    I::compress(filled, separators),
                )
            };
            misplaced |= marks.ends() ^ expected;
            // A strip has no more cells than bytes.
            #[allow(clippy::cast_possible_truncation)]
            let stop = Stop { block, cells: count as u32, visited };
            let (word, at) = (count / 64, count % 64);
            open |= packed << at;
            // Both are stored every time, complete or not, kept or not, since a branch would be mispredicted; what is not
            // is replaced by what comes next.
            // SAFETY: no more are kept than blocks came before, nor words completed: a block has up to 64 cells. Of both
            // there is one more than there are blocks.
            unsafe {
                *self.filled.get_unchecked_mut(word) = open;
                *self.stops.get_unchecked_mut(kept) = stop;
            }
            kept += usize::from(visited | hollow | marks.lfs_inside() != 0);
            let in_block = separators.count_ones() as usize;
            count += in_block;
            first = round.ahead(first, in_block);
            if count / 64 != word {
                // What did not fit: a shift by 64 - `at` in two steps, for `at` may be 0.
                open = packed >> 1 >> (63 - at);
            }
        }
        self.filled[count / 64] = open;
        (self.count, self.kept) = (count, kept);
        misplaced == 0
    }
}
