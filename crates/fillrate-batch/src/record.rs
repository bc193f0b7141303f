//! What is remembered of one export: what the output and the ledger need, without its figures.

use fillrate::{Analysis, Check, FindingKind, Policy, Verification};
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};

use crate::error::Error;

/// How many failing checks of an export are remembered. A lost record makes nearly all of them fail, with one reason.
pub const MOST_CHECKS: usize = 100;

/// What became of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// All that was reported agrees.
    Match,
    /// Something does not, or the file is unsound; where all is required, also that there is nothing to compare with.
    Mismatch,
    /// A sound file that there is nothing to compare with.
    Unverified,
    /// It could not be done.
    Failed,
}

/// How many exports became what: `inputs` is the sum of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The exports.
    pub inputs: u64,
    /// Those that match.
    pub verified: u64,
    /// Those that do not.
    pub mismatched: u64,
    /// Those with nothing to compare with.
    pub unverified: u64,
    /// Those that could not be used.
    pub failed: u64,
}

/// The result of one export, without its figures. An export that matches takes some 500 bytes; one that does not, up to
/// some 400 for each of at most [`MOST_CHECKS`] checks.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// The export, as it was given or found. What is no UTF-8 in it is replaced.
    pub path: String,
    /// What became of it.
    pub verdict: Verdict,
    /// Its audience, from the reports, or from `<audience>/<run>/audience.csv`.
    pub audience_id: Option<String>,
    /// Its run, from there too.
    pub run_id: Option<String>,
    /// The stats that it was compared with.
    pub stats_file: Option<String>,
    /// The export record that it was compared with.
    pub export_file: Option<String>,
    /// How many records it has; unknown if it failed.
    pub rows: Option<u64>,
    /// How many checks there were.
    pub checks: usize,
    /// How many of them fail.
    pub failing: usize,
    /// The first [`MOST_CHECKS`] of these.
    pub failing_checks: Vec<FailingCheck>,
    /// The tolerances without which a check would fail, as they were given.
    pub tolerances_used: Vec<String>,
    /// Those whose id fits no check, as they were given: all of them, where nothing was compared.
    pub tolerances_without_check: Vec<String>,
    /// The first [`MOST_CHECKS`] columns that nobody reported, where that makes it a mismatch; `None` where it does not.
    pub not_reported: Option<Vec<String>>,
    /// What is wrong with the CSV itself.
    pub findings: Vec<Found>,
    /// Why it failed.
    pub error: Option<Problem>,
}

/// A check that fails.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FailingCheck {
    /// Its stable id.
    pub id: String,
    /// `mismatch`, or another one that was not accepted.
    pub status: String,
    /// The API's value, as JSON: a number or a text.
    pub reported: Box<RawValue>,
    /// Ours.
    pub computed: Option<Box<RawValue>>,
    /// Why they differ. Empty: unexplained.
    pub explanations: Vec<Explained>,
}

/// Why two values differ, as [`fillrate::Explanation`] says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Explained {
    /// The hypothesis.
    pub kind: String,
    /// The value under it, as JSON.
    pub predicted: Box<RawValue>,
    /// The same in words.
    pub text: String,
}

/// A kind of finding: how often, and where, as [`fillrate::Finding`] says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Found {
    /// What was found.
    pub kind: String,
    /// How often.
    pub count: u64,
    /// The first places.
    pub places: Vec<Spot>,
    /// The last one.
    pub last: Spot,
}

/// A place in the file.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Spot {
    /// The physical line, from 1.
    pub line: u64,
    /// The byte, from 0.
    pub byte: u64,
}

/// Why an export failed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// The stable name, as in `error[not-csv]`.
    pub kind: String,
    /// One line: what, where, and what to do.
    pub message: String,
}

impl Verdict {
    /// The name in all outputs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::Mismatch => "mismatch",
            Self::Unverified => "unverified",
            Self::Failed => "failed",
        }
    }
}

impl Summary {
    pub(crate) fn add(&mut self, verdict: Verdict) {
        self.inputs += 1;
        *match verdict {
            Verdict::Match => &mut self.verified,
            Verdict::Mismatch => &mut self.mismatched,
            Verdict::Unverified => &mut self.unverified,
            Verdict::Failed => &mut self.failed,
        } += 1;
    }
}

impl Record {
    /// Of an export that failed, unless more is said.
    pub(crate) fn new(path: String) -> Self {
        Self {
            path,
            verdict: Verdict::Failed,
            audience_id: None,
            run_id: None,
            stats_file: None,
            export_file: None,
            rows: None,
            checks: 0,
            failing: 0,
            failing_checks: Vec::new(),
            tolerances_used: Vec::new(),
            tolerances_without_check: Vec::new(),
            not_reported: None,
            findings: Vec::new(),
            error: None,
        }
    }

