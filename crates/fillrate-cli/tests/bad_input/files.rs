//! F1 to F7: files that are none, that have odd names, that are many, and systems that run out of something.
#![cfg(unix)]

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use super::support::{Folder, json, stderr, stdout};

const CSV: &str = "email,phone\na,1\nb,\n";

/// Checks that it could not be done, and that one line says why.
fn assert_refused(output: &Output, beginning: &str) {
    let said = format!("{:?} {} {}", output.status, stdout(output), stderr(output));
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(output.stdout.is_empty() && stderr(output).lines().count() == 1, "{said}");
    assert!(stderr(output).starts_with(beginning), "{said}");
}

/// Runs a line of the shell here, in which `$FILLRATE` is the command.
fn shell(folder: &Folder, line: &str) -> Output {
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).env("FILLRATE", env!("CARGO_BIN_EXE_fillrate")).current_dir(folder.path());
    shell.stdin(Stdio::null()).output().unwrap()
}

#[test]
fn what_is_no_file() {
    let folder = Folder::new(&[("a.csv", CSV), ("stats.json", r#"{"total": 2}"#)]);
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("folder")).unwrap();
    std::os::unix::fs::symlink("loop", at("loop")).unwrap();
    std::os::unix::fs::symlink("nowhere", at("dangling")).unwrap();
    std::os::unix::fs::symlink("a.csv", at("link")).unwrap();
    let _listener = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    let refused = [
        ("folder", "error[not-a-file]: folder: this is a directory"),
        ("socket", "error[not-a-file]: socket: "),
        ("/dev/null", "error[not-a-file]: /dev/null: "),
        ("/dev/zero", "error[not-a-file]: /dev/zero: "),
        ("loop", "error[unreadable]: loop: "),
        ("dangling", "error[not-found]: dangling: "),
        ("a.csv/b.csv", "error[unreadable]: a.csv/b.csv: "),
        ("", "error[usage]: "),
    ];
    for io in ["auto", "mmap", "read"] {
        for (name, beginning) in refused {
            assert_refused(&folder.run(&["stats", name, "--io", io]), beginning);
            assert_refused(&folder.run(&["verify", name, "--stats", "stats.json", "--io", io]), beginning);
        }
        let linked = folder.run(&["stats", "link", "--io", io, "--format", "json"]);
        assert_eq!(json(&linked)["stats"]["total"], 2);
    }
    // A report is a file too, whatever the CSV is.
    for (name, kind) in [
        ("folder", "unreadable"),
        ("loop", "unreadable"),
        ("dangling", "not-found"),
        ("/dev/zero", "report-too-large"),
    ] {
        for option in ["--stats", "--export"] {
            assert_refused(
                &folder.run(&["verify", "a.csv", option, name]),
                &format!("error[{kind}]: {name}: "),
            );
        }
    }
}

#[test]
fn files_that_must_not_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("a.csv", CSV)]);
    let path = folder.path().join("a.csv");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // Whoever may read everything, root for one, may read this too.
    if fs::File::open(&path).is_err() {
        assert_refused(&folder.run(&["stats", "a.csv"]), "error[unreadable]: a.csv: ");
    }
}

#[test]
fn streams_and_files_that_hide_their_size() {
    let folder = Folder::new(&[]);
    let figures = |output: &Output| json(output)["stats"].clone();
    folder.write("a.csv", CSV);
    let expected = figures(&folder.run(&["stats", "a.csv", "--format", "json"]));
    let piped = shell(
        &folder,
        "mkfifo fifo; cat a.csv > fifo & \"$FILLRATE\" stats fifo --format json; cat a.csv | \"$FILLRATE\" stats /dev/stdin --format json",
    );
    let both = stdout(&piped);
    let (first, second) = both.split_at(both.find("}\n{").unwrap() + 2);
    for text in [first, second] {
        assert_eq!(serde_json::from_str::<serde_json::Value>(text).unwrap()["stats"], expected);
    }
    assert_refused(
        &shell(&folder, "cat a.csv | \"$FILLRATE\" stats /dev/stdin --io mmap"),
        "error[usage]: /dev/stdin: ",
    );
    if cfg!(target_os = "linux") {
        // Says that it has no bytes.
        let status = folder.run(&["stats", "/proc/self/status", "--format", "json"]);
        assert!(json(&status)["file"]["byteSize"].as_u64() > Some(0), "{}", stderr(&status));
    }
}

