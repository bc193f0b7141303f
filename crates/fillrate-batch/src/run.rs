//! From inputs to results.

use std::path::{Path, PathBuf};

use fillrate::{
    Analysis, DEFAULT_BUCKETS, Export, Options, Policy, Question, ReportFiles, Reports, Verification,
    verify_and_count,
};

use crate::counted::Counted;
use crate::identity::Settings;
use crate::inputs::{Input, Inputs};
use crate::ledger::Ledger;
use crate::ordered;
use crate::pairing::{Ids, Pairing, UnreadableReport};
use crate::record::{Problem, Record, Summary};
use crate::tolerances::Tolerances;

/// How the exports of a batch are read and compared.
#[derive(Clone, Debug)]
pub struct Batch {
    options: Options,
    policy: Policy,
    counting: bool,
}

/// What became of a batch.
#[derive(Debug)]
pub struct Ran {
    /// How many exports became what.
    pub summary: Summary,
    /// What became of the tolerances of the policy.
    pub tolerances: Tolerances,
    /// What was searched for the reports of exports that have not all of them beside them, and cannot be read.
    pub unreadable_reports: Vec<UnreadableReport>,
}

/// The result of one export.
#[derive(Debug)]
pub struct FileResult {
    /// The export, as it was given or found.
    pub path: PathBuf,
    /// What the output and the ledger need.
    pub record: Record,
    /// All figures and checks; `None` if the export failed, or if its record comes from a ledger.
    pub figures: Option<Box<Figures>>,
    /// What a [`Gathering`](crate::Gathering) takes in; `None` if the export failed, or nobody is [counting](Batch::counting).
    pub counted: Option<Box<Counted>>,
}

/// All that was computed and compared.
#[derive(Debug)]
pub struct Figures {
    /// The figures of the export.
    pub analysis: Analysis,
    /// The comparison with its reports, if it has any.
    pub verification: Option<Verification>,
}

impl Batch {
    /// # Errors
    ///
    /// If the options make no sense for any file.
    pub fn new(options: Options, policy: Policy) -> Result<Self, fillrate::Error> {
        options.check()?;
        Ok(Self { options, policy, counting: false })
    }

    /// Also counts what it takes to add exports up and to compare runs, and keeps it in the ledger.
    #[must_use]
    pub fn counting(self) -> Self {
        Self { counting: true, ..self }
    }

    /// Checks every export, on the threads of this pool, which does so for one batch at a time: parts of another that a
    /// thread takes up while it waits may be what the first one waits for. An export that fails stops no other.
    ///
    /// `finished` is told the place of every export among the inputs and its result as soon as that is known, by any
    /// thread; `sink` gets the results in the order of the inputs.
    pub fn run(
        &self,
        inputs: &Inputs,
        ledger: Option<&Ledger>,
        finished: impl Fn(usize, &FileResult) + Sync,
        mut sink: impl FnMut(FileResult) + Send,
    ) -> Ran {
        let pairing = Pairing::new(&inputs.reports);
        let ledger = ledger.map(|ledger| (ledger, Settings::new(&self.options, &self.policy, self.counting)));
        let (mut summary, mut tolerances) = (Summary::default(), Tolerances::default());
        let work = |number: usize| {
            let result = self.check(&inputs.files[number], &pairing, ledger.as_ref());
            finished(number, &result);
            result
        };
        ordered::run(inputs.files.len(), work, |result| {
            summary.add(result.record.verdict);
            tolerances.add(&result.record);
            sink(result);
        });
        Ran { summary, tolerances, unreadable_reports: pairing.into_unreadable() }
    }

    fn check(
        &self,
        input: &Input,
        pairing: &Pairing<'_>,
        ledger: Option<&(&Ledger, Settings)>,
    ) -> FileResult {
        let path = &input.path;
        let with = |record, figures, counted| FileResult { path: path.clone(), record, figures, counted };
        let paired = match (&input.problem, pairing.reports_of(path)) {
            (None, Ok(paired)) => paired,
            (Some(problem), _) => return with(failed(path, problem.clone()), None, None),
            (_, Err(problem)) => return with(failed(path, problem), None, None),
        };
        let files = paired.files();
        let mut record = new_record(path, &files);
        // What cannot be read here cannot be read below either, which says so.
        let identity = ledger.and_then(|(_, settings)| settings.identity(path, &files).ok().flatten());
        let noted = ledger.map(|(ledger, _)| ledger).zip(identity);
        let known = noted.as_ref().and_then(|(ledger, identity)| ledger.recall(identity.key));
        if let Some((record, counted)) = known {
            return with(record, None, counted.map(Box::new));
        }
        // What the ledger keeps is of what the identity was taken of, which is not older than what was read before it.
        let reports = if noted.is_some() { files.read() } else { paired.reports() };
        match reports.and_then(|reports| self.figures(path, &reports, &mut record)) {
            Ok((figures, counted)) => {
                let Figures { analysis, verification } = &figures;
                let record = record.finish(analysis, verification.as_ref(), &self.policy);
                // An export that failed is not finished: the reason may pass.
                if let Some((ledger, identity)) = noted.filter(|(_, identity)| identity.is_current()) {
                    ledger.keep(identity.key, &record, counted.as_deref());
                }
                with(record, Some(Box::new(figures)), counted)
            }
            Err(error) => with(record.fail(Problem::from(error)), None, None),
        }
    }

    /// Notes in `record` where the reports say that the export belongs.
    fn figures(
        &self,
        path: &Path,
        reports: &Reports,
        record: &mut Record,
    ) -> Result<(Figures, Option<Box<Counted>>), fillrate::Error> {
        note_ids(record, reports);
        let export = Export::open(path, &self.options)?;
        let figures = if reports.stats.is_some() || reports.export.is_some() {
            let questions = if self.counting { vec![usual_question(&export)?] } else { Vec::new() };
            let (analysis, verification) = verify_and_count(export, reports, &self.policy, &questions)?;
            Figures { analysis, verification: Some(verification) }
        } else {
            let question = usual_question(&export)?;
            Figures { analysis: export.analyze(&question)?, verification: None }
        };
        let counters = self.counting.then(|| figures.analysis.counters().clone());
        let counted = counters.map(|counters| Box::new(Counted::new(counters, reports)));
        Ok((figures, counted))
    }
}

fn new_record(path: &Path, files: &ReportFiles) -> Record {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let ids = Ids::of_path(path);
    Record {
        audience_id: ids.audience,
        run_id: ids.run,
        stats_file: files.stats.as_deref().map(text),
        export_file: files.export.as_deref().map(text),
        ..Record::new(text(path))
    }
}

/// Of an export that was not even looked at.
fn failed(path: &Path, problem: Problem) -> Record {
    new_record(path, &ReportFiles::default()).fail(problem)
}

/// What is asked of an export where nobody reported anything.
fn usual_question(export: &Export) -> Result<Question, fillrate::Error> {
    let buckets = DEFAULT_BUCKETS.iter().map(|label| label.parse()).collect::<Result<_, _>>()?;
    Question::for_stats(export.columns(), buckets, &[])
}

/// What the reports say comes before what the path does.
fn note_ids(record: &mut Record, reports: &Reports) {
    let or = |id: Option<&str>, of_path: &mut Option<String>| {
        id.filter(|id| !id.is_empty()).map(str::to_owned).or_else(|| of_path.take())
    };
    record.audience_id = or(reports.audience_id(), &mut record.audience_id);
    record.run_id = or(reports.run_id(), &mut record.run_id);
}
