//! The version of a file that is served.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;

use fillrate::FileVersion;

pub(crate) fn of_path(path: &Path) -> io::Result<FileVersion> {
    of(&std::fs::metadata(path)?)
}

pub(crate) fn of_file(file: &File) -> io::Result<FileVersion> {
    of(&file.metadata()?)
}

fn of(metadata: &Metadata) -> io::Result<FileVersion> {
    if metadata.is_file() {
        return Ok(FileVersion::of(metadata));
    }
    Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no regular file"))
}
