//! Differences of shares.

use std::fmt;

use serde::{Serialize, Serializer};

/// A difference of two percentages, exact to hundredths of a point, halves away from 0. Prints as `+1.25`, `-0.4` or `0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Points {
    hundredths: i64,
}

impl Points {
    /// From `a` of `n` to `b` of `m`. A share of nothing is 0, as the API has it.
    #[must_use]
    pub fn between((a, n): (u64, u64), (b, m): (u64, u64)) -> Self {
        let share =
            |count: u64, all: u64| if all == 0 { (0, 1) } else { (i128::from(count), i128::from(all)) };
        let ((a, n), (b, m)) = (share(a, n), share(b, m));
        // b/m − a/n = (b·n − a·m) / (n·m), and all of these are below 2¹²⁶ for up to 10¹³ records, times 20,000.
        let (above, below) = (b.saturating_mul(n) - a.saturating_mul(m), n.saturating_mul(m));
        let size = above.abs().saturating_mul(20_000).saturating_add(below) / below.saturating_mul(2);
        let hundredths = i64::try_from(size * above.signum()).unwrap_or_default();
        Self { hundredths }
    }

    /// In hundredths of a point.
    #[must_use]
    pub fn hundredths(self) -> i64 {
        self.hundredths
    }
}

impl fmt::Display for Points {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.hundredths.signum() {
            1 => "+",
            -1 => "-",
            _ => "",
        };
        let size = self.hundredths.unsigned_abs();
        let text = format!("{sign}{}.{:02}", size / 100, size % 100);
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Points {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // At most 10,000 of them: the double that is nearest prints with the same digits.
        #[expect(clippy::cast_precision_loss, reason = "it is exact")]
        serializer.serialize_f64(self.hundredths as f64 / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_exact() {
        for (a, b, expected) in [
            ((0, 1), (1, 1), "+100"),
            ((1, 1), (0, 1), "-100"),
            ((1, 3), (1, 3), "0"),
            ((1, 3), (2, 3), "+33.33"),
            ((1, 2), (1, 3), "-16.67"),
            ((103, 151), (102, 151), "-0.66"),
            ((0, 20_000), (1, 20_000), "+0.01"),
            ((0, 20_001), (1, 20_001), "0"),
            ((1, 20_000), (0, 20_000), "-0.01"),
            ((0, 0), (1, 2), "+50"),
            ((10_000_000_000_000, 10_000_000_000_000), (0, 9_999_999_999_999), "-100"),
        ] {
            assert_eq!(Points::between(a, b).to_string(), expected, "{a:?} {b:?}");
        }
    }
}
