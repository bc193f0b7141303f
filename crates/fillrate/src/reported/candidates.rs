//! Stats of several runs, of which one may be the file's.

use std::fs;
use std::path::{Path, PathBuf};

use super::Reported;
use crate::error::{Error, ErrorKind, Result};

/// How many files are read, and how many bytes they may have together.
const MOST_FILES: usize = 10_000;
const MOST_BYTES: u64 = 256 << 20;

/// How deep folders are searched.
const DEEPEST: usize = 32;

/// The stats in a folder, and what else was there.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// Those that could be read, in the order of their paths.
    pub stats: Vec<Candidate>,
    /// Why others were left out.
    pub skipped: Vec<String>,
}

/// The stats of one run.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The file that they are in.
    pub path: PathBuf,
    /// What they say.
    pub stats: Reported,
}

impl Candidates {
    /// Reads every `*.json` in a folder and its folders that holds stats. Other reports are passed over; what cannot be
    /// read is listed.
    ///
    /// ```
    /// let error = fillrate::Candidates::read("no-such-folder".as_ref()).unwrap_err();
    /// assert_eq!(error.kind(), fillrate::ErrorKind::NotFound);
    /// ```
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub fn read(folder: &Path) -> Result<Self> {
        let mut candidates = Self::default();
        let mut bytes = 0;
        for path in candidates.files(folder)? {
            let size = fs::metadata(&path).map_or(0, |metadata| metadata.len());
            if candidates.stats.len() == MOST_FILES || bytes + size > MOST_BYTES {
                candidates
                    .skipped
                    .push(format!("{} and what follows: too many files", path.to_string_lossy()));
                break;
            }
            match Reported::open(&path) {
                Ok(stats) => {
                    bytes += size;
                    candidates.stats.push(Candidate { path, stats });
                }
                // An export record, for example.
                Err(error) if error.kind() == ErrorKind::NotAReport => {}
                Err(error) => candidates.skipped.push(error.to_string()),
            }
        }
        Ok(candidates)
    }

    /// The files to be read, in order.
    fn files(&mut self, folder: &Path) -> Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        let mut folders = vec![(folder.to_owned(), 0)];
        while let Some((folder, depth)) = folders.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) if depth == 0 => return Err(Error::io(&folder, error)),
                Err(error) => {
                    self.skipped.push(Error::io(&folder, error).to_string());
                    continue;
                }
            };
            for entry in entries.filter_map(std::result::Result::ok) {
                let path = entry.path();
                // Links to folders are not followed: they may go round in circles. To open a FIFO would wait for ever.
                if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                    if depth < DEEPEST {
                        folders.push((path, depth + 1));
                    }
                } else if path.extension().is_some_and(|extension| extension == "json") && path.is_file() {
                    files.push(path);
                }
            }
        }
        files.sort_unstable();
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stats_are_found_in_all_folders_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("b.json", r#"{"total": 2}"#);
        write("a/deep/a.json", r#"{"total": 1}"#);
        write("a/export.json", r#"{"rowCount": 1}"#);
        write("a/other.txt", r#"{"total": 3}"#);
        write("bad.json", "{");
        let candidates = Candidates::read(folder.path()).unwrap();
        let totals: Vec<_> = candidates.stats.iter().map(|candidate| candidate.stats.total).collect();
        assert_eq!(totals, [Some(1), Some(2)]);
        assert!(matches!(&candidates.skipped[..], [one] if one.contains("bad.json")), "{candidates:?}");
    }
}
