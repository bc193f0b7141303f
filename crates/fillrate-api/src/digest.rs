//! The SHA-1 of what is downloaded, computed beside the writing.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use sha1::{Digest, Sha1};

use crate::error::{Error, ErrorKind, Result};

/// Large enough for few calls of the system, small enough for a cache.
const BUFFER_BYTES: usize = 512 << 10;

/// How many buffers are on their way: one is filled while another one is hashed.
const BUFFERS: usize = 4;

/// Hashes on a thread of its own, and gives the buffers back to be filled again.
pub(crate) struct Hasher {
    full: SyncSender<Vec<u8>>,
    empty: Receiver<Vec<u8>>,
    thread: JoinHandle<Sha1>,
    made: usize,
}

impl Hasher {
    pub(crate) fn new() -> Result<Self> {
        let (full, to_hash) = sync_channel::<Vec<u8>>(BUFFERS);
        let (hashed, empty) = sync_channel(BUFFERS);
        let hash = move || {
            let mut sha1 = Sha1::new();
            for buffer in to_hash {
                sha1.update(&buffer);
                // Nobody wants it back when the last one has been filled.
                let _ = hashed.try_send(buffer);
            }
            sha1
        };
        let thread = thread::Builder::new().name("sha1".to_owned()).spawn(hash).map_err(|_| failed())?;
        Ok(Self { full, empty, thread, made: 0 })
    }

    /// A buffer to fill.
    pub(crate) fn buffer(&mut self) -> Result<Vec<u8>> {
        let mut buffer = if self.made < BUFFERS {
            self.made += 1;
            Vec::new()
        } else {
            self.empty.recv().map_err(|_| failed())?
        };
        buffer.resize(BUFFER_BYTES, 0);
        Ok(buffer)
    }

    /// Takes what a buffer was filled with.
    pub(crate) fn feed(&self, buffer: Vec<u8>) -> Result<()> {
        self.full.send(buffer).map_err(|_| failed())
    }

    /// The digest of everything, in lower-case hexadecimal.
    pub(crate) fn finish(self) -> Result<String> {
        drop(self.full);
        let sha1 = self.thread.join().map_err(|_| failed())?;
        Ok(base16ct::lower::encode_string(&sha1.finalize()))
    }
}

/// Feeds so many bytes of a file to a hasher.
pub(crate) fn feed_file(hasher: &mut Hasher, path: &Path, file: &mut File, bytes: u64) -> Result<()> {
    let mut left = bytes;
    while left > 0 {
        let mut buffer = hasher.buffer()?;
        buffer.truncate(usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len()));
        file.read_exact(&mut buffer).map_err(|error| Error::file(path, &error))?;
        left -= buffer.len() as u64;
        hasher.feed(buffer)?;
    }
    Ok(())
}

/// The size and the digest of a file.
pub(crate) fn of_file(path: &Path) -> Result<(u64, String)> {
    let unreadable = |error| Error::file(path, &error);
    let mut file = File::open(path).map_err(unreadable)?;
    let bytes = file.metadata().map_err(unreadable)?.len();
    let mut hasher = Hasher::new()?;
    feed_file(&mut hasher, path, &mut file, bytes)?;
    Ok((bytes, hasher.finish()?))
}

fn failed() -> Error {
    Error::new(ErrorKind::Files, "there is no thread for the SHA-1", "run fewer programs at a time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buffers_of_any_size_give_the_digest_of_all() {
        // Of the examples of FIPS 180.
        let mut hasher = Hasher::new().unwrap();
        for part in vec![vec![b'a'; 100_000]; 10] {
            let mut buffer = hasher.buffer().unwrap();
            buffer.truncate(part.len());
            buffer.copy_from_slice(&part);
            hasher.feed(buffer).unwrap();
        }
        assert_eq!(hasher.finish().unwrap(), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
        assert_eq!(Hasher::new().unwrap().finish().unwrap(), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
    }
}
