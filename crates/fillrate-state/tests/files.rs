//! What is read is what was written, and nothing else is.

#![expect(clippy::unwrap_used, reason = "clippy spares `#[test]` functions only, not their helpers")]

use std::path::Path;

use fillrate::{Counters, Export, Options, Question};
use fillrate_state::{Error, decode, encode, is_state, read, write};

const CSV: &str = "email,intent.score,phone\na@example.com,83.5,\nb@example.com,x\n\n,101,-\n";

/// What an encoder of another day has written: it has to be read for good.
const VERSION_1: &str = concat!(
    r#"{"format":"fillrate-state","version":1,"crc32":"CHECKSUM","counters":{"basis":{"fillRule":"#,
    r#"{"blanksAreUnfilled":false,"placeholders":[]},"scale":[]},"exports":1,"bytes":69,"records":3,"columns":["#,
    r#"{"field":"email","position":0,"exports":1,"cells":{"notEmpty":2,"blank":0,"placeholder":0},"sum":null},"#,
    r#"{"field":"intent.score","position":1,"exports":1,"cells":{"notEmpty":3,"blank":0,"placeholder":0},"#,
    r#""sum":{"numbers":2,"invalid":1,"nanos":"184500000000"}},"#,
    r#"{"field":"phone","position":2,"exports":1,"cells":{"notEmpty":1,"blank":0,"placeholder":1},"sum":null}],"#,
    r#""scores":{"counted":{"intervals":[INTERVALS],"invalid":1}},"findings":["#,
    r#"{"kind":"short-record","count":1,"exports":1,"places":[{"line":3,"byte":45}],"last":{"line":3,"byte":45}},"#,
    r#"{"kind":"empty-line","count":1,"exports":1,"places":[{"line":4,"byte":61}],"last":{"line":4,"byte":61}}]}}"#,
    "\n"
);

fn counters(csv: &str, options: &Options) -> Counters {
    let export = Export::from_bytes(csv.as_bytes().to_vec(), options).unwrap();
    let question = Question::for_stats(export.columns(), Vec::new(), &[]).unwrap();
    export.analyze(&question).unwrap().counters().clone()
}

fn state() -> Vec<u8> {
    encode(&counters(CSV, &Options::default()))
}

fn refused(bytes: &[u8]) -> Error {
    decode(Path::new("s"), bytes).unwrap_err()
}

#[test]
fn the_format_is_that_of_the_documentation() {
    let mut intervals = ["0"; 103];
    (intervals[84], intervals[102]) = ("1", "1");
    let expected = VERSION_1.replace("INTERVALS", &intervals.join(","));
    let counters = &expected[expected.find("{\"basis").unwrap()..expected.len() - 2];
    // The checksum of zip and PNG, bit by bit.
    let crc32 = !counters.bytes().fold(u32::MAX, |crc, byte| {
        (0..8).fold(
            crc ^ u32::from(byte),
            |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 },
        )
    });
    let expected = expected.replace("CHECKSUM", &format!("{crc32:08x}"));
    assert_eq!(String::from_utf8(state()).unwrap(), expected);
}

#[test]
fn every_wrong_byte_is_refused() {
    let state = state();
    for at in 0..state.len() {
        for change in 1..=255 {
            let mut wrong = state.clone();
            wrong[at] ^= change;
            assert!(decode(Path::new("s"), &wrong).is_err(), "byte {at} changed by {change}");
        }
    }
}

#[test]
fn every_beginning_is_refused_and_what_follows_too() {
    let state = state();
    for length in 0..state.len() {
        let error = refused(&state[..length]);
        assert_eq!(matches!(error, Error::NotAState { .. }), length < 37, "{length}: {error}");
        assert!(error.to_string().starts_with("s (byte "), "{length}: {error}");
    }
    for more in ["\n", " ", "{}", "\0"] {
        assert!(matches!(refused(&[&state, more.as_bytes()].concat()), Error::Damaged { .. }), "{more:?}");
    }
}

