//! The algorithm: from bytes to whole plain records.

use std::ops::Range;

use super::block::{CRLF, Carry, LF, Marks, NO_CR};
use super::isa::{BLOCK, Isa, Utf8, Wanted};
use super::pack::{Cells, Stop};
use super::round::Round;

/// What plain records of a file look like.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) wanted: Wanted,
    /// Cells of a record.
    pub(crate) round: Round,
    /// Whether records end in CRLF; otherwise in LF.
    pub(crate) crlf: bool,
}

/// What was found out about a strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is plain, and [`Strip`] says what is in it.
    Plain,
    /// There may be something to find in it.
    Odd,
    /// No record ends where it should, as far as the bytes go.
    Open,
}

/// Whole plain records, as masks.
#[derive(Debug, Default)]
pub(crate) struct Strip {
    /// By block.
    marks: Vec<Marks>,
    /// The blocks that have bytes that are not ASCII, and one that is not kept.
    non_ascii: Vec<u32>,
    cells: Cells,
    /// How long it is.
    pub(crate) bytes: usize,
    /// How many lines end in it, inside quotes too.
    pub(crate) lines: u64,
}

/// A strip does not go beyond this to reach a record's end: its masks take up half as much.
pub(crate) const LONGEST: usize = 1 << 20;

impl Strip {
    /// Makes room for so many blocks.
    fn reserve(&mut self, blocks: usize) {
        if self.marks.len() < blocks {
            let blocks = blocks.next_power_of_two();
            self.marks.resize(blocks, Marks::default());
            self.non_ascii.resize(blocks + 1, 0);
            self.cells.resize(blocks);
        }
    }

    /// Bit *i* of word *w*: whether cell 64 *w* + *i* is filled.
    pub(crate) fn filled(&self) -> impl ExactSizeIterator<Item = u64> {
        self.cells.filled().iter().copied()
    }

    /// How many cells it has.
    pub(crate) fn cells(&self) -> usize {
        self.cells.count
    }

    /// Calls `visit` with each filled cell that has nothing but hollow bytes: where it starts and ends, and its number.
    pub(crate) fn visit_hollow_cells(&self, mut visit: impl FnMut(Range<usize>, usize)) {
        for &Stop { block, cells, .. } in self.cells.stops() {
            let Marks { separators, mut hollow, .. } = self.marks[block as usize];
            while hollow != 0 {
                let bit = hollow.trailing_zeros();
                hollow &= hollow - 1;
                let before = separators & ((1 << bit) - 1);
                let end = block as usize * BLOCK + bit as usize;
                visit(self.start_of_cell(end)..end, (cells + before.count_ones()) as usize);
            }
        }
    }

    /// Calls `visit` with each cell of a visited column: where it starts and ends. They come record by record.
    #[inline]
    pub(crate) fn visit_cells(&self, mut visit: impl FnMut(Range<usize>)) {
        for &Stop { block, mut visited, .. } in self.cells.stops() {
            while visited != 0 {
                let end = block as usize * BLOCK + visited.trailing_zeros() as usize;
                visited &= visited - 1;
                visit(self.start_of_cell(end)..end);
            }
        }
    }

    /// The record that takes up the most lines, of `columns` cells each: how many lines, where it starts, and how many
    /// lines end before it. `None` if each is on one line.
    pub(crate) fn longest_record(&self, columns: usize) -> Option<(u64, usize, u64)> {
        // More lines than records: so most strips are done with.
        if self.lines == (self.cells.count / columns) as u64 {
            return None;
        }
        // How many LFs inside quotes a record has, and where the last of them is; the number of the record at hand.
        let (mut longest, mut lfs, mut at_hand) = ((0, 0), 0, usize::MAX);
        for &Stop { block, cells, .. } in self.cells.stops() {
            let marks = &self.marks[block as usize];
            let mut inside = marks.lfs_inside();
            while inside != 0 {
                let bit = inside.trailing_zeros();
                inside &= inside - 1;
                let before = marks.separators & ((1 << bit) - 1);
                let record = (cells + before.count_ones()) as usize / columns;
                lfs = if record == at_hand { lfs + 1 } else { 1 };
                at_hand = record;
                if lfs > longest.0 {
                    longest = (lfs, block as usize * BLOCK + bit as usize);
                }
            }
        }
        let (lfs, byte) = longest;
        let start = self.behind_last(byte, Marks::ends);
        Some((lfs + 1, start, self.lines_before(start)))
    }

