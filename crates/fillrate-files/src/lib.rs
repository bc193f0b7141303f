//! Files that get their name when they are complete, so that nobody ever finds half of one; the hash of what is in a file;
//! and files with a key, which are read if they are a secret.
#![forbid(unsafe_code)]

use std::collections::BTreeSet;
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{NamedTempFile, TempPath};

mod content;
mod secret;

pub use content::content_hash;
pub use secret::{SecretError, is_key, read_secret, read_secret_file};

/// A file that is being written, under another name. It vanishes unless it is [finished](NewFile::finish); where the process
/// ends before, [`remove_unfinished`] sees to it.
///
/// ```
/// use std::io::Write;
///
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("result.txt");
/// let mut file = fillrate_files::NewFile::create(&path, false)?;
/// file.write_all(b"complete")?;
/// assert!(!path.exists());
/// file.finish()?;
/// assert_eq!(std::fs::read(&path)?, b"complete");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct NewFile {
    path: PathBuf,
    overwrite: bool,
    file: BufWriter<NamedTempFile>,
    _begun: Begun,
}

impl NewFile {
    /// Begins a file that only its owner may read.
    ///
    /// # Errors
    ///
    /// [`AlreadyExists`](ErrorKind::AlreadyExists) if there is a file of that name and `overwrite` is not set, and those of
    /// the folder.
    pub fn create(path: &Path, overwrite: bool) -> io::Result<Self> {
        // Found out now rather than when the work is done.
        if !overwrite && path.symlink_metadata().is_ok() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        // For a message of the system's alone: that of `tempfile` also has a name that nobody knows.
        std::fs::metadata(folder(path))?;
        // In the same folder, so that giving it its name is a renaming and not a copy. Temporary files are their owner's
        // secret, and this one stays so: what is counted tells how good somebody's data is.
        let file = tempfile::Builder::new().prefix(".fillrate-").tempfile_in(folder(path))?;
        let begun = Begun::new(file.path());
        Ok(Self { path: path.to_owned(), overwrite, file: BufWriter::new(file), _begun: begun })
    }

    /// Gives the file its name, when all of it is on the disk.
    ///
    /// # Errors
    ///
    /// As [`create`](NewFile::create), and those of the disk. There is no file then, or the one of before.
    pub fn finish(self) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.as_file().sync_all()?;
        if self.overwrite { file.persist(&self.path) } else { file.persist_noclobber(&self.path) }?;
        sync_folder(folder(&self.path))
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The files that have no name yet. They vanish when they are dropped, but a process that ends at once drops nothing.
static BEGUN: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn begun() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    BEGUN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Removes every file that was begun and not finished: for who ends the process, as on a signal.
pub fn remove_unfinished() {
    for path in std::mem::take(&mut *begun()) {
        // There is nothing more to be done about one that cannot be removed.
        let _ = std::fs::remove_file(path);
    }
}

/// That a file was begun.
#[derive(Debug)]
struct Begun(PathBuf);

impl Begun {
    fn new(path: &Path) -> Self {
        begun().insert(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for Begun {
    fn drop(&mut self) {
        begun().remove(&self.0);
    }
}

/// Gives a file that was written under another name in the same folder its own one, when all of it is on the disk.
///
/// # Errors
///
/// [`AlreadyExists`](ErrorKind::AlreadyExists) if there is a file of that name and `overwrite` is not set, and those of the
/// disk. The file keeps its old name then.
pub fn give_name(file: &std::fs::File, from: &Path, to: &Path, overwrite: bool) -> io::Result<()> {
    file.sync_all()?;
    if overwrite {
        std::fs::rename(from, to)?;
    } else {
        // The only way to rename without overwriting that there is on every system. It would remove what it cannot rename.
        TempPath::try_from_path(from)?.persist_noclobber(to).map_err(|failed| {
            let tempfile::PathPersistError { error, path } = failed;
            path.keep().map_or_else(|failed| failed.error, |_| error)
        })?;
    }
    sync_folder(folder(to))
}

fn folder(path: &Path) -> &Path {
    path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."))
}

/// Makes sure that the name is on the disk too.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_not_finished_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let mut file = NewFile::create(&path, false).unwrap();
        file.write_all(&vec![b'x'; 100_000]).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "in the same folder");
        drop(file);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn nothing_is_overwritten_unless_that_is_wanted() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let late = NewFile::create(&path, false).unwrap();
        fs::write(&path, "before").unwrap();
        let kinds = [NewFile::create(&path, false).map(drop), late.finish()]
            .map(|result| result.map_err(|error| error.kind()));
        assert_eq!(kinds, [Err(ErrorKind::AlreadyExists); 2]);
        assert_eq!(fs::read(&path).unwrap(), b"before");
        let mut file = NewFile::create(&path, true).unwrap();
        file.write_all(b"after").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"before");
        file.finish().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"after");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_name_is_given_and_taken_from_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["a.part", "a"].map(|name| folder.path().join(name));
        fs::write(&from, "new").unwrap();
        fs::write(&to, "before").unwrap();
        let file = fs::File::open(&from).unwrap();
        assert_eq!(give_name(&file, &from, &to, false).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!((fs::read(&from).unwrap(), fs::read(&to).unwrap()), (b"new".to_vec(), b"before".to_vec()));
        give_name(&file, &from, &to, true).unwrap();
        assert!(!from.exists());
        assert_eq!(fs::read(&to).unwrap(), b"new");
        give_name(&file, &to, &from, false).unwrap();
        assert!(from.exists() && !to.exists());
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        NewFile::create(&path, false).unwrap().finish().unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
