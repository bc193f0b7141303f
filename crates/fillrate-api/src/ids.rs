//! What paths and addresses are made of: ids and dates, which cannot hold anything else.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use uuid::fmt::Hyphenated;

use crate::error::{Error, ErrorKind};

/// A UUID, in lower case: the only text of an answer that ever becomes part of a path or an address.
///
/// ```
/// let id: fillrate_api::Id = "AD53AF16-EFBC-4FE1-A764-DED7181653A1".parse()?;
/// assert_eq!(id.to_string(), "ad53af16-efbc-4fe1-a764-ded7181653a1");
/// assert!("../ad53af16-efbc-4fe1-a764-ded7181653a1".parse::<fillrate_api::Id>().is_err());
/// # Ok::<(), fillrate_api::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Id(Hyphenated);

impl FromStr for Id {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // Of all the forms that UUIDs are written in, it reads this one alone.
        text.parse().map(Self).map_err(|_| {
            let advice = "copy it as the API gives it, as in 8c049a20-3385-42da-b710-0d038eff5812";
            Error::new(ErrorKind::Usage, "an id is a UUID of 32 hexadecimal digits and 4 hyphens", advice)
        })
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::LowerHex::fmt(&self.0, f)
    }
}

/// A day of the calendar, written `YYYY-MM-DD`.
///
/// ```
/// assert!("2026-02-28".parse::<fillrate_api::Day>().is_ok());
/// assert!("2026-02-29".parse::<fillrate_api::Day>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day(Date);

impl FromStr for Day {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // Dates are read in other forms too, and printed in another one if they are before our era.
        let is_plain = |day: &Date| text.len() == "YYYY-MM-DD".len() && day.to_string() == text;
        let day = text.parse().ok().filter(is_plain);
        day.map(Self).ok_or_else(|| {
            Error::new(ErrorKind::Usage, "a date is a day of the calendar", "write it as in 2026-05-05")
        })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_but_a_uuid_is_an_id() {
        let good = "ad53af16-efbc-4fe1-a764-ded7181653a1";
        assert!(good.parse::<Id>().is_ok());
        for bad in [
            "",
            "../../x",
            "/etc/x",
            "C:\\x",
            "CON",
            "ad53af16-efbc-4fe1-a764-ded71816531",
            "ad53af16-efbc-4fe1-a764-ded7181653122",
            "ad53af160efbc-42da-b710-0d038eff5812",
            "ad53af16-efbc-4fe1-a764-ded71816531/",
            "ad53af16-efbc-4fe1-a764-ded71816531\0",
            "{ad53af16-efbc-4fe1-a764-ded718165312}",
            "ad53af16efbc4fe1a764ded7181653a1",
            "urn:uuid:ad53af16-efbc-4fe1-a764-ded7181653a1",
            "ad53af16-efbc-4fe1-a764-ded7181653é",
            &"a".repeat(5_000),
        ] {
            let error = bad.parse::<Id>().unwrap_err();
            assert!(bad.len() < 4 || !error.to_string().contains(bad), "it is not repeated: {error}");
        }
    }

    #[test]
    fn only_days_of_the_calendar_are_days() {
        for good in ["2024-02-29", "2000-02-29", "2026-12-31", "2026-04-30"] {
            assert_eq!(good.parse::<Day>().unwrap().to_string(), good);
        }
        for bad in [
            "1900-02-29",
            "2026-04-31",
            "2026-13-01",
            "2026-00-01",
            "2026-01-00",
            "2026-1-01",
            "20260101",
            "2026-01-01T00:00",
            "2026-01-01[UTC]",
            "+002026-01-01",
            "-000001-01-01",
            "2026-W10-2",
            "2026-060",
            " 2026-01-01",
            "../..-....",
            "２０26-01-01",
        ] {
            assert!(bad.parse::<Day>().is_err(), "{bad}");
        }
    }
}
