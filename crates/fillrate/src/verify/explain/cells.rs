//! Cells that one side counts as filled, and the other does not.

use super::super::check::Subject;
use super::ExplanationKind;
use super::hypothesis::Hypothesis;
use crate::stats::ColumnStats;
use crate::tally::{FillRule, Filling};
use crate::words::counted;

/// Cells with one filling are counted the other way round.
pub(super) struct OtherRule<'a> {
    filling: Filling,
    /// Whether they are filled for us.
    filled: bool,
    columns: &'a [ColumnStats],
}

impl<'a> OtherRule<'a> {
    pub(super) fn all(rule: &FillRule, columns: &'a [ColumnStats]) -> [Self; 2] {
        [Filling::Blank, Filling::Placeholder].map(|filling| Self {
            filling,
            filled: rule.is_filled(filling),
            columns,
        })
    }

    fn cells(&self, column: usize) -> u64 {
        let column = &self.columns[column];
        if self.filling == Filling::Blank { column.blank } else { column.placeholder }
    }
}

impl Hypothesis for OtherRule<'_> {
    fn kind(&self) -> ExplanationKind {
        if self.filling == Filling::Blank { ExplanationKind::Blanks } else { ExplanationKind::Placeholders }
    }

    fn because(&self, subject: Subject) -> String {
        let Subject::Fill(column, _) = subject else { return String::new() };
        let cells = self.cells(column);
        let (hold, them) = if cells == 1 { ("holds", "it") } else { ("hold", "them") };
        let what = match self.filling {
            Filling::Blank => "only white space (blank)",
            _ => "only a word such as null (placeholder)",
        };
        let counts = if self.filled { "unfilled" } else { "filled" };
        format!("{} {hold} {what}; the API counts {them} as {counts}.", counted(cells, "cell"))
    }

    fn filled(&self, column: usize) -> i128 {
        let cells = i128::from(self.cells(column));
        if self.filled { -cells } else { cells }
    }
}
