//! Score buckets and their labels.

use std::fmt;
use std::ops::RangeInclusive;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::error::{Error, ErrorKind, Result};
use crate::tally::ScoreScale;

/// The buckets of the API's documentation.
pub const DEFAULT_BUCKETS: [&str; 3] = ["50-69", "70-89", "90-99"];

/// A range of scores. A score belongs to the bucket that holds its floor, so 69.5 is in `50-69`.
///
/// Labels: `A-B` (hyphen or en dash), `A`, `A+`, `<A`, `>=A`, both ends inclusive. It prints as it was written.
///
/// ```
/// let bucket: fillrate::Bucket = "50-69".parse()?;
/// assert_eq!(bucket.floors(), &(50..=69));
/// assert!("fifty".parse::<fillrate::Bucket>().is_err());
/// # Ok::<(), fillrate::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    label: String,
    floors: RangeInclusive<i64>,
}

impl Bucket {
    /// The whole numbers that it holds.
    #[must_use]
    pub fn floors(&self) -> &RangeInclusive<i64> {
        &self.floors
    }

    /// Whether scores are told apart by it that are not otherwise: because it begins or ends above 100.
    #[must_use]
    pub fn tells_apart_above_100(&self) -> bool {
        !ScoreScale::default().tells_apart(&self.floors)
    }

    /// Its label, as it was written.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// How many of some buckets share a score with one that starts no later.
    ///
    /// ```
    /// let buckets = ["50-70", "90+", "70-89"].map(|label| label.parse::<fillrate::Bucket>().unwrap());
    /// assert_eq!(fillrate::Bucket::overlaps(&buckets), 1);
    /// ```
    #[must_use]
    pub fn overlaps(buckets: &[Self]) -> u64 {
        let mut floors: Vec<_> = buckets.iter().map(Self::floors).collect();
        floors.sort_unstable_by_key(|floors| *floors.start());
        let mut reached = None;
        let overlaps_earlier = |floors: &&&RangeInclusive<i64>| {
            let overlaps = reached.is_some_and(|reached| *floors.start() <= reached);
            reached = reached.max(Some(*floors.end()));
            overlaps
        };
        floors.iter().filter(overlaps_earlier).count() as u64
    }
}

impl FromStr for Bucket {
    type Err = Error;

    fn from_str(label: &str) -> Result<Self> {
        let floors = floors(label).filter(|floors| !floors.is_empty()).ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                format!("the bucket label {label} cannot be read"),
                "write A-B, A, A+, <A or >=A with whole numbers, ends inclusive",
            )
        })?;
        Ok(Self { label: label.to_owned(), floors })
    }
}

fn floors(label: &str) -> Option<RangeInclusive<i64>> {
    if let Some(end) = label.strip_prefix('<') {
        return Some(i64::MIN..=whole(end)? - 1);
    }
    if let Some(start) = label.strip_prefix(">=").or_else(|| label.strip_suffix('+')) {
        return Some(whole(start)?..=i64::MAX);
    }
    let (start, end) = label.split_once(['-', '–']).unwrap_or((label, label));
    Some(whole(start)?..=whole(end)?)
}

/// A whole number of up to 15 digits, as many as a score can have.
fn whole(digits: &str) -> Option<i64> {
    let plain = (1..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok()).flatten()
}

impl fmt::Display for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)
    }
}

impl Serialize for Bucket {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.label)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_form_of_label() {
        for (label, floors) in [
            ("50-69", 50..=69),
            ("50–69", 50..=69),
            ("0-49", 0..=49),
            ("7-7", 7..=7),
            ("100", 100..=100),
            ("90+", 90..=i64::MAX),
            (">=90", 90..=i64::MAX),
            ("<50", i64::MIN..=49),
            ("<0", i64::MIN..=-1),
            ("999999999999999", 999_999_999_999_999..=999_999_999_999_999),
        ] {
            let bucket: Bucket = label.parse().unwrap();
            assert_eq!(bucket.floors, floors, "{label}");
            assert_eq!(bucket.to_string(), label);
        }
    }

    #[test]
    fn refuses_every_other_label() {
        for label in [
            "",
            "-",
            "a",
            "69-50",
            "-5-3",
            "-5",
            "50-",
            "-69",
            "50--69",
            "50 - 69",
            " 50",
            "5.5",
            "50-69.9",
            "<",
            "+",
            ">=",
            ">50",
            "<=50",
            "<50+",
            "1e2",
            "1000000000000000",
            "٣",
        ] {
            assert_eq!(label.parse::<Bucket>().unwrap_err().kind(), ErrorKind::Usage, "{label}");
        }
    }

    #[test]
    fn overlaps_are_counted_in_any_order() {
        for (labels, expected) in [
            (&["50-69", "70-89"][..], 0),
            (&["70-89", "50-70"], 1),
            (&["95", "90+"], 1),
            (&["<50", "50"], 0),
            (&["0-100", "10", "20", "200"], 2),
            (&["7", "7", "7"], 2),
            (&[], 0),
        ] {
            let buckets: Vec<Bucket> = labels.iter().map(|label| label.parse().unwrap()).collect();
            assert_eq!(Bucket::overlaps(&buckets), expected, "{labels:?}");
        }
    }
}
