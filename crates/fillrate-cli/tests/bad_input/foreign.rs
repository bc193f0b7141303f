//! C6, a part of C8, and a part of F1: what is no CSV although its name says so, what was written only in part, and what
//! shrinks while it is mapped.

use std::fs::OpenOptions;
use std::process::Stdio;
use std::time::Duration;

use super::row::{Row, check, csv};
use super::support::{Folder, stderr};

const CSV: &str = "email,phone\na,1\nb,\n";

const GZIP: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x4b\xcd\x4d\xcc\xcc\xd1\x29\xc8\xc8\xcf\x4b\xe5\x4a\xd4\
    \x31\xe4\x4a\xd2\xe1\x02\x00\x68\x45\x35\x48\x13\x00\x00\x00";

/// A frame of one raw block: magic, single segment, size, block header, content.
fn zstd() -> Vec<u8> {
    let size = u8::try_from(CSV.len()).unwrap();
    [&b"\x28\xb5\x2f\xfd\x20"[..], &[size, (size << 3) | 1, 0, 0], CSV.as_bytes()].concat()
}

#[test]
fn compressed_files_are_read_as_what_is_in_them() {
    let same = |bytes: &[u8]| {
        csv("C6", bytes).has("/stats/total", 2).has("/columns/1/filled", 1).has("/file/byteSize", CSV.len())
    };
    check([same(CSV.as_bytes()), same(GZIP).unmapped(), same(&zstd()).unmapped()]);
    // A download that was cut off, or has a wrong byte, has no figures.
    let damaged: Vec<u8> =
        GZIP.iter().enumerate().map(|(at, byte)| if at == 20 { !byte } else { *byte }).collect();
    for bytes in [&GZIP[..30], &GZIP[..GZIP.len() - 1], &damaged, &zstd()[..20], &zstd()[..8]] {
        let folder = Folder::new(&[]);
        folder.write("a.csv", bytes);
        let output = folder.run(&["stats", "a.csv"]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).starts_with("error["), "{}", stderr(&output));
    }
}

#[test]
fn other_formats_are_refused_by_name() {
    let utf16 = |bom: bool, bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
        let text = if bom { format!("\u{feff}{CSV}") } else { CSV.to_owned() };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let utf32: Vec<u8> = format!("\u{feff}{CSV}").chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let refused = |bytes: Vec<u8>| csv("C6", bytes).refused("not-csv", None);
    check([
        refused(utf16(true, u16::to_le_bytes)).says("UTF-16"),
        refused(utf16(true, u16::to_be_bytes)).says("UTF-16"),
        refused(utf16(false, u16::to_le_bytes)).says("UTF-16"),
        refused(utf16(false, u16::to_be_bytes)).says("UTF-16"),
        refused(utf32).says("UTF-32"),
        refused(b"PK\x03\x04\x14\0\0\0\x08\0".to_vec()),
        refused(b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec()).says("PDF"),
    ]);
    check(
        ["<!doctype html><title>Log in</title>", "\n <HTML>", "<?xml version=\"1.0\"?><Error/>"]
            .map(|text| refused(text.into())),
    );
    check([
        refused(b"{\"message\": \"Forbidden\"}".to_vec()).says("an error answer of the API"),
        refused(b"[{\"email\": \"a\"}]\n".to_vec()).says("JSON"),
    ]);
    // These only begin alike.
    let read = |text: &str| -> Row { csv("C6", text).has("/stats/total", 1) };
    check([read("PK,email\na,b\n"), read("[email],phone\na,b\n"), read("%PDF,email\na,b\n")]);
}

#[test]
fn a_tail_of_nul_is_a_broken_write() {
    let with_tail = |length| csv("C8", format!("{CSV}{}", "\0".repeat(length)));
    check([
        with_tail(4_096).refused("not-csv", None),
        // Fewer than a disk's sector may be content.
        with_tail(100)
            .differs()
            .finds("short-record", 1, (4, 19))
            .finds("nul", 100, (4, 19))
            .says("broken write"),
    ]);
}

/// Cut while it is mapped, at whatever moment: an error or the figures of before, and never a signal.
#[cfg(unix)]
#[test]
fn a_file_that_shrinks_is_survived() {
    for (wait, io) in (0..8).flat_map(|wait| [(wait, "auto"), (wait, "mmap"), (wait, "read")]) {
        let folder = Folder::new(&[]);
        folder.write("a.csv", format!("email,phone\n{}", "a,\"1\n2\"\n".repeat(4 << 20)));
        let mut command = folder.command(&["stats", "a.csv", "--io", io]);
        let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(wait * wait));
        OpenOptions::new().write(true).open(folder.path().join("a.csv")).unwrap().set_len(5_000).unwrap();
        let output = child.wait_with_output().unwrap();
        match output.status.code() {
            Some(0 | 1) => {}
            Some(2) => {
                assert!(stderr(&output).starts_with("error[changed-while-reading]"), "{}", stderr(&output));
            }
            code => panic!("--io {io} after {wait}: {code:?} {:?} {}", output.status, stderr(&output)),
        }
    }
}
