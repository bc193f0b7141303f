//! The cells of one column.

use serde::{Deserialize, Serialize};

use super::{FillRule, Filling};

/// How many cells of a column hold what. Cells that short records lack are in none of these counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct ColumnTally {
    /// Cells with at least one byte: blanks and placeholders included.
    pub(crate) not_empty: u64,
    /// Cells with only white space.
    pub(crate) blank: u64,
    /// Cells with only a placeholder word.
    pub(crate) placeholder: u64,
}

impl ColumnTally {
    /// Counts one cell.
    pub(crate) fn add(&mut self, filling: Filling) {
        self.not_empty += u64::from(filling != Filling::Empty);
        self.blank += u64::from(filling == Filling::Blank);
        self.placeholder += u64::from(filling == Filling::Placeholder);
    }

    /// Adds the same column's cells from elsewhere.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.not_empty += other.not_empty;
        self.blank += other.blank;
        self.placeholder += other.placeholder;
    }

    /// Whether so many records can have these cells.
    pub(crate) fn is_within(&self, records: u64) -> bool {
        let hollow = self.blank.checked_add(self.placeholder);
        self.not_empty <= records && hollow.is_some_and(|hollow| hollow <= self.not_empty)
    }

    /// How many cells count as filled under `rule`, the one they were classified by.
    pub(crate) fn filled(&self, rule: &FillRule) -> u64 {
        let unless_filled = |filling, count| if rule.is_filled(filling) { 0 } else { count };
        self.not_empty
            - unless_filled(Filling::Blank, self.blank)
            - unless_filled(Filling::Placeholder, self.placeholder)
    }
}
