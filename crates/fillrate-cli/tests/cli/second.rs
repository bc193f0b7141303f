//! `fillrate stats --engine polars`, in a build that has it.

use serde_json::{Value, json};

use crate::support::{Folder, json, stderr, stdout};

const CSV: &str = "email,score,note\nada@example.com,83,\nbo@example.com,, \nef@example.com,high,null\n";

/// All that both engines say is the same.
#[test]
fn the_second_engine_says_what_the_first_one_says() {
    let folder = Folder::new(&[("a.csv", CSV)]);
    for more in [&[][..], &["--fill-rule", "non-blank"], &["--field", "note"], &["--buckets", "0-82,83+"]] {
        let of = |engine: &str| -> Value {
            let arguments = ["stats", "a.csv", "--format", "json", "--engine", engine];
            let output = folder.run(&[&arguments, more].concat());
            assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
            json(&output)
        };
        let (first, second) = (of("fillrate"), of("polars"));
        for member in ["schema", "stats", "columns", "scores"] {
            assert_eq!(first[member], second[member], "{more:?}, {member}");
        }
        assert_eq!(second["engine"], "polars");
        assert_eq!(second["file"], json!({"path": "a.csv", "rowCount": 3, "columnCount": 3}));
    }
}

#[test]
fn a_person_is_told_whose_figures_they_are() {
    let folder = Folder::new(&[("a.csv", CSV)]);
    for format in ["table", "markdown"] {
        let output = folder.run(&["stats", "a.csv", "--engine", "polars", "--format", format]);
        let text = stdout(&output);
        assert!(text.contains("3 records · 3 columns · by Polars"), "{text}");
        assert!(text.contains("intent.score") && text.contains("70-89"), "{text}");
    }
}

#[test]
fn what_the_second_engine_cannot_do_is_refused() {
    let folder = Folder::new(&[("a.csv", CSV), ("open.csv", "email,note\n\"ada@example.com,x\n")]);
    for (arguments, status, message) in [
        (&["a.csv", "--by", "note"][..], 2, "error[usage]: "),
        (&["a.csv", "--save-state", "a.state"], 2, "error[usage]: "),
        (&["-"], 2, "error[usage]: "),
        (&["open.csv"], 2, "error[not-csv]: open.csv: Polars cannot read it"),
    ] {
        let output = folder.run(&[&["stats", "--engine", "polars"], arguments].concat());
        assert_eq!(output.status.code(), Some(status), "{arguments:?}");
        assert!(stderr(&output).starts_with(message), "{arguments:?}: {}", stderr(&output));
        assert!(stdout(&output).is_empty() && !stderr(&output).contains("ada@"));
    }
}
