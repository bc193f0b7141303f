//! Where both engines read a file alike, all figures are equal.

use std::path::{Path, PathBuf};

use fillrate::{FillRule, Options};
use fillrate_sample::{HeaderStyle, Sample, Size};
use proptest::prelude::*;

use crate::{assert_same, file};

fn csv_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            csv_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "csv") {
            found.push(path);
        }
    }
}

#[test]
fn on_all_of_testdata() {
    let testdata = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata");
    let mut files = Vec::new();
    csv_files(&testdata, &mut files);
    assert!(files.len() >= 4, "{files:?}");
    for path in files {
        assert_same(&path, &Options::default(), &path.display().to_string());
    }
}

#[test]
fn on_samples_of_every_header_and_rule() {
    let rules = [
        FillRule::default(),
        FillRule::default().non_blank(),
        FillRule::default().with_placeholder("Sales (any)").unwrap(),
        FillRule::default().non_blank().with_placeholder("83").unwrap(),
    ];
    for header in [HeaderStyle::Dotted, HeaderStyle::Snake, HeaderStyle::Camel, HeaderStyle::Flat] {
        let sample = Sample { size: Size::Records(1_000), header, ..Sample::default() }.in_memory().unwrap();
        let file = file(&sample.csv);
        for rule in &rules {
            let options = Options { fill_rule: rule.clone(), ..Options::default() };
            assert_same(file.path(), &options, &format!("{header:?}, {rule:?}"));
        }
    }
}

/// What cells are made of: what numbers, blanks and placeholders are, and what nearly is.
const PIECES: [&str; 24] = [
    "",
    "a",
    " ",
    "\t",
    "\n",
    "\"",
    ",",
    "é",
    "0",
    "9",
    "83",
    "-",
    ".",
    "5",
    "null",
    "N/A",
    "x",
    "[]",
    "100",
    "-0.5",
    "69.999999999",
    "1e2",
    "\u{212A}",
    "ſ",
];

fn cell() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..4).prop_map(|pieces| pieces.concat())
}

/// RFC 4180: what needs quotes has them, and some of the rest.
fn written(cell: &str, quoted: bool) -> String {
    if quoted || cell.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn on_tables(
        records in prop::collection::vec([(cell(), any::<bool>()), (cell(), any::<bool>()), (cell(), any::<bool>())], 0..40),
        crlf in any::<bool>(),
        bom in any::<bool>(),
        last_line_ends in any::<bool>(),
        non_blank in any::<bool>(),
        word in prop::option::of(prop::sample::select(&["x", "é", "83", "k"][..])),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let mut csv = String::from(if bom { "\u{FEFF}" } else { "" });
        csv += &format!("email,intent_score,note{end}");
        for record in &records {
            csv += &record.each_ref().map(|(cell, quoted)| written(cell, *quoted)).join(",");
            csv += end;
        }
        if !last_line_ends {
            csv.truncate(csv.len() - end.len());
        }
        let mut rule = FillRule::default();
        if non_blank {
            rule = rule.non_blank();
        }
        if let Some(word) = word {
            rule = rule.with_placeholder(word).unwrap();
        }
        let options = Options { fill_rule: rule, header_ok: true, ..Options::default() };
        assert_same(file(csv.as_bytes()).path(), &options, &format!("{csv:?}"));
    }
}
