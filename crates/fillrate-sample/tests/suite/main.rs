//! What a sample promises, seen from outside.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy spares `#[test]` functions only, not their helpers"
)]

mod content;
mod counts;
mod defects;
mod determinism;
mod documented_run;
mod files;

use csv::ByteRecord;
use fillrate_sample::{Audience, HeaderStyle, Sample, Size};
use serde_json::Value;
use sha1::{Digest, Sha1};

fn audience(size: Size, header: HeaderStyle, defects: &[&str]) -> Audience {
    let defects = defects.iter().map(|defect| defect.parse().unwrap()).collect();
    Sample { size, header, defects, ..Sample::default() }.in_memory().unwrap()
}

/// Header and records, however many cells they have.
fn rows(csv: &[u8]) -> Vec<ByteRecord> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(csv);
    reader.byte_records().map(Result::unwrap).collect()
}

/// The position of the column `name`.
fn column(rows: &[ByteRecord], name: &str) -> usize {
    rows[0].iter().position(|cell| cell == name.as_bytes()).unwrap()
}

fn data(json: &str) -> Value {
    serde_json::from_str::<Value>(json).unwrap()["data"].take()
}

fn sha1(bytes: &[u8]) -> String {
    Sha1::digest(bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// A decimal without trailing zeros, times ten to the power of `places`.
fn scaled(decimal: &str, places: usize) -> u64 {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    assert!(!fraction.ends_with('0') && fraction.len() <= places, "{decimal}");
    format!("{whole}{fraction:0<places$}").parse().unwrap()
}
