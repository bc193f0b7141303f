//! Proves that the documented run matches to the last number, and that each value changed by the smallest step makes
//! exactly the checks that depend on it a mismatch.

use std::collections::BTreeSet;
use std::fs;

use fillrate::{Policy, Status, Verdict};
use serde_json::Value;

use crate::{not_matching, testdata, verify};

/// A value's place, what it is changed to in turn, and the checks that fail then.
type Change = (&'static str, &'static [&'static str], &'static [&'static str]);

/// Every value of both answers. The first three are not documented: the API may add them.
const CHANGES: &[Change] = &[
    ("/export/contentSha1", &[r#""88b43335fce85932f54f168aafecf7fa9cce989c""#], &["export.contentSha1"]),
    (
        "/stats/averages/intent.score",
        &["77.2", "77.4", "77.28", "77.31", "77.291392"],
        &["averages.intent.score"],
    ),
    ("/stats/fillRates/intent.score", &[r#"{"count": 151, "percent": 100}"#], &[]),
    ("/run/id", &[r#""ad53af16-efbc-4fe1-a764-ded7181653a2""#], &["export.runId"]),
    ("/run/audienceId", &[r#""8c049a20-3385-42da-b710-0d038eff5813""#], &["export.audienceId"]),
    ("/run/status", &[r#""queued""#, r#""Completed""#, r#""""#], &["run.status"]),
    ("/run/runType", &[r#""daily""#], &[]),
    ("/run/resultCount", &["150", "152"], &["run.resultCount"]),
    ("/run/completedAt", &[r#""2026-05-05T08:45:04.000Z""#], &[]),
    (
        "/stats/total",
        &["150"],
        &[
            "total",
            "report.fillRates.email.count",
            "report.fillRates.email.percent",
            "report.fillRates.hashedEmail.count",
            "report.fillRates.hashedEmail.percent",
            "report.fillRates.firstName.percent",
            "report.fillRates.jobTitle.percent",
            "report.fillRates.company.name.percent",
            "report.fillRates.linkedinUrl.percent",
            "report.scoreHistogram.50-69.percent",
            "report.scoreHistogram.70-89.percent",
            "report.scoreHistogram.90-99.percent",
            "report.scoreHistogram.sum",
        ],
    ),
    (
        "/stats/total",
        &["152"],
        &[
            "total",
            "report.fillRates.email.percent",
            "report.fillRates.hashedEmail.percent",
            "report.fillRates.firstName.percent",
            "report.fillRates.jobTitle.percent",
            "report.fillRates.company.name.percent",
            "report.fillRates.linkedinUrl.percent",
            "report.scoreHistogram.50-69.percent",
            "report.scoreHistogram.70-89.percent",
            "report.scoreHistogram.90-99.percent",
            "report.scoreHistogram.sum",
        ],
    ),
    (
        "/stats/fillRates/hashedEmail/count",
        &["150"],
        &["fillRates.hashedEmail.count", "report.fillRates.hashedEmail.percent"],
    ),
    (
        "/stats/fillRates/hashedEmail/count",
        &["152"],
        &[
            "fillRates.hashedEmail.count",
            "report.fillRates.hashedEmail.count",
            "report.fillRates.hashedEmail.percent",
        ],
    ),
    (
        "/stats/fillRates/hashedEmail/percent",
        &["99.99", "100.01"],
        &["fillRates.hashedEmail.percent", "report.fillRates.hashedEmail.percent"],
    ),
    ("/stats/fillRates/email/count", &["150"], &["fillRates.email.count", "report.fillRates.email.percent"]),
    (
        "/stats/fillRates/email/count",
        &["152"],
        &["fillRates.email.count", "report.fillRates.email.count", "report.fillRates.email.percent"],
    ),
    (
        "/stats/fillRates/email/percent",
        &["99.99", "100.01"],
        &["fillRates.email.percent", "report.fillRates.email.percent"],
    ),
    (
        "/stats/fillRates/firstName/count",
        &["102", "104"],
        &["fillRates.firstName.count", "report.fillRates.firstName.percent"],
    ),
    (
        "/stats/fillRates/firstName/percent",
        &["68.2", "68.22", "68.211"],
        &["fillRates.firstName.percent", "report.fillRates.firstName.percent"],
    ),
    (
        "/stats/fillRates/jobTitle/count",
        &["58", "60"],
        &["fillRates.jobTitle.count", "report.fillRates.jobTitle.percent"],
    ),
    (
        "/stats/fillRates/jobTitle/percent",
        &["39.06", "39.08"],
        &["fillRates.jobTitle.percent", "report.fillRates.jobTitle.percent"],
    ),
    (
        "/stats/fillRates/company.name/count",
        &["69", "71"],
        &["fillRates.company.name.count", "report.fillRates.company.name.percent"],
    ),
    (
        "/stats/fillRates/company.name/percent",
        &["46.35", "46.37"],
        &["fillRates.company.name.percent", "report.fillRates.company.name.percent"],
    ),
    (
        "/stats/fillRates/linkedinUrl/count",
        &["56", "58"],
        &["fillRates.linkedinUrl.count", "report.fillRates.linkedinUrl.percent"],
    ),
    (
        "/stats/fillRates/linkedinUrl/percent",
        &["37.74", "37.76"],
        &["fillRates.linkedinUrl.percent", "report.fillRates.linkedinUrl.percent"],
    ),
    (
        // One score is 69.
        "/stats/scoreHistogram/0/bucket",
        &[r#""50-68""#],
        &[
            "scoreHistogram.50-68.count",
            "scoreHistogram.50-68.percent",
            "scoreHistogram.sum",
            "report.scoreHistogram.sum",
        ],
    ),
    (
        "/stats/scoreHistogram/0/count",
        &["23", "25"],
        &[
            "scoreHistogram.50-69.count",
            "scoreHistogram.sum",
            "report.scoreHistogram.50-69.percent",
            "report.scoreHistogram.sum",
        ],
    ),
    (
        "/stats/scoreHistogram/0/percent",
        &["15.88", "15.9"],
        &["scoreHistogram.50-69.percent", "report.scoreHistogram.50-69.percent"],
    ),
    (
        // Two scores are 90, and in the next bucket too.
        "/stats/scoreHistogram/1/bucket",
        &[r#""70-90""#],
        &[
            "scoreHistogram.70-90.count",
            "scoreHistogram.70-90.percent",
            "scoreHistogram.sum",
            "report.scoreHistogram.overlap",
        ],
    ),
    (
        "/stats/scoreHistogram/1/count",
        &["110", "112"],
        &[
            "scoreHistogram.70-89.count",
            "scoreHistogram.sum",
            "report.scoreHistogram.70-89.percent",
            "report.scoreHistogram.sum",
        ],
    ),
    (
        "/stats/scoreHistogram/1/percent",
        &["73.5", "73.52"],
        &["scoreHistogram.70-89.percent", "report.scoreHistogram.70-89.percent"],
    ),
    (
        // One score is 99; none is 100.
        "/stats/scoreHistogram/2/bucket",
        &[r#""90-98""#],
        &[
            "scoreHistogram.90-98.count",
            "scoreHistogram.90-98.percent",
            "scoreHistogram.sum",
            "report.scoreHistogram.sum",
        ],
    ),
    ("/stats/scoreHistogram/2/bucket", &[r#""90-100""#, r#""90+""#, r#"">=90""#], &[]),
    (
        "/stats/scoreHistogram/2/count",
        &["15", "17"],
        &[
            "scoreHistogram.90-99.count",
            "scoreHistogram.sum",
            "report.scoreHistogram.90-99.percent",
            "report.scoreHistogram.sum",
        ],
    ),
    (
        "/stats/scoreHistogram/2/percent",
        &["10.59", "10.61"],
        &["scoreHistogram.90-99.percent", "report.scoreHistogram.90-99.percent"],
    ),
    ("/export/id", &[r#""40bfaa9b-eff0-468d-b382-9b721790780d""#], &[]),
    ("/export/audienceId", &[r#""8c049a20-3385-42da-b710-0d038eff5813""#], &["export.audienceId"]),
    ("/export/runId", &[r#""ad53af16-efbc-4fe1-a764-ded7181653a2""#], &["export.runId"]),
    ("/export/exportType", &[r#""json""#], &[]),
    ("/export/status", &[r#""failed""#], &["export.status"]),
    ("/export/contentType", &[r#""text/plain""#], &[]),
    ("/export/byteSize", &["18449", "18451"], &["export.byteSize"]),
    ("/export/rowCount", &["150", "152"], &["export.rowCount"]),
    ("/export/completedAt", &[r#""2026-05-05T08:46:04.000Z""#], &[]),
    ("/downloadUrl", &[r#""https://downloads.example.com/another.csv""#], &[]),
    ("/downloadUrlExpiresAt", &[r#""2026-05-06T08:46:04.000Z""#], &[]),
    ("/downloadUrlTtlSeconds", &["86399"], &[]),
];

/// What the API may add to its documented answers, with values that match.
const ADDED: &[(&str, &str)] = &[
    ("/export/contentSha1", r#""88B43335fce85932f54f168aafecf7fa9cce989b""#),
    ("/stats/averages/intent.score", "77.29"),
];

#[derive(Clone)]
struct Run {
    csv: Vec<u8>,
    stats: Value,
    export: Value,
}

impl Run {
    fn documented() -> Self {
        let read = |name: &str| fs::read(testdata("documented-run").join(name)).unwrap();
        let answer = |name| serde_json::from_slice(&read(name)).unwrap();
        Self { csv: read("audience.csv"), stats: answer("stats.json"), export: answer("export.json") }
    }

    /// The documented run, with what the API may add.
    fn extended() -> Self {
        let mut run = Self::documented();
        for (place, value) in ADDED {
            run.set(place, value);
        }
        run
    }

    /// Changes a value, or adds it to the object that it belongs to.
    fn set(&mut self, place: &str, value: &str) {
        let (parent, key) = place.rsplit_once('/').unwrap();
        let parent = format!("/data{parent}");
        let of_stats = ["/run/", "/stats/"].iter().any(|start| place.starts_with(start));
        let answer = if of_stats { &mut self.stats } else { &mut self.export };
        let parent = answer.pointer_mut(&parent).unwrap_or_else(|| panic!("{place} is nowhere"));
        let value: Value = serde_json::from_str(value).unwrap();
        match key.parse::<usize>() {
            Ok(index) => parent[index] = value,
            Err(_) => parent[key] = value,
        }
    }

    /// The ids of all checks, and of those that fail; each of these is a mismatch and makes the verdict one.
    fn checks(&self) -> (Vec<String>, BTreeSet<String>) {
        let (stats, export) = (self.stats.to_string(), self.export.to_string());
        let (_, verification) = verify(&self.csv, &stats, &export, &Policy::default());
        let failing: BTreeSet<_> = not_matching(&verification).into_iter().map(str::to_owned).collect();
        for check in &verification.checks {
            let status = if failing.contains(&check.id) { Status::Mismatch } else { Status::Match };
            assert_eq!((check.status, check.fails), (status, status == Status::Mismatch), "{}", check.id);
        }
        let verdict = if failing.is_empty() { Verdict::Match } else { Verdict::Mismatch };
        assert_eq!(verification.verdict, verdict, "{failing:?}");
        (verification.checks.into_iter().map(|check| check.id).collect(), failing)
    }
}

#[test]
fn the_documented_run_matches() {
    let (ids, failing) = Run::documented().checks();
    assert_eq!(failing, BTreeSet::new());
    // 4 of run and export, 2 ids; total, 6 fill rates and 3 buckets, each as count and percent, the sum; 4 of integrity;
    // of the report itself the 9 counts and percents again, overlap and sum.
    assert_eq!(ids.len(), 4 + 2 + 2 + 1 + 18 + 1 + 4 + 18 + 2 - 1);
    let unique: BTreeSet<_> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
}

#[test]
fn what_the_api_may_add_matches_too() {
    let (ids, failing) = Run::extended().checks();
    assert_eq!(failing, BTreeSet::new());
    assert!(
        ids.iter().any(|id| id == "export.contentSha1") && ids.iter().any(|id| id == "averages.intent.score")
    );
}

#[test]
fn every_changed_value_fails_exactly_the_checks_that_depend_on_it() {
    let (ids, _) = Run::extended().checks();
    for (place, values, expected) in CHANGES {
        for value in *values {
            let mut run = Run::extended();
            run.set(place, value);
            let (changed_ids, failing) = run.checks();
            let expected = expected.iter().map(|&id| id.to_owned()).collect();
            assert_eq!(failing, expected, "{place} = {value}");
            let renamed = place.ends_with("bucket") || place.ends_with("fillRates/intent.score");
            assert!(renamed || changed_ids == ids, "{place} = {value}");
        }
    }
}

#[test]
fn the_table_knows_every_value() {
    let run = Run::extended();
    let known: BTreeSet<&str> = CHANGES.iter().map(|(place, ..)| *place).collect();
    for place in [leaves(&run.stats["data"]), leaves(&run.export["data"])].concat() {
        assert!(known.contains(place.as_str()), "{place} is not in the table");
    }
}

/// A value that is null makes no claim: no check fails, and those that are left are among the others.
#[test]
fn no_value_no_check() {
    let (ids, _) = Run::extended().checks();
    for (place, ..) in CHANGES.iter().filter(|(place, ..)| !place.ends_with("bucket")) {
        let mut run = Run::extended();
        run.set(place, "null");
        let (_, verification) =
            verify(&run.csv, &run.stats.to_string(), &run.export.to_string(), &Policy::default());
        assert_eq!(verification.verdict, Verdict::Match, "{place}");
        assert!(verification.checks.iter().all(|check| ids.contains(&check.id)), "{place}");
    }
}

/// The places of all values that hold no others.
fn leaves(value: &Value) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, child)| (key.clone(), child)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, child)| (at.to_string(), child)).collect(),
        _ => return vec![String::new()],
    };
    let below = |(key, child)| leaves(child).into_iter().map(move |rest| format!("/{key}{rest}"));
    children.into_iter().flat_map(below).collect()
}
