//! What every status gets, and what is tried again: H8 and H9.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use fillrate_api::{Error, ErrorKind, Fetched};

use crate::server::{Step, reply};
use crate::stage::{AUDIENCE, CSV, RUN, Stage, export, id, said, settings, signed, stored, usual};

fn kind(result: &Result<Fetched, Error>) -> Option<ErrorKind> {
    result.as_ref().err().map(Error::kind)
}

type Answer = fn() -> Vec<Step>;

/// An API of which the calls that begin so are answered wrongly the first times.
fn failing(call: &'static str, times: usize, answer: Answer) -> Stage {
    let failed = AtomicUsize::new(0);
    Stage::new(
        move |request, files| {
            let is_it = request.line().starts_with(call) && failed.fetch_add(1, Ordering::SeqCst) < times;
            if is_it { answer() } else { usual(request, files) }
        },
        |request| stored(request, CSV.as_bytes()),
    )
}

#[test]
fn statuses_that_do_not_pass_are_asked_for_once() {
    let table: [(Answer, ErrorKind); 7] = [
        (|| reply(202, &[], "{}"), ErrorKind::NotReady),
        (|| reply(401, &[], r#"{"message": "canary"}"#), ErrorKind::Unauthorized),
        (
            || reply(403, &[], r#"{"error": {"code": "not_yours", "message": "canary"}}"#),
            ErrorKind::Forbidden,
        ),
        (|| reply(404, &[], "canary"), ErrorKind::NotFound),
        (|| reply(409, &[], "{}"), ErrorKind::Conflict),
        (|| reply(500, &[], "<html>canary"), ErrorKind::Unavailable),
        (|| reply(418, &[], ""), ErrorKind::Answer),
    ];
    for (answer, expected) in table {
        let stage = failing("GET", 1, answer);
        let result = stage.fetch();
        assert_eq!(kind(&result), Some(expected));
        assert!(said(&result).contains("; "), "it says what to do: {}", said(&result));
        assert_eq!(stage.api.requests(), 1);
        stage.check_secrets(&said(&result));
        assert_eq!(std::fs::read_dir(stage.out.path()).unwrap().count(), 0, "no folder for nothing");
    }
}

#[test]
fn what_may_pass_is_tried_again() {
    let table: [(&str, Answer); 6] = [
        ("429", || reply(429, &[("Retry-After", "0")], "")),
        ("502", || reply(502, &[], "<html>")),
        ("503", || reply(503, &[("Retry-After", "nonsense")], "")),
        ("504", || reply(504, &[], "")),
        ("a connection that ends", Vec::new),
        ("a head that ends", || vec![Step::Send(b"HTTP/1.1 200 OK\r\nContent-Le".to_vec())]),
    ];
    for (why, answer) in table {
        // To make an export again gives the same one, so this call is repeated too.
        for call in ["GET", "POST"] {
            let stage = failing(call, 3, answer);
            assert!(stage.fetch().is_ok(), "{why} {call}");
            assert_eq!(stage.api.requests(), 5, "{why} {call}");
            let stage = failing(call, 4, answer);
            let result = stage.fetch();
            assert!(said(&result).contains("tried 4 times"), "{why} {call}: {}", said(&result));
            stage.check_secrets(&said(&result));
        }
    }
}

#[test]
fn a_wait_that_is_too_long_is_not_begun() {
    let stage = failing("GET", 1, || reply(429, &[("Retry-After", "3600")], ""));
    assert_eq!(kind(&stage.fetch()), Some(ErrorKind::TooManyRequests));
    assert_eq!(stage.api.requests(), 1);
}

#[test]
fn a_wait_until_a_date_is_kept_to_as_one_of_seconds() {
    const DATE: (&str, &str) = ("Date", "Tue, 05 May 2026 08:00:00 GMT");
    let late = || reply(503, &[DATE, ("Retry-After", "Tue, 05 May 2026 09:00:00 GMT")], "");
    let stage = failing("GET", 1, late);
    let result = stage.fetch();
    assert!(said(&result).contains("asks to wait for 3,600 seconds"), "{}", said(&result));
    assert_eq!(stage.api.requests(), 1);
    let soon = || reply(503, &[DATE, ("Retry-After", "Tue, 05 May 2026 08:00:01 GMT")], "");
    let stage = failing("GET", 1, soon);
    assert!(stage.fetch().is_ok());
    assert!(stage.notes.text().contains("trying again in 1.0 s"), "{}", stage.notes.text());
    let past = || reply(503, &[DATE, ("Retry-After", "Tue, 05 May 2026 07:00:00 GMT")], "");
    assert!(failing("GET", 1, past).fetch().is_ok());
}

/// Of the previous generation nobody says that a second call takes the first one's export.
#[test]
fn an_export_of_a_day_is_made_once() {
    let stage = failing("POST", 1, || reply(503, &[], ""));
    assert_eq!(kind(&stage.day()), Some(ErrorKind::Unavailable));
    assert_eq!(stage.api.requests(), 2);
    let stage = failing("POST", 1, Vec::new);
    assert_eq!(kind(&stage.day()), Some(ErrorKind::Network));
    assert_eq!(stage.api.requests(), 2);
    let stage = failing("POST", 1, || reply(429, &[], ""));
    assert!(stage.day().is_ok(), "it was not even begun");
}

/// An API whose export gets ever further.
fn progressing(states: &'static [&'static str]) -> Stage {
    let asked = AtomicUsize::new(0);
    Stage::new(
        move |request, files| {
            if request.line().ends_with("/stats") {
                return usual(request, files);
            }
            let state = states[asked.fetch_add(1, Ordering::SeqCst).min(states.len() - 1)];
            let export = export(&signed(files)).replace("\"completed\"", &format!("\"{state}\""));
            let address = format!(", \"downloadUrl\": \"{}\"", signed(files));
            let is_made = state == "completed";
            reply(
                if is_made { 200 } else { 202 },
                &[],
                if is_made { export } else { export.replace(&address, "") },
            )
        },
        |request| stored(request, CSV.as_bytes()),
    )
}

#[test]
fn an_export_that_is_being_made_is_waited_for() {
    let stage = progressing(&["queued", "running", "running", "completed"]);
    assert!(stage.fetch().unwrap().agrees());
    assert_eq!(stage.api.requests(), 5);
    assert_eq!(kind(&progressing(&["queued", "failed"]).fetch()), Some(ErrorKind::Conflict));
    let stage = progressing(&["running"]);
    let mut settings = settings(&stage.api.url());
    settings.waiting.total = Duration::from_millis(20);
    let never = stage.with(settings, |fetch| fetch.stored(&id(AUDIENCE), &id(RUN)));
    assert_eq!(kind(&never), Some(ErrorKind::NotReady));
    assert!(said(&never).contains("run it again later"));
}

/// H8
#[test]
fn a_signed_url_that_has_expired_is_renewed_once() {
    let refused = || reply(403, &[], "<Error><Code>AccessDenied</Code><Signature>canary</Signature></Error>");
    let stage = Stage::with_files(move |request| match request.number {
        0 => refused(),
        _ => stored(request, CSV.as_bytes()),
    });
    assert!(stage.fetch().unwrap().agrees());
    assert_eq!(
        (stage.api.requests(), stage.files.requests()),
        (3, 2),
        "the export's own call tells another one"
    );
    assert_eq!(stage.api.received().matches("/exports/").count(), 1);
    let stage = Stage::with_files(move |_| refused());
    let result = stage.fetch();
    assert_eq!(kind(&result), Some(ErrorKind::Forbidden));
    assert_eq!((stage.api.requests(), stage.files.requests()), (3, 2));
    stage.check_secrets(&said(&result));
    let of_day = Stage::with_files(move |request| match request.number {
        0 => refused(),
        _ => stored(request, CSV.as_bytes()),
    });
    assert!(of_day.day().unwrap().agrees());
}

/// A URL that expires on the way: what is here stays, and the rest comes from the new one.
#[test]
fn a_signed_url_may_expire_more_than_once_as_long_as_bytes_come() {
    let stage = Stage::with_files(|request| {
        let from = request.range().unwrap_or_default();
        if request.number % 2 == 1 {
            return reply(403, &[], "");
        }
        let to = (from + 20).min(CSV.len());
        let range = format!("bytes {from}-{}/{}", CSV.len() - 1, CSV.len());
        let length = (CSV.len() - from).to_string();
        let headers = [("ETag", "\"v1\""), ("Content-Range", &*range), ("Content-Length", &*length)];
        crate::server::raw(if from == 0 { 200 } else { 206 }, &headers, &CSV[from..to])
    });
    let fetched = stage.fetch().unwrap();
    assert!(fetched.agrees());
    assert!(stage.files.requests() > 5);
}

#[test]
fn a_store_of_files_is_tried_again_too() {
    let stage = Stage::with_files(|request| match request.number {
        0 => reply(503, &[], ""),
        1 => reply(429, &[], ""),
        2 => Vec::new(),
        _ => stored(request, CSV.as_bytes()),
    });
    assert!(stage.fetch().unwrap().agrees());
    for status in [400, 404, 410, 500] {
        let stage = Stage::with_files(move |_| reply(status, &[], "canary"));
        let result = stage.fetch();
        assert!(result.is_err(), "{status}");
        assert_eq!(stage.files.requests(), 1);
        stage.check_secrets(&said(&result));
    }
}

#[test]
fn an_export_that_is_being_made_and_not_told_of_is_not_ready() {
    let answers: [Answer; 4] = [
        || reply(202, &[], ""),
        || reply(202, &[], "{}"),
        || reply(202, &[], r#"{"data": {"message": "canary"}}"#),
        || reply(202, &[], r#"{"data": {"export": null}}"#),
    ];
    for answer in answers {
        for day in [false, true] {
            let stage = failing("POST", 1, answer);
            let result = if day { stage.day() } else { stage.fetch() };
            assert_eq!(kind(&result), Some(ErrorKind::NotReady), "{}", said(&result));
            assert!(said(&result).contains("(202); run it again in a while"), "{}", said(&result));
            stage.check_secrets(&said(&result));
        }
    }
}

/// It is the link that is refused, be it of a store or of the API itself, and no other key would help.
#[test]
fn a_link_that_the_api_redirects_to_and_that_is_refused_is_no_matter_of_the_key() {
    for is_elsewhere in [true, false] {
        let stage = Stage::new(
            move |request, files| {
                let to = signed(if is_elsewhere { files } else { "" });
                match request.line() {
                    call if call.ends_with("/export.csv") => reply(302, &[("Location", &to)], ""),
                    call if call.contains("/x.csv") => reply(403, &[], "canary"),
                    _ => usual(request, files),
                }
            },
            |_| reply(403, &[], "canary"),
        );
        let result = stage.direct();
        assert_eq!(kind(&result), Some(ErrorKind::Forbidden), "{}", said(&result));
        let expected =
            "the signed URL that the API redirects to has expired, or is not accepted; run it again";
        assert!(said(&result).contains(expected), "{}", said(&result));
        stage.check_secrets(&said(&result));
    }
    let stage = Stage::new(
        |request, files| {
            if request.line().ends_with("/export.csv") { reply(403, &[], "") } else { usual(request, files) }
        },
        |_| Vec::new(),
    );
    assert!(said(&stage.direct()).contains("use a key of the account"), "the API's own refusal is");
}
