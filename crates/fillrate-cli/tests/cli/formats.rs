//! What each format says.

use jsonschema::{Registry, Validator};
use serde_json::{Value, json};

use super::{Folder, json as parsed, stderr, stdout};

const CSV: &str =
    "email,company_name,score\na@example.com,X,80\nb@example.com,,69.5\n,null,x\nd@example.com, ,100\n";

pub(super) fn schema(name: &str) -> Validator {
    let read = |name: &str| -> Value {
        let path = format!("{}/schemas/{name}", env!("CARGO_MANIFEST_DIR"));
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let base = "fillrate:///";
    let mut registry = Registry::new();
    for name in ["batch", "diff", "merge", "stats", "verify"].map(|name| format!("{name}.schema.json")) {
        registry = registry.add(format!("{base}{name}"), read(&name)).unwrap();
    }
    let registry = registry.prepare().unwrap();
    jsonschema::options()
        .with_registry(&registry)
        .with_base_uri(format!("{base}{name}"))
        .build(&read(name))
        .unwrap()
}

fn folder() -> Folder {
    let stats = json!({"data": {
        "run": {"id": "r", "status": "completed", "resultCount": 4, "surprise": 1},
        "stats": {
            "total": 4,
            "fillRates": {"email": {"count": 3, "percent": 75}, "company.name": {"count": 2, "percent": 50}, "phone": {"count": 0, "percent": 0}},
            "scoreHistogram": [{"bucket": "50-69", "count": 1, "percent": 25}, {"bucket": "high", "count": 1, "percent": 25}],
            "averages": {"score": 83.17}
        }
    }});
    let export = json!({"data": {"export": {"runId": "r", "rowCount": 4, "byteSize": CSV.len(), "contentSha1": "none"}}});
    Folder::new(&[
        ("a.csv", CSV),
        ("a.stats.json", &stats.to_string()),
        ("a.export.json", &export.to_string()),
    ])
}

#[test]
fn stats_json_is_exact_and_fits_its_schema() {
    let folder = folder();
    let schema = schema("stats.schema.json");
    let one = parsed(&folder.run(&["stats", "a.csv", "--format", "json"]));
    schema.validate(&one).unwrap();
    assert_eq!(
        one,
        json!({
            "schema": 1,
            "stats": {
                "total": 4,
                "fillRates": {
                    "email": {"count": 3, "percent": 75},
                    "company.name": {"count": 3, "percent": 75},
                    "intent.score": {"count": 4, "percent": 100}
                },
                "scoreHistogram": [
                    {"bucket": "50-69", "count": 1, "percent": 25},
                    {"bucket": "70-89", "count": 1, "percent": 25},
                    {"bucket": "90-99", "count": 0, "percent": 0}
                ],
                "averages": {"intent.score": 83.166_667}
            },
            "file": {
                "path": "a.csv", "byteSize": CSV.len(), "rowCount": 4, "columnCount": 3, "longestRecord": null
            },
            "columns": [
                {"name": "email", "field": "email", "filled": 3, "blank": 0, "placeholder": 0},
                {"name": "company_name", "field": "company.name", "filled": 3, "blank": 1, "placeholder": 1},
                {"name": "score", "field": "intent.score", "filled": 4, "blank": 0, "placeholder": 0}
            ],
            "scores": {"outside": 1, "missing": 0, "invalid": 1},
            "findings": []
        })
    );
    let two = parsed(&folder.run(&["stats", "a.csv", "a.csv", "--format", "json"]));
    schema.validate(&two).unwrap();
    assert_eq!(two, json!([one, one]));
}

#[test]
fn options_change_what_they_say() {
    let folder = folder();
    let stats =
        |args: &[&str]| parsed(&folder.run(&[&["stats", "a.csv", "--format", "json"], args].concat()));
    let filled = |result: &Value| result["columns"][1]["filled"].clone();
    assert_eq!(filled(&stats(&["--fill-rule", "non-blank"])), 2);
    assert_eq!(filled(&stats(&["--placeholder", "X"])), 1);
    assert_eq!(filled(&stats(&["--placeholder", "X", "--fill-rule", "non-blank"])), 0);
    let limited = stats(&["--field", "company.name"]);
    assert_eq!(limited["stats"]["fillRates"], json!({"company.name": {"count": 3, "percent": 75}}));
    assert_eq!((&limited["stats"]["total"], &limited["file"]["columnCount"]), (&json!(4), &json!(3)));
    let buckets = &stats(&["--buckets", "<80,80+"])["stats"]["scoreHistogram"];
    assert_eq!((&buckets[0]["count"], &buckets[1]["count"]), (&json!(1), &json!(2)));
    let other_score = stats(&["--score-field", "email"]);
    assert_eq!(other_score["scores"], json!({"outside": 0, "missing": 1, "invalid": 3}));
    assert_eq!(stats(&["--map", "jobTitle=email"])["columns"][0]["field"], "jobTitle");
    let semicolons = stats(&["--delimiter", ";"]);
    assert_eq!(semicolons["file"]["columnCount"], 1);
    assert_eq!(semicolons["scores"], Value::Null);
    assert_eq!(stats(&["--average", "score"])["stats"]["averages"], json!({"intent.score": 83.166_667}));
}

#[test]
fn every_thread_count_and_way_to_read_prints_the_same_bytes() {
    let folder = folder();
    folder.run(&["sample", "s", "--records", "3000"]);
    let runs = [
        vec!["--threads", "1"],
        vec!["--threads", "2"],
        vec!["--threads", "7"],
        vec!["--io", "mmap"],
        vec!["--io", "read", "--threads", "3"],
    ];
    let expected = folder.run(&["stats", "s/audience.csv", "--format", "json"]).stdout;
    for run in runs {
        assert_eq!(
            folder.run(&[vec!["stats", "s/audience.csv", "--format", "json"], run.clone()].concat()).stdout,
            expected,
            "{run:?}"
        );
    }
}

#[test]
fn every_backend_prints_the_same_bytes_and_an_unknown_one_is_refused() {
    let folder = folder();
    folder.run(&["sample", "s", "--records", "3000", "--defect", "blank", "--defect", "nul"]);
    let run = |backend: &str| {
        folder
            .command(&["stats", "s/audience.csv", "--format", "json"])
            .env("FILLRATE_BACKEND", backend)
            .output()
            .unwrap()
    };
    let expected = run("reference").stdout;
    for backend in fillrate::Backend::available() {
        assert_eq!(run(backend.name()).stdout, expected, "{backend:?}");
    }
    let refused = run("abacus");
    assert_eq!((refused.status.code(), stdout(&refused)), (Some(2), ""));
    let start = "error[usage]: this machine has no backend called abacus; it has ";
    assert!(stderr(&refused).starts_with(start), "{}", stderr(&refused));
}

#[test]
fn verify_json_is_exact_and_fits_its_schema() {
    let folder = folder();
    let schema = schema("verify.schema.json");
    let result = parsed(&folder.run(&["verify", "a.csv", "--format", "json", "--allow", "averages.*=0.01"]));
    schema.validate(&result).unwrap();
    assert_eq!(result["verdict"], "mismatch");
    assert_eq!(
        result["mapping"],
        json!({"email": "email", "company.name": "company_name", "phone": null, "intent.score": "score", "score": "score"})
    );
    assert_eq!(result["unknown"], json!(["data.run.surprise"]));
    assert_eq!(
        (&result["stats_file"], &result["export_file"]),
        (&json!("a.stats.json"), &json!("a.export.json"))
    );
    let of_status = |status: &str| -> Vec<&str> {
        let checks = result["checks"].as_array().unwrap().iter();
        checks.filter(|check| check["status"] == status).map(|check| check["id"].as_str().unwrap()).collect()
    };
    assert_eq!(of_status("mismatch"), ["fillRates.company.name.count", "fillRates.company.name.percent"]);
    assert_eq!(of_status("not-in-file"), ["fillRates.phone.count", "fillRates.phone.percent"]);
    assert_eq!(
        of_status("not-checkable"),
        [
            "export.contentSha1",
            "scoreHistogram.high.count",
            "scoreHistogram.high.percent",
            "scoreHistogram.sum"
        ]
    );
    let check = result["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["id"] == "fillRates.company.name.count");
    assert_eq!(
        check,
        Some(
            &json!({"id": "fillRates.company.name.count", "status": "mismatch", "reported": 2, "computed": 3, "explanations": [
                {"kind": "blanks", "predicted": 2,
                    "text": "1 cell holds only white space (blank); the API counts it as unfilled."},
                {"kind": "placeholders", "predicted": 2,
                    "text": "1 cell holds only a word such as null (placeholder); the API counts it as unfilled."},
            ]})
        )
    );
    let reports_alone = parsed(&folder.run(&["verify", "--stats", "a.stats.json", "--format", "json"]));
    schema.validate(&reports_alone).unwrap();
    assert_eq!((&reports_alone["file"], &reports_alone["findings"]), (&Value::Null, &Value::Null));
}

#[test]
fn tables_and_markdown_show_mismatches_first() {
    let folder = folder();
    let table = folder.run(&["verify", "a.csv"]);
    let lines: Vec<_> = stdout(&table).lines().collect();
    assert_eq!(lines[0], "MISMATCH  a.csv");
    assert!(lines[5].ends_with(" fail"), "{}", lines[5]);
    assert!(lines[7].trim_start().starts_with("✗  fillRates.company.name.count"), "{}", lines[7]);
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
    // Once for count and percent.
    let blank = lines.iter().position(|line| line.starts_with("     1 cell holds only white space")).unwrap();
    assert!(lines[blank - 1].trim_start().starts_with("✗  fillRates.company.name.percent"), "{lines:#?}");
    assert_eq!(lines.iter().filter(|line| line.contains("white space")).count(), 1, "{lines:#?}");
    let markdown = folder.run(&["verify", "a.csv", "--format", "markdown"]);
    let reason = "\n|  | 1 cell holds only white space (blank); the API counts it as unfilled. |  |  |\n";
    assert!(stdout(&markdown).contains(reason), "{}", stdout(&markdown));
    assert!(stdout(&markdown).starts_with("## MISMATCH a.csv\n"));
    assert!(
        stdout(&markdown).contains("\n| ✗ | fillRates.company.name.count | 2 | 3 |\n"),
        "{}",
        stdout(&markdown)
    );
    assert!(stdout(&markdown).contains("\n\nstats: a.stats.json\n\nexport: a.export.json\n\n"));
    assert!(
        stdout(&folder.run(&["stats", "a.csv", "--format", "markdown"]))
            .contains("\n| email |  | 3 | 75 |  |  |\n")
    );
}

#[test]
fn the_schema_knows_every_kind_of_explanation() {
    let folder = folder();
    let schema = schema("verify.schema.json");
    let mut result = parsed(&folder.run(&["verify", "a.csv", "--format", "json"]));
    let index =
        result["checks"].as_array().unwrap().iter().position(|check| check["status"] == "mismatch").unwrap();
    for kind in fillrate::ExplanationKind::ALL {
        result["checks"][index]["explanations"][0]["kind"] = kind.name().into();
        assert!(schema.is_valid(&result), "{}", kind.name());
    }
    result["checks"][index]["explanations"][0]["kind"] = "blanks+placeholders".into();
    assert!(schema.is_valid(&result));
    result["checks"][index]["explanations"][0]["kind"] = "moods".into();
    assert!(!schema.is_valid(&result));
}

#[test]
fn a_stream_says_what_could_not_be_tried() {
    let folder = folder();
    folder.run(&["sample", "s", "--records", "50", "--defect", "duplicate-record"]);
    let csv = std::fs::File::open(folder.path().join("s/audience.csv")).unwrap();
    let args = ["verify", "-", "--stats", "s/stats.json", "--format", "json"];
    let result = parsed(&folder.command(&args).stdin(csv).output().unwrap());
    schema("verify.schema.json").validate(&result).unwrap();
    assert_eq!(result["checks"][0]["explanations"], json!([]));
    assert!(result["not_tried"][0].as_str().unwrap().contains("stream"), "{result}");
}

#[test]
fn candidates_tell_which_run_a_file_is_of() {
    let folder = Folder::new(&[("bad.json", "{")]);
    std::fs::create_dir(folder.path().join("none")).unwrap();
    std::fs::write(folder.path().join("none/other.json"), r#"{"total": 7}"#).unwrap();
    folder.run(&["sample", "a", "--records", "50", "--seed", "1"]);
    folder.run(&["sample", "b", "--records", "50", "--seed", "2"]);
    std::fs::rename(folder.path().join("b/audience.csv"), folder.path().join("x.csv")).unwrap();
    let verify = |args: &[&str]| folder.run(&[&["verify", "x.csv", "--format", "json"], args].concat());
    let schema = schema("verify.schema.json");
    let alone = verify(&["--candidates", "."]);
    let result = parsed(&alone);
    schema.validate(&result).unwrap();
    assert_eq!((alone.status.code(), &result["stats_file"]), (Some(0), &json!("./b/stats.json")));
    let candidates = &result["candidates"];
    assert_eq!((&candidates["tried"], &candidates["matching"]), (&json!(3), &json!(["./b/stats.json"])));
    assert!(candidates["skipped"][0].as_str().unwrap().contains("bad.json"), "{candidates}");

    let mistaken = verify(&["--candidates", "b", "--stats", "a/stats.json"]);
    assert_eq!(mistaken.status.code(), Some(1));
    let text = stdout(&mistaken);
    assert!(
        text.contains("\"other-run\"") && text.contains(" in b/stats.json match this file instead."),
        "{text}"
    );

    let none = folder.run(&["verify", "x.csv", "--candidates", "none"]);
    assert_eq!(none.status.code(), Some(1));
    assert!(stdout(&none).contains("\nOf 1 candidate, none matches this file.\n"), "{}", stdout(&none));
    assert_eq!(verify(&["--candidates", "nowhere"]).status.code(), Some(2));
}

#[test]
fn what_may_be_missing_and_is_not_reported_is_named() {
    let folder = folder();
    let args = ["verify", "a.csv", "--allow-missing", "Phone", "--allow-missing", "fone"];
    let output = folder.run(&args);
    let note = "\nFields that may be missing and are not reported: fone.\n";
    assert!(stdout(&output).contains(note), "{}", stdout(&output));
}

/// With `--field`, all formats are about the same columns, whose totals and marks stay those of the whole file.
#[test]
fn a_limit_holds_for_what_is_shown() {
    let folder = folder();
    let limited = |format: &str| {
        let args = ["verify", "a.csv", "--field", "company_name", "--field", "phone", "--format", format];
        folder.run(&args)
    };
    let table = limited("table");
    let lines: Vec<_> = stdout(&table).lines().collect();
    let fill_rates = lines.iter().position(|line| *line == "Fill rates").unwrap();
    assert!(lines[fill_rates + 2].starts_with("  ✗  company.name"), "{lines:#?}");
    assert_eq!(lines[fill_rates + 3], "", "{lines:#?}");
    assert!(lines[1].starts_with("4 records · 3 columns · "), "{lines:#?}");
    assert!(!stdout(&limited("markdown")).contains("| email |"));
    let json = parsed(&limited("json"));
    assert_eq!(
        json["mapping"],
        json!({"company.name": "company_name", "phone": null, "intent.score": "score"})
    );
    assert!(json["checks"].as_array().unwrap().iter().all(|check| check["id"] != "fillRates.email.count"));
    assert_eq!(json["file"]["columnCount"], 3);

    let averages = folder.run(&["verify", "a.csv", "--field", "score", "--format", "table"]);
    assert!(stdout(&averages).contains("\nAverages\n"), "reported under another name: {}", stdout(&averages));
}

#[test]
fn a_delimiter_that_is_probably_missing_is_named_but_never_taken() {
    let folder = Folder::new(&[
        ("semicolons.csv", "email;phone\na;b\n"),
        ("tabs.csv", "email\tphone\na\tb\n"),
        ("one.csv", "email\na;b\n"),
        ("two.csv", "email;phone,zip\na;b,c\n"),
        ("stats.json", r#"{"total": 1}"#),
    ]);
    for command in ["stats", "verify"] {
        for format in ["table", "markdown"] {
            let says = |file: &str, args: &[&str], what: &str| {
                let output = folder.run(&[&[command, file, "--format", format], args].concat());
                assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
                stdout(&output).contains(what)
            };
            assert!(says("semicolons.csv", &[], "1 column "));
            assert!(says("semicolons.csv", &[], "is --delimiter ';' missing?"));
            assert!(says("tabs.csv", &[], "is --delimiter tab missing?"));
            assert!(!says("semicolons.csv", &["--delimiter", ";"], "missing?"));
            assert!(!says("one.csv", &[], "missing?"));
            assert!(!says("two.csv", &[], "missing?"));
        }
    }
}

#[test]
fn marks_are_explained_where_they_are_shown() {
    let folder = folder();
    folder.run(&["sample", "s", "--records", "20"]);
    let legend = "· was not reported, or not compared.\n";
    for format in ["table", "markdown"] {
        let explained =
            |args: &[&str]| stdout(&folder.run(&[args, &["--format", format]].concat())).contains(legend);
        assert!(explained(&["verify", "a.csv"]));
        assert!(!explained(&["verify", "s/audience.csv"]), "everything was reported");
        assert!(!explained(&["stats", "a.csv"]), "nothing is marked");
    }
}

#[test]
fn numbers_are_grouped_and_ids_are_whole() {
    let folder = Folder::new(&[]);
    folder.run(&["sample", "s", "--records", "500", "--defect", "lost-record"]);
    let output = folder.run(&["verify", "s/audience.csv", "--allow", "totl=1"]);
    let lines: Vec<_> = stdout(&output).lines().collect();
    assert!(lines[7].starts_with("  ✗  total "), "{lines:#?}");
    let size = lines.iter().find(|line| line.contains("export.byteSize")).unwrap();
    assert!(size.contains(" 333,954 "), "{size}");
    assert!(stdout(&output).contains("  fillRates.primaryContactEmail.percent  "), "{lines:#?}");
    assert!(stdout(&output).contains("\nTolerances that fit no check: totl=1.\n"), "{lines:#?}");
    assert!(lines.iter().all(|line| line.chars().count() <= 80), "{lines:#?}");
}
