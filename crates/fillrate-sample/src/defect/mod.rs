//! What can be wrong with a sample: one table of kinds, and a kind with its amount.

pub(crate) mod delivered;
pub(crate) mod download;
mod plan;

use std::fmt;
use std::str::FromStr;

use crate::Error;

pub(crate) use plan::Plan;

/// At which point a sample and its reports part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DefectClass {
    /// The API's own file has the defect: the export record measures the file as it is, while the stats count what the
    /// API holds.
    Delivered,
    /// The file was damaged after the API had measured it: both reports describe the intact file.
    Download,
    /// The file is intact: a number in a report is wrong.
    Report,
}

/// Declares [`DefectKind`] and all that is known of each kind, so that the two cannot drift apart.
macro_rules! defect_kinds {
    ($($kind:ident, $name:literal, $class:ident, $amount:expr, $description:literal;)+) => {
        /// What is wrong with a sample. `N` stands for the amount of the [`Defect`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum DefectKind {
            $(#[doc = concat!("`", $name, "`: ", $description, ".")] $kind,)+
        }

        impl DefectKind {
            /// Every kind, in the order in which help texts list them.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$kind),+];

            /// The name that [`Defect`] is parsed from.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)+ }
            }

            /// One line on what it does, for help texts.
            #[must_use]
            pub const fn description(self) -> &'static str {
                match self { $(Self::$kind => $description,)+ }
            }

            /// Where the sample and its reports part.
            #[must_use]
            pub const fn class(self) -> DefectClass {
                match self { $(Self::$kind => DefectClass::$class,)+ }
            }

            /// The amount when none is given; `None` if the kind takes no amount.
            #[must_use]
            pub const fn default_amount(self) -> Option<u64> {
                match self { $(Self::$kind => $amount,)+ }
            }
        }
    };
}

defect_kinds! {
    Blank, "blank", Delivered, Some(5), "N unfilled jobTitle cells hold a space; the stats count them as unfilled";
    Placeholder, "placeholder", Delivered, Some(5),
        "N unfilled linkedinUrl cells hold the word null; the stats count them as unfilled";
    InvalidScore, "invalid-score", Delivered, Some(3),
        "N score cells hold a word; the stats count the numbers that were there";
    OutsideScore, "outside-score", Delivered, Some(3),
        "N scores are 100; the stats average them, but no bucket holds them";
    ShortRecord, "short-record", Delivered, Some(2), "N records lack their last cell; the stats count what was in it";
    LongRecord, "long-record", Delivered, Some(2), "N records have a cell too many";
    EmptyLine, "empty-line", Delivered, Some(2), "N records are followed by an empty line";
    InvalidUtf8, "invalid-utf8", Delivered, Some(3), "N filled firstName cells end in a Latin-1 byte";
    Nul, "nul", Delivered, Some(3), "N filled lastName cells end in a NUL byte";
    LostRecord, "lost-record", Download, Some(1), "N records are missing";
    DuplicateRecord, "duplicate-record", Download, Some(1), "N records are there twice";
    StrayQuote, "stray-quote", Download, Some(1),
        "N records open with a quote that nothing closes: it swallows what follows, up to the next quote";
    CutOff, "cut-off", Download, Some(40), "the last N bytes are missing";
    Crlf, "crlf", Download, None, "every line ends in CRLF, inside quoted cells too";
    Bom, "bom", Download, None, "the file starts with a byte order mark";
    WrongTotal, "wrong-total", Report, Some(1), "the stats' total is N too high";
    WrongCount, "wrong-count", Report, Some(1), "the count of firstName is N too high";
    WrongPercent, "wrong-percent", Report, Some(1), "the percent of firstName is N hundredths too high";
    WrongBucket, "wrong-bucket", Report, Some(1), "the count of the bucket 70-89 is N too high";
    WrongAverage, "wrong-average", Report, Some(1), "the average score is N hundredths too high";
    WrongByteSize, "wrong-byte-size", Report, Some(1), "the export record's size is N bytes too high";
    WrongRowCount, "wrong-row-count", Report, Some(1), "the export record's row count is N too high";
    WrongSha1, "wrong-sha1", Report, None, "the export record's SHA-1 is another file's";
    OtherRun, "other-run", Report, None, "the export record belongs to another run";
}

impl fmt::Display for DefectKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A kind of defect, and how much of it.
///
/// ```
/// use fillrate_sample::{Defect, DefectKind};
///
/// let defect: Defect = "lost-record=10".parse()?;
/// assert_eq!((defect.kind(), defect.amount()), (DefectKind::LostRecord, 10));
/// assert_eq!("lost-record".parse::<Defect>()?, Defect::from(DefectKind::LostRecord));
/// # Ok::<(), fillrate_sample::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Defect {
    kind: DefectKind,
    amount: u64,
}

impl Defect {
    /// `amount` of `kind`.
    ///
    /// # Errors
    ///
    /// If the amount is 0, or the kind takes none.
    pub const fn new(kind: DefectKind, amount: u64) -> Result<Self, Error> {
        if amount == 0 || kind.default_amount().is_none() {
            return Err(Error::InvalidAmount { kind });
        }
        Ok(Self { kind, amount })
    }

    /// What is wrong.
    #[must_use]
    pub const fn kind(self) -> DefectKind {
        self.kind
    }

    /// How much of it; 1 for a kind that takes no amount.
    #[must_use]
    pub const fn amount(self) -> u64 {
        self.amount
    }
}

impl From<DefectKind> for Defect {
    /// The kind with its default amount.
    fn from(kind: DefectKind) -> Self {
        Self { kind, amount: kind.default_amount().unwrap_or(1) }
    }
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind.default_amount() {
            Some(_) => write!(f, "{}={}", self.kind, self.amount),
            None => self.kind.fmt(f),
        }
    }
}

impl FromStr for Defect {
    type Err = Error;

    /// Reads `KIND` or `KIND=N`.
    fn from_str(text: &str) -> Result<Self, Error> {
        let (name, amount) = match text.split_once('=') {
            Some((name, amount)) => (name, Some(amount)),
            None => (text, None),
        };
        let kind = DefectKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
            .ok_or_else(|| Error::UnknownDefect { name: name.to_owned() })?;
        match amount {
            None => Ok(kind.into()),
            Some(amount) => Self::new(kind, amount.parse().map_err(|_| Error::InvalidAmount { kind })?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_back() {
        for kind in DefectKind::ALL {
            let defect = Defect::from(kind);
            assert_eq!(defect.to_string().parse::<Defect>().unwrap(), defect);
            assert_eq!(kind.name().parse::<Defect>().unwrap(), defect);
        }
    }

    #[test]
    fn refusals_say_what_is_accepted() {
        let refusal = |text: &str| text.parse::<Defect>().unwrap_err().to_string();
        for kind in DefectKind::ALL {
            assert!(refusal("mould").contains(kind.name()));
        }
        for amount in ["", "0", "-1", "1.5", "many"] {
            let expected = "blank takes a whole number of at least 1, as in blank=5";
            assert_eq!(refusal(&format!("blank={amount}")), expected);
        }
        assert_eq!(refusal("crlf=2"), "crlf takes no amount; leave it out");
    }
}
