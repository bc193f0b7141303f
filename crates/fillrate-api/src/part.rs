//! A download that is under way: the bytes so far, and of which file they are, so that it can go on later.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind as IoKind, Seek, Write};
use std::path::{Path, PathBuf};

use fillrate_files::NewFile;
use serde::{Deserialize, Serialize};

use crate::digest::{Hasher, feed_file};
use crate::error::{Error, ErrorKind, Result, shown};
use crate::store;

/// Of which file the bytes are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Version {
    /// What is downloaded: the id of an export.
    pub(crate) of: String,
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    pub(crate) byte_size: Option<u64>,
    /// The most records that the API puts into a direct export.
    #[serde(default)]
    pub(crate) row_cap: Option<u64>,
}

impl Version {
    /// What a server can tell by whether it still has the same file. Weak tags stand for files that are much the same.
    pub(crate) fn validator(&self) -> Option<&str> {
        self.strong_tag().or(self.last_modified.as_deref())
    }

    pub(crate) fn strong_tag(&self) -> Option<&str> {
        self.etag.as_deref().filter(|etag| !etag.starts_with("W/"))
    }
}

/// The file that grows, which nobody else writes as long as this is there.
pub(crate) struct Part {
    path: PathBuf,
    beside: PathBuf,
    file: File,
    bytes: u64,
    version: Option<Version>,
}

impl Part {
    /// Opens what there is so far, or begins. Bytes whose file is not known, or is another one than `of` and `size`, are
    /// dropped.
    pub(crate) fn open(path: &Path, of: &str, size: Option<u64>) -> Result<Self> {
        let file = locked(path)?;
        let bytes = file.metadata().map_err(|error| Error::file(path, &error))?.len();
        let beside = path.with_added_extension("json");
        let known: Option<Version> =
            store::read(&beside).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let is_same = |version: &Version| {
            version.of == of && version.byte_size == size && size.is_none_or(|size| bytes <= size)
        };
        let version = known.filter(|version| is_same(version) && version.validator().is_some());
        let mut part = Self { path: path.to_owned(), beside, file, bytes, version };
        if part.version.is_none() {
            part.restart()?;
        }
        Ok(part)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    pub(crate) fn version(&self) -> Option<&Version> {
        self.version.as_ref()
    }

    /// Forgets what is there.
    pub(crate) fn restart(&mut self) -> Result<()> {
        self.version = None;
        self.bytes = 0;
        let emptied = self.file.set_len(0).and_then(|()| self.file.rewind());
        emptied.map_err(|error| Error::file(&self.path, &error))
    }

    /// Notes of which file the bytes are going to be, before there is any.
    pub(crate) fn begin(&mut self, version: Version) -> Result<()> {
        let written = NewFile::create(&self.beside, true).and_then(|mut file| {
            serde_json::to_writer(&mut file, &version)?;
            file.finish()
        });
        written.map_err(|error| Error::file(&self.beside, &error))?;
        self.version = Some(version);
        Ok(())
    }

    pub(crate) fn append(&mut self, bytes: &[u8]) -> Result<()> {
        self.file.write_all(bytes).map_err(|error| Error::file(&self.path, &error))?;
        self.bytes += bytes.len() as u64;
        Ok(())
    }

    /// Hashes what is there, and goes to its end.
    pub(crate) fn hash(&mut self) -> Result<Hasher> {
        let mut hasher = Hasher::new()?;
        self.file.rewind().map_err(|error| Error::file(&self.path, &error))?;
        feed_file(&mut hasher, &self.path, &mut self.file, self.bytes)?;
        Ok(hasher)
    }

    /// Removes what there is, where it turns out that nothing is to be downloaded.
    pub(crate) fn discard(self) -> Result<()> {
        store::remove(&self.path)?;
        store::remove(&self.beside)
    }

    /// Gives the whole file its name.
    pub(crate) fn rename(self, to: &Path, overwrite: bool) -> Result<()> {
        let renamed = fillrate_files::give_name(&self.file, &self.path, to, overwrite);
        renamed.map_err(|error| match error.kind() {
            IoKind::AlreadyExists => exists(to),
            _ => Error::file(to, &error),
        })?;
        // What it says is of no more use; it is no failure if it stays.
        let _ = std::fs::remove_file(&self.beside);
        Ok(())
    }
}

/// Opens and locks the file of this name.
///
/// Between the two, another process may give the file its final name, which must not be written to any more: then the name
/// is opened anew.
fn locked(path: &Path) -> Result<File> {
    let of_file = |error: io::Error| Error::file(path, &error);
    loop {
        let file = open_own(path).map_err(of_file)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let what = format!("{}: another process is downloading this", shown(path));
                return Err(Error::new(ErrorKind::Busy, what, "wait until it is done"));
            }
            Err(TryLockError::Error(error)) => return Err(of_file(error)),
        }
        if is_named(&file, path).map_err(of_file)? {
            return Ok(file);
        }
    }
}

