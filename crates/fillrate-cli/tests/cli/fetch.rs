//! `fillrate fetch` and `fillrate exports`: against the emulator with each of its faults, and against a server that a test
//! scripts byte by byte.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use fillrate_serve::{FaultKind, Settings, start};

use super::server::reply;
use super::stage::{AUDIENCE, CSV, DAY, KEY, RUN, SIGNATURE, Stage, export, signed, stored, usual};
use super::{Folder, stderr, stdout, testdata};

/// The documented run, emulated.
fn emulator(faults: &[&str]) -> fillrate_serve::Server {
    let mut settings = Settings::new(testdata("documented-run"));
    settings.faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    start(settings).unwrap()
}

/// Fetches into the folder, from an origin, with a key in the environment.
fn fetch(folder: &Folder, origin: &str, key: &str, args: &[&str]) -> Output {
    let all = [&["fetch", AUDIENCE, "--out", "out", "--base-url", origin], args].concat();
    folder.command(&all).env("LEADPIPE_API_KEY", key).env("RUST_BACKTRACE", "1").output().unwrap()
}

fn from_emulator(folder: &Folder, server: &fillrate_serve::Server, args: &[&str]) -> Output {
    fetch(folder, &format!("http://{}", server.address()), "sk_test", args)
}

fn place(folder: &Folder, of: &str, name: &str) -> PathBuf {
    folder.path().join("out").join(AUDIENCE).join(of).join(name)
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

#[track_caller]
fn check(output: &Output, expected: i32, beginning: &str) {
    let streams = format!("stdout: {}\nstderr: {}", stdout(output), stderr(output));
    assert_eq!(status(output), Some(expected), "{streams}");
    let text = if expected == 2 { stderr(output) } else { stdout(output) };
    assert!(text.starts_with(beginning), "{streams}");
    assert_eq!(output.stderr.is_empty(), expected != 2, "{streams}");
}

#[test]
fn what_is_fetched_from_the_emulator_verifies() {
    let (folder, server) = (Folder::new(&[]), emulator(&[]));
    let documented = fs::read(testdata("documented-run/audience.csv")).unwrap();
    check(&from_emulator(&folder, &server, &[RUN, "--verify"]), 0, "FETCHED  out/");
    assert_eq!(fs::read(place(&folder, RUN, "audience.csv")).unwrap(), documented);
    for command in [&["batch", "out"][..], &["verify", place(&folder, RUN, "audience.csv").to_str().unwrap()]]
    {
        check(&folder.run(command), 0, "MATCH");
    }
    let again = from_emulator(&folder, &server, &[RUN, "--verify"]);
    check(&again, 0, "IS THERE  out/");
    assert!(stdout(&again).contains("\nMATCH  out/"), "{}", stdout(&again));
    let direct = from_emulator(&folder, &server, &[RUN, "--direct", "--force", "--verify"]);
    check(&direct, 0, "FETCHED  out/");
    assert!(!place(&folder, RUN, "export.json").exists(), "a report of another way to fetch");
    assert_eq!(fs::read(place(&folder, RUN, "audience.csv")).unwrap(), documented);
}

/// Both generations, from an audience that is made up for each.
#[test]
fn a_day_of_the_previous_generation_verifies() {
    let folder = Folder::new(&[]);
    for header in ["dotted", "flat"] {
        let dir = format!("served/{header}");
        check(&folder.run(&["sample", &dir, "--header", header, "--records", "300"]), 0, "300 records");
        let mut settings = Settings::new(folder.path().join(&dir));
        let lines = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let log = std::sync::Arc::clone(&lines);
        settings.log = std::sync::Arc::new(move |line| log.lock().unwrap().push(line.to_owned()));
        let server = start(settings).unwrap();
        let line = lines.lock().unwrap()[0].clone();
        let ids: Vec<&str> = line.split(['/', ' ']).filter(|part| part.len() == 36).collect();
        let origin = format!("http://{}", server.address());
        for date in ["2026-01-15", "1999-01-01"] {
            let output = folder
                .command(&[
                    "fetch",
                    ids[0],
                    "--date",
                    date,
                    "--out",
                    header,
                    "--base-url",
                    &origin,
                    "--verify",
                ])
                .env("LEADPIPE_API_KEY", "sk_test")
                .output()
                .unwrap();
            match date {
                "1999-01-01" => check(&output, 2, "error[not-found]: "),
                _ => check(&output, 0, "FETCHED  "),
            }
        }
    }
}

/// Every fault of the emulator, and what comes of it.
#[test]
fn every_fault_is_survived_or_said() {
    let elsewhere = emulator(&[]);
    let away = format!("http://{}/x", elsewhere.address());
    for kind in FaultKind::ALL {
        let name = kind.name();
        let (fault, expected, beginning) = match kind {
            FaultKind::Latency => ("latency=20".to_owned(), 0, "FETCHED"),
            FaultKind::InternalError => (name.to_owned(), 2, "error[unavailable]"),
            FaultKind::RedirectApi => (format!("{name}={away}"), 2, "error[unauthorized]"),
            FaultKind::Redirect => (format!("{name}={away}"), 2, "error[answer]"),
            FaultKind::HtmlApi | FaultKind::Gzip | FaultKind::HostileIds => {
                (name.to_owned(), 2, "error[answer]")
            }
            FaultKind::CutOff | FaultKind::CutOffChunked => (format!("{name}=1000,times=2"), 0, "FETCHED"),
            // To wait until a stalled connection is given up takes half a minute.
            FaultKind::Stall => continue,
            FaultKind::Endless => (name.to_owned(), 2, "error[incomplete]"),
            FaultKind::LongerLength
            | FaultKind::IgnoredRange
            | FaultKind::WrongContentRange
            | FaultKind::RangeRefused
            | FaultKind::ChangedEtag => (format!("{name},times=1"), 0, "FETCHED"),
            FaultKind::Html
            | FaultKind::ShorterLength
            | FaultKind::WrongByteSize
            | FaultKind::WrongRowCount
            | FaultKind::WrongSha1 => (name.to_owned(), 1, "MISMATCH"),
            _ => (name.to_owned(), 0, "FETCHED"),
        };
        let is_about_ranges =
            ["ignored-range", "wrong-content-range", "range-refused", "changed-etag"].contains(&name);
        let cut: &[&str] = if is_about_ranges { &["cut-off=1000,times=1"] } else { &[] };
        let server = emulator(&[cut, &[&fault]].concat());
        let folder = Folder::new(&[]);
        let output = from_emulator(&folder, &server, &[RUN]);
        assert_eq!(status(&output), Some(expected), "{fault}: {}{}", stdout(&output), stderr(&output));
        check(&output, expected, beginning);
        assert_eq!(place(&folder, RUN, "audience.csv").exists(), expected == 0, "{fault}");
        assert_eq!(place(&folder, RUN, "audience.csv.bad").exists(), expected == 1, "{fault}");
        if expected == 0 {
            let documented = fs::read(testdata("documented-run/audience.csv")).unwrap();
            assert!(fs::read(place(&folder, RUN, "audience.csv")).unwrap() == documented, "{fault}");
        }
    }
}

#[test]
fn the_exports_of_a_run_are_listed() {
    let (folder, server) = (Folder::new(&[]), emulator(&[]));
    let origin = format!("http://{}", server.address());
    let list = |origin: &str| {
        let args = ["exports", AUDIENCE, RUN, "--base-url", origin];
        folder.command(&args).env("LEADPIPE_API_KEY", "sk_test").output().unwrap()
    };
    let listed = list(&origin);
    check(
        &listed,
        0,
        "40bfaa9b-eff0-468d-b382-9b721790780c  completed  151 records  18,450 bytes  2026-05-05T08:46:03",
    );
    let none = Stage::new(|_, _| reply(200, &[], r#"{"data": {"exports": []}}"#), |_| Vec::new());
    check(&list(&none.api.url()), 0, "There is no stored export of this run");
}

fn stage() -> Stage {
    Stage::with_files(|request| stored(request, CSV.as_bytes()))
}

#[test]
fn a_wrong_argument_or_key_is_said_and_not_repeated() {
    let folder = Folder::new(&[("key", "sk_canary\n"), ("bad-key", "sk_canary\r\nx-evil: 1"), ("empty", "")]);
    let (stage, run) = (stage(), [RUN]);
    let origin = stage.api.url();
    let table: [(&[&str], &str); 12] = [
        (&["--api-key", "sk_canary"], "error[usage]: unexpected argument '--api-key' found"),
        (&["--insecure"], "error[usage]: unexpected argument '--insecure' found"),
        (&["--date", "2026-02-30"], "error[usage]: invalid value '2026-02-30' for '--date"),
        (&["../../etc"], "error[usage]: invalid value '../../etc' for '[RUN]...'"),
        (&["--date", DAY], "error[usage]: the argument"),
        (&["--api-key-file", "none"], "error[files]: none: "),
        (&["--api-key-file", "empty"], "error[api-key]: the API key is empty; "),
        (&["--api-key-file", "bad-key"], "error[api-key]: "),
        (
            &["--base-url", "http://example.com"],
            "error[usage]: the argument '--base-url <URL>' cannot be used multiple",
        ),
        (&["--quiet", "--verbose"], "error[usage]: "),
        (&["--direct", "--date", DAY], "error[usage]: "),
        (&["--out", "x"], "error[usage]: "),
    ];
    own(&folder, &["bad-key", "empty", "key"]);
    for (args, beginning) in table {
        let output = fetch(&folder, &origin, KEY, &[&run, args].concat());
        check(&output, 2, beginning);
        let is_typed = args.contains(&"sk_canary");
        assert!(is_typed || !stderr(&output).contains("canary"), "{}", stderr(&output));
    }
    for (url, beginning) in [
        ("http://example.com", "error[address]: "),
        ("https://canary:canary@example.com", "error[address]: "),
        ("file:///canary", "error[address]: "),
        ("canary", "error[address]: "),
    ] {
        let output = fetch(&folder, url, KEY, &run);
        check(&output, 2, beginning);
        assert!(!stderr(&output).contains("canary"), "{}", stderr(&output));
    }
    check(
        &fetch(&folder, &origin, "", &run),
        2,
        "error[api-key]: the API key is empty; set LEADPIPE_API_KEY",
    );
    check(&fetch(&folder, &origin, "sk_canary\nx: y", &run), 2, "error[api-key]: ");
    let none = ["fetch", AUDIENCE, RUN, "--out", "out", "--base-url", &origin];
    check(
        &folder.command(&none).env_remove("LEADPIPE_API_KEY").output().unwrap(),
        2,
        "error[api-key]: there is no",
    );
    assert_eq!(stage.api.requests(), 0, "nobody was called");
}

/// Makes files their owner's alone.
fn own(folder: &Folder, names: &[&str]) {
    #[cfg(unix)]
    for name in names {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.path().join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_key_comes_from_a_file_of_its_own_or_from_standard_input() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, stage) = (Folder::new(&[("key", &format!("{KEY}\n"))]), stage());
    let origin = stage.api.url();
    let args = ["--api-key-file", "key", RUN];
    fs::set_permissions(folder.path().join("key"), fs::Permissions::from_mode(0o640)).unwrap();
    check(
        &fetch(&folder, &origin, "sk_other", &args),
        2,
        "error[api-key]: key: others can read this file with a key; ",
    );
    fs::set_permissions(folder.path().join("key"), fs::Permissions::from_mode(0o600)).unwrap();
    check(&fetch(&folder, &origin, "sk_other", &args), 0, "FETCHED");
    assert!(stage.api.received().contains(KEY) && !stage.api.received().contains("sk_other"));
    let args = ["exports", AUDIENCE, RUN, "--api-key-file", "-"];
    let mut command = folder.command(&args);
    command.env("LEADPIPE_BASE_URL", &origin).env_remove("LEADPIPE_API_KEY");
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), KEY.as_bytes()).unwrap();
    child.wait().unwrap();
    assert_eq!(stage.api.received().matches(KEY).count(), 3);
}

#[test]
fn what_differs_is_a_mismatch_and_what_fails_is_said() {
    let folder = Folder::new(&[]);
    let bad = Stage::with_files(|_| reply(200, &[("ETag", "\"v1\"")], &CSV[..CSV.len() - 15]));
    let output = fetch(&folder, &bad.api.url(), KEY, &[RUN, "--verify"]);
    check(&output, 1, "MISMATCH  out/");
    assert!(stdout(&output).contains("  ✗  export.rowCount: reported 2, here 1\n"), "{}", stdout(&output));
    assert!(place(&folder, RUN, "audience.csv.bad").exists());

    let other = "00000000-0000-4000-8000-000000000000";
    let folder = Folder::new(&[]);
    let good = stage();
    let output = fetch(&folder, &good.api.url(), KEY, &[other, RUN]);
    assert_eq!(status(&output), Some(2));
    assert!(stderr(&output).starts_with("error[not-found]: ") && stdout(&output).starts_with("FETCHED"));

    let closed = Stage::new(|_, _| reply(401, &[], "{}"), |_| Vec::new());
    let output = fetch(&folder, &closed.api.url(), KEY, &[other, RUN]);
    check(&output, 2, "error[unauthorized]: ");
    assert_eq!(
        (closed.api.requests(), stderr(&output).lines().count()),
        (1, 1),
        "the others are not even tried"
    );
}

#[test]
fn what_is_done_is_said_to_who_asks() {
    let stage = Stage::with_files(|request| match request.number {
        0 => reply(503, &[], ""),
        1 => reply(403, &[], ""),
        _ => stored(request, CSV.as_bytes()),
    });
    let (folder, origin) = (Folder::new(&[]), stage.api.url());
    let output = fetch(&folder, &origin, KEY, &[RUN, "--verbose"]);
    assert_eq!(status(&output), Some(0));
    assert!(
        stderr(&output).contains("trying again in ") && stderr(&output).contains("asking for another one"),
        "{}",
        stderr(&output)
    );
    stage.check_secrets(stderr(&output));
    let quiet = fetch(&folder, &origin, KEY, &[RUN, "--quiet", "--force"]);
    check(&quiet, 0, "FETCHED");
}

/// H14: a proxy is asked to connect, and sees neither the key nor what is asked for.
#[test]
fn a_proxy_sees_where_to_and_nothing_else() {
    let proxy = super::server::Server::new(|_| reply(403, &[], ""));
    let folder = Folder::new(&[]);
    let with_credentials = proxy.url().replace("http://", "http://user:canary@");
    let run = |origin: &str| {
        let args = ["fetch", AUDIENCE, RUN, "--out", "out", "--verbose", "--base-url", origin];
        let mut command = folder.command(&args);
        command
            .env("LEADPIPE_API_KEY", KEY)
            .env("ALL_PROXY", &with_credentials)
            .env_remove("NO_PROXY")
            .env_remove("no_proxy");
        command.output().unwrap()
    };
    let output = run("https://api.example.com");
    assert_eq!(status(&output), Some(2));
    let said = stderr(&output);
    assert!(said.contains(&format!("connections go through the proxy {}\n", proxy.address)), "{said}");
    assert!(
        said.contains("error[network]: the proxy of the environment does not connect to api.example.com"),
        "{said}"
    );
    assert!(!said.contains("canary"), "{said}");
    assert!(proxy.received().starts_with("CONNECT api.example.com:443 HTTP/1.1\r\n"), "{}", proxy.received());
    assert!(!proxy.received().contains(KEY) && !proxy.received().contains("audiences"));
    let before = proxy.requests();
    let stage = stage();
    assert_eq!(status(&run(&stage.api.url())), Some(0));
    assert_eq!(proxy.requests(), before, "what is on this machine does not go through it");
}

#[cfg(unix)]
#[test]
fn an_interrupted_download_is_gone_on_with() {
    use std::io::Read;
    use std::process::Stdio;
    use std::time::Duration;
    let stage = Stage::with_files(|request| match request.number {
        0 => {
            let length = CSV.len().to_string();
            let mut steps =
                super::server::raw(200, &[("ETag", "\"v1\""), ("Content-Length", &length)], &CSV[..20]);
            steps.push(super::server::Step::Wait(Duration::from_secs(20)));
            steps
        }
        _ => stored(request, CSV.as_bytes()),
    });
    let (folder, origin) = (Folder::new(&[]), stage.api.url());
    let args = ["fetch", AUDIENCE, RUN, "--out", "out", "--base-url", &origin];
    let mut child = folder
        .command(&args)
        .env("LEADPIPE_API_KEY", KEY)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let part = place(&folder, RUN, "audience.csv.part.json");
    while !part.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let kill =
        std::process::Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), out.as_str()), (Some(130), ""), "{err}");
    assert!(
        err.contains("error[interrupted]: there is no result; run it again to go on where it was"),
        "{err}"
    );
    assert!(!place(&folder, RUN, "audience.csv").exists());
    check(&fetch(&folder, &origin, KEY, &[RUN]), 0, "FETCHED");
    assert_eq!(fs::read_to_string(place(&folder, RUN, "audience.csv")).unwrap(), CSV);
}

