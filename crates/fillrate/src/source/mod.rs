//! A file or a stream → bytes.
//!
//! A regular file becomes a [`Whole`]: any range of it, from any thread, through a memory map or positioned reads.
//! What has no size or cannot be read twice (standard input, a FIFO, a file under `/proc`) becomes a [`Stream`]. The
//! bytes of either are seen through a [`Window`].

mod buffer;
mod map;
mod stream;
mod whole;
mod window;

use std::fs::{self, File};
use std::path::Path;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};
pub(crate) use stream::Stream;
pub(crate) use whole::Whole;
pub(crate) use window::Window;

/// The path that stands for standard input.
pub const STDIN: &str = "-";

/// The SHA-1 of all bytes of a source.
pub(crate) type Sha1Digest = [u8; 20];

/// How a regular file is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Io {
    /// A memory map; positioned reads where the file cannot be mapped.
    #[default]
    Auto,
    /// A memory map, or an error.
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
    Stream(Stream),
}

impl Source {
    /// All bytes, or those that are still to come.
    pub(crate) fn window(&mut self) -> Window<'_> {
        match self {
            Self::Whole(whole) => whole.window(0..whole.size()),
            Self::Stream(stream) => Window::Stream(stream),
        }
    }

    /// Opens a file, or standard input for [`STDIN`].
    pub(crate) fn open(path: &Path, io: Io) -> Result<Self> {
        if path.as_os_str() == STDIN {
            return Self::stream(Box::new(std::io::stdin()), io).map_err(|error| error.in_file(path));
        }
        let in_file = |error| Error::io(path, error);
        // Before opening: to open a FIFO waits for its writer, and to open a device may have effects.
        let metadata = fs::metadata(path).map_err(in_file)?;
        if !metadata.is_file() && !is_fifo(&metadata) {
            return Err(Error::new(
                ErrorKind::NotAFile,
                format!("this is {}, not a file", kind_of_file(&metadata)),
                "give the path of a CSV file",
            )
            .in_file(path));
        }
        let file = File::open(path).map_err(in_file)?;
        let metadata = file.metadata().map_err(in_file)?;
        // Files under /proc say that they are empty; reading tells.
        if metadata.is_file() && metadata.len() > 0 {
            Whole::open(file, &metadata, io).map(Self::Whole).map_err(in_file)
        } else {
            Self::stream(Box::new(file), if metadata.is_file() { Io::Auto } else { io })
                .map_err(|error| error.in_file(path))
        }
    }

    fn stream(reader: Box<dyn std::io::Read + Send>, io: Io) -> Result<Self> {
        if io == Io::Mmap {
            return Err(Error::new(
                ErrorKind::Usage,
                "a stream cannot be mapped into memory",
                "leave out `--io mmap`",
            ));
        }
        Ok(Self::Stream(Stream::new(reader)))
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
