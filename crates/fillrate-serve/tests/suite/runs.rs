//! Runs: which there are, where they stand, and their figures.

use std::path::Path;

use fillrate::{Bucket, DEFAULT_BUCKETS, Export, Options, Question};
use fillrate_sample::HeaderStyle;
use serde_json::Value;

use super::served::{AUDIENCE, Folder, RUN, documented, run_path, testdata};

#[test]
fn the_documented_run_has_the_documented_figures() {
    let folder = Folder::documented();
    let answer = folder.serve(&[]).get(&run_path("stats"));
    assert_eq!(answer.status, 200);
    let answer = answer.json();
    let documented: Value =
        serde_json::from_slice(&folder.read(&format!("{AUDIENCE}/{RUN}/stats.json"))).unwrap();
    for (name, value) in documented["data"]["run"].as_object().unwrap() {
        assert_eq!(answer["data"]["run"][name], *value, "{name}");
    }
    let stats = &answer["data"]["stats"];
    assert_eq!(stats["total"], 151);
    for (field, rate) in documented["data"]["stats"]["fillRates"].as_object().unwrap() {
        assert_eq!(stats["fillRates"][field], *rate, "{field}");
    }
    assert_eq!(stats["scoreHistogram"], documented["data"]["stats"]["scoreHistogram"]);
}

#[test]
fn figures_are_those_of_the_engine() {
    for header in HeaderStyle::ALL {
        let folder = Folder::sample(header, 300);
        let served = folder.serve(&[]);
        let answer = served.get(&format!("{}/stats", served.only_run())).json();
        let export = Export::open(&folder.path().join("made/audience.csv"), &Options::default()).unwrap();
        let buckets: Vec<Bucket> = DEFAULT_BUCKETS.map(|label| label.parse().unwrap()).to_vec();
        let question = Question::for_stats(export.columns(), buckets, &[]).unwrap();
        let stats = export.analyze(&question).unwrap().stats;
        assert_eq!(answer["data"]["stats"], serde_json::to_value(&stats).unwrap(), "{header}");
        assert_eq!(answer["data"]["run"]["resultCount"], 300);
    }
}

#[test]
fn ids_are_those_of_the_folders_or_of_the_reports_or_made_up_of_the_content() {
    let folder = Folder::documented();
    // Their reports name the audience `spring`, and runs that are no UUIDs.
    for day in ["2026-05-04", "2026-05-05", "2026-05-06"] {
        for name in ["audience.csv", "stats.json"] {
            folder.write(
                &format!("runs/{day}/{name}"),
                std::fs::read(testdata("three-runs").join(day).join(name)).unwrap(),
            );
        }
    }
    folder.write("bare.csv", "email\nada@example.com\n");
    folder.write("copy.csv", "email\nada@example.com\n");
    folder.write("other.CSV", "email\nbo@example.com\n");
    folder.write(".hidden.csv", "email\nno@example.com\n");
    folder.write("notes.txt", "email\n");
    let served = folder.serve(&[]);
    let runs = served.runs();
    let path = |name: &str| {
        runs.iter().find(|(file, _)| file == name).unwrap_or_else(|| panic!("{runs:?}")).1.clone()
    };
    let audience = |name: &str| path(name).split('/').nth(4).unwrap().to_owned();
    assert_eq!(runs.len(), 6, "{runs:?}");
    assert_eq!(path(&format!("{AUDIENCE}/{RUN}/audience.csv")), run_path("").trim_end_matches('/'));
    let spring = audience("runs/2026-05-04/audience.csv");
    assert_eq!(spring, audience("runs/2026-05-06/audience.csv"));
    assert_ne!(path("runs/2026-05-04/audience.csv"), path("runs/2026-05-06/audience.csv"));
    assert!(served.log().iter().any(|line| line.contains("left out: copy.csv")), "{:?}", served.log());
    for (_, run) in &runs {
        assert_eq!(served.get(&format!("{run}/stats")).status, 200, "{run}");
    }

    // The content alone decides, not the name and not the place.
    let moved = Folder::new();
    moved.write("deep/elsewhere.csv", "email\nada@example.com\n");
    assert_eq!(moved.serve(&[]).only_run(), path("bare.csv"));
}

#[test]
fn what_is_not_there_is_not_found() {
    let served = documented(&[]);
    let other = "00000000-0000-4000-8000-000000000000";
    for path in [
        format!("/v1/intent/audiences/{other}/runs/{RUN}/stats"),
        format!("/v1/intent/audiences/{AUDIENCE}/runs/{other}/stats"),
        format!("/v1/intent/audiences/{RUN}/runs/{AUDIENCE}/results"),
        format!("/v1/intent/audiences/{AUDIENCE}/runs/..%2f..%2fetc/stats"),
        format!("/v1/intent/audiences/{AUDIENCE}/runs/{RUN}/exports/{other}"),
        format!("/v1/intent/audiences/{other}/stats"),
        "/v1/intent/audiences/x/runs".to_owned(),
    ] {
        let answer = served.get(&path);
        assert_eq!((answer.status, answer.code().as_str()), (404, "not_found"), "{path}");
    }
    for (method, path, status) in [
        ("GET", "/v1/intent/topics", 404),
        ("GET", "/v1/intent/audiences/", 404),
        ("DELETE", &run_path("exports"), 405),
        ("POST", &run_path("stats"), 405),
    ] {
        let answer = served.raw(method, path, &[super::served::KEY]);
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(!answer.code().is_empty());
    }
    // Where nobody needs a key, nothing is told apart either.
    assert_eq!(served.raw("GET", "/", &[]).status, 401);
}

