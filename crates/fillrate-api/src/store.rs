//! Where what was fetched is kept, under names that are ours alone.

use std::fs::DirBuilder;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use fillrate_files::NewFile;

use crate::error::{Error, Result};
use crate::ids::Id;

/// The folder of one export.
#[derive(Clone, Debug)]
pub(crate) struct Place(PathBuf);

impl Place {
    /// `out/<audience>/<of>`, where `of` is an id or a day.
    pub(crate) fn new(out: &Path, audience: &Id, of: &str) -> Self {
        Self(out.join(audience.to_string()).join(of))
    }

    /// Makes the folder, for its owner alone. Who asks for `out` may mean a link; the names below it are ours, and links
    /// there lead to where nobody asked for anything to be written.
    pub(crate) fn make(&self) -> Result<()> {
        let of_audience = self.0.parent().unwrap_or(&self.0);
        let out = of_audience.parent().unwrap_or(of_audience);
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(out).map_err(|error| Error::file(out, &error))?;
        builder.recursive(false);
        make_own(&builder, of_audience)?;
        make_own(&builder, &self.0)
    }

    pub(crate) fn csv(&self) -> PathBuf {
        self.0.join("audience.csv")
    }

    /// What does not agree with what the API reports of it.
    pub(crate) fn bad(&self) -> PathBuf {
        self.0.join("audience.csv.bad")
    }

    /// What is not complete.
    pub(crate) fn part(&self) -> PathBuf {
        self.0.join("audience.csv.part")
    }

    pub(crate) fn stats(&self) -> PathBuf {
        self.0.join("stats.json")
    }

    pub(crate) fn export(&self) -> PathBuf {
        self.0.join("export.json")
    }

    /// How the download went.
    pub(crate) fn fetched(&self) -> PathBuf {
        self.0.join("fetch.json")
    }
}

/// Makes a folder of our own name, unless it is there and is no link to somewhere else.
fn make_own(builder: &DirBuilder, path: &Path) -> Result<()> {
    let of_path = |error: io::Error| Error::file(path, &error);
    match builder.create(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        made => return made.map_err(of_path),
    }
    if path.symlink_metadata().map_err(of_path)?.is_dir() {
        return Ok(());
    }
    let error = io::Error::new(ErrorKind::InvalidInput, "it is no folder, but a link or a file");
    Err(of_path(error).advising("remove it, or use another folder"))
}

/// Writes a small file. One of before is of a download that was never completed, or may be overwritten.
pub(crate) fn write(path: &Path, content: &[u8]) -> Result<()> {
    let written = NewFile::create(path, true).and_then(|mut file| {
        file.write_all(content)?;
        file.finish()
    });
    written.map_err(|error| Error::file(path, &error))
}

/// The most bytes of a small file.
const MOST_BYTES: u64 = 64 << 10;

/// Reads a small file of ours: a regular one, since a pipe would be waited for.
pub(crate) fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    if path.symlink_metadata()?.is_file() {
        std::fs::File::open(path)?.take(MOST_BYTES).read_to_end(&mut text)?;
    }
    Ok(text)
}

/// Removes a file that would be taken for a report of what is here now.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(Error::file(path, &error)),
        _ => Ok(()),
    }
}
