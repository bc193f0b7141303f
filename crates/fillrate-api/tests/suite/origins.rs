//! Where requests go, and where they do not: H1, H12 and H13.

use fillrate_api::{Error, ErrorKind, Fetched};

use crate::server::{Step, reply};
use crate::stage::{AUDIENCE, CSV, EXPORT, KEY, RUN, SIGNATURE, Stage, export, said, signed, stored, usual};

/// An API whose stream is a redirect, to another server or whatever a test says.
fn redirecting(status: u16, location: impl Fn(&str) -> String + Send + Sync + 'static) -> Stage {
    Stage::new(
        move |request, files| {
            if request.line().ends_with("/export.csv") {
                return reply(status, &[("Location", &location(files))], "");
            }
            usual(request, files)
        },
        |request| stored(request, CSV.as_bytes()),
    )
}

fn kind(result: &Result<Fetched, Error>) -> Option<ErrorKind> {
    result.as_ref().err().map(Error::kind)
}

/// H1. `curl -L` with the key as a header would send it along.
#[test]
fn a_redirect_to_another_origin_is_followed_without_the_key() {
    for status in [301, 302, 303, 307, 308] {
        let stage = redirecting(status, |files| format!("{files}/elsewhere?signature={SIGNATURE}"));
        let fetched = stage.direct();
        stage.check_secrets(&said(&fetched));
        assert!(fetched.unwrap().agrees(), "{status}");
        let received = stage.files.received();
        assert!(
            received.contains("GET /elsewhere?signature=") && !received.contains("x-api-key"),
            "{received}"
        );
        assert_eq!(stage.api.received().matches(KEY).count(), 2, "for the stats and the stream");
    }
}

#[test]
fn another_name_of_the_same_machine_is_another_origin() {
    let stage = Stage::new(
        |request, files| match (request.header("host"), request.line()) {
            (Some(host), line) if host.starts_with("127.0.0.1") && line.ends_with("/export.csv") => {
                let port = host.rsplit(':').next().unwrap();
                reply(302, &[("Location", &format!("http://localhost:{port}/here"))], "")
            }
            (_, "GET /here") if request.header("x-api-key").is_none() => reply(200, &[], CSV),
            _ => usual(request, files),
        },
        |_| Vec::new(),
    );
    assert!(stage.direct().unwrap().agrees());
    assert_eq!(stage.api.requests(), 3);
    assert_eq!(stage.api.received().matches(KEY).count(), 2);
}

#[test]
fn the_key_goes_along_within_the_origin() {
    for location in ["here", "/v1/here", "//ORIGIN/here", "?here", "http://ORIGIN/here"] {
        let stage = Stage::new(
            move |request, files| {
                if request.line().ends_with("here") && request.header("x-api-key") == Some(KEY) {
                    return reply(200, &[], CSV);
                }
                if request.line().ends_with("/export.csv") {
                    let location = location.replace("ORIGIN", request.header("host").unwrap());
                    return reply(307, &[("Location", &location)], "");
                }
                usual(request, files)
            },
            |_| Vec::new(),
        );
        let fetched = stage.direct();
        assert!(fetched.as_ref().is_ok_and(Fetched::agrees), "{location}: {}", said(&fetched));
    }
}

#[test]
fn what_is_no_place_for_a_redirect_is_refused() {
    let table = [
        ("file:///etc/passwd", ErrorKind::Redirect),
        ("ftp://127.0.0.1/x", ErrorKind::Address),
        ("http://canary:canary@127.0.0.1/x", ErrorKind::Redirect),
        ("//canary@127.0.0.1/x", ErrorKind::Redirect),
        ("javascript:canary", ErrorKind::Redirect),
        ("http://", ErrorKind::Redirect),
        ("\u{e9}", ErrorKind::Redirect),
        ("http://example.com/x?canary", ErrorKind::Address),
        ("http://10.0.0.1/x", ErrorKind::Address),
        ("https://10.0.0.1/x?canary", ErrorKind::Address),
        ("https://169.254.169.254/latest/meta-data", ErrorKind::Address),
        ("https://[fd00::1]/x", ErrorKind::Address),
    ];
    for (location, expected) in table {
        let stage = redirecting(302, move |_| location.to_owned());
        let result = stage.direct();
        assert_eq!(kind(&result), Some(expected), "{location}: {}", said(&result));
        stage.check_secrets(&said(&result));
        assert_eq!((stage.api.requests(), stage.files.requests()), (2, 0), "{location}");
    }
    let nowhere = Stage::new(
        |request, files| {
            if request.line().ends_with("/export.csv") { reply(302, &[], "") } else { usual(request, files) }
        },
        |_| Vec::new(),
    );
    assert_eq!(kind(&nowhere.direct()), Some(ErrorKind::Redirect));
}

