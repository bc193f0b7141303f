//! Counts physical lines.

/// The physical line of the next byte. LF, CRLF and lone CR each end a line, whether inside quotes or not.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lines {
    current: u64,
    /// The byte before; 0 where there is none.
    before: u8,
}

impl Lines {
    /// Starts with the first byte of a line.
    pub(super) fn from(line: u64) -> Self {
        Self { current: line, before: 0 }
    }

    /// The line, from 1, on which the next byte stands.
    pub(super) fn current(self) -> u64 {
        self.current
    }

    /// The line of the byte before: another one than the next byte's where a line has just ended.
    pub(super) fn before(self) -> u64 {
        self.current - u64::from(matches!(self.before, b'\r' | b'\n'))
    }

    /// Passes one byte. The LF of a CRLF ends no second line.
    pub(super) fn advance(&mut self, byte: u8) {
        self.current += u64::from(byte == b'\r' || byte == b'\n' && self.before != b'\r');
        self.before = byte;
    }
}
