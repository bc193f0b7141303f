//! Figures by the values of fields.

use super::formats::schema;
use super::{Folder, json, stderr, stdout};

const CSV: &str = "email,seniority,department,score\na@example.com,VP,Sales,60\n,VP,,75\nc@example.com,,Sales,\n\
    d@example.com,CXO,Sales,95\ne@example.com,|x,Sales,95\n";

fn folder() -> Folder {
    Folder::new(&[("a.csv", CSV)])
}

#[test]
fn json_has_the_figures_of_each_value_and_they_add_up() {
    let folder = folder();
    let output = folder.run(&["stats", "a.csv", "--by", "seniority", "--top", "2", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let printed = json(&output);
    schema("stats.schema.json").validate(&printed).unwrap();
    let segments = &printed["segments"];
    assert_eq!(segments["by"], serde_json::json!(["seniority"]));
    assert_eq!(segments["shown"][0]["values"], serde_json::json!(["VP"]));
    assert_eq!(segments["shown"][1]["values"], serde_json::json!([null]));
    let vp = &segments["shown"][0]["stats"];
    assert_eq!((&vp["total"], &vp["fillRates"]["email"]["percent"]), (&2.into(), &50.into()));
    assert_eq!(vp["averages"]["intent.score"], 67.5);
    assert_eq!(segments["rest"]["valueCount"], 2);
    assert_eq!(segments["rest"]["stats"]["total"], 2);
    let without = json(&folder.run(&["stats", "a.csv", "--format", "json"]));
    assert_eq!(printed["stats"], without["stats"]);
    for threads in ["1", "2", "8"] {
        let args = ["stats", "a.csv", "--by", "seniority", "--top", "2", "--format", "json"];
        let other = folder.run(&[&args[..], &["--threads", threads]].concat());
        assert!(other.stdout == output.stdout, "{threads} threads");
    }
    let limited = ["stats", "a.csv", "--by", "seniority", "--field", "email", "--format", "json"];
    let limited = json(&folder.run(&limited));
    schema("stats.schema.json").validate(&limited).unwrap();
    assert_eq!(limited["segments"]["shown"][0]["columns"].as_array().unwrap().len(), 1);
    assert_eq!(limited["segments"]["shown"][0]["stats"]["averages"], serde_json::json!({}));
}

#[test]
fn tables_and_markdown_show_values_as_text() {
    let folder = folder();
    let args = ["stats", "a.csv", "--by", "seniority", "--by", "department", "--top", "2"];
    let table = folder.run(&args);
    let text = stdout(&table);
    assert!(text.contains("Records by seniority, department"), "{text}");
    assert!(text.contains("(empty) · Sales: Fill rates"), "{text}");
    assert!(text.contains("(3 other values)"), "{text}");
    let markdown = folder.run(&["stats", "a.csv", "--by", "seniority", "--format", "markdown"]);
    assert!(stdout(&markdown).contains("| \\|x | 1 |"), "{}", stdout(&markdown));
    let hostile = "email,seniority\na,\u{1b}[31m\u{202e}x\nb,\"a\nb\"\n";
    folder.write("b.csv", hostile);
    for format in ["table", "markdown", "json"] {
        let output = folder.run(&["stats", "b.csv", "--by", "seniority", "--format", format]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(!stdout(&output).contains(['\u{1b}', '\u{202e}']), "{format}");
    }
}

#[test]
fn no_value_looks_like_what_stands_for_one() {
    let folder = Folder::new(&[]);
    folder.write("a.csv", "email,plan\na,(empty)\nb,\nc,\"\"\"(empty)\"\"\"\n");
    for format in ["table", "markdown"] {
        let output = folder.run(&["stats", "a.csv", "--by", "plan", "--format", format]);
        let text = stdout(&output);
        for name in ["(empty)", "\"(empty)\"", "\"\"(empty)\"\""] {
            let title = format!("{name}: Fill rates");
            assert!(text.lines().any(|line| line.trim_start_matches("### ") == title), "{name}: {text}");
        }
    }
}

#[test]
fn who_identifies_people_is_refused_unless_forced() {
    let folder = folder();
    let refused = folder.run(&["stats", "a.csv", "--by", "email"]);
    assert_eq!((refused.status.code(), stdout(&refused)), (Some(2), ""));
    assert_eq!(
        stderr(&refused),
        "error[usage]: a.csv: email identifies people, and segments show their values; take another field, or allow it \
         with `--force-personal`\n"
    );
    let forced = folder.run(&["stats", "a.csv", "--by", "email", "--force-personal"]);
    assert!(stdout(&forced).contains("d@example.com"));
    for args in [&["--by", "no such"][..], &["--by", "seniority", "--by", "Seniority"], &["--top", "3"]] {
        let output = folder.run(&[&["stats", "a.csv"], args].concat());
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{args:?}");
    }
}

#[test]
fn an_unsound_file_is_unsound_by_segments_too() {
    let folder = Folder::new(&[("a.csv", "seniority,department\nVP\nVP,a\n")]);
    let output = folder.run(&["stats", "a.csv", "--by", "seniority"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("short-record"));
}
