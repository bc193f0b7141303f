//! Numbers in cells: `-?[0-9]{1,15}(\.[0-9]{1,9})?`, nothing around them.

/// How many of a number's smallest units make one.
pub(crate) const NANOS_PER_UNIT: i128 = 1_000_000_000;

/// The longest number in bytes: a sign, 15 digits, the point, 9 digits.
pub(super) const LONGEST: usize = 26;

/// A number as an exact multiple of 10⁻⁹.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// The largest whole number that is not above it: what decides its bucket.
    pub(super) floor: i64,
    /// How far it is above `floor`, below 10⁹.
    above: u32,
}

impl Number {
    /// Reads a whole cell; `None` if it is anything but a number.
    pub(super) fn parse(cell: &[u8]) -> Option<Self> {
        let (negative, digits) = match cell.strip_prefix(b"-") {
            Some(digits) => (true, digits),
            None => (false, cell),
        };
        let point = digits.iter().position(|&byte| byte == b'.').unwrap_or(digits.len());
        let (whole, fraction) = digits.split_at(point);
        let whole: i64 = decimal(whole, 15)?;
        let above = match fraction.split_first() {
            None => 0,
            Some((_, fraction)) => {
                let missing_digits = 9_u32.checked_sub(u32::try_from(fraction.len()).ok()?)?;
                u32::try_from(decimal(fraction, 9)?).ok()? * 10_u32.pow(missing_digits)
            }
        };
        Some(match (negative, above) {
            (false, above) => Self { floor: whole, above },
            (true, 0) => Self { floor: -whole, above },
            (true, below) => Self { floor: -whole - 1, above: 1_000_000_000 - below },
        })
    }

    /// The number in units of 10⁻⁹.
    pub(super) fn nanos(self) -> i128 {
        i128::from(self.floor) * NANOS_PER_UNIT + i128::from(self.above)
    }
}

/// One to `most` decimal digits; `most` is at most 18.
fn decimal(digits: &[u8], most: usize) -> Option<i64> {
    if digits.is_empty() || digits.len() > most {
        return None;
    }
    digits
        .iter()
        .try_fold(0_i64, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_the_contract_calls_a_number() {
        for (cell, nanos, floor) in [
            ("0", 0, 0),
            ("-0", 0, 0),
            ("-0.0", 0, 0),
            ("007", 7_000_000_000, 7),
            ("69.5", 69_500_000_000, 69),
            ("-69.5", -69_500_000_000, -70),
            ("-1", -1_000_000_000, -1),
            ("0.000000001", 1, 0),
            ("-0.000000001", -1, -1),
            ("999999999999999.999999999", 999_999_999_999_999_999_999_999, 999_999_999_999_999),
            ("-999999999999999.999999999", -999_999_999_999_999_999_999_999, -1_000_000_000_000_000),
        ] {
            let number = Number::parse(cell.as_bytes()).unwrap_or_else(|| panic!("{cell:?} is a number"));
            assert_eq!((number.nanos(), number.floor), (nanos, floor), "{cell:?}");
            assert!(cell.len() <= LONGEST);
        }
    }

    #[test]
    fn refuses_everything_else() {
        for cell in [
            "",
            "-",
            ".",
            "-.",
            "1.",
            ".5",
            "-.5",
            "+7",
            " 7",
            "7 ",
            "1e3",
            "1E3",
            "0x10",
            "1_000",
            "1,5",
            "NaN",
            "nan",
            "inf",
            "Infinity",
            "1e400",
            "٣",
            "--1",
            "1.2.3",
            "1-",
            "1.-2",
            "1234567890123456",
            "1.1234567890",
            "7\0",
            "\"7\"",
        ] {
            assert_eq!(Number::parse(cell.as_bytes()), None, "{cell:?}");
        }
    }

    proptest! {
        #[test]
        fn exactly_the_grammar_is_read(cell in "[-+0-9.e ]{0,6}|-?[0-9]{1,17}(\\.[0-9]{0,11})?") {
            let in_grammar = || {
                let digits = cell.strip_prefix('-').unwrap_or(&cell);
                let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
                let all_digits = |text: &str, most| {
                    (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
                };
                all_digits(whole, 15) && all_digits(fraction, 9)
            };
            prop_assert_eq!(Number::parse(cell.as_bytes()).is_some(), in_grammar());
        }

        #[test]
        fn a_printed_number_is_read_back(nanos in -999_999_999_999_999_999_999_999_i128..=999_999_999_999_999_999_999_999) {
            let (sign, size) = (if nanos < 0 { "-" } else { "" }, nanos.unsigned_abs());
            let cell = format!("{sign}{}.{:09}", size / 1_000_000_000, size % 1_000_000_000);
            let number = Number::parse(cell.as_bytes()).unwrap();
            prop_assert_eq!(number.nanos(), nanos);
            prop_assert_eq!(i128::from(number.floor), nanos.div_euclid(NANOS_PER_UNIT));
        }
    }
}
