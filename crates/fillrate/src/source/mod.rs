//! A file or a stream → bytes.
//!
//! A regular file becomes a [`Whole`]: any range of it, from any thread, through a memory map or positioned reads.
//! What has no size or cannot be read twice (standard input, a FIFO, a file under `/proc`, and whatever is compressed)
//! becomes a [`Stream`]. The bytes of either are seen through a [`Window`].
//!
//! Nothing gets out of here that is known to be no CSV, or that changed while it was read.

mod buffer;
mod compressed;
mod format;
mod json;
mod map;
mod stored;
mod stream;
mod version;
mod whole;
mod window;

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};
use compressed::Compression;
pub use compressed::MAX_ZSTD_WINDOW_BYTES;
use stored::Stored;
use stream::Reader;
pub(crate) use stream::Stream;
pub use version::FileVersion;
pub(crate) use whole::Whole;
pub(crate) use window::Window;

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// The SHA-1 of all bytes of a source.
pub(crate) type Sha1Digest = [u8; 20];

/// How a regular file is read.
///
/// With the first file that is mapped, on Unix, a handler for the signal SIGBUS is installed in the process, and stays.
/// It makes zeros of what is cut off from a file while it is mapped, so that analysing it ends in
/// [`ErrorKind::ChangedWhileReading`]. All other occurrences of the signal go to the handler that was there before. A
/// program that installs one of its own later has to pass on what it does not know, or use [`Io::Read`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Io {
    /// A memory map; a small file is read into memory at once, and one that cannot be mapped by positioned reads. A
    /// compressed file is read from front to back.
    #[default]
    Auto,
    /// A memory map, or an error: also where a compressed file would have to be read from front to back.
    Mmap,
    /// Positioned reads into a buffer per thread. A file on a network or failing disk then ends in an error message.
    Read,
}

impl Io {
    /// Every way to read, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Mmap, Self::Read];

    /// The name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Mmap => "mmap",
            Self::Read => "read",
        }
    }
}

impl FromStr for Io {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|io| io.name() == name).ok_or_else(|| {
            Error::new(ErrorKind::Usage, format!("no way to read is called {name}"), "use auto, mmap or read")
        })
    }
}

/// An opened input.
#[derive(Debug)]
pub(crate) enum Source {
    /// Of known size, readable at any offset by several threads.
    Whole(Whole),
    /// Readable once, from front to back.
    Stream(Box<Stream>),
}

impl Source {
    /// All bytes from `start` on, or those that are still to come of a stream.
    pub(crate) fn window(&mut self, start: u64) -> Window<'_> {
        match self {
            Self::Whole(whole) => whole.window(start..whole.size()),
            Self::Stream(stream) => Window::Stream(stream),
        }
    }

    /// How large it is; of a stream, how much was read.
    pub(crate) fn size(&self) -> u64 {
        match self {
            Self::Whole(whole) => whole.size(),
            Self::Stream(stream) => stream.size(),
        }
    }

    /// Opens a file, or standard input for [`STDIN`], and finds out whether it can be a CSV.
    pub(crate) fn open(path: &Path, io: Io, delimiter: u8) -> Result<Self> {
        Self::open_path(path, io, delimiter).map_err(|error| Error::io(path, error))
    }

    /// Takes bytes for a file's.
    pub(crate) fn in_memory(bytes: Vec<u8>, delimiter: u8) -> Result<Self> {
        Self::of_whole(Whole::in_memory(bytes), Io::Auto, delimiter)
            .map_err(|error| Error::io(Path::new(STDIN), error))
    }

    fn open_path(path: &Path, io: Io, delimiter: u8) -> io::Result<Self> {
        if path.as_os_str() == STDIN {
            return Self::of_reader(Box::new(io::stdin()), None, io, delimiter);
        }
        // Before opening: to open a FIFO waits for its writer, and to open a device may have effects.
        let metadata = fs::metadata(path)?;
        if !metadata.is_file() && !is_fifo(&metadata) {
            let what = format!("this is {}, not a file", kind_of_file(&metadata));
            return Err(Error::new(ErrorKind::NotAFile, what, "give the path of a CSV file").into_io());
        }
        let file = File::open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Self::of_reader(Box::new(file), None, io, delimiter);
        }
        let stored = Stored::new(file, &metadata, path);
        // Files under /proc say that they are empty; reading tells.
        if metadata.len() == 0 {
            return Self::of_reader(Box::new(stored.reader()?), Some(stored), Io::Auto, delimiter);
        }
        Self::of_whole(Whole::open(stored, io)?, io, delimiter)
    }

    fn of_whole(whole: Whole, io: Io, delimiter: u8) -> io::Result<Self> {
        let check = || {
            let mut head = whole.head();
            let head = head.fill_all()?;
            if Compression::of(head).is_some() {
                return Ok(true);
            }
            whole.check_format(head, delimiter).map(|()| false)
        };
        // First of all: a file that is cut also begins or ends in another way, and that is the less helpful thing to say.
        if check().or_else(|error| whole.check_unchanged().and(Err(error)))? {
            let (reader, stored) = whole.into_reader()?;
            return Self::of_reader(reader, stored, io, delimiter);
        }
        Ok(Self::Whole(whole))
    }

    fn of_reader(reader: Reader, stored: Option<Stored>, io: Io, delimiter: u8) -> io::Result<Self> {
        if io == Io::Mmap {
            let what = "a stream or a compressed file cannot be mapped into memory";
            return Err(Error::new(ErrorKind::Usage, what, "leave out `--io mmap`").into_io());
        }
        let (head, reader) = stream::peek(reader)?;
        let Some(compression) = Compression::of(&head) else {
            return Stream::new(&head, reader, stored, delimiter)
                .map(|stream| Self::Stream(Box::new(stream)));
        };
        let decoder: Reader = Box::new(compression.decode(reader)?);
        let (head, reader) = stream::peek(decoder).map_err(|error| match &stored {
            Some(stored) => stored.reason(error),
            None => error,
        })?;
        if Compression::of(&head).is_some() {
            let what = "what is compressed here is compressed itself";
            return Err(Error::new(ErrorKind::NotCsv, what, "decompress it once first").into_io());
        }
        Stream::new(&head, reader, stored, delimiter).map(|stream| Self::Stream(Box::new(stream)))
    }

    /// Fails if the file changed since it was opened.
    pub(crate) fn check_unchanged(&self) -> io::Result<()> {
        match self {
            Self::Whole(whole) => whole.check_unchanged(),
            Self::Stream(stream) => stream.check_unchanged(),
        }
    }
}

#[cfg(unix)]
fn is_fifo(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_fifo(_: &fs::Metadata) -> bool {
    false
}

fn kind_of_file(metadata: &fs::Metadata) -> &'static str {
    if metadata.is_dir() { "a directory" } else { "a device or socket" }
}
