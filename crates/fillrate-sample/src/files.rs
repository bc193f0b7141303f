//! A sample as files.

use std::fs;
use std::io::{self, BufWriter, Write};
#[cfg(unix)]
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::{Error, Sample, generate};

/// Large enough that the system calls do not show.
const BUFFER_BYTES: usize = 256 * 1024;

pub(crate) const CSV: &str = "audience.csv";
pub(crate) const STATS: &str = "stats.json";
pub(crate) const EXPORT: &str = "export.json";

/// What [`Sample::write_to`] wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The export, `audience.csv`.
    pub csv: PathBuf,
    /// The API's answer about the run, `stats.json`.
    pub stats: PathBuf,
    /// The API's answer about the export, `export.json`.
    pub export: PathBuf,
    /// How many records the API exported: a damaged download may hold another number.
    pub records: u64,
    /// How many bytes of CSV were written.
    pub bytes: u64,
}

impl Sample {
    /// Writes `audience.csv`, `stats.json` and `export.json` into the folder `dir`, which is created if missing.
    ///
    /// The files get their names when all three are complete, `audience.csv` last.
    ///
    /// ```no_run
    /// use fillrate_sample::{Sample, Size};
    ///
    /// let sample = Sample { size: Size::Bytes(100_000_000), ..Sample::default() };
    /// let written = sample.write_to("target/sample".as_ref(), false)?;
    /// println!("{} records in {}", written.records, written.csv.display());
    /// # Ok::<(), fillrate_sample::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If one of the files exists and `overwrite` is not set, if the folder cannot be written, or if a defect asks for
    /// more than the sample has or for a number that its generation does not report.
    pub fn write_to(&self, dir: &Path, overwrite: bool) -> Result<Written, Error> {
        // Found out now rather than when a large sample is complete.
        let mut paths = [CSV, STATS, EXPORT].into_iter().map(|name| dir.join(name));
        if let Some(path) = paths.find(|path| !overwrite && path.exists()) {
            return Err(Error::Exists { path });
        }
        fs::create_dir_all(dir).map_err(Error::write(dir))?;

        let mut csv = Pending::create(dir, CSV)?;
        let out = BufWriter::with_capacity(BUFFER_BYTES, &mut csv.file);
        let finished = generate::run(self, out, &csv.path)?;
        csv.file.as_file().set_len(finished.length).map_err(Error::write(&csv.path))?;
        let stats = Pending::with_text(dir, STATS, &finished.reports.stats_json)?;
        let export = Pending::with_text(dir, EXPORT, &finished.reports.export_json)?;

        Ok(Written {
            stats: stats.name(overwrite)?,
            export: export.name(overwrite)?,
            csv: csv.name(overwrite)?,
            records: finished.records,
            bytes: finished.length,
        })
    }
}

/// A file that does not have its name yet, and vanishes unless it gets it.
struct Pending {
    path: PathBuf,
    file: NamedTempFile,
}

impl Pending {
    /// Starts `name` as a temporary file in `dir`, so that giving it its name is a renaming and not a copy.
    fn create(dir: &Path, name: &str) -> Result<Self, Error> {
        let path = dir.join(name);
        let mut builder = tempfile::Builder::new();
        // Temporary files are their owner's secret; this one is to become as readable as any other.
        #[cfg(unix)]
        builder.permissions(PermissionsExt::from_mode(0o666));
        let file = builder.prefix(".sample-").tempfile_in(dir).map_err(Error::write(&path))?;
        Ok(Self { path, file })
    }

    fn with_text(dir: &Path, name: &str, text: &str) -> Result<Self, Error> {
        let mut pending = Self::create(dir, name)?;
        pending.file.write_all(text.as_bytes()).map_err(Error::write(&pending.path))?;
        Ok(pending)
    }

    fn name(self, overwrite: bool) -> Result<PathBuf, Error> {
        let Self { path, file } = self;
        let named = if overwrite { file.persist(&path) } else { file.persist_noclobber(&path) };
        match named.map_err(|failure| failure.error) {
            Ok(_) => Ok(path),
            Err(reason) if reason.kind() == io::ErrorKind::AlreadyExists => Err(Error::Exists { path }),
            Err(reason) => Err(Error::Write { path, reason }),
        }
    }
}
