//! Counts physical lines.

/// The physical line of the next byte. LF, CRLF and lone CR each end a line, whether inside quotes or not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines {
    current: u64,
    after_cr: bool,
}

impl Lines {
    /// Starts with the first byte of a line.
    pub(super) fn from(line: u64) -> Self {
        Self { current: line, after_cr: false }
    }

    /// The line, from 1, on which the next byte stands.
    pub(super) fn current(self) -> u64 {
        self.current
    }

    /// Passes one byte. The LF of a CRLF ends no second line.
    pub(super) fn advance(&mut self, byte: u8) {
        self.current += u64::from(byte == b'\r' || byte == b'\n' && !self.after_cr);
        self.after_cr = byte == b'\r';
    }
}
