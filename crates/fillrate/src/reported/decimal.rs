//! Decimal numbers as they were written.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::fraction::Fraction;

/// A number of a report: its text, and its exact value where that has at most 38 digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decimal {
    /// A valid JSON number.
    text: String,
    exact: Option<Exact>,
}

/// `value` / 10^`decimals`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exact {
    pub(crate) value: i128,
    pub(crate) decimals: u32,
}

impl Decimal {
    /// Takes the text of a JSON number.
    pub(super) fn new(json_number: &str) -> Self {
        Self { text: json_number.to_owned(), exact: Exact::parse(json_number) }
    }

    /// Its value, with as many decimals as it was written with.
    pub(crate) fn exact(&self) -> Option<Exact> {
        self.exact
    }

    /// Whether it is more than 0.
    pub(crate) fn is_positive(&self) -> bool {
        let nonzero_digit = |c| matches!(c, '1'..='9');
        let mantissa = self.text.split(['e', 'E']).next().unwrap_or_default();
        !mantissa.starts_with('-') && mantissa.contains(nonzero_digit)
    }
}

impl Exact {
    /// Reads a number as JSON writes it; `None` if it is none, or too long.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let plain = whole.strip_prefix('-').unwrap_or(whole);
        if plain.is_empty() || !digits(plain) || !digits(fraction) {
            return None;
        }
        let value: i128 = format!("{whole}{fraction}").parse().ok()?;
        let decimals = i32::try_from(fraction.len()).ok()?.checked_sub(exponent)?;
        if let Ok(decimals) = u32::try_from(decimals) {
            return Some(Self { value, decimals });
        }
        let value = value.checked_mul(10_i128.checked_pow(decimals.unsigned_abs())?)?;
        Some(Self { value, decimals: 0 })
    }

    /// The same as a fraction; `None` if that takes too many digits.
    pub(crate) fn fraction(self) -> Option<Fraction> {
        Some(Fraction { numerator: self.value, denominator: 10_i128.checked_pow(self.decimals)? })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.text.clone()).map_err(serde::ser::Error::custom)?.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_decimals_as_written() {
        for (text, value, decimals) in [
            ("0", 0, 0),
            ("-0", 0, 0),
            ("68.21", 6821, 2),
            ("68.210", 68_210, 3),
            ("-0.5", -5, 1),
            ("1e2", 100, 0),
            ("1.5e1", 15, 0),
            ("1.5E+3", 1500, 0),
            ("1e-7", 1, 7),
            ("12.5e-1", 125, 2),
        ] {
            assert_eq!(Exact::parse(text), Some(Exact { value, decimals }), "{text}");
        }
        for text in [
            "",
            "-",
            "abc",
            "1.2.3",
            "+1",
            "1e",
            "1e99",
            "1e-99999999999",
            "1234567890123456789012345678901234567890",
        ] {
            assert_eq!(Exact::parse(text), None, "{text}");
        }
    }

    #[test]
    fn sign_is_read_from_the_text_alone() {
        for (text, positive) in
            [("0", false), ("0.00", false), ("-1", false), ("0e5", false), ("0.01", true), ("1e-400", true)]
        {
            assert_eq!(Decimal::new(text).is_positive(), positive, "{text}");
        }
    }
}
