//! Values that need parsing of their own, or looking at together.

use std::path::Path;

/// `FIELD=COLUMN`, cut at the first `=`.
pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, column)) if !field.is_empty() && !column.is_empty() => {
            Ok((field.to_owned(), column.to_owned()))
        }
        _ => Err("write FIELD=COLUMN, as in company.name=Firma".to_owned()),
    }
}

/// Whether a file that is to be written is one of those that are read, under whatever name.
pub(super) fn is_among<'a>(file: &Path, mut inputs: impl Iterator<Item = &'a Path>) -> bool {
    let Ok(there) = file.canonicalize() else { return false };
    inputs.any(|input| input.canonicalize().is_ok_and(|input| input == there))
}

/// One byte, or a name for a tab.
pub(super) fn delimiter(text: &str) -> Result<u8, String> {
    match (text, text.as_bytes()) {
        ("tab" | "\\t", _) => Ok(b'\t'),
        (_, &[byte]) => Ok(byte),
        _ => Err("write one byte, or `tab`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_sound() {
        crate::args::Cli::command().debug_assert();
    }

    #[test]
    fn reads_pairs_and_delimiters() {
        assert_eq!(
            pair("company.name=Firma = Name").unwrap(),
            ("company.name".into(), "Firma = Name".into())
        );
        assert!(["", "=", "a=", "=b", "a"].iter().all(|text| pair(text).is_err()));
        assert_eq!([",", ";", "tab", "\\t", "\t", "|"].map(|text| delimiter(text).unwrap()), *b",;\t\t\t|");
        assert!(["", ",,", "é", "TAB"].iter().all(|text| delimiter(text).is_err()));
    }
}
