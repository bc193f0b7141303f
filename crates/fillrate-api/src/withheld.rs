//! Answers that are kept, but for the addresses in them that would give the file to whoever reads them.

use std::collections::BTreeMap;
use std::ops::Range;

use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Result};

/// The member that holds a signed URL; others are known by their looks.
const MEMBER: &str = "downloadUrl";

/// Leaves signed URLs out of an answer, and every other byte as it is.
pub(crate) fn without_urls(text: &[u8]) -> Result<Vec<u8>> {
    let unusable =
        || Error::new(ErrorKind::Answer, "an answer is not valid JSON", "check the address of the API");
    let mut text = std::str::from_utf8(text).map_err(|_| unusable())?.to_owned();
    let top: &RawValue = serde_json::from_str(&text).map_err(|_| unusable())?;
    let mut values = Vec::new();
    find(top, &mut values);
    let start = text.as_ptr().addr();
    let mut spans: Vec<(Range<usize>, Within)> = values
        .iter()
        .map(|&(value, within)| {
            let at = value.get().as_ptr().addr() - start;
            (at..at + value.get().len(), within)
        })
        .collect();
    // From the last to the first, so that the places of those before stay true.
    spans.sort_by_key(|(span, _)| std::cmp::Reverse(span.start));
    for (span, within) in spans {
        match within {
            Within::Object => {
                let member = member(&text, span);
                text.replace_range(member, "");
            }
            // The others keep their places.
            Within::List => text.replace_range(span, "null"),
        }
    }
    Ok(text.into_bytes())
}

/// What a value is in.
#[derive(Clone, Copy)]
enum Within {
    Object,
    List,
}

/// All values that are addresses to withhold, at any depth.
fn find<'a>(value: &'a RawValue, found: &mut Vec<(&'a RawValue, Within)>) {
    if let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(value.get()) {
        for (name, value) in members {
            let is_secret = name == MEMBER || is_signed(value);
            if is_secret { found.push((value, Within::Object)) } else { find(value, found) }
        }
    } else if let Ok(items) = serde_json::from_str::<Vec<&RawValue>>(value.get()) {
        for item in items {
            if is_signed(item) { found.push((item, Within::List)) } else { find(item, found) }
        }
    }
}

/// Whether it is the address of a page with a query, which is where signatures stand.
fn is_signed(value: &RawValue) -> bool {
    let text: std::result::Result<String, _> = serde_json::from_str(value.get());
    text.is_ok_and(|text| (text.contains("://") || text.starts_with("//")) && text.contains('?'))
}

/// The whole member that a value is of, with its name and the comma that would be one too many.
fn member(text: &str, value: Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let is_space = |byte: &u8| byte.is_ascii_whitespace();
    let back_over_space =
        |end: usize| bytes[..end].iter().rposition(|byte| !is_space(byte)).map_or(0, |at| at + 1);
    // Behind the name, in front of the colon; then the quote that the name begins with.
    let colon = back_over_space(value.start).saturating_sub(1);
    let mut start = back_over_space(colon).saturating_sub(1);
    while start > 0 {
        start -= 1;
        let backslashes = bytes[..start].iter().rev().take_while(|byte| **byte == b'\\').count();
        if bytes[start] == b'"' && backslashes % 2 == 0 {
            break;
        }
    }
    let before = back_over_space(start);
    if bytes.get(before.wrapping_sub(1)) == Some(&b',') {
        return before - 1..value.end;
    }
    let after = value.end + bytes[value.end..].iter().take_while(|byte| is_space(byte)).count();
    if bytes.get(after) == Some(&b',') { start..after + 1 } else { start..value.end }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signed_url_goes_and_everything_else_stays() {
        let url = r#""https://files.example/x?canary=1""#;
        let table = [
            (format!(r#"{{"a": 1.50, "downloadUrl": {url}, "b": "ü"}}"#), r#"{"a": 1.50, "b": "ü"}"#),
            (format!("{{\"downloadUrl\" :\n {url} , \"b\": 2}}"), "{ \"b\": 2}"),
            (format!(r#"{{"b":2,"downloadUrl":{url}}}"#), r#"{"b":2}"#),
            (format!(r#"{{"downloadUrl":{url}}}"#), "{}"),
            (r#"{"downloadUrl":null,"x":[1, 2]}"#.to_owned(), r#"{"x":[1, 2]}"#),
            (
                format!(r#"{{"data": {{"export": {{"fileUrl": {url}, "id": "e"}}, "downloadUrl": {url}}}}}"#),
                r#"{"data": {"export": { "id": "e"}}}"#,
            ),
            (format!(r#"{{"list": [{{"a\"b\\": {url}}}, 3]}}"#), r#"{"list": [{}, 3]}"#),
            (
                r#"{"download\u0055rl": "https:\/\/files.example\/x\u003fcanary", "a": 1}"#.to_owned(),
                r#"{ "a": 1}"#,
            ),
            (format!(r#"{{"urls": ["a", {url}, 3]}}"#), r#"{"urls": ["a", null, 3]}"#),
            (r#"{"x": "//files.example/x?canary", "a": 1}"#.to_owned(), r#"{ "a": 1}"#),
            (
                r#"{"page": "https://example.com/x", "q": "why?"}"#.to_owned(),
                r#"{"page": "https://example.com/x", "q": "why?"}"#,
            ),
        ];
        for (answer, kept) in table {
            let without = String::from_utf8(without_urls(answer.as_bytes()).unwrap()).unwrap();
            assert_eq!(without, kept, "{answer}");
            serde_json::from_str::<serde_json::Value>(&without).unwrap();
        }
        assert!(without_urls(b"{").is_err() && without_urls(b"\xff").is_err());
    }
}