/// H4: whatever happens, neither a key nor a signature nor what a server says is anywhere but in requests.
#[test]
fn no_secret_is_said_or_written() {
    let answers: [fn(&str) -> Vec<super::server::Step>; 7] = [
        |files| reply(200, &[], export(&signed(files))),
        |_| reply(401, &[], r#"{"error": {"code": "canary x", "message": "canary"}}"#),
        |_| reply(404, &[], r#"{"message": "canary"}"#),
        |_| reply(200, &[], "<html>canary"),
        |_| {
            reply(
                200,
                &[],
                r#"{"data": {"export": {"id": "canary", "rowCount": 1}, "downloadUrl": "canary"}}"#,
            )
        },
        |_| reply(200, &[], export("https://canary:canary@127.0.0.1/canary?canary")),
        |_| reply(302, &[("Location", "https://10.0.0.1/x?canary")], ""),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        for files in [200, 403, 404] {
            let stage = Stage::new(
                move |request, files| {
                    if request.line().starts_with("POST") { answer(files) } else { usual(request, files) }
                },
                move |request| {
                    if files == 200 { stored(request, CSV.as_bytes()) } else { reply(files, &[], "canary") }
                },
            );
            let folder = Folder::new(&[]);
            for way in
                [&[RUN, "-v", "--verify"][..], &[RUN, "-v", "--direct", "--force"], &["--date", DAY, "-v"]]
            {
                let output = fetch(&folder, &stage.api.url(), KEY, way);
                let said = format!("{}{}", stdout(&output), stderr(&output));
                stage.check_secrets(&said);
                assert!(!said.contains("a@example") && !said.contains("Ltd"), "no cell: {said}");
            }
            let listed = folder
                .command(&["exports", AUDIENCE, RUN, "--base-url", &stage.api.url()])
                .env("LEADPIPE_API_KEY", KEY)
                .output()
                .unwrap();
            stage.check_secrets(&format!("{}{}", stdout(&listed), stderr(&listed)));
            assert!(!holds_a_canary(folder.path()), "{number} {files}");
            assert!(stage.api.received().contains(KEY));
            assert!(number != 0 || stage.files.received().contains(SIGNATURE), "the canary was there");
        }
    }
}

/// Whether any file in a folder holds what only requests may.
fn holds_a_canary(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holds_a_canary(&path)
        } else {
            String::from_utf8_lossy(&fs::read(&path).unwrap()).contains("canary")
        }
    })
}
