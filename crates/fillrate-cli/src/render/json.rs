//! JSON for programs: keys in a fixed order, the same bytes for every thread count.

mod visible;

use std::borrow::Cow;
use std::io::{self, Write};

use fillrate::{
    Among, Check, ColumnStats, Combined, CombinedColumn, FileFacts, FindingCount, FindingKind, Findings,
    RunStats, ScoreStats, Verdict,
};
use fillrate_batch::{Drifts, Group, GroupBy, UnreadableReport};
use fillrate_drift::{Drift, People};
use serde::Serialize;
use serde::ser::{self, SerializeMap};
use serde_json::Serializer;
use visible::Visible;

use super::{Batched, Compared, Counted, Input, Verified};

/// Raised when a member changes its meaning or goes away.
const SCHEMA: u32 = 1;

#[derive(Serialize)]
struct Stats<'a> {
    schema: u32,
    stats: &'a RunStats,
    file: &'a FileFacts,
    columns: &'a [ColumnStats],
    scores: Option<ScoreStats>,
    findings: &'a Findings,
    #[serde(skip_serializing_if = "Option::is_none")]
    segments: Option<Segments<'a>>,
}

/// What Polars has computed: it counts no bytes and finds nothing.
#[cfg(feature = "polars")]
#[derive(Serialize)]
struct Second<'a> {
    schema: u32,
    engine: &'static str,
    stats: &'a RunStats,
    file: SecondFile<'a>,
    columns: &'a [ColumnStats],
    scores: Option<ScoreStats>,
}

#[cfg(feature = "polars")]
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SecondFile<'a> {
    path: Cow<'a, str>,
    row_count: u64,
    column_count: usize,
}

#[derive(Serialize)]
struct Segments<'a> {
    by: &'a [String],
    shown: Vec<Segment<'a>>,
    rest: Option<Rest<'a>>,
}

#[derive(Serialize)]
struct Segment<'a> {
    /// In the order of `by`.
    values: &'a [Option<String>],
    #[serde(flatten)]
    figures: SegmentFigures<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rest<'a> {
    value_count: u64,
    not_told_apart: u64,
    #[serde(flatten)]
    figures: SegmentFigures<'a>,
}

#[derive(Serialize)]
struct SegmentFigures<'a> {
    stats: &'a RunStats,
    columns: &'a [ColumnStats],
    scores: Option<ScoreStats>,
}

#[derive(Serialize)]
struct Merged<'a> {
    schema: u32,
    #[serde(flatten)]
    figures: Together<'a>,
}

/// The figures of several exports.
#[derive(Serialize)]
struct Together<'a> {
    stats: &'a RunStats,
    exports: u64,
    #[serde(rename = "byteSize")]
    bytes: u64,
    columns: &'a [CombinedColumn],
    scores: Option<ScoreStats>,
    findings: &'a [FindingCount],
}

#[derive(Serialize)]
struct Difference<'a> {
    schema: u32,
    differs: bool,
    before: InputFacts<'a>,
    after: InputFacts<'a>,
    correction: &'static str,
    #[serde(flatten)]
    drift: &'a Drift,
    people: Option<&'a People>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct InputFacts<'a> {
    path: Cow<'a, str>,
    exports: u64,
    byte_size: u64,
    /// The kinds alone.
    findings: &'a [FindingKind],
}

#[derive(Serialize)]
struct Verification<'a> {
    schema: u32,
    verdict: Verdict,
    checks: &'a [Check],
    not_reported: &'a [String],
    #[serde(serialize_with = "as_map")]
    mapping: &'a [(String, Option<String>)],
    tolerances_used: &'a [String],
    tolerances_without_check: &'a [String],
    allowed_without_report: &'a [String],
    unknown: &'a [String],
    not_tried: &'a [String],
    candidates: Option<&'a Among>,
    findings: Option<&'a Findings>,
    file: Option<&'a FileFacts>,
    stats_file: Option<String>,
    export_file: Option<String>,
}

#[derive(Serialize)]
struct Batch<'a> {
    schema: u32,
    summary: &'a fillrate_batch::Summary,
    totals: Option<Together<'a>>,
    groups: Option<Groups<'a>>,
    drift: Option<AllDrifts<'a>>,
    passed_over: Vec<String>,
    unreadable_reports: &'a [UnreadableReport],
    tolerances_without_check: &'a [String],
    files: &'a [fillrate_batch::Record],
}

#[derive(Serialize)]
struct AllDrifts<'a> {
    #[serde(flatten)]
    drifts: &'a Drifts,
    same_run: u64,
}

#[derive(Serialize)]
struct Groups<'a> {
    by: &'static str,
    groups: Vec<NamedGroup<'a>>,
}

#[derive(Serialize)]
struct NamedGroup<'a> {
    name: Option<&'a str>,
    #[serde(flatten)]
    figures: Together<'a>,
}

impl<'a> Together<'a> {
    fn new(combined: &'a Combined) -> Self {
        let Combined { stats, exports, bytes, columns, scores, findings } = combined;
        Self { stats, exports: *exports, bytes: *bytes, columns, scores: *scores, findings }
    }
}

impl<'a> Groups<'a> {
    fn new((by, groups): &'a (GroupBy, Vec<Group>)) -> Self {
        let named = |group: &'a Group| NamedGroup {
            name: group.name.as_deref(),
            figures: Together::new(&group.figures),
        };
        Self { by: by.name(), groups: groups.iter().map(named).collect() }
    }
}

