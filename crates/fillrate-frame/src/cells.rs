//! What a cell is, in Polars' own words.

use fillrate::FillRule;
use polars::prelude::{DataType, Expr, NULL, col, lit, when};

/// `-?[0-9]{1,15}(\.[0-9]{1,9})?`, nothing around it.
const NUMBER: &str = r"\A-?[0-9]{1,15}(\.[0-9]{1,9})?\z";

const BLANK: &str = r"\A[ \t\n\x0B\x0C\r]+\z";

/// What a column is called while Polars reads it.
pub(crate) fn name(column: usize) -> String {
    column.to_string()
}

/// The cells of one column.
pub(crate) struct Cells<'a> {
    column: usize,
    rule: &'a FillRule,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(column: usize, rule: &'a FillRule) -> Self {
        Self { column, rule }
    }

    pub(crate) fn text(&self) -> Expr {
        col(name(self.column))
    }

    /// Those with white space only.
    pub(crate) fn blank(&self) -> Expr {
        matches(self.text(), BLANK)
    }

    /// Those with one placeholder and nothing else. `-u`: only ASCII is folded.
    pub(crate) fn placeholder(&self) -> Expr {
        let words: Vec<String> = self.rule.placeholders().map(regex::escape).collect();
        matches(self.text(), &format!(r"\A(?i-u:{})\z", words.join("|")))
    }

    /// Those that count as filled. A cell that a short record lacks is null, and no comparison with null is true.
    pub(crate) fn filled(&self) -> Expr {
        let mut filled = self.text().str().len_bytes().gt(lit(0)).fill_null(lit(false));
        if self.rule.blanks_are_unfilled() {
            filled = filled.and(self.blank().not());
        }
        if self.rule.placeholders_are_unfilled() {
            filled = filled.and(self.placeholder().not());
        }
        filled
    }

    /// Those that are filled with a number.
    pub(crate) fn numeric(&self) -> Expr {
        self.filled().and(matches(self.text(), NUMBER))
    }

    /// The numbers; null elsewhere.
    pub(crate) fn numbers(&self) -> Expr {
        when(self.numeric()).then(self.text()).otherwise(lit(NULL))
    }

    /// The whole number at or below each number; null elsewhere.
    pub(crate) fn floors(&self) -> Expr {
        let whole = self.numbers().str().extract(lit(r"\A(-?[0-9]+)"), 1).cast(DataType::Int64);
        // -0.5 lies between -1 and 0.
        let is_above = matches(self.numbers(), r"\A-.*\.[0-9]*[1-9]");
        whole - is_above.cast(DataType::Int64)
    }
}

fn matches(text: Expr, pattern: &str) -> Expr {
    text.str().contains(lit(pattern), true).fill_null(lit(false))
}