/// A file that somebody has edited, and given the checksum that fits.
fn edited(from: &str, to: &str) -> Error {
    let text = String::from_utf8(state()).unwrap();
    assert!(text.contains(from), "{from}");
    let (start, counters) = text.split_once(r#""counters":"#).unwrap();
    let counters = counters.replacen(from, to, 1);
    let crc32 = crc32fast::hash(counters.trim_end().strip_suffix('}').unwrap().as_bytes());
    let start = format!(r#"{}"crc32":"{crc32:08x}","#, start.split_once(r#""crc32""#).unwrap().0);
    refused(format!(r#"{start}"counters":{counters}"#).as_bytes())
}

#[test]
fn counters_that_cannot_be_are_refused() {
    for (from, to, why) in [
        (r#""records":3"#, r#""records":2"#, "the cells of a column"),
        (r#""records":3"#, r#""records":-3"#, "invalid value"),
        (r#""records":3"#, r#""records":10000000000001"#, "the numbers of exports and records"),
        (r#""exports":1"#, r#""exports":0"#, "the numbers of exports and records"),
        (r#""exports":1"#, r#""exports":2"#, "a finding"),
        (r#""placeholder":1"#, r#""placeholder":2"#, "the cells of a column"),
        (r#""nanos":"184500000000""#, r#""nanos":"2000000000000000000000000000""#, "the cells of a column"),
        (r#""numbers":2"#, r#""numbers":3"#, "the cells of a column"),
        (r#""intervals":[0"#, r#""intervals":[9"#, "the scores"),
        (r#""intervals":[0,"#, r#""intervals":["#, "the scores"),
        (r#""field":"phone""#, r#""field":"email""#, "a field that is there twice"),
        (r#""position":2"#, r#""position":0"#, "the order of the columns"),
        (r#""scale":[]"#, r#""scale":[200,150]"#, "the order of the scale"),
        (r#""placeholders":[]"#, r#""placeholders":["b","a"]"#, "the order of the placeholders"),
        (r#""kind":"empty-line""#, r#""kind":"empty-lines""#, "no finding has this name"),
        (r#""kind":"empty-line""#, r#""kind":"short-record""#, "the order of the findings"),
        (r#""records":3"#, r#""records": 3"#, "this program would not have written it so"),
        (r#""records":3"#, r#""records":3,"time":5"#, "unknown field"),
        (r#""records":3"#, r#""records":3,"records":3"#, "duplicate field"),
        (r#"{"basis""#, r#"{"x":[[[["#, "unknown field"),
    ] {
        let error = edited(from, to).to_string();
        assert!(error.starts_with("s (byte ") && error.contains(why), "{to}: {error}");
    }
}

#[test]
fn other_versions_and_other_files_are_refused() {
    let text = String::from_utf8(state()).unwrap();
    let version = |version: &str| text.replace(r#""version":1"#, &format!(r#""version":{version}"#));
    for (other, number) in [("2", Some(2)), ("01", Some(1)), ("10", Some(10)), ("99999999999", None)] {
        let error = refused(version(other).as_bytes());
        assert!(matches!(error, Error::Version { version, .. } if version == number), "{other}: {error}");
    }
    for other in ["", "email\na@example.com\n", "{}", "\u{feff}{\"format\":\"fillrate-state\""] {
        assert!(matches!(refused(other.as_bytes()), Error::NotAState { .. }), "{other}");
    }
}

#[test]
fn equal_exports_give_equal_bytes_however_they_are_written() {
    let other = Options { delimiter: b';', chunk_bytes: 1, ..Options::default() };
    assert_eq!(encode(&counters(&CSV.replace(',', ";"), &other)), state());
    let rule = |words: [&str; 2]| {
        let rule = fillrate::FillRule::default().with_placeholder(words[0]).unwrap();
        let fill_rule = rule.with_placeholder(words[1]).unwrap();
        encode(&counters(CSV, &Options { fill_rule, ..Options::default() }))
    };
    assert_eq!(rule(["x", "Unknown"]), rule(["UNKNOWN", "x"]));
    assert_ne!(rule(["x", "Unknown"]), rule(["x", "y"]));
}

#[test]
fn a_file_is_its_owners_and_never_overwritten_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.state");
    let (a, b) = (counters(CSV, &Options::default()), counters("email\n", &Options::default()));
    write(&path, &a, false).unwrap();
    assert!(is_state(&path) && !is_state(folder.path()) && !is_state(&folder.path().join("none")));
    assert_eq!(read(&path).unwrap(), a);
    assert!(matches!(write(&path, &b, false).unwrap_err(), Error::Exists { .. }));
    assert_eq!(read(&path).unwrap(), a);
    write(&path, &b, true).unwrap();
    assert_eq!(read(&path).unwrap(), b);
    assert!(matches!(write(&folder.path().join("no/b"), &a, true).unwrap_err(), Error::Write { .. }));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 1, "no temporary file is left");
}
