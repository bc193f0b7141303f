//! Proves that every defect that can be explained is, with the right reason and no other, alone and in every pair; and
//! that what is plainly wrong is not.

use std::collections::{BTreeMap, BTreeSet};

use fillrate::{Candidates, Export, FillRule, Options, Policy, Reported, Verdict, Verification};
use fillrate_sample::{Audience, DefectKind, HeaderStyle, Sample, Size};

use crate::verify;

/// What explains the failing checks of a defect: the beginning of their ids, and the kind. All others are unexplained.
const TABLE: &[(DefectKind, &[(&str, &str)])] = &[
    (DefectKind::Blank, &[("fillRates.jobTitle.", "blanks")]),
    (DefectKind::Placeholder, &[("fillRates.linkedinUrl.", "placeholders")]),
    (DefectKind::ShortRecord, &[("fillRates.intent.matchedTopics.", "short-records")]),
    (DefectKind::DuplicateRecord, &[("", "unique-hashed-email")]),
    (DefectKind::StrayQuote, &[("report.", ""), ("", "stray-quote")]),
    (DefectKind::CutOff, &[("integrity.open-quote", "last-record-cut")]),
    (DefectKind::Crlf, &[("", "re-saved")]),
    (DefectKind::Bom, &[("", "re-saved")]),
    // One more than there are is what it looks like when the header is counted.
    (DefectKind::WrongRowCount, &[("export.rowCount", "header-counted")]),
];

fn verified(defects: &[DefectKind], seed: u64) -> Verification {
    let defects = defects.iter().map(|&kind| kind.into()).collect();
    let sample = Sample { size: Size::Records(400), seed, header: HeaderStyle::Dotted, defects };
    let Audience { csv, stats_json, export_json, .. } = sample.in_memory().unwrap();
    verify(&csv, &stats_json, &export_json, &Policy::default()).1
}

/// By failing check: the kinds that explain it.
fn explained(verification: &Verification) -> BTreeMap<&str, Vec<String>> {
    let failing = verification.checks.iter().filter(|check| check.fails);
    failing
        .map(|check| {
            let kinds = |kinds: &[fillrate::ExplanationKind]| {
                kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("+")
            };
            (check.id.as_str(), check.explanations.iter().map(|one| kinds(&one.kinds)).collect())
        })
        .collect()
}

fn expected(kind: DefectKind, id: &str) -> Vec<String> {
    let rows = TABLE.iter().find(|(of, _)| *of == kind).map_or(&[][..], |(_, rows)| rows);
    let row = rows.iter().find(|(start, _)| id.starts_with(start));
    row.map(|(_, kind)| (*kind).to_owned()).filter(|kind| !kind.is_empty()).into_iter().collect()
}

#[test]
fn every_defect_has_its_reason() {
    for kind in DefectKind::ALL {
        for seed in 0..3 {
            let verification = verified(&[kind], seed);
            for (id, kinds) in explained(&verification) {
                assert_eq!(kinds, expected(kind, id), "{kind}, seed {seed}: {id}");
            }
            assert!(verification.not_tried.is_empty());
        }
    }
}

#[test]
fn what_agrees_needs_no_reason() {
    for seed in 0..10 {
        let verification = verified(&[], seed);
        assert!(verification.checks.iter().all(|check| check.explanations.is_empty()));
    }
}

