//! The sum of one column's numbers.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::number::{MOST_NANOS, Number};

/// An exact sum of the filled numeric cells of a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct SumTally {
    /// Filled cells that hold a number.
    pub(crate) numbers: u64,
    /// Filled cells that hold none.
    pub(crate) invalid: u64,
    /// The numbers' sum in units of 10⁻⁹. A number is below 10²⁴ of them, so 10¹⁴ records cannot overflow it: a file
    /// of more than 200 TB.
    #[serde(serialize_with = "as_text", deserialize_with = "from_text")]
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

    /// Whether so many filled cells can have these numbers.
    pub(crate) fn is_within(&self, filled: u64) -> bool {
        let cells = self.numbers.checked_add(self.invalid);
        let most = MOST_NANOS.checked_mul(self.numbers.into());
        cells.is_some_and(|cells| cells <= filled)
            && most.is_some_and(|most| self.nanos.unsigned_abs() <= most.unsigned_abs())
    }
}

/// As text: JSON's readers mostly make a double of a number, and it has more digits than that.
fn as_text<S: Serializer>(nanos: &i128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(nanos)
}

fn from_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i128, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}
