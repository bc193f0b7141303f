//! Proves that an intact sample matches its reports, whatever its header, seed and size, and that every defect shows in
//! the checks and findings that it should show in, and in no other.

use std::collections::BTreeMap;

use fillrate::{Policy, Verdict};
use fillrate_sample::{Audience, DefectKind, HeaderStyle, Sample, Size};

use crate::{not_matching, reports, verify};

/// A defect; the checks that fail; the findings that there are.
///
/// A `*` stands for any end. At least one check fails for each entry, but for those with a `?`, and none for another
/// reason.
type Row = (DefectKind, &'static [&'static str], &'static [&'static str]);

/// Checks of the file's bytes.
const BYTES: [&str; 2] = ["export.byteSize", "export.contentSha1"];
const NOTHING: &[&str] = &[];

const TABLE: &[Row] = &[
    (DefectKind::Blank, &["fillRates.jobTitle.count", "fillRates.jobTitle.percent"], NOTHING),
    (DefectKind::Placeholder, &["fillRates.linkedinUrl.count", "fillRates.linkedinUrl.percent"], NOTHING),
    (
        DefectKind::InvalidScore,
        &["scoreHistogram.*", "scoreHistogram.sum", "averages.intent.score", "report.scoreHistogram.sum?"],
        NOTHING,
    ),
    (DefectKind::OutsideScore, NOTHING, NOTHING),
    (
        DefectKind::ShortRecord,
        &["integrity.short-record", "fillRates.intent.matchedTopics.*"],
        &["short-record"],
    ),
    (DefectKind::LongRecord, &["integrity.long-record"], &["long-record"]),
    (DefectKind::EmptyLine, NOTHING, &["empty-line"]),
    (DefectKind::InvalidUtf8, NOTHING, &["invalid-utf8"]),
    (DefectKind::Nul, NOTHING, &["nul"]),
    (DefectKind::LostRecord, OTHER_RECORDS, NOTHING),
    (DefectKind::DuplicateRecord, OTHER_RECORDS, NOTHING),
    (
        DefectKind::StrayQuote,
        &[
            BYTES[0],
            BYTES[1],
            "integrity.text-after-quote",
            "integrity.short-record",
            "fillRates.*",
            "scoreHistogram.*",
            "averages.*?",
            "report.scoreHistogram.sum?",
        ],
        &["short-record", "text-after-quote", "quote-in-field?"],
    ),
    (DefectKind::CutOff, &[BYTES[0], BYTES[1], "integrity.open-quote"], &["open-quote"]),
    (DefectKind::Crlf, &BYTES, NOTHING),
    (DefectKind::Bom, &BYTES, &["bom"]),
    (
        DefectKind::WrongTotal,
        &["total", "report.fillRates.*", "report.scoreHistogram.*", "report.scoreHistogram.sum"],
        NOTHING,
    ),
    (DefectKind::WrongCount, &["fillRates.firstName.count", "report.fillRates.firstName.percent"], NOTHING),
    (
        DefectKind::WrongPercent,
        &["fillRates.firstName.percent", "report.fillRates.firstName.percent"],
        NOTHING,
    ),
    (
        DefectKind::WrongBucket,
        &[
            "scoreHistogram.70-89.count",
            "scoreHistogram.sum",
            "report.scoreHistogram.70-89.percent",
            "report.scoreHistogram.sum",
        ],
        NOTHING,
    ),
    (DefectKind::WrongAverage, &["averages.intent.score"], NOTHING),
    (DefectKind::WrongByteSize, &["export.byteSize"], NOTHING),
    (DefectKind::WrongRowCount, &["export.rowCount"], NOTHING),
    (DefectKind::WrongSha1, &["export.contentSha1"], NOTHING),
    (DefectKind::OtherRun, &["export.runId"], NOTHING),
];

/// What fails when a record is missing or there twice.
const OTHER_RECORDS: &[&str] = &[
    "total",
    "run.resultCount",
    "export.rowCount",
    BYTES[0],
    BYTES[1],
    "fillRates.*",
    "scoreHistogram.*",
    "scoreHistogram.sum",
    "averages.*?",
];

