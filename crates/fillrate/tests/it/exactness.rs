//! Proves that figures, findings and places do not depend on how a file is cut into chunks, on the number of threads, on
//! how it is read or on the backend: every way gives what one thread of the reference gives in one piece.

use fillrate::{Backend, Error, Export, FillRule, FindingKind, Io, Options};
use proptest::prelude::*;

use crate::generate::csv;
use crate::{POOLS, all_of, everything, fill_rules};

/// What comes out, figures or refusal, in a form that shows every difference.
type Outcome = Result<String, String>;

fn outcome(export: Result<Export, Error>) -> Outcome {
    let refusal = |error: Error| format!("{:?} {:?} {:?}", error.kind(), error.line(), error.byte());
    let export = export.map_err(refusal)?;
    let question = everything(export.columns());
    export.analyze(&question).map(all_of).map_err(refusal)
}

fn in_memory(bytes: &[u8], options: &Options) -> Outcome {
    outcome(Export::from_bytes(bytes.to_vec(), options))
}

fn options(delimiter: u8, fill_rule: FillRule, chunk_bytes: u64) -> Options {
    Options { delimiter, fill_rule, chunk_bytes, header_ok: true, ..Options::default() }
}

/// The same in one piece, by the reference.
fn in_one_piece(options: &Options) -> Options {
    Options { chunk_bytes: u64::MAX, backend: "reference".parse().unwrap(), ..options.clone() }
}

fn backends() -> impl Strategy<Value = Backend> {
    prop::sample::select(Backend::available().collect::<Vec<_>>())
}

