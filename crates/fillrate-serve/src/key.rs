//! The key that callers have to show.

use std::fmt;
use std::path::Path;

use fillrate_files::{SecretError, is_key, read_secret_file};

use crate::Error;
use crate::signing::Signer;

/// The API key that requests have to carry. It is never printed.
///
/// ```
/// let key = fillrate_serve::ApiKey::default();
/// assert_eq!(format!("{key:?}"), "ApiKey(***)");
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKey(String);

impl ApiKey {
    /// The key where none is given. It protects nothing.
    pub const TEST: &'static str = "sk_test";

    /// A key of visible ASCII characters, which is what a header can carry.
    ///
    /// # Errors
    ///
    /// If it is empty, far too long, or has other characters.
    pub fn new(key: &str) -> Result<Self, Error> {
        if !is_key(key) {
            return Err(Error::new(
                "the key is empty, too long, or has characters that no header carries",
                "use letters, digits and `_`, on one line",
            ));
        }
        Ok(Self(key.to_owned()))
    }

    /// Reads a file that its owner alone can read, and that holds the key and nothing but white space around it.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or others can read it, or as [`new`](Self::new).
    pub fn from_file(path: &Path) -> Result<Self, Error> {
        let text = read_secret_file(path).map_err(|error| match error {
            SecretError::Exposed => {
                Error::new("others can read the key", "make it yours alone with `chmod 600`").in_file(path)
            }
            SecretError::Io(error) => Error::io("cannot read the key", path, &error, "name a readable file"),
        })?;
        Self::new(text.trim()).map_err(|error| error.in_file(path))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl Default for ApiKey {
    fn default() -> Self {
        Self(Self::TEST.to_owned())
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(***)")
    }
}

/// Compares what callers show with the key, in a time that does not tell where the two differ.
#[derive(Debug)]
pub(crate) struct KeyCheck {
    signer: Signer,
    expected: [u8; 32],
}

impl KeyCheck {
    pub(crate) fn new(key: &ApiKey, signer: Signer) -> Self {
        let expected = signer.sign(key.bytes());
        Self { signer, expected }
    }

    pub(crate) fn accepts(&self, shown: &[u8]) -> bool {
        self.signer.verifies(shown, &self.expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_key_is_accepted() {
        let check = KeyCheck::new(&ApiKey::default(), Signer::random().unwrap());
        assert!(check.accepts(b"sk_test"));
        for other in [&b""[..], b"sk_tes", b"sk_test ", b"SK_TEST", b"sk_test\0"] {
            assert!(!check.accepts(other), "{other:?}");
        }
    }

    #[test]
    fn a_key_is_one_line_that_a_header_can_carry() {
        for wrong in ["", " ", "a b", "a\nb", "a\r\nx-evil: 1", "schl\u{fc}ssel", "a\0"] {
            assert!(ApiKey::new(wrong).is_err(), "{wrong:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, " sk_secret\n").unwrap();
        for (mode, accepted) in [(0o600, true), (0o640, false)] {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
            let read = ApiKey::from_file(&path);
            assert_eq!(read.is_ok(), accepted, "{mode:o}");
            match read {
                Ok(key) => assert_eq!(key.bytes(), b"sk_secret"),
                Err(error) => {
                    let text = error.to_string();
                    assert!(text.contains("chmod 600") && !text.contains("secret"), "{text}");
                }
            }
        }
        let missing = ApiKey::from_file(&folder.path().join("none")).unwrap_err().to_string();
        assert!(missing.contains("none"), "{missing}");
    }
}
