//! Shares of a total, by integer arithmetic.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::fraction::Fraction;

/// A count's share of a total.
///
/// Prints as the API does: percent to two decimals, halves rounded up, without trailing zeros; 0 for a total of 0.
///
/// ```
/// use fillrate::Percent;
/// assert_eq!(Percent::new(103, 151).to_string(), "68.21");
/// assert_eq!(Percent::new(16, 151).to_string(), "10.6");
/// assert_eq!(Percent::new(151, 151).to_string(), "100");
/// assert_eq!(Percent::new(0, 0).to_string(), "0");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Percent {
    count: u64,
    total: u64,
}

impl Percent {
    /// `count` of `total`.
    #[must_use]
    pub const fn new(count: u64, total: u64) -> Self {
        Self { count, total }
    }

    /// The share of another count and total: `None` if one would be below 0.
    pub(crate) fn changed(self, count: i128, total: i128) -> Option<Self> {
        let change = |number: u64, by: i128| u64::try_from(i128::from(number).checked_add(by)?).ok();
        Some(Self { count: change(self.count, count)?, total: change(self.total, total)? })
    }

    /// In hundredths of a percent, halves rounded up.
    #[must_use]
    pub fn hundredths(self) -> u128 {
        let (count, total) = (u128::from(self.count), u128::from(self.total));
        // u64 · 20,000 is far from overflowing u128.
        (20_000 * count + total).checked_div(2 * total).unwrap_or(0)
    }

    /// The exact share in percent.
    pub(crate) fn fraction(self) -> Fraction {
        match self.total {
            0 => Fraction { numerator: 0, denominator: 1 },
            total => Fraction { numerator: 100 * i128::from(self.count), denominator: total.into() },
        }
    }

    /// Whether `value` / 10^`decimals` percent is this share rounded to that many decimals, ties either way.
    ///
    /// The API drops trailing zeros, so fewer than two decimals are held to two. A total of 0 has only the share 0.
    /// `None` if the value has more digits than exact arithmetic has room for.
    #[must_use]
    pub fn rounds_to(self, value: i128, decimals: u32) -> Option<bool> {
        if self.total == 0 {
            return Some(value == 0);
        }
        let (count, total) = (i128::from(self.count), i128::from(self.total));
        let scale = 10_i128.checked_pow(decimals.max(2))?;
        let value = value.checked_mul(10_i128.pow(2_u32.saturating_sub(decimals)))?;
        // |100 · count / total − value / scale| ≤ 1 / (2 · scale)
        let exact = count.checked_mul(scale.checked_mul(100)?)?;
        let difference = exact.checked_sub(value.checked_mul(total)?)?;
        Some(difference.unsigned_abs().checked_mul(2)? <= total.unsigned_abs())
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = self.hundredths();
        let (whole, fraction) = (hundredths / 100, hundredths % 100);
        match (fraction, fraction % 10) {
            (0, _) => write!(f, "{whole}"),
            (_, 0) => write!(f, "{whole}.{}", fraction / 10),
            _ => write!(f, "{whole}.{fraction:02}"),
        }
    }
}

impl Serialize for Percent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        super::as_number(self, serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every share of every total up to 2,000, against its definition as an exact rational number.
    #[test]
    fn exhaustive_up_to_2000() {
        for total in 1..=2_000_u64 {
            for count in 0..=total {
                let percent = Percent::new(count, total);
                let rounded = i128::try_from(percent.hundredths()).unwrap();
                let (exact, total) = (i128::from(count) * 10_000, i128::from(total));
                // half up: rounded − 1/2 ≤ exact/total < rounded + 1/2
                assert!((2 * rounded - 1) * total <= 2 * exact && 2 * exact < (2 * rounded + 1) * total);
                assert_eq!(percent.rounds_to(rounded, 2), Some(true));
                let tie = 2 * exact == (2 * rounded - 1) * total;
                assert_eq!(percent.rounds_to(rounded - 1, 2), Some(tie), "{count} of {total}");
                assert_eq!(percent.rounds_to(rounded + 1, 2), Some(false));
                let truncated = exact / total;
                assert_eq!(percent.rounds_to(truncated, 2), Some(truncated == rounded || tie));
            }
        }
    }

    #[test]
    fn decimals_are_held_to_as_written_but_at_least_two() {
        let share = Percent::new(103, 151); // 68.211920…
        for (value, decimals, expected) in [
            (6821, 2, true),
            (682, 1, false), // 68.2 is 68.20
            (68, 0, false),
            (68_212, 3, true),
            (68_211, 3, false),
            (68_211_920_530, 9, true),
            (68_211_920_529, 9, false), // …529.8
            (-6821, 2, false),
        ] {
            assert_eq!(share.rounds_to(value, decimals), Some(expected), "{value} with {decimals} decimals");
        }
        assert_eq!(Percent::new(1, 800).rounds_to(12, 2), Some(true), "0.125 is a tie");
        assert_eq!(Percent::new(1, 800).rounds_to(13, 2), Some(true), "0.125 is a tie");
        assert_eq!(Percent::new(0, 0).rounds_to(0, 2), Some(true));
        assert_eq!(Percent::new(0, 0).rounds_to(1, 2), Some(false));
        assert_eq!(Percent::new(u64::MAX, u64::MAX).rounds_to(10_000, 2), Some(true));
        assert_eq!(Percent::new(1, 3).rounds_to(i128::MAX, 2), None);
        assert_eq!(Percent::new(1, 3).rounds_to(1, 40), None);
    }

    #[test]
    fn prints_without_trailing_zeros() {
        for (count, total, expected) in [
            (0, 7, "0"),
            (7, 7, "100"),
            (1, 2, "50"),
            (1, 8, "12.5"),
            (1, 3, "33.33"),
            (2, 3, "66.67"),
            (1, 2_000, "0.05"),
        ] {
            assert_eq!(Percent::new(count, total).to_string(), expected);
        }
        assert_eq!(Percent::new(u64::MAX, u64::MAX).to_string(), "100");
    }
}
