//! What the engine promises, seen from outside.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy spares `#[test]` functions only, not their helpers"
)]

mod columns_and_policy;
mod corruption;
mod errors;
mod exactness;
mod explanations;
mod formats;
mod generate;
mod golden;
mod oracle;
mod samples;
mod sources;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use fillrate::{
    Analysis, AverageOf, Columns, ExportRecord, FillRule, Policy, Question, Reported, Reports, Status,
    Verification,
};
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Buckets that overlap, leave gaps, and reach beyond the scores that the API gives.
const LABELS: [&str; 6] = ["<0", "50-69", "70–89", "85-120", "100", "150+"];

/// Asks for everything that can be computed: a histogram of the column that is called like the score, or of the first
/// one, the average of every column, and the SHA-1.
fn everything(columns: &Columns) -> Question {
    let average = |(column, field)| AverageOf { field, column };
    Question {
        score: columns.find("intent.score").column().or(Some(0)),
        buckets: LABELS.iter().map(|label| label.parse().unwrap()).collect(),
        averages: columns.fields().into_iter().enumerate().map(average).collect(),
        sha1: true,
    }
}

/// Everything there is to know of an analysis but the path: figures, exact sums, places of findings, digest.
fn all_of(mut analysis: Analysis) -> String {
    analysis.file.path = PathBuf::new();
    format!("{analysis:#?}")
}

/// Thread pools of 1 to 8 threads, in that order.
static POOLS: LazyLock<Vec<ThreadPool>> =
    LazyLock::new(|| (1..=8).map(|n| ThreadPoolBuilder::new().num_threads(n).build().unwrap()).collect());

/// The API's own rule, and the stricter ones.
fn fill_rules() -> [FillRule; 4] {
    let api = FillRule::default;
    let word = |rule: FillRule| rule.with_placeholder("unknown").unwrap();
    [api(), api().non_blank(), word(api()), word(api().non_blank())]
}

fn reports(stats: &str, export: &str) -> Reports {
    let given = |json: &str| Some(json.as_bytes().to_vec()).filter(|json| !json.is_empty());
    Reports {
        stats: given(stats).map(|json| Reported::from_json(&json).unwrap()),
        export: given(export).map(|json| ExportRecord::from_json(&json).unwrap()),
    }
}

/// Verifies an export in memory; an empty report is none.
fn verify(csv: &[u8], stats: &str, export: &str, policy: &Policy) -> (Analysis, Verification) {
    let export_file = fillrate::Export::from_bytes(csv.to_vec(), &fillrate::Options::default()).unwrap();
    fillrate::verify(export_file, &reports(stats, export), policy).unwrap()
}

/// The ids of all checks with a status that is not `match`.
fn not_matching(verification: &Verification) -> Vec<&str> {
    let checks = verification.checks.iter().filter(|check| check.status != Status::Match);
    checks.map(|check| check.id.as_str()).collect()
}

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name)
}
