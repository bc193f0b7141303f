//! The algorithm: from the masks of each block to where cells end and which of them are filled.
//!
//! Prior art: masks and the prefix XOR are simdjson's and simdcsv's, the add is Parabix's `ScanThru`.

use std::ops::Range;

use super::isa::{BLOCK, Isa, Rare, Utf8, Wanted};

/// What plain records of a file look like.
#[derive(Clone, Debug)]
pub(crate) struct Expected {
    pub(crate) wanted: Wanted,
    /// Cells of a record.
    pub(crate) columns: usize,
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
    /// By block: first whether it has bytes that are not ASCII; once packed, how many separators there are before it,
    /// and behind the last block how many there are in all.
    ranks: Vec<u32>,
    /// Bit *i* of word *w*: whether cell 64 *w* + *i* is filled, whether it is its record's last.
    packed: Vec<Packed>,
    /// How long it is.
    pub(crate) bytes: usize,
    /// How many cells it has.
    pub(crate) cells: usize,
    /// How many lines end in it, inside quotes too.
    pub(crate) lines: u64,
}

/// What is in a block: bit *i* of a mask is about byte *i*.
#[derive(Clone, Copy, Debug, Default)]
struct Marks {
    /// Where a cell ends: at a delimiter outside quotes, or at the LF of a record's end.
    separators: u64,
    /// The separators that end a record.
    ends: u64,
    /// The separators that end a filled cell.
    filled: u64,
    /// Those whose cell has nothing but hollow bytes: it is blank, or a placeholder, or a word such as `Leo` that is made
    /// of the same letters.
    hollow: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Packed {
    filled: u64,
    ends: u64,
}

/// A strip does not go beyond this to reach a record's end: masks are a quarter of its size.
pub(crate) const LONGEST: usize = 1 << 20;

impl Strip {
    /// Makes room for so many blocks.
    fn reserve(&mut self, blocks: usize) {
        if self.marks.len() < blocks {
            let blocks = blocks.next_power_of_two();
            self.marks.resize(blocks, Marks::default());
            self.ranks.resize(blocks + 1, 0);
            // One more: there is always a word that is not complete.
            self.packed.resize(blocks + 1, Packed::default());
        }
    }

    fn blocks(&self) -> usize {
        self.bytes.div_ceil(BLOCK)
    }

    /// Bit *i* of word *w*: whether cell 64 *w* + *i* is filled.
    pub(crate) fn filled(&self) -> impl ExactSizeIterator<Item = u64> {
        self.packed[..self.cells.div_ceil(64)].iter().map(|packed| packed.filled)
    }

    /// Where the filled cells end that have nothing but hollow bytes.
    pub(crate) fn hollow(&self) -> impl Iterator<Item = usize> {
        let blocks = self.marks[..self.blocks()].iter().enumerate().filter(|(_, marks)| marks.hollow != 0);
        blocks.flat_map(|(block, marks)| {
            let mut hollow = marks.hollow;
            std::iter::from_fn(move || {
                let bit = hollow.trailing_zeros() as usize;
                hollow &= hollow.checked_sub(1)?;
                Some(block * BLOCK + bit)
            })
        })
    }

    /// Where the cell that ends at byte `end` starts.
    pub(crate) fn start_of_cell(&self, end: usize) -> usize {
        let mut block = end / BLOCK;
        let mut before = self.separators_before(end);
        while before == 0 {
            let Some(earlier) = block.checked_sub(1) else { return 0 };
            block = earlier;
            before = self.marks[block].separators;
        }
        block * BLOCK + 64 - before.leading_zeros() as usize
    }

    /// The number of the cell that ends at byte `end`.
    pub(crate) fn number_of_cell(&self, end: usize) -> usize {
        self.ranks[end / BLOCK] as usize + self.separators_before(end).count_ones() as usize
    }

    /// The separators in the same block that stand before a byte.
    fn separators_before(&self, byte: usize) -> u64 {
        self.marks[byte / BLOCK].separators & ((1 << (byte % BLOCK)) - 1)
    }

    /// Calls `visit` with each cell of some columns, record by record: which of the `columns` it is of, and where it
    /// starts and ends. `columns` are ascending, and `of` is how many there are in all.
    #[inline]
    pub(crate) fn visit_cells(
        &self,
        columns: &[usize],
        of: usize,
        mut visit: impl FnMut(usize, Range<usize>),
    ) {
        let (mut record, mut at) = (0, 0);
        let mut next = columns[0];
        let ranks = self.ranks[..=self.blocks()].windows(2);
        for (block, (marks, ranks)) in self.marks.iter().zip(ranks).enumerate() {
            let mut ahead = marks.separators;
            let mut passed = ranks[0] as usize;
            while next < ranks[1] as usize {
                for _ in passed..next {
                    ahead &= ahead - 1;
                }
                passed = next;
                let end_of_cell = block * BLOCK + ahead.trailing_zeros() as usize;
                visit(at, self.start_of_cell(end_of_cell)..end_of_cell);
                at += 1;
                if at == columns.len() {
                    at = 0;
                    record += of;
                }
                next = record + columns[at];
            }
        }
    }