#[test]
fn names_that_are_hard_to_print() {
    let folder = Folder::new(&[]);
    let long = "x".repeat(255);
    let names: [&[u8]; 7] = [
        b"new\nline.csv",
        b"esc\x1b[31m.csv",
        "bidi\u{202e}vsc.csv".as_bytes(),
        b"-dash.csv",
        b"--format=json",
        b"latin\xE9.csv",
        long.as_bytes(),
    ];
    for name in names.map(OsStr::from_bytes) {
        folder.write(name, CSV);
        let path = [OsStr::new("./"), name].concat_os();
        for format in ["table", "json", "markdown"] {
            let good = folder.command(&["stats", "--format", format, "--"]).arg(name).output().unwrap();
            assert_eq!(good.status.code(), Some(0), "{name:?}: {}", stderr(&good));
            assert!(!stdout(&good).contains(['\u{1b}', '\u{202e}']), "{name:?}: {}", stdout(&good));
            let good = folder.command(&["stats", "--format", format]).arg(&path).output().unwrap();
            assert_eq!(good.status.code(), Some(0), "{path:?}: {}", stderr(&good));
        }
        let missing = [OsStr::new("no-such-folder/"), name].concat_os();
        let output = folder.command(&["stats"]).arg(&missing).output().unwrap();
        assert_refused(&output, "error[not-found]: no-such-folder/");
        assert!(!stderr(&output).contains(['\u{1b}', '\u{202e}']));
    }
    let too_long = "x".repeat(300);
    assert_refused(&folder.run(&["stats", &too_long]), "error[unreadable]: xxx");
}

/// `concat` for what may be no text.
trait ConcatOs {
    fn concat_os(&self) -> OsString;
}

impl ConcatOs for [&OsStr; 2] {
    fn concat_os(&self) -> OsString {
        OsString::from_vec(self.map(OsStr::as_bytes).concat())
    }
}

#[test]
fn many_files_and_a_bad_one() {
    let folder = Folder::new(&[]);
    let names: Vec<String> = (0..200).map(|number| format!("{number}.csv")).collect();
    for (number, name) in names.iter().enumerate() {
        folder.write(name, format!("email\n{}", "a\n".repeat(number)));
    }
    let of =
        |names: &[&str], more: &[&str]| folder.run(&[&["stats", "--format", "json"], names, more].concat());
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    // One result each, in the order of the arguments; the same file may come twice.
    let twice = [&names[..], &["7.csv"]].concat();
    let one = of(&twice, &["--threads", "1"]);
    let totals: Vec<u64> = json(&one)
        .as_array()
        .unwrap()
        .iter()
        .map(|result| result["stats"]["total"].as_u64().unwrap())
        .collect();
    assert_eq!(totals, (0..200).chain([7]).collect::<Vec<_>>());
    assert_eq!(of(&twice, &["--threads", "4"]).stdout, one.stdout);
    // Figures of some files only would look like those of all.
    folder.write("100.csv", "");
    assert_refused(&of(&names, &[]), "error[no-header]: 100.csv:1 (byte 0): ");
    let all_bad = of(&["100.csv", "x.csv", "100.csv"], &[]);
    assert_eq!((all_bad.status.code(), stderr(&all_bad).lines().count()), (Some(2), 3));
    // No file stays open.
    folder.write("100.csv", CSV);
    let limited = shell(&folder, "ulimit -n 12; \"$FILLRATE\" stats *.csv");
    assert_eq!(limited.status.code(), Some(0), "{}", stderr(&limited));
}

