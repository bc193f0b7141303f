//! The file that remembers which exports are finished, and with what result.
//!
//! A line is a checksum, a space, and JSON: the [identity](crate::identity) of the export, its record, and what was counted
//! of it, if that was asked for. Only where lines are is held in memory. Lines are only
//! ever appended, each with one write. What was being written when the program or the machine stopped is at the end, has
//! no line end or another checksum, and is dropped.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

use crate::counted::Counted;
use crate::error::Error;
use crate::record::Record;

/// The first line: by it, no other file is taken for a ledger and written to.
const HEADER: &str = "fillrate ledger 1\n";

/// Remembers the results of finished exports from one run to the next. It holds what the output does, and no cells.
#[derive(Debug)]
pub struct Ledger {
    path: PathBuf,
    /// Where the lines of earlier runs are.
    known: HashMap<u128, Span>,
    /// Locked against other processes, for as long as it is open.
    file: Mutex<Appending>,
}

#[derive(Debug)]
struct Appending {
    file: File,
    /// Why nothing is written any more: behind half a line, nothing could be read again.
    failure: Option<io::Error>,
}

/// The JSON of a line.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u64,
    bytes: usize,
}

/// What a line says of an export.
#[derive(Serialize, Deserialize)]
struct Line<R, C> {
    key: String,
    record: R,
    #[serde(default = "Option::default", skip_serializing_if = "Option::is_none")]
    counted: Option<C>,
}

/// What the JSON of every line begins with; the key is next.
const KEY: &str = r#"{"key":""#;
const KEY_DIGITS: usize = 32;

impl Ledger {
    /// Opens a ledger, which is made if it is missing: readable by its owner alone.
    ///
    /// # Errors
    ///
    /// If it cannot be read or written, another run has it open, or it is something else: that is left as it is.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let refuse = |what: &dyn std::fmt::Display, advice| Error::new("ledger", path, what, advice);
        let failed = |error: io::Error| refuse(&error, "check the path and its permissions");
        if path.exists() && !path.is_file() {
            return Err(refuse(&"this is no file", "give the path of a ledger, or of none"));
        }
        let mut options = OpenOptions::new();
        options.read(true).append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(refuse(&"another run has this ledger open", "wait for it, or give another one"));
            }
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        let mut lines = BufReader::new(&file);
        let mut line = Vec::new();
        let mut read_line = |line: &mut Vec<u8>| {
            line.clear();
            lines.read_until(b'\n', line).map_err(failed)
        };
        let mut whole = read_line(&mut line)? as u64;
        let is_ledger = line == HEADER.as_bytes();
        // Or else the beginning of a run that ended while it began the file.
        if !is_ledger && !HEADER.as_bytes().starts_with(&line) {
            return Err(refuse(&"this file is no ledger", "give the path of a ledger, or of none"));
        }
        let mut known = HashMap::new();
        while is_ledger && read_line(&mut line)? > 0 && line.ends_with(b"\n") {
            if let Some((key, json)) = parse(&line) {
                let start = whole + (line.len() - 1 - json.len()) as u64;
                known.insert(key, Span { start, bytes: json.len() });
            }
            whole += line.len() as u64;
        }
        if is_ledger {
            file.set_len(whole).map_err(failed)?;
        } else {
            file.set_len(0).and_then(|()| file.write_all(HEADER.as_bytes())).map_err(failed)?;
        }
        let file = Mutex::new(Appending { file, failure: None });
        Ok(Self { path: path.to_owned(), known, file })
    }

    /// What an earlier run has kept.
    pub(crate) fn recall(&self, key: u128) -> Option<(Record, Option<Counted>)> {
        let span = self.known.get(&key)?;
        let mut json = vec![0; span.bytes];
        {
            // What is written goes to the end in any case, wherever one has read.
            let file = &mut self.appending().file;
            file.seek(SeekFrom::Start(span.start)).and_then(|_| file.read_exact(&mut json)).ok()?;
        }
        let line: Line<Record, Counted> = serde_json::from_slice(&json).ok()?;
        Some((line.record, line.counted))
    }

    /// Keeps the result of an export for later runs. That it could not is told [later](Ledger::check).
    pub(crate) fn keep(&self, key: u128, record: &Record, counted: Option<&Counted>) {
        let line = Line { key: format!("{key:0KEY_DIGITS$x}"), record, counted };
        let line = serde_json::to_string(&line)
            .map(|json| format!("{:016x} {json}\n", XxHash3_64::oneshot(json.as_bytes())));
        let mut appending = self.appending();
        if appending.failure.is_some() {
            return;
        }
        let written =
            line.map_err(io::Error::from).and_then(|line| appending.file.write_all(line.as_bytes()));
        appending.failure = written.err();
    }

    fn appending(&self) -> MutexGuard<'_, Appending> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells whether all could be kept.
    ///
    /// # Errors
    ///
    /// If not, so that a later run has to do more again.
    pub fn check(&self) -> Result<(), Error> {
        self.appending().failure.as_ref().map_or(Ok(()), |error| {
            Err(Error::new("ledger", &self.path, error, "the results are complete; make room for the ledger"))
        })
    }
}

