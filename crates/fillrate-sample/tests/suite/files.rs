//! Writing to a folder: all or nothing, and nothing over what is there.

use std::fs;
use std::path::Path;

use fillrate_sample::{Error, Sample, Size};

fn sample(defect: Option<&str>) -> Sample {
    let defects = defect.map(|defect| defect.parse().unwrap()).into_iter().collect();
    Sample { size: Size::Records(20), defects, ..Sample::default() }
}

fn names(dir: &Path) -> Vec<String> {
    let entries = fs::read_dir(dir).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_files_are_those_of_the_sample_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path().join("made/on/the/way");
    for defect in [None, Some("cut-off"), Some("duplicate-record=3")] {
        let written = sample(defect).write_to(&dir, true).unwrap();
        let audience = sample(defect).in_memory().unwrap();
        assert_eq!(names(&dir), ["audience.csv", "export.json", "stats.json"]);
        assert!(fs::read(&written.csv).unwrap() == audience.csv);
        assert_eq!(fs::read_to_string(&written.stats).unwrap(), audience.stats_json);
        assert_eq!(fs::read_to_string(&written.export).unwrap(), audience.export_json);
        assert_eq!((written.records, written.bytes), (20, audience.csv.len() as u64));
    }
}

#[test]
fn nothing_is_overwritten_unless_told() {
    for name in ["audience.csv", "export.json", "stats.json"] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        fs::write(&path, "mine").unwrap();

        let refusal = sample(None).write_to(dir.path(), false).unwrap_err();
        assert!(matches!(&refusal, Error::Exists { path: named, .. } if *named == path));
        assert!(refusal.to_string().starts_with(path.to_str().unwrap()), "{refusal}");
        assert_eq!(names(dir.path()), [name]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "mine");

        sample(None).write_to(dir.path(), true).unwrap();
        assert_ne!(fs::read_to_string(&path).unwrap(), "mine");
    }
}

#[test]
fn a_refused_sample_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    for defect in ["lost-record=21", "cut-off=1000000", "blank=20"] {
        let refusal = sample(Some(defect)).write_to(dir.path(), false).unwrap_err();
        assert!(matches!(refusal, Error::TooMuch { .. }), "{refusal}");
        assert!(refusal.to_string().starts_with(defect), "{refusal}");
        assert_eq!(names(dir.path()), [""; 0]);
    }
}

#[test]
fn what_cannot_be_written_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let not_a_folder = dir.path().join("file");
    fs::write(&not_a_folder, "").unwrap();
    let refusal = sample(None).write_to(&not_a_folder, false).unwrap_err();
    assert!(matches!(&refusal, Error::Write { path, .. } if *path == not_a_folder));
}

#[cfg(unix)]
#[test]
fn the_files_are_as_readable_as_any_other() {
    use std::os::unix::fs::PermissionsExt;

    let dir = tempfile::tempdir().unwrap();
    let other = dir.path().join("other");
    fs::write(&other, "").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
    let written = sample(None).write_to(dir.path(), false).unwrap();
    for path in [written.csv, written.stats, written.export] {
        assert_eq!(mode(&path), mode(&other), "{}", path.display());
    }
}
