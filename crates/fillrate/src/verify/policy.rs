//! What is accepted although it differs.

use std::str::FromStr;

use crate::columns::is_same_field;
use crate::error::{Error, ErrorKind, Result};
use crate::fraction::Fraction;
use crate::reported::Exact;

/// How strict a verification is. The default accepts no difference, and no reported figure above 0 whose column is
/// missing.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Accepted differences.
    pub tolerances: Vec<Tolerance>,
    /// Reported fields that may be missing in the file, in any spelling.
    pub allow_missing: Vec<String>,
    /// Makes every status but `match`, and every column that nobody reported, a mismatch.
    pub require_all: bool,
    /// Limits the checks of single fields to these; empty for all.
    pub fields: Vec<String>,
}

impl Policy {
    /// Whether a reported field may be missing in the file.
    pub(super) fn lets_miss(&self, field: &str) -> bool {
        self.allow_missing.iter().any(|allowed| is_same_field(allowed, field))
    }
}

/// An accepted difference: `CHECK=N`, where the check's id may end in `*`.
///
/// ```
/// let tolerance: fillrate::Tolerance = "fillRates.*=0.5".parse()?;
/// assert!(tolerance.applies_to("fillRates.email.percent"));
/// assert!(!tolerance.applies_to("total"));
/// # Ok::<(), fillrate::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tolerance {
    text: String,
    /// The id, or its beginning.
    id: String,
    /// Whether `id` is only the beginning.
    prefix: bool,
    most: Exact,
}

impl Tolerance {
    /// Whether it is meant for this check.
    #[must_use]
    pub fn applies_to(&self, id: &str) -> bool {
        if self.prefix { id.starts_with(&self.id) } else { id == self.id }
    }

    /// Whether the two values differ by no more than it says.
    pub(super) fn accepts(&self, reported: Fraction, computed: Fraction) -> bool {
        self.most.fraction().and_then(|most| reported.is_within(computed, most)) == Some(true)
    }

    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Tolerance {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        // The last `=`: a field's name may hold one.
        let parsed = text.rsplit_once('=').and_then(|(id, most)| Some((id, Exact::parse(most)?)));
        let (id, most) = parsed.filter(|(id, most)| !id.is_empty() && most.value >= 0).ok_or_else(|| {
            Error::new(
                ErrorKind::Usage,
                format!("{text} does not have the form CHECK=N with a number N from 0"),
                "write it as in `total=1` or `fillRates.*=0.5`",
            )
        })?;
        let (id, prefix) = id.strip_suffix('*').map_or((id, false), |id| (id, true));
        Ok(Self { text: text.to_owned(), id: id.to_owned(), prefix, most })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_ids_and_prefixes() {
        for (text, id, applies) in [
            ("total=1", "total", true),
            ("total=1", "totals", false),
            ("*=0", "anything", true),
            ("fillRates.*=2", "fillRates.email.count", true),
            ("fillRates.a=b.count=2", "fillRates.a=b.count", true),
        ] {
            assert_eq!(text.parse::<Tolerance>().unwrap().applies_to(id), applies, "{text} for {id}");
        }
        for text in ["", "total", "total=", "total=x", "total=-1", "=1"] {
            assert_eq!(text.parse::<Tolerance>().unwrap_err().kind(), ErrorKind::Usage, "{text}");
        }
    }
}
