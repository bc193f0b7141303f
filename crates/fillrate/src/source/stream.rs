//! Bytes that come once, from front to back.

use std::fmt;
use std::io::{self, Read};

use sha1::{Digest, Sha1};

use super::{BLOCK, Sha1Digest};

/// A reader and the block that was read last.
pub(crate) struct Stream {
    reader: Box<dyn Read + Send>,
    block: Vec<u8>,
    filled: usize,
    size: u64,
    /// Of all bytes read so far. It cannot be begun later: the bytes are gone by then.
    sha1: Option<Sha1>,
}

impl Stream {
    pub(crate) fn new(reader: Box<dyn Read + Send>) -> Self {
        Self { reader, block: vec![0; BLOCK], filled: 0, size: 0, sha1: Some(Sha1::new()) }
    }

    /// Reads the next block; an empty one is the end. Only the last block is smaller than the others, so that the first
    /// one holds a byte order mark whole.
    pub(crate) fn next_block(&mut self) -> io::Result<&[u8]> {
        self.filled = 0;
        while self.filled < self.block.len() {
            match self.reader.read(&mut self.block[self.filled..]) {
                Ok(0) => break,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.size += self.filled as u64;
        if let Some(sha1) = &mut self.sha1 {
            sha1.update(&self.block[..self.filled]);
        }
        Ok(self.block())
    }

    /// How many bytes were read.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Spares hashing the blocks to come.
    pub(crate) fn forget_sha1(&mut self) {
        self.sha1 = None;
    }

    /// The SHA-1 of all bytes read, unless it was forgotten.
    pub(crate) fn sha1(&self) -> Option<Sha1Digest> {
        self.sha1.clone().map(|sha1| sha1.finalize().into())
    }

    /// The block that was read last.
    pub(crate) fn block(&self) -> &[u8] {
        &self.block[..self.filled]
    }
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the block: it holds cells.
        f.debug_struct("Stream").field("filled", &self.filled).finish_non_exhaustive()
    }
}