/// No pair has a reason that neither defect has; and what only one of the two makes fail, and has a reason, keeps one.
#[test]
fn in_every_pair_each_defect_keeps_its_reason() {
    let alone: BTreeMap<_, _> =
        DefectKind::ALL.into_iter().map(|kind| (kind.name(), verified(&[kind], 0))).collect();
    for (at, &one) in DefectKind::ALL.iter().enumerate() {
        for &other in &DefectKind::ALL[at + 1..] {
            let verification = verified(&[one, other], 0);
            let pair = explained(&verification);
            let of = [one, other].map(|kind| explained(&alone[kind.name()]));
            for (&id, kinds) in &pair {
                let found: BTreeSet<&str> = kinds.iter().flat_map(|kinds| kinds.split('+')).collect();
                let about = format!("{one} and {other}: {id} has {kinds:?}");
                let allowed = [expected(one, id), expected(other, id)].concat();
                assert!(found.iter().all(|kind| allowed.iter().any(|allowed| allowed == kind)), "{about}");
                let ((Some(of_one), None) | (None, Some(of_one))) = (of[0].get(id), of[1].get(id)) else {
                    continue;
                };
                let unexplained_count = id
                    .strip_suffix(".percent")
                    .is_some_and(|field| pair.get(&*format!("{field}.count")).is_some_and(Vec::is_empty));
                if !unexplained_count && !has_no_exact_reason(one) && !has_no_exact_reason(other) {
                    assert!(of_one.is_empty() || !found.is_empty(), "{about}");
                }
            }
        }
    }
}

/// What was in a lost record, and whether the cells that short ones lack were filled, nobody knows. And a row count that
/// is one too high is only explained where nothing else is in doubt.
fn has_no_exact_reason(kind: DefectKind) -> bool {
    matches!(kind, DefectKind::LostRecord | DefectKind::ShortRecord | DefectKind::WrongRowCount)
}

/// A CSV; what was reported of it; each failing check of the file, with the kinds that explain it.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [(&'a str, &'a [&'a str])]);

