//! Downloads that break off, and what comes of them: H5 and H6.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use fillrate_api::{Error, ErrorKind, Fetched, Settings};

use crate::server::{Request, Step, raw, reply};
use crate::stage::{AUDIENCE, CSV, EXPORT, RUN, Stage, id, said, settings, stored, usual};

type Headers<'a> = &'a [(&'static str, &'static str)];
type Answer = Box<dyn Fn() -> Vec<Step> + Send + Sync>;

const TAG: (&str, &str) = ("ETag", "\"v1\"");

/// The whole is announced, and so many bytes come.
fn cut(bytes: usize, headers: &[(&str, &str)]) -> Vec<Step> {
    let length = CSV.len().to_string();
    raw(200, &[headers, &[("Content-Length", &length)]].concat(), &CSV[..bytes])
}

/// Without a second try, as if the program had ended.
fn once(stage: &Stage) -> Result<Fetched, Error> {
    let mut settings: Settings = settings(&stage.api.url());
    settings.retries.tries = 1;
    stage.with(settings, |fetch| fetch.stored(&id(AUDIENCE), &id(RUN)))
}

fn arrived(stage: &Stage, why: &str) -> Fetched {
    let result = stage.fetch();
    stage.check_secrets(&said(&result));
    assert!(result.as_ref().is_ok_and(Fetched::agrees), "{why}: {}", said(&result));
    assert_eq!(fs::read_to_string(stage.file("audience.csv")).unwrap(), CSV, "{why}");
    assert_eq!(stage.names(), ["audience.csv", "export.json", "fetch.json", "stats.json"], "{why}");
    result.unwrap()
}

#[test]
fn a_download_that_is_cut_at_any_byte_goes_on_there() {
    for bytes in 0..CSV.len() {
        let stage = Stage::with_files(move |request| match request.number {
            0 => cut(bytes, &[TAG]),
            _ => stored(request, CSV.as_bytes()),
        });
        arrived(&stage, &format!("cut at {bytes}"));
        let range = format!("range: bytes={bytes}-");
        assert_eq!(stage.files.received().contains(&range), bytes > 0, "{}", stage.files.received());
    }
}

#[test]
fn a_later_run_goes_on_where_the_one_before_was_cut() {
    for bytes in 0..CSV.len() {
        let stage = Stage::with_files(move |request| match request.number {
            0 => cut(bytes, &[TAG]),
            _ => stored(request, CSV.as_bytes()),
        });
        let error = once(&stage).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Network);
        let got = format!("got {bytes} of {} bytes; run it again", CSV.len());
        assert!(error.to_string().contains(&got), "{error}");
        assert_eq!(
            stage.names(),
            ["audience.csv.part", "audience.csv.part.json"],
            "no final name, no report"
        );
        stage.check_secrets(&format!("{error} {error:?}"));
        let fetched = once(&stage).unwrap();
        assert_eq!(fetched.resumed_at, bytes as u64);
        assert!(fetched.agrees());
        assert_eq!(fs::read_to_string(stage.file("audience.csv")).unwrap(), CSV);
    }
}

#[test]
fn what_gets_no_further_is_given_up() {
    let stage = Stage::with_files(|_| cut(10, &[]));
    let error = stage.fetch().unwrap_err();
    assert!(
        error.to_string().contains("got 10 of ") && error.to_string().contains("tried 4 times"),
        "{error}"
    );
    let a_byte_each = Stage::with_files(|request| {
        let from = request.range().unwrap_or_default();
        let range = format!("bytes {from}-{}/{}", CSV.len() - 1, CSV.len());
        let length = (CSV.len() - from).to_string();
        let status = if from == 0 { 200 } else { 206 };
        raw(status, &[TAG, ("Content-Range", &range), ("Content-Length", &length)], &CSV[from..=from])
    });
    arrived(&a_byte_each, "what gets further is not");
}

#[test]
fn every_way_to_mark_the_end_is_understood() {
    let chunks = |end: &str| {
        let mut body = String::new();
        for chunk in CSV.as_bytes().chunks(7) {
            body += &format!("{:x}\r\n{}\r\n", chunk.len(), std::str::from_utf8(chunk).unwrap());
        }
        raw(200, &[TAG, ("Transfer-Encoding", "chunked")], body + end)
    };
    arrived(&Stage::with_files(move |_| chunks("0\r\n\r\n")), "chunks");
    arrived(&Stage::with_files(|_| raw(200, &[TAG], CSV)), "the end of the connection");
    arrived(
        &Stage::with_files(|_| {
            let length = CSV.len().to_string();
            raw(200, &[("Content-Length", &length)], format!("{CSV}more than was announced"))
        }),
        "more behind the end",
    );
    // All of it, but for the mark of the end.
    arrived(
        &Stage::with_files(move |request| match request.number {
            0 => chunks(""),
            _ => stored(request, CSV.as_bytes()),
        }),
        "416 with the full size",
    );
    for first in [
        raw(200, &[TAG, ("Transfer-Encoding", "chunked")], "9\r\nemail,com\r\n9\r\npan"),
        raw(200, &[TAG], &CSV[..20]),
    ] {
        let first = Mutex::new(Some(first));
        arrived(
            &Stage::with_files(move |request| {
                first.lock().unwrap().take().unwrap_or_else(|| stored(request, CSV.as_bytes()))
            }),
            "cut without a length",
        );
    }
}

