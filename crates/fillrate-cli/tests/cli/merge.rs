//! State files on the command line.

use serde_json::{Value, json};

use super::{Folder, formats::schema, json as parsed, stderr, stdout};

const A: &str = "email,company_name,score\na@example.com,X,80\nb@example.com,,69.5\n,null,x\n";
const B: &str = "email,score,phone\nd@example.com,100,1\n,,\n";

/// `a.csv` and `b.csv`, and their states.
fn folder() -> Folder {
    let folder = Folder::new(&[("a.csv", A), ("b.csv", B)]);
    for name in ["a", "b"] {
        save(&folder, &[&format!("{name}.csv"), "--save-state", &format!("{name}.state")]);
    }
    folder
}

fn save(folder: &Folder, args: &[&str]) {
    let output = folder.run(&[&["stats"], args].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn merged_states_give_the_figures_of_all_records() {
    let folder = folder();
    let merged = parsed(&folder.run(&["merge", "a.state", "b.state", "--format", "json"]));
    schema("merge.schema.json").validate(&merged).unwrap();
    let column = |field: &str, filled: u64, placeholder: u64, exports: u64| json!({"name": field, "field": field, "filled": filled, "blank": 0, "placeholder": placeholder, "exports": exports});
    assert_eq!(
        merged,
        json!({
            "schema": 1,
            "stats": {
                "total": 5,
                "fillRates": {
                    "email": {"count": 3, "percent": 60},
                    "company.name": {"count": 2, "percent": 40},
                    "intent.score": {"count": 4, "percent": 80},
                    "phone": {"count": 1, "percent": 20}
                },
                "scoreHistogram": [
                    {"bucket": "50-69", "count": 1, "percent": 20},
                    {"bucket": "70-89", "count": 1, "percent": 20},
                    {"bucket": "90-99", "count": 0, "percent": 0}
                ],
                "averages": {"intent.score": 83.166_667}
            },
            "exports": 2,
            "byteSize": A.len() + B.len(),
            "columns": [
                column("email", 3, 0, 2), column("company.name", 2, 1, 1),
                column("intent.score", 4, 0, 2), column("phone", 1, 0, 1)
            ],
            "scores": {"outside": 1, "missing": 1, "invalid": 1},
            "findings": []
        })
    );
    let table = folder.run(&["merge", "a.state", "b.state", "--buckets", "0-100"]);
    for line in ["2 exports\n", "  company.name          1  of 2 exports\n", "  0-100        3  60"] {
        assert!(stdout(&table).contains(line), "{line}: {}", stdout(&table));
    }
    let markdown = folder.run(&["merge", "b.state", "--format", "markdown"]);
    assert!(stdout(&markdown).starts_with("## 1 export\n\n2 records"), "{}", stdout(&markdown));
}

#[test]
fn a_state_says_what_its_file_does() {
    let folder = folder();
    let of_file = parsed(&folder.run(&["stats", "a.csv", "--format", "json"]));
    let of_state = parsed(&folder.run(&["merge", "a.state", "--format", "json"]));
    for same in ["stats", "scores"] {
        assert_eq!(of_file[same], of_state[same]);
    }
}

#[test]
fn states_are_the_same_bytes_for_every_way_to_get_them() {
    let folder = folder();
    folder.write("a.csv.gz", {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut gzip, A.as_bytes()).unwrap();
        gzip.finish().unwrap()
    });
    let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
    save(&folder, &["a.csv.gz", "--save-state", "gz.state", "--field", "email"]);
    assert_eq!(read("gz.state"), read("a.state"));
    save(&folder, &["a.csv", "b.csv", "--threads", "2", "--save-state", "both.state"]);
    for states in [["a.state", "b.state"], ["b.state", "a.state"]] {
        let args = [&["merge", "--save-state", "ab.state", "--force"][..], &states].concat();
        assert_eq!(folder.run(&args).status.code(), Some(0));
        assert_eq!(read("ab.state"), read("both.state"));
    }
}

#[test]
fn an_unsound_file_stays_one() {
    let folder = Folder::new(&[("a.csv", "email,phone\na@example.com\n"), ("b.csv", "email,phone\n")]);
    for (name, status) in [("a", 1), ("b", 0)] {
        let args = ["stats", &format!("{name}.csv"), "--save-state", &format!("{name}.state")];
        assert_eq!(folder.run(&args).status.code(), Some(status));
    }
    let one = folder.run(&["merge", "a.state"]);
    assert!(stdout(&one).contains("short-record      1  line 2 (byte 12)"), "{}", stdout(&one));
    let both = folder.run(&["merge", "a.state", "b.state"]);
    assert_eq!(both.status.code(), Some(1));
    assert!(stdout(&both).contains("short-record      1  in 1 of 2 exports"), "{}", stdout(&both));
}

#[test]
fn what_cannot_be_merged_says_why() {
    let folder = folder();
    save(&folder, &["a.csv", "--fill-rule", "non-blank", "--save-state", "strict.state"]);
    let mut damaged = std::fs::read(folder.path().join("a.state")).unwrap();
    damaged[200] ^= 1;
    folder.write("damaged.state", &damaged);
    folder.write("cut.state", &damaged[..300]);
    folder.write("old.state", r#"{"format":"fillrate-state","version":0,"#);
    for (args, error) in [
        (
            &["merge", "a.state", "strict.state"][..],
            "error[not-mergeable]: strict.state: they were counted by different",
        ),
        (
            &["merge", "damaged.state"],
            "error[state]: damaged.state (byte 69): the state file is damaged: the checksum",
        ),
        (
            &["merge", "cut.state"],
            "error[state]: cut.state (byte 300): the state file is damaged: the end is missing",
        ),
        (
            &["merge", "old.state"],
            "error[state]: old.state: a state file of version 0, and this program reads version 1",
        ),
        (&["merge", "a.csv"], "error[state]: a.csv (byte 0): this is no state file"),
        (&["merge", "none.state"], "error[state]: none.state: No such file"),
        (
            &["merge", "a.state", "--buckets", "0-200"],
            "error[usage]: scores were not counted for the bucket 0-200",
        ),
        (&["stats", "a.csv", "--save-state", "b.state"], "error[state]: b.state is there already"),
        // Neither what is read nor, at the end of all the work, what is there already.
        (
            &["stats", "a.csv", "--save-state", "./a.csv", "--force"],
            "error[usage]: the state file is one that is read",
        ),
        (
            &["merge", "a.state", "--save-state", "a.state", "--force"],
            "error[usage]: the state file is one that is read",
        ),
        (&["stats", "none.csv", "--save-state", "b.state"], "error[state]: b.state is there already"),
        (&["stats", "a.csv", "--force"], "error[usage]: the following required arguments were not provided"),
        (&["merge"], "error[usage]: "),
    ] {
        let output = folder.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(stdout(&output), "", "{args:?}");
        assert!(stderr(&output).starts_with(error), "{args:?}: {}", stderr(&output));
        assert_eq!(stderr(&output).lines().count(), 1, "{args:?}: {}", stderr(&output));
    }
    let output = folder.run(&["merge", "cut.state", "old.state"]);
    assert_eq!(stderr(&output).lines().count(), 2, "each has its line: {}", stderr(&output));
    let json: Value = parsed(&folder.run(&["merge", "a.state", "a.state", "--format", "json"]));
    assert_eq!(json["stats"]["total"], 6, "what is named twice counts twice");
}
