//! What takes too long, is too much, or comes packed: H10 and H11.

use std::net::TcpListener;
use std::time::Duration;

use fillrate_api::{Error, ErrorKind, Fetched, Settings};

use crate::server::{Step, raw, reply};
use crate::stage::{AUDIENCE, CSV, RUN, Stage, id, said, settings, stored, usual};

/// Shorter than servers here take, and longer than a busy machine takes.
const SHORT: Duration = Duration::from_millis(800);

/// With even less patience, and no second try.
fn hasty(stage: &Stage, more: impl FnOnce(&mut Settings)) -> Result<Fetched, Error> {
    let mut settings = settings(&stage.api.url());
    settings.retries.tries = 1;
    more(&mut settings);
    stage.with(settings, |fetch| fetch.stored(&id(AUDIENCE), &id(RUN)))
}

fn kind(result: &Result<Fetched, Error>) -> Option<ErrorKind> {
    result.as_ref().err().map(Error::kind)
}

/// Bytes one by one, longer than anybody waits here.
fn dripping(bytes: &[u8], pause: Duration) -> Vec<Step> {
    bytes.iter().flat_map(|byte| [Step::Send(vec![*byte]), Step::Wait(pause)]).collect()
}

fn stalled() -> Vec<Step> {
    let length = CSV.len().to_string();
    let mut steps = raw(200, &[("ETag", "\"v1\""), ("Content-Length", &length)], &CSV[..20]);
    steps.push(Step::Wait(Duration::from_secs(3)));
    steps
}

#[test]
fn a_stalled_body_is_given_up_and_gone_on_with() {
    let stage = Stage::with_files(|_| stalled());
    let result = hasty(&stage, |settings| settings.limits.idle = SHORT);
    assert_eq!(kind(&result), Some(ErrorKind::Timeout), "{}", said(&result));
    assert!(said(&result).contains("got 20 of "));
    let stage = Stage::with_files(|request| match request.number {
        0 => stalled(),
        _ => stored(request, CSV.as_bytes()),
    });
    let again = hasty(&stage, |settings| (settings.limits.idle, settings.retries.tries) = (SHORT, 4));
    assert!(again.unwrap().agrees());
    assert!(stage.files.received().contains("range: bytes=20-"));
}

/// What follows the last chunk is handed to nobody, and has to end all the same.
#[test]
fn what_follows_an_answer_without_end_is_given_up() {
    let endless = || {
        let mut steps = raw(200, &[("Transfer-Encoding", "chunked")], "2\r\n{}\r\n0\r\n");
        let more = || [Step::Send(b"X-A: b\r\n".to_vec()), Step::Wait(Duration::from_millis(100))];
        steps.extend(std::iter::repeat_with(more).take(60).flatten());
        steps
    };
    let stage = Stage::new(move |_, _| endless(), |_| Vec::new());
    let result = hasty(&stage, |settings| settings.limits.answer = SHORT);
    assert_eq!(kind(&result), Some(ErrorKind::Timeout), "{}", said(&result));
}

#[test]
fn what_comes_too_slowly_is_given_up() {
    let slow = || {
        let length = CSV.len().to_string();
        let mut steps = raw(200, &[("Content-Length", &length)], "");
        steps.extend(dripping(CSV.as_bytes(), Duration::from_millis(60)));
        steps
    };
    let stage = Stage::with_files(move |_| slow());
    let result = hasty(&stage, |settings| {
        settings.limits.slow = Duration::from_secs(1);
        settings.limits.bytes_per_second = 1_000;
    });
    assert_eq!(kind(&result), Some(ErrorKind::Timeout));
    assert!(said(&result).contains("slower than 1000 bytes a second"), "{}", said(&result));
    let result = hasty(&stage, |settings| settings.limits.download = SHORT);
    assert!(said(&result).contains("takes too long"), "{}", said(&result));
}

#[test]
fn a_head_that_never_ends_is_given_up() {
    let long = || {
        let header = format!("X-Filler: {}\r\n", "x".repeat(500));
        vec![Step::Send(format!("HTTP/1.1 200 OK\r\n{}", header.repeat(100)).into_bytes())]
    };
    let stage = Stage::new(move |_, _| long(), |_| Vec::new());
    let result = hasty(&stage, |_| {});
    assert_eq!(kind(&result), Some(ErrorKind::Answer), "{}", said(&result));
    let stage = Stage::new(|_, _| dripping(&[b'x'; 100], Duration::from_millis(50)), |_| Vec::new());
    let result = hasty(&stage, |settings| settings.limits.answer = SHORT);
    assert!(result.is_err(), "garbage, or too slow, whichever is seen first");
    let head = b"HTTP/1.1 200 OK\r\nX-Slow: yes, this one takes its time, and nobody is going to wait for its end\r\n";
    let stage = Stage::new(|_, _| dripping(head, Duration::from_millis(50)), |_| Vec::new());
    let result = hasty(&stage, |settings| settings.limits.answer = SHORT);
    assert_eq!(kind(&result), Some(ErrorKind::Timeout), "{}", said(&result));
}