impl<'a> InputFacts<'a> {
    fn of(input: &'a Input) -> Self {
        let Input { path, exports, bytes, findings } = input;
        Self { path: path.to_string_lossy(), exports: *exports, byte_size: *bytes, findings }
    }
}

impl<'a> SegmentFigures<'a> {
    fn of(segment: &'a fillrate::Segment) -> Self {
        let fillrate::Segment { stats, columns, scores, .. } = segment;
        Self { stats, columns, scores: *scores }
    }
}

impl<'a> Segments<'a> {
    fn of(segments: &'a fillrate::Segments) -> Self {
        let shown = segments.shown.iter();
        Self {
            by: &segments.fields,
            shown: shown
                .map(|segment| Segment { values: &segment.values, figures: SegmentFigures::of(segment) })
                .collect(),
            rest: segments.rest.as_ref().map(|rest| Rest {
                value_count: rest.values,
                not_told_apart: rest.not_told_apart,
                figures: SegmentFigures::of(&rest.segment),
            }),
        }
    }
}

/// One object for one file, an array for several.
#[cfg(feature = "polars")]
pub(crate) fn second(results: &[super::BySecond]) -> String {
    let results: Vec<_> = results
        .iter()
        .map(|super::BySecond { path, header, figures }| Second {
            schema: SCHEMA,
            engine: "polars",
            stats: &figures.stats,
            file: SecondFile {
                path: path.to_string_lossy(),
                row_count: figures.stats.total,
                column_count: header.len(),
            },
            columns: &figures.columns,
            scores: figures.scores,
        })
        .collect();
    match &results[..] {
        [one] => print(one),
        several => print(&several),
    }
}

/// One object for one file, an array for several.
pub(crate) fn stats(counted: &[Counted]) -> String {
    let results: Vec<_> = counted
        .iter()
        .map(|Counted { analysis, segments }| Stats {
            schema: SCHEMA,
            stats: &analysis.stats,
            file: &analysis.file,
            columns: &analysis.columns,
            scores: analysis.scores,
            findings: &analysis.findings,
            segments: segments.as_ref().map(Segments::of),
        })
        .collect();
    match &results[..] {
        [one] => print(one),
        several => print(&several),
    }
}

pub(crate) fn merge(combined: &Combined) -> String {
    print(&Merged { schema: SCHEMA, figures: Together::new(combined) })
}

pub(crate) fn diff(compared: &Compared) -> String {
    print(&Difference {
        schema: SCHEMA,
        differs: compared.drift.differs(),
        before: InputFacts::of(&compared.before),
        after: InputFacts::of(&compared.after),
        correction: "holm",
        drift: &compared.drift,
        people: compared.people.as_ref().ok(),
    })
}

pub(crate) fn verify(verified: &Verified) -> String {
    let verification = &verified.verification;
    let path = |path: &std::path::PathBuf| path.to_string_lossy().into_owned();
    print(&Verification {
        schema: SCHEMA,
        verdict: verification.verdict,
        checks: &verification.checks,
        not_reported: &verification.not_reported,
        mapping: &verification.mapping,
        tolerances_used: &verification.tolerances_used,
        tolerances_without_check: &verification.tolerances_without_check,
        allowed_without_report: &verification.allowed_without_report,
        unknown: &verification.unknown,
        not_tried: &verification.not_tried,
        candidates: verification.among.as_ref(),
        findings: verified.analysis.as_ref().map(|analysis| &analysis.findings),
        file: verified.analysis.as_ref().map(|analysis| &analysis.file),
        stats_file: verified.files.stats.as_ref().map(path),
        export_file: verified.files.export.as_ref().map(path),
    })
}

/// Every export, in input order. It is not made a text of first: with the figures of many groups it is large.
///
/// # Errors
///
/// Of `out`.
pub(crate) fn batch(batched: &Batched, mut out: impl Write) -> io::Result<()> {
    let path = |path: &std::path::PathBuf| path.to_string_lossy().into_owned();
    let overview = &batched.overview;
    let same_run = overview.same_run;
    let document = Batch {
        schema: SCHEMA,
        summary: &batched.summary,
        totals: overview.totals.as_ref().map(Together::new),
        groups: overview.groups.as_ref().map(Groups::new),
        drift: overview.drift.as_ref().map(|drifts| AllDrifts { drifts, same_run }),
        passed_over: batched.passed_over.iter().map(path).collect(),
        unreadable_reports: &batched.unreadable_reports,
        tolerances_without_check: &batched.tolerances.without_check,
        files: &batched.records,
    };
    write(&mut out, &document)?;
    out.flush()
}

fn print(value: &impl Serialize) -> String {
    let mut json = Vec::new();
    // Only a map with keys that are no strings, or an error of a `Serialize` of ours, could fail here: there is none.
    write(&mut json, value)
        .and_then(|()| String::from_utf8(json).map_err(io::Error::other))
        .unwrap_or_else(|error| format!("{{\"error\": \"{error}\"}}\n"))
}

fn write(mut out: impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut out, Visible::default()))?;
    out.write_all(b"\n")
}

fn as_map<S: ser::Serializer>(pairs: &[(String, Option<String>)], serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(pairs.len()))?;
    for (key, value) in pairs {
        map.serialize_entry(key, value)?;
    }
    map.end()
}
