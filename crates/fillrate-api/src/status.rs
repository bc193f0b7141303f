//! What a status means, and what to do about it.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use serde::Deserialize;
use ureq::http::{HeaderMap, StatusCode, header};

use crate::error::{Error, ErrorKind};

/// The error of an answer that is none of success. `what` is what was asked for.
pub(crate) fn error(what: &str, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Error {
    let (kind, meaning, advice) = match status.as_u16() {
        202 => (ErrorKind::NotReady, "the run is not completed yet", "try again when it is"),
        401 => (
            ErrorKind::Unauthorized,
            "the API does not accept the key",
            "check LEADPIPE_API_KEY or the file with the key, and that it is of this API",
        ),
        403 => (
            ErrorKind::Forbidden,
            "the key may not do this",
            "use a key of the account that owns the audience",
        ),
        404 => (
            ErrorKind::NotFound,
            "the API does not know this",
            "check the ids, and that the key is of the account that owns the audience",
        ),
        409 => (
            ErrorKind::Conflict,
            "the run is in a state that cannot serve this",
            "only a completed run has stats and exports: wait for it, or take another run",
        ),
        429 => (ErrorKind::TooManyRequests, "the API gets too many requests", "try again later"),
        500..=599 => (ErrorKind::Unavailable, "the API is out of order", "try again later"),
        _ => (
            ErrorKind::Answer,
            "the API answers what it is not documented to",
            "check the address of the API",
        ),
    };
    let code = code(body).map_or(String::new(), |code| format!(", {code}"));
    let error = Error::new(kind, format!("{what}: {meaning} ({}{code})", status.as_u16()), advice);
    match status.as_u16() {
        429 | 502..=504 => error.passing(retry_after(headers)),
        _ => error,
    }
}

/// The code of an error, if it is a word: whatever else an answer says may be anything.
fn code(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Answer {
        error: Coded,
    }
    #[derive(Deserialize)]
    struct Coded {
        code: String,
    }
    let code = serde_json::from_slice::<Answer>(body).ok()?.error.code;
    is_word(&code).then_some(code)
}

/// Whether a text of an answer is a name of something, which may be shown.
pub(crate) fn is_word(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte))
}

/// A number of seconds, or until when. What is past, or cannot be read, is no wait.
fn retry_after(headers: &HeaderMap) -> Duration {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let Some(wish) = text(header::RETRY_AFTER) else { return Duration::ZERO };
    let is_number = !wish.is_empty() && wish.bytes().all(|byte| byte.is_ascii_digit());
    if is_number {
        // A number that is too large for us is a very long time.
        return wish.parse().map_or(Duration::MAX, Duration::from_secs);
    }
    let Some(until) = time(wish) else { return Duration::ZERO };
    // By the clock that the time was told by, if the answer says it: this machine's may be off.
    let now = text(header::DATE).and_then(time).unwrap_or_else(Timestamp::now);
    Duration::try_from(until.duration_since(now)).unwrap_or_default()
}

/// A time as HTTP writes it.
fn time(text: &str) -> Option<Timestamp> {
    DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_says_what_to_do_and_only_some_may_pass() {
        let table = [
            (202, "not-ready", false),
            (401, "unauthorized", false),
            (403, "forbidden", false),
            (404, "not-found", false),
            (409, "conflict", false),
            (429, "too-many-requests", true),
            (500, "unavailable", false),
            (502, "unavailable", true),
            (503, "unavailable", true),
            (504, "unavailable", true),
            (418, "answer", false),
        ];
        for (status, name, may_pass) in table {
            let error = error("the stats", StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), b"");
            assert_eq!((error.kind().name(), error.may_pass()), (name, may_pass), "{status}");
            assert!(error.to_string().contains("; ") && error.to_string().contains(&status.to_string()));
        }
    }

    #[test]
    fn a_code_is_shown_and_a_message_is_not() {
        let text =
            |body: &str| error("x", StatusCode::NOT_FOUND, &HeaderMap::new(), body.as_bytes()).to_string();
        assert!(
            text(r#"{"error": {"code": "run_not_found", "message": "canary"}}"#)
                .contains("(404, run_not_found)")
        );
        for body in [
            r#"{"error": {"code": "canary with spaces"}}"#,
            r#"{"error": {"code": "canary\u001b[31m"}}"#,
            r#"{"message": "canary"}"#,
            "canary",
        ] {
            assert!(!text(body).contains("canary"), "{}", text(body));
        }
    }

    #[test]
    fn the_wish_of_the_server_is_kept() {
        let after = |text: &str| {
            let headers = HeaderMap::from_iter([(header::RETRY_AFTER, text.parse().unwrap())]);
            error("x", StatusCode::TOO_MANY_REQUESTS, &headers, b"").retry_after()
        };
        assert_eq!(after("7"), Duration::from_secs(7));
        assert_eq!(after("-1"), Duration::ZERO);
        assert_eq!(after("99999999999999999999"), Duration::MAX);
    }

    #[test]
    fn a_wish_that_is_a_date_is_measured_by_the_clock_of_the_server() {
        let after = |until: &str, date: Option<&str>| {
            let date = date.map(|date| (header::DATE, date.parse().unwrap()));
            let headers = [(header::RETRY_AFTER, until.parse().unwrap())].into_iter().chain(date);
            error("x", StatusCode::TOO_MANY_REQUESTS, &headers.collect(), b"").retry_after()
        };
        let date = "Fri, 31 Dec 1999 23:59:50 GMT";
        let table = [
            ("Fri, 31 Dec 1999 23:59:57 GMT", 7),
            ("Sat, 01 Jan 2000 01:00:00 GMT", 3_610),
            (date, 0),
            ("Fri, 31 Dec 1999 23:59:49 GMT", 0),
            ("Fri, 32 Dec 1999 23:59:59 GMT", 0),
            ("nonsense", 0),
        ];
        for (until, seconds) in table {
            assert_eq!(after(until, Some(date)), Duration::from_secs(seconds), "{until}");
        }
        for none in [None, Some("nonsense")] {
            assert_eq!(after(date, none), Duration::ZERO, "long ago by this machine's clock");
            assert!(after("Fri, 01 Jan 9999 00:00:00 GMT", none) > Duration::from_hours(24), "{none:?}");
        }
    }
}
