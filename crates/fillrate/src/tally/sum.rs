//! The sum of one column's numbers.

use super::number::Number;

/// An exact sum of the filled numeric cells of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SumTally {
    /// Filled cells that hold a number.
    pub(crate) numbers: u64,
    /// Filled cells that hold none.
    pub(crate) invalid: u64,
    /// The numbers' sum in units of 10⁻⁹. A number is below 10²⁴ of them, so 10¹⁴ records cannot overflow it: a file
    /// of more than 200 TB.
    pub(crate) nanos: i128,
}

impl SumTally {
    /// Counts one number.
    #[inline]
    pub(super) fn add(&mut self, number: Number) {
        self.numbers += 1;
        self.nanos += number.nanos();
    }

    /// Adds the same column's numbers from elsewhere.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.numbers += other.numbers;
        self.invalid += other.invalid;
        self.nanos += other.nanos;
    }
}
