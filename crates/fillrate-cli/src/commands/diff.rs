//! `fillrate diff`

use std::path::Path;

use fillrate::{Columns, Counters, Error, ErrorKind, Export, Options, Question};
use fillrate_drift::{Drift, Keyed, People};

use crate::args::{DiffArgs, Format};
use crate::output::{Failure, Outcome};
use crate::render::{self, Compared, Input, Screen};

/// The field that people are told apart by.
const KEY: &str = "hashedEmail";

pub(crate) fn run(args: &DiffArgs) -> Result<Outcome, Failure> {
    let compared = args.reading.with_started_threads(|| compared(args))??;
    let text = match args.format {
        Format::Table => render::table::diff(&compared, Screen::of_stdout()),
        Format::Json => render::json::diff(&compared),
        Format::Markdown => render::markdown::diff(&compared),
    };
    Ok(Outcome::new(text, !compared.drift.differs() && !compared.is_unsound()))
}

/// What was counted of an input.
struct Counted {
    counters: Counters,
    /// The header, of what is a CSV.
    header: Option<Columns>,
}

fn compared(args: &DiffArgs) -> Result<Compared, Failure> {
    let options = args.reading.options()?;
    let counted = |path: &Path| count(path, args, &options);
    let (before, after) = Failure::both(counted(&args.before), counted(&args.after))?;
    let drift = Drift::between(&before.counters, &after.counters, &args.buckets, args.level);
    let drift = drift.map_err(|error| match error.kind() {
        ErrorKind::NotMergeable => error.in_file(&args.after),
        _ => error,
    })?;
    let people = people(args, &options, &before, &after)?;
    Ok(Compared {
        drift,
        people,
        before: input(&args.before, &before.counters)?,
        after: input(&args.after, &after.counters)?,
    })
}

fn count(path: &Path, args: &DiffArgs, options: &Options) -> Result<Counted, Failure> {
    if fillrate_state::is_state(path) {
        return Ok(Counted { counters: fillrate_state::read(path)?, header: None });
    }
    let export = Export::open(path, options)?;
    let question = Question::for_stats(export.columns(), args.buckets.clone(), &[])?;
    let analysis = export.analyze(&question)?;
    Ok(Counted { counters: analysis.counters().clone(), header: Some(analysis.header) })
}

fn input(path: &Path, counters: &Counters) -> Result<Input, Error> {
    let figures = counters.figures(&[])?;
    let findings = figures.findings.iter().map(|finding| finding.kind).collect();
    Ok(Input { path: path.to_owned(), exports: figures.exports, bytes: figures.bytes, findings })
}

/// Who is new, gone and staying; or why that is not known.
fn people(
    args: &DiffArgs,
    options: &Options,
    before: &Counted,
    after: &Counted,
) -> Result<Result<People, &'static str>, Failure> {
    if args.no_people {
        return Ok(Err("People were not compared, as asked for."));
    }
    let (Some(header), Some(later_header)) = (&before.header, &after.header) else {
        return Ok(Err("People were not compared: a state file holds no people."));
    };
    // What is read once is gone: standard input, and pipes.
    if ![&args.before, &args.after].iter().all(|path| path.is_file()) {
        return Ok(Err("People were not compared: that takes files, which can be read twice."));
    }
    let keyed = |path: &Path, header: &Columns, counters: &Counters| -> Result<Option<Keyed>, Error> {
        let Some(column) = header.find_one(KEY).map_err(|error| error.in_file(path))? else {
            return Ok(None);
        };
        Ok(Some(Keyed {
            export: Export::open(path, options)?,
            column,
            records: counters.records(),
            rule: options.fill_rule.clone(),
        }))
    };
    let before = keyed(&args.before, header, &before.counters)?;
    let after = keyed(&args.after, later_header, &after.counters)?;
    let (Some(before), Some(after)) = (before, after) else {
        return Ok(Err("People were not compared: a file has no column that fits hashedEmail."));
    };
    Ok(Ok(People::between(before, after, args.memory.as_u64())?))
}
