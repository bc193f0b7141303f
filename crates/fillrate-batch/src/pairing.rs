//! Which reports are an export's.

use std::collections::HashMap;
use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use fillrate::{ErrorKind, ExportRecord, ReportFiles, Reported, export_stem};

/// Finds the reports of exports: those beside them by the names that `verify` knows; where there are none, those of the
/// run whose id stands in the export's path.
pub(crate) struct Pairing<'a> {
    reports: &'a [PathBuf],
    /// Read only if an export has nothing beside it.
    by_run: OnceLock<ByRun>,
}

/// Report files by the run that they are of. Of several, the first in the order of their paths.
#[derive(Default)]
struct ByRun {
    stats: HashMap<String, PathBuf>,
    exports: HashMap<String, PathBuf>,
}

/// Where an export belongs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ids {
    pub(crate) audience: Option<String>,
    pub(crate) run: Option<String>,
}

impl<'a> Pairing<'a> {
    pub(crate) fn new(reports: &'a [PathBuf]) -> Self {
        Self { reports, by_run: OnceLock::new() }
    }

    /// The reports of an export; neither, if there are none.
    pub(crate) fn reports_of(&self, export: &Path) -> ReportFiles {
        ReportFiles::default().or_beside(Some(export)).unwrap_or_else(|_| {
            if self.reports.is_empty() {
                return ReportFiles::default();
            }
            self.by_run.get_or_init(|| ByRun::read(self.reports)).of(export)
        })
    }
}

impl ByRun {
    /// What cannot be read is passed over: it is nobody's report.
    fn read(reports: &[PathBuf]) -> Self {
        let mut by_run = Self::default();
        for path in reports {
            let (ids, id) = match Reported::open(path) {
                Ok(stats) => (&mut by_run.stats, stats.run.id),
                Err(error) if error.kind() == ErrorKind::NotAReport => {
                    let record = ExportRecord::open(path).ok();
                    (&mut by_run.exports, record.and_then(|record| record.run_id))
                }
                Err(_) => continue,
            };
            if let Some(id) = id.filter(|id| !id.is_empty()) {
                ids.entry(id).or_insert_with(|| path.clone());
            }
        }
        by_run
    }

    /// The reports of the run that is named last in a path: in the file's name, where it must stand between characters
    /// that are no letters or digits, or as the name of a folder.
    fn of(&self, export: &Path) -> ReportFiles {
        let find = |id: &str| {
            let files =
                ReportFiles { stats: self.stats.get(id).cloned(), export: self.exports.get(id).cloned() };
            (files.stats.is_some() || files.export.is_some()).then_some(files)
        };
        let name = export.file_name().unwrap_or_default().to_string_lossy();
        let in_name = parts(export_stem(&name).unwrap_or(&name)).find_map(find);
        let folders = export.parent().into_iter().flat_map(Path::components).rev();
        let in_folders = || folders.filter_map(|folder| folder.as_os_str().to_str()).find_map(find);
        in_name.or_else(in_folders).unwrap_or_default()
    }
}

/// All that begins and ends where a letter or digit does so in a name, longer ones first of those that begin together.
fn parts(name: &str) -> impl Iterator<Item = &str> {
    let is_edge = |at: &usize| {
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        is_word(name[..*at].chars().next_back()) != is_word(name[*at..].chars().next())
    };
    let edges: Vec<usize> =
        (0..=name.len()).filter(|at| name.is_char_boundary(*at)).filter(is_edge).collect();
    (0..edges.len()).flat_map(move |start| {
        let edges = edges.clone();
        (start + 1..edges.len()).rev().map(move |end| &name[edges[start]..edges[end]])
    })
}

impl Ids {
    /// Those that a path of the form `<audience>/<run>/audience.csv` tells.
    pub(crate) fn of_path(export: &Path) -> Self {
        let name = export.file_name().unwrap_or_default().to_string_lossy();
        if export_stem(&name) != Some("audience") {
            return Self::default();
        }
        let mut folders = export.components().rev().skip(1).map(|component| match component {
            Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
            _ => None,
        });
        let mut next = || folders.next().flatten();
        let (run, audience) = (next(), next());
        // Without both of them, it is another layout.
        if audience.is_some() && run.is_some() { Self { audience, run } } else { Self::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_found_in_names_and_folders() {
        let ids = ["r-1", "r-12", "7f", "b.c"];
        let by_run =
            ByRun { stats: ids.map(|id| (id.to_owned(), PathBuf::from(id))).into(), exports: HashMap::new() };
        for (path, id) in [
            ("r-1.csv", Some("r-1")),
            ("export_r-12_2026.csv.gz", Some("r-12")),
            ("x/r-1/7f.CSV", Some("7f")),
            ("7f/r-1/audience.csv", Some("r-1")),
            ("r-1/deep/audience.csv", Some("r-1")),
            ("b.c.csv", Some("b.c")),
            ("r-123.csv", None),
            ("ar-1.csv", None),
            ("17f/é7f.csv", None),
            ("r-1x/audience.csv", None),
        ] {
            assert_eq!(by_run.of(Path::new(path)).stats, id.map(PathBuf::from), "{path}");
        }
    }

    #[test]
    fn the_layout_tells_audience_and_run() {
        for (path, ids) in [
            ("out/a/r/audience.csv", Some(("a", "r"))),
            ("a/r/audience.csv.zst", Some(("a", "r"))),
            ("r/audience.csv", None),
            ("audience.csv", None),
            ("a/../audience.csv", None),
            ("../r/audience.csv", None),
            ("a/r/other.csv", None),
        ] {
            let expected = ids.map(|(a, r)| Ids { audience: Some(a.into()), run: Some(r.into()) });
            assert_eq!(Ids::of_path(Path::new(path)), expected.unwrap_or_default(), "{path}");
        }
    }
}
