//! Counters → a file.

use std::io::Write;
use std::path::Path;

use fillrate::Counters;
use fillrate_files::NewFile;

use crate::{CHECKSUM, COUNTERS, END, Error, START, VERSION};

/// The bytes of a state file: the same ones for equal counters.
#[must_use]
pub fn encode(counters: &Counters) -> Vec<u8> {
    // Only a map with keys that are no strings could fail here, and there is none. If it did, no reader would take it.
    let counters = serde_json::to_string(counters).unwrap_or_default();
    let crc32 = crc32fast::hash(counters.as_bytes());
    format!("{START}{VERSION}{CHECKSUM}{crc32:08x}{COUNTERS}{counters}{END}").into_bytes()
}

/// Finds out before anything is counted that there is a file of that name, which [`write`](write()) would refuse.
///
/// # Errors
///
/// [`Error::Exists`] if there is one and `overwrite` is not set.
pub fn check_is_free(path: &Path, overwrite: bool) -> Result<(), Error> {
    if !overwrite && path.symlink_metadata().is_ok() {
        return Err(Error::Exists { path: path.to_owned() });
    }
    Ok(())
}

/// Writes a state file that only its owner may read. It gets its name when it is complete and on the disk.
///
/// # Errors
///
/// [`Error::Exists`] if there is a file of that name and `overwrite` is not set, [`Error::Write`] if it cannot be written.
/// There is no file then, or the one of before.
pub fn write(path: &Path, counters: &Counters, overwrite: bool) -> Result<(), Error> {
    let save = || {
        let mut file = NewFile::create(path, overwrite)?;
        file.write_all(&encode(counters))?;
        file.finish()
    };
    save().map_err(Error::write(path))
}
