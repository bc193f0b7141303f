//! Proves that a stream gives what the same bytes give as a file, at every edge of the blocks that it is read in.
#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use fillrate::{Export, Io, Options, Result};

use crate::{POOLS, all_of, everything};

/// Bytes that one read takes from a file or stream.
const BLOCK: usize = 256 * 1024;

pub(crate) fn analyze(export: Result<Export>) -> String {
    let export = export.unwrap();
    let question = everything(export.columns());
    all_of(export.analyze(&question).unwrap())
}

fn whole(bytes: &[u8]) -> String {
    let backend = "reference".parse().unwrap();
    analyze(Export::from_bytes(
        bytes.to_vec(),
        &Options { backend, chunk_bytes: u64::MAX, ..Options::default() },
    ))
}

pub(crate) fn fifo(folder: &Path) -> PathBuf {
    let path = folder.join("fifo.csv");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// Hands `open` a FIFO into which `bytes` are written in pieces, as far as they are read.
pub(crate) fn through_fifo<T>(bytes: &[u8], piece: usize, open: impl FnOnce(&Path) -> T) -> T {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut fifo = fs::OpenOptions::new().write(true).open(&path).unwrap();
            bytes.chunks(piece).all(|piece| fifo.write_all(piece).is_ok())
        });
        open(&path)
    })
}

fn streamed(bytes: &[u8], piece: usize) -> String {
    through_fifo(bytes, piece, |path| analyze(Export::open(path, &Options::default())))
}

#[test]
fn a_stream_gives_what_a_file_gives() {
    for bytes in [
        &b"email"[..],
        b"email\n",
        b"email\r",
        b"email\r\n",
        b"\xEF\xBB\xBFemail",
        b"\xEF\xBB\xBF\"email\"\r\n\"a\"\r\n",
        b"\n\r\n\remail,note\ra,b\r\rc,\"d",
        b"email,note\r\n\"a\r\nb\",\"c\"\"d\"\r\n\r\n5'4\",\"x\"y\r\n1\n\0,\xFF,2",
    ] {
        for piece in [1, 3, 1_000] {
            assert_eq!(streamed(bytes, piece), whole(bytes), "{} by {piece}", bytes.escape_ascii());
        }
    }
}

/// Files whose header, or whose first record, ends just before, at and just behind a block's end, in every way a line can
/// end.
fn files_at_the_edges() -> impl Iterator<Item = String> {
    let lengths = [1, 2].into_iter().flat_map(|blocks| blocks * BLOCK - 4..=blocks * BLOCK + 1);
    lengths.flat_map(|length| {
        [("\n", "b\n"), ("\r\n", "b\r\n\r\nc\r\n"), ("\r", "b\rc\n"), ("", "")].into_iter().flat_map(
            move |(end, rest)| {
                let header = format!("email,{}{end}{rest}", "n".repeat(length - 6));
                let record = format!("email,note\n{}{end}{rest}", "é".repeat(length / 2 - 5));
                [header, record]
            },
        )
    })
}

/// What tells one of these files from the others.
fn tail(text: &str) -> String {
    format!("{} bytes that end in {:?}", text.len(), &text[text.len() - 8..])
}

#[test]
fn the_edges_of_blocks_do_not_show_in_files() {
    let file = tempfile::NamedTempFile::new().unwrap();
    for text in files_at_the_edges() {
        let expected = whole(text.as_bytes());
        fs::write(file.path(), &text).unwrap();
        for io in Io::ALL {
            let options = Options { io, chunk_bytes: 1 << 17, ..Options::default() };
            let found = POOLS[1].install(|| analyze(Export::open(file.path(), &options)));
            assert!(found == expected, "{}, by {}", tail(&text), io.name());
        }
    }
}

#[test]
fn the_edges_of_blocks_do_not_show_in_streams() {
    for text in files_at_the_edges() {
        assert!(streamed(text.as_bytes(), 1 << 16) == whole(text.as_bytes()), "{}", tail(&text));
    }
}

#[test]
fn a_long_stream_gives_what_a_file_gives() {
    let sample = fillrate_sample::Sample {
        size: fillrate_sample::Size::Bytes(BLOCK as u64 * 5),
        defects: ["bom", "crlf", "nul", "short-record"].map(|defect| defect.parse().unwrap()).to_vec(),
        ..Default::default()
    };
    let csv = sample.in_memory().unwrap().csv;
    assert!(streamed(&csv, 50_000) == whole(&csv));
}

/// Files under `/proc` say that they are empty.
#[cfg(target_os = "linux")]
#[test]
fn a_file_that_hides_its_size_is_read() {
    let path = Path::new("/proc/version");
    let bytes = fs::read(path).unwrap();
    for io in Io::ALL {
        let options = Options { io, header_ok: true, ..Options::default() };
        let expected = Options { chunk_bytes: u64::MAX, ..options.clone() };
        assert_eq!(
            analyze(Export::open(path, &options)),
            analyze(Export::from_bytes(bytes.clone(), &expected)),
            "{}",
            io.name()
        );
    }
}

/// Permissions do not keep the superuser from reading.
#[test]
fn a_file_without_permission_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), "email\n").unwrap();
    fs::set_permissions(file.path(), fs::Permissions::from_mode(0o0)).unwrap();
    let opened = Export::open(file.path(), &Options::default());
    match fs::File::open(file.path()) {
        Ok(_) => assert!(opened.is_ok()),
        Err(_) => assert_eq!(opened.unwrap_err().kind(), fillrate::ErrorKind::Unreadable),
    }
}
