//! What tells that a file is still the one that it was.

use std::fs::Metadata;
use std::time::SystemTime;

/// A file at one moment: two that are equal are of one file that nobody wrote to in between. On Unix, whoever renames it or
/// changes its permissions makes another one of it, too.
///
/// ```
/// use fillrate::FileVersion;
///
/// let folder = std::env::temp_dir().join(format!("fillrate-version-{}", std::process::id()));
/// std::fs::create_dir(&folder)?;
/// let path = folder.join("audience.csv");
///
/// std::fs::write(&path, "email\n")?;
/// let then = FileVersion::of(&std::fs::metadata(&path)?);
/// assert_eq!(FileVersion::of(&std::fs::metadata(&path)?), then);
/// std::fs::write(&path, "email\nada@example.com\n")?;
/// assert_ne!(FileVersion::of(&std::fs::metadata(&path)?), then);
/// # std::fs::remove_dir_all(&folder)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileVersion {
    size: u64,
    modified: Option<SystemTime>,
    /// Changes with every write, rename and change of permissions, and cannot be set by a program.
    #[cfg(unix)]
    changed: (i64, i64),
    /// Device and number: another file under the same name has others.
    #[cfg(unix)]
    identity: (u64, u64),
}

impl FileVersion {
    /// What the operating system says of a file: by its path, or of one that is open.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        #[cfg(unix)]
        use std::os::unix::fs::MetadataExt;
        Self {
            size: metadata.len(),
            modified: metadata.modified().ok(),
            #[cfg(unix)]
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            #[cfg(unix)]
            identity: (metadata.dev(), metadata.ino()),
        }
    }

    /// How many bytes it had.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// When it was last written to; `None` where the operating system does not tell.
    #[must_use]
    pub const fn modified(&self) -> Option<SystemTime> {
        self.modified
    }

    #[cfg(unix)]
    pub(super) fn is_of_the_same_file(&self, other: &Self) -> bool {
        self.identity == other.identity
    }

    #[cfg(not(unix))]
    pub(super) fn is_of_the_same_file(&self, _: &Self) -> bool {
        true
    }
}