#[test]
fn five_redirects_are_followed_and_no_more() {
    for (hops, is_followed) in [(5, true), (6, false), (usize::MAX, false)] {
        let stage = Stage::new(
            move |request, files| {
                let done = request.line().rsplit('/').next().unwrap().parse::<usize>();
                match (request.line().ends_with("/export.csv"), done) {
                    (true, _) => reply(302, &[("Location", "/hop/1")], ""),
                    (false, Ok(done)) if done < hops => {
                        reply(302, &[("Location", &format!("/hop/{}", done + 1))], "")
                    }
                    (false, Ok(_)) => reply(200, &[], CSV),
                    _ => usual(request, files),
                }
            },
            |_| Vec::new(),
        );
        let result = stage.direct();
        assert_eq!(kind(&result), (!is_followed).then_some(ErrorKind::Redirect), "{hops}");
        assert_eq!(stage.api.requests(), 7, "the stats, the stream and five more");
    }
}

#[test]
fn a_loop_ends() {
    let stage = redirecting(302, |_| String::new());
    assert_eq!(kind(&stage.direct()), Some(ErrorKind::Redirect));
    assert_eq!(stage.api.requests(), 7);
}

/// What makes an export is not made into something else, nor sent elsewhere.
#[test]
fn a_post_is_repeated_within_its_origin_alone() {
    for (status, location, is_followed) in [
        (307, "/again", true),
        (308, "/again", true),
        (302, "/again", false),
        (303, "/again", false),
        (307, "FILES/x", false),
    ] {
        let stage = Stage::new(
            move |request, files| match request.line() {
                "POST /again" => reply(200, &[], export(&signed(files))),
                line if line.starts_with("POST") => {
                    reply(status, &[("Location", &location.replace("FILES", files))], "")
                }
                _ => usual(request, files),
            },
            |request| stored(request, CSV.as_bytes()),
        );
        let result = stage.fetch();
        assert_eq!(kind(&result), (!is_followed).then_some(ErrorKind::Redirect), "{status} {location}");
        stage.check_secrets(&said(&result));
        assert_eq!(stage.files.received().matches("POST").count(), 0);
    }
}

/// H13: the API says where to download from, and not everything that it says is done.
#[test]
fn a_download_from_a_private_place_is_refused() {
    for url in [
        "https://10.0.0.1/x?s=canary",
        "https://192.168.1.1/x?s=canary",
        "https://169.254.169.254/latest/meta-data?s=canary",
        "https://[fe80::1]/x?s=canary",
        "https://[::ffff:10.0.0.1]/x?s=canary",
        "https://100.64.0.1/x?s=canary",
        "http://example.com/x?s=canary",
        "ftp://example.com/x?s=canary",
        "file:///etc/passwd?s=canary",
        "https://canary:canary@example.com/x",
        "canary",
        "//127.0.0.1/x",
    ] {
        let stage = Stage::new(
            move |request, files| {
                if request.line().starts_with("POST") {
                    reply(200, &[], export(url))
                } else {
                    usual(request, files)
                }
            },
            |_| Vec::new(),
        );
        let result = stage.fetch();
        assert_eq!(kind(&result), Some(ErrorKind::Address), "{url}: {}", said(&result));
        stage.check_secrets(&said(&result));
        assert_eq!(stage.files.requests(), 0);
    }
}

