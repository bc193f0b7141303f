//! Proves that a compressed export gives what is in it, or an error that says where it is damaged, and that no other
//! format is ever counted: as a file, as a stream, in memory and compressed.
#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::sync::LazyLock;

use fillrate::{Error, ErrorKind, Export, Io, MAX_ZSTD_WINDOW_BYTES, Options, Question};
use flate2::write::GzEncoder;

use crate::sources::{analyze, through_fifo};

/// In every text that is refused.
const SECRET: &str = "canary@example.org";

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::Encoder::new(Vec::new(), 3).unwrap();
    encoder.include_checksum(true).unwrap();
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Each half compressed by itself, one behind the other.
fn in_halves(compress: fn(&[u8]) -> Vec<u8>, bytes: &[u8]) -> Vec<u8> {
    let (front, back) = bytes.split_at(bytes.len() / 2);
    [compress(front), compress(back)].concat()
}

/// Several blocks and buffers long, compressed or not.
static LONG: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let sample =
        fillrate_sample::Sample { size: fillrate_sample::Size::Bytes(1_500_000), ..Default::default() };
    sample.in_memory().unwrap().csv
});

fn options(io: Io) -> Options {
    Options { io, ..Options::default() }
}

/// All ways in which bytes can come, and what comes of them: figures or an error.
fn every_way(bytes: &[u8]) -> Vec<Result<String, Error>> {
    let outcome = |export: Result<Export, Error>| {
        let export = export?;
        let question = crate::everything(export.columns());
        export.analyze(&question).map(crate::all_of)
    };
    let file = tempfile::NamedTempFile::with_suffix(".csv").unwrap();
    fs::write(file.path(), bytes).unwrap();
    vec![
        outcome(Export::open(file.path(), &options(Io::Auto))),
        outcome(Export::open(file.path(), &options(Io::Read))),
        outcome(Export::from_bytes(bytes.to_vec(), &Options::default())),
        through_fifo(bytes, 10_000, |path| outcome(Export::open(path, &Options::default()))),
    ]
}

#[test]
fn compressed_gives_what_is_in_it() {
    let skipped = [b"\x50\x2A\x4D\x18\x03\0\0\0abc".as_slice(), &zstd(&LONG)].concat();
    let short = b"email,note\r\na,\"b\"\r\n";
    for (name, stored, text) in [
        ("gzip", gzip(&LONG), &LONG[..]),
        ("zstd", zstd(&LONG), &LONG),
        ("gzip of many members", in_halves(gzip, &LONG), &LONG),
        ("zstd of many frames", in_halves(zstd, &LONG), &LONG),
        ("zstd behind a skippable frame", skipped, &LONG),
        ("short gzip", gzip(short), short),
        ("short zstd", zstd(short), short),
        ("gzip of an empty member", [gzip(b""), gzip(short)].concat(), short),
    ] {
        let expected = analyze(Export::from_bytes(text.to_vec(), &Options::default()));
        for (way, found) in every_way(&stored).into_iter().enumerate() {
            assert!(found.unwrap() == expected, "{name}, way {way}");
        }
    }
}

/// Read in pieces, the first one was all that was looked at.
#[test]
fn a_page_is_refused_behind_much_white_space_however_it_is_read() {
    for before in [0, 10_000, 20_000, 60_000] {
        let page = [&b" \n".repeat(before / 2)[..], b"<!doctype html><p>Log in</p>\n"].concat();
        for (way, found) in every_way(&page).into_iter().enumerate() {
            assert_eq!(found.unwrap_err().kind(), ErrorKind::NotCsv, "{before} bytes before, way {way}");
        }
    }
}

#[test]
fn nothing_compressed_has_no_header() {
    for stored in [gzip(b""), zstd(b"")] {
        for found in every_way(&stored) {
            assert_eq!(found.unwrap_err().kind(), ErrorKind::NoHeader);
        }
    }
}

#[test]
fn a_cut_or_a_tail_is_damage_with_its_place() {
    for compress in [gzip, zstd] {
        let stored = compress(b"email,note\na,b\nc,d\ne,\"f\"\n");
        for length in 4..stored.len() {
            for found in every_way(&stored[..length]) {
                let error = found.unwrap_err();
                let place = (error.kind(), error.line(), error.byte());
                assert_eq!(place, (ErrorKind::Damaged, None, Some(length as u64)), "{length}: {error}");
            }
        }
        for tail in [&b"\0"[..], b"x", b"\n\n\n\n\n", &[0; 100], b"email,note\n", &stored[..5]] {
            for found in every_way(&[&stored, tail].concat()) {
                let error = found.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
                let place = stored.len() as u64..=(stored.len() + tail.len()) as u64;
                assert!(error.byte().is_some_and(|byte| place.contains(&byte)), "{error}");
            }
        }
    }
}

