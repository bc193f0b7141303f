//! The same sample is the same bytes, everywhere and whatever its size and defects.

use fillrate_sample::{HeaderStyle, Sample, Size};

use crate::{audience, sha1};

#[test]
fn the_seed_decides() {
    let of_seed = |seed| Sample { seed, ..Sample::default() }.in_memory().unwrap();
    assert_eq!(of_seed(7), of_seed(7));
    assert_ne!(of_seed(7).csv, of_seed(8).csv);
    assert_ne!(of_seed(7).export_json, of_seed(8).export_json);
}

#[test]
fn a_smaller_sample_is_the_beginning_of_a_larger_one() {
    let small = audience(Size::Records(10), HeaderStyle::Camel, &[]);
    let large = audience(Size::Records(100), HeaderStyle::Camel, &[]);
    assert!(large.csv.starts_with(&small.csv));
}

#[test]
fn bytes_are_reached_by_the_last_record_and_not_before() {
    for wanted in [0, 1, 5_000, 100_000] {
        let audience = audience(Size::Bytes(wanted), HeaderStyle::Dotted, &[]);
        assert!(audience.csv.len() as u64 >= wanted);
        if let Some(fewer) = audience.records.checked_sub(1) {
            let before = crate::audience(Size::Records(fewer), HeaderStyle::Dotted, &[]);
            assert!((before.csv.len() as u64) < wanted);
        }
    }
}

/// Changes only when samples are meant to change: every platform and every later version must give these.
#[test]
fn golden_checksums() {
    for (header, golden) in [
        (HeaderStyle::Dotted, "beaec6a25caad9527a325495299cd02eb5caa471"),
        (HeaderStyle::Flat, "6a8c4c40ca2a4a226feb6b0b685392cadae9243f"),
    ] {
        let audience = audience(Size::Records(50), header, &["blank=2", "stray-quote", "wrong-total"]);
        let parts = [&audience.csv[..], audience.stats_json.as_bytes(), audience.export_json.as_bytes()];
        assert_eq!(sha1(&parts.concat()), golden, "{header}");
    }
}
