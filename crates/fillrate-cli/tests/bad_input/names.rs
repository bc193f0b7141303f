//! O2 and O4: names and paths that try to be more than text, and JSON that is JSON whatever came in.

use fillrate::Backend;
use serde_json::json;

use super::support::{Folder, json, stderr, stdout};

/// What a terminal obeys, and what an eye does not see: ESC with a colour, a link and the clipboard, C0 and C1 controls,
/// DEL, line ends, marks that turn text around, and characters of no width.
const HOSTILE: [&str; 12] = [
    "\u{1b}[31mred",
    "\u{1b}]8;;mailto:a\u{1b}\\link\u{1b}]8;;\u{1b}\\",
    "\u{1b}]52;c;eA==\u{7}",
    "bell\u{7}backspace\u{8}",
    "csi\u{9b}31m",
    "delete\u{7f}",
    "line\nfeed\r\nreturn\r",
    "line\u{2028}paragraph\u{2029}next\u{85}",
    "cod\u{202e}vsc.\u{202c}",
    "isolate\u{2066}d\u{2069}\u{200f}\u{61c}",
    "zero\u{200b}width\u{200d}\u{feff}soft\u{ad}",
    "tag\u{e0041}\u{e007f}",
];

fn is_hostile(c: char) -> bool {
    c.is_control() && c != '\n' || HOSTILE.concat().contains(c) && !c.is_ascii() && !c.is_alphanumeric()
}

#[test]
fn hostile_names_are_escaped_everywhere() {
    for name in HOSTILE {
        let header = format!("\"{}\"", name.replace('"', "\"\""));
        let stats = json!({
            "total": 1,
            "fillRates": {name: {"count": 1, "percent": 50}},
            "scoreHistogram": [{"bucket": name, "count": 1}],
            "averages": {name: 1},
            "run": {"status": name, "id": name},
            name: 1,
        });
        let export = json!({"export": {"runId": "r", "status": name, "contentSha1": name}});
        let (csv, one) = (format!("{name}.csv"), "one.csv");
        let folder = Folder::new(&[
            (&csv, &format!("email,{header},{header}\nx,y,z\n")),
            ("stats.json", &stats.to_string()),
            ("export.json", &export.to_string()),
            (one, &format!("email,{header}\nx,y\n")),
            ("twice.json", &format!("{{{0}: 1, {0}: 1}}", json!(name))),
            ("count.json", &json!({"fillRates": {name: {"count": name}}}).to_string()),
        ]);
        let missing = format!("missing-{name}.csv");
        let results = format!("results-{name}.ndjson");
        let pair = format!("{name}={name}");
        let commands: &[&[&str]] = &[
            &["stats", &csv],
            &["stats", &csv, "--field", name],
            &["stats", one, "--field", "no such"],
            &["verify", &csv],
            &["verify", one],
            &["verify", one, "--field", name],
            &["verify", one, "--require-all"],
            &["verify", one, "--allow", name],
            &["verify", one, "--allow", &pair],
            &["verify", one, "--map", &pair],
            &["stats", one, "--by", name],
            &["verify", one, "--output", &results],
            &["batch", &csv],
            &["batch", one, "--require-all"],
            &["batch", &missing],
            &["verify", one, "--stats", "twice.json"],
            &["verify", one, "--stats", "count.json"],
            &["verify", one, "--stats", &missing],
            &["stats", &missing],
            &["stats", one, "--buckets", name],
            &["stats", one, "--score-field", name],
            &["stats", one, "--io", name],
            &["sample", "s", "--defect", name],
            &["sample", "s", "--header", name],
            &["sample", name],
            &["sample", &format!("one.csv/{name}")],
        ];
        for args in commands {
            let of_checks: &[_] =
                if ["verify", "batch"].contains(&args[0]) { &["junit", "github"] } else { &[] };
            for &format in ["table", "json", "markdown"].iter().chain(of_checks) {
                let more = if args[0] == "sample" { &[][..] } else { &["--format", format] };
                let output = folder.run(&[args, more].concat());
                assert!(
                    output.status.code().is_some_and(|status| status <= 2),
                    "{args:?}: {:?}",
                    output.status
                );
                for text in [stdout(&output), stderr(&output)] {
                    assert!(!text.contains(is_hostile), "{args:?} as {format}: {text:?}");
                }
                if output.status.code() == Some(2) {
                    assert_eq!(stderr(&output).lines().count(), 1, "{args:?}: {}", stderr(&output));
                }
            }
        }
        let written = std::fs::read_to_string(folder.path().join(&results)).unwrap();
        assert!(written.lines().count() > 1 && !written.contains(is_hostile), "{written:?}");
        // Escaped, not lost.
        let output = folder.run(&["stats", &csv, "--format", "json"]);
        assert_eq!(json(&output)["columns"][1]["name"], name);
        assert_eq!(json(&output)["file"]["path"], csv);
    }
}

/// Nothing that comes in makes the JSON invalid, or depends on threads or backends.
#[test]
fn json_is_valid_and_always_the_same() {
    let mut csv = b"email,intent.score,\"\xFF\xC0\x80\0\x1b\",\xED\xA0\x80,\"\"\"\\\n\"\n".to_vec();
    for number in 0..40_000 {
        csv.extend(format!("a{number},{}.5,\"x\ny\",\n", number % 120).bytes());
    }
    csv.extend(b"\xFF,\0,\"\"\n,\"a\"b,c\nshort\n\"open");
    let folder = Folder::new(&[(
        "stats.json",
        r#"{"total": 1, "averages": {"score": 1}, "fillRates": {"\u0000": {"count": 18446744073709551615}}}"#,
    )]);
    folder.write("a.csv", csv);
    for command in [&["stats", "a.csv", "--average", "email"][..], &["verify", "a.csv"]] {
        let mut outputs = Vec::new();
        for backend in Backend::available() {
            for threads in ["1", "2", "5", "16"] {
                let args = [command, &["--format", "json", "--threads", threads]].concat();
                let output = folder.command(&args).env("FILLRATE_BACKEND", backend.name()).output().unwrap();
                assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
                outputs.push(output);
            }
        }
        assert_eq!(json(&outputs[0])["schema"], 1);
        assert!(outputs.iter().all(|output| output.stdout == outputs[0].stdout), "{command:?}");
    }
}
