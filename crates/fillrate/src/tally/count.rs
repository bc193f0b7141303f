//! Counts what a scanner finds.

use super::cell::{Filling, is_blank};
use super::number::{self, Number};
use super::vertical::Vertical;
use super::{ColumnTally, FillRule, ScoreScale, SumTally, Tally};
use crate::scan::{FindingKind, Findings, Place, Sink};

/// What to count, fixed before the first record.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// How many columns the header has.
    pub(crate) columns: usize,
    /// What counts as filled.
    pub(crate) rule: FillRule,
    /// The score column.
    pub(crate) score: Option<usize>,
    /// How scores are told apart.
    pub(crate) scale: ScoreScale,
    /// The columns to sum, each once, ascending.
    pub(crate) sums: Vec<usize>,
}

impl Plan {
    /// The columns whose numbers are wanted, each once, ascending.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = self.sums.iter().chain(&self.score).copied().collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }
}

/// A column whose numbers are wanted.
#[derive(Debug)]
pub(super) struct NumberColumn {
    column: usize,
    is_score: bool,
    /// Which of the plan's sums is of this column.
    sum: Option<usize>,
}

impl NumberColumn {
    fn new(column: usize, plan: &Plan) -> Self {
        Self { column, is_score: plan.score == Some(column), sum: plan.sums.binary_search(&column).ok() }
    }

    /// Counts a filled cell of the column that holds a number.
    #[inline]
    pub(super) fn add(&self, tally: &mut Tally, plan: &Plan, number: Number) {
        if self.is_score {
            tally.scores.add(number, &plan.scale);
        }
        if let Some(sum) = self.sum {
            tally.sums[sum].add(number);
        }
    }

    /// Counts a filled cell of the column that holds none.
    pub(super) fn add_invalid(&self, tally: &mut Tally) {
        tally.scores.invalid += u64::from(self.is_score);
        if let Some(sum) = self.sum {
            tally.sums[sum].invalid += 1;
        }
    }
}

/// Counts cells and records as a [`Sink`], in memory that no cell or record makes grow.
#[derive(Debug)]
pub(crate) struct Counting<'a> {
    pub(super) plan: &'a Plan,
    /// What was counted, but for the filled cells that `vertical` holds.
    pub(super) tally: Tally,
    /// Filled cells of strips.
    pub(super) vertical: Vertical,
    /// What was not plain.
    pub(super) findings: Findings,
    /// The columns whose numbers are wanted, ascending.
    pub(super) numbers: Vec<NumberColumn>,
    /// By byte: whether a blank cell or a placeholder may begin with it.
    pub(super) hollow_starts: [bool; 256],
    /// The current cell's column; at or beyond the plan's columns it is ignored.
    column: usize,
    /// The current cell's first bytes: as many as a number or placeholder can have, and one more.
    beginning: Vec<u8>,
    /// How many bytes `beginning` may have.
    most: usize,
    /// The current cell has only had white space so far.
    blank: bool,
}

impl<'a> Counting<'a> {
    /// Counts nothing yet.
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let mut tally = Tally::default();
        tally.columns.resize(plan.columns, ColumnTally::default());
        tally.sums.resize(plan.sums.len(), SumTally::default());
        let most = plan.rule.longest_placeholder().max(number::LONGEST) + 1;
        Self {
            plan,
            tally,
            vertical: Vertical::new(plan.columns),
            findings: Findings::default(),
            numbers: plan.numbers().into_iter().map(|column| NumberColumn::new(column, plan)).collect(),
            hollow_starts: plan.rule.hollow_starts(),
            column: 0,
            beginning: Vec::with_capacity(most),
            most,
            blank: true,
        }
    }

    /// What was counted and what was found.
    pub(crate) fn finish(mut self) -> (Tally, Findings) {
        self.vertical.flush(&mut self.tally.columns);
        (self.tally, self.findings)
    }

    /// Adds what was counted of the last records to another tally of the same plan, and begins anew. What was found stays.
    pub(crate) fn move_to(&mut self, tally: &mut Tally) {
        self.vertical.flush(&mut self.tally.columns);
        tally.merge(&self.tally);
        self.tally.clear();
    }

    fn filling(&self) -> Filling {
        match self.beginning.len() {
            0 => Filling::Empty,
            // `classify` would only see a beginning that is blank.
            _ if self.blank => Filling::Blank,
            length if length == self.most => Filling::Value,
            _ => self.plan.rule.classify(&self.beginning),
        }
    }
}

impl Sink for Counting<'_> {
    fn content(&mut self, piece: &[u8]) {
        self.blank = self.blank && is_blank(piece);
        let room = self.most - self.beginning.len();
        self.beginning.extend_from_slice(&piece[..piece.len().min(room)]);
    }

    fn end_cell(&mut self) {
        if self.column < self.plan.columns {
            let filling = self.filling();
            self.tally.columns[self.column].add(filling);
            let numbers = self.numbers.binary_search_by_key(&self.column, |numbers| numbers.column);
            if let (true, Ok(at)) = (self.plan.rule.is_filled(filling), numbers) {
                match Number::parse(&self.beginning) {
                    Some(number) => self.numbers[at].add(&mut self.tally, self.plan, number),
                    None => self.numbers[at].add_invalid(&mut self.tally),
                }
            }
        }
        self.column += 1;
        self.beginning.clear();
        self.blank = true;
    }

    fn end_record(&mut self, start: Place, lines: u64) {
        self.tally.records += 1;
        self.findings.add_record(lines, start);
        match self.column.cmp(&self.plan.columns) {
            std::cmp::Ordering::Less => self.findings.add(FindingKind::ShortRecord, start),
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => self.findings.add(FindingKind::LongRecord, start),
        }
        self.column = 0;
    }

    fn finding(&mut self, kind: FindingKind, place: Place) {
        self.findings.add(kind, place);
    }
}
