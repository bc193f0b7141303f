//! What tells the content of a file from another one.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use twox_hash::xxhash3_128::Hasher;

const BUFFER_BYTES: usize = 128 << 10;

/// The XXH3 of all bytes of a file, of 128 bits: files that differ by accident have different ones. It withstands nobody
/// who looks for two files that share one.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("empty");
/// std::fs::write(&path, "")?;
/// assert_eq!(fillrate_files::content_hash(&path)?, 0x99aa_06d3_0147_98d8_6001_c324_468d_497f);
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// Those of opening and reading the file.
pub fn content_hash(path: &Path) -> io::Result<u128> {
    let mut file = File::open(path)?;
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish_128()),
            Ok(count) => hasher.write(&buffer[..count]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_counts_whatever_the_buffer_holds() {
        let folder = tempfile::tempdir().unwrap();
        let hash = |content: &[u8]| {
            let path = folder.path().join("a");
            std::fs::write(&path, content).unwrap();
            content_hash(&path).unwrap()
        };
        let content = vec![7; 2 * BUFFER_BYTES + 1];
        assert_eq!(hash(&content), Hasher::oneshot(&content));
        let mut hashes = vec![hash(&content), hash(&content[1..])];
        for at in [0, BUFFER_BYTES - 1, BUFFER_BYTES, 2 * BUFFER_BYTES] {
            let mut altered = content.clone();
            altered[at] = 8;
            hashes.push(hash(&altered));
        }
        let count = hashes.len();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), count);
        assert_eq!(content_hash(&folder.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }
}