/// The key and the JSON of a line that is whole.
fn parse(line: &[u8]) -> Option<(u128, &str)> {
    let (checksum, json) = std::str::from_utf8(line).ok()?.strip_suffix('\n')?.split_once(' ')?;
    if u64::from_str_radix(checksum, 16) != Ok(XxHash3_64::oneshot(json.as_bytes())) {
        return None;
    }
    let key = json.strip_prefix(KEY)?.get(..KEY_DIGITS)?;
    Some((u128::from_str_radix(key, 16).ok()?, json))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(number: u128) -> Record {
        Record::new(format!("{number}.csv"))
    }

    fn kept(path: &Path) -> Vec<u128> {
        let ledger = Ledger::open(path).unwrap();
        let mut keys: Vec<u128> = ledger.known.keys().copied().collect();
        keys.sort_unstable();
        for key in &keys {
            assert_eq!(ledger.recall(*key).unwrap().0.path, format!("{key}.csv"));
        }
        keys
    }

    #[test]
    fn what_is_torn_off_anywhere_is_dropped_and_the_rest_kept() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let ledger = Ledger::open(&path).unwrap();
        (0..3).for_each(|key| ledger.keep(key, &record(key), None));
        ledger.check().unwrap();
        drop(ledger);
        let whole = std::fs::read(&path).unwrap();
        let ends: Vec<usize> = (0..whole.len()).filter(|at| whole[*at] == b'\n').collect();
        for length in 0..=whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let lines = ends.iter().filter(|end| **end < length).count() as u128;
            assert_eq!(kept(&path), (0..lines.saturating_sub(1)).collect::<Vec<_>>(), "{length} bytes");
            // What is kept next does not stick to what was torn off.
            Ledger::open(&path).unwrap().keep(7, &record(7), None);
            assert!(kept(&path).contains(&7), "{length} bytes");
        }
    }

    #[test]
    fn a_line_with_a_wrong_byte_is_dropped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ledger");
        let ledger = Ledger::open(&path).unwrap();
        (0..3).for_each(|key| ledger.keep(key, &record(key), None));
        drop(ledger);
        let whole = std::fs::read(&path).unwrap();
        let second = HEADER.len() + (whole.len() - HEADER.len()) / 3;
        for at in second..second + 60 {
            let mut wrong = whole.clone();
            wrong[at] ^= 1;
            std::fs::write(&path, &wrong).unwrap();
            assert_eq!(kept(&path), [0, 2], "byte {at}");
        }
    }

    #[test]
    fn only_a_ledger_is_written_to_and_by_one_run_only() {
        let folder = tempfile::tempdir().unwrap();
        let other = folder.path().join("notes.txt");
        for content in ["notes", "fillrate ledger 2\n", "fillrate ledger 1 \n"] {
            std::fs::write(&other, content).unwrap();
            assert!(Ledger::open(&other).unwrap_err().to_string().contains("no ledger"));
            assert_eq!(std::fs::read_to_string(&other).unwrap(), content);
        }
        assert!(Ledger::open(folder.path()).unwrap_err().to_string().contains("no file"));
        let path = folder.path().join("ledger");
        let ledger = Ledger::open(&path).unwrap();
        assert!(Ledger::open(&path).unwrap_err().to_string().contains("another run"));
        drop(ledger);
        Ledger::open(&path).unwrap();
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
