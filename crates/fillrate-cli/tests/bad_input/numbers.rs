//! N1 to N5: numbers in cells and in reports.

use serde_json::json;

use super::row::{check, csv, stats};

const NO_NUMBERS: [&str; 13] =
    ["NaN", "nan", "inf", "-Infinity", "1e400", "1e3", "0x10", "1_000", "\"1,5\"", " 7 ", "+7", "٣", "7."];

#[test]
fn only_finite_decimals_count() {
    check(NO_NUMBERS.map(|cell| {
        csv("N1", format!("email,intent.score\na,{cell}\nb,80\n"))
            .has("/scores", json!({"outside": 0, "missing": 0, "invalid": 1}))
            .has("/stats/averages", json!({"intent.score": 80}))
            .has("/stats/fillRates/intent.score/count", 2)
    }));
    let all = NO_NUMBERS.map(|cell| format!("a,{cell}\n")).concat();
    check([csv("N1", format!("email,intent.score\n{all}"))
        .has("/stats/averages", json!({}))
        .has("/scores/invalid", 13)]);
}

#[test]
fn scores_at_the_edges_of_buckets() {
    let scores = "email,intent.score\na,49\nb,49.5\nc,69.5\nd,100\ne,-1\nf,\ng,x\nh,70\n";
    check([
        csv("N2", scores)
            .has("/stats/scoreHistogram/0/count", 1)
            .has("/stats/scoreHistogram/1/count", 1)
            .has("/stats/scoreHistogram/2/count", 0)
            .has("/scores", json!({"outside": 4, "missing": 1, "invalid": 1}))
            .says("outside"),
        csv("N2", scores)
            .args(&["--buckets", "<50,50-69,70+"])
            .has("/stats/scoreHistogram/0/count", 3)
            .has("/scores", json!({"outside": 0, "missing": 1, "invalid": 1})),
    ]);
}

#[test]
fn sums_are_exact() {
    // A double would lose the smallest number beside the largest one, and in another order not.
    let extremes = "score\n999999999999999\n0.000000001\n-999999999999999\n";
    let repeated = format!("score\n{}", "0.1\n".repeat(100_000));
    check([
        csv("N3", extremes).against(r#"{"averages": {"score": 3e-10}}"#),
        csv("N3", extremes).against(r#"{"averages": {"score": 0.0000000000}}"#).differs(),
        csv("N3", repeated).against(r#"{"averages": {"score": 0.100000000000000}}"#),
    ]);
}

#[test]
fn percents_are_held_to_their_own_decimals() {
    let of_800 = format!("email,phone\na,1\n{}", "b,\n".repeat(799));
    let phone =
        |percent: &str| format!(r#"{{"fillRates": {{"phone": {{"count": 1, "percent": {percent}}}}}}}"#);
    check([
        // 0.125: an exact half may be rounded either way.
        csv("N4", &of_800).against(phone("0.13")),
        csv("N4", &of_800).against(phone("0.12")),
        csv("N4", &of_800).against(phone("0.125")),
        csv("N4", &of_800).against(phone("0.14")).differs(),
        csv("N4", &of_800).has("/stats/fillRates/phone/percent", json!(0.13)),
        csv("N4", "phone\n1\n").against(phone("100.0")),
        csv("N4", "phone\n1\n").against(phone("100")),
        csv("N4", "phone\n1\n").against(phone("1e2")),
        csv("N4", "phone\n").against(r#"{"fillRates": {"phone": {"count": 0, "percent": 0.0}}}"#),
        csv("N4", "phone\n").against(r#"{"fillRates": {"phone": {"count": 0, "percent": 100}}}"#).differs(),
    ]);
}

#[test]
fn counts_that_are_none_are_refused_by_their_path() {
    let total = |value: &str| stats("N5", format!(r#"{{"data": {{"stats": {{"total": {value}}}}}}}"#));
    let refused = |value| total(value).refused("report-value", None).says("data.stats.total is ");
    check(["18446744073709551616", "-1", "1.5", "1.0", "1e3", "\"1\"", "[]", "true", "-0"].map(refused));
    // No reader of JSON holds these.
    check(
        [("1e400", 33), ("-1E+999", 35)]
            .map(|(value, byte)| refused(value).refused("report-value", Some((1, byte)))),
    );
    check([
        total("18446744073709551615").differs().has("/checks/0/reported", u64::MAX),
        stats("N5", r#"{"fillRates": {"a b": {"count": 1, "percent": "1"}}}"#)
            .refused("report-value", None)
            .says(r#"fillRates["a b"].percent is a string"#),
        stats("N5", r#"{"scoreHistogram": [{"bucket": "1", "count": 1}, {"bucket": "2", "count": -1}]}"#)
            .refused("report-value", None)
            .says("scoreHistogram[1].count is a negative number"),
        // Their sum fits no count; it is not wrapped, and what can be compared is.
        stats("N5", r#"{"scoreHistogram": [{"bucket": "50-79", "count": 18446744073709551615}, {"bucket": "80+", "count": 1}]}"#)
            .differs()
            .has("/checks/4/status", "mismatch")
            .has("/checks/5/status", "match"),
    ]);
}
