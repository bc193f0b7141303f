//! `fillrate diff`: what is flagged, and what the exit status says.

use serde_json::{Value, json};

use super::{Folder, formats::schema, json as parsed, stderr, stdout};

/// So many records with a phone, and so many without; the key of each is its number, from `first` on.
fn csv(first: usize, with: usize, without: usize) -> String {
    let record = |n: usize| {
        let phone = if n < first + with { "1" } else { "" };
        format!("{n:064x},{phone},{}\n", 50 + n % 50)
    };
    "hashedEmail,phone,score\n".to_owned() + &(first..first + with + without).map(record).collect::<String>()
}

fn folder() -> Folder {
    Folder::new(&[
        ("a.csv", &csv(0, 500, 500)),
        ("b.csv", &csv(100, 520, 480)),
        ("c.csv", &csv(0, 700, 300)),
        ("renamed.csv", &csv(0, 500, 500).replacen("phone", "headline", 1)),
        ("short.csv", &(csv(0, 500, 500) + "x\n")),
        ("plain.csv", "email\na@example.com\n"),
    ])
}

fn status(folder: &Folder, args: &[&str]) -> Option<i32> {
    folder.run(&[&["diff"], args].concat()).status.code()
}

fn diff(folder: &Folder, args: &[&str]) -> Value {
    let diff = parsed(&folder.run(&[&["diff", "--format", "json"], args].concat()));
    schema("diff.schema.json").validate(&diff).unwrap();
    diff
}

#[test]
fn the_status_says_whether_a_difference_is_more_than_chance() {
    let folder = folder();
    for (args, expected) in [
        (&["a.csv", "a.csv"][..], 0),
        (&["a.csv", "b.csv"], 0),
        (&["a.csv", "c.csv"], 1),
        // 500 and 520 of 1,000: p is 0.37, and there are 9 tests.
        (&["a.csv", "b.csv", "--level", "0.999"], 0),
        (&["a.csv", "c.csv", "--level", "1e-30"], 0),
        (&["a.csv", "renamed.csv"], 1),
        (&["a.csv", "short.csv"], 1),
        (&["a.csv", "none.csv"], 2),
        (&["a.csv"], 2),
        (&["a.csv", "b.csv", "--level", "0"], 2),
        (&["a.csv", "b.csv", "--memory", "63999"], 2),
        (&["a.csv", "b.csv", "--memory", "64000"], 0),
        (&["a.csv", "b.csv", "--memory", "0", "--no-people"], 0),
    ] {
        assert_eq!(status(&folder, args), Some(expected), "{args:?}");
    }
}

#[test]
fn json_holds_every_figure() {
    let folder = folder();
    let diff = diff(&folder, &["a.csv", "c.csv"]);
    assert_eq!((&diff["differs"], &diff["level"], &diff["tests"]), (&json!(true), &json!(0.01), &json!(9)));
    let phone = &diff["fields"][1];
    assert_eq!(
        (&phone["name"], &phone["before"], &phone["after"], &phone["points"], &phone["test"]),
        (
            &json!("phone"),
            &json!({"count": 500, "percent": 50}),
            &json!({"count": 700, "percent": 70}),
            &json!(20.0),
            &json!("z")
        )
    );
    // Chi-squared is 2,000 · (500 · 300 − 700 · 500)² / (1,000² · 1,200 · 800), z is 9.129.
    let (p, corrected) = (phone["p"].as_f64().unwrap(), phone["corrected"].as_f64().unwrap());
    assert!((p / 6.932e-20 - 1.0).abs() < 1e-3 && (corrected / p - 9.0).abs() < 1e-9, "{p} {corrected}");
    let significant = diff["fields"].as_array().unwrap().iter().filter(|field| field["significant"] == true);
    assert_eq!(significant.count(), 1);
    let scores: Vec<_> =
        diff["scores"].as_array().unwrap().iter().map(|score| score["name"].as_str().unwrap()).collect();
    assert_eq!(scores, ["50-69", "70-89", "90-99", "outside", "invalid"]);
    let of = json!({"people": 1_000, "repeats": 0, "without": 0});
    let people =
        json!({"before": of, "after": of, "new": 0, "gone": 0, "staying": 1_000, "memoryBytes": 64_000});
    assert_eq!(diff["people"], people);
}

