//! The bytes of a file as the body of an answer, a piece at a time and the next one in advance.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use fillrate::FileVersion;
use flate2::Compression;
use flate2::write::GzEncoder;
use http_body::{Body, Frame};
use tokio::task::JoinHandle;
use tokio::time::{Sleep, sleep};

use crate::snapshot;

/// So much is read at a time: large enough that neither threads nor the network wait for each other.
const PIECE_BYTES: u64 = 1 << 20;

/// How long the end of a connection waits, so that what came before it is sent.
const BEFORE_CUT: Duration = Duration::from_millis(1);

/// A part of a file, as long as it stays the file that it was.
struct FilePart {
    file: Arc<File>,
    then: FileVersion,
    left: u64,
    next: Option<JoinHandle<io::Result<Bytes>>>,
}

impl FilePart {
    fn new(mut file: File, then: FileVersion, start: u64, end: u64) -> io::Result<Self> {
        file.seek(SeekFrom::Start(start))?;
        Ok(Self { file: Arc::new(file), then, left: end.saturating_sub(start), next: None })
    }

    /// Begins to read the next piece.
    fn read_on(&mut self) {
        let size = self.left.min(PIECE_BYTES);
        if size > 0 {
            let (file, then) = (Arc::clone(&self.file), self.then);
            self.next = Some(tokio::task::spawn_blocking(move || read_piece(&file, then, size)));
            self.left -= size;
        }
    }

    fn poll_piece(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.next.is_none() {
            self.read_on();
        }
        let Some(next) = &mut self.next else { return Poll::Ready(None) };
        let piece = ready!(Pin::new(next).poll(context)).unwrap_or_else(|error| Err(io::Error::other(error)));
        self.next = None;
        if piece.is_ok() {
            self.read_on();
        }
        Poll::Ready(Some(piece))
    }
}

fn read_piece(file: &File, then: FileVersion, size: u64) -> io::Result<Bytes> {
    let mut piece = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    file.take(size).read_to_end(&mut piece)?;
    // Behind the reading, so that no byte of another content gets out.
    if piece.len() as u64 != size || snapshot::of_file(file)? != then {
        return Err(io::Error::other("the file changed while it was sent"));
    }
    Ok(piece.into())
}

/// How a body ends.
pub(super) enum Ending {
    /// With the file.
    Complete,
    /// After so many bytes, together with the connection.
    Cut(u64),
    /// After so many bytes, but the connection stays.
    Stall(u64),
    /// Not at all.
    Never,
}

/// The body of an answer with a CSV. It does not tell its size: what a Content-Length says is the affair of the header,
/// which may be wrong on purpose.
pub(super) struct CsvBody {
    part: FilePart,
    ending: Ending,
    gzip: Option<GzEncoder<Vec<u8>>>,
    cut: Option<Pin<Box<Sleep>>>,
}

impl CsvBody {
    /// From the first byte of a file up to the one before the second. Opened and looked at, the file is still the one that
    /// it was `then`.
    pub(super) fn new(
        file: File,
        then: FileVersion,
        (start, end): (u64, u64),
        ending: Ending,
    ) -> io::Result<Self> {
        let part = FilePart::new(file, then, start, end)?;
        Ok(Self { part, ending, gzip: None, cut: None })
    }

    pub(super) fn compressed(self) -> Self {
        Self { gzip: Some(GzEncoder::new(Vec::new(), Compression::fast())), ..self }
    }

    /// The next piece, in which the ending is not looked at.
    fn poll_content(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            let piece = ready!(self.part.poll_piece(context));
            let Some(gzip) = &mut self.gzip else { return Poll::Ready(piece) };
            let compressed = match piece {
                Some(piece) => piece.and_then(|piece| {
                    gzip.write_all(&piece)?;
                    Ok(std::mem::take(gzip.get_mut()))
                }),
                None => match self.gzip.take() {
                    Some(gzip) => gzip.finish(),
                    None => return Poll::Ready(None),
                },
            };
            match compressed {
                // The compressor keeps it for later.
                Ok(piece) if piece.is_empty() => {}
                other => return Poll::Ready(Some(other.map(Bytes::from))),
            }
        }
    }

    fn poll_cut(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let cut = self.cut.get_or_insert_with(|| Box::pin(sleep(BEFORE_CUT)));
        ready!(cut.as_mut().poll(context));
        Poll::Ready(Some(Err(io::Error::other("cut off by a fault that was asked for"))))
    }

    fn poll_bytes(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        match self.ending {
            Ending::Cut(0) => return self.poll_cut(context),
            // Nobody wakes it: it ends with the connection.
            Ending::Stall(0) => return Poll::Pending,
            _ => {}
        }
        let piece = ready!(self.poll_content(context));
        Poll::Ready(match (&mut self.ending, piece) {
            (Ending::Cut(left) | Ending::Stall(left), Some(Ok(mut piece))) => {
                piece.truncate(usize::try_from(*left).unwrap_or(usize::MAX));
                *left -= piece.len() as u64;
                Some(Ok(piece))
            }
            // The file has fewer bytes than that.
            (Ending::Cut(left) | Ending::Stall(left), None) => {
                *left = 0;
                return self.poll_bytes(context);
            }
            (Ending::Never, None) => Some(Ok(Bytes::from_static(&[b'\n'; 4096]))),
            (_, piece) => piece,
        })
    }
}

impl Body for CsvBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        self.poll_bytes(context).map(|piece| piece.map(|bytes| bytes.map(Frame::data)))
    }
}
