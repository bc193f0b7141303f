//! Counters → a file.

use std::io::{self, Write};
use std::path::Path;

use fillrate::Counters;
use tempfile::NamedTempFile;

use crate::{CHECKSUM, COUNTERS, END, Error, START, VERSION};

/// The bytes of a state file: the same ones for equal counters.
#[must_use]
pub fn encode(counters: &Counters) -> Vec<u8> {
    // Only a map with keys that are no strings could fail here, and there is none. If it did, no reader would take it.
    let counters = serde_json::to_string(counters).unwrap_or_default();
    let crc32 = crc32fast::hash(counters.as_bytes());
    format!("{START}{VERSION}{CHECKSUM}{crc32:08x}{COUNTERS}{counters}{END}").into_bytes()
}

/// Writes a state file that only its owner may read. It gets its name when it is complete and on the disk.
///
/// # Errors
///
/// [`Error::Exists`] if there is a file of that name and `overwrite` is not set, [`Error::Write`] if it cannot be written.
/// There is no file then, or the one of before.
pub fn write(path: &Path, counters: &Counters, overwrite: bool) -> Result<(), Error> {
    let save = || -> io::Result<()> {
        // In the same folder, so that giving it its name is a renaming and not a copy.
        let folder = match path.parent() {
            Some(folder) if folder != Path::new("") => folder,
            _ => Path::new("."),
        };
        // Temporary files are their owner's secret, and this one stays so: it tells how good somebody's data is.
        let mut file: NamedTempFile = tempfile::Builder::new().prefix(".state-").tempfile_in(folder)?;
        file.write_all(&encode(counters))?;
        file.as_file().sync_all()?;
        if overwrite { file.persist(path) } else { file.persist_noclobber(path) }?;
        sync_folder(folder)
    };
    save().map_err(Error::write(path))
}

/// Makes sure that the name is on the disk too.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
