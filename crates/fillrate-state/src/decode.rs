//! A file → counters.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use fillrate::Counters;

use crate::{CHECKSUM, COUNTERS, END, Error, START, VERSION, encode};

/// The most bytes that a state file may have: more than that of an export with the most columns.
pub const MAX_STATE_BYTES: u64 = 1 << 30;

/// Whether a file begins as a state file does. One that cannot be read does not.
#[must_use]
pub fn is_state(path: &Path) -> bool {
    // Not a pipe: what is read from it would be gone.
    let is_file = path.metadata().is_ok_and(|metadata| metadata.is_file());
    let mut start = [0; START.len()];
    let begins = |mut file: File| file.read_exact(&mut start).is_ok_and(|()| start == START.as_bytes());
    is_file && File::open(path).is_ok_and(begins)
}

/// Reads a state file.
///
/// # Errors
///
/// If it cannot be read, or is not, byte for byte, what [`write`](crate::write()) writes.
pub fn read(path: &Path) -> Result<Counters, Error> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(Error::read(path))?;
    file.take(MAX_STATE_BYTES + 1).read_to_end(&mut bytes).map_err(Error::read(path))?;
    if bytes.len() as u64 > MAX_STATE_BYTES {
        return Err(Error::TooLarge { path: path.to_owned() });
    }
    decode(path, &bytes)
}

/// Makes counters of the bytes of a state file; `path` is for the errors.
///
/// # Errors
///
/// As those of [`read`].
pub fn decode(path: &Path, bytes: &[u8]) -> Result<Counters, Error> {
    let damaged = |byte: usize, what: &str| Error::Damaged {
        path: path.to_owned(),
        byte: byte as u64,
        what: what.to_owned(),
    };
    let mut parts = Parts { bytes, at: 0 };
    if !parts.take(START) {
        return Err(Error::NotAState { path: path.to_owned() });
    }
    let version = parts.digits();
    if version.is_empty() {
        return Err(damaged(parts.at, "the version is missing"));
    }
    if version != VERSION.to_string().as_bytes() {
        let version = std::str::from_utf8(version).ok().and_then(|version| version.parse().ok());
        return Err(Error::Version { path: path.to_owned(), version });
    }
    if !parts.take(CHECKSUM) {
        return Err(damaged(parts.at, "the checksum is missing"));
    }
    let checksum_at = parts.at;
    let checksum = parts.up_to(8);
    if !parts.take(COUNTERS) {
        return Err(damaged(parts.at, "the counters are missing"));
    }
    let counters_at = parts.at;
    let Some(counters) = bytes[counters_at..].strip_suffix(END.as_bytes()) else {
        return Err(damaged(bytes.len(), "the end is missing"));
    };
    let expected = format!("{:08x}", crc32fast::hash(counters));
    if checksum != expected.as_bytes() {
        let what = "the checksum is not that of the counters, which begin there";
        return Err(damaged(if checksum.is_empty() { checksum_at } else { counters_at }, what));
    }
    let decoded: Counters = serde_json::from_slice(counters)
        .map_err(|error| damaged(counters_at + error.column().saturating_sub(1), &without_place(&error)))?;
    // What means the same and is written otherwise was written by somebody else: then nobody knows what they have checked.
    let canonical = encode(&decoded);
    match bytes.iter().zip(&canonical).position(|(a, b)| a != b) {
        None if bytes.len() == canonical.len() => Ok(decoded),
        differs => Err(damaged(differs.unwrap_or(bytes.len()), "this program would not have written it so")),
    }
}

/// What is wrong with a JSON, without the line and column that serde adds: the byte is known.
fn without_place(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what).to_owned()
}

/// Bytes, from front to back.
struct Parts<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Parts<'a> {
    /// Takes this text, if it is next.
    fn take(&mut self, text: &str) -> bool {
        let is_next = self.bytes[self.at..].starts_with(text.as_bytes());
        self.at += if is_next { text.len() } else { 0 };
        is_next
    }

    /// Takes so many bytes, or what is left.
    fn up_to(&mut self, count: usize) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let taken = &rest[..count.min(rest.len())];
        self.at += taken.len();
        taken
    }

    /// Takes all digits that are next.
    fn digits(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        self.up_to(rest.iter().take_while(|byte| byte.is_ascii_digit()).count())
    }
}
