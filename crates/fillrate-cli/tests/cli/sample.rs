//! `fillrate sample`, as a newcomer tries it.

use fillrate_sample::DefectKind;

use super::{Folder, stderr, stdout};

#[test]
fn a_sample_of_every_header_verifies() {
    let folder = Folder::new(&[]);
    for header in ["dotted", "snake", "camel", "flat"] {
        let output = folder.run(&["sample", header, "--header", header, "--records", "300"]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(stdout(&output).starts_with("300 records, "), "{}", stdout(&output));
        let verified = folder.run(&["verify", &format!("{header}/audience.csv")]);
        assert_eq!(verified.status.code(), Some(0), "{header}: {}", stdout(&verified));
    }
}

#[test]
fn every_defect_that_help_lists_is_found() {
    let folder = Folder::new(&[]);
    let help = folder.run(&["sample", "--help"]);
    for defect in DefectKind::ALL.map(DefectKind::name) {
        assert!(stdout(&help).contains(&format!("- {defect}:")), "{defect}: {}", stdout(&help));
        let output = folder.run(&["sample", defect, "--records", "200", "--defect", defect]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        let verified = folder.run(&["verify", &format!("{defect}/audience.csv")]);
        // These leave every reported figure true: they are notes.
        let is_note = ["empty-line", "invalid-utf8", "nul", "outside-score"].contains(&defect);
        assert_eq!(verified.status.code(), Some(i32::from(!is_note)), "{defect}: {}", stdout(&verified));
        let is_mentioned = ["empty-line", "invalid-utf8", "nul"].contains(&defect);
        assert!(!is_mentioned || stdout(&verified).contains(defect), "{defect}: {}", stdout(&verified));
    }
}

#[test]
fn a_size_is_reached_and_nothing_is_overwritten() {
    let folder = Folder::new(&[]);
    let args = ["sample", "s", "--size", "100KB"];
    assert_eq!(folder.run(&args).status.code(), Some(0));
    let size = || std::fs::metadata(folder.path().join("s/audience.csv")).unwrap().len();
    assert!((100_000..110_000).contains(&size()), "{}", size());
    let again = folder.run(&args);
    assert_eq!(again.status.code(), Some(2));
    assert!(
        stderr(&again).starts_with("error[sample]: ") && stderr(&again).contains("--force"),
        "{}",
        stderr(&again)
    );
    assert_eq!(folder.run(&["sample", "s", "--records", "1", "--force"]).status.code(), Some(0));
    assert!(size() < 3_000);
}
