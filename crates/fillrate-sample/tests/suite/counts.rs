//! The reports say what a plain recount of the file says.

use csv::ByteRecord;
use fillrate_sample::{Audience, HeaderStyle, Size};
use serde_json::Value;

use crate::{audience, data, rows, scaled, sha1};

const SIZES: [Size; 6] = [
    Size::Records(0),
    Size::Records(1),
    Size::Records(2),
    Size::Records(151),
    Size::Records(3_000),
    Size::Bytes(200_000),
];

#[test]
fn current_generation() {
    let fields = fields(HeaderStyle::Dotted);
    for header in [HeaderStyle::Dotted, HeaderStyle::Snake, HeaderStyle::Camel] {
        for size in SIZES {
            let audience = audience(size, header, &[]);
            let rows = rows(&audience.csv);
            let answer = data(&audience.stats_json);
            let (run, stats) = (&answer["run"], &answer["stats"]);
            assert_eq!(rows.len() as u64 - 1, audience.records);
            assert_eq!(stats["total"], audience.records);
            assert_eq!(run["resultCount"], audience.records);

            assert_eq!(stats["fillRates"].as_object().unwrap().len(), fields.len());
            assert_in_order(&audience.stats_json, &fields);
            for (position, field) in fields.iter().enumerate() {
                assert_eq!(folded(&rows[0][position]), folded(field.as_bytes()));
                assert_share(&stats["fillRates"][field], filled(&rows, position), audience.records);
            }
            let position = |field| fields.iter().position(|name| name == field).unwrap();
            check_scores(stats, &rows, position("intent.score"));
            for field in ["intent.score", "intent.topicOverlap"] {
                assert_average(&stats["averages"][field], &rows, position(field));
            }
            check_export(&audience, run);
        }
    }
}

#[test]
fn previous_generation() {
    let fields = fields(HeaderStyle::Flat);
    for size in SIZES {
        let audience = audience(size, HeaderStyle::Flat, &[]);
        let rows = rows(&audience.csv);
        let stats = data(&audience.stats_json);
        assert_eq!(stats["total"], audience.records);
        assert_eq!(stats["fields"].as_object().unwrap().len(), fields.len());
        assert_in_order(&audience.stats_json, &fields);
        for (position, field) in fields.iter().enumerate() {
            assert_percent(&stats["fields"][field], filled(&rows, position), audience.records);
        }
        let export = data(&audience.export_json);
        assert_eq!(export["rows"], audience.records);
        assert_eq!(export["dataDate"], stats["dataDate"]);
    }
}

#[test]
fn scores_are_spread_as_documented() {
    let audience = audience(Size::Records(20_000), HeaderStyle::Dotted, &[]);
    let stats = data(&audience.stats_json);
    let percents = [0, 1, 2].map(|bar| stats["stats"]["scoreHistogram"][bar]["percent"].as_f64().unwrap());
    for (percent, documented) in percents.into_iter().zip([15.89, 73.51, 10.6]) {
        assert!((percent - documented).abs() < 1.5, "{percents:?}");
    }
}

/// The API's names of the columns, which are the header cells of these two styles.
fn fields(header: HeaderStyle) -> Vec<String> {
    let rows = rows(&audience(Size::Records(0), header, &[]).csv);
    rows[0].iter().map(|cell| str::from_utf8(cell).unwrap().to_owned()).collect()
}

fn folded(name: &[u8]) -> Vec<u8> {
    name.iter().filter(|byte| !b"._".contains(byte)).map(u8::to_ascii_lowercase).collect()
}

fn assert_in_order(json: &str, fields: &[String]) {
    let places: Vec<_> = fields.iter().map(|field| json.find(&format!("\"{field}\":"))).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{json}");
}

fn filled(rows: &[ByteRecord], position: usize) -> u64 {
    rows[1..].iter().filter(|record| !record[position].is_empty()).count() as u64
}

fn assert_share(share: &Value, count: u64, total: u64) {
    assert_eq!(share["count"], count);
    assert_percent(&share["percent"], count, total);
}

fn assert_percent(percent: &Value, count: u64, total: u64) {
    let hundredths = scaled(&percent.to_string(), 2);
    if total == 0 {
        assert_eq!(hundredths, 0);
    } else {
        assert!(2 * hundredths * total <= 20_000 * count + total, "{percent} of {count}/{total}");
        assert!(20_000 * count + total < 2 * (hundredths + 1) * total, "{percent} of {count}/{total}");
    }
}

fn check_scores(stats: &Value, rows: &[ByteRecord], position: usize) {
    let scores = || rows[1..].iter().map(|record| scaled(str::from_utf8(&record[position]).unwrap(), 0));
    let total = scores().count() as u64;
    let mut held = 0;
    for (bar, (label, bucket)) in
        [("50-69", 50..=69), ("70-89", 70..=89), ("90-99", 90..=99)].into_iter().enumerate()
    {
        let count = scores().filter(|score| bucket.contains(score)).count() as u64;
        held += count;
        assert_eq!(stats["scoreHistogram"][bar]["bucket"], label);
        assert_share(&stats["scoreHistogram"][bar], count, total);
    }
    assert_eq!(held, total);
}

fn assert_average(average: &Value, rows: &[ByteRecord], position: usize) {
    let cells = rows[1..].iter().map(|record| str::from_utf8(&record[position]).unwrap());
    let hundredths: Vec<_> = cells.filter(|cell| !cell.is_empty()).map(|cell| scaled(cell, 2)).collect();
    let (sum, count) = (hundredths.iter().sum::<u64>(), hundredths.len() as u64);
    if count == 0 {
        assert!(average.is_null());
        return;
    }
    let millionths = scaled(&average.to_string(), 6);
    // Half up: m - 1/2 <= 10000 * sum / count < m + 1/2.
    let doubled = 20_000 * sum + count;
    assert!(2 * millionths * count <= doubled && doubled < 2 * (millionths + 1) * count, "{average}");
}

fn check_export(audience: &Audience, run: &Value) {
    let answer = data(&audience.export_json);
    let export = &answer["export"];
    assert_eq!(export["byteSize"], audience.csv.len());
    assert_eq!(export["rowCount"], audience.records);
    assert_eq!(export["contentSha1"], sha1(&audience.csv));
    assert_eq!(export["runId"], run["id"]);
    assert_eq!(export["audienceId"], run["audienceId"]);
    for (answered, key, expected) in [
        (export, "exportType", "csv"),
        (export, "status", "completed"),
        (export, "contentType", "text/csv"),
        (run, "status", "completed"),
        (run, "runType", "manual"),
    ] {
        assert_eq!(answered[key], expected);
    }
    assert_eq!(answer["downloadUrlTtlSeconds"], 86_400);
}
