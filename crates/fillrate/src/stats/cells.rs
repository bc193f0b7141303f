//! What is in the cells beside what the API tells.

use serde::Serialize;

/// The cells of one column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnStats {
    /// Its name, unique in the file (`name#2`).
    pub name: String,
    /// The field it carries as far as its name tells, unique in the file.
    pub field: String,
    /// Cells that count as filled.
    pub filled: u64,
    /// Cells with only white space, whether or not they count as filled.
    pub blank: u64,
    /// Cells with only a placeholder word, whether or not they count as filled.
    pub placeholder: u64,
}

/// What the histogram does not show. Together with its buckets, where these do not overlap, it adds up to the records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ScoreStats {
    /// The score column; `None` where several exports were counted.
    #[serde(skip)]
    pub column: Option<usize>,
    /// Numbers in no bucket.
    pub outside: u64,
    /// Unfilled cells.
    pub missing: u64,
    /// Filled cells that hold no number.
    pub invalid: u64,
}
