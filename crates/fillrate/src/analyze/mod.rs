//! The walk through the rooms: source → scan → tally → stats, with the files and threads that these know nothing of.

mod analyzed;
mod cells;
mod chunks;
mod counter;
mod header;
mod inspect;
mod options;
mod question;
mod result;
mod segments;
mod threads;

use std::io;
use std::path::{Path, PathBuf};

use crate::columns::{Columns, SCORE_FIELD};
use crate::error::{Error, Result};
use crate::scan::Findings;
use crate::source::{STDIN, Sha1Digest, Source, Stream, Whole, Window};
use crate::tally::{Plan, Tally};
pub(crate) use analyzed::Analyzed;
pub use cells::MAX_CELL_BYTES;
use counter::{Counter, Method};
use header::HeaderRow;
pub use header::{MAX_COLUMNS, MAX_HEADER_BYTES};
pub(crate) use inspect::{Cut, Inspection, LineEnds, Part, Repeats, Strays};
pub use options::Options;
pub use question::{AverageOf, Question};
pub use result::{Analysis, FileFacts};
pub use segments::{Grouping, MAX_SEGMENTS, Rest, Segment, Segments};

/// A CSV export whose header has been read.
///
/// ```
/// use fillrate::{Export, Options, Question};
///
/// let csv = b"email,intent.score\na@example.com,83\nb@example.com,\n".to_vec();
/// let export = Export::from_bytes(csv, &Options::default())?;
/// let question = Question::for_stats(export.columns(), Vec::new(), &[])?;
/// let analysis = export.analyze(&question)?;
/// assert_eq!(analysis.stats.total, 2);
/// assert_eq!(analysis.stats.fill_rates[1].1.percent.to_string(), "50");
/// # Ok::<(), fillrate::Error>(())
/// ```
#[derive(Debug)]
pub struct Export {
    path: PathBuf,
    source: Source,
    options: Options,
    header: HeaderRow,
    columns: Columns,
}

/// What one pass over a whole export yields.
#[derive(Debug)]
struct Counted {
    tally: Tally,
    findings: Findings,
    /// How far into the file records were counted.
    bytes: u64,
    /// How large the file is.
    size: u64,
    sha1: Option<Sha1Digest>,
}

impl Export {
    /// Opens a file and reads its header; `-` is standard input.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or read, is something else than a CSV ([`NotCsv`](crate::ErrorKind::NotCsv)), has no
    /// header ([`NoHeader`](crate::ErrorKind::NoHeader), [`HeaderMissing`](crate::ErrorKind::HeaderMissing)) or one beyond
    /// the limits, or if an option makes no sense or names no column.
    pub fn open(path: &Path, options: &Options) -> Result<Self> {
        options.check()?;
        Self::with_source(path, Source::open(path, options.io, options.delimiter)?, options)
    }

    /// Reads the header of an export in memory.
    ///
    /// # Errors
    ///
    /// As [`open`](Export::open), but for those of the file system.
    pub fn from_bytes(bytes: Vec<u8>, options: &Options) -> Result<Self> {
        options.check()?;
        Self::with_source(Path::new(STDIN), Source::in_memory(bytes, options.delimiter)?, options)
    }

    fn with_source(path: &Path, mut source: Source, options: &Options) -> Result<Self> {
        let mut read_header = || {
            let (names, header) = header::read(path, &mut source, options.delimiter)?;
            let mut columns = Columns::new(names);
            // Before the user's own names are looked up: if this is no header, no message may list what is in it.
            if !options.header_ok {
                header.check_is_closed()?;
                columns.check_is_header().map_err(|error| error.at(header.start))?;
            }
            let score = options.score_field.iter().map(|column| (SCORE_FIELD, column));
            for (field, column) in
                options.map.iter().map(|(field, column)| (field.as_str(), column)).chain(score)
            {
                columns.map(field, column)?;
            }
            Ok((header, columns))
        };
        let read = read_header();
        // A file that changed may also have lost its header, and that is the less helpful thing to say.
        let reason = |error| match source.check_unchanged() {
            Ok(()) => error,
            Err(changed) => Error::io(path, changed),
        };
        let (header, columns) = read.map_err(|error| reason(error).in_file(path))?;
        Ok(Self { path: path.to_owned(), source, options: options.clone(), header, columns })
    }

