//! A process that ends at once: a process of its own, as all files that were begun are removed.

use std::fs;

use fillrate_files::{NewFile, remove_unfinished};

#[test]
fn a_process_that_ends_leaves_nothing_unfinished() {
    let folder = tempfile::tempdir().unwrap();
    let [begun, finished] = ["a", "b"].map(|name| folder.path().join(name));
    let file = NewFile::create(&begun, false).unwrap();
    NewFile::create(&finished, false).unwrap().finish().unwrap();
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    remove_unfinished();
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(left, [finished]);
    drop(file);
}