/// Compares every chunk size from 1 byte to the whole file, on several numbers of threads, with one piece.
fn assert_cuts_do_not_show(bytes: &[u8]) {
    let of_chunks = |chunk_bytes| options(b',', FillRule::default(), chunk_bytes);
    let expected = POOLS[0].install(|| in_memory(bytes, &in_one_piece(&of_chunks(1))));
    for threads in [2, 3, 8] {
        POOLS[threads - 1].install(|| {
            for chunk_bytes in 1..=bytes.len() as u64 {
                let found = in_memory(bytes, &of_chunks(chunk_bytes));
                assert_eq!(
                    found,
                    expected,
                    "chunks of {chunk_bytes}, {threads} threads: {}",
                    bytes.escape_ascii()
                );
            }
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn of_any_file(
        csv in csv(),
        chunk_bytes in 1..120u64,
        threads in 0..8usize,
        rule in 0..4usize,
        backend in backends(),
    ) {
        let rule = fill_rules()[rule].clone();
        let options = Options { backend, ..options(csv.delimiter, rule, chunk_bytes) };
        let expected = POOLS[0].install(|| in_memory(&csv.bytes, &in_one_piece(&options)));
        let found = POOLS[threads].install(|| in_memory(&csv.bytes, &options));
        prop_assert_eq!(found, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn of_any_way_to_read(csv in csv(), chunk_bytes in 1..120u64, backend in backends()) {
        let whole = in_one_piece(&options(csv.delimiter, FillRule::default(), chunk_bytes));
        let expected = POOLS[0].install(|| in_memory(&csv.bytes, &whole));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &csv.bytes).unwrap();
        for io in Io::ALL {
            let options = Options { io, backend, ..options(csv.delimiter, FillRule::default(), chunk_bytes) };
            let found = POOLS[1].install(|| outcome(Export::open(file.path(), &options)));
            prop_assert_eq!(found, expected.clone(), "{}", io.name());
        }
    }
}

/// Every string of up to six bytes that mean something, at every cut.
#[test]
fn of_all_short_files() {
    const ALPHABET: [u8; 5] = *b"a,\"\n\r";
    let longest: u32 = 6;
    for length in 0..=longest {
        for code in 0..ALPHABET.len().pow(length) {
            let records = (0..length).map(|at| ALPHABET[code / ALPHABET.len().pow(at) % ALPHABET.len()]);
            let bytes: Vec<u8> = b"h\n".iter().copied().chain(records).collect();
            let of_chunks = |chunk_bytes| in_memory(&bytes, &options(b',', FillRule::default(), chunk_bytes));
            let expected = in_memory(&bytes, &in_one_piece(&options(b',', FillRule::default(), 1)));
            POOLS[1].install(|| {
                for chunk_bytes in 1..u64::from(length) {
                    let cut = bytes.escape_ascii();
                    assert_eq!(of_chunks(chunk_bytes), expected, "chunks of {chunk_bytes}: {cut}");
                }
            });
        }
    }
}

/// A header, and records made to be misread by whoever starts in their middle.
#[test]
fn of_hostile_files() {
    let long_cell = format!("email,note\na,\"{}\"\nb,c\n", "x\n,\"\",".repeat(40));
    let lines_in_quotes = format!("email,note\r\n{}", "\"a\r\nb\",\"\"\r\n".repeat(12));
    let two_states = format!("email,note\n{}", "a,\"\nb,\"\n".repeat(20));
    for text in [
        // Both sides of a cut at the quotes' bar are outside of them, and every quote looks regular.
        "h\na\"\"\na",
        "h\na\"\"\na\nb\"\"\"\"\nc\n",
        // A quote opens wherever a chunk of eight bytes starts, and one closes there.
        "email\n\"a\nbcd\"\n\"e\nfgh\"\n\"i\njkl\"\n\"m\nnop\"\n",
        "email\nabcdefg\"\nhijk\"\nl\n\"\nm\"\n",
        // A record longer than several chunks, before and behind short ones.
        &long_cell,
        &lines_in_quotes,
        // Whether a line is inside quotes can only be known from the file's start.
        &two_states,
        // Each line is a record from one start, and inside quotes from another.
        "a,b\n\"x\ny\",z\n\"x\ny\",z\n\"x\ny\",z\n\"x\ny\",z\n\"x\ny\",z\n\"x\ny\",z\n",
        // A stray quote swallows the rest.
        "a,b\n1,2\n3,\"4\n5,6\n7,8\n9,10\n11,12\n13,14\n15,16\n17,18\n",
        // Line ends of all kinds; a cut may fall between CR and LF.
        "a,b\r\n1,2\r\n\r\n3,4\r\n\r5,6\r\r\n7,8\n\r9,10\n\n\r\n11\r",
        "a\r\r\r\n\n\n\r\r\nb\r\n\r\nc",
        "\r\n\n\ra,b\r\n1,2",
        // Text behind a closing quote, with quotes in it, that look like opening ones.
        "a,b\n\"x\"y\",\"z\"\n\"x\"\",\"\ny\"z\n\"\"x\"\n,\"\n\"\n",
        // Findings of every kind but an open quote.
        "\u{feff}a,b\n1\n1,2,3\n\"a\"b,c\n5'4\",c\r\n\n\0,\u{e9}\n",
        // Characters of several bytes at every cut.
        "a,b\né,€\n🦀,é\n\"é\n€\",🦀\n",
    ] {
        assert_cuts_do_not_show(text.as_bytes());
    }
    assert_cuts_do_not_show(b"a,b\n\xC3,\xE2\x82\n\"\xF0\x9F\n\xA6\",\xFF\n\xC3\n\xA9,\xC3");
}

#[test]
fn places_are_those_of_the_file() {
    let rows = "a,b\r\n".repeat(1_000);
    let bytes = format!("x,y\r\n{rows}1\r\n{rows}\"\r\n\"z,\0\n{rows}a,\"\r\n");
    let options = options(b',', FillRule::default(), 16);
    let export = Export::from_bytes(bytes.clone().into_bytes(), &options).unwrap();
    let question = everything(export.columns());
    let analysis = POOLS[3].install(|| export.analyze(&question)).unwrap();
    let of = |part: &str| bytes.find(part).unwrap() as u64;
    for (kind, line, byte) in [
        (FindingKind::ShortRecord, 1_002, of("1\r\n")),
        (FindingKind::TextAfterQuote, 2_004, of("z,\0")),
        (FindingKind::Nul, 2_004, of("\0")),
        (FindingKind::MixedLineEnds, 2_004, of("\0") + 1),
        (FindingKind::OpenQuote, 3_005, bytes.len() as u64 - 3),
    ] {
        let finding = analysis.findings.get(kind).unwrap();
        let place = fillrate::Place { line, byte };
        assert_eq!((finding.count, &finding.places[..], finding.last), (1, &[place][..], place), "{kind:?}");
    }
    assert_eq!(analysis.findings.iter().count(), 5);
}

/// A large file at the chunk size that users get.
#[test]
fn of_a_file_of_several_megabytes() {
    let sample = fillrate_sample::Sample {
        size: fillrate_sample::Size::Bytes(5 << 20),
        defects: ["stray-quote=3", "short-record=9", "nul=9", "invalid-utf8=9", "empty-line=9", "cut-off"]
            .map(|defect| defect.parse().unwrap())
            .to_vec(),
        ..Default::default()
    };
    let csv = sample.in_memory().unwrap().csv;
    let usual = Options::default();
    let expected = in_memory(&csv, &Options { chunk_bytes: u64::MAX, ..usual.clone() });
    for (threads, chunk_bytes) in [(2, usual.chunk_bytes), (4, 100_003), (8, 4_096)] {
        let options = Options { chunk_bytes, ..usual.clone() };
        let found = POOLS[threads - 1].install(|| in_memory(&csv, &options));
        assert!(found == expected, "chunks of {chunk_bytes}, {threads} threads");
    }
}

/// The first of those with the most lines, wherever it is in a file of many strips.
#[test]
fn the_longest_record_is_found_at_its_place() {
    let header = "a,b\n";
    let plain = "a,b\n".repeat(20_000);
    let longest = |csv: String| {
        let export =
            Export::from_bytes(csv.into_bytes(), &options(b',', FillRule::default(), 40_000)).unwrap();
        let question = everything(export.columns());
        let analysis = POOLS[1].install(|| export.analyze(&question)).unwrap();
        analysis.file.longest_record.map(|longest| (longest.lines, longest.start.line, longest.start.byte))
    };
    let at = (header.len() + plain.len()) as u64;
    for (behind, expected) in [
        ("", None),
        ("\"1\n2\",b\n", Some((2, 20_002, at))),
        // Of two, the first.
        ("\"1\n2\",b\na,\"1\n2\"\n", Some((2, 20_002, at))),
        ("\"1\n2\",b\n\"1\n2\",\"3\n4\"\n", Some((3, 20_004, at + 8))),
        // CRLF and a lone CR are one line end each.
        ("\"1\r\n2\",b\n", Some((2, 20_002, at))),
        ("\"1\r2\r\r3\",b\n", Some((4, 20_002, at))),
        // Longer than a strip.
        (&format!("\"{}\",b\na,b\n", "1\n".repeat(50_000)), Some((50_001, 20_002, at))),
        // Not closed: up to the end.
        ("a,\"b\nc\nd", Some((3, 20_002, at))),
        // With a line end as its last byte, no line follows.
        ("a,\"b\nc\n", Some((2, 20_002, at))),
        ("a,\"b\r\nc\r\n", Some((2, 20_002, at))),
        ("a,\"b\n", None),
        // An empty line is no record's.
        ("\n\na,\"1\n2\"\n\n", Some((2, 20_004, at + 2))),
    ] {
        for more in ["", &plain] {
            if behind.starts_with("a,\"b") && !more.is_empty() {
                continue;
            }
            assert_eq!(longest(format!("{header}{plain}{behind}{more}")), expected, "{behind:.60?}");
        }
    }
}
