//! Figures × report → checks and a verdict.
//!
//! Every reported value becomes one [`Check`] with a stable id. What the report says about itself (a percent against its
//! own count, buckets that overlap) is checked apart, under `report.…`.

mod check;
mod checks;
mod compare;
mod consistency;
mod explain;
mod mapping;
mod policy;
mod runs;

use crate::analyze::{Analysis, Analyzed, Export, Question};
use crate::columns::is_same_field;
use crate::error::{Error, ErrorKind, Result};
use crate::reported::{Candidates, Reports};
pub use check::{Check, Figure, Status, Verdict};
use checks::Checks;
use explain::Evidence;
use explain::run::OtherRun;
pub use explain::{Explanation, ExplanationKind};
use mapping::Mapping;
pub use policy::{Policy, Tolerance};
pub use runs::Among;
use runs::Runs;

/// The outcome of a verification.
#[derive(Clone, Debug)]
pub struct Verification {
    /// Whether everything agrees.
    pub verdict: Verdict,
    /// Every reported value: those of the whole file, run and export first, then those of single fields in the order of
    /// the report, then the report's own consistency.
    pub checks: Vec<Check>,
    /// The columns that nobody reported anything about, as far as the policy does not limit the fields.
    pub not_reported: Vec<String>,
    /// Each field that was reported and compared, and the column that carries it.
    pub mapping: Vec<(String, Option<String>)>,
    /// The tolerances without which a check would be a mismatch, as they were given.
    pub tolerances_used: Vec<String>,
    /// The tolerances whose id fits no check, as they were given.
    pub tolerances_without_check: Vec<String>,
    /// Paths of the reports' members that the API does not document.
    pub unknown: Vec<String>,
    /// The fields that may be missing, as the policy says, although nobody reported them.
    pub allowed_without_report: Vec<String>,
    /// Why some explanations could not be looked for.
    pub not_tried: Vec<String>,
    /// Which of several runs the file is of, if that was asked.
    pub among: Option<Among>,
}

/// Computes what was reported about an export, in one pass over it, and compares.
///
/// ```
/// use fillrate::{Export, Options, Policy, Reported, Reports, Verdict, verify};
///
/// let csv = b"email\na@example.com\n\"\"\n".to_vec();
/// let export = Export::from_bytes(csv, &Options::default())?;
/// let stats = Reported::from_json(br#"{"total": 2, "fillRates": {"email": {"count": 2, "percent": 100}}}"#)?;
/// let reports = Reports { stats: Some(stats), export: None };
/// let (_, verification) = verify(export, &reports, &Policy::default())?;
/// assert_eq!(verification.verdict, Verdict::Mismatch);
/// let wrong = verification.checks.iter().find(|check| check.id == "fillRates.email.count").unwrap();
/// assert_eq!((wrong.reported.to_string(), wrong.computed.as_ref().unwrap().to_string()), ("2".into(), "1".into()));
/// # Ok::<(), fillrate::Error>(())
/// ```
///
/// # Errors
///
/// [`ErrorKind::NothingToCompare`] without any report, [`ErrorKind::AmbiguousField`] if two columns fit one reported
/// field, [`ErrorKind::UnknownField`] if the policy limits the checks to a field that is neither reported nor a column,
/// and whatever [`Export::analyze`] raises.
pub fn verify(export: Export, reports: &Reports, policy: &Policy) -> Result<(Analysis, Verification)> {
    verify_and_count(export, reports, policy, &[])
}

/// As [`verify`], and counts in the same pass what the answers to some questions need. The analysis answers what was
/// reported; [`Analysis::counters`] hold the rest.
///
/// # Errors
///
/// As [`verify`].
pub fn verify_and_count(
    export: Export,
    reports: &Reports,
    policy: &Policy,
    questions: &[Question],
) -> Result<(Analysis, Verification)> {
    check_any(reports)?;
    let path = export.path().to_owned();
    let mapping = Mapping::new(export.columns(), reports, policy).map_err(|error| error.in_file(&path))?;
    let analyzed = export.count(&mapping.question(reports), questions)?;
    compared(&analyzed, reports, &mapping, policy, &[])
}

