//! Which of several runs a file is of.

use std::collections::HashMap;
use std::path::PathBuf;

use serde::{Serialize, Serializer};

use super::check::Subject;
use super::checks::Checks;
use super::explain::run::OtherRun;
use super::mapping::Mapping;
use super::{Figure, Policy, Status, compare, consistency};
use crate::analyze::{Analyzed, Question};
use crate::columns::Columns;
use crate::error::Result;
use crate::reported::{Candidate, Candidates, Reports};

/// Which of several runs a file is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Among {
    /// How many stats were compared with the export.
    pub tried: usize,
    /// The files of those that match.
    #[serde(serialize_with = "lossy")]
    pub matching: Vec<PathBuf>,
    /// Why others were not tried.
    pub skipped: Vec<String>,
}

fn lossy<S: Serializer>(paths: &[PathBuf], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(|path| path.to_string_lossy()))
}

/// Runs that can be compared with an export.
pub(super) struct Runs<'a> {
    policy: Policy,
    runs: Vec<(&'a Candidate, Reports)>,
    skipped: Vec<String>,
}

impl<'a> Runs<'a> {
    /// Leaves out those whose fields cannot be mapped to the columns.
    pub(super) fn new(columns: &Columns, candidates: &'a Candidates, policy: &Policy) -> Self {
        // Nothing is accepted that would make another run's stats match.
        let policy = Policy { allow_missing: policy.allow_missing.clone(), ..Policy::default() };
        let (mut runs, mut skipped) = (Vec::new(), candidates.skipped.clone());
        for candidate in &candidates.stats {
            let reports = Reports { stats: Some(candidate.stats.clone()), export: None };
            match Mapping::new(columns, &reports, &policy) {
                Ok(_) => runs.push((candidate, reports)),
                Err(error) => skipped.push(error.in_file(&candidate.path).to_string()),
            }
        }
        Self { policy, runs, skipped }
    }

    /// What has to be computed to compare them all.
    pub(super) fn questions(&self, columns: &Columns) -> Result<Vec<Question>> {
        let question =
            |(_, reports): &(_, Reports)| Ok(Mapping::new(columns, reports, &self.policy)?.question(reports));
        self.runs.iter().map(question).collect()
    }

    /// Those whose stats match, in their order.
    pub(super) fn matching(self, analyzed: &Analyzed) -> Result<(Among, Vec<(&'a Candidate, OtherRun)>)> {
        let mut matching = Vec::new();
        for (candidate, reports) in &self.runs {
            if let Some(run) = self.matches(candidate, reports, analyzed)? {
                matching.push((*candidate, run));
            }
        }
        let paths = matching.iter().map(|(candidate, _)| candidate.path.clone()).collect();
        Ok((Among { tried: self.runs.len(), matching: paths, skipped: self.skipped }, matching))
    }

    /// What a run reports, if all of it matches the file, and something of it is about the file's cells: many runs have
    /// as many people, so that a total alone tells nothing.
    fn matches(
        &self,
        candidate: &Candidate,
        reports: &Reports,
        analyzed: &Analyzed,
    ) -> Result<Option<OtherRun>> {
        let mapping = Mapping::new(analyzed.columns(), reports, &self.policy)?;
        let analysis = analyzed.answer(&mapping.question(reports))?;
        let mut checks = Checks::new(&self.policy);
        compare::whole(&mut checks, reports, Some(&analysis));
        compare::stats(&mut checks, reports, &analysis, &mapping);
        consistency::report(&mut checks, reports, &mapping.reported_fills(), Some(&analysis));
        let (mut checks, ..) = checks.finish();
        // That the file is sound is not a claim of the stats.
        checks.retain(|check| !matches!(check.subject, Subject::Finding(_)));
        let tells =
            |subject| matches!(subject, Subject::Fill(..) | Subject::Bucket(..) | Subject::Average(_));
        let tells = checks.iter().any(|check| check.status == Status::Match && tells(check.subject));
        if !tells || checks.iter().any(|check| check.fails) {
            return Ok(None);
        }
        let mut reported: HashMap<_, _> =
            checks.into_iter().map(|check| (check.id, check.reported)).collect();
        let run = &candidate.stats.run;
        for (check, id) in [("export.runId", &run.id), ("export.audienceId", &run.audience_id)] {
            reported.extend(id.clone().map(|id| (check.to_owned(), Figure::Text(id))));
        }
        Ok(Some(OtherRun { path: candidate.path.clone(), id: run.id.clone(), reported }))
    }
}
