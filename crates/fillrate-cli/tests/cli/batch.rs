//! Many exports at once.

use std::fs;
use std::path::Path;
use std::process::Output;

use serde_json::Value;

use super::formats::schema;
use super::{Folder, json, stderr, stdout};

const CSV: &str = "email,phone\na@example.com,1\nb@example.com,\n";
const STATS: &str = r#"{"run": {"id": "r-7", "audienceId": "aud"}, "stats": {"total": 2, "fillRates": {"phone": {"count": 1, "percent": 50}}}}"#;

/// Samples with a planted defect, if any, and the verdict that each gets.
const SAMPLES: [(&str, &[&str], &str); 7] = [
    ("aud-1/run-1", &[], "match"),
    ("aud-1/run-2", &["--defect", "placeholder"], "mismatch"),
    ("aud-1/run-3", &["--header", "flat"], "match"),
    ("aud-2/run-1", &["--defect", "lost-record"], "mismatch"),
    ("aud-2/run-2", &["--defect", "cut-off"], "mismatch"),
    ("aud-2/run-3", &["--records", "9000"], "match"),
    ("aud-3/run-1", &["--defect", "duplicate-record", "--records", "7000"], "mismatch"),
];

/// A folder `runs` with the samples, and with exports that nothing was reported about, or that are none.
pub(super) fn folder() -> Folder {
    let folder = Folder::new(&[]);
    for (number, (path, args, _)) in SAMPLES.iter().enumerate() {
        let dir = format!("runs/{path}");
        let seed = number.to_string();
        let made = folder.run(&[&["sample", &dir, "--seed", &seed], *args].concat());
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    }
    for (path, content) in [
        ("runs/z/alone.csv", CSV),
        ("runs/z/empty.csv", ""),
        ("runs/z/page.csv", "<!DOCTYPE html><html></html>\n"),
        ("runs/z/short.csv", "email,phone\na@example.com\n"),
        ("runs/z/notes.txt", "no export"),
    ] {
        write(&folder, path, content);
    }
    folder
}

const OTHERS: [(&str, &str); 4] =
    [("alone", "unverified"), ("empty", "failed"), ("page", "failed"), ("short", "mismatch")];

pub(super) fn write(folder: &Folder, path: &str, content: &str) {
    fs::create_dir_all(folder.path().join(path).parent().unwrap()).unwrap();
    folder.write(path, content);
}

