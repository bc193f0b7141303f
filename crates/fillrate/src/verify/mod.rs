//! Figures × report → checks and a verdict.
//!
//! Every reported value becomes one [`Check`] with a stable id. What the report says about itself (a percent against its
//! own count, buckets that overlap) is checked apart, under `report.…`.

mod check;
mod checks;
mod compare;
mod consistency;
mod mapping;
mod policy;

use crate::analyze::{Analysis, Export};
use crate::error::{Error, ErrorKind, Result};
use crate::reported::Reports;
pub use check::{Check, Figure, Status, Verdict};
use checks::Checks;
use mapping::Mapping;
pub use policy::{Policy, Tolerance};

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
    check_any(reports)?;
    let mapping =
        Mapping::new(export.columns(), reports, policy).map_err(|error| error.in_file(export.path()))?;
    let analysis = export.analyze(&mapping.question(reports))?;
    let mut checks = Checks::new(policy);
    compare::whole(&mut checks, reports, Some(&analysis));
    compare::stats(&mut checks, reports, &analysis, &mapping);
    consistency::report(&mut checks, reports, &mapping.reported_fills(), Some(&analysis));
    let columns = &analysis.header;
    let verification =
        Verification::new(checks, reports, mapping.not_reported(columns), mapping.labels(columns));
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
        }
    }
}