    pub(crate) fn fail(mut self, problem: Problem) -> Self {
        self.error = Some(problem);
        self
    }

    /// Adds what was found and compared. Without anything to compare with, it is checked whether the file is sound.
    pub(crate) fn finish(
        mut self,
        analysis: &Analysis,
        verification: Option<&Verification>,
        policy: &Policy,
    ) -> Self {
        self.rows = Some(analysis.file.row_count);
        self.findings = analysis.findings.iter().map(Found::new).collect();
        self.failing_checks = if let Some(verification) = verification {
            let failing = verification.checks.iter().filter(|check| check.fails);
            (self.checks, self.failing) = (verification.checks.len(), failing.clone().count());
            self.tolerances_used.clone_from(&verification.tolerances_used);
            self.tolerances_without_check.clone_from(&verification.tolerances_without_check);
            failing.take(MOST_CHECKS).map(FailingCheck::new).collect()
        } else {
            let kinds = FindingKind::ALL.into_iter().filter(|kind| kind.disqualifies());
            let failing = kinds.clone().filter_map(|kind| analysis.findings.get(kind));
            (self.checks, self.failing) = (kinds.count(), failing.clone().count());
            let texts = policy.tolerances.iter().map(|tolerance| tolerance.as_str().to_owned());
            self.tolerances_without_check = texts.collect();
            failing.map(|finding| FailingCheck::of_finding(finding.kind, finding.count)).collect()
        };
        self.verdict = match verification.map(|verification| verification.verdict) {
            Some(fillrate::Verdict::Match) => Verdict::Match,
            Some(fillrate::Verdict::Mismatch) => Verdict::Mismatch,
            None if policy.require_all || self.failing > 0 => Verdict::Mismatch,
            None => Verdict::Unverified,
        };
        self.not_reported = policy.require_all.then(|| not_reported(analysis, verification, policy));
        self
    }
}

/// The first of the columns that nobody reported.
fn not_reported(analysis: &Analysis, verification: Option<&Verification>, policy: &Policy) -> Vec<String> {
    if let Some(verification) = verification {
        return verification.not_reported.iter().take(MOST_CHECKS).cloned().collect();
    }
    let header = &analysis.header;
    let limit: Vec<usize> = policy.fields.iter().filter_map(|field| header.named(field).ok()).collect();
    let columns = (0..header.len()).filter(|column| policy.fields.is_empty() || limit.contains(column));
    columns.take(MOST_CHECKS).map(|column| header.label(column).to_owned()).collect()
}

impl FailingCheck {
    fn new(check: &Check) -> Self {
        let explained = |explanation: &fillrate::Explanation| Explained {
            kind: explanation.kind(),
            predicted: raw(&explanation.predicted),
            text: explanation.text.clone(),
        };
        Self {
            id: check.id.clone(),
            status: check.status.name().to_owned(),
            reported: raw(&check.reported),
            computed: check.computed.as_ref().map(raw),
            explanations: check.explanations.iter().map(explained).collect(),
        }
    }

    /// As [`Check::is_unexplained`], of whose kinds of checks the ids are known that say by themselves what is wrong.
    #[must_use]
    pub fn is_unexplained(&self) -> bool {
        let speaks_for_itself = ["integrity.", "report."].iter().any(|start| self.id.starts_with(start));
        self.explanations.is_empty() && !speaks_for_itself
    }

    /// Whether numbers in it are counts; if not, they are percents or averages.
    #[must_use]
    pub fn compares_counts(&self) -> bool {
        !self.id.ends_with(".percent") && !self.id.starts_with("averages.")
    }

    /// The check that `verify` makes of a finding.
    fn of_finding(kind: FindingKind, count: u64) -> Self {
        Self {
            id: format!("integrity.{}", kind.name()),
            status: fillrate::Status::Mismatch.name().to_owned(),
            reported: raw(&0),
            computed: Some(raw(&count)),
            explanations: Vec::new(),
        }
    }
}

impl Found {
    fn new(finding: &fillrate::Finding) -> Self {
        let spot = |place: &fillrate::Place| Spot { line: place.line, byte: place.byte };
        Self {
            kind: finding.kind.name().to_owned(),
            count: finding.count,
            places: finding.places.iter().map(spot).collect(),
            last: spot(&finding.last),
        }
    }
}

impl Problem {
    pub(crate) fn new(error: &Error) -> Self {
        Self { kind: error.kind().to_owned(), message: error.to_string() }
    }
}

impl From<fillrate::Error> for Problem {
    fn from(error: fillrate::Error) -> Self {
        Self { kind: error.kind().name().to_owned(), message: error.to_string() }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

/// A number or text as JSON, in the digits that it has.
fn raw(value: &impl Serialize) -> Box<RawValue> {
    // Neither a number nor a text can fail to be JSON.
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}