#[test]
fn an_answer_that_never_ends_is_given_up() {
    let stage = Stage::new(|_, _| raw(200, &[], vec![b' '; 17 << 20]), |_| Vec::new());
    assert_eq!(kind(&hasty(&stage, |_| {})), Some(ErrorKind::Answer));
    let stage = Stage::new(
        |_, _| {
            let mut steps = raw(200, &[], "{");
            steps.extend(dripping(&[b' '; 100], Duration::from_millis(50)));
            steps
        },
        |_| Vec::new(),
    );
    let result = hasty(&stage, |settings| settings.limits.answer = SHORT);
    assert_eq!(kind(&result), Some(ErrorKind::Timeout), "{}", said(&result));
    // A stream whose size nobody tells.
    let stage = Stage::new(
        |request, files| {
            if request.line().ends_with("/export.csv") {
                raw(200, &[], "a,b\n".repeat(1 << 19))
            } else {
                usual(request, files)
            }
        },
        |_| Vec::new(),
    );
    let direct = stage.direct();
    assert_eq!(kind(&direct), Some(ErrorKind::Incomplete), "{}", said(&direct));
    assert!(!stage.names().contains(&"audience.csv".to_owned()));
}

#[test]
fn a_server_that_does_not_speak_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let stage = Stage::with_files(|_| Vec::new());
    for scheme in ["http", "https"] {
        let mut settings = settings(&format!("{scheme}://{}", silent.local_addr().unwrap()));
        settings.retries.tries = 1;
        settings.limits.answer = SHORT;
        settings.limits.connect = SHORT;
        let result = stage.with(settings, |fetch| fetch.stored(&id(AUDIENCE), &id(RUN)));
        assert_eq!(kind(&result), Some(ErrorKind::Timeout), "{scheme}: {}", said(&result));
    }
    let address = silent.local_addr().unwrap();
    drop(silent);
    let result =
        stage.with(settings(&format!("http://{address}")), |fetch| fetch.stored(&id(AUDIENCE), &id(RUN)));
    assert_eq!(kind(&result), Some(ErrorKind::Network));
    assert!(said(&result).contains("tried 4 times"), "{}", said(&result));
}

#[test]
fn what_is_not_http_is_refused() {
    for answer in [
        "SSH-2.0-OpenSSH_9.9\r\n\r\n",
        "HTTP/1.1 banana\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "\0\0\0\0\r\n\r\n",
    ] {
        let stage = Stage::new(move |_, _| vec![Step::Send(answer.as_bytes().to_vec())], |_| Vec::new());
        assert_eq!(kind(&hasty(&stage, |_| {})), Some(ErrorKind::Answer), "{answer}");
    }
}

/// H11
#[test]
fn what_comes_packed_is_refused_before_it_is_unpacked() {
    for encoding in ["gzip", "br", "zstd", "deflate", "gzip, gzip", "identity, gzip", "x-canary"] {
        let stage = Stage::with_files(move |_| reply(200, &[("Content-Encoding", encoding)], CSV));
        let result = stage.fetch();
        assert_eq!(kind(&result), Some(ErrorKind::Answer), "{encoding}");
        stage.check_secrets(&said(&result));
        assert_eq!(stage.files.requests(), 1);
        assert!(stage.files.received().contains("accept-encoding: identity\r\n"));
        let stage =
            Stage::new(move |_, _| reply(200, &[("Content-Encoding", encoding)], "{}"), |_| Vec::new());
        assert_eq!(kind(&stage.fetch()), Some(ErrorKind::Answer), "{encoding}");
    }
    let stage = Stage::with_files(|_| reply(200, &[("Content-Encoding", "Identity")], CSV));
    assert!(stage.fetch().unwrap().agrees());
}

/// H14
#[test]
fn no_cookie_is_kept() {
    let stage = Stage::new(
        |request, files| {
            let mut steps = usual(request, files);
            if let Some(Step::Send(answer)) = steps.first_mut() {
                let at = answer.iter().position(|byte| *byte == b'\n').unwrap() + 1;
                answer.splice(at..at, *b"Set-Cookie: canary=1\r\n");
            }
            steps
        },
        |request| stored(request, CSV.as_bytes()),
    );
    assert!(stage.fetch().unwrap().agrees());
    assert!(!stage.api.received().to_lowercase().contains("cookie"));
}
