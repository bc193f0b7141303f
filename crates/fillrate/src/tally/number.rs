//! Numbers in cells: `-?[0-9]{1,15}(\.[0-9]{1,9})?`, nothing around them.

use std::ops::Range;

/// How many of a number's smallest units make one.
pub(crate) const NANOS_PER_UNIT: i128 = 1_000_000_000;

/// No number has more of them, above 0 or below: it has up to 15 digits before the point.
pub(super) const MOST_NANOS: i128 = 1_000_000_000_000_000 * NANOS_PER_UNIT;

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

    /// Reads the cell at `cell`, as [`parse`](Self::parse) does, if that takes no loop: up to eight digits, one of which may be a
    /// point instead, with eight bytes to read up to the cell's end. `None` does not mean that it is no number.
    #[inline]
    pub(super) fn parse_short(bytes: &[u8], cell: &Range<usize>) -> Option<Self> {
        let word = u64::from_le_bytes(*bytes[..cell.end].last_chunk()?);
        let length = cell.len();
        if length == 0 || length > 8 {
            return None;
        }
        // The cell ends in the word's highest byte. What is before it counts as leading zeros.
        let digits = (word ^ u64::from_le_bytes([b'0'; 8])) & u64::MAX << (64 - 8 * length);
        // Beyond 9 and up to 0x7F this reaches the high bit; from 0x80 on, it is set.
        let others = (digits.wrapping_add(0x7676_7676_7676_7676) | digits) & 0x8080_8080_8080_8080;
        if others == 0 {
            return Some(Self { floor: i64::from(value_of_digits(digits)), above: 0 });
        }
        // The lowest byte that is no digit, as nothing is carried into it. What is behind it is looked at anew.
        let at = others.trailing_zeros() / 8;
        let behind = if at == 7 { return None } else { digits >> (8 * at + 8) };
        let is_point = digits >> (8 * at) & 0xFF == u64::from(b'.' ^ b'0');
        let has_others = ((behind + 0x76_7676_7676_7676) | behind) & 0x8080_8080_8080_8080 != 0;
        let first = 8 - u32::try_from(length).ok()?;
        if !is_point || at == first || has_others {
            return None;
        }
        let before = digits & ((1 << (8 * at)) - 1);
        let decimals = 7 - at as usize;
        Some(Self {
            floor: value_of_digits(before << (64 - 8 * at)).into(),
            above: value_of_digits(behind << (8 * at + 8)) * POWERS_OF_10[9 - decimals],
        })
    }

    /// The number in units of 10⁻⁹.
    pub(super) fn nanos(self) -> i128 {
        i128::from(self.floor) * NANOS_PER_UNIT + i128::from(self.above)
    }
}

/// 10⁰ to 10⁸.
const POWERS_OF_10: [u32; 9] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000];

/// The number whose eight digits are the bytes of a word, the first one in the lowest byte: neighbours are joined to pairs,
/// these to fours, and these to eight digits, each time by one multiplication.
#[inline]
fn value_of_digits(digits: u64) -> u32 {
    let pairs = (digits.wrapping_mul(10) + (digits >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    let eight = fours.wrapping_mul(10_000).wrapping_add(fours >> 32);
    // Below 10⁸.
    #[allow(clippy::cast_possible_truncation)]
    return eight as u32;
}

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
        fn a_short_cell_is_read_alike(
            before in prop::collection::vec(any::<u8>(), 0..12),
            cell in prop_oneof!["[-0-9.]{0,9}", "[0-9]{1,6}\\.[0-9]{1,6}", "[0-9]{1,9}"],
            odd in prop::option::of((any::<prop::sample::Index>(), any::<u8>())),
        ) {
            let mut bytes = [&before, cell.as_bytes()].concat();
            if let Some((at, byte)) = odd.filter(|_| !cell.is_empty()) {
                let at = before.len() + at.index(cell.len());
                bytes[at] = byte;
            }
            let range = before.len()..bytes.len();
            let (cell, short) = (&bytes[range.clone()], Number::parse_short(&bytes, &range));
            prop_assert!(short.is_none() || short == Number::parse(cell));
            let is_simple = bytes.len() >= 8 && cell.len() <= 8 && !cell.starts_with(b"-");
            prop_assert!(!is_simple || short == Number::parse(cell));
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
