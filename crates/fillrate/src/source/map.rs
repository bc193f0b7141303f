//! The memory map: the one place where a file's bytes become a slice without being read.
#![allow(unsafe_code)]

use std::fs::File;
use std::io;

use memmap2::Mmap;

/// Maps a whole file, read-only.
pub(super) fn map(file: &File) -> io::Result<Mmap> {
    // SAFETY: the bytes of a map may change while they are borrowed when another process writes to the file, which no
    // lock can rule out. Nothing here relies on them staying the same: the scanner takes each byte once, by value, holds
    // no reference derived from their content, and indexes only by positions that it counted itself. A change makes
    // figures wrong, not memory unsafe, and `Whole::is_unchanged` then tells, and the figures are refused. Pages cut off by
    // truncation raise SIGBUS, which ends the process; `--io read` is for files that may shrink.
    unsafe { Mmap::map(file) }
}
