//! gzip and zstd, read as what is in them.
//!
//! Memory is bounded whatever the file holds: gzip looks back 32 KiB, and a zstd frame that wants to look back further
//! than [`MAX_ZSTD_WINDOW_BYTES`] is refused.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;
use zstd::stream::read::Decoder as ZstdDecoder;

use crate::error::{Error, ErrorKind};

/// The furthest that a zstd file may look back, and so the memory that it takes: 128 MiB. This is what `zstd` writes at
/// most, and reads, unless `--long` tells it otherwise.
pub const MAX_ZSTD_WINDOW_BYTES: u64 = 1 << ZSTD_WINDOW_LOG;

const ZSTD_WINDOW_LOG: u32 = 27;

/// What the zstd library says where a frame has a larger window.
const ZSTD_WINDOW_TOO_LARGE: &str = "Frame requires too much memory for decoding";

/// Compressed bytes that are handed over at once. zstd does not tell where in them it failed.
const BLOCK_BYTES: usize = 32 * 1024;

/// A format of compression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    Gzip,
    Zstd,
}

impl Compression {
    /// What bytes are compressed with, by the first of them.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        match head {
            [0x1F, 0x8B, ..] => Some(Self::Gzip),
            // A frame, or one to be skipped, which may come first.
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// All that follows, over all members or frames, decompressed.
    pub(super) fn decode<R: Read>(self, reader: R) -> io::Result<Decoder<R>> {
        let stored = Taken { reader: BufReader::with_capacity(BLOCK_BYTES, reader), bytes: 0 };
        Ok(match self {
            Self::Gzip => Decoder::Gzip(Box::new(MultiGzDecoder::new(stored))),
            Self::Zstd => {
                let mut decoder = ZstdDecoder::with_buffer(stored)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Decoder::Zstd(decoder)
            }
        })
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// Decompresses, and says where in the stored bytes it cannot.
pub(super) enum Decoder<R: Read> {
    Gzip(Box<MultiGzDecoder<Taken<R>>>),
    Zstd(ZstdDecoder<'static, Taken<R>>),
}

impl<R: Read> Decoder<R> {
    fn damage(&self, error: &io::Error) -> Error {
        let (compression, taken) = match self {
            Self::Gzip(decoder) => (Compression::Gzip, decoder.get_ref().bytes),
            Self::Zstd(decoder) => (Compression::Zstd, decoder.get_ref().bytes),
        };
        let name = compression.name();
        let error = if error.to_string() == ZSTD_WINDOW_TOO_LARGE {
            Error::new(
                ErrorKind::Unreadable,
                format!("to decompress this takes a window of more than {MAX_ZSTD_WINDOW_BYTES} bytes"),
                "decompress it first, with `zstd -d --long=31`",
            )
        } else if error.kind() == io::ErrorKind::UnexpectedEof {
            Error::new(
                ErrorKind::Damaged,
                format!("the {name} data is cut off here, or a few bytes follow it"),
                "check that the download is complete, and that nothing was added to it",
            )
        } else {
            Error::new(
                ErrorKind::Damaged,
                format!("the {name} data is damaged here, or something else follows it"),
                "download the file again",
            )
        };
        error.at_byte(taken)
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let read = match self {
            Self::Gzip(decoder) => decoder.read(room),
            Self::Zstd(decoder) => decoder.read(room),
        };
        // What the system says has a code; the decoders' own errors have none.
        read.map_err(|error| {
            let is_of_system = error.raw_os_error().is_some() || error.kind() == io::ErrorKind::Interrupted;
            if is_of_system { error } else { self.damage(&error).into_io() }
        })
    }
}

/// A reader, and how much of it has been taken.
pub(super) struct Taken<R> {
    reader: BufReader<R>,
    bytes: u64,
}

impl<R: Read> Read for Taken<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(room)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

impl<R: Read> BufRead for Taken<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.reader.consume(count);
        self.bytes += count as u64;
    }
}
