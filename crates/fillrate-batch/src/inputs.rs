//! Paths, folders, patterns and lists → the exports to be checked.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use fillrate::{STDIN, export_stem};
use walkdir::WalkDir;

use crate::error::Error;
use crate::record::Problem;

/// How deep folders are searched.
const DEEPEST: usize = 32;

/// The most bytes that a list of paths may have: a million paths of 256 bytes.
const MOST_LIST_BYTES: u64 = 256 << 20;

/// The exports of a batch, in its order, and the reports that may be theirs.
#[derive(Debug, Default)]
pub struct Inputs {
    /// The exports: in the order of the arguments, and those of one argument in the order of their paths' bytes.
    pub files: Vec<Input>,
    /// Every `*.json` that was named or lies in a searched folder.
    pub reports: Vec<PathBuf>,
    /// What was named, and is neither an export nor a report by its name.
    pub passed_over: Vec<PathBuf>,
}

/// One export. Named twice, it is there twice.
#[derive(Debug)]
pub struct Input {
    /// As it was given or found.
    pub path: PathBuf,
    /// Why it cannot be used, if that is known already: there is no such path, or a folder cannot be read.
    pub problem: Option<Problem>,
}

impl Inputs {
    /// Finds the exports that paths stand for: files, folders with all that is in them, and patterns such as `runs/**/*.csv`.
    ///
    /// An export is called `*.csv`, `*.csv.gz` or `*.csv.zst`, in whatever case. Links to files are followed, those to
    /// folders only where they are named themselves: so no link leads in circles, or to a file twice. What cannot be
    /// found or read, or lies more than 32 folders deep, becomes an input with a [problem](Input::problem), so that it is in the results too.
    #[must_use]
    pub fn find(paths: &[PathBuf]) -> Self {
        let mut inputs = Self::default();
        for path in paths {
            inputs.in_order(|inputs| inputs.add_argument(path));
        }
        inputs
    }

    /// Adds the files and folders that a list names, one a line. `-` is standard input.
    ///
    /// # Errors
    ///
    /// If the list cannot be read, or has more than 256 MiB.
    pub fn add_list(&mut self, list: &Path) -> Result<(), Error> {
        let mut text = Vec::new();
        let read = if list.as_os_str() == fillrate::STDIN {
            io::stdin().lock().take(MOST_LIST_BYTES + 1).read_to_end(&mut text)
        } else {
            fs::File::open(list).and_then(|file| file.take(MOST_LIST_BYTES + 1).read_to_end(&mut text))
        };
        let refuse = |what: String| Error::new("list", list, what, "give a file with one path per line");
        read.map_err(|error| refuse(error.to_string()))?;
        if text.len() as u64 > MOST_LIST_BYTES {
            return Err(refuse(format!("this list has more than {MOST_LIST_BYTES} bytes")));
        }
        for line in text.split(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty() {
                self.in_order(|inputs| inputs.add_path(&path_of(line)));
            }
        }
        Ok(())
    }

    /// Sorts what is added by the bytes of the paths, not by their components as paths are compared by themselves: so a
    /// sorted list of paths is one to any program. A pattern may fit a folder and what is in it, which is there once.
    fn in_order(&mut self, add: impl FnOnce(&mut Self)) {
        fn bytes(path: &Path) -> &[u8] {
            path.as_os_str().as_encoded_bytes()
        }
        let (files, reports) = (self.files.len(), self.reports.len());
        add(self);
        let mut added = self.files.split_off(files);
        added.sort_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
        added.dedup_by(|a, b| a.path == b.path);
        self.files.append(&mut added);
        self.reports[reports..].sort_by(|a, b| bytes(a).cmp(bytes(b)));
    }

    fn add_argument(&mut self, path: &Path) {
        if path.as_os_str() == STDIN {
            let what = "this is standard input, and no export of a batch";
            return self.refuse(path, "usage", what, "give it a list of paths with `--list -`");
        }
        let pattern = path.to_str().filter(|text| text.contains(['*', '?', '[']));
        match pattern {
            // A file may be called like a pattern: it comes first.
            Some(pattern) if fs::symlink_metadata(path).is_err() => self.add_pattern(path, pattern),
            _ => self.add_path(path),
        }
    }

    fn add_pattern(&mut self, path: &Path, pattern: &str) {
        let matches = match glob::glob(pattern) {
            Ok(matches) => matches,
            Err(error) => return self.add_problem(path, "usage", format_args!("{}", error.msg)),
        };
        let mut is_empty = true;
        for result in matches {
            is_empty = false;
            match result {
                Ok(path) => self.add_path(&path),
                Err(error) => self.add_problem(error.path(), "unreadable", error.error()),
            }
        }
        if is_empty {
            self.add_problem(path, "not-found", "nothing fits this pattern");
        }
    }

    /// A file or a folder, as it was named.
    fn add_path(&mut self, path: &Path) {
        match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => self.add_folder(path),
            Ok(_) if is_export(path) => self.add_file(path.to_owned()),
            Ok(_) if is_report(path) => self.reports.push(path.to_owned()),
            Ok(_) => self.passed_over.push(path.to_owned()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.add_problem(path, "not-found", error);
            }
            Err(error) => self.add_problem(path, "unreadable", error),
        }
    }

    fn add_folder(&mut self, folder: &Path) {
        for entry in WalkDir::new(folder).follow_root_links(true).max_depth(DEEPEST) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(folder).to_owned();
                    let why = error.into_io_error().unwrap_or_else(|| io::ErrorKind::Other.into());
                    self.add_problem(&path, "unreadable", why);
                    continue;
                }
            };
            let kind = entry.file_type();
            if kind.is_dir() && entry.depth() == DEEPEST {
                let what = format_args!("this folder lies {DEEPEST} levels deep, and is not searched");
                self.refuse(entry.path(), "too-deep", what, "check it in a run of its own");
                continue;
            }
            // A link to nowhere is an input, which fails by itself. To open a FIFO would wait for ever.
            let is_file = || {
                kind.is_file()
                    || kind.is_symlink() && fs::metadata(entry.path()).map_or(true, |found| found.is_file())
            };
            if is_export(entry.path()) && is_file() {
                self.add_file(entry.into_path());
            } else if is_report(entry.path()) && is_file() {
                self.reports.push(entry.into_path());
            }
        }
    }

    fn add_file(&mut self, path: PathBuf) {
        self.files.push(Input { path, problem: None });
    }

    fn add_problem(&mut self, path: &Path, kind: &'static str, what: impl std::fmt::Display) {
        self.refuse(path, kind, what, "check the path and its permissions");
    }

    fn refuse(
        &mut self,
        path: &Path,
        kind: &'static str,
        what: impl std::fmt::Display,
        advice: &'static str,
    ) {
        let problem = Problem::new(&Error::new(kind, path, what, advice));
        self.files.push(Input { path: path.to_owned(), problem: Some(problem) });
    }
}

fn is_export(path: &Path) -> bool {
    path.file_name().is_some_and(|name| export_stem(&name.to_string_lossy()).is_some())
}

fn is_report(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"))
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests;