/// As [`verify`], and looks for the runs whose stats match the file among some candidates, in the same pass.
///
/// On a mismatch, those that match are an explanation. Without stats among the reports, the first one that matches is
/// taken for them; that none does is a mismatch.
///
/// # Errors
///
/// As [`verify`], but that there may be no report.
pub fn verify_among(
    export: Export,
    reports: &Reports,
    candidates: &Candidates,
    policy: &Policy,
) -> Result<(Analysis, Verification)> {
    let path = export.path().to_owned();
    let runs = Runs::new(export.columns(), candidates, policy);
    let mapping = Mapping::new(export.columns(), reports, policy).map_err(|error| error.in_file(&path))?;
    let questions = runs.questions(export.columns())?;
    let analyzed = export.count(&mapping.question(reports), &questions)?;
    let (among, matching) = runs.matching(&analyzed)?;
    let (analysis, mut verification) = match matching.first() {
        Some((first, _)) if reports.stats.is_none() => {
            let reports = Reports { stats: Some(first.stats.clone()), export: reports.export.clone() };
            let mapping =
                Mapping::new(analyzed.columns(), &reports, policy).map_err(|error| error.in_file(&path))?;
            compared(&analyzed, &reports, &mapping, policy, &[])?
        }
        _ => {
            let others: Vec<OtherRun> = matching.into_iter().map(|(_, run)| run).collect();
            compared(&analyzed, reports, &mapping, policy, &others)?
        }
    };
    if reports.stats.is_none() && among.matching.is_empty() {
        verification.verdict = Verdict::Mismatch;
    }
    verification.among = Some(among);
    Ok((analysis, verification))
}

/// Compares an export that was counted for it.
fn compared(
    analyzed: &Analyzed,
    reports: &Reports,
    mapping: &Mapping<'_>,
    policy: &Policy,
    others: &[OtherRun],
) -> Result<(Analysis, Verification)> {
    let question = mapping.question(reports);
    let analysis = analyzed.answer(&question)?;
    let mut checks = Checks::new(policy);
    compare::whole(&mut checks, reports, Some(&analysis));
    compare::stats(&mut checks, reports, &analysis, mapping);
    consistency::report(&mut checks, reports, &mapping.reported_fills(), Some(&analysis));
    let columns = &analysis.header;
    let mut verification =
        Verification::new(checks, reports, mapping.not_reported(columns), mapping.labels(columns));
    let evidence = Evidence { analyzed, analysis: &analysis, question: &question };
    verification.not_tried = explain::explain(&mut verification.checks, evidence, others)?;
    Ok((analysis, verification))
}

/// Checks what the reports say about themselves and each other, without an export.
///
/// # Errors
///
/// [`ErrorKind::NothingToCompare`] without any report, [`ErrorKind::UnknownField`] if the policy limits the checks to a
/// field that is not reported.
pub fn verify_reports(reports: &Reports, policy: &Policy) -> Result<Verification> {
    check_any(reports)?;
    let mut checks = Checks::new(policy);
    compare::whole(&mut checks, reports, None);
    consistency::report(&mut checks, reports, &mapping::fills_without_columns(reports, policy)?, None);
    Ok(Verification::new(checks, reports, Vec::new(), Vec::new()))
}

fn check_any(reports: &Reports) -> Result<()> {
    if reports.stats.is_some() || reports.export.is_some() {
        return Ok(());
    }
    Err(Error::new(
        ErrorKind::NothingToCompare,
        "there is neither a stats file nor an export record",
        "give at least one of them",
    ))
}

impl Verification {
    fn new(
        checks: Checks<'_>,
        reports: &Reports,
        not_reported: Vec<String>,
        mapping: Vec<(String, Option<String>)>,
    ) -> Self {
        let (checks, tolerances_used, policy) = checks.finish();
        let fails = checks.iter().any(|check| check.fails) || policy.require_all && !not_reported.is_empty();
        let fits_none = |tolerance: &&Tolerance| !checks.iter().any(|check| tolerance.applies_to(&check.id));
        let tolerances_without_check = policy.tolerances.iter().filter(fits_none);
        let tolerances_without_check = tolerances_without_check.map(|one| one.as_str().to_owned()).collect();
        let is_reported = |field: &&String| {
            reports.stats.iter().any(|stats| mapping::fields(stats).any(|one| is_same_field(one, field)))
        };
        let allowed_without_report =
            policy.allow_missing.iter().filter(|field| !is_reported(field)).cloned().collect();
        let unknown_in_stats = reports.stats.iter().flat_map(|stats| &stats.unknown);
        let unknown_in_export = reports.export.iter().flat_map(|export| &export.unknown);
        Self {
            verdict: if fails { Verdict::Mismatch } else { Verdict::Match },
            checks,
            not_reported,
            mapping,
            tolerances_used,
            tolerances_without_check,
            unknown: unknown_in_stats.chain(unknown_in_export).cloned().collect(),
            allowed_without_report,
            not_tried: Vec::new(),
            among: None,
        }
    }
}
