//! What makes the result of an export what it is: if none of it changes, neither does the result.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use fillrate::{Options, Policy, ReportFiles};
use fillrate_files::content_hash;
use twox_hash::xxhash3_128::Hasher;

/// Raised when what a record holds, or how it comes about, changes within one version of the program.
const GENERATION: u64 = 2;

/// The content of an export and its reports, their paths, and how they are compared: as one number.
pub(crate) struct Identity {
    pub(crate) key: u128,
    files: Vec<(PathBuf, Stamp)>,
}

type Stamp = (u64, Option<SystemTime>);

/// The part of an identity that all exports of a batch share.
#[derive(Clone)]
pub(crate) struct Settings(Hasher);

impl Settings {
    pub(crate) fn new(options: &Options, policy: &Policy, counting: bool) -> Self {
        let mut hasher = Hasher::new();
        // Not how files are read, nor by which code: figures are the same for all of them.
        let Options { delimiter, fill_rule, map, score_field, header_ok, .. } = options;
        put(&mut hasher, env!("CARGO_PKG_VERSION").as_bytes());
        put(&mut hasher, &GENERATION.to_le_bytes());
        put(
            &mut hasher,
            format!("{:?}", (delimiter, fill_rule, map, score_field, header_ok, policy, counting)).as_bytes(),
        );
        Self(hasher)
    }

    /// Reads an export and its reports once, from front to back. `None` if one of them is no regular file, which cannot
    /// be read twice.
    pub(crate) fn identity(&self, export: &Path, reports: &ReportFiles) -> io::Result<Option<Identity>> {
        let Self(mut hasher) = self.clone();
        let mut files = Vec::new();
        for path in [Some(export), reports.stats.as_deref(), reports.export.as_deref()] {
            let Some(path) = path else {
                put(&mut hasher, b"");
                continue;
            };
            let metadata = fs::metadata(path)?;
            if !metadata.is_file() {
                return Ok(None);
            }
            put(&mut hasher, path.as_os_str().as_encoded_bytes());
            let stamp = stamp(&metadata);
            let since_1970 = stamp.1.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            put(&mut hasher, &stamp.0.to_le_bytes());
            put(&mut hasher, &since_1970.map_or(0, |time| time.as_nanos()).to_le_bytes());
            put(&mut hasher, &content_hash(path)?.to_le_bytes());
            files.push((path.to_owned(), stamp));
        }
        Ok(Some(Identity { key: hasher.finish_128(), files }))
    }
}

impl Identity {
    /// Whether no file has been written to since.
    pub(crate) fn is_current(&self) -> bool {
        let is_same = |(path, then): &(PathBuf, Stamp)| {
            fs::metadata(path).is_ok_and(|metadata| stamp(&metadata) == *then)
        };
        self.files.iter().all(is_same)
    }
}

fn stamp(metadata: &Metadata) -> Stamp {
    (metadata.len(), metadata.modified().ok())
}

/// With its length, so that what follows cannot be taken for a part of it.
fn put(hasher: &mut Hasher, bytes: &[u8]) {
    hasher.write(&(bytes.len() as u64).to_le_bytes());
    hasher.write(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_can_change_a_result_changes_the_identity() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let write = |name: &str, text: &str| {
            fs::write(at(name), text).unwrap();
            // The same for all, so that only what is meant to differ does.
            let file = fs::File::options().write(true).open(at(name)).unwrap();
            file.set_modified(UNIX_EPOCH + std::time::Duration::from_secs(1)).unwrap();
        };
        for (name, text) in [("a.csv", "x\n1\n"), ("b.csv", "x\n1\n"), ("s.json", "{}"), ("t.json", "{}")] {
            write(name, text);
        }
        let (options, policy) = (Options::default(), Policy::default());
        let settings = Settings::new(&options, &policy, false);
        let files = |stats: Option<&str>, export: Option<&str>| ReportFiles {
            stats: stats.map(at),
            export: export.map(at),
        };
        let key = |settings: &Settings, csv: &str, reports: &ReportFiles| {
            settings.identity(&at(csv), reports).unwrap().unwrap().key
        };
        let stats = files(Some("s.json"), None);
        let first = key(&settings, "a.csv", &stats);
        assert_eq!(key(&settings, "a.csv", &stats), first);
        let same = Options { io: fillrate::Io::Read, chunk_bytes: 7, ..options.clone() };
        assert_eq!(key(&Settings::new(&same, &policy, false), "a.csv", &stats), first);

        let mut keys = vec![
            first,
            key(&settings, "b.csv", &stats),
            key(&settings, "a.csv", &files(Some("t.json"), None)),
            key(&settings, "a.csv", &files(None, Some("s.json"))),
            key(&settings, "a.csv", &files(None, None)),
            key(
                &Settings::new(&Options { header_ok: true, ..options.clone() }, &policy, false),
                "a.csv",
                &stats,
            ),
            key(
                &Settings::new(&options, &Policy { require_all: true, ..policy.clone() }, false),
                "a.csv",
                &stats,
            ),
            key(&Settings::new(&options, &policy, true), "a.csv", &stats),
        ];
        write("a.csv", "x\n2\n");
        keys.push(key(&settings, "a.csv", &stats));
        write("s.json", "[]");
        keys.push(key(&settings, "a.csv", &stats));
        let identity = settings.identity(&at("a.csv"), &stats).unwrap().unwrap();
        assert!(identity.is_current());
        fs::write(at("a.csv"), "x\n2\n").unwrap();
        assert!(!identity.is_current());
        keys.push(key(&settings, "a.csv", &stats));
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
        assert!(settings.identity(folder.path(), &stats).unwrap().is_none());
    }
}
