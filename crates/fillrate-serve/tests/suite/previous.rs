//! The previous generation: by audience and day.

use fillrate_sample::HeaderStyle;
use serde_json::Value;

use super::served::{AUDIENCE, Folder, audience_path, documented, testdata};

#[test]
fn stats_are_percents_by_field() {
    let served = documented(&[]);
    let stats = served.get(&audience_path("stats")).json();
    assert_eq!(stats["data"]["total"], 151);
    assert_eq!(stats["data"]["dataDate"], "2026-05-05", "of the day when it was completed");
    let fields = &stats["data"]["fields"];
    assert_eq!(
        (&fields["firstName"], &fields["email"]),
        (&serde_json::json!(68.21), &serde_json::json!(100))
    );
}

/// Three runs of one audience, and the beginning of the path of its calls.
fn three_runs() -> (Folder, super::served::Served, String) {
    let folder = Folder::new();
    for day in ["2026-05-04", "2026-05-05", "2026-05-06"] {
        for name in ["audience.csv", "stats.json"] {
            folder.write(
                &format!("{day}/{name}"),
                std::fs::read(testdata("three-runs").join(day).join(name)).unwrap(),
            );
        }
    }
    folder.write("2026-05-07/stats.json", r#"{"data": {"run": {"id": "run-4", "audienceId": "spring"}}}"#);
    folder.write(
        "2026-05-07/run.json",
        r#"{"status": "running", "dataDate": "2026-05-07", "completedAt": "2026-05-07T06:00:00.000Z"}"#,
    );
    let served = folder.serve(&[]);
    let runs = served.runs();
    let audience = runs[0].1.split("/runs/").next().unwrap().to_owned();
    assert!(runs.iter().all(|(_, path)| path.starts_with(&audience)), "{runs:?}");
    (folder, served, audience)
}

#[test]
fn a_day_has_its_run_and_without_one_it_is_the_latest() {
    let (_folder, served, audience) = three_runs();
    let runs = served.get(&format!("{audience}/runs")).json();
    let days: Vec<&str> =
        runs["data"].as_array().unwrap().iter().map(|run| run["dataDate"].as_str().unwrap()).collect();
    assert_eq!(days, ["2026-05-07", "2026-05-06", "2026-05-05", "2026-05-04"]);
    assert_eq!(runs["data"][0]["status"], "materializing");
    let status = |query: &str| served.get(&format!("{audience}/status{query}")).json()["data"].clone();
    assert_eq!(status("")["status"], "materializing");
    assert_eq!(status("?date=2026-05-04")["status"], "ready");
    assert_eq!(status("?date=2026-05-04")["totalCount"], 150);
    assert_eq!(status("?date=2026-05-01")["status"], "none");
    assert_eq!(
        served.get(&format!("{audience}/stats?date=2026-05-06")).json()["data"]["dataDate"],
        "2026-05-06"
    );
    for (method, call) in [("GET", "stats"), ("POST", "export")] {
        for (day, code) in [("2026-05-07", 404), ("2026-05-01", 404), ("2026-5-1", 400), ("today", 400)] {
            assert_eq!(
                served.call(method, &format!("{audience}/{call}?date={day}")).status,
                code,
                "{call} {day}"
            );
        }
    }
    assert_eq!(served.get(&format!("{audience}/results")).status, 202);
    assert_eq!(served.get(&format!("{audience}/results?date=2026-05-01")).status, 404);
}

#[test]
fn an_export_has_a_link_and_is_cached_then() {
    let (folder, served, audience) = three_runs();
    let export = format!("{audience}/export?date=2026-05-05");
    let first = served.call("POST", &export).json()["data"].clone();
    let second = served.call("POST", &export).json()["data"].clone();
    assert_eq!((&first["cached"], &second["cached"]), (&Value::Bool(false), &Value::Bool(true)));
    assert_eq!(
        (&first["rows"], &first["dataDate"]),
        (&serde_json::json!(156), &serde_json::json!("2026-05-05"))
    );
    assert_eq!(first["expiresIn"], "86400");
    let download = served.raw("GET", &served.target(&second["downloadUrl"]), &[]);
    assert_eq!(download.body, folder.read("2026-05-05/audience.csv"));
    let runs = served.get(&format!("{audience}/runs")).json();
    let has_export = |day: &str| {
        let runs = runs["data"].as_array().unwrap();
        runs.iter().find(|run| run["dataDate"] == day).unwrap()["hasExport"].clone()
    };
    assert_eq!((has_export("2026-05-05"), has_export("2026-05-04")), (true.into(), false.into()));
}

#[test]
fn pages_of_flat_rows_add_up() {
    for header in [HeaderStyle::Flat, HeaderStyle::Dotted] {
        let folder = Folder::sample(header, 230);
        let served = folder.serve(&[]);
        let audience = served.only_run().split("/runs/").next().unwrap().to_owned();
        let (mut rows, mut query): (Vec<Value>, _) = (Vec::new(), String::new());
        loop {
            let page = served.get(&format!("{audience}/results?limit=60{query}")).json();
            rows.extend(page["data"].as_array().unwrap().iter().cloned());
            let Some(cursor) = page["meta"]["nextCursor"].as_str() else { break };
            assert_eq!(page["meta"]["hasMore"], true);
            query = format!("&cursor={cursor}");
        }
        assert_eq!(rows.len(), 230);
        let csv = folder.read("made/audience.csv");
        let mut reader = csv::Reader::from_reader(&csv[..]);
        let email = reader.headers().unwrap().iter().position(|name| name == "email").unwrap();
        let expected: Vec<String> =
            reader.records().map(|record| record.unwrap()[email].to_owned()).collect();
        let emails: Vec<&str> = rows.iter().map(|row| row["email"].as_str().unwrap_or_default()).collect();
        assert_eq!(emails, expected);
        assert!(rows.iter().all(|row| row["personId"].is_string() && row["intentScore"].is_number()));
        assert!(rows.iter().any(|row| row["company"].is_string()));
    }
    let served = documented(&[]);
    for cursor in ["x", "1", &format!("{AUDIENCE}.5"), "ad53af16-efbc-4fe1-a764-ded7181653a1.-1"] {
        assert_eq!(served.get(&audience_path(&format!("results?cursor={cursor}"))).status, 400, "{cursor}");
    }
}