fn made(records: u64, seed: u64, header: HeaderStyle, defect: Option<DefectKind>) -> Audience {
    let defects = defect.into_iter().map(Into::into).collect();
    Sample { size: Size::Records(records), seed, header, defects }.in_memory().unwrap()
}

#[test]
fn an_intact_sample_matches() {
    for header in HeaderStyle::ALL {
        for seed in 0..3 {
            for records in [0, 1, 2, 151, 1_000] {
                let Audience { csv, stats_json, export_json, .. } = made(records, seed, header, None);
                let (analysis, verification) = verify(&csv, &stats_json, &export_json, &Policy::default());
                let about = format!("{records} records, seed {seed}, {header}");
                assert_eq!(not_matching(&verification), NOTHING, "{about}");
                assert_eq!(verification.verdict, Verdict::Match, "{about}");
                assert_eq!(analysis.stats.total, records, "{about}");
                assert_eq!(analysis.findings.iter().count(), 0, "{about}");
                assert_eq!((verification.unknown, verification.not_reported), (vec![], vec![]), "{about}");
                let all = Policy { require_all: true, ..Policy::default() };
                let strict = verify(&csv, &stats_json, &export_json, &all).1;
                assert_eq!(strict.verdict, Verdict::Match, "{about}");
                let alone = fillrate::verify_reports(&reports(&stats_json, &export_json), &all).unwrap();
                assert_eq!(alone.verdict, Verdict::Match, "{about}");
            }
        }
    }
}

#[test]
fn every_defect_shows_where_it_should() {
    let table: BTreeMap<&str, &Row> = TABLE.iter().map(|row| (row.0.name(), row)).collect();
    for kind in DefectKind::ALL {
        let (_, failing, findings) =
            table.get(kind.name()).unwrap_or_else(|| panic!("{kind} is not in the table"));
        for (seed, header) in [(0, HeaderStyle::Dotted), (1, HeaderStyle::Snake), (2, HeaderStyle::Camel)] {
            let Audience { csv, stats_json, export_json, .. } = made(400, seed, header, Some(kind));
            let (analysis, verification) = verify(&csv, &stats_json, &export_json, &Policy::default());
            let about = format!("{kind}, seed {seed}");
            assert_covers(failing, &not_matching(&verification), &about);
            let found: Vec<_> = analysis.findings.iter().map(|finding| finding.kind.name()).collect();
            assert_covers(findings, &found, &about);
            let verdict = if failing.is_empty() { Verdict::Match } else { Verdict::Mismatch };
            assert_eq!(verification.verdict, verdict, "{about}");
        }
    }
}

/// Every id is expected by a pattern, and every pattern expects an id.
fn assert_covers(patterns: &[&str], ids: &[&str], about: &str) {
    let fits = |pattern: &str, id: &str| {
        let pattern = pattern.trim_end_matches('?');
        pattern.strip_suffix('*').map_or(id == pattern, |start| id.starts_with(start))
    };
    for id in ids {
        assert!(patterns.iter().any(|pattern| fits(pattern, id)), "{about}: {id} is not expected");
    }
    for pattern in patterns.iter().filter(|pattern| !pattern.ends_with('?')) {
        assert!(ids.iter().any(|id| fits(pattern, id)), "{about}: {pattern} is not among {ids:?}");
    }
}

/// What a defect leaves in the figures without making anything disagree.
#[test]
fn what_no_check_sees_is_counted() {
    let of = |kind| {
        let Audience { csv, stats_json, export_json, .. } = made(400, 0, HeaderStyle::Snake, Some(kind));
        verify(&csv, &stats_json, &export_json, &Policy::default()).0
    };
    let column = |kind, field: &str| {
        let analysis = of(kind);
        analysis.columns.into_iter().find(|column| column.field == field).unwrap()
    };
    assert_eq!(of(DefectKind::OutsideScore).scores.unwrap().outside, 3);
    assert_eq!(of(DefectKind::InvalidScore).scores.unwrap().invalid, 3);
    assert_eq!(column(DefectKind::Blank, "jobTitle").blank, 5);
    assert_eq!(column(DefectKind::Placeholder, "linkedinUrl").placeholder, 5);
}
