//! What must never be printed: cells, and control characters from outside.

use super::{Folder, stderr, stdout};

/// Planted in every cell; no header holds it.
const CANARY: &str = "canary-7f3a";

#[test]
fn no_cell_is_ever_printed() {
    let row = |cells: usize| vec![CANARY; cells].join(",") + "\n";
    let quoted = format!("\"{CANARY}\"x,{CANARY}\n\"{CANARY}");
    let stats = r#"{"total": 9, "fillRates": {"email": {"count": 1, "percent": 9}}, "scoreHistogram": [{"bucket": "50-69", "count": 3, "percent": 1}], "averages": {"score": 5}}"#;
    let folder = Folder::new(&[
        ("plain.csv", &("email,score\n".to_owned() + &row(2))),
        ("ragged.csv", &("email,score\n".to_owned() + &row(1) + &row(3))),
        ("quoted.csv", &("email,score\n".to_owned() + &quoted)),
        ("headless.csv", &(row(1).replace(CANARY, &format!("{CANARY}@example.com,{CANARY}")) + &row(2))),
        ("stats.json", stats),
        ("canary.json", &format!("{{\"total\": \"{CANARY}\"}}")),
        ("cut.json", &format!("{{\"total\": \"{CANARY}")),
    ]);
    for file in ["plain.csv", "ragged.csv", "quoted.csv", "headless.csv"] {
        for command in [
            &["stats", file][..],
            &["verify", file],
            &["verify", file, "--stats", "canary.json"],
            &["verify", file, "--stats", "cut.json"],
        ] {
            for format in ["table", "json", "markdown"] {
                for io in ["mmap", "read"] {
                    let output = folder.run(&[command, &["--format", format, "--io", io]].concat());
                    assert!(!stdout(&output).contains(CANARY), "{command:?} {format}: {}", stdout(&output));
                    assert!(!stderr(&output).contains(CANARY), "{command:?} {format}: {}", stderr(&output));
                }
            }
        }
    }
}

#[test]
fn control_characters_are_escaped_everywhere() {
    let field = "evil\u{1b}[31m\u{202e}\u{7}\u{7f}\u{9b}31m";
    let stats = serde_json::json!({"total": 1, "fillRates": {field: {"count": 1, "percent": 50}}, "scoreHistogram": [{"bucket": field, "count": 1}], field: 1});
    let folder = Folder::new(&[
        ("evil\u{1b}[31m.csv", &format!("email,{field},{field}\nx,y,z\n")),
        ("stats.json", &stats.to_string()),
        ("one.csv", &format!("email,{field}\nx,y\n")),
    ]);
    let commands: &[&[&str]] = &[
        &["stats", "evil\u{1b}[31m.csv"],
        &["stats", "evil\u{1b}[31m.csv", "--field", field],
        &["verify", "evil\u{1b}[31m.csv"],
        &["verify", "one.csv"],
        &["verify", "one.csv", "--field", "\u{1b}"],
        &["verify", "one.csv", "--allow", "\u{1b}"],
        &["stats", "missing\u{1b}.csv"],
        &["stats", "one.csv", "--buckets", "\u{1b}"],
        &["sample", "s", "--defect", "\u{1b}"],
        &["sample", "s", "--header", "\u{1b}"],
        &["sample", "s\u{1b}[31m"],
        &["sample", "one.csv\u{1b}/x"],
    ];
    for args in commands {
        for format in ["table", "json", "markdown"] {
            let args =
                if args[0] == "sample" { args.to_vec() } else { [args, &["--format", format][..]].concat() };
            let output = folder.run(&args);
            for text in [stdout(&output), stderr(&output)] {
                let raw = |c: char| c.is_control() && c != '\n' || c == '\u{202e}' && format != "json";
                assert!(!text.contains(raw), "{args:?}: {text:?}");
            }
        }
    }
}