    /// Whether all of it is UTF-8. Blocks that are ASCII need no look, unless a character should go on in them.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set `I`.
    #[inline(always)]
    unsafe fn is_utf8<I: Isa>(&self, bytes: &[u8]) -> bool {
        let mut expected = 0;
        let (mut ill_formed, mut special_leads) = (0, 0);
        for (number, &non_ascii) in self.ranks[..self.blocks()].iter().enumerate() {
            if non_ascii != 0 || expected != 0 {
                // SAFETY: the caller's.
                let utf8 = unsafe { I::utf8(&padded(&bytes[number * BLOCK..self.bytes])) };
                let Utf8 { leads, threes, continuations, special } = utf8;
                ill_formed |= continuations ^ (leads << 1 | threes << 2 | expected);
                expected = leads >> 63 | threes >> 62;
                special_leads |= special;
            }
        }
        if special_leads == 0 { ill_formed == 0 } else { std::str::from_utf8(&bytes[..self.bytes]).is_ok() }
    }

    /// Packs the marks of all blocks.
    ///
    /// # Safety
    ///
    /// The processor must have the instruction set `I`.
    #[inline(always)]
    unsafe fn pack<I: Isa>(&mut self) {
        let mut cells = 0;
        let mut open = Packed::default();
        let blocks = self.blocks();
        for (marks, rank) in self.marks[..blocks].iter().zip(&mut self.ranks) {
            // SAFETY: the caller's.
            let (filled, ends) = unsafe {
                (I::compress(marks.filled, marks.separators), I::compress(marks.ends, marks.separators))
            };
            // A strip has no more cells than bytes.
            #[allow(clippy::cast_possible_truncation)]
            {
                *rank = cells as u32;
            }
            let (word, at) = (cells / 64, cells % 64);
            cells += marks.separators.count_ones() as usize;
            open.filled |= filled << at;
            open.ends |= ends << at;
            // Stored every time, complete or not: a branch here would be mispredicted.
            self.packed[word] = open;
            if cells / 64 != word {
                // What did not fit: a shift by 64 - `at` in two steps, for `at` may be 0.
                open = Packed { filled: filled >> 1 >> (63 - at), ends: ends >> 1 >> (63 - at) };
            }
        }
        // There may be no block left to store these.
        self.packed[cells / 64] = open;
        #[allow(clippy::cast_possible_truncation)]
        {
            self.ranks[blocks] = cells as u32;
        }
        self.cells = cells;
    }

    /// Whether every record has as many cells as there are columns: record ends have that period.
    fn is_rectangular(&self, columns: usize) -> bool {
        // As many multiples of the number of columns as a word holds.
        let period = (0..64).step_by(columns).fold(0_u64, |bits, at| bits | 1 << at);
        let step = 64 % columns;
        let mut next = columns - 1;
        for (word, packed) in self.packed[..self.cells.div_ceil(64)].iter().enumerate() {
            let mut expected = if next < 64 { period << next } else { 0 };
            if (word + 1) * 64 > self.cells {
                expected &= (1 << (self.cells % 64)) - 1;
            }
            if packed.ends != expected {
                return false;
            }
            next = if next < step { next + columns - step } else { next - step };
        }
        true
    }

    /// Whether some cell is not filled.
    fn has_unfilled(&self) -> bool {
        self.filled().map(|word| word.count_ones() as usize).sum::<usize>() < self.cells
    }
}

/// What one block leaves to the next.
struct Carry {
    /// All ones inside quotes, else 0.
    inside: u64,
    /// In bit 0: the block before ended with content outside quotes, a closing quote, a CR outside quotes.
    plain: u64,
    closing: u64,
    cr: u64,
    /// The cell has had content, has had content that is not hollow.
    content: bool,
    solid: bool,
    /// So far: the CRs inside quotes.
    cr_inside: u64,
}

/// What is in a block, in the light of what came before.
struct Found {
    marks: Marks,
    lfs: u64,
    /// What is not plain.
    odd: u64,
    /// Of the whole block: not 0 if there is a CR or NUL that was not looked at, whether a byte is not ASCII.
    rare: u64,
    non_ascii: bool,
}

impl Found {
    /// Only what is found up to a byte of the block.
    fn up_to(self, byte: u32) -> Self {
        let kept = u64::MAX >> (63 - byte);
        let Marks { separators, ends, filled, hollow } = self.marks;
        let marks = Marks {
            separators: separators & kept,
            ends: ends & kept,
            filled: filled & kept,
            hollow: hollow & kept,
        };
        Self { marks, lfs: self.lfs & kept, odd: self.odd & kept, ..self }
    }
}

impl Carry {
    /// At a record's start.
    fn new() -> Self {
        Self { inside: 0, plain: 0, closing: 0, cr: 0, content: false, solid: false, cr_inside: 0 }
    }

