//! Collects checks under a policy.

use super::check::Subject;
use super::{Check, Figure, Policy, Status};
use crate::reported::Decimal;
use crate::stats::{Mean, Percent};

/// The checks so far.
pub(super) struct Checks<'a> {
    policy: &'a Policy,
    done: Vec<Check>,
    tolerances_used: Vec<String>,
}

/// Our side of a check.
#[derive(Clone, Copy)]
pub(super) enum Computed<T> {
    /// A value.
    Value(T),
    /// There is no such column.
    NotInFile {
        /// Whether the policy lets the field be missing.
        allowed: bool,
    },
    /// The reported value cannot be used.
    NotCheckable(&'static str),
}

impl<T> Computed<T> {
    /// Another figure of the same side.
    pub(super) fn map<U>(self, of: impl FnOnce(T) -> U) -> Computed<U> {
        match self {
            Self::Value(value) => Computed::Value(of(value)),
            Self::NotInFile { allowed } => Computed::NotInFile { allowed },
            Self::NotCheckable(reason) => Computed::NotCheckable(reason),
        }
    }
}

/// Why a number could not be compared.
const TOO_LONG: &str = "it has more digits than can be compared exactly";

impl<'a> Checks<'a> {
    pub(super) fn new(policy: &'a Policy) -> Self {
        Self { policy, done: Vec::new(), tolerances_used: Vec::new() }
    }

    pub(super) fn policy(&self) -> &Policy {
        self.policy
    }

    /// The checks, the tolerances that made a difference, and the policy.
    pub(super) fn finish(self) -> (Vec<Check>, Vec<String>, &'a Policy) {
        (self.done, self.tolerances_used, self.policy)
    }

    /// Counts agree if they are equal.
    pub(super) fn count(
        &mut self,
        id: impl Into<String>,
        subject: Subject,
        reported: Option<u64>,
        computed: Computed<u64>,
    ) {
        let Some(reported) = reported else { return };
        let computed = computed.map(|computed| (Figure::Count(computed), Some(reported == computed)));
        self.add(id.into(), subject, Figure::Count(reported), computed);
    }

    /// A percent agrees if it is a rounding of the exact share.
    pub(super) fn percent(
        &mut self,
        id: String,
        subject: Subject,
        reported: Option<&Decimal>,
        computed: Computed<Percent>,
    ) {
        let Some(reported) = reported else { return };
        let agrees =
            |share: Percent| reported.exact().and_then(|exact| share.rounds_to(exact.value, exact.decimals));
        let computed = computed.map(|share| (Figure::Percent(share), agrees(share)));
        self.add(id, subject, Figure::Decimal(reported.clone()), computed);
    }

    /// An average agrees if it is a rounding of the exact mean.
    pub(super) fn average(
        &mut self,
        id: String,
        subject: Subject,
        reported: &Decimal,
        computed: Computed<Mean>,
    ) {
        let agrees =
            |mean: Mean| reported.exact().and_then(|exact| mean.rounds_to(exact.value, exact.decimals));
        let computed = computed.map(|mean| (Figure::Mean(mean), agrees(mean)));
        self.add(id, subject, Figure::Decimal(reported.clone()), computed);
    }

    /// Texts agree if they are equal, or one of several.
    pub(super) fn text(
        &mut self,
        id: &str,
        subject: Subject,
        reported: Option<&str>,
        computed: Computed<&[&str]>,
    ) {
        let Some(reported) = reported else { return };
        let computed = computed.map(|accepted| {
            let equal = accepted.iter().find(|text| **text == reported);
            (Figure::Text(equal.unwrap_or(&accepted[0]).to_string()), Some(equal.is_some()))
        });
        self.add(id.to_owned(), subject, Figure::Text(reported.to_owned()), computed);
    }

    fn add(
        &mut self,
        id: String,
        subject: Subject,
        reported: Figure,
        computed: Computed<(Figure, Option<bool>)>,
    ) {
        let mut check = Check {
            id,
            status: Status::Match,
            reported,
            computed: None,
            reason: None,
            tolerance: None,
            explanations: Vec::new(),
            subject,
            fails: false,
        };
        match computed {
            Computed::Value((computed, agrees)) => {
                check.status = match agrees {
                    Some(true) => Status::Match,
                    Some(false) => Status::Mismatch,
                    None => Status::NotCheckable,
                };
                check.reason = agrees.is_none().then_some(TOO_LONG);
                check.computed = Some(computed);
                self.tolerate(&mut check);
                check.fails = check.status == Status::Mismatch;
            }
            Computed::NotInFile { allowed } => {
                check.status = Status::NotInFile;
                check.fails = check.reported.is_positive() && !allowed;
            }
            Computed::NotCheckable(reason) => {
                check.status = Status::NotCheckable;
                check.reason = Some(reason);
            }
        }
        check.fails |= self.policy.require_all && check.status != Status::Match;
        self.done.push(check);
    }

    /// Turns a mismatch that a tolerance accepts into a match.
    fn tolerate(&mut self, check: &mut Check) {
        if check.status != Status::Mismatch {
            return;
        }
        let figures = check.reported.fraction().zip(check.computed.as_ref().and_then(Figure::fraction));
        let Some((reported, computed)) = figures else { return };
        let accepts = |tolerance: &&super::Tolerance| {
            tolerance.applies_to(&check.id) && tolerance.accepts(reported, computed)
        };
        if let Some(tolerance) = self.policy.tolerances.iter().find(accepts) {
            check.status = Status::Match;
            check.tolerance = Some(tolerance.as_str().to_owned());
            if !self.tolerances_used.iter().any(|used| used == tolerance.as_str()) {
                self.tolerances_used.push(tolerance.as_str().to_owned());
            }
        }
    }
}