#[test]
fn a_run_is_served_when_its_run_json_says_that_it_is_completed() {
    let folder = Folder::documented();
    let run = |state: &str| format!("{AUDIENCE}/00000000-0000-4000-8000-00000000000{state}");
    let path = |state: &str, call: &str| {
        format!("/v1/intent/audiences/{AUDIENCE}/runs/00000000-0000-4000-8000-00000000000{state}/{call}")
    };
    for (state, status) in [("1", "queued"), ("2", "running"), ("3", "failed"), ("4", "odd")] {
        let json = format!(r#"{{"status": "{status}", "runType": "daily", "dataDate": "2026-05-0{state}"}}"#);
        folder.write(&format!("{}/run.json", run(state)), json);
    }
    let served = folder.serve(&[]);
    for (state, status, code) in [
        ("1", 202, "run_not_completed"),
        ("2", 202, "run_not_completed"),
        ("3", 409, "run_failed"),
        ("4", 409, "run_state_unreadable"),
    ] {
        let results = served.get(&path(state, "results"));
        assert_eq!(results.status, status, "{state}");
        if status == 202 {
            assert_eq!(results.json()["data"]["run"]["runType"], "daily");
        }
        for (method, call) in
            [("GET", "stats"), ("POST", "exports"), ("GET", "exports"), ("GET", "export.csv")]
        {
            let answer = served.call(method, &path(state, call));
            assert_eq!((answer.status, answer.code().as_str()), (409, code), "{method} {call} of {state}");
        }
    }
    folder.write(&format!("{}/audience.csv", run("1")), "email\nada@example.com\n");
    assert_eq!(served.get(&path("1", "stats")).status, 409, "a file alone completes nothing");
    folder.write(&format!("{}/run.json", run("1")), r#"{"status": "completed"}"#);
    let stats = served.get(&path("1", "stats"));
    assert_eq!((stats.status, stats.json()["data"]["stats"]["total"].as_u64()), (200, Some(1)));
    std::fs::remove_file(folder.path().join(run("2")).join("run.json")).unwrap();
    assert_eq!(served.get(&path("2", "stats")).code(), "run_changed", "completed, but without a file");
    // One that was not there at the start counts too.
    let documented = format!("/v1/intent/audiences/{AUDIENCE}/runs/{RUN}/stats");
    assert_eq!(served.get(&documented).status, 200);
    folder.write(&format!("{AUDIENCE}/{RUN}/run.json"), r#"{"status": "running"}"#);
    assert_eq!(served.get(&documented).code(), "run_not_completed");
}

/// What nobody meant to serve is not in the folder.
#[cfg(unix)]
#[test]
fn a_link_that_leads_out_is_not_served() {
    let (outside, folder) = (Folder::new(), Folder::new());
    outside.write("secret.csv", "email\nxyzzy@example.com\n");
    folder.write("own.csv", "email\nada@example.com\n");
    let link = |from: &Path, to: &str| {
        std::os::unix::fs::symlink(from, folder.path().join(to)).unwrap();
    };
    link(&outside.path().join("secret.csv"), "out.csv");
    let served = folder.serve(&[]);
    assert_eq!(served.runs().len(), 1);
    let note = "left out: out.csv, a link that leads out of the folder".to_owned();
    assert!(served.log().contains(&note), "{:?}", served.log());
}

#[test]
fn a_file_that_is_no_csv_is_refused_without_its_content() {
    let folder = Folder::new();
    folder.write("page.csv", "<!doctype html><title>xyzzy</title>");
    folder.write("people.csv", "xyzzy@example.com,+1-555-0100\nxyzzy@example.com,2\n");
    folder.write("packed.csv", {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, b"email\nxyzzy@example.com\n").unwrap();
        encoder.finish().unwrap()
    });
    let served = folder.serve(&[]);
    for (_, run) in served.runs() {
        for call in ["stats", "results", "export.csv", "exports"] {
            let answer = served.get(&format!("{run}/{call}"));
            assert_eq!((answer.status, answer.code().as_str()), (409, "run_unusable"), "{run}");
            assert!(!String::from_utf8_lossy(&answer.body).contains("xyzzy"));
        }
    }
}

#[test]
fn without_exports_nothing_is_served() {
    let folder = Folder::new();
    for path in [folder.path().to_owned(), folder.path().join("none")] {
        let error = fillrate_serve::start(fillrate_serve::Settings::new(path)).unwrap_err().to_string();
        assert!(error.contains("; "), "{error}");
    }
    let folder = Folder::documented();
    let served = folder.serve(&[]);
    let mut settings = fillrate_serve::Settings::new(folder.path().to_owned());
    settings.listen = served.address();
    let error = fillrate_serve::start(settings).unwrap_err().to_string();
    assert!(error.contains("choose another address or port"), "{error}");
}
