//! Which reports `fillrate batch` compares an export with.

use serde_json::{Value, json};

use super::batch::write;
use super::formats::schema;
use super::{Folder, json as parsed, stderr, stdout};

const CSV: &str = "email,phone\na@example.com,1\nb@example.com,\n";

/// Stats that fit `CSV`, or only the number of e-mails does not.
fn stats(audience: &str, run: &str, emails: u64) -> String {
    let percent = emails * 50;
    json!({
        "run": {"id": run, "audienceId": audience},
        "stats": {"total": 2, "fillRates": {"email": {"count": emails, "percent": percent}}},
    })
    .to_string()
}

fn record(audience: &str, run: &str) -> String {
    json!({"exportType": "csv", "audienceId": audience, "runId": run, "rowCount": 2}).to_string()
}

fn batch(folder: &Folder, args: &[&str]) -> Value {
    let value = parsed(&folder.run(&[&["batch", "--format", "json"], args].concat()));
    schema("batch.schema.json").validate(&value).unwrap();
    value
}

#[test]
fn a_report_that_cannot_be_read_is_named() {
    let folder = Folder::new(&[]);
    write(&folder, "pd/all/r-7.csv", CSV);
    write(&folder, "pd/reports/s.json", &stats("a", "r-7", 2)[..40]);
    write(&folder, "pd/reports/value.json", r#"{"rowCount": -1}"#);
    write(&folder, "pd/reports/page.json", "<html></html>");
    write(&folder, "pd/reports/settings.json", r#"{"editor": true}"#);
    let found = batch(&folder, &["pd", "pd"]);
    let of = |report: &Value| format!("{} {}", report["path"], report["error"]["kind"]);
    let unreadable: Vec<_> = found["unreadable_reports"].as_array().unwrap().iter().map(of).collect();
    assert_eq!(unreadable, [r#""pd/reports/s.json" "json""#, r#""pd/reports/value.json" "report-value""#]);
    assert_eq!(found["files"][0]["verdict"], "unverified");
    let table = folder.run(&["batch", "pd"]);
    let note = "cannot be read (JSON says why): pd/reports/s.json, pd/reports/value.json.";
    let text = stdout(&table).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(note), "{text}");
}

/// The search begins on several threads at once, after the first export, and goes on for a while.
#[test]
fn reports_of_runs_are_found_though_the_first_export_needs_no_search() {
    let folder = Folder::new(&[]);
    write(&folder, "csv/r-0.csv", CSV);
    write(&folder, "csv/r-0.stats.json", &stats("a", "r-0", 2));
    write(&folder, "csv/r-0.export.json", &record("a", "r-0"));
    let expected: Vec<_> = (1..100).map(|run| (format!("csv/r-{run}.csv"), run % 3)).collect();
    for (run, (path, emails)) in (1..).zip(&expected) {
        write(&folder, path, CSV);
        write(&folder, &format!("reports/{run}.json"), &stats("a", &format!("r-{run}"), *emails));
    }
    for threads in ["1", "2", "8"] {
        let found = batch(&folder, &["csv", "reports", "--threads", threads]);
        let summary = json!({"inputs": 100, "verified": 34, "mismatched": 66, "unverified": 0, "failed": 0});
        assert_eq!(found["summary"], summary, "{threads} threads");
        for file in found["files"].as_array().unwrap() {
            let run = file["run_id"].as_str().unwrap().strip_prefix("r-").unwrap();
            let is_first = run == "0";
            let its = if is_first { "csv/r-0.stats.json".to_owned() } else { format!("reports/{run}.json") };
            assert_eq!(file["stats_file"], its);
            let matches = is_first || run.parse::<u64>().unwrap() % 3 == 2;
            assert_eq!(file["verdict"], if matches { "match" } else { "mismatch" }, "{its}");
        }
    }
}

#[test]
fn of_several_reports_of_a_run_the_one_of_the_audience_counts() {
    let folder = Folder::new(&[]);
    write(&folder, "reports/1.json", &stats("north", "r-7", 1));
    write(&folder, "reports/2.json", &stats("south", "r-7", 2));
    write(&folder, "csv/south/r-7.csv", CSV);
    write(&folder, "csv/north/r-7.csv", CSV);
    write(&folder, "csv/r-7_south.csv", CSV);
    let found = batch(&folder, &["csv", "reports"]);
    let of =
        |file: &Value| [&file["path"], &file["stats_file"], &file["verdict"]].map(Value::to_string).join(" ");
    let files: Vec<_> = found["files"].as_array().unwrap().iter().map(of).collect();
    assert_eq!(
        files,
        [
            r#""csv/north/r-7.csv" "reports/1.json" "mismatch""#,
            r#""csv/r-7_south.csv" "reports/2.json" "match""#,
            r#""csv/south/r-7.csv" "reports/2.json" "match""#,
        ]
    );
}

#[test]
fn reports_that_differ_are_not_chosen_from() {
    let folder = Folder::new(&[]);
    write(&folder, "r-7.csv", CSV);
    write(&folder, "reports/1.json", &stats("north", "r-7", 2));
    write(&folder, "reports/2.json", &stats("north", "r-7", 2));
    assert_eq!(batch(&folder, &["."])["files"][0]["stats_file"], "./reports/1.json", "copies are one report");
    write(&folder, "reports/2.json", &stats("south", "r-7", 2));
    let output = folder.run(&["batch", "."]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        stderr(&output),
        "error[ambiguous-report]: ./r-7.csv: several reports of its run r-7 differ: ./reports/1.json, \
         ./reports/2.json; put its reports beside it, or name fewer folders\n"
    );
    assert_eq!(batch(&folder, &["."])["files"][0]["verdict"], "failed");
    write(&folder, "r-7.stats.json", &stats("south", "r-7", 2));
    assert_eq!(batch(&folder, &["."])["files"][0]["verdict"], "match", "what lies beside it is its own");
}

#[test]
fn stats_and_record_are_looked_for_each_by_itself() {
    for (beside, name) in
        [("r-7.export.json", "r-7.csv"), ("any.export.json", "any.csv"), ("export.json", "any.csv")]
    {
        let folder = Folder::new(&[]);
        write(&folder, &format!("csv/{name}"), CSV);
        write(&folder, &format!("csv/{beside}"), &record("a", "r-7"));
        write(&folder, "reports/s.json", &stats("a", "r-7", 1));
        let file = &batch(&folder, &["csv", "reports"])["files"][0];
        assert_eq!(file["export_file"], format!("csv/{beside}"));
        assert_eq!(
            (&file["stats_file"], &file["verdict"]),
            (&json!("reports/s.json"), &json!("mismatch")),
            "{beside}"
        );
    }
}

#[test]
fn bare_stats_of_another_run_do_not_come_before_the_run_in_the_name() {
    for name in ["csv/r-7.csv", "csv/r-7/x.csv"] {
        let folder = Folder::new(&[]);
        write(&folder, name, CSV);
        let bare = format!("{}/stats.json", name.rsplit_once('/').unwrap().0);
        write(&folder, &bare, &stats("a", "r-8", 1));
        let alone = &batch(&folder, &["csv"])["files"][0];
        assert_eq!(alone["stats_file"], bare, "there is nothing better");
        write(&folder, "reports/s.json", &stats("a", "r-7", 2));
        let file = &batch(&folder, &["csv", "reports"])["files"][0];
        assert_eq!(
            (&file["stats_file"], &file["verdict"]),
            (&json!("reports/s.json"), &json!("match")),
            "{name}"
        );
        write(&folder, &bare, &stats("a", "r-7", 1));
        assert_eq!(batch(&folder, &["csv", "reports"])["files"][0]["stats_file"], bare, "it is of this run");
    }
}
