//! The file that bytes come from, and whether it is still the one that was opened.

use std::fs::{self, File, Metadata};
use std::io::{self, Seek};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::version::FileVersion;
use super::window::read_exact_at;
use crate::error::{Error, ErrorKind};

/// An open regular file, as it was when it was opened.
pub(super) struct Stored {
    file: Arc<File>,
    path: PathBuf,
    version: FileVersion,
}

impl Stored {
    pub(super) fn new(file: File, metadata: &Metadata, path: &Path) -> Self {
        Self { file: Arc::new(file), path: path.to_owned(), version: FileVersion::of(metadata) }
    }

    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// Reads from the start, as long as nobody else does so.
    pub(super) fn reader(&self) -> io::Result<Arc<File>> {
        // On Windows, reads at a place leave the file there.
        (&*self.file).rewind()?;
        Ok(Arc::clone(&self.file))
    }

    /// All bytes, as many as there were when it was opened.
    pub(super) fn read(&self) -> io::Result<Vec<u8>> {
        let size = usize::try_from(self.size()).map_err(|_| io::ErrorKind::FileTooLarge)?;
        let mut bytes = vec![0; size];
        // In one go: `read_to_end` begins with small pieces.
        read_exact_at(&self.file, &mut bytes, 0).map_err(|error| self.reason(error))?;
        Ok(bytes)
    }

    pub(super) fn size(&self) -> u64 {
        self.version.size()
    }

    /// Fails unless the file is as it was when it was opened, and its path still leads to it.
    pub(super) fn check_unchanged(&self) -> io::Result<()> {
        // By path first: to replace a file changes the old one too, by the link that it loses.
        let by_path = fs::metadata(&self.path).map(|metadata| FileVersion::of(&metadata));
        if !by_path.is_ok_and(|found| found.is_of_the_same_file(&self.version)) {
            return Err(changed("the file was replaced or removed while it was read").into_io());
        }
        if FileVersion::of(&self.file.metadata()?) != self.version {
            return Err(changed("the file changed while it was read").into_io());
        }
        Ok(())
    }

    /// Why reading failed: that the file changed, if it did. What follows from that is less helpful to say.
    pub(super) fn reason(&self, error: io::Error) -> io::Error {
        self.check_unchanged().err().unwrap_or(error)
    }
}

pub(super) fn changed(what: &'static str) -> Error {
    Error::new(ErrorKind::ChangedWhileReading, what, "try again when nothing writes to it")
}
