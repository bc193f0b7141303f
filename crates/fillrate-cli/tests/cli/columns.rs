//! Results as columns: what `--output` writes, and when it does not.

use std::fs;

use super::{Folder, json, stderr, stdout, testdata};

fn folder() -> Folder {
    let folder = Folder::new(&[]);
    for (dir, args) in [("runs/a", &[][..]), ("runs/b", &["--defect", "placeholder"])] {
        let made = folder.run(&[&["sample", dir, "--records", "300"], args].concat());
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    }
    folder.write("runs/page.csv", "<!DOCTYPE html><html></html>\n");
    folder
}

fn read(folder: &Folder, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).unwrap()
}

/// The rows of an NDJSON file.
fn rows(folder: &Folder, name: &str) -> Vec<serde_json::Value> {
    read(folder, name).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn verify_prints_as_always_and_writes_all_checks_and_fields() {
    let folder = folder();
    let args = ["verify", "runs/b/audience.csv", "--format", "json"];
    let without = folder.run(&args);
    let with = folder.run(&[&args[..], &["--output", "results.ndjson"]].concat());
    assert_eq!((with.status.code(), &with.stdout), (Some(1), &without.stdout), "{}", stderr(&with));
    let (rows, printed) = (rows(&folder, "results.ndjson"), json(&with));
    let checks: Vec<_> = rows.iter().filter(|row| row["kind"] == "check").collect();
    assert_eq!(checks.len(), printed["checks"].as_array().unwrap().len());
    for (row, check) in checks.iter().zip(printed["checks"].as_array().unwrap()) {
        assert_eq!((&row["check_id"], &row["status"]), (&check["id"], &check["status"]));
        assert_eq!((&row["verdict"], &row["path"]), (&"mismatch".into(), &"runs/b/audience.csv".into()));
    }
    assert_eq!(rows.iter().filter(|row| row["kind"] == "field").count(), 36);
    let stats: serde_json::Value = serde_json::from_str(&read(&folder, "runs/b/stats.json")).unwrap();
    let run = &stats["data"]["run"];
    assert_eq!((&rows[0]["run_id"], &rows[0]["audience_id"]), (&run["id"], &run["audienceId"]));
}

/// Nobody said which run it is, and it was found.
#[test]
fn a_run_that_was_found_is_named() {
    let folder = folder();
    fs::rename(folder.path().join("runs/a/audience.csv"), folder.path().join("alone.csv")).unwrap();
    let found = folder.run(&["verify", "alone.csv", "--candidates", "runs/a", "--output", "results.ndjson"]);
    assert_eq!(found.status.code(), Some(0), "{}", stderr(&found));
    let stats: serde_json::Value = serde_json::from_str(&read(&folder, "runs/a/stats.json")).unwrap();
    assert_eq!(rows(&folder, "results.ndjson")[0]["run_id"], stats["data"]["run"]["id"]);
}

#[test]
fn batch_writes_every_export_in_order_for_any_number_of_threads() {
    let folder = folder();
    let run = |threads: &str| {
        let output = folder.run(&["batch", "runs", "--output", "out.csv", "--force", "--threads", threads]);
        assert_eq!(output.status.code(), Some(2), "the page is no export: {}", stderr(&output));
        read(&folder, "out.csv")
    };
    let one = run("1");
    let files: Vec<&str> = one.lines().filter(|line| line.starts_with("file,")).collect();
    let verdict = |line: &&str| line.split(',').nth(4).unwrap().to_owned();
    assert_eq!(files.iter().map(verdict).collect::<Vec<_>>(), ["match", "mismatch", "failed"]);
    assert!(files[2].contains(",not-csv,"), "{}", files[2]);
    for threads in ["2", "8"] {
        assert!(run(threads) == one, "{threads} threads");
    }
}

#[test]
fn nothing_is_overwritten_or_read_as_well() {
    let folder = folder();
    folder.write("there.csv", "mine");
    let before = fs::read_dir(folder.path()).unwrap().count();
    let input = "runs/a/audience.csv";
    let stats = "runs/a/stats.json";
    for (args, kind) in [
        (&["verify", input, "--output", "there.csv"][..], "error[output]: there.csv is there already"),
        (&["verify", input, "--output", "results.xlsx"], "error[output]: results.xlsx: the ending"),
        (
            &["verify", input, "--output", "no/such/a.csv"],
            "error[output]: no/such/a.csv: No such file or directory (os error 2); check",
        ),
        (&["verify", input, "--output", input, "--force"], "error[usage]: the file for the results"),
        (&["verify", "--stats", stats, "--output", "a.csv"], "error[usage]: --output takes an export"),
        (
            &["batch", "runs", "--output", "runs/page.csv", "--force"],
            "error[usage]: the file for the results",
        ),
        (&["batch", "runs", "--output", "there.csv"], "error[output]: there.csv is there already"),
        (
            &["batch", "runs", "--output", "a.csv", "--ledger", "l"],
            "error[usage]: --output has the checks that match too, ",
        ),
        (&["verify", "no-such.csv", "--stats", stats, "--output", "a.csv"], "error[not-found]: "),
    ] {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).starts_with(kind), "{args:?}: {}", stderr(&output));
        assert_eq!(stdout(&output), "", "{args:?}");
    }
    assert_eq!(read(&folder, "there.csv"), "mine");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before, "nothing is left behind");
}

#[test]
fn parquet_and_arrow_are_written() {
    let folder = Folder::new(&[]);
    let csv = testdata("documented-run/audience.csv");
    for (name, magic) in [("a.parquet", &b"PAR1"[..]), ("a.arrow", b"ARROW1")] {
        let output = folder.run(&["verify", csv.to_str().unwrap(), "--output", name]);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert!(fs::read(folder.path().join(name)).unwrap().starts_with(magic));
    }
}
