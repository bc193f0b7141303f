//! The key, which is sent to the API and shown to nobody.

use std::env::VarError;
use std::fmt;
use std::io;
use std::path::Path;

use fillrate_files::{SecretError, is_key, read_secret, read_secret_file};
use ureq::http::HeaderValue;

use crate::error::{Error, ErrorKind, Result, shown};

/// The key of the API. `Debug` and `Display` print `***`.
///
/// ```
/// let key = fillrate_api::ApiKey::new("sk_invented")?;
/// assert_eq!(format!("{key} {key:?}"), "*** ***");
/// # Ok::<(), fillrate_api::Error>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(HeaderValue);

impl ApiKey {
    /// Takes a key; white space at its ends is what editors and shells leave there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ApiKey`] if nothing is left, or if it holds anything but visible ASCII characters: a line end in a header
    /// would be the beginning of another one.
    pub fn new(text: &str) -> Result<Self> {
        let text = text.trim_ascii();
        if text.is_empty() {
            return Err(unusable("the API key is empty"));
        }
        let value = HeaderValue::from_str(text).ok().filter(|_| is_key(text));
        let mut value = value.ok_or_else(|| unusable("the API key has characters in it that no key has"))?;
        value.set_sensitive(true);
        Ok(Self(value))
    }

    /// Reads a key from a file that its owner alone can read, or from standard input if it is called `-`.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::ApiKey`] if others can read the file, and as [`new`](ApiKey::new); [`ErrorKind::Files`] if it cannot be
    /// read.
    pub fn read(path: &Path) -> Result<Self> {
        let text = if path.as_os_str() == fillrate::STDIN {
            read_secret(io::stdin()).map_err(SecretError::Io)
        } else {
            read_secret_file(path)
        };
        text.map_err(|error| match error {
            SecretError::Exposed => Error::new(
                ErrorKind::ApiKey,
                format!("{}: others can read this file with a key", shown(path)),
                "keep it to yourself with `chmod 600`, and replace the key if need be",
            ),
            // Whatever else it is, it is no key, and what it holds is nobody's business.
            SecretError::Io(error) if error.kind() == io::ErrorKind::InvalidData => {
                unusable("the API key is no text")
            }
            SecretError::Io(error) => Error::file(path, &error),
        })
        .and_then(|text| Self::new(&text))
    }

    /// Reads a key from a file if one is named, and else takes it from the environment, from `LEADPIPE_API_KEY`. There is no
    /// other way: others can see command lines.
    ///
    /// # Errors
    ///
    /// As [`read`](ApiKey::read), and [`ErrorKind::ApiKey`] if there is none.
    pub fn find(file: Option<&Path>) -> Result<Self> {
        match (file, std::env::var("LEADPIPE_API_KEY")) {
            (Some(file), _) => Self::read(file),
            (None, Ok(text)) => Self::new(&text),
            (None, Err(VarError::NotPresent)) => Err(unusable("there is no API key")),
            (None, Err(VarError::NotUnicode(_))) => Err(unusable("the API key is no text")),
        }
    }

    pub(crate) fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

fn unusable(what: &str) -> Error {
    Error::new(ErrorKind::ApiKey, what, "set LEADPIPE_API_KEY, or name a file with `--api-key-file`")
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_with_anything_but_visible_ascii_is_refused_and_not_shown() {
        assert_eq!(ApiKey::new(" sk_a\r\n").unwrap().header(), "sk_a");
        for bad in
            ["", " \n", "sk\r\nx-evil: 1", "sk\0", "sk\u{7f}", "sk key", "sk_é", "sk\t1", &"s".repeat(5_000)]
        {
            let error = ApiKey::new(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ApiKey);
            assert!(!format!("{error} {error:?}").contains("sk"), "{error}");
        }
        let key = ApiKey::new("sk_canary").unwrap();
        assert!(!format!("{key} {key:?} {:?} {:?}", key.0, Some(&key)).contains("canary"));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        std::fs::write(&path, "sk_a\n").unwrap();
        for (mode, is_refused) in [(0o600, false), (0o640, true)] {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
            let kind = ApiKey::read(&path).map_err(|error| error.kind()).err();
            assert_eq!(kind, is_refused.then_some(ErrorKind::ApiKey), "{mode:o}");
        }
        assert_eq!(ApiKey::read(&folder.path().join("none")).unwrap_err().kind(), ErrorKind::Files);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        std::fs::write(&path, b"sk\xff").unwrap();
        assert_eq!(ApiKey::read(&path).unwrap_err().kind(), ErrorKind::ApiKey);
    }
}