#[test]
fn what_is_much_longer_than_reported_is_not_kept() {
    let surplus = "x".repeat(2 << 20);
    let table = [
        raw(200, &[("Content-Length", "3000000")], "x"),
        raw(200, &[("Content-Length", "99999999999999999999999999")], "x"),
        raw(200, &[], format!("{CSV}{surplus}")),
        raw(
            200,
            &[("Transfer-Encoding", "chunked")],
            format!("{:x}\r\n{surplus}\r\n0\r\n\r\n", surplus.len()),
        ),
    ];
    for answer in table {
        let answer = Mutex::new(answer);
        let stage = Stage::with_files(move |_| std::mem::take(&mut *answer.lock().unwrap()));
        let error = once(&stage).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Incomplete | ErrorKind::Answer), "{error}");
        assert_eq!(stage.file("audience.csv.part").metadata().unwrap().len(), 0);
    }
}

/// H6. The first answer is cut behind ten wrong bytes, so that whatever is appended to them is found out.
#[test]
fn a_rest_that_is_not_the_one_is_never_appended() {
    let size = CSV.len();
    let rest = move |range: &str, headers: &[(&str, &str)]| {
        reply(206, &[headers, &[("Content-Range", range)]].concat(), &CSV[10..])
    };
    let whole = format!("bytes 10-{}/{size}", size - 1);
    let table: Vec<(&str, Answer)> = vec![
        ("the range is ignored", Box::new(|| reply(200, &[TAG], CSV))),
        ("the file has changed", Box::new(|| reply(200, &[("ETag", "\"v2\"")], CSV))),
        ("another start", Box::new(move || rest(&format!("bytes 9-{}/{size}", size - 1), &[TAG]))),
        ("another end", Box::new(move || rest(&format!("bytes 10-{}/{size}", size - 2), &[TAG]))),
        ("another size", Box::new(move || rest(&format!("bytes 10-{}/{}", size - 1, size + 1), &[TAG]))),
        ("no range", Box::new(|| reply(206, &[TAG], &CSV[10..]))),
        ("garbage", Box::new(move || rest("canary", &[TAG]))),
        ("another tag", {
            let whole = whole.clone();
            Box::new(move || rest(&whole, &[("ETag", "\"v2\"")]))
        }),
        ("no tag", {
            let whole = whole.clone();
            Box::new(move || rest(&whole, &[]))
        }),
        ("another time", {
            let whole = whole.clone();
            Box::new(move || rest(&whole, &[TAG, ("Last-Modified", "Fri, 01 May 2026 00:00:00 GMT")]))
        }),
        ("416 with another size", Box::new(|| reply(416, &[("Content-Range", "bytes */7")], ""))),
        ("416 without a size", Box::new(|| reply(416, &[], ""))),
    ];
    for (why, answer) in table {
        let stage = Stage::with_files(move |request: &Request| match (request.number, request.range()) {
            (0, _) => raw(200, &[TAG, ("Content-Length", &size.to_string())], "wrong byte"),
            (_, Some(10)) => answer(),
            (_, Some(other)) => panic!("{other} was asked for"),
            (_, None) => reply(200, &[("ETag", "\"v2\"")], CSV),
        });
        assert!(!arrived(&stage, why).begun_again, "{why}: it was appended, and found out later");
        assert!(stage.files.received().contains("if-range: \"v1\"\r\n"), "{why}: {}", stage.files.received());
    }
}

