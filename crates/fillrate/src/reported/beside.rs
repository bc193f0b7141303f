//! The files that reports are in, and those that lie beside an export.

use std::path::{Path, PathBuf};

use super::{ExportRecord, Reported, Reports};
use crate::error::{Error, ErrorKind, Result};
use crate::source::STDIN;

/// The files of an export's reports.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportFiles {
    /// The stats of the run.
    pub stats: Option<PathBuf>,
    /// The record of the export.
    pub export: Option<PathBuf>,
}

impl ReportFiles {
    /// Looks beside an export for what is not given: for `<stem>.stats.json`, then `stats.json`, and for
    /// `<stem>.export.json`, then `export.json`. `<stem>` is the export's name without `.csv`, `.csv.gz` or `.csv.zst`.
    ///
    /// There is nothing beside standard input, or where there is no export.
    ///
    /// ```
    /// let error = fillrate::ReportFiles::default().or_beside(Some("no-such-folder/audience.csv".as_ref())).unwrap_err();
    /// assert_eq!(error.kind(), fillrate::ErrorKind::NothingToCompare);
    /// assert!(error.to_string().contains("audience.stats.json"));
    /// ```
    ///
    /// # Errors
    ///
    /// [`ErrorKind::NothingToCompare`] if neither is given or found, with the names that were tried.
    pub fn or_beside(self, export: Option<&Path>) -> Result<Self> {
        let mut tried = Vec::new();
        let mut found = self;
        if let Some(export) = export.filter(|export| export.as_os_str() != STDIN) {
            found.stats = found.stats.or_else(|| first_beside(export, "stats", &mut tried));
            found.export = found.export.or_else(|| first_beside(export, "export", &mut tried));
        }
        if found.stats.is_some() || found.export.is_some() {
            return Ok(found);
        }
        let looked =
            if tried.is_empty() { String::new() } else { format!(" (looked for {})", tried.join(", ")) };
        let error = Error::new(
            ErrorKind::NothingToCompare,
            format!("there is neither a stats file nor an export record to compare with{looked}"),
            "give one with `--stats` or `--export`",
        );
        Err(match export {
            Some(export) => error.in_file(export),
            None => error,
        })
    }

    /// Reads the files.
    ///
    /// # Errors
    ///
    /// Of [`Reported::open`] and [`ExportRecord::open`].
    pub fn read(&self) -> Result<Reports> {
        Ok(Reports {
            stats: self.stats.as_deref().map(Reported::open).transpose()?,
            export: self.export.as_deref().map(ExportRecord::open).transpose()?,
        })
    }
}

/// The name of an export without `.csv`, `.csv.gz` or `.csv.zst`, in whatever case; `None` if it has none of them.
///
/// ```
/// assert_eq!(fillrate::export_stem("audience.CSV.gz"), Some("audience"));
/// assert_eq!(fillrate::export_stem("audience.txt"), None);
/// ```
#[must_use]
pub fn export_stem(name: &str) -> Option<&str> {
    [".csv", ".csv.gz", ".csv.zst"].iter().find_map(|suffix| {
        let (stem, end) = name.split_at_checked(name.len().checked_sub(suffix.len())?)?;
        end.eq_ignore_ascii_case(suffix).then_some(stem)
    })
}

fn first_beside(export: &Path, kind: &str, tried: &mut Vec<String>) -> Option<PathBuf> {
    let name = export.file_name()?.to_string_lossy();
    let stem = export_stem(&name).unwrap_or(&name);
    for candidate in [format!("{stem}.{kind}.json"), format!("{kind}.json")] {
        let path = export.with_file_name(&candidate);
        if path.exists() {
            return Some(path);
        }
        tried.push(candidate);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_same_stem_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| std::fs::write(folder.path().join(name), "{}").unwrap();
        let names = |export: &str| {
            let found =
                ReportFiles::default().or_beside(Some(&folder.path().join(export))).unwrap_or_default();
            [found.stats, found.export].map(|path| {
                path.map_or(String::new(), |path| path.file_name().unwrap().to_str().unwrap().to_owned())
            })
        };
        assert_eq!(names("a.csv"), ["", ""]);
        write("stats.json");
        assert_eq!(names("a.csv"), ["stats.json", ""]);
        write("a.stats.json");
        write("a.export.json");
        for export in ["a.csv", "a.csv.gz", "a.csv.zst", "a.CSV", "a"] {
            assert_eq!(names(export), ["a.stats.json", "a.export.json"], "{export}");
        }
        assert_eq!(names("b.csv"), ["stats.json", ""]);
        let given = ReportFiles { stats: Some("x.json".into()), export: None };
        let found = given.or_beside(Some(&folder.path().join("a.csv"))).unwrap();
        assert_eq!(found.stats, Some("x.json".into()));
        assert!(found.export.is_some());
    }

    #[test]
    fn nothing_lies_beside_a_stream() {
        for export in [None, Some(Path::new(STDIN))] {
            let error = ReportFiles::default().or_beside(export).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::NothingToCompare);
            assert!(!error.to_string().contains("looked for"), "{error}");
        }
    }
}