    /// # Safety
    ///
    /// The processor must have the instruction set `I`.
    #[inline(always)]
    unsafe fn block<I: Isa, const LINES: u8>(&mut self, needles: &I::Needles, block: &[u8; BLOCK]) -> Found {
        // SAFETY: the caller's.
        let (sight, parity) = unsafe {
            let sight = I::look(needles, block);
            (sight, I::prefix_xor(sight.quotes))
        };
        let inside = parity ^ self.inside;
        self.inside = (inside.cast_signed() >> 63).cast_unsigned();
        let ends = sight.lfs & !inside;
        let separators = sight.delimiters & !inside | ends;

        // What is no content, and what is not plain.
        let mut structure = separators | sight.quotes;
        let mut odd = 0;
        if LINES != NO_CR {
            // SAFETY: the caller's.
            let Rare { crs, nuls } = unsafe { I::rare(block) };
            self.cr_inside |= crs & inside;
            let crs = crs & !inside;
            // Record ends are all of the file's own kind.
            odd = nuls | if LINES == CRLF { shifted(crs, &mut self.cr) ^ ends } else { crs };
            structure |= crs;
        }

        // Quotes: content outside of them neither precedes one that opens nor follows one that closes.
        let (opening, closing) = (sight.quotes & inside, sight.quotes & !inside);
        let plain = !(structure | inside);
        let after_plain = shifted(plain, &mut self.plain);
        let after_closing = shifted(closing, &mut self.closing);
        odd |= opening & after_plain | plain & after_closing;
        // The second of two quotes inside quotes is content.
        let content = !structure | opening & after_closing;

        let filled = fills(content, separators, &mut self.content);
        let solid = fills(content & !sight.hollow, separators, &mut self.solid);
        let marks = Marks { separators, ends, filled, hollow: filled & !solid };
        let rare = if LINES == NO_CR { sight.rare } else { 0 };
        Found { marks, lfs: sight.lfs, odd, rare, non_ascii: sight.non_ascii }
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
/// only if there is any: once at the most, since a run of *n* ones, *n* bits of content and the carry are below
/// 2^(n+1). The carry is whether the cell that the block begins in has content already.
#[inline(always)]
fn fills(content: u64, separators: u64, carry: &mut bool) -> u64 {
    let (sum, overflow) = content.carrying_add(!separators, *carry);
    *carry = overflow;
    sum & separators
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

/// How records end, and whether there may be a CR or NUL anywhere.
const NO_CR: u8 = 0;
const LF: u8 = 1;
const CRLF: u8 = 2;

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
    let mut carry = Carry::new();
    let mut odd = 0;
    let mut lines = 0;
    // No record that ends in the first so many blocks reaches the target.
    let before = (target - 1) / BLOCK;
    strip.reserve(before + 1);
    let blocks = bytes[..before * BLOCK].as_chunks().0;
    for ((marks, rank), block) in strip.marks.iter_mut().zip(&mut strip.ranks).zip(blocks) {
        // SAFETY: the caller's.
        let found = unsafe { carry.block::<I, LINES>(&needles, block) };
        *marks = found.marks;
        *rank = found.non_ascii.into();
        odd |= found.odd | found.rare;
        lines += found.lfs.count_ones();
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
        let reaching = found.marks.ends & u64::MAX << target.saturating_sub(start + 1);
        let last = reaching.trailing_zeros();
        if reaching != 0 {
            found = found.up_to(last);
        }
        strip.marks[number] = found.marks;
        strip.ranks[number] = found.non_ascii.into();
        odd |= found.odd | found.rare;
        lines += found.lfs.count_ones();
        number += 1;
        if reaching != 0 {
            break start + last as usize + 1;
        }
    };
    if odd != 0 {
        return None;
    }
    // SAFETY: the caller's.
    unsafe {
        if !strip.is_utf8::<I>(bytes) {
            return Some(Verdict::Odd);
        }
        strip.pack::<I>();
    }
    // In one column an empty line and a cell written `""` leave the same marks.
    if !strip.is_rectangular(expected.columns) || expected.columns == 1 && strip.has_unfilled() {
        return Some(Verdict::Odd);
    }
    strip.lines = u64::from(lines);
    if carry.cr_inside != 0 {
        strip.lines += lone_crs(&bytes[..strip.bytes]);
    }
    Some(Verdict::Plain)
}

/// Every CR but those that an LF follows. The bytes end with an LF.
fn lone_crs(bytes: &[u8]) -> u64 {
    bytes.windows(2).filter(|pair| pair[0] == b'\r' && pair[1] != b'\n').count() as u64
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