/// Figures by hand: what somebody would report who counted as the kind says.
const CASES: &[Case<'_>] = &[
    (
        "email,jobTitle\na, \nb,x\n",
        r#"{"total": 2, "fillRates": {"jobTitle": {"count": 1, "percent": 50}}}"#,
        "",
        &[("fillRates.jobTitle.count", &["blanks"]), ("fillRates.jobTitle.percent", &["blanks"])],
    ),
    (
        "email,jobTitle\na,\"\t\"\nb,N/A\nc,x\n",
        r#"{"total": 3, "fillRates": {"jobTitle": {"count": 1, "percent": 33.33}}}"#,
        "",
        &[
            ("fillRates.jobTitle.count", &["blanks+placeholders"]),
            ("fillRates.jobTitle.percent", &["blanks+placeholders"]),
        ],
    ),
    (
        "email,jobTitle\na,x\nb,\n",
        r#"{"total": 3, "fillRates": {"email": {"count": 2, "percent": 66.67}}}"#,
        r#"{"rowCount": 3}"#,
        &[
            ("total", &["header-counted"]),
            ("export.rowCount", &["header-counted"]),
            ("fillRates.email.percent", &["header-counted"]),
        ],
    ),
    // A record is missing: the header has nothing to do with it.
    (
        "email\na\nb\n",
        r#"{"total": 3, "fillRates": {"email": {"count": 3, "percent": 100}}}"#,
        r#"{"rowCount": 3}"#,
        &[("total", &[]), ("export.rowCount", &[]), ("fillRates.email.count", &[])],
    ),
    ("email\na\n\n\nb\n", r#"{"total": 4}"#, "", &[("total", &["empty-lines-counted"])]),
    ("email\na\n\n\nb\n", r#"{"total": 5}"#, "", &[("total", &["header-counted+empty-lines-counted"])]),
    (
        "hashedEmail,jobTitle,intent.score\na,x,60\na,,71\nb,y,80\n",
        r#"{"total": 2, "fillRates": {"jobTitle": {"count": 2, "percent": 100}}, "averages": {"intent.score": 70.0},
            "scoreHistogram": [{"bucket": "50-69", "count": 1}, {"bucket": "70-89", "count": 1}]}"#,
        "",
        &[
            ("total", &["unique-hashed-email"]),
            ("fillRates.jobTitle.percent", &["unique-hashed-email"]),
            ("scoreHistogram.70-89.count", &["unique-hashed-email"]),
            ("scoreHistogram.sum", &["unique-hashed-email"]),
            ("averages.intent.score", &["unique-hashed-email"]),
        ],
    ),
    // Closed by accident two lines below, and never closed.
    (
        "hashedEmail,jobTitle\n\"a,x\nb,y\nc,\"z\"\n",
        r#"{"total": 3, "fillRates": {"jobTitle": {"count": 3, "percent": 100}}}"#,
        "",
        &[
            ("total", &["stray-quote"]),
            ("integrity.short-record", &["stray-quote"]),
            ("integrity.text-after-quote", &["stray-quote"]),
            ("fillRates.jobTitle.count", &["stray-quote"]),
            ("fillRates.jobTitle.percent", &["stray-quote"]),
        ],
    ),
    (
        "hashedEmail,jobTitle\na,x\n\"b,y\nc,z\n",
        r#"{"total": 3, "fillRates": {"jobTitle": {"count": 3, "percent": 100}}}"#,
        r#"{"byteSize": 33}"#,
        &[
            ("total", &["header-counted", "stray-quote"]),
            ("export.byteSize", &["stray-quote"]),
            ("integrity.short-record", &["stray-quote", "last-record-cut"]),
            ("integrity.open-quote", &["stray-quote", "last-record-cut"]),
            ("fillRates.jobTitle.count", &["stray-quote"]),
            ("fillRates.jobTitle.percent", &["stray-quote"]),
        ],
    ),
    (
        "email,jobTitle\na,x\nb",
        r#"{"total": 2, "fillRates": {"jobTitle": {"count": 2, "percent": 100}}}"#,
        "",
        &[
            ("integrity.short-record", &["last-record-cut"]),
            ("fillRates.jobTitle.count", &["short-records", "last-record-cut"]),
            ("fillRates.jobTitle.percent", &["short-records", "last-record-cut"]),
        ],
    ),
    // What was cut off had a score, but not two.
    (
        "email,intent.score\na,60\nb",
        r#"{"scoreHistogram": [{"bucket": "50-69", "count": 2}, {"bucket": "70-89", "count": 0}]}"#,
        "",
        &[
            ("integrity.short-record", &["last-record-cut"]),
            ("scoreHistogram.50-69.count", &["last-record-cut"]),
            ("scoreHistogram.sum", &["last-record-cut"]),
        ],
    ),
    (
        "email,intent.score\na,60\nb",
        r#"{"scoreHistogram": [{"bucket": "50-69", "count": 2}, {"bucket": "70-89", "count": 1}]}"#,
        "",
        &[
            ("integrity.short-record", &["last-record-cut"]),
            ("scoreHistogram.50-69.count", &[]),
            ("scoreHistogram.70-89.count", &[]),
            ("scoreHistogram.sum", &[]),
        ],
    ),
    // The column in front of the cut is complete.
    (
        "email,jobTitle,phone\na,x,1\nb,,\"2",
        r#"{"total": 2, "fillRates": {"jobTitle": {"count": 2, "percent": 100}}}"#,
        "",
        &[
            ("integrity.open-quote", &["stray-quote", "last-record-cut"]),
            ("fillRates.jobTitle.count", &[]),
            ("fillRates.jobTitle.percent", &[]),
        ],
    ),
    (
        "email,headline,jobTitle\na,x,1\nb,y,\nc,,\n",
        r#"{"total": 3, "fillRates": {"jobTitle": {"count": 2, "percent": 66.67}, "email": {"count": 3}}}"#,
        "",
        &[("fillRates.jobTitle.count", &["other-column"]), ("fillRates.jobTitle.percent", &["other-column"])],
    ),
    (
        "email,headline\na,x\nb,y\nc,\n",
        r#"{"total": 3, "fillRates": {"title": {"count": 2, "percent": 66.67}}}"#,
        "",
        &[("fillRates.title.count", &["other-column"]), ("fillRates.title.percent", &["other-column"])],
    ),
    // As full as a column that has its own field, or as all of them.
    (
        "email,headline,jobTitle\na,x,1\nb,y,\nc,,\n",
        r#"{"fillRates": {"jobTitle": {"count": 2}, "headline": {"count": 2}, "title": {"count": 3}}}"#,
        "",
        &[("fillRates.jobTitle.count", &[]), ("fillRates.title.count", &[])],
    ),
    ("email\r\na\r\nb\r\n", "", r#"{"byteSize": 10, "rowCount": 2}"#, &[("export.byteSize", &["re-saved"])]),
    (
        "\u{feff}email\r\na\r\n",
        "",
        r#"{"byteSize": 8, "rowCount": 1}"#,
        &[("export.byteSize", &["re-saved"])],
    ),
    ("email\na\nb\n", "", r#"{"byteSize": 13, "rowCount": 2}"#, &[("export.byteSize", &["re-saved"])]),
    ("email\na\nb\n", "", r#"{"byteSize": 12, "rowCount": 2}"#, &[("export.byteSize", &[])]),
    (
        "intent.score\n50\n51\n69\n69\n120\n130\n130\n",
        r#"{"scoreHistogram": [{"bucket": "50-69", "count": 2, "percent": 28.57}, {"bucket": "120-130", "count": 1}]}"#,
        "",
        &[
            ("scoreHistogram.50-69.count", &["bucket-ends"]),
            ("scoreHistogram.50-69.percent", &["bucket-ends"]),
            ("scoreHistogram.120-130.count", &["bucket-ends"]),
            ("scoreHistogram.sum", &["bucket-ends"]),
        ],
    ),
    // Another bucket agrees with its ends.
    (
        "intent.score\n50\n69\n70\n",
        r#"{"scoreHistogram": [{"bucket": "50-69", "count": 1}, {"bucket": "70", "count": 1}]}"#,
        "",
        &[("scoreHistogram.50-69.count", &[]), ("scoreHistogram.sum", &[])],
    ),
    (
        "email,intent.score\na,\nb,60\nc,\n",
        r#"{"scoreHistogram": [{"bucket": "0-49", "count": 2, "percent": 66.67}, {"bucket": "50-69", "count": 1}],
            "averages": {"intent.score": 20}}"#,
        "",
        &[
            ("scoreHistogram.0-49.count", &["missing-as-zero"]),
            ("scoreHistogram.0-49.percent", &["missing-as-zero"]),
            ("scoreHistogram.sum", &["missing-as-zero"]),
            ("averages.intent.score", &["average-over-all"]),
        ],
    ),
    (
        "email,intent.score\na,\nb,60\nc,high\n",
        r#"{"scoreHistogram": [{"bucket": "50-69", "count": 1}], "averages": {"intent.score": 30}}"#,
        "",
        &[("averages.intent.score", &["missing-as-zero"])],
    ),
    (
        "email\na\nb\n\"\"\n",
        r#"{"total": 3, "fillRates": {"email": {"count": 2, "percent": 66.66}}}"#,
        "",
        &[("fillRates.email.percent", &["percent-truncated"])],
    ),
    (
        "email,phone\na,1\nb,\n\"\",\n",
        r#"{"total": 3, "fillRates": {"email": {"count": 2, "percent": 0.6667}, "phone": {"percent": 0.3333}}}"#,
        "",
        &[
            ("fillRates.email.percent", &["percent-as-fraction"]),
            ("fillRates.phone.percent", &["percent-as-fraction"]),
        ],
    ),
    // Another percent is rounded, and not as a fraction.
    (
        "email,phone,zip\na,1,\nb,2,3\n\"\",,\n",
        r#"{"fillRates": {"email": {"count": 2, "percent": 66.66}, "phone": {"percent": 66.67}, "zip": {"percent": 0.33}}}"#,
        "",
        &[("fillRates.email.percent", &[]), ("fillRates.zip.percent", &[])],
    ),
];

#[test]
fn figures_counted_otherwise_are_explained_by_how() {
    for (csv, stats, export, failing) in CASES {
        let verification = verify(csv.as_bytes(), stats, export, &Policy::default()).1;
        let mut explained = explained(&verification);
        explained.retain(|id, _| !id.starts_with("report."));
        let expected: BTreeMap<&str, Vec<String>> = failing
            .iter()
            .map(|(id, kinds)| (*id, kinds.iter().map(ToString::to_string).collect()))
            .collect();
        assert_eq!(explained, expected, "{csv:?} {stats}");
    }
}

#[test]
fn a_capped_file_is_known_by_its_length() {
    let csv = |records: usize| format!("email\n{}", "a\n".repeat(records));
    let of = |records, total: &str| {
        let stats = format!(r#"{{"total": {total}}}"#);
        let verification = verify(csv(records).as_bytes(), &stats, "", &Policy::default()).1;
        explained(&verification).remove("total").unwrap()
    };
    assert_eq!(of(300_000, "400000"), ["row-cap"]);
    assert_eq!(of(300_000, "200000"), [""; 0]);
    assert_eq!(of(299_999, "400000"), [""; 0]);
}

/// Where a word other than the API's makes cells unfilled, the API counts them as filled.
#[test]
fn the_direction_follows_from_the_rule() {
    let stats = r#"{"fillRates": {"jobTitle": {"count": 2}}}"#;
    let reports = crate::reports(stats, "");
    let text = |rule: FillRule, csv: &str| {
        let options = Options { fill_rule: rule, ..Options::default() };
        let export = Export::from_bytes(csv.as_bytes().to_vec(), &options).unwrap();
        let verification = fillrate::verify(export, &reports, &Policy::default()).unwrap().1;
        verification.checks.iter().find(|check| check.fails).unwrap().explanations[0].text.clone()
    };
    let blank = "email,jobTitle\na, \nb,x\nc,y\n";
    assert!(text(FillRule::default(), blank).ends_with("; the API counts it as unfilled."));
    let two = "email,jobTitle\na, \nb,x\n";
    assert!(text(FillRule::default().non_blank(), two).ends_with("; the API counts it as filled."));
}

#[test]
fn a_run_is_found_among_others() {
    let of = |seed| Sample { size: Size::Records(200), seed, ..Sample::default() }.in_memory().unwrap();
    let candidate = |seed: u64| fillrate::Candidate {
        path: format!("{seed}.json").into(),
        stats: Reported::from_json(of(seed).stats_json.as_bytes()).unwrap(),
    };
    let candidates = Candidates { stats: [1, 2, 3].map(candidate).to_vec(), skipped: Vec::new() };
    let verify = |stats: &str| {
        let export = Export::from_bytes(of(2).csv, &Options::default()).unwrap();
        fillrate::verify_among(export, &crate::reports(stats, ""), &candidates, &Policy::default()).unwrap().1
    };
    let matching = |verification: &Verification| verification.among.clone().unwrap().matching;
    let other = verify(&of(1).stats_json);
    assert_eq!(matching(&other), [std::path::Path::new("2.json")]);
    assert!(
        explained(&other).iter().any(|(id, kinds)| *id == "averages.intent.score" && kinds == &["other-run"])
    );
    let unknown = verify("");
    assert_eq!((unknown.verdict, matching(&unknown).len()), (Verdict::Match, 1));
    let none = fillrate::verify_among(
        Export::from_bytes(of(9).csv, &Options::default()).unwrap(),
        &crate::reports("", ""),
        &candidates,
        &Policy::default(),
    );
    assert_eq!(none.unwrap().1.verdict, Verdict::Mismatch);
    // As many people have many runs.
    let thin = fillrate::Candidate {
        path: "thin.json".into(),
        stats: Reported::from_json(br#"{"data": {"stats": {"total": 200}}}"#).unwrap(),
    };
    let thin = Candidates { stats: vec![thin], skipped: Vec::new() };
    let export = Export::from_bytes(of(2).csv, &Options::default()).unwrap();
    let thin = fillrate::verify_among(export, &crate::reports("", ""), &thin, &Policy::default()).unwrap().1;
    assert_eq!(matching(&thin), [] as [&std::path::Path; 0]);
}
