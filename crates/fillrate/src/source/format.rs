//! What a file is, before it is taken for a CSV: by its first bytes, and by its last ones.

use crate::error::{Error, ErrorKind, Result};

/// How many of the first bytes are looked at: behind more white space than that, nobody begins a web page.
pub(super) const HEAD_BYTES: usize = 64 * 1024;

/// How many of the last bytes are looked at: more than a database's last words.
pub(super) const TAIL_BYTES: usize = 8 * 1024;

/// From that many NUL bytes on, a file that ends in them was not written to its end. It is a sector of a disk, the least
/// that one loses; a last cell that is padded with NUL bytes is shorter.
const NUL_TAIL_BYTES: usize = 512;

/// The fewest code units that tell UTF-16 without a BOM from a CSV with NUL bytes in it.
const FEWEST_UNITS: usize = 4;

/// How far the first line is looked at for UTF-16 and UTF-32.
const FIRST_LINE_BYTES: usize = 256;

const UNPACK: &str = "unpack it first";
const DECOMPRESS: &str = "decompress it first";
const SAVE_AS_CSV: &str = "save it as CSV first";
const CONVERT: &str = "convert it to CSV first";
const TO_UTF8: &str = "convert it to UTF-8 first";
const DOWNLOAD_AGAIN: &str = "download the export again";
const NOT_THE_EXPORT: &str = "download the export again: this may be a login or an error";

/// Refuses a text that begins as no CSV does. JSON is not among that: it takes all of the text to tell.
pub(super) fn check_head(head: &[u8], delimiter: u8) -> Result<()> {
    let nul_is_data = delimiter == 0;
    let found = by_magic(head)
        .or_else(|| by_byte_order_mark(head))
        .or_else(|| markup(head))
        .or_else(|| by_nul_bytes(head).filter(|_| !nul_is_data));
    match found {
        Some((name, advice)) => {
            Err(Error::new(ErrorKind::NotCsv, format!("this is {name}, not CSV"), advice))
        }
        None => Ok(()),
    }
}

/// Refuses a text that ends as a download does that broke off; `size` is that of the whole text.
pub(super) fn check_tail(tail: &[u8], size: u64, delimiter: u8) -> Result<()> {
    let (what, from_end) = if let Some(length) = exception(tail) {
        (
            "an error message of the database ends the file, in the place of the records that are missing",
            length,
        )
    } else {
        let length = tail.iter().rev().take_while(|byte| **byte == 0).count();
        if delimiter == 0 || length < NUL_TAIL_BYTES {
            return Ok(());
        }
        ("the file ends in NUL bytes: it was not written to its end", length)
    };
    let error = Error::new(ErrorKind::NotCsv, what, DOWNLOAD_AGAIN);
    // What fills the tail began before it.
    let is_place_known = from_end < tail.len() || size == tail.len() as u64;
    Err(if is_place_known { error.at_byte(size - from_end as u64) } else { error })
}

pub(super) fn without_bom(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text)
}

/// A name of a format, and what to do about it.
type Found = (&'static str, &'static str);

/// By the bytes that a format always begins with. Where these are text, by one behind them that is none.
fn by_magic(head: &[u8]) -> Option<Found> {
    Some(match head {
        [b'P', b'K', 3, 4, ..] if is_office(head) => {
            ("an Office document, such as an Excel workbook (xlsx)", SAVE_AS_CSV)
        }
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] | [b'P', b'K', 7, 8, ..] => ("a zip archive", UNPACK),
        [b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => ("a 7z archive", UNPACK),
        [0xFD, b'7', b'z', b'X', b'Z', 0, ..] => ("an xz file", DECOMPRESS),
        // Behind the size, a block or the end.
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, 0x59, 0x26, ..]
        | [b'B', b'Z', b'h', b'1'..=b'9', 0x17, 0x72, 0x45, 0x38, ..] => ("a bzip2 file", DECOMPRESS),
        [0x04, 0x22, 0x4D, 0x18, ..] => ("an lz4 file", DECOMPRESS),
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => {
            ("an old Office document, such as an Excel workbook (xls)", SAVE_AS_CSV)
        }
        [b'%', b'P', b'D', b'F', b'-', ..] => ("a PDF document", NOT_THE_EXPORT),
        [b'P', b'A', b'R', b'1', 0..=8 | 0x0E..=0x1F, ..] => ("a Parquet file", CONVERT),
        [b'A', b'R', b'R', b'O', b'W', b'1', 0, 0, ..] => ("an Arrow file", CONVERT),
        // A mark, and the length of what follows.
        [0xFF, 0xFF, 0xFF, 0xFF, _, _, _, 0, ..] => ("an Arrow stream", CONVERT),
        _ => return None,
    })
}

