//! Made-up CSV bytes: well-formed, odd and broken, with every kind of cell that the engine tells apart.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// A file, printed readably when a test fails.
#[derive(Clone)]
pub(crate) struct Csv {
    pub(crate) bytes: Vec<u8>,
    pub(crate) delimiter: u8,
}

impl fmt::Debug for Csv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\" split at b'{}'", self.bytes.escape_ascii(), self.delimiter.escape_ascii())
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";
const LINE_ENDS: [&[u8]; 3] = [b"\n", b"\r\n", b"\r"];
const DELIMITERS: [u8; 7] = *b",,,;\t\0\xA9";

const WORDS: &[&[u8]] = &[b"", b"", b"a", b"Zo\xC3\xAB", b"a long cell of more than thirty bytes"];
const BLANKS: &[&[u8]] = &[b" ", b"\t ", b"\x0B\x0C", b"\r\n \n", b"                                 "];
const PLACEHOLDERS: &[&[u8]] = &[b"null", b"NaN", b"n/A", b"-", b"--", b"[]", b"{}", b"Unknown", b" null"];
const NUMBERS: &[&[u8]] = &[
    b"83",
    b"69.5",
    b"-1",
    b"-0.5",
    b"007",
    b"100",
    b"120",
    b"121.5",
    b"150",
    b"0.000000001",
    b"-999999999999999.999999999",
    b"999999999999999.999999999",
];
const NO_NUMBERS: &[&[u8]] =
    &[b"+7", b"1e3", b" 7", b"7.", b".5", b"1,5", b"inf", b"1234567890123456", b"0.0000000001", b"0x10"];
const AWKWARD: &[&[u8]] =
    &[b",", b"a;b", b"\n", b"a\nb", b"a\r\nb", b"\r", b"\"", b"say \"hi\"", b"\"\"", b"5'4\" tall"];
const ODD: &[&[u8]] = &[b"\0", b"\xFF\xFE", b"a\xC3", b"\xE2\x82", b"\xED\xA0\x80", BOM];

fn content() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        6 => select(WORDS),
        2 => select(BLANKS),
        2 => select(PLACEHOLDERS),
        4 => select(NUMBERS),
        2 => select(NO_NUMBERS),
        3 => select(AWKWARD),
        1 => select(ODD),
    ]
    .prop_map(<[u8]>::to_vec)
}

/// How a cell's content is written.
#[derive(Clone, Copy, Debug)]
enum Writing {
    /// As it is, so that a delimiter or line end in it splits it.
    Plain,
    /// As RFC 4180 has it.
    Quoted,
    /// `"a"b`
    QuotedWithTextBehind,
    /// A quote that it does not close.
    Opened,
}

fn cell() -> impl Strategy<Value = Vec<u8>> {
    let writing = prop_oneof![
        40 => Just(Writing::Plain),
        40 => Just(Writing::Quoted),
        2 => Just(Writing::QuotedWithTextBehind),
        1 => Just(Writing::Opened),
    ];
    (content(), writing).prop_map(|(content, writing)| {
        let mut doubled = vec![b'"'];
        for &byte in &content {
            doubled.extend_from_slice(if byte == b'"' { b"\"\"" } else { std::slice::from_ref(&byte) });
        }
        match writing {
            Writing::Plain => content,
            Writing::Quoted => [doubled, b"\"".to_vec()].concat(),
            Writing::QuotedWithTextBehind => [doubled, b"\"".to_vec(), content].concat(),
            Writing::Opened => doubled,
        }
    })
}

/// A line's cells, whether it is ragged, empty, or ends in its own way.
fn line() -> impl Strategy<Value = (Vec<Vec<u8>>, Shape, Option<&'static [u8]>)> {
    let shape = prop_oneof![20 => Just(Shape::Full), 1 => Just(Shape::Ragged), 1 => Just(Shape::Empty)];
    let own_end = prop_oneof![20 => Just(None), 1 => select(&LINE_ENDS[..]).prop_map(Some)];
    (vec(cell(), 1..7), shape, own_end)
}

#[derive(Clone, Copy, Debug)]
enum Shape {
    Full,
    Ragged,
    Empty,
}

/// Files with a header of one to five columns, one of which is the score.
fn table() -> impl Strategy<Value = Csv> {
    let file = (1..6usize, select(&DELIMITERS[..]), select(&LINE_ENDS[..]), any::<[bool; 2]>());
    (file, vec(line(), 0..25)).prop_map(|((columns, delimiter, end, [bom, final_end]), lines)| {
        let names = [&b"intent.score"[..], b"email", b"\"company\nname\"", b"email", b"\"\0\"\"\xFF\""];
        let mut bytes = if bom { BOM.to_vec() } else { Vec::new() };
        bytes.extend(names[..columns].join(&delimiter));
        let mut last_end = end;
        for (mut cells, shape, own_end) in lines {
            bytes.extend_from_slice(last_end);
            last_end = own_end.unwrap_or(end);
            match shape {
                Shape::Full => cells.resize(columns, Vec::new()),
                Shape::Ragged => {}
                Shape::Empty => cells.clear(),
            }
            bytes.extend(cells.join(&delimiter));
        }
        if final_end {
            bytes.extend_from_slice(last_end);
        }
        Csv { bytes, delimiter }
    })
}

/// Bytes without any plan, most of which mean something.
fn soup() -> impl Strategy<Value = Csv> {
    let byte = prop_oneof![9 => select(b"a1.-,,\"\"\"\n\r ".to_vec()), 1 => any::<u8>()];
    vec(byte, 0..300).prop_map(|bytes| Csv { bytes, delimiter: b',' })
}

pub(crate) fn csv() -> impl Strategy<Value = Csv> {
    prop_oneof![3 => table(), 1 => soup()]
}
