//! Bytes of known size, readable at any offset by several threads.

use std::fmt;
use std::fs::{File, Metadata};
use std::io;
use std::ops::Range;
use std::time::SystemTime;

use memmap2::Mmap;
use sha1::{Digest, Sha1};

use super::window::{Positioned, Window};
use super::{Io, Sha1Digest, map};

/// A regular file, or bytes in memory.
pub(crate) struct Whole {
    bytes: Bytes,
    size: u64,
}

enum Bytes {
    Mapped(Mmap, File, Version),
    Positioned(File, Version),
    Memory(Vec<u8>),
}

/// What changes when somebody writes to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Version {
    size: u64,
    modified: Option<SystemTime>,
    /// Changes with every write, rename and change of permissions, and cannot be set by a program.
    #[cfg(unix)]
    changed: (i64, i64),
}

impl Version {
    fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}

impl Whole {
    pub(super) fn open(file: File, metadata: &Metadata, io: Io) -> io::Result<Self> {
        let version = Version::of(metadata);
        let mapped = match io {
            Io::Auto => map::map(&file).ok(),
            Io::Mmap => Some(map::map(&file)?),
            Io::Read => None,
        };
        let bytes = match mapped {
            Some(mapped) => Bytes::Mapped(mapped, file, version),
            None => Bytes::Positioned(file, version),
        };
        Ok(Self { bytes, size: version.size })
    }

    pub(crate) fn in_memory(bytes: Vec<u8>) -> Self {
        Self { size: bytes.len() as u64, bytes: Bytes::Memory(bytes) }
    }

    /// How many bytes there are.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The bytes of a range within the size.
    pub(crate) fn window(&self, range: Range<u64>) -> Window<'_> {
        let slice = match &self.bytes {
            Bytes::Mapped(map, ..) => &map[..],
            Bytes::Memory(bytes) => bytes,
            Bytes::Positioned(file, _) => {
                return Window::Positioned(Positioned::new(file, range.start, range.end));
            }
        };
        // A slice of this length exists, so its offsets fit `usize`.
        #[allow(clippy::cast_possible_truncation)]
        Window::Slice(&slice[range.start as usize..range.end as usize])
    }

    /// The SHA-1 of all bytes.
    pub(crate) fn sha1(&self) -> io::Result<Sha1Digest> {
        let mut sha1 = Sha1::new();
        let mut window = self.window(0..self.size);
        loop {
            let bytes = window.bytes();
            sha1.update(bytes);
            let count = bytes.len();
            window.advance(count);
            if !window.more()? {
                return Ok(sha1.finalize().into());
            }
        }
    }

    /// Whether the file is still as it was when it was opened.
    pub(crate) fn is_unchanged(&self) -> io::Result<bool> {
        match &self.bytes {
            Bytes::Mapped(_, file, version) | Bytes::Positioned(file, version) => {
                Ok(Version::of(&file.metadata()?) == *version)
            }
            Bytes::Memory(_) => Ok(true),
        }
    }
}

impl fmt::Debug for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the bytes: they hold cells.
        f.debug_struct("Whole").field("size", &self.size).finish_non_exhaustive()
    }
}