/// H12: nothing that the API says becomes a name or a part of an address, and what is about something else is not kept.
#[test]
fn an_answer_about_something_else_or_with_a_hostile_id_is_refused() {
    let long = "a".repeat(5_000);
    let hostile = ["../../x", "/etc/x", "C:\\\\x", "CON", "x\\u0000", &long, ""]
        .map(|id| (EXPORT.to_owned(), id.to_owned()));
    let other = "00000000-0000-4000-8000-000000000000";
    let others = [RUN, AUDIENCE].map(|id| (id.to_owned(), other.to_owned()));
    for (from, to) in hostile.into_iter().chain(others) {
        let said_by_api = (from.clone(), to.clone());
        let stage = Stage::new(
            move |request, files| {
                if request.line().starts_with("POST") {
                    reply(200, &[], export(&signed(files)).replace(&said_by_api.0, &said_by_api.1))
                } else {
                    usual(request, files)
                }
            },
            |request| stored(request, CSV.as_bytes()),
        );
        let result = stage.fetch();
        assert_eq!(kind(&result), Some(ErrorKind::Answer), "{from} {to}");
        stage.check_secrets(&said(&result));
        assert!(stage.names().is_empty());
    }
    for (from, to) in [(RUN, other), (AUDIENCE, other), ("completed", "running")] {
        let stage = Stage::new(
            move |request, files| {
                if request.line().ends_with("/stats") {
                    reply(200, &[], crate::stage::stats().replace(from, to))
                } else {
                    usual(request, files)
                }
            },
            |_| Vec::new(),
        );
        assert!(stage.fetch().is_err(), "{from} {to}");
        assert_eq!(stage.api.requests(), 1, "no export is made for it");
    }
    let day = Stage::new(
        |request, files| match usual(request, files).pop() {
            Some(Step::Send(answer)) => {
                let answer = String::from_utf8(answer)
                    .unwrap()
                    .replace("\"dataDate\": \"2026-05-05\"", "\"dataDate\": \"2026-05-04\"");
                vec![Step::Send(answer.into_bytes())]
            }
            _ => Vec::new(),
        },
        |_| Vec::new(),
    );
    assert_eq!(kind(&day.day()), Some(ErrorKind::Answer));
}

#[test]
fn a_name_that_the_server_gives_is_not_taken() {
    let stage = Stage::with_files(|_| {
        reply(200, &[("Content-Disposition", "attachment; filename=\"../../../x.csv\"")], CSV)
    });
    assert!(stage.fetch().unwrap().agrees());
    assert_eq!(stage.names(), ["audience.csv", "export.json", "fetch.json", "stats.json"]);
    assert_eq!(std::fs::read_dir(stage.out.path()).unwrap().count(), 1);
}

/// A link where the download is going to be is not followed.
#[cfg(unix)]
#[test]
fn links_in_the_way_are_refused() {
    for name in ["audience.csv.part", "audience.csv"] {
        let stage = Stage::with_files(|request| stored(request, CSV.as_bytes()));
        std::fs::create_dir_all(stage.file("")).unwrap();
        let aim = stage.out.path().join("precious");
        std::fs::write(&aim, "precious").unwrap();
        std::os::unix::fs::symlink(&aim, stage.file(name)).unwrap();
        assert!(matches!(kind(&stage.fetch()), Some(ErrorKind::Files | ErrorKind::Exists)), "{name}");
        assert_eq!(std::fs::read_to_string(aim).unwrap(), "precious");
    }
}

/// Nor is one where the folder of an audience or a run is going to be. The folder that was asked for may be one.
#[cfg(unix)]
#[test]
fn links_in_the_place_of_folders_are_refused() {
    use std::os::unix::fs::symlink;
    let elsewhere = tempfile::tempdir().unwrap();
    for of in [AUDIENCE.to_owned(), format!("{AUDIENCE}/{RUN}")] {
        let stage = Stage::with_files(|request| stored(request, CSV.as_bytes()));
        let link = stage.out.path().join(of);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(elsewhere.path(), &link).unwrap();
        let result = stage.fetch();
        assert_eq!(kind(&result), Some(ErrorKind::Files), "{}", said(&result));
        assert!(said(&result).contains("a link or a file; remove it"), "{}", said(&result));
        assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
        std::fs::remove_file(&link).unwrap();
        std::fs::write(&link, "precious").unwrap();
        assert_eq!(kind(&stage.fetch()), Some(ErrorKind::Files), "a file");
    }
    let stage = Stage::with_files(|request| stored(request, CSV.as_bytes()));
    let out = stage.out.path().join("link");
    symlink(elsewhere.path(), &out).unwrap();
    let fetched = stage.with(crate::stage::settings(&stage.api.url()), |fetch| {
        fillrate_api::Fetch { out: &out, ..*fetch }
            .stored(&crate::stage::id(AUDIENCE), &crate::stage::id(RUN))
    });
    assert!(fetched.unwrap().agrees());
    assert!(elsewhere.path().join(AUDIENCE).join(RUN).join("audience.csv").exists());
}

#[test]
fn two_at_a_time_are_one_too_many() {
    let stage = Stage::with_files(|request| stored(request, CSV.as_bytes()));
    std::fs::create_dir_all(stage.file("")).unwrap();
    let held = std::fs::File::create(stage.file("audience.csv.part")).unwrap();
    held.lock().unwrap();
    assert_eq!(kind(&stage.fetch()), Some(ErrorKind::Busy));
    drop(held);
    assert!(stage.fetch().unwrap().agrees());
}