#[test]
fn two_files_of_one_name_are_told_apart() {
    let folder = Folder::new(&[]);
    for (name, csv) in [("x", "email\na\n"), ("y", "email\na\nb\n")] {
        fs::create_dir(folder.path().join(name)).unwrap();
        folder.write(format!("{name}/a.csv"), csv);
    }
    let results = json(&folder.run(&["stats", "x/a.csv", "y/a.csv", "--format", "json"]));
    for (at, path) in ["x/a.csv", "y/a.csv"].into_iter().enumerate() {
        assert_eq!(results[at]["file"]["path"], path);
        assert_eq!(results[at]["stats"]["total"], at + 1);
    }
}

/// A batch finds names by itself, in folders, lists and patterns, and keeps them apart by their whole paths.
#[test]
fn a_batch_of_names_that_are_hard_to_print() {
    let folder = Folder::new(&[]);
    let names: [&[u8]; 6] = [
        b"new\nline.csv",
        b"esc\x1b[31m.csv",
        "bidi\u{202e}vsc.csv".as_bytes(),
        b"-dash.csv",
        b"--format=json.csv",
        b"latin\xE9.csv",
    ];
    for dir in ["in/a", "in/b"] {
        fs::create_dir_all(folder.path().join(dir)).unwrap();
        for name in names.map(OsStr::from_bytes) {
            folder.write(Path::new(dir).join(name), CSV);
            folder.write(Path::new(dir).join([name, OsStr::new(".bad.csv")].concat_os()), "");
        }
    }
    for format in ["table", "json", "markdown"] {
        let run = |path: &str| folder.run(&["batch", path, "--format", format, "--ledger", "in/a/ledger"]);
        let (first, again) = (run("in"), run("in"));
        assert_eq!(first.status.code(), Some(2));
        assert_eq!((&first.stdout, &first.stderr), (&again.stdout, &again.stderr));
        assert_eq!(stderr(&first).lines().count(), 12, "one line each: {}", stderr(&first));
        assert!(!stderr(&first).contains(['\u{1b}', '\u{202e}']), "{}", stderr(&first));
        assert!(!stdout(&first).contains(['\u{1b}', '\u{202e}']), "{}", stdout(&first));
        assert_eq!(run("in/*").status.code(), Some(2));
    }
    let found = json(&folder.run(&["batch", "in", "--format", "json"]));
    assert_eq!(
        found["summary"],
        serde_json::json!({
            "inputs": 24, "verified": 0, "mismatched": 0, "unverified": 12, "failed": 12
        })
    );
    let paths: Vec<_> = found["files"].as_array().unwrap().iter().map(|file| file["path"].as_str()).collect();
    let of_a = paths.iter().flatten().filter(|path| path.starts_with("in/a/")).count();
    assert_eq!((paths.len(), of_a), (24, 12), "those of one name are two");
    // Dashes begin names here, and no options.
    let mut dashes = folder.command(&["batch", "--", "-dash.csv"]);
    assert_eq!(dashes.current_dir(folder.path().join("in/a")).output().unwrap().status.code(), Some(0));
}

