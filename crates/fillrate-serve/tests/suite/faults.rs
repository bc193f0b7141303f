//! Every fault, as it is seen on the wire.

use std::io::Read;
use std::time::{Duration, Instant};

use fillrate_serve::FaultKind;
use serde_json::Value;

use super::client::{Answer, End};
use super::served::{AUDIENCE, Folder, KEY, RUN, Served, documented, run_path};

/// Both ways to a CSV of the documented run.
fn bodies(served: &Served) -> [(&'static str, Answer); 2] {
    let link = served.link();
    [
        ("direct", served.raw("GET", &run_path("export.csv"), &[KEY])),
        ("signed", served.raw("GET", &link, &[])),
    ]
}

fn csv() -> Vec<u8> {
    Folder::documented().read(&format!("{AUDIENCE}/{RUN}/audience.csv"))
}

fn stats(served: &Served) -> Answer {
    served.get(&run_path("stats"))
}

#[test]
fn every_kind_is_tried_here() {
    let source = include_str!("faults.rs");
    let tried = |kind: &FaultKind| source.matches(&format!("\"{kind}")).count() > 0;
    let missing: Vec<_> = FaultKind::ALL.into_iter().filter(|kind| !tried(kind)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn latency_is_waited_for() {
    let served = documented(&["latency=150,times=1"]);
    let start = Instant::now();
    assert_eq!(stats(&served).status, 200);
    assert!(start.elapsed() >= Duration::from_millis(150));
}

#[test]
fn calls_fail_as_often_as_they_are_asked_to() {
    for (fault, status) in [
        ("status-429=2", 429),
        ("status-500=2", 500),
        ("status-502=2", 502),
        ("status-503=2", 503),
        ("status-504=2", 504),
    ] {
        let served = documented(&[fault]);
        let answers = [stats(&served), served.get(&run_path("export.csv")), stats(&served)];
        assert_eq!(answers.each_ref().map(|answer| answer.status), [status, status, 200], "{fault}");
        assert_eq!(answers[0].code(), "staged");
        assert_eq!(answers[0].header("retry-after"), Some("1").filter(|_| status == 429));
    }
    let served = documented(&["status-503=1", "status-429"]);
    assert_eq!([429, 503, 200], [(); 3].map(|()| stats(&served).status));
}

#[test]
fn calls_are_redirected_or_get_a_page() {
    let elsewhere = "http://127.0.0.1:9/elsewhere";
    let served = documented(&[&format!("redirect-api={elsewhere}")]);
    let answer = served.raw("GET", &run_path("stats"), &[KEY]);
    assert_eq!((answer.status, answer.header("location")), (302, Some(elsewhere)));
    assert_eq!(served.raw("GET", &run_path("export.csv"), &[KEY]).status, 200);

    let served = documented(&["html-api,times=1"]);
    let answer = served.raw("GET", &run_path("stats"), &[KEY]);
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(answer.body.starts_with(b"<!doctype html>"));
    assert_eq!(stats(&served).status, 200);

    let served = documented(&[&format!("redirect={elsewhere}")]);
    for (way, answer) in bodies(&served) {
        assert_eq!((answer.status, answer.header("location")), (302, Some(elsewhere)), "{way}");
    }
    let served = documented(&["html"]);
    for (way, answer) in bodies(&served) {
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, Some("text/html; charset=utf-8")),
            "{way}"
        );
    }
}

#[test]
fn bodies_end_early_or_late_or_not_at_all() {
    let csv = csv();
    let whole = Some("18450");
    for (fault, length, bytes, end) in [
        ("cut-off=0", whole, 0, End::Cut),
        ("cut-off=1", whole, 1, End::Cut),
        ("cut-off", whole, 1000, End::Cut),
        ("cut-off=18449", whole, 18_449, End::Cut),
        ("cut-off-chunked=0", None, 0, End::Cut),
        ("cut-off-chunked=5000", None, 5000, End::Cut),
        // It lacks the last chunk only.
        ("cut-off-chunked=18450", None, 18_450, End::Cut),
        ("stall=700", whole, 700, End::Stalled),
        ("longer-length=5", Some("18455"), 18_450, End::Cut),
        ("shorter-length=5", Some("18445"), 18_445, End::Complete),
        ("shorter-length=99999", Some("0"), 0, End::Complete),
    ] {
        let served = documented(&[fault]);
        for (way, answer) in bodies(&served) {
            assert_eq!((answer.status, answer.header("content-length")), (200, length), "{fault} {way}");
            assert_eq!((answer.body.len(), answer.end), (bytes, end), "{fault} {way}");
            assert!(csv.starts_with(&answer.body), "{fault} {way}");
        }
    }
    let served = documented(&["endless"]);
    for (way, answer) in bodies(&served) {
        assert_eq!((answer.header("content-length"), answer.end), (None, End::Endless), "{way}");
        assert!(answer.body.starts_with(&csv), "{way}");
    }
}

#[test]
fn a_body_that_is_cut_off_can_be_had_in_parts() {
    let csv = csv();
    let served = documented(&["cut-off=5000"]);
    let link = served.link();
    let mut body = Vec::new();
    let mut requests = 0;
    while body.len() < csv.len() {
        let range = format!("bytes={}-", body.len());
        let answer = served.raw("GET", &link, &[("range", &range)]);
        assert_eq!(answer.status, 206);
        body.extend_from_slice(&answer.body);
        requests += 1;
    }
    assert_eq!((body == csv, requests), (true, 4));
}

#[test]
fn a_fault_with_times_is_over_then() {
    let served = documented(&["stall=10,times=1", "cut-off=20,times=1"]);
    let link = served.link();
    let ends = [(); 3].map(|()| served.raw("GET", &link, &[]).end);
    assert_eq!(ends, [End::Cut, End::Stalled, End::Complete]);
}

#[test]
fn a_stalled_answer_does_not_keep_the_server_from_stopping() {
    let served = documented(&["stall=10"]);
    let (address, link) = (served.address(), served.link());
    let mut connection = std::net::TcpStream::connect(address).unwrap();
    let head = format!("GET {link} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    std::io::Write::write_all(&mut connection, head.as_bytes()).unwrap();
    connection.read_exact(&mut [0; 20]).unwrap();
    served.stop();
    connection.read_to_end(&mut Vec::new()).unwrap();
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[test]
fn a_body_is_compressed() {
    let served = documented(&["gzip"]);
    for (way, answer) in bodies(&served) {
        assert_eq!((answer.header("content-encoding"), answer.end), (Some("gzip"), End::Complete), "{way}");
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut unpacked).unwrap();
        assert!(unpacked == csv(), "{way}");
    }
}

#[test]
fn ranges_go_wrong() {
    let range = ("range", "bytes=18000-18009");
    for (fault, status, content_range, bytes) in [
        ("ignored-range", 200, None, 18_450),
        ("wrong-content-range=7", 206, Some("bytes 18007-18016/18450"), 10),
        ("range-refused", 416, Some("bytes */18450"), 0),
    ] {
        let served = documented(&[fault]);
        let answer = served.raw("GET", &served.link(), &[range]);
        assert_eq!((answer.status, answer.header("content-range")), (status, content_range), "{fault}");
        if status != 416 {
            assert_eq!(answer.body.len(), bytes, "{fault}");
        }
    }
    let served = documented(&["changed-etag"]);
    let link = served.link();
    let [first, second] = [(); 2].map(|()| served.raw("GET", &link, &[]).header("etag").unwrap().to_owned());
    assert_ne!(first, second);
    let resumed = served.raw("GET", &link, &[range, ("if-range", &second)]);
    assert_eq!((resumed.status, resumed.body.len()), (200, 18_450));
}

#[test]
fn links_have_expired_and_exports_are_pending() {
    let served = documented(&["expired-url=2"]);
    let statuses = [(); 3].map(|()| served.raw("GET", &served.link(), &[]).status);
    assert_eq!(statuses, [403, 403, 200]);

    let served = documented(&["pending-export=1"]);
    let export = |method, path: &str| served.call(method, &run_path(path)).json()["data"].clone();
    let pending = export("POST", "exports");
    assert_eq!((&pending["export"]["status"], &pending["downloadUrl"]), (&"processing".into(), &Value::Null));
    assert_eq!(
        (&pending["export"]["rowCount"], &pending["export"]["contentSha1"]),
        (&Value::Null, &Value::Null)
    );
    let id = pending["export"]["id"].as_str().unwrap();
    assert_eq!(export("GET", &format!("exports/{id}"))["export"]["status"], "completed");
}

#[test]
fn export_records_are_wrong_or_hostile() {
    let raw = |fault: &str| {
        let served = documented(&[fault]);
        served.raw("POST", &run_path("exports"), &[KEY]).json()["data"]["export"].clone()
    };
    let right = raw("latency=0");
    for (fault, name, value) in [
        ("wrong-byte-size=3", "byteSize", Value::from(18_453)),
        ("wrong-row-count=2", "rowCount", Value::from(153)),
        ("wrong-sha1", "contentSha1", Value::from("0".repeat(40))),
        ("hostile-name", "fileName", Value::from("../../../../tmp/escaped.csv")),
    ] {
        let mut record = raw(fault);
        assert_eq!(record[name], value, "{fault}");
        record[name] = right[name].clone();
        assert_eq!(record, right, "{fault} changes nothing else");
    }
    let hostile = raw("hostile-ids");
    for id in ["id", "runId", "audienceId"] {
        assert!(hostile[id].as_str().unwrap().starts_with("../"), "{hostile}");
    }
}
