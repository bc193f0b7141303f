//! The memory map: the one place where a file's bytes become a slice without being read.
#![allow(unsafe_code)]

#[cfg(unix)]
mod sigbus;

use std::fs::File;
use std::io;

use memmap2::{Mmap, MmapOptions};

/// The first bytes of a file, mapped read-only. Those that are cut off while they are mapped become zeros.
pub(super) struct Map {
    /// Before `bytes`, so that it is dropped before these are unmapped.
    #[cfg(unix)]
    watch: sigbus::Watch,
    bytes: Mmap,
}

impl Map {
    /// Maps the first `size` bytes, which may be more than the file still has.
    pub(super) fn new(file: &File, size: u64) -> io::Result<Self> {
        let size = usize::try_from(size).map_err(|_| io::ErrorKind::FileTooLarge)?;
        // SAFETY: the bytes of a map may change while they are borrowed when another process writes to the file, which no
        // lock can rule out. Nothing here relies on them staying the same, although some are looked at twice: the scanner
        // holds no reference derived from their content, and where it does not check bounds, it indexes by what it counted
        // of masks that it keeps itself. A change makes figures wrong, not memory unsafe, and `Whole::check_unchanged` then
        // tells, and the figures are refused.
        // Pages that are cut off raise SIGBUS, which `sigbus` turns into zeros; elsewhere than on Unix a mapped file
        // cannot be cut.
        let bytes = unsafe { MmapOptions::new().len(size).map(file)? };
        Ok(Self {
            #[cfg(unix)]
            watch: sigbus::Watch::over(&bytes)?,
            bytes,
        })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether some of the bytes could not be had, and are zeros.
    pub(super) fn is_lost(&self) -> bool {
        #[cfg(unix)]
        return self.watch.is_lost();
        #[cfg(not(unix))]
        return false;
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_off_becomes_zeros() {
        for left in [0, 1, 5_000, 99_999, 300_000] {
            let file = tempfile::tempfile().unwrap();
            let kept = tempfile::tempfile().unwrap();
            for (file, byte) in [(&file, b'a'), (&kept, b'k')] {
                io::Write::write_all(&mut { file }, &vec![byte; 300_000]).unwrap();
            }
            let (map, beside) = (Map::new(&file, 300_000).unwrap(), Map::new(&kept, 300_000).unwrap());
            file.set_len(left).unwrap();
            // On several threads, and at the far end first.
            std::thread::scope(|scope| {
                for part in map.bytes().rchunks(70_000) {
                    scope.spawn(|| assert!(part.iter().all(|byte| [b'a', 0].contains(byte))));
                }
            });
            let left = usize::try_from(left).unwrap();
            assert!(map.bytes()[..left].iter().all(|byte| *byte == b'a'), "{left} bytes are left");
            assert!(map.bytes()[left..].iter().all(|byte| *byte == 0), "{left} bytes are left");
            assert_eq!(map.is_lost(), left < 300_000, "{left} bytes are left");
            assert!(beside.bytes().iter().all(|byte| *byte == b'k'));
            assert!(!beside.is_lost());
        }
    }

    #[test]
    fn more_than_a_file_has_is_lost() {
        let file = tempfile::tempfile().unwrap();
        let map = Map::new(&file, 10_000).unwrap();
        assert!(map.bytes().iter().all(|byte| *byte == 0));
        assert!(map.is_lost());
    }
}
