//! J1 to J5: what the API reported.

use serde_json::json;

use super::row::{check, stats};

const RUN: &str = r#""run": {"id": "r", "audienceId": "a", "status": "completed", "resultCount": 1}"#;

#[test]
fn reports_that_are_too_much() {
    let deep = |open: &str, close: &str| {
        format!("{{\"total\": 1, \"x\": {}{}}}", open.repeat(100_000), close.repeat(100_000))
    };
    let keys = (0..200_000).map(|key| format!("\"k{key}\": 1, ")).collect::<Vec<_>>().concat();
    let long = "x".repeat(4 << 20);
    check([
        stats("J1", "[".repeat(100_000)).refused("json", Some((1, 127))),
        stats("J1", deep("[", "]")).refused("json", Some((1, 144))),
        stats("J1", deep("{\"a\": ", "}")).refused("json", None),
        stats("J1", format!("{{\"total\": 1, \"x\": \"{long}\"}}")),
        stats("J1", format!("{{{keys}\"total\": 1}}")),
    ]);
    // The cap holds whatever is in it.
    let spaces = " ".repeat(16 << 20);
    check([
        stats("J1", format!("{{\"total\": 1{spaces}}}"))
            .refused("report-too-large", None)
            .says("more than 16777216 bytes"),
        stats("J1", "[".repeat(17 << 20)).refused("report-too-large", None),
    ]);
}

#[test]
fn reports_that_are_not_strict_json() {
    let utf16: Vec<u8> = "\u{feff}{\"total\": 1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    check([
        stats("J2", "").refused("json", Some((1, 0))).says("cut off (column 0)"),
        stats("J2", "{\"total\": 1").refused("json", Some((1, 10))).says("the JSON is cut off (column 11)"),
        stats("J2", "{\"total\":\n 1} x").refused("json", Some((2, 14))).says("(column 5)"),
        stats("J2", "\u{feff}{\"total\": 1}").refused("json", Some((1, 0))).says("(column 1)"),
        stats("J2", utf16).refused("json", Some((1, 0))),
        stats("J2", "{\n\"total\": NaN}").refused("json", Some((2, 11))).says("(column 10)"),
        stats("J2", "{\"total\": Infinity}").refused("json", Some((1, 10))),
        stats("J2", "{\"total\": 1, \"x\": \"\\ud800\"}").refused("json", Some((1, 25))).says("(column 26)"),
        stats("J2", "{\"total\": 1, \"\\udc00x\": 1}").refused("json", Some((1, 19))),
        stats("J2", b"{\"total\": 1, \"x\": \"\xFF\"}").refused("json", None),
        stats("J2", "{\"total\": 01}").refused("json", Some((1, 11))),
        stats("J2", "{\"total\": 1,}").refused("json", Some((1, 12))),
        stats("J2", "{\"total\": 1, // one\n}").refused("json", Some((1, 13))),
        stats("J2", "{\"total\": 1, \"total\": 1}")
            .refused("duplicate-key", Some((1, 19)))
            .says("total is there twice"),
        stats("J2", "{\"total\": 1, \"x\": [{\"a\": 1,\n \"\\u0061\": 1}]}")
            .refused("duplicate-key", Some((2, 36)))
            .says("x[0].a is there twice"),
    ]);
}

#[test]
fn answers_that_are_no_report() {
    check([
        stats("J3", r#"{"total": 1, "averages": {}, "fillRates": null, "cost": 5, "run": {"mood": 1}}"#)
            .has("/unknown", json!(["run.mood", "cost"]))
            .says("Members of the reports that the API does not document: run.mood, cost."),
        stats("J3", r#"{"error": {"code": "not_found", "message": "no such run"}}"#)
            .refused("not-a-report", None)
            .says("this is an error answer of the API"),
        stats("J3", r#"{"message": "Forbidden"}"#)
            .refused("not-a-report", None)
            .says("this is an error answer"),
        stats("J3", "<!doctype html><title>Log in</title>")
            .refused("not-a-report", None)
            .says("this is HTML or XML"),
        stats("J3", "\n <html>").refused("not-a-report", None),
        stats("J3", "email,phone\na,1\n").refused("json", Some((1, 0))),
        stats("J3", "[]").refused("not-a-report", None).says("this JSON is an array"),
        stats("J3", "1").refused("not-a-report", None),
        stats("J3", "{}").refused("not-a-report", None).says("not a stats answer"),
        stats("J3", r#"{"data": null}"#).refused("not-a-report", None),
        stats("J3", r#"{"data": {"export": {"rowCount": 1}}}"#)
            .refused("not-a-report", None)
            .says("`--export`"),
        stats("J3", r#"{"scoreHistogram": [{"count": 1}]}"#)
            .refused("not-a-report", None)
            .says("scoreHistogram[0]"),
    ]);
}

#[test]
fn reports_of_something_else() {
    let whole = |run: &str| format!(r#"{{{run}, "stats": {{"total": 1}}}}"#);
    let export = |status: &str, run: &str, audience: &str| {
        format!(
            r#"{{"export": {{"status": "{status}", "runId": "{run}", "audienceId": "{audience}", "rowCount": 1}}}}"#
        )
    };
    let failing = |number: usize, id: &str, row: super::row::Row| {
        let pointers = ["/checks/0", "/checks/1", "/checks/2", "/checks/3", "/checks/4", "/checks/5"];
        let of = |member: &str| -> &'static str { format!("{}/{member}", pointers[number]).leak() };
        row.differs().has(of("id"), id).has(of("status"), "mismatch")
    };
    check([
        stats("J4", whole(RUN)).and_export(export("completed", "r", "a")),
        failing(4, "export.runId", stats("J4", whole(RUN)).and_export(export("completed", "other", "a"))),
        failing(
            5,
            "export.audienceId",
            stats("J4", whole(RUN)).and_export(export("completed", "r", "other")),
        ),
        failing(3, "export.status", stats("J4", whole(RUN)).and_export(export("failed", "r", "a"))),
        failing(1, "run.status", stats("J4", whole(&RUN.replace("completed", "running")))),
    ]);
}

#[test]
fn reports_that_contradict_themselves() {
    let inconsistent = |report: &str, check: &'static str| stats("J5", report).differs().says(check);
    check([
        inconsistent(
            r#"{"total": 1, "scoreHistogram": [{"bucket": "50-80", "count": 1}, {"bucket": "80-99", "count": 1}]}"#,
            "report.scoreHistogram",
        ),
        inconsistent(
            r#"{"total": 1, "scoreHistogram": [{"bucket": "80", "count": 1}, {"bucket": "80", "count": 1}]}"#,
            "report.scoreHistogram",
        ),
        inconsistent(
            r#"{"total": 1, "scoreHistogram": [{"bucket": "50-69", "count": 5}, {"bucket": "70+", "count": 1}]}"#,
            "report.scoreHistogram",
        ),
        inconsistent(
            r#"{"total": 1, "fillRates": {"email": {"count": 1, "percent": 50}}}"#,
            "report.fillRates.email",
        ),
        inconsistent(
            r#"{"total": 1, "fillRates": {"email": {"count": 2, "percent": 200}}}"#,
            "report.fillRates.email",
        ),
        // In any order, they are the same buckets.
        stats(
            "J5",
            r#"{"total": 1, "scoreHistogram": [{"bucket": "70+", "count": 1}, {"bucket": "50-69", "count": 0}]}"#,
        ),
    ]);
}
