//! `fillrate batch`

use std::io::{self, IsTerminal};
use std::path::Path;

use fillrate::export_stem;
use fillrate_batch::{Batch, FileResult, Gathering, Inputs, Ledger, Overview, Ran, Record, Wanted};
use fillrate_columns::{Entry, Output};

use super::limit;
use crate::args::{BatchArgs, CheckFormat, Usage};
use crate::interrupt;
use crate::output::{self, Failure, Outcome};
use crate::progress::Progress;
use crate::render::{self, Batched, Screen};

pub(crate) fn run(args: &BatchArgs) -> Result<Outcome, Failure> {
    let wanted = args.overview.wanted();
    refuse_what_has_no_place(args, &wanted)?;
    let policy = args.strictness.policy();
    let fields = policy.fields.clone();
    let mut batch = Batch::new(args.reading.options()?, policy)?;
    if wanted.anything() {
        batch = batch.counting();
    }
    let mut junit = (args.format == CheckFormat::Junit).then(|| render::junit::Suites::new(output::stream()));
    interrupt::end_with_130(match &args.ledger {
        Some(_) => interrupt::RUN_AGAIN,
        None if junit.is_some() => "what is printed already has no end",
        None => "with `--ledger FILE`, the next run would go on where this one was",
    });
    let ledger = args.ledger.as_deref().map(open_ledger).transpose()?;
    let mut inputs = Inputs::find(&args.paths);
    if let Some(list) = &args.list {
        inputs.add_list(list)?;
    }
    if inputs.files.is_empty() {
        return Err(Usage::of("batch", "there is no *.csv, *.csv.gz or *.csv.zst in what was named").into());
    }
    let mut output = args.columns.create("batch", inputs.files.iter().map(|input| input.path.as_path()))?;
    let mut written = Ok(());
    // It would be drawn over what is printed meanwhile.
    let is_in_the_way = junit.is_some() && io::stdout().is_terminal();
    let progress = Progress::new(&inputs, args.quiet || is_in_the_way);
    let mut records: Vec<Record> = Vec::with_capacity(inputs.files.len());
    let mut gathering = Gathering::new(&wanted);
    let (Ran { summary, tolerances, unreadable_reports }, overview) =
        args.reading.with_started_threads(|| {
            let ran = batch.run(
                &inputs,
                ledger.as_ref(),
                |number, result| progress.finished(number, result),
                |mut result| {
                    if let Some(figures) = &mut result.figures {
                        limit::analysis(&mut figures.analysis, &fields);
                    }
                    // Nothing more is written after a failure, and the file gets no name.
                    if let Some(output) = output.as_mut().filter(|_| written.is_ok()) {
                        written = output.add(&entry(&result));
                    }
                    if let Some(junit) = &mut junit {
                        junit.add(&result.record, result.figures.as_deref());
                    }
                    if let Some(counted) = result.counted {
                        gathering.add(&result.path, &result.record, *counted);
                    }
                    // Of what is printed already, only what could not be done is said again.
                    if junit.is_none() || result.record.error.is_some() {
                        records.push(result.record);
                    }
                },
            );
            (ran, gathering.overview())
        })?;
    progress.end();
    let mut failure = Failure::default();
    let mut overview = overview.unwrap_or_else(|error| {
        failure.add(error);
        Overview::default()
    });
    limit::overview(&mut overview, &fields);
    let batched = Batched {
        summary,
        records,
        tolerances,
        overview,
        passed_over: inputs.passed_over,
        unreadable_reports,
        all: args.all,
    };
    let text = match args.format {
        CheckFormat::Table => render::table::batch(&batched, Screen::of_stdout()),
        CheckFormat::Markdown => render::markdown::batch(&batched),
        CheckFormat::Github => render::github::batch(&batched),
        // They are printed.
        CheckFormat::Json | CheckFormat::Junit => String::new(),
    };
    // Before anything is printed, which may take as long as its reader likes.
    let finished = written.and_then(|()| output.map_or(Ok(()), Output::finish));
    let printed = match (junit, args.format) {
        (Some(junit), _) => junit.finish(&batched),
        (None, CheckFormat::Json) => render::json::batch(&batched, output::stream()),
        _ => Ok(()),
    };
    let problems = batched.records.into_iter().filter_map(|record| record.error);
    problems.for_each(|problem| failure.add(problem));
    if let Err(error) = finished {
        failure.add(error);
    }
    if let Err(error) = printed {
        failure.add(error);
    }
    if let Some(error) = ledger.and_then(|ledger| ledger.check().err()) {
        failure.add(error);
    }
    Ok(Outcome { text, agrees: summary.mismatched == 0, failure })
}

/// Refuses what a ledger does not keep, and options that would do nothing in a format.
fn refuse_what_has_no_place(args: &BatchArgs, wanted: &Wanted) -> Result<(), Usage> {
    let refuse = |what: String| Err(Usage::of("batch", what));
    let has_what_matches = [
        (args.columns.is_wanted(), "--output", ""),
        (args.format == CheckFormat::Junit, "--format junit", ", or take --format github"),
    ];
    let kept_nowhere =
        has_what_matches.into_iter().find(|(is_wanted, ..)| *is_wanted && args.ledger.is_some());
    if let Some((_, option, or_else)) = kept_nowhere {
        return refuse(format!(
            "{option} has the checks that match too, which a ledger does not keep; leave one of them out{or_else}"
        ));
    }
    let name = match args.format {
        CheckFormat::Junit => "junit",
        CheckFormat::Github => "github",
        CheckFormat::Table | CheckFormat::Json | CheckFormat::Markdown => return Ok(()),
    };
    if wanted.anything() {
        return refuse(format!(
            "--format {name} is of single exports, without what --totals, --group-by and --drift ask for; take json, or \
             run it twice"
        ));
    }
    if args.all {
        return refuse(format!("--all changes nothing in --format {name}; leave it out"));
    }
    Ok(())
}

/// The result of an export, for the output.
fn entry(result: &FileResult) -> Entry<'_> {
    let FileResult { path, record, figures, .. } = result;
    Entry {
        audience_id: record.audience_id.as_deref(),
        run_id: record.run_id.as_deref(),
        error: record.error.as_ref().map(|problem| problem.kind.as_str()),
        analysis: figures.as_ref().map(|figures| &figures.analysis),
        verification: figures.as_ref().and_then(|figures| figures.verification.as_ref()),
        ..Entry::new(path, record.verdict.name())
    }
}

fn open_ledger(path: &Path) -> Result<Ledger, Failure> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if export_stem(&name).is_some() || name.ends_with(".json") {
        let what =
            "a ledger that is called like an export or a report would be read as one; give it another name";
        return Err(Usage::of("batch", what).into());
    }
    Ok(Ledger::open(path)?)
}