    /// How many lines end before a byte.
    fn lines_before(&self, byte: usize) -> u64 {
        let (whole, rest) = self.marks[..=byte / BLOCK].split_at(byte / BLOCK);
        let in_block = rest[0].lfs & ((1 << (byte % BLOCK)) - 1);
        let count = |lfs: u64| u64::from(lfs.count_ones());
        whole.iter().map(|marks| count(marks.lfs)).sum::<u64>() + count(in_block)
    }

    /// Where the cell that ends at byte `end` starts.
    #[inline]
    fn start_of_cell(&self, end: usize) -> usize {
        self.behind_last(end, |marks| marks.separators)
    }

    /// What is behind the last byte before `byte` that has a mark; the strip's start if there is none.
    #[inline]
    fn behind_last(&self, byte: usize, mask: impl Fn(&Marks) -> u64) -> usize {
        let mut block = byte / BLOCK;
        let mut before = mask(&self.marks[block]) & ((1 << (byte % BLOCK)) - 1);
        while before == 0 {
            let Some(earlier) = block.checked_sub(1) else { return 0 };
            block = earlier;
            before = mask(&self.marks[block]);
        }
        block * BLOCK + 64 - before.leading_zeros() as usize
    }

    /// Whether all of it is UTF-8. Only the listed blocks are looked at, which have bytes that are not ASCII; in the others
    /// no character goes on.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set `I`.
    #[inline(always)]
    unsafe fn is_utf8<I: Isa>(&self, bytes: &[u8], listed: usize) -> bool {
        // The bytes that are not what is before them asks for; what is asked for of the block `next`.
        let (mut ill_formed, mut is_special) = (0, false);
        let (mut expected, mut next) = (0, 0);
        for &block in &self.non_ascii[..listed] {
            // SAFETY: the caller's.
            let utf8 = unsafe { I::utf8(&padded(&bytes[block as usize * BLOCK..self.bytes])) };
            let Utf8 { leads, threes, continuations, special } = utf8;
            let (here, unmet) = if block == next { (expected, 0) } else { (0, expected) };
            ill_formed |= unmet | continuations ^ (leads << 1 | threes << 2 | here);
            expected = leads >> 63 | threes >> 62;
            is_special |= special;
            next = block + 1;
        }
        if is_special {
            std::str::from_utf8(&bytes[..self.bytes]).is_ok()
        } else {
            ill_formed | expected == 0
        }
    }

    /// Whether some cell is not filled.
    fn has_unfilled(&self) -> bool {
        self.filled().map(|word| word.count_ones() as usize).sum::<usize>() < self.cells.count
    }
}

/// Scans the strip that begins with `bytes`, at a record's start, and ends with the first record that ends at or behind
/// byte `target`, which is neither 0 nor beyond the bytes.
///
/// # Safety
///
/// The processor must have the instruction set `I`.
#[inline(always)]
pub(super) unsafe fn scan<I: Isa>(
    expected: &Expected,
    bytes: &[u8],
    target: usize,
    strip: &mut Strip,
) -> Verdict {
    // SAFETY: the caller's.
    unsafe {
        if expected.crlf {
            return scan_lines::<I, CRLF>(expected, bytes, target, strip).unwrap_or(Verdict::Odd);
        }
        // Twice where there are CRs in cells: to look for them every time would cost all others more.
        scan_lines::<I, NO_CR>(expected, bytes, target, strip)
            .or_else(|| scan_lines::<I, LF>(expected, bytes, target, strip))
            .unwrap_or(Verdict::Odd)
    }
}

