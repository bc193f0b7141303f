//! The README's sessions are run as they are written, and its example is the library's.

#![expect(clippy::unwrap_used, reason = "clippy spares `#[test]` functions only, not their helpers")]

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

const COMMAND: &str = "$ fillrate ";

fn workspace(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)
}

fn readme() -> String {
    fs::read_to_string(workspace("README.md")).unwrap()
}

/// Runs every session of a Markdown file in a folder of its own, which holds a copy of the test data as a checkout
/// does. Returns the Markdown: with `TRYCMD=overwrite`, it holds what the commands have printed.
fn run(markdown: &str) -> String {
    // trycmd leaves out what it does not take for a session, and commands that it does not know.
    let fences: Vec<&str> = markdown.split("```").skip(1).step_by(2).collect();
    let sessions: Vec<&&str> = fences.iter().filter(|fence| fence.starts_with("console\n")).collect();
    let commands = |text: &str, prefix: &str| text.lines().filter(|line| line.starts_with(prefix)).count();
    let in_sessions: usize = sessions.iter().map(|session| commands(session, COMMAND)).sum();
    assert!(in_sessions > 0, "there is no session");
    assert_eq!(in_sessions, commands(markdown, "$ "), "a command is no session of fillrate");

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("README.md");
    fs::write(&file, markdown).unwrap();
    // The folder that trycmd runs the sessions of README.md in.
    copy(&workspace("testdata"), &folder.path().join("README.in/testdata"));
    trycmd::TestCases::new()
        .register_bin("fillrate", Path::new(env!("CARGO_BIN_EXE_fillrate")))
        .env("NO_COLOR", "1")
        .case(&file)
        .run();
    fs::read_to_string(file).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (from, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(from, to).unwrap();
        }
    }
}

/// `TRYCMD=overwrite cargo test -p fillrate-cli --test docs sessions` writes the README anew.
#[test]
fn sessions_print_what_the_readme_shows() {
    let written = run(&readme());
    if written != readme() {
        fs::write(workspace("README.md"), written).unwrap();
    }
}

#[test]
fn a_session_that_has_rotted_fails() {
    let fence = |info: &str, lines: &str| format!("Text\n\n```{info}\n{lines}\n```\n");
    let sound = "$ fillrate sample made\n1,000 records, [..] bytes:\n...\n";
    run(&fence("console", sound));
    for (why, markdown) in [
        ("another figure", fence("console", &sound.replace("1,000", "1,001"))),
        ("a line more", fence("console", &sound.replace("...", "More\n..."))),
        ("a line less", fence("console", "$ fillrate sample made\n1,000 records, [..] bytes:\n")),
        ("another exit status", fence("console", &sound.replace("made\n", "made\n? 1\n"))),
        ("an unknown command", fence("console", &sound.replace("fillrate", "filrate"))),
        ("no session, but text", fence("text", sound)),
        ("a session that is left out", fence("console,ignore", sound)),
        ("no session", fence("sh", "fillrate sample made")),
    ] {
        assert!(catch_unwind(AssertUnwindSafe(|| run(&markdown))).is_err(), "{why} passes");
    }
}

/// The library's documentation tests compile and run the example; here it only has to be the same.
#[test]
fn the_example_is_the_one_that_the_library_tests() {
    let source = fs::read_to_string(workspace("crates/fillrate/src/lib.rs")).unwrap();
    let lines: Vec<&str> = source
        .lines()
        .skip_while(|line| *line != "//! ```")
        .skip(1)
        .take_while(|line| *line != "//! ```")
        .map(|line| line.trim_start_matches("//!"))
        .filter(|line| !line.starts_with(" # "))
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    let example = lines.join("\n");
    assert!(example.contains("use fillrate::"));
    assert!(readme().contains(&format!("```rust\n{example}\n```")), "the README should show:\n{example}");
}
