//! Finds the reports that lie beside an export.

use std::path::{Path, PathBuf};

/// The reports beside an export, and where they were looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// The stats file, if there is one.
    pub stats: Option<PathBuf>,
    /// The export record, if there is one.
    pub export: Option<PathBuf>,
    /// The paths that were tried and do not exist.
    pub tried: Vec<PathBuf>,
}

/// Looks for `<stem>.stats.json`, then `stats.json`, and for `<stem>.export.json`, then `export.json`, in the folder of
/// an export. `<stem>` is its name without `.csv`, `.csv.gz` or `.csv.zst`.
///
/// ```
/// let found = fillrate::beside("no-such-folder/audience.csv".as_ref());
/// assert_eq!(found.stats, None);
/// assert!(found.tried[0].ends_with("audience.stats.json"));
/// ```
#[must_use]
pub fn beside(export: &Path) -> Beside {
    let name = export.file_name().unwrap_or_default().to_string_lossy();
    let stem = [".csv", ".csv.gz", ".csv.zst"].iter().find_map(|suffix| name.strip_suffix(suffix)).unwrap_or(&name);
    let mut found = Beside::default();
    let mut first = |kind: &str| {
        for candidate in [format!("{stem}.{kind}.json"), format!("{kind}.json")] {
            let path = export.with_file_name(candidate);
            if path.exists() {
                return Some(path);
            }
            found.tried.push(path);
        }
        None
    };
    let (stats, record) = (first("stats"), first("export"));
    Beside { stats, export: record, ..found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_the_same_stem_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str| std::fs::write(folder.path().join(name), "{}").unwrap();
        let names = |export: &str| {
            let found = beside(&folder.path().join(export));
            let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
            (found.stats.map(name), found.export.map(name), found.tried.len())
        };
        assert_eq!(names("a.csv"), (None, None, 4));
        write("stats.json");
        assert_eq!(names("a.csv"), (Some("stats.json".into()), None, 3));
        write("a.stats.json");
        write("a.export.json");
        for export in ["a.csv", "a.csv.gz", "a.csv.zst", "a"] {
            assert_eq!(names(export), (Some("a.stats.json".into()), Some("a.export.json".into()), 0), "{export}");
        }
        assert_eq!(names("b.csv"), (Some("stats.json".into()), None, 3));
    }
}
