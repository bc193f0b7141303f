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
    #[inline]
    pub(super) fn parse(cell: &[u8]) -> Option<Self> {
        let (negative, unsigned) = match cell {
            [b'-', unsigned @ ..] => (true, unsigned),
            unsigned => (false, unsigned),
        };
        let (whole, rest) = decimal(unsigned, 15)?;
        let above = match rest {
            [] => 0,
            [b'.', fraction @ ..] => {
                let (digits, rest) = decimal(fraction, 9)?;
                if !rest.is_empty() {
                    return None;
                }
                // Below 10⁹ in all.
                u32::try_from(digits).ok()? * POWERS_OF_10[9 - fraction.len()]
            }
            _ => return None,
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

/// 10⁰ to 10⁸.
const POWERS_OF_10: [u32; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// The value of the digits that `bytes` begins with, and what is behind them; `None` if there are none or more than
/// `most`, which is at most 18.
#[inline]
fn decimal(bytes: &[u8], most: usize) -> Option<(i64, &[u8])> {
    let mut value = 0;
    let mut count = 0;
    for digit in bytes.iter().map(|byte| byte.wrapping_sub(b'0')) {
        if digit > 9 {
            break;
        }
        if count == most {
            return None;
        }
        value = value * 10 + i64::from(digit);
        count += 1;
    }
    (count > 0).then(|| (value, &bytes[count..]))
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
