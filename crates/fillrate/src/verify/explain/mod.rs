//! Why figures differ.
//!
//! A hypothesis says by how much each figure would change if the API had counted otherwise, or if the file were as it
//! was meant to be. It explains a check if the figure changed so is the reported one, by the check's own rule; nothing
//! is explained by being close. Where no hypothesis does alone, two are tried together.
//!
//! | module | kinds |
//! |---|---|
//! | `cells` | `blanks`, `placeholders` |
//! | `lines` | `header-counted`, `empty-lines-counted` |
//! | `parts` | `unique-hashed-email`, `stray-quote` |
//! | `missing` | `last-record-cut`, `short-records` |
//! | `scores` | `bucket-ends`, `missing-as-zero`, `average-over-all` |
//! | `notation` | `percent-truncated`, `percent-as-fraction` |
//! | `column` | `other-column` |
//! | `cap` | `row-cap` |
//! | `bytes` | `re-saved`, and what `parts` leaves out |
//! | `run` | `other-run` |

mod bytes;
mod cap;
mod cells;
mod column;
mod hypothesis;
mod kind;
mod lines;
mod missing;
mod notation;
mod parts;
pub(super) mod run;
mod scores;

use std::collections::HashSet;

use serde::{Serialize, Serializer};

use super::check::{Check, Figure, Measure, Status, Subject};
use crate::analyze::{Analysis, Analyzed, Inspection, Question};
use crate::error::Result;
use crate::scan::FindingKind;
use cells::OtherRule;
use hypothesis::{Hypothesis, Reach, fits, is_percent, predict};
pub use kind::ExplanationKind;
use lines::CountedToo;
use missing::{CutOff, Lacking};
use notation::Notation;
use parts::{Literal, Reader, Unique};
use run::OtherRun;
use scores::{Ends, MissingAsZero, OverAll};

/// A hypothesis that was tested: under it, the reported value is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Explanation {
    /// What it supposes; two kinds if only both together explain the value.
    #[serde(rename = "kind", serialize_with = "as_joined")]
    pub kinds: Vec<ExplanationKind>,
    /// The value under it, which is the reported one but for rounding.
    pub predicted: Figure,
    /// The same in words.
    pub text: String,
}

impl Explanation {
    /// What it supposes, as one name in all outputs.
    #[must_use]
    pub fn kind(&self) -> String {
        joined(&self.kinds)
    }
}

fn joined(kinds: &[ExplanationKind]) -> String {
    kinds.iter().map(|kind| kind.name()).collect::<Vec<_>>().join("+")
}

fn as_joined<S: Serializer>(
    kinds: &[ExplanationKind],
    serializer: S,
) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(&joined(kinds))
}

/// What a difference is looked for in.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'a> {
    pub(super) analyzed: &'a Analyzed,
    pub(super) analysis: &'a Analysis,
    /// The question that the analysis answers.
    pub(super) question: &'a Question,
}

/// Explains what differs, as far as it can be explained; returns what could not be tried.
pub(super) fn explain(
    checks: &mut [Check],
    evidence: Evidence<'_>,
    others: &[OtherRun],
) -> Result<Vec<String>> {
    if !checks.iter().any(is_open) {
        return Ok(Vec::new());
    }
    let mut notes = Vec::new();
    let inspection = inspect(checks, evidence, &mut notes)?;
    counts(checks, evidence, inspection.as_ref());
    column::explain(checks, evidence.analysis);
    cap::explain(checks);
    bytes::explain(checks, evidence, inspection.as_ref())?;
    rows(checks, evidence.analysis);
    run::explain(checks, others);
    Ok(notes)
}

/// Whether there is a difference to be explained.
fn is_open(check: &Check) -> bool {
    check.fails && matches!(check.status, Status::Mismatch | Status::NotInFile)
}

/// Reads the file again, if that may tell anything.
fn inspect(checks: &[Check], evidence: Evidence<'_>, notes: &mut Vec<String>) -> Result<Option<Inspection>> {
    let key = evidence.analyzed.columns().find("hashedEmail").column().filter(|_| may_repeat(checks));
    let findings = &evidence.analysis.findings;
    let is_odd = [FindingKind::ShortRecord, FindingKind::TextAfterQuote, FindingKind::OpenQuote]
        .into_iter()
        .any(|kind| findings.count(kind) > 0);
    if key.is_none() && !is_odd {
        return Ok(None);
    }
    let inspection = evidence.analyzed.inspect(key)?;
    let mut note = |text: &str| notes.push(text.to_owned());
    match &inspection {
        None => note("A stream cannot be read twice: reasons that take a second look need a file."),
        Some(inspection) => {
            if key.is_some() && inspection.repeats.is_none() {
                note("There are too many different values of hashedEmail to look for repeated ones.");
            }
            if inspection.strays.is_none() {
                note("There are too many quotes that go wrong to look for stray ones.");
            }
        }
    }
    Ok(inspection)
}

