//! Bytes of known size, readable at any offset by several threads.

use std::fmt;
use std::io::{self, Cursor};
use std::ops::Range;

use sha1::{Digest, Sha1};

use super::format::{self, HEAD_BYTES, TAIL_BYTES};
use super::map::Map;
use super::stored::{self, Stored};
use super::stream::Reader;
use super::window::{Positioned, Text, Window};
use super::{Io, Sha1Digest, json};
use crate::error::Error;

/// A regular file, or bytes in memory.
pub(crate) struct Whole {
    bytes: Bytes,
    size: u64,
}

enum Bytes {
    Mapped(Map, Stored),
    Positioned(Stored),
    /// Of a small file, or nobody's.
    Memory(Vec<u8>, Option<Stored>),
}

/// Files up to this size are copied rather than mapped, where there is a choice: to change the address space costs more
/// than to copy so few bytes, above all while other threads of the process run.
const SMALL_BYTES: u64 = 256 * 1024;

impl Whole {
    pub(super) fn open(stored: Stored, io: Io) -> io::Result<Self> {
        let size = stored.size();
        if io == Io::Auto && size <= SMALL_BYTES {
            return Ok(Self { bytes: Bytes::Memory(stored.read()?, Some(stored)), size });
        }
        let mapped = match io {
            Io::Auto => Map::new(stored.file(), size).ok(),
            Io::Mmap => Some(Map::new(stored.file(), size)?),
            Io::Read => None,
        };
        let bytes = match mapped {
            Some(map) => Bytes::Mapped(map, stored),
            None => Bytes::Positioned(stored),
        };
        Ok(Self { bytes, size })
    }

    pub(crate) fn in_memory(bytes: Vec<u8>) -> Self {
        Self { size: bytes.len() as u64, bytes: Bytes::Memory(bytes, None) }
    }

    /// The first bytes; all of them, if there are fewer.
    pub(super) fn head(&self) -> Window<'_> {
        self.window(0..self.size.min(HEAD_BYTES as u64))
    }

    /// Refuses what is no CSV.
    pub(super) fn check_format(&self, head: &[u8], delimiter: u8) -> io::Result<()> {
        format::check_head(head, delimiter).map_err(Error::into_io)?;
        if json::begins(head) && json::is_one_value(Text(self.window(0..self.size)))? {
            return Err(json::refusal(head).into_io());
        }
        let mut tail = self.window(self.size.saturating_sub(TAIL_BYTES as u64)..self.size);
        format::check_tail(tail.fill_all()?, self.size, delimiter).map_err(Error::into_io)
    }

    /// The same bytes from front to back, as nobody has read them so far.
    pub(super) fn into_reader(self) -> io::Result<(Reader, Option<Stored>)> {
        Ok(match self.bytes {
            Bytes::Mapped(_, stored) | Bytes::Positioned(stored) => {
                (Box::new(stored.reader()?), Some(stored))
            }
            Bytes::Memory(bytes, stored) => (Box::new(Cursor::new(bytes)), stored),
        })
    }

    /// How many bytes there are.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// The bytes of a range within the size.
    pub(crate) fn window(&self, range: Range<u64>) -> Window<'_> {
        let slice = match &self.bytes {
            Bytes::Mapped(map, _) => map.bytes(),
            Bytes::Memory(bytes, _) => bytes,
            Bytes::Positioned(stored) => {
                return Window::Positioned(Positioned::new(stored.file(), range.start, range.end));
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

    /// Fails unless the file is still as it was when it was opened, and all of it could be read.
    pub(crate) fn check_unchanged(&self) -> io::Result<()> {
        match &self.bytes {
            Bytes::Mapped(map, stored) => {
                stored.check_unchanged()?;
                if map.is_lost() {
                    return Err(stored::changed("a part of the file was lost while it was read").into_io());
                }
                Ok(())
            }
            Bytes::Positioned(stored) | Bytes::Memory(_, Some(stored)) => stored.check_unchanged(),
            Bytes::Memory(_, None) => Ok(()),
        }
    }
}

impl fmt::Debug for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the bytes: they hold cells.
        f.debug_struct("Whole").field("size", &self.size).finish_non_exhaustive()
    }
}
