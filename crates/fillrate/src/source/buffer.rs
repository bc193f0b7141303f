//! Bytes that were read and are still of use.

use std::io;

/// Bytes held at once, where bytes are read: beyond the size at which reads reach their full speed, and small enough to
/// stay in a core's own cache until they are scanned.
pub(super) const BUFFER_BYTES: usize = 256 * 1024;

/// A buffer that is emptied at the front and filled at the back.
pub(super) struct Buffer {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
}

impl Buffer {
    pub(super) fn new(size: usize) -> Self {
        Self { bytes: vec![0; size], start: 0, end: 0 }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    pub(super) fn advance(&mut self, count: usize) {
        self.start += count;
        assert!(self.start <= self.end, "no more than what is at hand can be left behind");
    }

    /// Calls `read` once with the room that there is, if there is any; says whether anything was read.
    pub(super) fn fill(&mut self, read: impl FnOnce(&mut [u8]) -> io::Result<usize>) -> io::Result<bool> {
        self.bytes.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        let room = &mut self.bytes[self.end..];
        if room.is_empty() {
            return Ok(false);
        }
        let count = read(room)?;
        self.end += count;
        Ok(count > 0)
    }
}
