//! The key, which is sent to the API and shown to nobody.

use std::env::VarError;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use ureq::http::HeaderValue;

use crate::error::{Error, ErrorKind, Result, shown};

/// Longer than any key; a file with more in it is something else.
const MOST_BYTES: u64 = 4_096;

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
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic()) && text.len() as u64 <= MOST_BYTES;
        let value = HeaderValue::from_str(text).ok().filter(|_| is_plain);
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
        let mut text = String::new();
        let read = if path.as_os_str() == fillrate::STDIN {
            io::stdin().take(MOST_BYTES + 1).read_to_string(&mut text)
        } else {
            let file = File::open(path).map_err(|error| Error::file(path, &error))?;
            check_is_secret(path, &file)?;
            file.take(MOST_BYTES + 1).read_to_string(&mut text)
        };
        match read {
            Ok(_) => Self::new(&text),
            // Whatever else it is, it is no key, and what it holds is nobody's business.
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                Err(unusable("the API key is no text"))
            }
            Err(error) => Err(Error::file(path, &error)),
        }
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

/// Refuses a file that anybody but its owner may read. It is the open file that is asked, not whatever has its name now.
#[cfg(unix)]
fn check_is_secret(path: &Path, file: &File) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = file.metadata().map_err(|error| Error::file(path, &error))?;
    let others = metadata.permissions().mode() & 0o077;
    if others == 0 {
        return Ok(());
    }
    let what = format!("{}: others can read this file with a key", shown(path));
    Err(Error::new(
        ErrorKind::ApiKey,
        what,
        "keep it to yourself with `chmod 600`, and replace the key if need be",
    ))
}

#[cfg(not(unix))]
fn check_is_secret(_: &Path, _: &File) -> Result<()> {
    Ok(())
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
        for (mode, is_refused) in
            [(0o600, false), (0o400, false), (0o640, true), (0o604, true), (0o622, true)]
        {
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