#[test]
fn a_batch_of_many_files_with_bad_ones_adds_up() {
    const MANY: usize = 10_000;
    let folder = Folder::new(&[]);
    fs::create_dir(folder.path().join("in")).unwrap();
    folder.write("in/stats.json", r#"{"total": 2}"#);
    for number in 0..MANY {
        folder.write(format!("in/{number:05}.csv"), CSV);
    }
    folder.write("in/05000.csv", "");
    let run = |args: &[&str]| folder.run(&[&["batch", "--format", "json"], args].concat());
    let one = run(&["in", "--threads", "1"]);
    let result = json(&one);
    assert_eq!(one.status.code(), Some(2));
    assert_eq!(
        result["summary"],
        serde_json::json!({
            "inputs": MANY, "verified": MANY - 1, "mismatched": 0, "unverified": 0, "failed": 1
        })
    );
    for (number, file) in result["files"].as_array().unwrap().iter().enumerate() {
        assert_eq!(file["path"], format!("in/{number:05}.csv"));
        assert_eq!(file["verdict"], if number == 5_000 { "failed" } else { "match" });
    }
    for threads in ["2", "8"] {
        let more = run(&["in", "--threads", threads]);
        assert!(more.stdout == one.stdout && more.stderr == one.stderr, "{threads} threads");
    }
    // All bad, and the same file twice.
    let bad = run(&["in/05000.csv", "nowhere.csv", "in/05000.csv"]);
    assert_eq!((json(&bad)["summary"]["failed"].as_u64(), stderr(&bad).lines().count()), (Some(3), 3));
    // Few files are open at a time, whatever the folder holds.
    let limited = shell(&folder, "ulimit -n 24; \"$FILLRATE\" batch in --threads 8 --format json");
    assert!(limited.stdout == one.stdout, "{}", stderr(&limited));
    // A reader that leaves is no panic.
    let closed = shell(&folder, "\"$FILLRATE\" batch in --format json | head -c 10 >/dev/null");
    assert!(!stderr(&closed).contains("panic"), "{}", stderr(&closed));
}

/// What is gone between the search and the check is named, and the others are not kept from anything.
#[test]
fn a_batch_of_files_that_change_meanwhile_comes_to_an_end() {
    let folder = Folder::new(&[]);
    fs::create_dir(folder.path().join("in")).unwrap();
    for number in 0..2_000 {
        folder.write(format!("in/{number:04}.csv"), CSV);
    }
    let child = folder
        .command(&["batch", "in", "--format", "json", "--threads", "2", "--ledger", "ledger"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    for number in (0..2_000).rev().step_by(3) {
        let path = folder.path().join(format!("in/{number:04}.csv"));
        match number % 2 {
            0 => fs::remove_file(path).unwrap(),
            _ => fs::write(path, "email\n").unwrap(),
        }
    }
    let output = child.wait_with_output().unwrap();
    let result = json(&output);
    let summary = |name: &str| result["summary"][name].as_u64().unwrap();
    let sum: u64 = ["verified", "mismatched", "unverified", "failed"].map(summary).iter().sum();
    assert_eq!(sum, summary("inputs"));
    assert_eq!(stderr(&output).lines().count() as u64, summary("failed"));
    // The next run sees what is there now, whatever the ledger has kept.
    let again = |more: &[&str]| folder.run(&[&["batch", "in", "--format", "json"], more].concat()).stdout;
    assert!(again(&["--ledger", "ledger"]) == again(&[]));
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_printed_is_an_error() {
    let folder = Folder::new(&[("a.csv", CSV)]);
    for command in ["stats a.csv", "stats a.csv --format json", "batch a.csv --format junit", "--help"] {
        let output = shell(&folder, &format!("\"$FILLRATE\" {command} > /dev/full"));
        if command != "--help" {
            assert_refused(&output, "error[output]: No space left on device");
        }
    }
    // A reader that leaves is none, and there may be none at all.
    for line in [
        "\"$FILLRATE\" stats a.csv | true",
        "\"$FILLRATE\" stats a.csv >&-",
        "\"$FILLRATE\" batch a.csv --format junit >&-",
        "\"$FILLRATE\" stats x.csv 2>&-",
    ] {
        let output = shell(&folder, line);
        assert_eq!(stderr(&output), "", "{line}");
        assert!(output.status.code().is_some_and(|status| status <= 2), "{line}: {:?}", output.status);
    }
}

/// A file that is written to while it is counted, by somebody who is in no hurry.
#[test]
fn a_stream_that_comes_in_pieces_is_read_to_its_end() {
    let folder = Folder::new(&[]);
    let mut child = folder
        .command(&["stats", "-", "--format", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for byte in CSV.as_bytes() {
        stdin.write_all(&[*byte]).unwrap();
    }
    drop(stdin);
    assert_eq!(json(&child.wait_with_output().unwrap())["stats"]["total"], 2);
}