fn verdicts(output: &Output) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let of = |file: &Value| (text(&file["path"]), text(&file["verdict"]));
    json(output)["files"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn planted_defects_are_found_whatever_the_number_of_threads() {
    let folder = folder();
    let one = folder.run(&["batch", "runs", "--format", "json", "--threads", "1"]);
    let samples = SAMPLES.map(|(path, _, verdict)| (format!("runs/{path}/audience.csv"), verdict.to_owned()));
    let others = OTHERS.map(|(name, verdict)| (format!("runs/z/{name}.csv"), verdict.to_owned()));
    assert_eq!(verdicts(&one), [&samples[..], &others[..]].concat());
    assert_eq!(
        json(&one)["summary"],
        serde_json::json!({"inputs": 11, "verified": 3, "mismatched": 5, "unverified": 1, "failed": 2})
    );
    schema("batch.schema.json").validate(&json(&one)).unwrap();
    assert_eq!(one.status.code(), Some(2));
    let kinds: Vec<_> = stderr(&one).lines().map(|line| line.split_once(": ").unwrap().0).collect();
    assert_eq!(kinds, ["error[no-header]", "error[not-csv]"]);
    for format in ["json", "table", "markdown"] {
        let with =
            |threads: &str| folder.run(&["batch", "runs", "--all", "--format", format, "--threads", threads]);
        let one = with("1");
        for threads in ["2", "8"] {
            let more = with(threads);
            assert_eq!(
                (&more.stdout, &more.stderr),
                (&one.stdout, &one.stderr),
                "{threads} threads, {format}"
            );
        }
    }
}

#[test]
fn every_file_gets_what_verify_says_of_it() {
    let folder = folder();
    let batch = json(&folder.run(&["batch", "runs", "--format", "json"]));
    for (file, (path, ..)) in batch["files"].as_array().unwrap().iter().zip(SAMPLES) {
        let csv = format!("runs/{path}/audience.csv");
        let one = json(&folder.run(&["verify", &csv, "--format", "json"]));
        for key in ["verdict", "findings", "stats_file", "export_file"] {
            assert_eq!(file[key], one[key], "{key} of {csv}");
        }
        let checks = one["checks"].as_array().unwrap();
        let failing: Vec<_> = checks.iter().filter(|check| check["status"] != "match").collect();
        assert_eq!(file["failing"], failing.len(), "{csv}");
        for (mine, its) in file["failing_checks"].as_array().unwrap().iter().zip(failing) {
            assert_eq!(mine, its, "{csv}");
        }
        assert!(file["run_id"].is_string() && file["audience_id"].is_string(), "{csv}");
    }
}

/// The exit status of a batch, whatever its format.
pub(crate) const STATUSES: [(&[&str], i32); 8] = [
    (&["runs/aud-1/run-1", "runs/aud-2/run-3"], 0),
    (&["runs/z/alone.csv"], 0),
    (&["runs/z/alone.csv", "--require-all"], 1),
    (&["runs/z/short.csv"], 1),
    (&["runs/aud-1"], 1),
    (&["runs/aud-1", "--placeholder", "null"], 0),
    (&["runs/aud-1", "--allow", "*=5"], 0),
    (&["runs/aud-1", "nowhere"], 2),
];

#[test]
fn statuses() {
    let folder = folder();
    let run = |args: &[&str]| folder.run(&[&["batch"], args].concat());
    let without_a_result: [(&[&str], i32); 7] = [
        (&["runs/z/notes.txt"], 2),
        (&[], 2),
        (&["runs", "--delimiter", "\""], 2),
        (&["runs", "--ledger", "runs"], 2),
        (&["runs", "--ledger", "runs/z/alone.csv"], 2),
        (&["runs", "--ledger", "runs/z/notes.txt"], 2),
        (&["--list", "nowhere"], 2),
    ];
    for (args, expected) in STATUSES.into_iter().chain(without_a_result) {
        let output = run(args);
        assert_eq!(output.status.code(), Some(expected), "{args:?}");
        // Stderr is no terminal here: there is no progress on it.
        assert_eq!(output.stderr.is_empty(), expected < 2, "{args:?}: {}", stderr(&output));
    }
    assert_eq!(fs::read_to_string(folder.path().join("runs/z/notes.txt")).unwrap(), "no export");
}

#[test]
fn reports_are_found_by_the_run_in_the_path() {
    let folder = Folder::new(&[]);
    write(&folder, "reports/any.json", STATS);
    write(&folder, "reports/bad.json", "{");
    for path in ["a/r-7/audience.csv", "b/export_r-7.csv", "c/r-77.csv"] {
        write(&folder, path, CSV);
    }
    let found = json(&folder.run(&["batch", ".", "--format", "json"]));
    let files = found["files"].as_array().unwrap();
    assert_eq!(verdicts(&folder.run(&["batch", ".", "--format", "json"]))[2].1, "unverified");
    for file in &files[..2] {
        assert_eq!(file["verdict"], "match");
        assert_eq!(file["stats_file"], "./reports/any.json");
        assert_eq!((&file["audience_id"], &file["run_id"]), (&"aud".into(), &"r-7".into()));
    }
    // Only what is searched is found; the path tells where it belongs then.
    let alone = json(&folder.run(&["batch", "a", "--format", "json"]));
    assert_eq!(alone["files"][0]["verdict"], "unverified");
    assert_eq!(alone["files"][0]["audience_id"], "a");
}

#[test]
fn a_list_of_paths_may_come_from_standard_input() {
    let folder = folder();
    folder.write("list", "runs/aud-1/run-1\nruns/z/alone.csv\nruns/z/alone.csv\n");
    let listed = folder.run(&["batch", "--list", "list", "--format", "json"]);
    let piped = folder
        .command(&["batch", "--list", "-", "--format", "json"])
        .stdin(fs::File::open(folder.path().join("list")).unwrap())
        .output()
        .unwrap();
    assert_eq!(piped.stdout, listed.stdout);
    // Named twice, it is there twice.
    let paths: Vec<_> = verdicts(&listed).into_iter().map(|(path, _)| path).collect();
    assert_eq!(paths, ["runs/aud-1/run-1/audience.csv", "runs/z/alone.csv", "runs/z/alone.csv"]);
}

/// Text without its line breaks, which depend on the width.
fn flat(output: &Output) -> String {
    stdout(output).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn tolerances_that_are_used_or_fit_nothing_are_named() {
    let folder = Folder::new(&[]);
    write(&folder, "a.csv", CSV);
    write(&folder, "a.stats.json", &STATS.replace("\"total\": 2", "\"total\": 3"));
    write(&folder, "b.csv", CSV);
    let args = ["batch", ".", "--allow", "total=1", "--allow", "fillRates.*=90", "--allow", "totl=5"];
    let found = json(&folder.run(&[&args[..], &["--format", "json"]].concat()));
    schema("batch.schema.json").validate(&found).unwrap();
    let used = found["files"][0]["tolerances_used"].as_array().unwrap();
    assert!(used.contains(&"total=1".into()), "{used:?}");
    assert_eq!(found["files"][1]["tolerances_used"], serde_json::json!([]));
    assert_eq!(found["tolerances_without_check"], serde_json::json!(["totl=5"]));
    let table = flat(&folder.run(&args));
    assert!(table.contains("Tolerances used: total=1"), "{table}");
    assert!(table.contains("Tolerances that fit no check of any export: totl=5."), "{table}");
}

#[test]
fn what_is_required_and_not_reported_is_named() {
    let folder = Folder::new(&[]);
    write(&folder, "a.csv", CSV);
    write(&folder, "a.stats.json", STATS);
    write(&folder, "b.csv", CSV);
    let args = ["batch", ".", "--require-all"];
    let found = json(&folder.run(&[&args[..], &["--format", "json"]].concat()));
    schema("batch.schema.json").validate(&found).unwrap();
    for (number, columns) in [(0, &["email"][..]), (1, &["email", "phone"])] {
        let file = &found["files"][number];
        assert_eq!((&file["verdict"], &file["failing"]), (&"mismatch".into(), &0.into()));
        assert_eq!(file["not_reported"], serde_json::json!(columns));
    }
    let table = flat(&folder.run(&args));
    assert!(table.contains("nobody reported email."), "{table}");
    assert!(table.contains("nobody reported email, phone."), "{table}");
    let without = json(&folder.run(&["batch", ".", "--format", "json"]));
    assert!(without["files"][0]["not_reported"].is_null());
}

#[test]
fn one_field_is_all_that_is_shown_of_it() {
    let folder = Folder::new(&[]);
    write(&folder, "a.csv", CSV);
    write(&folder, "a.stats.json", STATS);
    let args = ["batch", ".", "--field", "phone", "--totals", "--group-by", "folder", "--output", "f.ndjson"];
    let found = json(&folder.run(&[&args[..], &["--format", "json"]].concat()));
    folder.run(&["verify", "a.csv", "--field", "phone", "--output", "v.ndjson"]);
    let fields = |name: &str| {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        text.lines().filter(|line| line.contains("\"field\"")).count()
    };
    assert_eq!(fields("f.ndjson"), fields("v.ndjson"));
    for figures in [&found["totals"], &found["groups"]["groups"][0]] {
        let rates: Vec<_> = figures["stats"]["fillRates"].as_object().unwrap().keys().collect();
        assert_eq!((rates, figures["columns"].as_array().unwrap().len()), (vec![&"phone".to_owned()], 1));
    }
}

#[test]
fn a_failed_export_is_named_once_in_its_row() {
    let folder = Folder::new(&[]);
    write(&folder, "empty.csv", "");
    let table = flat(&folder.run(&["batch", "."]));
    assert_eq!(table.matches("empty.csv").count(), 1, "{table}");
}

#[test]
fn the_table_has_what_differs_and_a_sum() {
    let folder = folder();
    let table = folder.run(&["batch", "runs"]);
    let text = stdout(&table);
    assert!(text.starts_with("FAILED  11 exports\n"), "{text}");
    assert!(text.ends_with("11 inputs: 3 verified, 5 mismatched, 1 unverified, 2 failed.\n"), "{text}");
    assert!(text.lines().any(|line| line.trim_start().starts_with("unverified  runs/z/alone.csv")), "{text}");
    assert!(!text.contains("aud-1/run-1"), "{text}");
    let markdown = folder.run(&["batch", "runs", "--format", "markdown"]);
    let reason = "5 cells hold only a word such as null (placeholder)";
    assert!(stdout(&markdown).contains(reason), "{}", stdout(&markdown));
    let all = folder.run(&["batch", "runs", "--all"]);
    assert_eq!(stdout(&all).lines().filter(|line| line.trim_start().starts_with("match ")).count(), 3);
}

#[test]
fn finished_exports_are_not_scanned_again_and_changed_ones_are() {
    let folder = folder();
    let run = |more: &[&str]| folder.run(&[&["batch", "runs", "--format", "json"], more].concat());
    let undisturbed = run(&[]);
    let ledger = ["--ledger", "ledger"];
    for _ in 0..3 {
        let output = run(&ledger);
        assert_eq!((&output.stdout, &output.stderr), (&undisturbed.stdout, &undisturbed.stderr));
    }
    let text = fs::read_to_string(folder.path().join("ledger")).unwrap();
    assert_eq!(text.lines().count(), 1 + 9, "the failed ones are not finished");
    // What the ledger says is what is printed: nothing was scanned.
    let forged = forged(&text);
    folder.write("ledger", forged);
    assert_eq!(json(&run(&ledger))["files"][0]["rows"], 4_711);
    // Other options are another question, and other bytes another file.
    assert_eq!(json(&run(&[&ledger[..], &["--require-all"]].concat()))["files"][0]["rows"], 1_000);
    let csv = folder.path().join("runs/aud-1/run-1/audience.csv");
    let content = fs::read(&csv).unwrap();
    fs::write(&csv, [&content[..], b"x\n"].concat()).unwrap();
    assert_eq!(json(&run(&ledger))["files"][0]["rows"], 1_001);
}

/// A ledger in which the first export has another number of records, with the checksum that belongs to it.
fn forged(ledger: &str) -> String {
    let forge = |line: &str| match line.split_once(' ') {
        Some((_, json)) if json.contains("runs/aud-1/run-1/") => {
            let json = json.replace("\"rows\":1000", "\"rows\":4711");
            format!("{:016x} {json}", twox_hash::XxHash3_64::oneshot(json.as_bytes()))
        }
        _ => line.to_owned(),
    };
    ledger.lines().map(|line| forge(line) + "\n").collect()
}

#[test]
fn two_runs_do_not_share_a_ledger() {
    let folder = folder();
    let file = fs::File::create(folder.path().join("ledger")).unwrap();
    file.lock().unwrap();
    let output = folder.run(&["batch", "runs", "--ledger", "ledger"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(stderr(&output).starts_with("error[ledger]: ledger: another run has this ledger open; "));
}

/// Files of which each takes several chunks, on threads that wait for each other.
#[test]
fn many_files_of_middle_size_come_to_an_end() {
    let folder = Folder::new(&[]);
    for number in 0..24 {
        let (dir, seed) = (format!("{number:02}"), number.to_string());
        let size = ["100KB", "900KB", "2MB"][number % 3];
        let made = folder.run(&["sample", &dir, "--size", size, "--seed", &seed]);
        assert_eq!(made.status.code(), Some(0));
    }
    let run = |threads: &str, io: &str| {
        folder.run(&["batch", ".", "--format", "json", "--threads", threads, "--io", io])
    };
    let one = run("1", "auto");
    assert_eq!(one.status.code(), Some(0), "{}", stdout(&one));
    for (threads, io) in [("2", "auto"), ("3", "read"), ("8", "auto"), ("8", "mmap")] {
        assert_eq!(run(threads, io).stdout, one.stdout, "{threads} threads, {io}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::process::ExitStatusExt;
    use std::process::Stdio;
    use std::thread::sleep;
    use std::time::Duration;

    use super::*;

    /// How often a run is killed: `FILLRATE_KILLS`, or a few times.
    fn kills() -> u32 {
        std::env::var("FILLRATE_KILLS").ok().and_then(|text| text.parse().ok()).unwrap_or(20)
    }

    fn many(folder: &Path) -> Folder {
        let many = Folder::new(&[]);
        for number in 0..200 {
            for (name, new) in
                [("audience.csv", "csv"), ("stats.json", "stats.json"), ("export.json", "export.json")]
            {
                let from = folder.join(format!("runs/{}", SAMPLES[number % SAMPLES.len()].0)).join(name);
                fs::copy(from, many.path().join(format!("{number:03}.{new}"))).unwrap();
            }
        }
        many
    }

    /// Kills runs at moments that are spread over the time that one takes, and lets one end after every few.
    #[test]
    fn what_was_killed_at_any_moment_goes_on_to_the_same_result() {
        let folder = many(folder().path());
        let whole = ["--totals", "--group-by", "audience", "--drift"];
        let args = [&["batch", ".", "--format", "json", "--threads", "2"], &whole[..]].concat();
        let started = std::time::Instant::now();
        let undisturbed = folder.run(&args).stdout;
        let mut whole = started.elapsed();
        let with_ledger = [&args[..], &["--ledger", "ledger"]].concat();
        let lines =
            || fs::read_to_string(folder.path().join("ledger")).map_or(0, |text| text.lines().count());
        let (mut killed, mut kept, mut run) = (0, 0, 0);
        while killed < kills() {
            assert!(run < 10 * kills(), "{killed} of {run} runs were not over when they were killed");
            let mut child =
                folder.command(&with_ledger).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // The golden ratio spreads them evenly, and no two are the same.
            sleep(whole.mul_f64((f64::from(run) * 0.618_034).fract()));
            child.kill().unwrap();
            let was_killed = child.wait().unwrap().signal() == Some(9);
            killed += u32::from(was_killed);
            let found = lines();
            assert!(found >= kept || kept == 0, "what was finished is kept");
            // How long a run takes changes with what else the machine is at.
            let was_early = was_killed && found == kept;
            whole = whole.mul_f64(if was_early {
                1.1
            } else if was_killed {
                1.0
            } else {
                0.9
            });
            kept = found;
            run += 1;
            if run % 5 == 0 {
                assert_eq!(folder.run(&with_ledger).stdout, undisturbed, "after {run} runs");
                assert_eq!(lines(), 201);
                fs::remove_file(folder.path().join("ledger")).unwrap();
                kept = 0;
            }
        }
        assert_eq!(folder.run(&with_ledger).stdout, undisturbed);
    }

    /// Waits until a run has begun, and then sends it a signal.
    fn interrupted(folder: &Folder, signal: &str) -> Output {
        let mut child = folder
            .command(&["batch", ".", "--ledger", "ledger", "--list", "-", "--threads", "1"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It waits for its list, and has the handler in place before there is a ledger.
        let stdin = child.stdin.take();
        while !folder.path().join("ledger").exists() {
            sleep(Duration::from_millis(1));
        }
        let pid = child.id().to_string();
        assert!(std::process::Command::new("kill").args([signal, &pid]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        drop(stdin);
        output
    }

    /// Results as columns have no name yet.
    #[test]
    fn a_signal_leaves_no_file_behind() {
        let folder = Folder::new(&[]);
        // Nobody ever writes to it.
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("a.csv")).status();
        assert!(made.unwrap().success());
        let names = || -> Vec<_> {
            fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect()
        };
        let mut child = folder.command(&["batch", "a.csv", "--output", "r.csv", "--quiet"]).spawn().unwrap();
        while names().len() == 1 {
            assert_eq!(child.try_wait().unwrap(), None, "it waits for its input");
            sleep(Duration::from_millis(1));
        }
        let pid = child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert_eq!(names(), ["a.csv"]);
    }

    #[test]
    fn a_signal_ends_a_run_with_130_and_nothing_half_printed() {
        for signal in ["-INT", "-TERM"] {
            let folder = Folder::new(&[("a.csv", CSV)]);
            let output = interrupted(&folder, signal);
            assert_eq!(output.status.code(), Some(130), "{signal}: {}", stderr(&output));
            assert!(output.stdout.is_empty());
            assert!(stderr(&output).trim_start().starts_with("error[interrupted]: "), "{}", stderr(&output));
            assert_eq!(folder.run(&["batch", ".", "--ledger", "ledger"]).status.code(), Some(0));
        }
    }
}