/// Whether the first file of a zip archive is one of those that every Office document has.
fn is_office(zip: &[u8]) -> bool {
    zip.get(30..).is_some_and(|name| {
        [&b"[Content_Types].xml"[..], b"_rels/", b"docProps/", b"xl/"]
            .iter()
            .any(|first| name.starts_with(first))
    })
}

const UTF_16: Found = ("UTF-16 text", TO_UTF8);
const UTF_32: Found = ("UTF-32 text", TO_UTF8);

fn by_byte_order_mark(head: &[u8]) -> Option<Found> {
    match head {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some(UTF_32),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Some(UTF_16),
        _ => None,
    }
}

fn markup(head: &[u8]) -> Option<Found> {
    let text = without_bom(head).trim_ascii_start();
    let begins = |with: &[u8]| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    if begins(b"<!doctype html") || begins(b"<html") {
        Some(("HTML", NOT_THE_EXPORT))
    } else if begins(b"<?xml") {
        Some(("XML", NOT_THE_EXPORT))
    } else {
        None
    }
}

/// UTF-16 and UTF-32 without a byte order mark, by the NUL bytes of the ASCII characters in the first line.
fn by_nul_bytes(head: &[u8]) -> Option<Found> {
    let line = head.split(|byte| *byte == b'\n').next()?;
    let line = &line[..line.len().min(FIRST_LINE_BYTES)];
    let (quads, _) = line.as_chunks::<4>();
    let is_utf32 = |value: fn([u8; 4]) -> u32| {
        quads.iter().all(|quad| char::from_u32(value(*quad)).is_some_and(|character| character != '\0'))
    };
    if quads.len() >= 2 && (is_utf32(u32::from_le_bytes) || is_utf32(u32::from_be_bytes)) {
        return Some(UTF_32);
    }
    let (pairs, _) = line.as_chunks::<2>();
    let nul_bytes = |at: usize| pairs.iter().filter(|pair| pair[at] == 0).count();
    // Two in three: names in other scripts may be among them.
    let (few, many) = (nul_bytes(0).min(nul_bytes(1)), nul_bytes(0).max(nul_bytes(1)));
    (pairs.len() >= FEWEST_UNITS && few == 0 && 3 * many >= 2 * pairs.len()).then_some(UTF_16)
}

/// How many bytes from the end a database says that it failed after it had begun to answer. `ClickHouse` does so in the
/// last line, or, from version 25.11 on, between two lines `__exception__`.
fn exception(tail: &[u8]) -> Option<usize> {
    const FRAME: &[u8] = b"__exception__";
    let text = tail.trim_ascii_end();
    let line_start = text.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at + 1);
    let line = &text[line_start..];
    if line == FRAME {
        let first = tail.windows(FRAME.len()).position(|bytes| bytes == FRAME)?;
        let is_framed = (first..line_start).any(|at| begins_exception(&tail[at..]));
        return is_framed.then(|| tail.len() - first);
    }
    // It may follow half a record. What is in quotes is a cell.
    let mut in_quotes = false;
    let found = line.iter().enumerate().position(|(at, byte)| {
        in_quotes ^= *byte == b'"';
        !in_quotes && begins_exception(&line[at..])
    })?;
    Some(tail.len() - line_start - found)
}

