//! A file that results are written to.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use fillrate::{Analysis, Verification};
use fillrate_files::NewFile;

use crate::columnar::{Arrow, Parquet};
use crate::row::{Row, rows};
use crate::text::{Csv, write_json};
use crate::{Error, Format};

/// How many rows are held, at most, before they are written.
pub const MOST_ROWS: usize = 8 * 1024;

/// The same in bytes of text, about: names may be long.
const MOST_BYTES: usize = 8 << 20;

/// The result of one export.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The export, as it was given or found.
    pub path: &'a Path,
    /// What became of it: `match`, `mismatch`, `unverified` or `failed`.
    pub verdict: &'static str,
    /// Its audience.
    pub audience_id: Option<&'a str>,
    /// Its run.
    pub run_id: Option<&'a str>,
    /// The kind of error that it failed with.
    pub error: Option<&'a str>,
    /// Its figures, unless it failed.
    pub analysis: Option<&'a Analysis>,
    /// The comparison with its reports, if it has any.
    pub verification: Option<&'a Verification>,
}

impl<'a> Entry<'a> {
    /// Of an export of which nothing else is known.
    #[must_use]
    pub fn new(path: &'a Path, verdict: &'static str) -> Self {
        Self {
            path,
            verdict,
            audience_id: None,
            run_id: None,
            error: None,
            analysis: None,
            verification: None,
        }
    }
}

/// A file of results. It gets its name when it is [finished](Output::finish), and vanishes if it is not.
#[derive(Debug)]
pub struct Output {
    path: PathBuf,
    writer: Writer,
    rows: Vec<Row>,
    bytes: usize,
}

impl Output {
    /// Begins a file that only its owner may read, in the [`Format`] that its name says.
    ///
    /// # Errors
    ///
    /// [`Error::Exists`] if there is a file of that name and `overwrite` is not set, [`Error::Format`] for its ending,
    /// [`Error::Write`] if the folder cannot be written.
    pub fn create(path: &Path, overwrite: bool) -> Result<Self, Error> {
        let format = Format::of(path).ok_or_else(|| Error::Format { path: path.to_owned() })?;
        let of_system = |reason| Error::write(path, reason);
        let file = NewFile::create(path, overwrite).map_err(of_system)?;
        let writer = Writer::begin(format, file).map_err(of_system)?;
        Ok(Self { path: path.to_owned(), writer, rows: Vec::new(), bytes: 0 })
    }

    /// Adds the result of an export.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if the file cannot be written.
    pub fn add(&mut self, entry: &Entry<'_>) -> Result<(), Error> {
        for row in rows(entry) {
            self.bytes += row.size();
            self.rows.push(row);
            if self.rows.len() == MOST_ROWS || self.bytes > MOST_BYTES {
                self.write()?;
            }
        }
        Ok(())
    }

    /// Writes the rest, and gives the file its name.
    ///
    /// # Errors
    ///
    /// [`Error::Write`] if the file cannot be written, [`Error::Exists`] if another one has taken its name meanwhile.
    pub fn finish(mut self) -> Result<(), Error> {
        self.write()?;
        self.writer.finish().and_then(NewFile::finish).map_err(|reason| Error::write(&self.path, reason))
    }

    fn write(&mut self) -> Result<(), Error> {
        let written = self.writer.write(&self.rows);
        self.rows.clear();
        self.bytes = 0;
        written.map_err(|reason| Error::write(&self.path, reason))
    }
}

/// What writes each format.
enum Writer {
    Parquet(Box<Parquet<NewFile>>),
    Arrow(Box<Arrow<NewFile>>),
    Csv(Box<Csv<NewFile>>),
    Ndjson(NewFile),
}

impl Writer {
    fn begin(format: Format, file: NewFile) -> io::Result<Self> {
        Ok(match format {
            Format::Parquet => Self::Parquet(Box::new(Parquet::begin(file)?)),
            Format::Arrow => Self::Arrow(Box::new(Arrow::begin(file)?)),
            Format::Csv => Self::Csv(Box::new(Csv::begin(file)?)),
            Format::Ndjson => Self::Ndjson(file),
        })
    }

    fn write(&mut self, rows: &[Row]) -> io::Result<()> {
        match self {
            // A batch without rows is of no use to any reader.
            _ if rows.is_empty() => Ok(()),
            Self::Parquet(writer) => writer.write(rows),
            Self::Arrow(writer) => writer.write(rows),
            Self::Csv(writer) => rows.iter().try_for_each(|row| writer.write(row)),
            Self::Ndjson(file) => rows.iter().try_for_each(|row| write_json(file, row)),
        }
    }

    fn finish(self) -> io::Result<NewFile> {
        match self {
            Self::Parquet(writer) => writer.finish(),
            Self::Arrow(writer) => writer.finish(),
            Self::Csv(writer) => writer.finish(),
            Self::Ndjson(mut file) => file.flush().map(|()| file),
        }
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Writer")
    }
}
