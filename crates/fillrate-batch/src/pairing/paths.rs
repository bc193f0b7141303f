//! What the path of an export tells.

use std::path::{Component, Path};

use fillrate::export_stem;

/// Where an export belongs.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ids {
    pub(crate) audience: Option<String>,
    pub(crate) run: Option<String>,
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

/// What is found for the id that is named last in a path: in the file's name, where it must stand between characters that
/// are no letters or digits, or as the name of a folder.
pub(super) fn named_last<T>(export: &Path, mut find: impl FnMut(&str) -> Option<T>) -> Option<T> {
    let name = export.file_name().unwrap_or_default().to_string_lossy();
    let in_name = parts(export_stem(&name).unwrap_or(&name)).find_map(&mut find);
    let folders = export.parent().into_iter().flat_map(Path::components).rev();
    in_name.or_else(|| folders.filter_map(|folder| folder.as_os_str().to_str()).find_map(find))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_found_in_names_and_folders() {
        let ids = ["r-1", "r-12", "7f", "b.c"];
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
            let found = named_last(Path::new(path), |part| ids.into_iter().find(|id| *id == part));
            assert_eq!(found, id, "{path}");
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
