//! Byte ranges of a file.

use axum::http::{HeaderMap, header};

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    /// From the first byte up to the one before the second.
    Part(u64, u64),
    /// A range that is not in the file.
    Nothing,
}

/// What is asked for of a file of that many bytes and with that `ETag`. Several ranges at once are answered whole, as is
/// what cannot be read, and a range that holds only for another `ETag`.
pub(super) fn wanted(headers: &HeaderMap, size: u64, etag: &str) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    if headers.contains_key(header::IF_RANGE) && text(header::IF_RANGE) != Some(etag) {
        return Wanted::Whole;
    }
    text(header::RANGE).and_then(|range| parse(range, size)).unwrap_or(Wanted::Whole)
}

fn parse(range: &str, size: u64) -> Option<Wanted> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let number = |digits: &str| {
        let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // Beyond what is counted here is beyond the end.
        is_number.then(|| digits.parse().unwrap_or(u64::MAX))
    };
    let (start, end) = match (first.is_empty(), last.is_empty()) {
        (true, true) => return None,
        (true, false) => (size.saturating_sub(number(last)?), size),
        (false, true) => (number(first)?, size),
        (false, false) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.saturating_add(1).min(size))
        }
    };
    Some(if start < end { Wanted::Part(start, end) } else { Wanted::Nothing })
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        use Wanted::{Nothing, Part, Whole};
        for (range, expected) in [
            ("bytes=0-0", Part(0, 1)),
            ("bytes=0-9", Part(0, 10)),
            ("bytes=3-99", Part(3, 10)),
            ("bytes=3-", Part(3, 10)),
            ("bytes=9-", Part(9, 10)),
            ("bytes=10-", Nothing),
            ("bytes=10-20", Nothing),
            ("bytes=99999999999999999999-", Nothing),
            ("bytes=0-99999999999999999999", Part(0, 10)),
            ("bytes=-3", Part(7, 10)),
            ("bytes=-30", Part(0, 10)),
            ("bytes=-0", Nothing),
            ("bytes=5-3", Whole),
            ("bytes=-", Whole),
            ("bytes=0-1,3-4", Whole),
            ("bytes=+1-", Whole),
            ("bytes=a-b", Whole),
            ("lines=0-1", Whole),
            ("", Whole),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::from_str(range).unwrap());
            assert_eq!(wanted(&headers, 10, "\"a\""), expected, "{range}");
        }
        assert_eq!(wanted(&HeaderMap::new(), 10, "\"a\""), Whole);
    }

    #[test]
    fn a_range_holds_for_its_etag_only() {
        for (if_range, expected) in [
            ("\"a\"", Wanted::Part(1, 2)),
            ("\"b\"", Wanted::Whole),
            ("W/\"a\"", Wanted::Whole),
            ("a", Wanted::Whole),
        ] {
            let headers: HeaderMap = [
                (header::RANGE, HeaderValue::from_static("bytes=1-1")),
                (header::IF_RANGE, HeaderValue::from_str(if_range).unwrap()),
            ]
            .into_iter()
            .collect();
            assert_eq!(wanted(&headers, 10, "\"a\""), expected, "{if_range}");
        }
    }
}
