//! Bytes that come once, from front to back.

use std::fmt;
use std::io::{self, Read};

use sha1::{Digest, Sha1};

use super::Sha1Digest;
use super::buffer::{BUFFER_BYTES, Buffer};

/// A reader, and what was read and is still of use.
pub(crate) struct Stream {
    reader: Box<dyn Read + Send>,
    buffer: Buffer,
    size: u64,
    /// Of all bytes read so far. It cannot be begun later: the bytes are gone by then.
    sha1: Option<Sha1>,
}

impl Stream {
    pub(crate) fn new(reader: Box<dyn Read + Send>) -> Self {
        Self { reader, buffer: Buffer::new(BUFFER_BYTES), size: 0, sha1: Some(Sha1::new()) }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.bytes()
    }

    pub(super) fn advance(&mut self, count: usize) {
        self.buffer.advance(count);
    }

    /// Reads until the buffer is full or the stream ends, so that a byte order mark is never cut in two.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        let Self { reader, buffer, size, sha1 } = self;
        buffer.fill(|room| {
            let mut filled = 0;
            while filled < room.len() {
                match reader.read(&mut room[filled..]) {
                    Ok(0) => break,
                    Ok(read) => filled += read,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            *size += filled as u64;
            if let Some(sha1) = sha1 {
                sha1.update(&room[..filled]);
            }
            Ok(filled)
        })
    }

    /// How many bytes were read.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Spares hashing the bytes to come.
    pub(crate) fn forget_sha1(&mut self) {
        self.sha1 = None;
    }

    /// The SHA-1 of all bytes read, unless it was forgotten.
    pub(crate) fn sha1(&self) -> Option<Sha1Digest> {
        self.sha1.clone().map(|sha1| sha1.finalize().into())
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the buffer: it holds cells.
        f.debug_struct("Stream").field("size", &self.size).finish_non_exhaustive()
    }
}
