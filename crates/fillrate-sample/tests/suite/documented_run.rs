//! The documented run in `testdata` has the documented figures, and is what its program prints.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

#[path = "../../examples/documented_run.rs"]
#[expect(dead_code, reason = "the program's `main`")]
mod program;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/documented-run").join(name)
}

fn data(name: &str) -> Value {
    let answer: Value = serde_json::from_slice(&fs::read(file(name)).unwrap()).unwrap();
    answer["data"].clone()
}

#[test]
fn the_file_is_what_the_program_prints() {
    assert!(fs::read(file("audience.csv")).unwrap() == program::audience_csv().unwrap());
}

#[test]
fn size_and_records_are_those_of_the_documented_export() {
    let csv = fs::read(file("audience.csv")).unwrap();
    assert_eq!(data("export.json")["export"]["byteSize"], csv.len());
    assert_eq!(data("export.json")["export"]["rowCount"], csv::Reader::from_reader(&*csv).records().count());
}

#[test]
fn counts_are_the_documented_ones() {
    let stats = &data("stats.json")["stats"];
    let mut reader = csv::Reader::from_path(file("audience.csv")).unwrap();
    let header = reader.headers().unwrap().clone();
    let records: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(stats["total"], records.len());

    for (column, field) in header.iter().enumerate().filter(|(_, field)| *field != "intent.score") {
        let filled = records.iter().filter(|record| !record[column].is_empty()).count();
        assert_eq!(stats["fillRates"][field]["count"], filled, "{field}");
    }
    assert_eq!(stats["fillRates"].as_object().unwrap().len(), header.len() - 1);

    for (index, bucket) in [50..=69, 70..=89, 90..=99].into_iter().enumerate() {
        let scores = records.iter().map(|record| record[header.len() - 1].parse::<u32>().unwrap());
        let count = scores.filter(|score| bucket.contains(score)).count();
        assert_eq!(stats["scoreHistogram"][index]["count"], count, "{bucket:?}");
    }
}