/// Behind the magic bytes. Some bits of a header say nothing about the content.
#[test]
fn a_flipped_bit_never_gives_other_figures() {
    let text = b"email,note\na,b\nc,d\ne,\"f\"\n".repeat(4);
    let expected = analyze(Export::from_bytes(text.clone(), &Options::default()));
    for compress in [gzip, zstd] {
        let stored = compress(&text);
        let mut damaged = 0;
        for bit in 4 * 8..stored.len() * 8 {
            let mut flipped = stored.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let export = Export::from_bytes(flipped, &Options::default());
            let found = export.and_then(|export| {
                let question = crate::everything(export.columns());
                export.analyze(&question)
            });
            match found {
                Ok(found) => assert_eq!(crate::all_of(found), expected, "bit {bit}"),
                Err(error) => {
                    let kind = error.kind();
                    assert!(matches!(kind, ErrorKind::Damaged | ErrorKind::Unreadable), "bit {bit}: {error}");
                    damaged += 1;
                }
            }
        }
        assert!(damaged > 8 * (stored.len() - 20), "{damaged} of {} bits", 8 * stored.len());
    }
}

/// In the middle of a long file: found while records are counted.
#[test]
fn damage_far_behind_is_found() {
    for compress in [gzip, zstd] {
        let mut stored = compress(&LONG);
        let middle = stored.len() / 2;
        for byte in &mut stored[middle..middle + 100] {
            *byte = !*byte;
        }
        for found in every_way(&stored) {
            let error = found.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Damaged, "{error}");
            assert!(error.byte().unwrap() > 40_000, "{error}");
        }
    }
}

/// A frame of one block that is not compressed, whose header asks for a window of `2^log` bytes.
fn zstd_with_window(log: u8, text: &[u8]) -> Vec<u8> {
    let block = u32::try_from(text.len() << 3 | 1).unwrap().to_le_bytes();
    [b"\x28\xB5\x2F\xFD\0", &[(log - 10) << 3][..], &block[..3], text].concat()
}

