//! A view that slides over bytes from front to back.

use std::fs::File;
use std::io::{self, Read};

use super::buffer::{BUFFER_BYTES, Buffer};
use super::stream::Stream;

/// The next bytes of a source, as far as they are at hand.
pub(crate) enum Window<'a> {
    /// All of them, in memory or mapped.
    Slice(&'a [u8]),
    /// Some of a file, read where they stand.
    Positioned(Positioned<'a>),
    /// Some of a stream.
    Stream(&'a mut Stream),
}

impl Window<'_> {
    /// What is at hand.
    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Slice(bytes) => bytes,
            Self::Positioned(positioned) => positioned.buffer.bytes(),
            Self::Stream(stream) => stream.bytes(),
        }
    }

    /// What is at hand, having read if that was nothing. Empty at the end only.
    pub(crate) fn fill(&mut self) -> io::Result<&[u8]> {
        if self.bytes().is_empty() {
            self.more()?;
        }
        Ok(self.bytes())
    }

    /// All of it, of a window that a buffer has room for.
    pub(super) fn fill_all(&mut self) -> io::Result<&[u8]> {
        while self.more()? {}
        Ok(self.bytes())
    }

    /// Leaves the first `count` bytes at hand behind.
    pub(crate) fn advance(&mut self, count: usize) {
        match self {
            Self::Slice(bytes) => *bytes = &bytes[count..],
            Self::Positioned(positioned) => positioned.buffer.advance(count),
            Self::Stream(stream) => stream.advance(count),
        }
    }

    /// Reads what follows, as far as there is room; says whether that was anything.
    ///
    /// Where nothing is at hand there is room: that nothing came then means that the end is reached.
    pub(crate) fn more(&mut self) -> io::Result<bool> {
        match self {
            Self::Slice(_) => Ok(false),
            Self::Positioned(positioned) => positioned.more(),
            Self::Stream(stream) => stream.more(),
        }
    }
}

/// What a window shows, for who asks for bytes.
pub(super) struct Text<'a>(pub(super) Window<'a>);

impl Read for Text<'_> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let bytes = self.0.fill()?;
        let count = bytes.len().min(room.len());
        room[..count].copy_from_slice(&bytes[..count]);
        self.0.advance(count);
        Ok(count)
    }
}

/// The first read of a window. Who looks at one record, as where stray quotes are mended, leaves the window after it:
/// that it had filled the whole buffer was most of the time of a file with many.
const FIRST_READ_BYTES: usize = 16 * 1024;

/// A part of a file that is read in pieces, the first ones small.
pub(crate) struct Positioned<'a> {
    file: &'a File,
    /// Where the next read begins.
    at: u64,
    end: u64,
    /// The most that the next read asks for.
    most: usize,
    buffer: Buffer,
}

impl<'a> Positioned<'a> {
    pub(super) fn new(file: &'a File, start: u64, end: u64) -> Self {
        let size = usize::try_from(end - start).unwrap_or(BUFFER_BYTES).min(BUFFER_BYTES);
        Self { file, at: start, end, most: FIRST_READ_BYTES, buffer: Buffer::new(size) }
    }

    fn more(&mut self) -> io::Result<bool> {
        let Self { file, at, end, most, buffer } = self;
        buffer.fill(|room| {
            let wanted = room.len().min(*most).min(usize::try_from(*end - *at).unwrap_or(usize::MAX));
            read_exact_at(file, &mut room[..wanted], *at)?;
            *at += wanted as u64;
            *most = (2 * *most).min(BUFFER_BYTES);
            Ok(wanted)
        })
    }
}

#[cfg(unix)]
pub(super) fn read_exact_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, at)
}

#[cfg(windows)]
pub(super) fn read_exact_at(file: &File, mut buffer: &mut [u8], mut at: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, at) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(read) => {
                buffer = &mut buffer[read..];
                at += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
