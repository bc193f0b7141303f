//! Files that change under the command, and memory that runs out.

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::{Folder, json, stderr, stdout};

/// Bytes of each line of the files here, so that each cut at a multiple of it leaves whole lines.
const LINE: usize = 16;
const LINES: usize = 100_000;

fn text() -> String {
    let text = "email,note12345\n".to_owned() + &"a@b.example,123\n".repeat(LINES - 1);
    assert_eq!(text.len(), LINE * LINES);
    text
}

/// Cuts a file, and then writes what was cut off again.
fn cut_and_restore(path: &Path, text: &str, left: usize) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.set_len(left as u64).unwrap();
    sleep(Duration::from_micros(300));
    file.seek(SeekFrom::Start(left as u64)).unwrap();
    file.write_all(&text.as_bytes()[left..]).unwrap();
}

/// Whenever it happens, there are the figures of a file that was there, or none.
#[test]
fn a_file_that_is_cut_meanwhile_never_ends_the_process() {
    let text = text();
    let folder = Folder::new(&[("a.csv", &text)]);
    let path = folder.path().join("a.csv");
    let (mut counted, mut refused) = (0, 0);
    for attempt in 0..300 {
        let args = ["stats", "a.csv", "--format", "json", "--io", ["auto", "mmap", "read"][attempt % 3]];
        let mut command = folder.command(&args);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().unwrap();
        sleep(Duration::from_micros(100 * (attempt as u64 % 100)));
        cut_and_restore(&path, &text, [0, 256 * LINE, (LINES / 2) * LINE][attempt / 3 % 3]);
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.signal(), None, "{output:?}");
        match output.status.code().unwrap() {
            0 => {
                let stats = json(&output);
                let rows = stats["file"]["rowCount"].as_u64().unwrap();
                let bytes = stats["file"]["byteSize"].as_u64().unwrap();
                assert_eq!((rows + 1) * LINE as u64, bytes, "attempt {attempt}");
                assert_eq!(stats["stats"]["fillRates"]["email"]["count"], rows, "attempt {attempt}");
                counted += 1;
            }
            2 => {
                let error = stderr(&output);
                let kinds = ["error[changed-while-reading]: a.csv: ", "error[no-header]: a.csv:1 (byte 0): "];
                assert!(kinds.iter().any(|kind| error.starts_with(kind)), "attempt {attempt}: {error}");
                assert_eq!(stdout(&output), "");
                refused += usize::from(error.starts_with(kinds[0]));
            }
            status => panic!("attempt {attempt} ended in {status}: {output:?}"),
        }
    }
    // Both happen on any machine; which how often is a matter of its speed.
    assert!(refused > 0, "{counted} were counted, and none met the cut");
}

/// What does not fit into the address space is read instead.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_cannot_be_mapped_is_read() {
    let folder = Folder::new(&[("a.csv", "email\nx\n")]);
    let file = fs::OpenOptions::new().write(true).open(folder.path().join("a.csv")).unwrap();
    // Behind one cell of NUL bytes, which take no space on the disk.
    let size = 512 << 20;
    file.set_len(size - 3).unwrap();
    let mut file = fs::OpenOptions::new().append(true).open(folder.path().join("a.csv")).unwrap();
    file.write_all(b"\ny\n").unwrap();
    let run = |io: &str| {
        let limited = "ulimit -v 400000; exec \"$0\" stats a.csv --format json --threads 1 --io";
        let script = format!("{limited} {io}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_fillrate")]).current_dir(folder.path());
        shell.output().unwrap()
    };
    let refused = run("mmap");
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(stderr(&refused).starts_with("error[unreadable]: a.csv: "), "{}", stderr(&refused));
    let output = run("auto");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let stats = json(&output);
    assert_eq!((&stats["file"]["rowCount"], &stats["file"]["byteSize"]), (&3.into(), &size.into()));
}

/// The reports of a compressed export lie beside it under the same names, and it is checked as what is in it.
#[test]
fn a_compressed_export_is_verified_as_what_is_in_it() {
    let testdata = super::testdata("documented-run");
    let csv = fs::read(testdata.join("audience.csv")).unwrap();
    let read = |name: &str| fs::read_to_string(testdata.join(name)).unwrap();
    let folder = Folder::new(&[
        ("audience.stats.json", &read("stats.json")),
        ("audience.export.json", &read("export.json")),
    ]);
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(&csv).unwrap();
    let gzip = encoder.finish().unwrap();
    let zstd = zstd::encode_all(&csv[..], 0).unwrap();
    for (name, stored) in [("audience.csv.gz", gzip), ("audience.csv.zst", zstd)] {
        fs::write(folder.path().join(name), stored).unwrap();
        let output = folder.run(&["verify", name, "--format", "json"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let verification = json(&output);
        assert_eq!(verification["verdict"], "match");
        assert_eq!(verification["file"]["byteSize"], 18_450);
    }
}
