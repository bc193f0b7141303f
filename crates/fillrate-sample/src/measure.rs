//! What the export record says of the file's bytes.

use sha1::{Digest, Sha1};

/// Size and checksum of what the API exported.
#[derive(Default)]
pub(crate) struct Measure {
    pub(crate) bytes: u64,
    sha1: Sha1,
}

impl Measure {
    pub(crate) fn add(&mut self, line: &[u8]) {
        self.bytes += line.len() as u64;
        self.sha1.update(line);
    }

    /// The SHA-1 in lowercase hexadecimal digits.
    pub(crate) fn sha1(self) -> String {
        base16ct::lower::encode_string(&self.sha1.finalize())
    }
}