#[test]
fn without_proof_that_the_file_is_the_same_it_begins_again() {
    let modified = ("Last-Modified", "Tue, 05 May 2026 08:46:03 GMT");
    let weak = ("ETag", "W/\"v1\"");
    let table: [(Headers<'_>, Option<&str>); 4] = [
        (&[], None),
        (&[weak], None),
        (&[modified], Some(modified.1)),
        (&[weak, modified], Some(modified.1)),
    ];
    for (headers, condition) in table {
        let is_first = AtomicBool::new(true);
        let headers: Arc<Vec<(&'static str, &'static str)>> = Arc::new(headers.to_vec());
        let stage = Stage::with_files(move |request| {
            if is_first.swap(false, Ordering::SeqCst) {
                return cut(10, &headers);
            }
            assert_eq!(request.header("if-range"), condition);
            assert_eq!(request.range(), condition.map(|_| 10));
            reply(200, &headers, CSV)
        });
        arrived(&stage, &format!("{condition:?}"));
    }
}

/// Another export of the run, or the same of another size, is another file.
#[test]
fn bytes_of_another_export_are_dropped() {
    for (from, to) in
        [(EXPORT, "00000000-0000-4000-8000-000000000000"), ("\"byteSize\": ", "\"byteSize\": 1")]
    {
        let is_other = Arc::new(AtomicBool::new(false));
        let of_api = Arc::clone(&is_other);
        let stage = Stage::new(
            move |request, files| {
                if request.line().starts_with("POST") && of_api.load(Ordering::SeqCst) {
                    reply(200, &[], crate::stage::export(&crate::stage::signed(files)).replace(from, to))
                } else {
                    usual(request, files)
                }
            },
            |request| {
                if request.number == 0 {
                    return cut(10, &[TAG]);
                }
                assert_eq!(request.range(), None);
                reply(200, &[TAG], CSV)
            },
        );
        once(&stage).unwrap_err();
        is_other.store(true, Ordering::SeqCst);
        assert_eq!(once(&stage).unwrap().resumed_at, 0);
    }
}

#[test]
fn what_is_said_of_a_download_is_of_the_answer_that_brought_its_end() {
    let stage = Stage::with_files(|request| {
        let from = request.range().unwrap_or_default();
        let to = [20, 40, CSV.len()][request.number];
        let range = format!("bytes {from}-{}/{}", CSV.len() - 1, CSV.len());
        let length = (CSV.len() - from).to_string();
        let status = if from == 0 { 200 } else { 206 };
        raw(status, &[TAG, ("Content-Range", &range), ("Content-Length", &length)], &CSV[from..to])
    });
    assert_eq!(arrived(&stage, "several times").resumed_at, 40);
    let stage = Stage::with_files(|request| match request.number {
        0 => cut(10, &[TAG]),
        _ => reply(200, &[TAG], CSV),
    });
    once(&stage).unwrap_err();
    assert_eq!(once(&stage).unwrap().resumed_at, 0, "what was there was dropped");
    let stage = Stage::new(
        |request, files| {
            if request.line().ends_with("/export.csv") {
                reply(302, &[("Location", &crate::stage::signed(files))], "")
            } else {
                usual(request, files)
            }
        },
        |request| stored(request, CSV.as_bytes()),
    );
    let result = stage.direct();
    stage.check_secrets(&said(&result));
    assert_eq!(result.unwrap().from, Some(format!("{}/x.csv", stage.files.url())));
}

#[test]
fn what_was_damaged_before_it_was_gone_on_with_is_begun_again_once() {
    let other = CSV.replace("b@", "c@");
    for (whole, agrees) in [(CSV.to_owned(), true), (other, false)] {
        let stage = Stage::with_files(move |request| match (request.number, request.range()) {
            (0, _) => raw(200, &[TAG, ("Content-Length", &CSV.len().to_string())], "wrong byte"),
            (_, Some(_)) => stored(request, CSV.as_bytes()),
            (_, None) => stored(request, whole.as_bytes()),
        });
        let result = stage.fetch();
        stage.check_secrets(&said(&result));
        let fetched = result.unwrap();
        assert_eq!((fetched.agrees(), fetched.begun_again, fetched.resumed_at), (agrees, true, 0));
        assert_eq!(stage.files.requests(), 3, "once");
        assert!(stage.notes.text().contains("beginning again, once"), "{}", stage.notes.text());
    }
}

/// Where no digest is reported, too many bytes tell.
#[test]
fn what_has_another_size_after_it_was_gone_on_with_is_begun_again() {
    let sha1 = format!("\"{}\"", crate::stage::CSV_SHA1);
    let stage = Stage::new(
        move |request, files| {
            if request.line().starts_with("POST") {
                let export = crate::stage::export(&crate::stage::signed(files));
                reply(200, &[], export.replace(&sha1, "null"))
            } else {
                usual(request, files)
            }
        },
        |request| match (request.number, request.range()) {
            (0, _) => cut(10, &[TAG]),
            (_, Some(from)) => {
                let range = format!("bytes {from}-{}/{}", CSV.len() - 1, CSV.len());
                reply(206, &[TAG, ("Content-Range", &range)], format!("{}more", &CSV[from..]))
            }
            (_, None) => stored(request, CSV.as_bytes()),
        },
    );
    assert!(arrived(&stage, "a rest that is too long").begun_again);
}
