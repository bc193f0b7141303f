//! Exact means.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::fraction::Fraction;
use crate::tally::{NANOS_PER_UNIT, SumTally};

/// The mean of at least one number, as an exact sum over a count.
///
/// Prints with up to six decimals, halves rounded up, without trailing zeros.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mean {
    /// The sum in units of 10⁻⁹.
    nanos: i128,
    numbers: u64,
}

impl Mean {
    /// The mean of so many numbers, of which the sum is given in units of 10⁻⁹; `None` if there are none.
    ///
    /// ```
    /// let mean = fillrate::Mean::new(247_000_000_000, 3).unwrap();
    /// assert_eq!(mean.to_string(), "82.333333");
    /// ```
    #[must_use]
    pub fn new(nanos: i128, numbers: u64) -> Option<Self> {
        (numbers > 0).then_some(Self { nanos, numbers })
    }

    /// The mean of a column's numbers; `None` if there are none.
    pub(crate) fn of(sum: &SumTally) -> Option<Self> {
        Self::new(sum.nanos, sum.numbers)
    }

    /// The mean with more or fewer numbers; `None` if none are left.
    pub(crate) fn changed(self, nanos: i128, numbers: i128) -> Option<Self> {
        let numbers = u64::try_from(i128::from(self.numbers).checked_add(numbers)?).ok()?;
        (numbers > 0).then_some(Self { nanos: self.nanos.checked_add(nanos)?, numbers })
    }

    /// How many numbers it is the mean of.
    #[must_use]
    pub fn numbers(&self) -> u64 {
        self.numbers
    }

    /// In millionths, halves rounded up.
    #[must_use]
    pub fn millionths(&self) -> i128 {
        // A sum of n numbers is below n · 10²⁴, so twice it has room for 10¹³ numbers.
        let per_millionth = 1_000 * i128::from(self.numbers);
        (2 * self.nanos + per_millionth).div_euclid(2 * per_millionth)
    }

    /// The exact mean; `None` if it takes too many digits.
    pub(crate) fn fraction(&self) -> Option<Fraction> {
        let denominator = NANOS_PER_UNIT.checked_mul(self.numbers.into())?;
        Some(Fraction { numerator: self.nanos, denominator })
    }

    /// By how much it is above another mean.
    #[must_use]
    pub fn minus(&self, other: &Self) -> MeanDifference {
        let (n, m) = (i128::from(self.numbers), i128::from(other.numbers));
        // The sums over one denominator have no room. So: a whole number of units of 10⁻⁹, and from 0 to below 1 of one.
        let rest = self.nanos.rem_euclid(n) * m - other.nanos.rem_euclid(m) * n;
        let whole = self.nanos.div_euclid(n) - other.nanos.div_euclid(m) + rest.div_euclid(n * m);
        let has_rest = rest.rem_euclid(n * m) > 0;
        let size = if whole < 0 { -whole - i128::from(has_rest) } else { whole };
        MeanDifference { millionths: whole.signum() * ((size + 500) / 1_000) }
    }

    /// Whether `value` / 10^`decimals` is this mean rounded to that many decimals, ties either way.
    ///
    /// `None` if the value has more digits than exact arithmetic has room for.
    #[must_use]
    pub fn rounds_to(&self, value: i128, decimals: u32) -> Option<bool> {
        let scale = 10_i128.checked_pow(decimals)?;
        let nanos_per_unit_of_sum = NANOS_PER_UNIT.checked_mul(self.numbers.into())?;
        // |nanos / (10⁹ · numbers) − value / scale| ≤ 1 / (2 · scale)
        let exact = self.nanos.checked_mul(scale)?;
        let difference = exact.checked_sub(value.checked_mul(nanos_per_unit_of_sum)?)?;
        Some(difference.checked_abs()?.checked_mul(2)? <= nanos_per_unit_of_sum)
    }
}

/// The difference of two means, exact to six decimals, halves away from 0. Prints as `+1.25`, `-0.4` or `0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeanDifference {
    millionths: i128,
}

impl fmt::Display for Mean {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&decimal(self.millionths()))
    }
}

