//! Against the emulator, as it is and with each of its faults.

use std::fs;
use std::process::Output;
use std::sync::{Arc, Mutex};

use fillrate_serve::{FaultKind, Settings, start};

use super::super::server::reply;
use super::super::stage::{AUDIENCE, RUN, Stage};
use super::super::{Folder, stderr, stdout, testdata};
use super::{check, fetch, place, status};

/// The documented run, emulated.
fn emulator(faults: &[&str]) -> fillrate_serve::Server {
    let mut settings = Settings::new(testdata("documented-run"));
    settings.faults = faults.iter().map(|fault| fault.parse().unwrap()).collect();
    start(settings).unwrap()
}

fn from_emulator(folder: &Folder, server: &fillrate_serve::Server, args: &[&str]) -> Output {
    fetch(folder, &format!("http://{}", server.address()), "sk_test", args)
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
        let lines = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&lines);
        settings.log = Arc::new(move |line| log.lock().unwrap().push(line.to_owned()));
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