    /// The file, as it was given; `-` for a stream or bytes in memory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The columns, as the header names them.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Counts everything in one pass and answers the question.
    ///
    /// # Errors
    ///
    /// [`ChangedWhileReading`](crate::ErrorKind::ChangedWhileReading) if the file was written to meanwhile,
    /// [`Unreadable`](crate::ErrorKind::Unreadable) or [`Damaged`](crate::ErrorKind::Damaged) if reading failed,
    /// [`NotCsv`](crate::ErrorKind::NotCsv) if a stream turns out to be something else at its end; there are no figures
    /// then.
    pub fn analyze(self, question: &Question) -> Result<Analysis> {
        self.count(question, &[])?.answer(question)
    }

    /// Counts, in one pass, what the answers to several questions need.
    pub(crate) fn count(self, question: &Question, more: &[Question]) -> Result<Analyzed> {
        let Self { path, source, options, header, columns } = self;
        let plan = question.plan(more, &options, columns.len());
        let (counted, whole) = match source {
            Source::Whole(whole) => {
                (count_whole(&whole, &header, &plan, &options, question.sha1), Some(whole))
            }
            Source::Stream(stream) => (count_stream(*stream, &header, &plan, &options, question.sha1), None),
        };
        let counted = counted.map_err(|error| Error::io(&path, error))?;
        Ok(Analyzed { path, whole, delimiter: options.delimiter, header, columns, plan, counted })
    }
}

/// Reads what is behind `start`, or what is still to come of a stream, on this thread, and refuses what was read if the file
/// changed meanwhile.
fn read_behind(
    path: &Path,
    source: &mut Source,
    start: u64,
    read: impl FnOnce(&mut Window<'_>) -> io::Result<()>,
) -> Result<()> {
    let read = read(&mut source.window(start));
    // First of all: a file that shrank also fails to be read, and that is the less helpful thing to say.
    source.check_unchanged().and(read).map_err(|error| Error::io(path, error))
}

fn count_whole(
    whole: &Whole,
    header: &HeaderRow,
    plan: &Plan,
    options: &Options,
    sha1: bool,
) -> io::Result<Counted> {
    let method = Method::new(plan, options, header.scanner.line_end());
    let count = || chunks::count(whole, header.scanner.place(), &method, options);
    let (counted, sha1) = if sha1 {
        let hash = || whole.sha1();
        let (counted, sha1) =
            if threads::available() > 1 { rayon::join(count, hash) } else { (count(), hash()) };
        (counted, Some(sha1))
    } else {
        (count(), None)
    };
    // First of all: a file that shrank also fails to be read, and that is the less helpful thing to say.
    whole.check_unchanged()?;
    let (tally, mut findings, bytes) = counted?;
    findings.merge(header.findings.clone());
    Ok(Counted { tally, findings, bytes, size: whole.size(), sha1: sha1.transpose()? })
}

/// Counts what follows the header in a stream, on this thread.
fn count_stream(
    mut stream: Stream,
    header: &HeaderRow,
    plan: &Plan,
    options: &Options,
    sha1: bool,
) -> io::Result<Counted> {
    if !sha1 {
        stream.forget_sha1();
    }
    let method = Method::new(plan, options, header.scanner.line_end());
    let mut counter = Counter::at(header.scanner.place(), &method);
    counter.count(&mut Window::Stream(&mut stream), u64::MAX)?;
    let bytes = counter.next().byte;
    let (tally, mut findings) = counter.finish();
    findings.merge(header.findings.clone());
    Ok(Counted { tally, findings, bytes, size: stream.size(), sha1: stream.sha1() })
}
