//! Whatever a header, a report and a path hold, what is printed holds no character that a terminal obeys or an eye cannot
//! see.
//!
//! An input is lines: a name each, for columns, fields, buckets, ids and the path. The rendering room is not part of any
//! library, so it is compiled in.

#![no_main]

use fillrate::{
    Analysis, ErrorKind, Export, ExportRecord, Grouping, Options, Policy, Question, ReportFiles, Reported,
    Reports, is_deceptive, verify, visible,
};
use libfuzzer_sys::fuzz_target;
use render::{Counted, Screen, Verified};

#[allow(dead_code, unused_imports, reason = "the command line uses the rest")]
#[path = "../../crates/fillrate-cli/src/render/mod.rs"]
mod render;

/// The narrowest screen that tables are made for.
const NARROW: usize = 60;

fn assert_plain(text: &str) {
    let bad = text.chars().find(|&c| c != '\n' && is_deceptive(c));
    assert_eq!(bad, None, "{text:?}");
}

fn csv(names: &[&str]) -> Vec<u8> {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
    let header = quoted.join(",");
    format!("{header},score\n{}80\n\"a\"b\n", "x,".repeat(names.len())).into_bytes()
}

/// `None` with NUL in every other byte: that is UTF-16.
fn opened(names: &[&str]) -> Option<Export> {
    let options = Options { header_ok: true, ..Options::default() };
    Export::from_bytes(csv(names), &options)
        .map_err(|error| {
            assert!(error.kind() == ErrorKind::NotCsv && names.concat().contains('\0'), "{error}");
        })
        .ok()
}

fn renamed(mut analysis: Analysis, name: &str) -> Analysis {
    analysis.file.path = name.into();
    analysis
}

fuzz_target!(|text: &str| {
    let names: Vec<&str> = text.split('\n').collect();
    for name in &names {
        assert_plain(&visible(name));
        assert_eq!(*visible(&visible(name)), *visible(name), "what is visible stays as it is");
    }
    let first = names[0];
    let screens = [NARROW, 80, 120].map(|width| Screen { width, colour: false });

    let Some(export) = opened(&names) else { return };
    let columns = export.columns();
    // By all columns but the score: the values of records are as short as names may be long.
    let labels: Vec<&str> = (0..names.len()).map(|column| columns.label(column)).collect();
    let grouping = Grouping::new(columns, &labels, 1, true);
    if let (Ok(question), Ok(grouping)) = (Question::for_stats(columns, Vec::new(), &[]), grouping) {
        let counted = export.analyze_by(&question, &grouping);
        let (analysis, segments) = counted.expect("bytes in memory can be read");
        let counted = [Counted { analysis: renamed(analysis, first), segments: Some(segments) }];
        for screen in screens {
            let table = render::table::stats(&counted, screen);
            assert_plain(&table);
        }
        assert_plain(&render::markdown::stats(&counted));
        assert_plain(&render::json::stats(&counted));
    }

    let reported = report(&names);
    let Ok(stats) = Reported::from_json(reported.as_bytes()) else { return };
    let export =
        format!("{{\"export\": {{\"runId\": {0}, \"status\": {0}, \"contentSha1\": {0}}}}}", json(first));
    let export = ExportRecord::from_json(export.as_bytes()).expect("it has its members");
    let reports = Reports { stats: Some(stats), export: Some(export) };
    let Some(opened) = opened(&names) else { return };
    let (analysis, verification) = match verify(opened, &reports, &Policy::default()) {
        Ok(verified) => verified,
        Err(error) => return assert_plain(&error.to_string()),
    };
    let verified = Verified {
        verification,
        analysis: Some(renamed(analysis, first)),
        files: ReportFiles { stats: Some(first.into()), export: None },
    };
    for screen in screens {
        let table = render::table::verify(&verified, screen);
        assert_plain(&table);
    }
    assert_plain(&render::markdown::verify(&verified));
    assert_plain(&render::json::verify(&verified));
    assert_plain(&render::github::verify(&verified));
    assert_plain(&render::junit::verify(&verified).expect("memory can be written"));
});

/// Stats in which the names are fields, buckets and more; not valid if a name comes twice.
fn report(names: &[&str]) -> String {
    let members = |value: &str| -> String {
        names.iter().map(|name| format!("{}: {value}", json(name))).collect::<Vec<_>>().join(",")
    };
    let buckets: Vec<String> =
        names.iter().map(|name| format!("{{\"bucket\": {}, \"count\": 1}}", json(name))).collect();
    let (fills, averages) = (members("{\"count\": 3, \"percent\": 5}"), members("12345.678"));
    let histogram = buckets.join(",");
    format!(
        "{{\"total\": 1, \"fillRates\": {{{fills}}}, \"averages\": {{{averages}}}, \"scoreHistogram\": [{histogram}]}}"
    )
}

fn json(text: &str) -> String {
    serde_json::to_string(text).expect("a string is JSON")
}