/// `None` if something is odd, be it that there is a CR or NUL where none was looked for.
///
/// # Safety
///
/// The processor must have the instruction set `I`.
#[inline(always)]
unsafe fn scan_lines<I: Isa, const LINES: u8>(
    expected: &Expected,
    bytes: &[u8],
    target: usize,
    strip: &mut Strip,
) -> Option<Verdict> {
    // SAFETY: the caller's.
    let needles = unsafe { I::needles(&expected.wanted) };
    let mut carry = Carry::default();
    let (mut odd, mut lines, mut listed) = (0, 0, 0);
    // No record that ends in the first so many blocks reaches the target.
    let before = (target - 1) / BLOCK;
    strip.reserve(before + 1);
    let blocks = bytes[..before * BLOCK].as_chunks().0;
    for (number, (marks, block)) in (0..).zip(strip.marks.iter_mut().zip(blocks)) {
        // SAFETY: the caller's.
        let found = unsafe {
            I::fetch_ahead(block);
            carry.block::<I, LINES>(&needles, block)
        };
        *marks = found.marks;
        odd |= found.odd | found.rare;
        lines += found.marks.lfs.count_ones();
        debug_assert!(listed < strip.non_ascii.len(), "there must be room");
        // Stored every time, since a branch would be mispredicted; what is not kept is replaced by the next one.
        // SAFETY: no more are listed than blocks came before, and there is room for all blocks and one more.
        *unsafe { strip.non_ascii.get_unchecked_mut(listed) } = number;
        listed += usize::from(found.non_ascii);
    }
    let mut number = before;
    strip.bytes = loop {
        let start = number * BLOCK;
        if start >= bytes.len().min(LONGEST) {
            return Some(Verdict::Open);
        }
        strip.reserve(number + 1);
        // SAFETY: the caller's.
        let mut found = unsafe { carry.block::<I, LINES>(&needles, &padded(&bytes[start..])) };
        let reaching = found.marks.ends() & u64::MAX << target.saturating_sub(start + 1);
        let last = reaching.trailing_zeros();
        if reaching != 0 {
            found = found.up_to(last);
        }
        strip.marks[number] = found.marks;
        odd |= found.odd | found.rare;
        lines += found.marks.lfs.count_ones();
        // A strip has no more blocks than this holds.
        #[allow(clippy::cast_possible_truncation)]
        {
            strip.non_ascii[listed] = number as u32;
        }
        listed += usize::from(found.non_ascii);
        number += 1;
        if reaching != 0 {
            break start + last as usize + 1;
        }
    };
    if odd != 0 {
        return None;
    }
    // SAFETY: the caller's.
    let is_plain = unsafe {
        strip.is_utf8::<I>(bytes, listed) && strip.cells.pack::<I>(&strip.marks[..number], &expected.round)
    };
    // In one column an empty line and a cell written `""` leave the same marks.
    if !is_plain || expected.round.columns() == 1 && strip.has_unfilled() {
        return Some(Verdict::Odd);
    }
    // Such a CR ends a line, too, which no mask shows.
    if carry.cr_inside != 0 && has_lone_cr(&bytes[..strip.bytes]) {
        return Some(Verdict::Odd);
    }
    strip.lines = u64::from(lines);
    Some(Verdict::Plain)
}

/// Whether there is a CR that no LF follows. The bytes end with an LF.
fn has_lone_cr(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair[0] == b'\r' && pair[1] != b'\n')
}

/// The next block; where the bytes end within it, with content behind them, which ends nothing.
#[inline(always)]
fn padded(bytes: &[u8]) -> [u8; BLOCK] {
    bytes.first_chunk().copied().unwrap_or_else(|| {
        let mut block = [b'x'; BLOCK];
        block[..bytes.len()].copy_from_slice(bytes);
        block
    })
}