impl fmt::Display for MeanDifference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", if self.millionths > 0 { "+" } else { "" }, decimal(self.millionths))
    }
}

impl Serialize for MeanDifference {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::as_number(&decimal(self.millionths), serializer)
    }
}

/// Without trailing zeros.
fn decimal(millionths: i128) -> String {
    let (sign, size) = (if millionths < 0 { "-" } else { "" }, millionths.unsigned_abs());
    let text = format!("{sign}{}.{:06}", size / 1_000_000, size % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Serialize for Mean {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::as_number(self, serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(nanos: i128, numbers: u64) -> Mean {
        Mean { nanos, numbers }
    }

    #[test]
    fn prints_up_to_six_decimals() {
        for (nanos, numbers, expected) in [
            (0, 1, "0"),
            (100_000_000_000, 1, "100"),
            (247_000_000_000, 3, "82.333333"),
            (248_000_000_000, 3, "82.666667"),
            (500, 1, "0.000001"),
            (499, 1, "0"),
            (-500, 1, "0"),
            (-501, 1, "-0.000001"),
            (-1_500_000_000, 1, "-1.5"),
            (10_000_000_000, 4, "2.5"),
        ] {
            assert_eq!(mean(nanos, numbers).to_string(), expected, "{nanos} / {numbers}");
        }
    }

    #[test]
    fn differences_are_exact() {
        let most = 10_000_000_000_000;
        let largest = i128::from(most) * 1_000_000_000_000_000_000_000_000;
        for ((a, n), (b, m), expected) in [
            ((0, 1), (0, 7), "0"),
            ((1_000_000_000, 3), (1_000_000_000, 3), "0"),
            ((2_000_000_000, 3), (1_000_000_000, 3), "+0.333333"),
            ((1_000_000_000, 3), (2_000_000_000, 2), "-0.666667"),
            ((500, 1), (0, 1), "+0.000001"),
            ((499, 1), (0, 1), "0"),
            // A third of a unit of 10⁻⁹ below half a millionth, and above it.
            ((1_499, 3), (0, 1), "0"),
            ((1_501, 3), (0, 1), "+0.000001"),
            ((-1_501, 3), (0, 1), "-0.000001"),
            ((0, 1), (500, 1), "-0.000001"),
            ((largest, most), (-largest, most), "+2000000000000000"),
            ((largest - 1, most), (largest, most - 1), "-100"),
        ] {
            let (a, b) = (mean(a, n), mean(b, m));
            assert_eq!(a.minus(&b).to_string(), expected, "{a:?} {b:?}");
            let opposite = match expected.split_at(1) {
                ("+", size) => format!("-{size}"),
                ("-", size) => format!("+{size}"),
                _ => "0".to_owned(),
            };
            assert_eq!(b.minus(&a).to_string(), opposite, "{b:?} {a:?}");
        }
        let json = |a, b| serde_json::to_string(&mean(a, 1).minus(&mean(b, 1))).unwrap();
        assert_eq!((json(1_500_000_000, 0), json(0, 1_500_000_000)), ("1.5".to_owned(), "-1.5".to_owned()));
    }

    #[test]
    fn a_reported_mean_is_held_to_its_own_decimals() {
        let third = mean(247_000_000_000, 3); // 82.3333…
        for (value, decimals, expected) in [
            (82, 0, true),
            (83, 0, false),
            (823, 1, true),
            (824, 1, false),
            (82_333, 3, true),
            (82_334, 3, false),
        ] {
            assert_eq!(third.rounds_to(value, decimals), Some(expected), "{value} with {decimals} decimals");
        }
        let tie = mean(5_000_000_000, 2); // 2.5
        assert_eq!([2, 3, 4].map(|value| tie.rounds_to(value, 0)), [Some(true), Some(true), Some(false)]);
        assert_eq!(mean(-5_000_000_000, 2).rounds_to(-3, 0), Some(true));
        assert_eq!(third.rounds_to(82_333_333_333_333_333, 15), Some(true));
        assert_eq!(third.rounds_to(1, 39), None);
    }
}