/// `Code: 241. DB::Exception: `
fn begins_exception(text: &[u8]) -> bool {
    let Some(code) = text.strip_prefix(b"Code: ") else { return false };
    let digits = code.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && code[digits..].starts_with(b". DB::Exception: ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &[u8]) -> Option<String> {
        check_head(text, b',').err().map(|error| {
            assert_eq!(error.kind(), ErrorKind::NotCsv);
            error.to_string()
        })
    }

    /// Where it is refused, if it is.
    fn tail(text: &[u8]) -> std::result::Result<(), Option<u64>> {
        check_tail(text, text.len() as u64, b',').map_err(|error| error.byte())
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    fn utf32(text: &str, bytes: fn(u32) -> [u8; 4]) -> Vec<u8> {
        text.chars().flat_map(|character| bytes(character.into())).collect()
    }

    #[test]
    fn names_what_a_file_is() {
        let zip = |name: &str| [b"PK\x03\x04".as_slice(), &[0; 26], name.as_bytes()].concat();
        for (text, name) in [
            (zip("audience.csv"), "a zip archive"),
            (zip("[Content_Types].xml"), "(xlsx)"),
            (zip("xl/workbook.xml"), "(xlsx)"),
            (b"PK\x05\x06\0\0".to_vec(), "a zip archive"),
            (b"7z\xBC\xAF\x27\x1C\0\x04".to_vec(), "a 7z archive"),
            (b"\xFD7zXZ\0\0\x04".to_vec(), "an xz file"),
            (b"BZh91AY&SY".to_vec(), "a bzip2 file"),
            (b"BZh9\x17rE8P\x90".to_vec(), "a bzip2 file"),
            (b"%PDF-1.7\n".to_vec(), "a PDF document"),
            (b"PAR1\x15\x04".to_vec(), "a Parquet file"),
            (b"ARROW1\0\0\xFF\xFF".to_vec(), "an Arrow file"),
            (b"\xFF\xFF\xFF\xFF\x78\x01\0\0".to_vec(), "an Arrow stream"),
            (b"<!DOCTYPE html>\n".to_vec(), "HTML"),
            (b"\xEF\xBB\xBF \r\n\t<HTML lang=en>".to_vec(), "HTML"),
            (b"<?XML version='1.0'?><Error/>".to_vec(), "XML"),
        ] {
            assert!(head(&text).is_some_and(|error| error.contains(name)), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn names_wide_text_with_and_without_its_mark() {
        for text in ["email,phone\r\nx,y\r\n", "email;\u{442}\u{435}\u{43b}\n", "\u{feff}\u{438}\n"] {
            for bytes in [utf16(text, u16::to_le_bytes), utf16(text, u16::to_be_bytes)] {
                assert!(head(&bytes).is_some_and(|error| error.contains("UTF-16")), "{text:?}");
            }
            for bytes in [utf32(text, u32::to_le_bytes), utf32(text, u32::to_be_bytes)] {
                assert!(head(&bytes).is_some_and(|error| error.contains("UTF-32")), "{text:?}");
            }
        }
        // A NUL byte is data, and may even be the delimiter.
        for text in [&b"e\0\nx\0"[..], b"a,\0,\0\n\0,\0,\0,\0,\0", b"email,\0n\0a\0m\0e\n", b"\0"] {
            assert_eq!(head(text), None, "{}", text.escape_ascii());
        }
        assert!(check_head(b"a\0b\0c\0d\0e\n", 0).is_ok());
    }

    #[test]
    fn leaves_a_csv_alone_that_begins_alike() {
        for text in [
            &b""[..],
            b"PK,email\n",
            b"PAR1,PAR2\n",
            b"PAR1",
            b"BZh9,x\n",
            b"7z,xz\n",
            b"<email>,<phone>\n",
            b"\"<html>\",x\n",
            b"x<!doctype html>\n",
            b"ARROW1,x\n",
            b"\xFF\xFF\xFF\xFF,\n",
            b"{a},b\n",
        ] {
            assert_eq!(head(text), None, "{}", text.escape_ascii());
        }
    }

    #[test]
    fn a_tail_of_nul_bytes_begins_at_a_sector() {
        let ends_in = |count| [b"a\nb\n", &vec![0; count][..]].concat();
        assert_eq!(tail(&ends_in(NUL_TAIL_BYTES - 1)), Ok(()));
        assert_eq!(tail(&ends_in(NUL_TAIL_BYTES)), Err(Some(4)));
        assert_eq!(tail(&[&ends_in(5_000), &b"\n"[..]].concat()), Ok(()));
        assert!(check_tail(&ends_in(5_000), 5_004, 0).is_ok());
        // It is not known where it began, if that was before the tail.
        let error = check_tail(&[0; TAIL_BYTES], 10 * TAIL_BYTES as u64, b',').unwrap_err();
        assert_eq!(error.byte(), None);
    }

    #[test]
    fn finds_the_last_words_of_a_database() {
        for (text, at) in [
            ("a\nb\nCode: 241. DB::Exception: Memory limit\n", 4),
            ("a\nb\nx,\"y\",Code: 1. DB::Exception: x (version 1)\r\n\n", 10),
            ("Code: 60. DB::Exception: x", 0),
            ("a\n__exception__\r\ntag\r\nCode: 1. DB::Exception: x\ny\n9 tag\r\n__exception__\r\n", 2),
        ] {
            assert_eq!(tail(text.as_bytes()), Err(Some(at)), "{text}");
        }
        for text in [
            "a\nCode: 241. DB::Exception: x\nb\n",
            "a\nx,\"Code: 241. DB::Exception: x\"\n",
            "a\nCode: . DB::Exception: x\n",
            "a\nCode: 241. Exception: x\n",
            "a\n__exception__\n",
            "__exception__",
            "",
        ] {
            assert_eq!(tail(text.as_bytes()), Ok(()), "{text}");
        }
    }
}
