//! What tells that a file is still the one that it was.

use std::fs::{File, Metadata};
use std::io;
use std::path::Path;
use std::time::SystemTime;

/// A file at one moment: whoever writes to it or replaces it changes this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Snapshot {
    pub(crate) size: u64,
    pub(crate) modified: Option<SystemTime>,
    inode: Inode,
}

/// Device, inode, and time of change in seconds and nanoseconds.
#[cfg(unix)]
type Inode = (u64, u64, i64, i64);

#[cfg(not(unix))]
type Inode = ();

impl Snapshot {
    pub(crate) fn of_path(path: &Path) -> io::Result<Self> {
        Self::of(&std::fs::metadata(path)?)
    }

    pub(crate) fn of_file(file: &File) -> io::Result<Self> {
        Self::of(&file.metadata()?)
    }

    fn of(metadata: &Metadata) -> io::Result<Self> {
        if !metadata.is_file() {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, "this is no regular file"));
        }
        let modified = metadata.modified().ok();
        Ok(Self { size: metadata.len(), modified, inode: inode(metadata) })
    }
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> Inode {
    use std::os::unix::fs::MetadataExt;
    (metadata.dev(), metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> Inode {}