/// Whether repeated records may be the reason: not if the number of records is right, and only bytes differ.
fn may_repeat(checks: &[Check]) -> bool {
    let is_of_bytes = |check: &Check| matches!(check.subject, Subject::ByteSize | Subject::Sha1);
    let is_silent = |check: &Check| {
        matches!(check.subject, Subject::Finding(_) | Subject::Own | Subject::OwnPercent | Subject::Text)
    };
    let is_right = |check: &Check| {
        matches!(check.subject, Subject::Records | Subject::Rows) && check.status == Status::Match
    };
    checks.iter().any(|check| is_open(check) && !is_of_bytes(check) && !is_silent(check))
        || checks.iter().any(|check| is_open(check) && is_of_bytes(check)) && !checks.iter().any(is_right)
}

/// Tries what changes counts, each alone and any two together.
fn counts(checks: &mut [Check], evidence: Evidence<'_>, inspection: Option<&Inspection>) {
    let hypotheses = hypotheses(evidence, inspection);
    let buckets = evidence.question.buckets.len();
    let stands = |hypothesis: &&dyn Hypothesis| !is_refuted(*hypothesis, &hypotheses, checks, buckets);
    let hypotheses: Vec<&dyn Hypothesis> =
        hypotheses.iter().map(|hypothesis| &**hypothesis).filter(stands).collect();
    // A percent is less telling than its own count.
    let mut count: Option<(Subject, Vec<Explanation>)> = None;
    for check in checks.iter_mut() {
        let mut explanations =
            if is_open(check) { explanations(check, &hypotheses, buckets) } else { Vec::new() };
        match (&count, check.subject) {
            (Some((of, of_count)), subject) if is_open(check) && counted_by(subject) == Some(*of) => {
                // It may take another cause to change the total.
                let includes = |percent: &Explanation, count: &Explanation| {
                    count.kinds.iter().all(|kind| percent.kinds.contains(kind))
                };
                explanations.retain(|percent| of_count.iter().any(|count| includes(percent, count)));
            }
            _ => {}
        }
        count = (is_open(check) && !is_percent(check.subject)).then(|| (check.subject, explanations.clone()));
        check.explanations = explanations;
    }
    keep_one_score_of_the_cut_record(checks);
    keep_own_percents_as_in_file(checks);
}

/// The record that was cut off had one score: where it would be the reason for several buckets, it is for none.
fn keep_one_score_of_the_cut_record(checks: &mut [Check]) {
    let is_cut = |one: &Explanation| one.kinds.contains(&ExplanationKind::LastRecordCut);
    let bucket_of = |check: &Check| match check.subject {
        Subject::Bucket(bucket, _) if check.explanations.iter().any(is_cut) => Some(bucket),
        _ => None,
    };
    let buckets: HashSet<usize> = checks.iter().filter_map(bucket_of).collect();
    if buckets.len() > 1 {
        for check in checks.iter_mut().filter(|check| matches!(check.subject, Subject::Bucket(..))) {
            check.explanations.retain(|one| !is_cut(one));
        }
    }
}

/// A percent that does not fit its own count is no reason to suppose another notation, unless one that is compared with
/// the file has it too.
fn keep_own_percents_as_in_file(checks: &mut [Check]) {
    let of_file = checks.iter().filter(|check| check.subject != Subject::OwnPercent);
    let kinds: HashSet<Vec<ExplanationKind>> =
        of_file.flat_map(|check| &check.explanations).map(|one| one.kinds.clone()).collect();
    for check in checks.iter_mut().filter(|check| check.subject == Subject::OwnPercent) {
        check.explanations.retain(|one| kinds.contains(&one.kinds));
    }
}

/// The subject of the count that a percent is of.
fn counted_by(subject: Subject) -> Option<Subject> {
    match subject {
        Subject::Fill(column, Measure::Percent) => Some(Subject::Fill(column, Measure::Count)),
        Subject::Bucket(bucket, Measure::Percent) => Some(Subject::Bucket(bucket, Measure::Count)),
        _ => None,
    }
}

fn hypotheses<'a>(
    evidence: Evidence<'a>,
    inspection: Option<&'a Inspection>,
) -> Vec<Box<dyn Hypothesis + 'a>> {
    let Evidence { analyzed, analysis, question } = evidence;
    let (plan, tally) = (analyzed.plan(), analyzed.tally());
    let reader = Reader { plan, question };
    let mut all: Vec<Box<dyn Hypothesis + 'a>> = Vec::new();
    for rule in OtherRule::all(&plan.rule, &analysis.columns) {
        all.push(Box::new(rule));
    }
    all.push(Box::new(CountedToo::header()));
    all.push(Box::new(CountedToo::empty_lines(analysis.findings.count(FindingKind::EmptyLine))));
    if let Some(inspection) = inspection {
        all.push(Box::new(Lacking { records: &inspection.lacking }));
        if let Some(repeats) = &inspection.repeats {
            all.push(Box::new(Unique::new(repeats, reader)));
        }
        if let Some(strays) = &inspection.strays {
            all.push(Box::new(Literal::new(strays, reader)));
        }
        if let Some(cut) = &inspection.cut {
            all.push(Box::new(CutOff { cut, reader }));
        }
    }
    for ends in Ends::all(tally, plan, question) {
        all.push(Box::new(ends));
    }
    if let Some(scores) = analysis.scores {
        all.push(Box::new(MissingAsZero { scores, question }));
    }
    all.push(Box::new(OverAll { tally, plan }));
    for notation in Notation::ALL {
        all.push(Box::new(notation));
    }
    all
}

