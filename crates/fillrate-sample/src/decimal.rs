//! Exact decimals, as the API prints them: integer arithmetic, half up, no trailing zeros.

use std::fmt;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// `units` divided by ten to the power of `places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    units: u64,
    places: u8,
}

impl Decimal {
    /// The same, and so many hundredths more.
    pub(crate) fn raised_by_hundredths(self, hundredths: u64) -> Self {
        let units = hundredths.saturating_mul(10_u64.pow(u32::from(self.places) - 2));
        Self { units: self.units.saturating_add(units), ..self }
    }
}

/// What share of `total` is `count`, in percent to two decimals; 0 if there is nothing to share.
pub(crate) fn percent(count: u64, total: u64) -> Decimal {
    Decimal { units: rounded_ratio(u128::from(count) * 10_000, total).unwrap_or(0), places: 2 }
}

/// The mean of `count` numbers that add up to `hundredths`, to six decimals; `None` if there are none.
pub(crate) fn mean(hundredths: u64, count: u64) -> Option<Decimal> {
    let units = rounded_ratio(u128::from(hundredths) * 10_000, count)?;
    Some(Decimal { units, places: 6 })
}

/// The quotient, rounded half up; `None` if the divisor is 0, or the quotient beyond 64 bits.
fn rounded_ratio(dividend: u128, divisor: u64) -> Option<u64> {
    let divisor = u128::from(divisor);
    let quotient = (2 * dividend + divisor).checked_div(2 * divisor)?;
    u64::try_from(quotient).ok()
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = 10_u64.pow(self.places.into());
        let (whole, mut fraction) = (self.units / scale, self.units % scale);
        if fraction == 0 {
            return write!(f, "{whole}");
        }
        let mut width = usize::from(self.places);
        while fraction.is_multiple_of(10) {
            fraction /= 10;
            width -= 1;
        }
        write!(f, "{whole}.{fraction:0width$}")
    }
}

impl Serialize for Decimal {
    /// As a JSON number with exactly these digits, which a detour through `f64` would not promise.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.to_string()).map_err(S::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_of_small_totals_are_the_nearest_hundredth_with_ties_up() {
        for total in 1..=400 {
            for count in 0..=total {
                let hundredths = percent(count, total).units;
                // h - 1/2 <= 10000 * count / total < h + 1/2, over a common denominator.
                let doubled = 20_000 * count + total;
                assert!(2 * hundredths * total <= doubled, "{count}/{total}");
                assert!(doubled < 2 * (hundredths + 1) * total, "{count}/{total}");
            }
        }
    }

    #[test]
    fn decimals_are_printed_without_trailing_zeros() {
        for (count, total, text) in [
            (151, 151, "100"),
            (103, 151, "68.21"),
            (16, 151, "10.6"),
            (1, 20_000, "0.01"),
            (1, 20_001, "0"),
            (1, 1_000, "0.1"),
            (0, 5, "0"),
            (0, 0, "0"),
        ] {
            assert_eq!(percent(count, total).to_string(), text, "{count}/{total}");
            assert_eq!(serde_json::to_string(&percent(count, total)).unwrap(), text, "{count}/{total}");
        }
    }

    #[test]
    fn means_have_up_to_six_decimals() {
        assert_eq!(mean(200, 3).unwrap().to_string(), "0.666667");
        assert_eq!(mean(7_850, 1).unwrap().to_string(), "78.5");
        assert_eq!(mean(1, 20_000).unwrap().to_string(), "0.000001");
        assert_eq!(mean(0, 0), None);
    }
}
