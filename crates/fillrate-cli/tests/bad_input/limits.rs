//! C17 and F3: sizes that no export has, and memory that is short.

use std::io::{BufWriter, Write};
use std::process::{Command, Output, Stdio};

use fillrate::{Io, MAX_COLUMNS};
use serde_json::json;

use super::row::{check, csv};
use super::support::{Folder, json, stderr};

#[test]
fn many_columns() {
    let columns = 100_000;
    let header: Vec<String> = (0..columns).map(|column| format!("c{column}")).collect();
    let folder = Folder::new(&[
        ("wide.csv", &format!("{}\n{}\n", header.join(","), vec!["x"; columns].join(","))),
        ("too-wide.csv", &format!("{}\n", ",".repeat(MAX_COLUMNS))),
    ]);
    for io in Io::ALL {
        let run = |name| folder.run(&["stats", name, "--format", "json", "--io", io.name()]);
        let result = json(&run("wide.csv"));
        assert_eq!(result["file"]["columnCount"], columns);
        let last = json!({"name": "c99999", "field": "c99999", "filled": 1, "blank": 0, "placeholder": 0});
        assert_eq!(result["columns"][99_999], last);
        let refused = run("too-wide.csv");
        assert_eq!(refused.status.code(), Some(2));
        let beginning = format!(
            "error[too-many-columns]: too-wide.csv:1 (byte 0): the header has more than {MAX_COLUMNS} columns; "
        );
        assert!(stderr(&refused).starts_with(&beginning), "{}", stderr(&refused));
    }
}

#[test]
fn long_cells_and_long_lines() {
    let long = "x\u{e9} ".repeat(700_000);
    let one = |text: String| csv("C17", text).has("/stats/total", 2).has("/columns/1/filled", 2);
    check([
        one(format!("email,note\na,{long}\nb,y\n")),
        one(format!("email,note\na,\"{}\"\nb,y\n", long.replace(' ', "\n,"))),
        // The quote is never closed, and the whole file is one line.
        csv("C17", format!("email,note\na,\"{}", long.replace(' ', ",")))
            .differs()
            .finds("open-quote", 1, (2, 13))
            .has("/stats/total", 1),
    ]);
}

/// So little address space that 200 MB do not fit in. The allocator reserves 1 GiB of it, or 128 MiB if there is no more.
const IN_LITTLE_MEMORY: &str = "ulimit -v 150000; exec \"$FILLRATE\" ";

/// Runs `stats -` in little address space, on two threads, and writes to its standard input.
fn in_little_memory(write: impl FnOnce(&mut dyn Write) -> std::io::Result<()>) -> Output {
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &format!("{IN_LITTLE_MEMORY} stats - --threads 2 --format json")])
        .env("FILLRATE", env!("CARGO_BIN_EXE_fillrate"));
    let mut child =
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stdin = BufWriter::with_capacity(1 << 20, child.stdin.take().unwrap());
    // If it ended early, its status tells more than the closed pipe.
    let _ = write(&mut stdin).and_then(|()| stdin.flush());
    drop(stdin);
    child.wait_with_output().unwrap()
}

/// Neither a cell nor a line nor a file that is larger than the memory is kept, nor is a finding for each of its lines.
#[cfg(target_os = "linux")]
#[test]
fn memory_does_not_grow() {
    const PIECES: usize = 200;
    let piece = "x".repeat(1 << 20);
    let records = "a,b\n".repeat(1 << 18);
    let ragged = "a\n".repeat(1 << 19);
    for (name, start, piece, total) in [
        ("quoted cell", "a,\"", &piece, 1),
        ("cell", "a,", &piece, 1),
        ("line", "", &piece.replace("xxxxxxxx", "xxxxxxx,"), 1),
        ("file", "", &records, PIECES << 18),
        ("finding", "", &ragged, PIECES << 19),
    ] {
        let output = in_little_memory(|stdin| {
            write!(stdin, "email,note\n{start}")?;
            (0..PIECES).try_for_each(|_| stdin.write_all(piece.as_bytes()))
        });
        assert!(
            output.status.code().is_some_and(|status| status < 2),
            "{name}: {:?} {}",
            output.status,
            stderr(&output)
        );
        assert_eq!(json(&output)["stats"]["total"], total, "{name}");
    }
}

/// A file that does not fit the address space is read instead, unless mapping was asked for.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_mapped_is_read() {
    let folder = Folder::new(&[]);
    folder.write("a.csv", format!("email,note\n{}", "a,b\n".repeat(50_000_000)));
    for (io, status) in [("auto", 0), ("read", 0), ("mmap", 2)] {
        let line = format!("{IN_LITTLE_MEMORY} stats a.csv --threads 2 --io {io}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &line]).env("FILLRATE", env!("CARGO_BIN_EXE_fillrate")).current_dir(folder.path());
        let output = shell.output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{io}: {}", stderr(&output));
        assert!(
            status == 0 || stderr(&output).starts_with("error[unreadable]: a.csv: "),
            "{}",
            stderr(&output)
        );
    }
}

/// Where no thread gets a stack, this one does the work, unless a number of threads was asked for.
#[cfg(target_os = "linux")]
#[test]
fn no_threads_can_be_started() {
    let folder = Folder::new(&[("stats.json", r#"{"total": 200000}"#)]);
    let records: Vec<String> = (0..200_000).map(|n| format!("{n:064x},b\n")).collect();
    folder.write("audience.csv", format!("hashedEmail,note\n{}", records.concat()));
    for (arguments, status) in [
        (&["stats", "audience.csv"][..], 0),
        (&["verify", "audience.csv"], 0),
        (&["diff", "audience.csv", "audience.csv"], 0),
        (&["batch", "audience.csv"], 0),
        (&["batch", "audience.csv", "--group-by", "folder", "--totals"], 0),
        (&["stats", "audience.csv", "--threads", "2"], 2),
        (&["diff", "audience.csv", "audience.csv", "--threads", "2"], 2),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fillrate"));
        command.args(arguments).current_dir(folder.path()).env("RUST_MIN_STACK", (1_u64 << 60).to_string());
        let output = command.output().unwrap();
        assert_eq!(output.status.code(), Some(status), "{arguments:?}: {}", stderr(&output));
        let beginning = if status == 0 { "" } else { "error[usage]: 2 threads cannot be started (" };
        assert!(stderr(&output).starts_with(beginning), "{arguments:?}: {}", stderr(&output));
    }
}

#[test]
#[ignore = "writes 4.4 GB to a pipe"]
fn places_behind_4_gib() {
    let records = "a,b\n".repeat(1 << 18);
    let (pieces, lines) = (4_200_u64, 1_u64 << 18);
    let output = in_little_memory(|stdin| {
        writeln!(stdin, "email,note")?;
        (0..pieces).try_for_each(|_| stdin.write_all(records.as_bytes()))?;
        stdin.write_all(b"short\n")
    });
    let result = json(&output);
    assert_eq!(result["stats"]["total"], pieces * lines + 1);
    assert_eq!(
        result["findings"][0]["last"],
        json!({"line": pieces * lines + 2, "byte": 11 + pieces * lines * 4})
    );
}