/// Whether what agrees speaks against a hypothesis.
fn is_refuted(
    hypothesis: &dyn Hypothesis,
    all: &[Box<dyn Hypothesis + '_>],
    checks: &[Check],
    buckets: usize,
) -> bool {
    // How many checks some causes explain, and how many that agree they contradict.
    let score = |causes: &[&dyn Hypothesis]| {
        let (mut explained, mut contradicted) = (0_usize, 0_usize);
        for check in checks {
            let Some(predicted) = predict(check, causes, buckets) else { continue };
            let fits = fits(&check.reported, &predicted, causes);
            explained += usize::from(is_open(check) && fits);
            contradicted += usize::from(check.status == Status::Match && check.tolerance.is_none() && !fits);
        }
        (explained, contradicted)
    };
    let outweighs = |causes: &[&dyn Hypothesis]| {
        let (explained, contradicted) = score(causes);
        explained > 0 && explained >= contradicted
    };
    match hypothesis.reach() {
        Reach::Single => false,
        Reach::All => {
            let (explained, contradicted) = score(&[hypothesis]);
            // Percents are many: one that only needs another notation is among them.
            contradicted > 0 || hypothesis.notation().is_some() && explained == 0
        }
        // With another cause, too: a figure that both have changed may agree by chance.
        Reach::Most => {
            !outweighs(&[hypothesis]) && !all.iter().any(|other| outweighs(&[hypothesis, &**other]))
        }
    }
}

/// The hypotheses that explain a check; if none does, the pairs that do.
fn explanations(check: &Check, hypotheses: &[&dyn Hypothesis], buckets: usize) -> Vec<Explanation> {
    // Those that say anything about it. What does not, explains nothing together with others either.
    let matters = |hypothesis: &&&dyn Hypothesis| {
        let changes = predict(check, &[**hypothesis], buckets) != check.computed;
        changes || hypothesis.notation().is_some() && is_percent(check.subject)
    };
    let hypotheses: Vec<&dyn Hypothesis> = hypotheses.iter().filter(matters).copied().collect();
    let single = hypotheses.iter().filter_map(|&one| explanation(check, &[one], buckets));
    let single: Vec<Explanation> = single.collect();
    if !single.is_empty() {
        return single;
    }
    let pairs = hypotheses.iter().enumerate().flat_map(|(at, &one)| {
        hypotheses[at + 1..]
            .iter()
            .filter(move |other| other.kind() != one.kind())
            .map(move |&other| [one, other])
    });
    let both_notations = |pair: &[&dyn Hypothesis; 2]| pair.iter().all(|one| one.notation().is_some());
    pairs.filter(|pair| !both_notations(pair)).filter_map(|pair| explanation(check, &pair, buckets)).collect()
}

fn explanation(check: &Check, causes: &[&dyn Hypothesis], buckets: usize) -> Option<Explanation> {
    let predicted = predict(check, causes, buckets)?;
    if !fits(&check.reported, &predicted, causes) {
        return None;
    }
    // As it would be written.
    let as_written = is_percent(check.subject) && causes.iter().any(|cause| cause.notation().is_some());
    let predicted = if as_written { check.reported.clone() } else { predicted };
    let texts: Vec<String> = causes.iter().map(|cause| cause.because(check.subject)).collect();
    Some(Explanation {
        kinds: causes.iter().map(|cause| cause.kind()).collect(),
        predicted,
        text: texts.join(" "),
    })
}

/// Numbers of records beside the total may count lines that the total does not. They say nothing if it is not clear
/// which records the API has: a single missing one looks like a header that is counted.
fn rows(checks: &mut [Check], analysis: &Analysis) {
    let is_doubt = |check: &Check| {
        let tells = matches!(check.subject, Subject::Records | Subject::ByteSize) || check.subject.is_fill();
        tells && is_open(check) && check.explanations.is_empty()
    };
    if checks.iter().any(is_doubt) {
        return;
    }
    let empty_lines = CountedToo::empty_lines(analysis.findings.count(FindingKind::EmptyLine));
    let lines = [CountedToo::header(), empty_lines];
    let hypotheses = lines.each_ref().map(|lines| lines as &dyn Hypothesis);
    for check in checks.iter_mut().filter(|check| check.subject == Subject::Rows && is_open(check)) {
        if check.explanations.is_empty() {
            check.explanations = explanations(check, &hypotheses, 0);
        }
    }
}

/// Adds an explanation that is no change of counts.
fn add(check: &mut Check, kinds: &[ExplanationKind], predicted: Figure, text: String) {
    check.explanations.push(Explanation { kinds: kinds.to_vec(), predicted, text });
}
