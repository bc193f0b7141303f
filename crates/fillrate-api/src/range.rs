//! What a server says about the part of a file that it sends.

/// `Content-Range`, of what is sent or of what could not be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ContentRange {
    /// The first and the last byte; none in the answer to a range that is not there.
    pub(crate) bytes: Option<(u64, u64)>,
    /// Bytes of the whole file, if they are told.
    pub(crate) size: Option<u64>,
}

impl ContentRange {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (range, size) = text.strip_prefix("bytes ")?.split_once('/')?;
        let size = if size == "*" { None } else { Some(number(size)?) };
        if range == "*" {
            return Some(Self { bytes: None, size });
        }
        let (first, last) = range.split_once('-')?;
        Some(Self { bytes: Some((number(first)?, number(last)?)), size })
    }

    /// Whether it is the rest of a file from a byte on, to its end.
    pub(crate) fn is_rest(self, from: u64, size: Option<u64>) -> bool {
        let Some((first, last)) = self.bytes else { return false };
        let end = self.size.or(size);
        first == from
            && last >= first
            && end.is_some_and(|end| end.checked_sub(1) == Some(last))
            && (size.is_none() || end == size)
    }

    /// Whether a range was refused because all of the file is here.
    pub(crate) fn is_all_here(self, here: u64, size: Option<u64>) -> bool {
        self.bytes.is_none() && self.size == Some(here) && size.is_none_or(|size| size == here)
    }
}

fn number(text: &str) -> Option<u64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_rest_that_was_asked_for_is_it() {
        let is_rest = |text: &str, size: Option<u64>| {
            ContentRange::parse(text).is_some_and(|range| range.is_rest(5, size))
        };
        assert!(
            is_rest("bytes 5-9/10", Some(10))
                && is_rest("bytes 5-9/10", None)
                && is_rest("bytes 5-9/*", Some(10))
        );
        for wrong in [
            "bytes 4-9/10",
            "bytes 6-9/10",
            "bytes 5-8/10",
            "bytes 5-10/10",
            "bytes 5-9/11",
            "bytes 5-10/11",
            "bytes 5-4/5",
            "bytes */10",
            "5-9/10",
            "bytes 5-9",
            "bytes -9/10",
            "bytes +5-9/10",
            "bytes 5-99999999999999999999/10",
            "",
        ] {
            assert!(!is_rest(wrong, Some(10)), "{wrong}");
        }
        assert!(!is_rest("bytes 5-9/*", None), "nobody knows whether it is the end");
        assert!(!is_rest("bytes 5-18446744073709551615/0", None));
        let all =
            |text: &str, size| ContentRange::parse(text).is_some_and(|range| range.is_all_here(10, size));
        assert!(all("bytes */10", Some(10)) && all("bytes */10", None));
        assert!(!all("bytes */11", Some(10)) && !all("bytes */*", Some(10)) && !all("bytes */10", Some(11)));
    }
}
