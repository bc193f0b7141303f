//! Pipes, standard input and colour.

use std::io::{Read, Write};
use std::process::Stdio;

use super::{Folder, json, stderr, stdout, testdata};

#[test]
fn a_closed_pipe_is_no_error() {
    let folder = Folder::new(&[]);
    folder.run(&["sample", "s", "--records", "5"]);
    let many = ["s/audience.csv"; 60];
    for (args, status) in [([&["stats"][..], &many].concat(), 0), (vec!["--help"], 0)] {
        let mut child = folder.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Closed before the first byte is read; the tables of 60 files are more than a pipe holds.
        drop(child.stdout.take());
        let mut errors = String::new();
        child.stderr.take().unwrap().read_to_string(&mut errors).unwrap();
        assert_eq!(errors, "", "{args:?}");
        assert_eq!(child.wait().unwrap().code(), Some(status), "{args:?}");
    }
}

#[test]
fn standard_input_gives_the_same_figures() {
    let csv = std::fs::read(testdata("documented-run/audience.csv")).unwrap();
    let folder = Folder::new(&[]);
    let run = |args: &[&str]| {
        let mut child = folder
            .command(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(&csv).unwrap();
        child.wait_with_output().unwrap()
    };
    let streamed = json(&run(&["stats", "-", "--format", "json"]));
    let file = json(&folder.run(&[
        "stats",
        testdata("documented-run/audience.csv").to_str().unwrap(),
        "--format",
        "json",
    ]));
    for part in ["stats", "columns", "scores", "findings"] {
        assert_eq!(streamed[part], file[part], "{part}");
    }
    let reports = ["stats", "export"]
        .map(|name| testdata(&format!("documented-run/{name}.json")).to_str().unwrap().to_owned());
    let verified = run(&["verify", "-", "--stats", &reports[0], "--export", &reports[1]]);
    assert_eq!(verified.status.code(), Some(0), "{}", stderr(&verified));
}

#[test]
fn colour_is_for_those_who_want_it() {
    let folder = Folder::new(&[("a.csv", "email\nx\n"), ("a.stats.json", r#"{"total": 2}"#)]);
    let coloured = |variables: &[(&str, &str)]| {
        let output = folder.command(&["verify", "a.csv"]).envs(variables.iter().copied()).output().unwrap();
        stdout(&output).contains('\u{1b}')
    };
    assert!(!coloured(&[]), "a pipe is no terminal");
    assert!(coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured(&[("CLICOLOR_FORCE", "0"), ("NO_COLOR", "1")]));
}
