//! How an export is read: the arguments that `stats` and `verify` share.

use std::fmt;

use clap::{Args, ValueEnum};
use fillrate::{Backend, Error, FillRule, Io, Options};

use super::values;

/// More threads than any machine has cores: to start many more takes longer than to count.
const MOST_THREADS: i64 = 1_024;

#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct Reading {
    /// The column that holds the score, if it is not called like intent.score
    #[arg(long, value_name = "FIELD")]
    score_field: Option<String>,

    /// Take this column for that field; may be repeated
    #[arg(long, value_name = "FIELD=COLUMN", value_parser = values::pair)]
    map: Vec<(String, String)>,

    /// The byte between cells; `tab` for a tab
    #[arg(long, value_name = "BYTE", default_value = ",", value_parser = values::delimiter)]
    delimiter: u8,

    /// Take the first row for the header, even if it looks like data
    #[arg(long)]
    header_ok: bool,

    /// What counts as filled
    #[arg(long, value_enum, default_value_t)]
    fill_rule: FillRuleName,

    /// Count this word as a placeholder, and placeholders as unfilled; may be repeated
    #[arg(long = "placeholder", value_name = "WORD")]
    placeholders: Vec<String>,

    /// How many threads to use; one per core if not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=MOST_THREADS))]
    threads: Option<u16>,

    /// How to read files: auto, mmap or read
    #[arg(long, default_value = Io::Auto.name())]
    io: Io,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum FillRuleName {
    /// Every cell with at least one byte
    #[default]
    NonEmpty,
    /// Every cell with at least one byte that is not white space
    NonBlank,
}

/// The scanning code that `FILLRATE_BACKEND` names, for tests and bug reports; without it, the fastest one.
fn backend() -> Result<Backend, Error> {
    std::env::var_os("FILLRATE_BACKEND")
        .map_or_else(|| Ok(Backend::detect()), |name| name.to_string_lossy().parse())
}

impl Reading {
    /// The engine's options.
    pub(crate) fn options(&self) -> Result<Options, Error> {
        let mut rule = FillRule::default();
        if self.fill_rule == FillRuleName::NonBlank {
            rule = rule.non_blank();
        }
        for word in &self.placeholders {
            rule = rule.with_placeholder(word)?;
        }
        Ok(Options {
            delimiter: self.delimiter,
            fill_rule: rule,
            map: self.map.clone(),
            score_field: self.score_field.clone(),
            header_ok: self.header_ok,
            io: self.io,
            backend: backend()?,
            ..Options::default()
        })
    }

    /// Runs `work` with as many threads as were asked for. Where no number was, it starts its own, if it needs any: a
    /// small file is counted sooner than they are there.
    pub(crate) fn with_threads<T: Send>(&self, work: impl FnOnce() -> T + Send) -> Result<T, NoThreads> {
        let Some(threads) = self.threads else { return Ok(work()) };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build();
        Ok(pool.map_err(|error| NoThreads { threads, error })?.install(work))
    }

    /// Runs `work` that needs threads in any case. Where no number was asked for, this thread does all of it if the system
    /// has no others to give.
    pub(crate) fn with_started_threads<T: Send>(
        &self,
        work: impl FnOnce() -> T + Send,
    ) -> Result<T, NoThreads> {
        if self.threads.is_some() {
            return self.with_threads(work);
        }
        let alone = || rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build();
        let pool = rayon::ThreadPoolBuilder::new().build().or_else(|_| alone());
        Ok(pool.map_err(|error| NoThreads { threads: 1, error })?.install(work))
    }
}

/// The threads that were asked for could not be started.
#[derive(Debug)]
pub(crate) struct NoThreads {
    threads: u16,
    error: rayon::ThreadPoolBuildError,
}

impl fmt::Display for NoThreads {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { threads, error } = self;
        write!(f, "{threads} threads cannot be started ({error}); ask for fewer with `--threads`")
    }
}

impl std::error::Error for NoThreads {}
