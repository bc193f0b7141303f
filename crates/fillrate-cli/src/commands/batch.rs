//! `fillrate batch`

use std::io::{self, BufWriter, IsTerminal};
use std::path::Path;

use fillrate::export_stem;
use fillrate_batch::{Batch, FileResult, Gathering, Inputs, Ledger, Ran, Record, Wanted};
use fillrate_columns::{Entry, Output};

use super::limit;
use crate::args::{BatchArgs, CheckFormat, Usage};
use crate::interrupt;
use crate::output::{self, Failure, Out, Outcome};
use crate::progress::Progress;
use crate::render::junit::Suites;
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
    let is_junit = args.format == CheckFormat::Junit;
    interrupt::end_with_130(match &args.ledger {
        Some(_) => interrupt::RUN_AGAIN,
        None if is_junit => "what is printed already has no end",
        None => "with `--ledger FILE`, the next run would go on where this one was",
    });
    let ledger = args.ledger.as_deref().map(open_ledger).transpose()?;
    let inputs = find_inputs(args)?;
    let mut results = Results {
        fields: &fields,
        output: args.columns.create("batch", inputs.files.iter().map(|input| input.path.as_path()))?,
        written: Ok(()),
        junit: is_junit.then(|| Suites::new(output::stream())),
        records: Vec::with_capacity(inputs.files.len()),
    };
    // It would be drawn over what is printed meanwhile.
    let is_in_the_way = is_junit && io::stdout().is_terminal();
    let progress = Progress::new(&inputs, args.quiet || is_in_the_way);
    let mut gathering = Gathering::new(&wanted);
    let (ran, overview) = args.reading.with_started_threads(|| {
        let ran = batch.run(
            &inputs,
            ledger.as_ref(),
            |number, result| progress.finished(number, result),
            |mut result| {
                if let Some(counted) = result.counted.take() {
                    gathering.add(&result.path, &result.record, *counted);
                }
                results.take(result);
            },
        );
        (ran, gathering.overview())
    })?;
    progress.end();
    let Results { output, written, junit, records, .. } = results;
    let mut failure = Failure::default();
    records.iter().filter_map(|record| record.error.clone()).for_each(|problem| failure.add(problem));
    let mut overview = failure.note(overview).unwrap_or_default();
    limit::overview(&mut overview, &fields);
    let Ran { summary, tolerances, unreadable_reports } = ran;
    let passed_over = inputs.passed_over;
    let all = args.all;
    let batched = Batched { summary, records, tolerances, overview, passed_over, unreadable_reports, all };
    // Before anything is printed, which may take as long as its reader likes.
    failure.note(written.and_then(|()| output.map_or(Ok(()), Output::finish)));
    let text = failure.note(print(args.format, junit, &batched)).unwrap_or_default();
    failure.note(ledger.map_or(Ok(()), |ledger| ledger.check()));
    Ok(Outcome { text, agrees: summary.mismatched == 0, failure })
}

fn find_inputs(args: &BatchArgs) -> Result<Inputs, Failure> {
    let mut inputs = Inputs::find(&args.paths);
    if let Some(list) = &args.list {
        inputs.add_list(list)?;
    }
    if inputs.files.is_empty() {
        return Err(Usage::of("batch", "there is no *.csv, *.csv.gz or *.csv.zst in what was named").into());
    }
    Ok(inputs)
}

/// Where the results of single exports go, as they come in.
struct Results<'a> {
    /// What is shown of them.
    fields: &'a [String],
    output: Option<Output>,
    /// Whether all could be written to it.
    written: Result<(), fillrate_columns::Error>,
    /// The suites that are printed meanwhile.
    junit: Option<Suites<BufWriter<Out>>>,
    /// What is to be printed later.
    records: Vec<Record>,
}

impl Results<'_> {
    fn take(&mut self, mut result: FileResult) {
        if let Some(figures) = &mut result.figures {
            limit::analysis(&mut figures.analysis, self.fields);
        }
        // Nothing more is written after a failure, and the file gets no name.
        if let Some(output) = self.output.as_mut().filter(|_| self.written.is_ok()) {
            self.written = output.add(&entry(&result));
        }
        if let Some(junit) = &mut self.junit {
            junit.add(&result.record, result.figures.as_deref());
        }
        // Of what is printed already, only what could not be done is said again.
        if self.junit.is_none() || result.record.error.is_some() {
            self.records.push(result.record);
        }
    }
}

/// Prints what may be too large to be held as a text; returns the text of what is not.
fn print(
    format: CheckFormat,
    junit: Option<Suites<BufWriter<Out>>>,
    batched: &Batched,
) -> io::Result<String> {
    let text = match format {
        CheckFormat::Table => render::table::batch(batched, Screen::of_stdout()),
        CheckFormat::Markdown => render::markdown::batch(batched),
        CheckFormat::Github => render::github::batch(batched),
        CheckFormat::Json => {
            render::json::batch(batched, output::stream())?;
            String::new()
        }
        CheckFormat::Junit => {
            junit.map_or(Ok(()), |junit| junit.finish(batched))?;
            String::new()
        }
    };
    Ok(text)
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
