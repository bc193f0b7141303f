//! Bytes that come once, from front to back.

use std::fmt;
use std::io::{self, Cursor, Read};

use sha1::{Digest, Sha1};

use super::Sha1Digest;
use super::buffer::{BUFFER_BYTES, Buffer};
use super::format::{self, HEAD_BYTES, TAIL_BYTES};
use super::json;
use super::stored::Stored;
use crate::error::Error;

/// Whatever gives bytes.
pub(super) type Reader = Box<dyn Read + Send>;

/// A reader, and what was read and is still of use.
///
/// What can only be known at its end, that it is a CSV and that its file is still the same, is an error of the read that
/// finds the end.
pub(crate) struct Stream {
    reader: Reader,
    buffer: Buffer,
    size: u64,
    /// Of all bytes read so far. It cannot be begun later: the bytes are gone by then.
    sha1: Option<Sha1>,
    /// The last bytes read.
    tail: Vec<u8>,
    delimiter: u8,
    /// As long as all of it may be JSON.
    json: Option<json::Watch>,
    /// The file that it comes from, if there is one.
    stored: Option<Stored>,
    has_ended: bool,
}

impl Stream {
    /// Takes a reader whose first bytes [have been looked at](peek).
    pub(super) fn new(
        head: &[u8],
        reader: Reader,
        stored: Option<Stored>,
        delimiter: u8,
    ) -> io::Result<Self> {
        format::check_head(head, delimiter).map_err(Error::into_io)?;
        let mut json = None;
        if json::begins(head) {
            if head.len() == HEAD_BYTES {
                json = Some(json::Watch::new()?);
            } else if json::is_one_value(head)? {
                return Err(json::refusal(head).into_io());
            }
        }
        Ok(Self {
            reader,
            buffer: Buffer::new(BUFFER_BYTES),
            size: 0,
            sha1: Some(Sha1::new()),
            tail: Vec::new(),
            delimiter,
            json,
            stored,
            has_ended: false,
        })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.buffer.bytes()
    }

    pub(super) fn advance(&mut self, count: usize) {
        self.buffer.advance(count);
    }

    /// Reads until the buffer is full or the stream ends, so that a byte order mark is never cut in two.
    pub(super) fn more(&mut self) -> io::Result<bool> {
        if self.has_ended {
            return Ok(false);
        }
        let Self { reader, buffer, size, sha1, tail, json, stored, has_ended, .. } = self;
        let more = buffer.fill(|room| {
            let filled = fill(reader, room).map_err(|error| match stored {
                Some(stored) => stored.reason(error),
                None => error,
            })?;
            let bytes = &room[..filled];
            *size += filled as u64;
            *has_ended = filled < room.len();
            if let Some(sha1) = sha1 {
                sha1.update(bytes);
            }
            keep_last(tail, bytes);
            json.take_if(|watch| !watch.push(bytes));
            Ok(filled)
        })?;
        if self.has_ended {
            self.check_end()?;
        }
        Ok(more)
    }

    fn check_end(&mut self) -> io::Result<()> {
        self.check_unchanged()?;
        if self.json.take().is_some_and(json::Watch::finish) {
            return Err(json::refusal(&[]).into_io());
        }
        format::check_tail(&self.tail, self.size, self.delimiter).map_err(Error::into_io)
    }

    pub(super) fn check_unchanged(&self) -> io::Result<()> {
        self.stored.as_ref().map_or(Ok(()), Stored::check_unchanged)
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

/// The first bytes of a reader, all of them if there are fewer, and a reader that still begins with them.
pub(super) fn peek(mut reader: Reader) -> io::Result<(Vec<u8>, Reader)> {
    let mut head = vec![0; HEAD_BYTES];
    let filled = fill(&mut reader, &mut head)?;
    head.truncate(filled);
    Ok((head.clone(), Box::new(Cursor::new(head).chain(reader))))
}

/// Reads until the room is full or the reader has ended.
fn fill(reader: &mut Reader, room: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < room.len() {
        match reader.read(&mut room[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Appends bytes, and drops all but the last ones.
fn keep_last(tail: &mut Vec<u8>, bytes: &[u8]) {
    let bytes = &bytes[bytes.len().saturating_sub(TAIL_BYTES)..];
    let too_many = (tail.len() + bytes.len()).saturating_sub(TAIL_BYTES);
    tail.drain(..too_many);
    tail.extend_from_slice(bytes);
}

impl fmt::Debug for Stream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the buffer: it holds cells.
        f.debug_struct("Stream").field("size", &self.size).finish_non_exhaustive()
    }
}