#[test]
fn people_are_new_gone_and_staying() {
    let folder = folder();
    let people = |args: &[&str]| {
        let people = &diff(&folder, args)["people"];
        ["new", "gone", "staying"].map(|name| people[name].as_u64().unwrap())
    };
    assert_eq!(people(&["a.csv", "b.csv"]), [100, 100, 900]);
    folder
        .write("twice.csv", csv(0, 10, 0) + &csv(5, 10, 0).replace("hashedEmail,phone,score\n", "") + ",,\n");
    let twice = diff(&folder, &["twice.csv", "a.csv"]);
    assert_eq!(twice["people"]["before"], json!({"people": 15, "repeats": 5, "without": 1}));
    assert_eq!(people(&["twice.csv", "a.csv"]), [985, 0, 15]);
    // A field that is called otherwise, and a compressed file.
    folder.write(
        "mapped.csv.zst",
        zstd::encode_all(csv(0, 20, 0).replacen("hashedEmail", "k", 1).as_bytes(), 0).unwrap(),
    );
    folder.write("k.csv", csv(10, 20, 0).replacen("hashedEmail", "k", 1));
    assert_eq!(people(&["mapped.csv.zst", "k.csv", "--map", "hashedEmail=k"]), [10, 10, 10]);
}

#[test]
fn why_people_are_not_compared_is_said() {
    let folder = folder();
    assert_eq!(folder.run(&["stats", "a.csv", "--save-state", "a.state"]).status.code(), Some(0));
    for (args, why) in [
        (&["a.csv", "b.csv", "--no-people"][..], "as asked for"),
        (&["a.state", "b.csv"], "a state file holds no people"),
        (&["plain.csv", "plain.csv"], "no column that fits hashedEmail"),
    ] {
        let output = folder.run(&[&["diff"], args].concat());
        assert!(stdout(&output).contains(why), "{args:?}: {}", stdout(&output));
        assert_eq!(diff(&folder, args)["people"], Value::Null);
    }
    let mut child = folder
        .command(&["diff", "a.csv", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), csv(0, 500, 500).as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(stdout(&output).contains("which can be read twice"), "{}", stdout(&output));
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn states_are_compared_as_their_files_are() {
    let folder = folder();
    for name in ["a", "c"] {
        let args = ["stats", &format!("{name}.csv"), "--save-state", &format!("{name}.state")];
        assert_eq!(folder.run(&args).status.code(), Some(0));
    }
    let of_files = diff(&folder, &["a.csv", "c.csv"]);
    for pair in [["a.state", "c.state"], ["a.csv", "c.state"], ["a.state", "c.csv"]] {
        let of_states = diff(&folder, &pair);
        for same in ["differs", "total", "fields", "scores", "came", "went"] {
            assert_eq!(of_states[same], of_files[same], "{pair:?}");
        }
    }
    let refused = folder.run(&["diff", "a.state", "c.csv", "--fill-rule", "non-blank"]);
    assert!(stderr(&refused).starts_with("error[not-mergeable]: c.csv: "), "{}", stderr(&refused));
    assert_eq!(stdout(&refused), "");
}

#[test]
fn tables_and_errors_say_what_there_is_to_know() {
    let folder = folder();
    let renamed = folder.run(&["diff", "a.csv", "renamed.csv"]);
    for line in [
        "DIFFERENT  a.csv → renamed.csv\n",
        "Columns that came\n     field\n  ✗  headline\n",
        "Columns that went\n     field\n  ✗  phone\n",
        "p is that of 8 tests",
    ] {
        assert!(stdout(&renamed).contains(line), "{line}: {}", stdout(&renamed));
    }
    let short = folder.run(&["diff", "a.csv", "short.csv"]);
    assert!(stdout(&short).starts_with("UNSOUND  a.csv → short.csv\n"), "{}", stdout(&short));
    assert!(stdout(&short).contains("short.csv is unsound: short-record."), "{}", stdout(&short));
    let markdown = folder.run(&["diff", "a.csv", "c.csv", "--format", "markdown"]);
    let row = "| ✗ | phone | 500 | 700 | 50 | 70 | +20 | &lt;0.0001 |";
    assert!(stdout(&markdown).contains(row), "{}", stdout(&markdown));
    let refused = folder.run(&["diff", "a.csv", "b.csv", "--memory", "1kB"]);
    let expected = "error[too-many-people]: to compare people takes 64,000 bytes of memory or more, and 1,000 are allowed";
    assert!(stderr(&refused).starts_with(expected), "{}", stderr(&refused));
    let missing = folder.run(&["diff", "x.csv", "y.csv"]);
    assert_eq!(stderr(&missing).matches("error[not-found]: ").count(), 2, "{}", stderr(&missing));
}

#[test]
fn every_thread_count_prints_the_same_bytes() {
    let folder = folder();
    let one = folder.run(&["diff", "a.csv", "b.csv", "--threads", "1"]);
    for threads in ["2", "8"] {
        assert_eq!(folder.run(&["diff", "a.csv", "b.csv", "--threads", threads]).stdout, one.stdout);
    }
}
