//! What is in a cell, and which cells count as filled.

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};

/// The words that stand for nothing: as the whole cell, ASCII case folded.
const PLACEHOLDERS: [&str; 11] =
    ["null", "none", "nil", "nan", "n/a", "na", "undefined", "-", "--", "[]", "{}"];

/// What a cell holds, after CSV unquoting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    /// Nothing.
    Empty,
    /// White space only: space, tab, LF, VT, FF, CR.
    Blank,
    /// One placeholder word and nothing else.
    Placeholder,
    /// Anything else.
    Value,
}

/// Which cells count as filled. The default is the API's rule: every cell that is not empty.
///
/// ```
/// use fillrate::{FillRule, Filling};
///
/// let api = FillRule::default();
/// assert_eq!(api.classify(b" \t"), Filling::Blank);
/// assert!(api.is_filled(Filling::Blank) && api.is_filled(api.classify(b"N/A")));
///
/// let strict = FillRule::default().non_blank().with_placeholder("unknown")?;
/// assert!(!strict.is_filled(Filling::Blank));
/// assert!(!strict.is_filled(strict.classify(b"Unknown")) && !strict.is_filled(strict.classify(b"N/A")));
/// # Ok::<(), fillrate::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FillRule {
    blanks_are_unfilled: bool,
    /// Words beside the built-in ones. With any of them, placeholders are unfilled.
    #[serde(rename = "placeholders")]
    added: Vec<String>,
}

impl FillRule {
    /// Makes blank cells count as unfilled.
    #[must_use]
    pub fn non_blank(mut self) -> Self {
        self.blanks_are_unfilled = true;
        self
    }

    /// Adds a word to the placeholders and makes all of them count as unfilled.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] for a word that is empty or only white space: such cells are no placeholders.
    pub fn with_placeholder(mut self, word: &str) -> Result<Self> {
        if is_blank(word.as_bytes()) {
            return Err(Error::new(
                ErrorKind::Usage,
                "a placeholder word needs a character that is not white space",
                "use the fill rule `non-blank` for blank cells",
            ));
        }
        self.added.push(word.to_owned());
        Ok(self)
    }

    /// Says what a cell holds.
    #[must_use]
    pub fn classify(&self, cell: &[u8]) -> Filling {
        if cell.is_empty() {
            Filling::Empty
        } else if is_blank(cell) {
            Filling::Blank
        } else if self.placeholders().any(|word| word.as_bytes().eq_ignore_ascii_case(cell)) {
            Filling::Placeholder
        } else {
            Filling::Value
        }
    }

    /// Whether a cell with this filling counts as filled.
    #[must_use]
    pub fn is_filled(&self, filling: Filling) -> bool {
        match filling {
            Filling::Empty => false,
            Filling::Blank => !self.blanks_are_unfilled,
            Filling::Placeholder => !self.placeholders_are_unfilled(),
            Filling::Value => true,
        }
    }

    /// Whether blank cells count as unfilled.
    #[must_use]
    pub fn blanks_are_unfilled(&self) -> bool {
        self.blanks_are_unfilled
    }

    /// Whether placeholders count as unfilled.
    #[must_use]
    pub fn placeholders_are_unfilled(&self) -> bool {
        !self.added.is_empty()
    }

    /// The words that stand for nothing, the built-in ones first.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        PLACEHOLDERS.into_iter().chain(self.added.iter().map(String::as_str))
    }

    /// The length in bytes of the longest placeholder: a longer cell is none.
    pub(crate) fn longest_placeholder(&self) -> usize {
        self.placeholders().map(str::len).max().unwrap_or(0)
    }

    /// The bytes that blank cells and placeholders are written with, some of them twice.
    pub(crate) fn hollow_bytes(&self) -> impl Iterator<Item = u8> {
        WHITE_SPACE.into_iter().chain(self.placeholders().flat_map(str::bytes).flat_map(both_cases))
    }

    /// By byte: whether a blank cell or a placeholder may begin with it.
    pub(super) fn hollow_starts(&self) -> [bool; 256] {
        let mut starts = [false; 256];
        let of_words = self.placeholders().filter_map(|word| word.bytes().next()).flat_map(both_cases);
        WHITE_SPACE.into_iter().chain(of_words).for_each(|byte| starts[usize::from(byte)] = true);
        starts
    }

    /// The same rule, written as every equal one is.
    pub(crate) fn canonical(&self) -> Self {
        let mut added: Vec<String> = self.added.iter().map(|word| word.to_ascii_lowercase()).collect();
        added.sort_unstable();
        added.dedup();
        Self { blanks_are_unfilled: self.blanks_are_unfilled, added }
    }
}

fn both_cases(letter: u8) -> [u8; 2] {
    [letter.to_ascii_lowercase(), letter.to_ascii_uppercase()]
}

/// Space, tab, LF, VT, FF, CR. Rust's `is_ascii_whitespace` lacks VT.
const WHITE_SPACE: [u8; 6] = *b" \t\n\x0B\x0C\r";

/// Whether there is nothing but white space.
pub(super) fn is_blank(cell: &[u8]) -> bool {
    cell.iter().all(|byte| WHITE_SPACE.contains(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classifies_by_the_contract() {
        let rule = FillRule::default().with_placeholder("Unbekannt").unwrap();
        for (cell, expected) in [
            ("", Filling::Empty),
            (" ", Filling::Blank),
            ("\t\n\x0b\x0c\r ", Filling::Blank),
            ("\u{a0}", Filling::Value),
            ("\u{200b}", Filling::Value),
            ("\0", Filling::Value),
            ("NULL", Filling::Placeholder),
            ("nUll", Filling::Placeholder),
            ("none", Filling::Placeholder),
            ("Nil", Filling::Placeholder),
            ("NaN", Filling::Placeholder),
            ("N/A", Filling::Placeholder),
            ("na", Filling::Placeholder),
            ("undefined", Filling::Placeholder),
            ("-", Filling::Placeholder),
            ("--", Filling::Placeholder),
            ("[]", Filling::Placeholder),
            ("{}", Filling::Placeholder),
            ("UNBEKANNT", Filling::Placeholder),
            ("---", Filling::Value),
            (" null", Filling::Value),
            ("null ", Filling::Value),
            ("[ ]", Filling::Value),
            ("n.a.", Filling::Value),
            ("0", Filling::Value),
        ] {
            assert_eq!(rule.classify(cell.as_bytes()), expected, "{cell:?}");
        }
    }

    #[test]
    fn refuses_a_blank_placeholder() {
        for word in ["", " ", "\t"] {
            assert_eq!(FillRule::default().with_placeholder(word).unwrap_err().kind(), ErrorKind::Usage);
        }
    }
}