#[test]
fn the_memory_that_zstd_may_ask_for_is_bounded() {
    assert_eq!(MAX_ZSTD_WINDOW_BYTES, 1 << 27);
    let text = b"email\na\n";
    for log in [10, 20, 27] {
        let found = Export::from_bytes(zstd_with_window(log, text), &Options::default());
        assert_eq!(analyze(found), analyze(Export::from_bytes(text.to_vec(), &Options::default())));
    }
    for log in [28, 31, 41] {
        let error = Export::from_bytes(zstd_with_window(log, text), &Options::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{error}");
        assert!(error.to_string().contains("134217728"), "{error}");
    }
}

#[test]
fn compressed_twice_is_refused() {
    for inner in [gzip, zstd] {
        for outer in [gzip, zstd] {
            for found in every_way(&outer(&inner(&LONG))) {
                let error = found.unwrap_err();
                assert_eq!(error.kind(), ErrorKind::NotCsv);
                assert!(error.to_string().contains("compressed itself"), "{error}");
            }
        }
    }
}

/// What must never be counted, and a part of what is said about it.
fn no_csv() -> Vec<(Vec<u8>, &'static str)> {
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let rows = format!("email,note\n{}", format!("{SECRET},x\n").repeat(20_000));
    let long_json = format!("[{}\"{SECRET}\"]\n", format!("{{\"a\": \"{SECRET}\"}}, ").repeat(20_000));
    let text = |text: &str| text.replace('@', SECRET).into_bytes();
    vec![
        (text("\n\n  <!DOCTYPE HTML><title>@</title>"), "HTML"),
        (text("<html lang=en>\n@"), "HTML"),
        (text("\u{feff}<?xml version=\"1.0\"?><Error>@</Error>"), "XML"),
        (text("{\"email\": \"@\"}"), "JSON"),
        (text(" [1,\n2,\n\"@\"]\n"), "JSON"),
        (long_json.into_bytes(), "JSON"),
        (text("{\"error\": {\"code\": 5, \"message\": \"@\"}}"), "error answer"),
        (text("\u{feff}{\"message\": \"@\"}\n"), "error answer"),
        (text("{\"data\": {\"run\": {\"id\": \"@\", \"status\": \"running\"}}}"), "queued or running"),
        (text("{\"status\": \"queued\", \"message\": \"@\"}"), "queued or running"),
        (text("PK\u{3}\u{4}@"), "zip"),
        (text("%PDF-1.4\n@"), "PDF"),
        (text("PAR1\u{15}\u{4}@"), "Parquet"),
        (text("ARROW1\0\0@"), "Arrow"),
        (text("BZh91AY&SY@"), "bzip2"),
        (utf16(&rows), "UTF-16"),
        (utf16("\u{feff}email\n@\n"), "UTF-16"),
        ([rows.as_bytes(), &[0; 512]].concat(), "NUL"),
        ([rows.as_bytes(), &[0; 100_000]].concat(), "NUL"),
        (vec![0; 4_096], "NUL"),
        (format!("{rows}Code: 241. DB::Exception: {SECRET}\n").into_bytes(), "database"),
        (format!("{rows}x,Code: 241. DB::Exception: {SECRET}").into_bytes(), "database"),
    ]
}

#[test]
fn what_is_no_csv_is_never_counted() {
    for (text, what) in no_csv() {
        let sample = text[..text.len().min(60)].escape_ascii();
        for bytes in [text.clone(), gzip(&text), zstd(&text)] {
            for (way, found) in every_way(&bytes).into_iter().enumerate() {
                let Err(error) = found else { panic!("{sample} is counted in way {way}") };
                assert_eq!(error.kind(), ErrorKind::NotCsv, "{sample} in way {way}: {error}");
                let printed = error.to_string();
                assert!(printed.contains(what) && printed.contains("; "), "{sample}: {error}");
                assert!(!format!("{printed}{error:?}").contains(SECRET), "{error}");
            }
        }
    }
}

/// All of these are CSV, if odd ones: they begin or end nearly as what is refused.
#[test]
fn what_looks_alike_is_counted() {
    let long = |start: &str| format!("{start}\n{}", "x,y\n".repeat(100_000)).into_bytes();
    for text in [
        b"{\"a\": 1}\n{\"a\": 2}\n".to_vec(),
        b"[1],[2]\nx,y\n".to_vec(),
        long("[\"a\", \"b\""),
        long("{a},b"),
        // As long as it could be JSON, which it is not after all.
        format!("[1,\n{}\nx", "1,\n".repeat(100_000)).into_bytes(),
        b"PK,email\nx,y\n".to_vec(),
        b"<email>,<html>\nx,y\n".to_vec(),
        b"email,note\n\0,\0\0\0\0\0".to_vec(),
        [b"email\n".as_slice(), &[0; 511]].concat(),
        [b"email\n".as_slice(), &[0; 5_000], b"\n"].concat(),
        b"email,note\nx,\"Code: 241. DB::Exception: y\"\n".to_vec(),
        b"email,note\nCode: 241. DB::Exception: y\nx,y\n".to_vec(),
    ] {
        let sample = text[..text.len().min(60)].escape_ascii();
        let found = every_way(&text);
        let first = found[0].as_ref().unwrap_or_else(|error| panic!("{sample}: {error}")).clone();
        for found in found {
            assert!(found.unwrap() == first, "{sample}");
        }
    }
}

/// Long enough for its end not to be read with its header.
#[test]
fn a_compressed_file_that_changes_is_refused() {
    let changes: [fn(&std::path::Path); 4] = [
        |path| fs::OpenOptions::new().append(true).open(path).unwrap().write_all(b"x").unwrap(),
        |path| fs::OpenOptions::new().write(true).open(path).unwrap().set_len(50_000).unwrap(),
        |path| fs::write(path, "email\n").unwrap(),
        |path| fs::remove_file(path).unwrap(),
    ];
    for compress in [gzip, zstd] {
        let stored = compress(&LONG);
        for change in changes {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.csv.gz");
            fs::write(&path, &stored).unwrap();
            let export = Export::open(&path, &Options::default()).unwrap();
            change(&path);
            let error = export.analyze(&Question::default()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ChangedWhileReading, "{error}");
        }
    }
}
