//! Tells what stands between cells where a header seems to have but one.

/// The delimiters in use beside the comma.
const OTHERS: [char; 3] = [';', '\t', '|'];

/// The character that probably stands between the names in what was read as one name: the most frequent one.
pub(super) fn likely(name: &str) -> Option<char> {
    let counts = OTHERS.map(|delimiter| (name.matches(delimiter).count(), delimiter));
    counts.into_iter().filter(|(count, _)| *count > 0).max().map(|(_, delimiter)| delimiter)
}

#[cfg(test)]
mod tests {
    use super::likely;

    #[test]
    fn the_most_frequent_one_is_likely() {
        for (name, expected) in [
            ("email;phone", Some(';')),
            ("hashed_email\temail\tfirst;last", Some('\t')),
            ("email|phone|a;b", Some('|')),
            ("email", None),
            ("", None),
            ("first name, last name", None),
        ] {
            assert_eq!(likely(name), expected, "{name}");
        }
    }
}