/// Whether this file, and no other, is the one of this name.
#[cfg(unix)]
fn is_named(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let file = file.metadata()?;
    match path.symlink_metadata() {
        Ok(named) => Ok((named.dev(), named.ino()) == (file.dev(), file.ino())),
        Err(error) if error.kind() == IoKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(not(unix))]
fn is_named(_: &File, path: &Path) -> io::Result<bool> {
    path.try_exists()
}

pub(crate) fn exists(path: &Path) -> Error {
    Error::new(
        ErrorKind::Exists,
        format!("{} is there already", shown(path)),
        "use another folder, or `--force`",
    )
}

/// Opens a file of our own name, which its owner alone may read: a new one, or one that is no link to somewhere else.
fn open_own(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(libc::O_NOFOLLOW);
    }
    // A file that is new is made by this process: were it a link, it would have been there.
    match options.clone().create_new(true).open(path) {
        Err(error) if error.kind() == IoKind::AlreadyExists => {}
        opened => return opened,
    }
    let is_file = path.symlink_metadata()?.is_file();
    if !is_file {
        return Err(io::Error::new(IoKind::InvalidInput, "it is no file, but a link or a folder"));
    }
    let file = options.open(path)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        if file.metadata()?.nlink() > 1 {
            return Err(io::Error::new(
                IoKind::InvalidInput,
                "it has another name, of a file that is not ours",
            ));
        }
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(etag: &str) -> Version {
        Version {
            of: "e".to_owned(),
            etag: Some(etag.to_owned()),
            last_modified: None,
            byte_size: Some(10),
            row_cap: None,
        }
    }

    #[test]
    fn bytes_are_kept_only_with_the_file_that_they_are_of() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.part");
        let begin = |etag: &str| {
            let mut part = Part::open(&path, "e", Some(10)).unwrap();
            part.restart().unwrap();
            part.begin(version(etag)).unwrap();
            part.append(b"12345").unwrap();
        };
        let reopened = |of: &str, size: Option<u64>| Part::open(&path, of, size).unwrap().bytes();
        for (of, size, bytes) in [("e", Some(10), 5), ("f", Some(10), 0), ("e", Some(11), 0), ("e", None, 0)]
        {
            begin("\"x\"");
            assert_eq!(reopened(of, size), bytes, "{of} {size:?}");
        }
        begin("W/\"x\"");
        assert_eq!(reopened("e", Some(10)), 0, "a weak tag is no proof");
        for beside in ["", "{", "{\"of\":\"e\"}", "[]"] {
            begin("\"x\"");
            std::fs::write(folder.path().join("a.part.json"), beside).unwrap();
            assert_eq!(reopened("e", Some(10)), 0, "{beside}");
        }
        begin("\"x\"");
        std::fs::write(&path, "12345678901").unwrap();
        assert_eq!(reopened("e", Some(10)), 0, "more than there can be");
    }

    #[test]
    fn two_do_not_write_one_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.part");
        let first = Part::open(&path, "e", None).unwrap();
        let second = Part::open(&path, "e", None).map(|_| ()).unwrap_err();
        assert_eq!(second.kind(), ErrorKind::Busy);
        drop(first);
        Part::open(&path, "e", None).unwrap();
    }

    /// What another process has finished is not its to write to, even if it had been opened before.
    #[cfg(unix)]
    #[test]
    fn a_file_that_has_its_name_is_not_the_part_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let [path, finished] = ["a.part", "a"].map(|name| folder.path().join(name));
        let file = open_own(&path).unwrap();
        assert!(is_named(&file, &path).unwrap());
        std::fs::rename(&path, &finished).unwrap();
        assert!(!is_named(&file, &path).unwrap());
        std::fs::write(&path, "another").unwrap();
        assert!(!is_named(&file, &path).unwrap());
    }

    #[cfg(unix)]
    #[test]
    fn a_file_with_another_name_is_not_written_to_and_one_that_others_read_is_closed_to_them() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let [path, other] = ["a.part", "other"].map(|name| folder.path().join(name));
        std::fs::write(&other, "precious").unwrap();
        std::fs::hard_link(&other, &path).unwrap();
        assert!(Part::open(&path, "e", None).is_err());
        assert_eq!(std::fs::read(&other).unwrap(), b"precious");
        std::fs::remove_file(&other).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o666)).unwrap();
        Part::open(&path, "e", None).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_not_written_through_and_nobody_else_may_read() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (path, aim) = (folder.path().join("a.part"), folder.path().join("aim"));
        std::fs::write(&aim, "precious").unwrap();
        std::os::unix::fs::symlink(&aim, &path).unwrap();
        assert!(Part::open(&path, "e", None).is_err());
        assert_eq!(std::fs::read(&aim).unwrap(), b"precious");
        std::fs::remove_file(&path).unwrap();
        std::os::unix::fs::symlink(folder.path().join("nowhere"), &path).unwrap();
        assert!(Part::open(&path, "e", None).is_err());
        std::fs::remove_file(&path).unwrap();
        Part::open(&path, "e", None).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
