//! Files that hold a key: read unless others than their owner could have read them.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Longer than any key; a file with more in it is something else.
const MOST_KEY_BYTES: usize = 4_096;

/// Why there is no text of a file with a key.
#[derive(Debug)]
pub enum SecretError {
    /// Others than its owner may read the file, or write to it.
    Exposed,
    /// It cannot be read. [`InvalidData`](io::ErrorKind::InvalidData): it is no text.
    Io(io::Error),
}

impl From<io::Error> for SecretError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Reads a file with a key that its owner alone can read; on Windows, whoever can read it. What is more than a key may have
/// is not read.
///
/// ```
/// use std::io::Write;
///
/// // Temporary files are their owner's alone.
/// let mut file = tempfile::NamedTempFile::new()?;
/// writeln!(file, "sk_invented")?;
/// let text = fillrate_files::read_secret_file(file.path()).unwrap();
/// assert!(fillrate_files::is_key(text.trim_ascii()));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// [`SecretError::Exposed`] if others can read or write the file, and those of the file.
pub fn read_secret_file(path: &Path) -> Result<String, SecretError> {
    let file = File::open(path)?;
    // It is the open file that is asked, not whatever has its name now.
    if is_exposed(&file)? {
        return Err(SecretError::Exposed);
    }
    Ok(read_secret(file)?)
}

/// Reads a key from what has no permissions, as standard input. What is more than a key may have is not read.
///
/// # Errors
///
/// [`InvalidData`](io::ErrorKind::InvalidData) if it is no text, and those of the reader.
pub fn read_secret(reader: impl Read) -> io::Result<String> {
    let mut text = String::new();
    // One byte more than there may be, which tells that there are too many.
    reader.take(MOST_KEY_BYTES as u64 + 1).read_to_string(&mut text)?;
    Ok(text)
}

/// Whether a text can be a key: visible ASCII characters, because a line end in a header would be the beginning of another
/// one, and not too many of them.
///
/// ```
/// assert!(fillrate_files::is_key("sk_invented"));
/// assert!(!fillrate_files::is_key("sk_invented\r\nx-evil: 1"));
/// ```
#[must_use]
pub fn is_key(text: &str) -> bool {
    !text.is_empty() && text.len() <= MOST_KEY_BYTES && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    const ALL_BUT_OWNER: u32 = 0o077;
    let permissions = file.metadata()?.permissions();
    Ok(std::os::unix::fs::PermissionsExt::mode(&permissions) & ALL_BUT_OWNER != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &File) -> io::Result<bool> {
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_not_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, " sk_a\n").unwrap();
        for (mode, is_exposed) in
            [(0o600, false), (0o400, false), (0o700, false), (0o640, true), (0o604, true), (0o622, true)]
        {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            match read_secret_file(&path) {
                Ok(text) => assert!(!is_exposed && text == " sk_a\n", "{mode:o}"),
                Err(error) => assert!(is_exposed && matches!(error, SecretError::Exposed), "{mode:o}"),
            }
        }
        let missing = read_secret_file(&folder.path().join("none")).unwrap_err();
        assert!(matches!(missing, SecretError::Io(error) if error.kind() == io::ErrorKind::NotFound));
    }

    #[test]
    fn what_is_no_text_is_an_error_and_what_is_too_long_is_no_key() {
        assert_eq!(read_secret(&b"sk\xff"[..]).unwrap_err().kind(), io::ErrorKind::InvalidData);
        let endless = read_secret(io::repeat(b's')).unwrap();
        assert!(!is_key(&endless));
        assert!(is_key(&endless[1..]));
    }

    #[test]
    fn a_key_is_what_a_header_can_carry() {
        assert!(is_key("sk_A-1~!"));
        for other in ["", " ", "a b", "a\tb", "a\nb", "a\r\nx-evil: 1", "schl\u{fc}ssel", "a\0", "a\u{7f}"] {
            assert!(!is_key(other), "{other:?}");
        }
    }
}
