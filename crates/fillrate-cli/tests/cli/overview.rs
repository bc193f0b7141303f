//! What `fillrate batch` says of all exports together, of groups, and of what differs between runs.

use serde_json::{Value, json};

use super::{Folder, batch, formats::schema, json as parsed, stderr, stdout};

/// Everything that can be asked of a batch as a whole.
const ALL: [&str; 4] = ["--totals", "--group-by", "audience", "--drift"];

/// An export of 1,000 records of which so many have a phone, with stats that say when its run was.
fn run(folder: &Folder, path: &str, phones: usize, run: &str) {
    let record =
        |n: usize| format!("p{n}@example.com,{},{}\n", if n < phones { "1" } else { "" }, 50 + n % 50);
    let csv = "email,phone,score\n".to_owned() + &(0..1_000).map(record).collect::<String>();
    batch::write(folder, &format!("{path}/x.csv"), &csv);
    let stats = format!(r#"{{"run": {{{run}}}, "stats": {{"total": 1000}}}}"#);
    batch::write(folder, &format!("{path}/stats.json"), &stats);
}

/// Four runs of one audience, whose paths are not in the order of their times, and one that is not known when it was.
fn runs() -> Folder {
    let folder = Folder::new(&[]);
    let of = |more: &str| format!(r#""audienceId": "spring", {more}"#);
    run(&folder, "d", 500, &of(r#""completedAt": "2026-05-04T23:30:00-01:00", "configHash": "a""#));
    run(&folder, "c", 520, &of(r#""completedAt": "2026-05-05T09:00:00.000Z", "configHash": "a""#));
    run(&folder, "b", 300, &of(r#""dataDate": "2026-05-06", "configHash": "b""#));
    run(&folder, "a", 310, &of(r#""completedAt": "2026-05-06T09:00:00Z""#));
    run(&folder, "e", 999, &of(r#""completedAt": "yesterday""#));
    run(&folder, "f", 1, r#""completedAt": "2026-05-06T09:00:00Z""#);
    folder
}

fn overview(folder: &Folder, args: &[&str]) -> Value {
    let output = folder.run(&[&["batch", ".", "--format", "json"], args].concat());
    assert_eq!(stderr(&output), "");
    let value = parsed(&output);
    schema("batch.schema.json").validate(&value).unwrap();
    value
}

#[test]
fn totals_are_what_merged_states_are() {
    let folder = batch::folder();
    let output = folder.run(&["batch", "runs", "--totals", "--format", "json"]);
    let mut totals = parsed(&output);
    schema("batch.schema.json").validate(&totals).unwrap();
    let without = folder.run(&["batch", "runs", "--format", "json"]);
    for key in ["summary", "files"] {
        assert_eq!(totals[key], parsed(&without)[key], "nothing else changes");
    }
    assert_eq!((&output.stderr, output.status), (&without.stderr, without.status));
    let mut states = Vec::new();
    for (number, file) in totals["files"].as_array().unwrap().iter().enumerate() {
        if file["verdict"] != "failed" {
            states.push(format!("{number}.state"));
            let path = file["path"].as_str().unwrap();
            folder.run(&["stats", path, "--save-state", &states[states.len() - 1]]);
        }
    }
    let args: Vec<&str> =
        ["merge", "--format", "json"].into_iter().chain(states.iter().map(String::as_str)).collect();
    let merged = parsed(&folder.run(&args));
    totals["totals"]["schema"] = json!(1);
    assert_eq!(totals["totals"], merged);
    assert_eq!(merged["exports"], 9);
}

#[test]
fn what_is_said_is_the_same_for_any_number_of_threads_and_from_a_ledger() {
    let folder = batch::folder();
    for format in ["json", "table", "markdown"] {
        for group in ["audience", "day", "folder"] {
            let args = ["batch", "runs", "--format", format, "--drift", "--totals", "--group-by", group];
            let with = |more: &[&str]| {
                let output = folder.run(&[&args[..], more].concat());
                (output.stdout, output.stderr, output.status)
            };
            let one = with(&["--threads", "1"]);
            assert!(!one.0.is_empty());
            for more in
                [["--threads", "2"], ["--threads", "8"], ["--ledger", "ledger"], ["--ledger", "ledger"]]
            {
                assert!(with(&more) == one, "{more:?} {format} {group}");
            }
        }
    }
    // Once without and once with what was counted: the one is no answer to the other's question.
    let lines = || std::fs::read_to_string(folder.path().join("ledger")).unwrap().lines().count();
    assert_eq!(lines(), 1 + 9);
    folder.run(&["batch", "runs", "--ledger", "ledger"]);
    assert_eq!(lines(), 1 + 2 * 9);
}

#[test]
fn runs_are_compared_in_the_order_of_their_times() {
    let folder = runs();
    let drift = &overview(&folder, &["--drift"])["drift"];
    assert_eq!(
        (&drift["level"], &drift["correction"], &drift["without_audience"]),
        (&json!(0.01), &json!("holm"), &json!(1))
    );
    let audience = &drift["audiences"][0];
    assert_eq!((&audience["audience_id"], &audience["runs"]), (&json!("spring"), &json!(4)));
    assert_eq!(audience["not_ordered"], json!(["./e/x.csv"]));
    let of = |pair: &Value| {
        let fields = pair["fields"].as_array().unwrap().iter();
        let fields: Vec<_> = fields.map(|field| format!("{} {}", field["name"], field["points"])).collect();
        json!([
            pair["before"]["path"],
            pair["after"]["path"],
            pair["config_changed"],
            pair["differs"],
            fields
        ])
    };
    let pairs: Vec<Value> = audience["pairs"].as_array().unwrap().iter().map(of).collect();
    assert_eq!(
        pairs,
        [
            json!(["./d/x.csv", "./c/x.csv", false, false, []]),
            json!(["./c/x.csv", "./b/x.csv", true, true, ["\"phone\" -22.0"]]),
            json!(["./b/x.csv", "./a/x.csv", null, false, []]),
        ]
    );
    let run = |run: &str| json!({"path": "./c/x.csv", "run_id": null, run: "2026-05-05T09:00:00Z"});
    assert_eq!(audience["pairs"][0]["after"], run("completed_at"));
    assert_eq!(audience["pairs"][1]["after"]["data_date"], "2026-05-06");
}

#[test]
fn a_run_is_not_compared_with_itself() {
    let folder = Folder::new(&[]);
    let of =
        |id: &str, day: u8| format!(r#""id": "{id}", "audienceId": "spring", "dataDate": "2026-05-0{day}""#);
    for (path, phones, id, day) in [("a", 500, "r-1", 4), ("b", 500, "r-1", 4), ("c", 500, "r-2", 5)] {
        run(&folder, path, phones, &of(id, day));
    }
    let drift = &overview(&folder, &["--drift"])["drift"];
    assert_eq!((&drift["audiences"][0]["runs"], &drift["same_run"]), (&json!(2), &json!(1)));
    let pair = &drift["audiences"][0]["pairs"][0];
    assert_eq!((&pair["before"]["path"], &pair["after"]["path"]), (&json!("./a/x.csv"), &json!("./c/x.csv")));
    let table = folder.run(&["batch", ".", "--drift", "--format", "markdown"]);
    let note = "1 export not compared with other runs: another export of its run came before.";
    assert!(stdout(&table).contains(note), "{}", stdout(&table));
}

#[cfg(unix)]
#[test]
fn folders_that_only_look_the_same_are_two_groups() {
    use std::os::unix::ffi::OsStrExt;
    let folder = Folder::new(&[]);
    for name in [b"x\xfe", b"x\xff"] {
        let dir = folder.path().join(std::ffi::OsStr::from_bytes(name));
        std::fs::create_dir(&dir).unwrap();
        std::fs::write(dir.join("a.csv"), "email\na@example.com\n").unwrap();
    }
    let groups = &overview(&folder, &["--group-by", "folder"])["groups"]["groups"];
    let exports: Vec<_> = groups.as_array().unwrap().iter().map(|group| &group["exports"]).collect();
    assert_eq!(exports, [1, 1]);
}

/// A pair of a batch is what `diff` says of the two.
#[test]
fn a_pair_is_what_diff_says() {
    let folder = runs();
    let drift = &overview(&folder, &["--drift", "--level", "0.999999", "--buckets", "0-69,70-100"])["drift"];
    let pair = &drift["audiences"][0]["pairs"][1];
    let diff = parsed(&folder.run(&[
        "diff",
        "c/x.csv",
        "b/x.csv",
        "--format",
        "json",
        "--level",
        "0.999999",
        "--buckets",
        "0-69,70-100",
    ]));
    for key in ["differs", "level", "tests", "total", "came", "went", "averages"] {
        assert_eq!(pair[key], diff[key], "{key}");
    }
    for key in ["fields", "scores"] {
        let changes = diff[key].as_array().unwrap().iter();
        let significant: Vec<_> = changes.filter(|change| change["significant"] == true).cloned().collect();
        assert_eq!(pair[key], json!(significant), "{key}");
    }
    assert_eq!(
        diff["averages"][0],
        json!({"name": "intent.score", "before": 74.5, "after": 74.5, "change": 0})
    );
}

#[test]
fn groups_are_by_audience_day_and_folder() {
    let folder = runs();
    let groups = |by: &str| {
        let value = overview(&folder, &["--group-by", by]);
        assert_eq!((&value["totals"]["exports"], &value["groups"]["by"]), (&json!(6), &json!(by)));
        let groups = value["groups"]["groups"].as_array().unwrap().iter();
        let phones = |group: &Value| group["stats"]["fillRates"]["phone"]["count"].clone();
        groups.map(|group| json!([group["name"], group["exports"], phones(group)])).collect::<Vec<_>>()
    };
    assert_eq!(groups("audience"), [json!(["spring", 5, 2_629]), json!([null, 1, 1])]);
    // 23:30 an hour west of Greenwich is the next day there.
    assert_eq!(
        groups("day"),
        [json!(["2026-05-05", 2, 1_020]), json!(["2026-05-06", 3, 611]), json!([null, 1, 999])]
    );
    assert_eq!(groups("folder").len(), 6);
    assert_eq!(groups("folder")[0], json!(["./a", 1, 310]));
    let table = folder.run(&["batch", ".", "--group-by", "audience"]);
    for line in [
        "\nBy audience\n",
        "\n  spring          5    5,000",
        "\n  unknown         1    1,000",
        "\nunknown · Fill rates\n",
    ] {
        assert!(stdout(&table).contains(line), "{line}: {}", stdout(&table));
    }
}

#[test]
fn a_person_is_told_what_is_more_than_chance_and_how_that_is_known() {
    let folder = runs();
    let output = folder.run(&["batch", ".", "--drift", "--format", "markdown"]);
    let text = stdout(&output);
    for expected in [
        "### Audience spring, 4 runs: what differs from the run before",
        "|  | run of 2026-05-06 |",
        "The audience was configured otherwise: configHash differs.",
        "| ✗ | phone | 52 % | 30 % | -22 | &lt;0.0001 |",
        "of 3 comparisons, 1 found what is more than chance. It does not change the exit status.",
        "at the level 0.01",
        "1 export not compared with other runs: no report says when the run was.",
        "1 export not compared with other runs: nothing says of which audience it is.",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    assert_eq!(output.status.code(), Some(0), "a difference between runs is none from a report");
}

#[test]
fn options_that_would_have_no_effect_are_refused() {
    let folder = runs();
    for (args, expected) in [
        (&["--level", "0.05"][..], 2),
        (&["--buckets", "0-100"], 2),
        (&["--totals", "--buckets", "0-150"], 2),
        (&["--totals", "--buckets", "0-49,50+"], 0),
        (&["--totals", "--buckets", "fifty"], 2),
        (&["--group-by", "week"], 2),
        (&["--drift", "--level", "1"], 2),
        (&[&ALL[..], &["--level", "0.05"]].concat(), 0),
    ] {
        let output = folder.run(&[&["batch", "."], args].concat());
        assert_eq!(output.status.code(), Some(expected), "{args:?}: {}", stderr(&output));
    }
}

#[test]
fn where_nothing_could_be_counted_nothing_is_said() {
    let folder = Folder::new(&[("a.csv", "")]);
    let output = folder.run(&[&["batch", ".", "--format", "json"], &ALL[..]].concat());
    let value = parsed(&output);
    schema("batch.schema.json").validate(&value).unwrap();
    assert_eq!((&value["totals"], &value["groups"]["groups"]), (&json!(null), &json!([])));
    assert_eq!((&value["drift"]["audiences"], output.status.code()), (&json!([]), Some(2)));
}
