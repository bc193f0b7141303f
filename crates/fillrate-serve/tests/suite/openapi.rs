//! The `OpenAPI` document says what is answered, and all of it is.

use std::sync::LazyLock;

use serde_json::{Value, json};

use super::client::Answer;
use super::served::{AUDIENCE, Folder, RUN, run_path};

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../openapi.json")).unwrap());

/// The operation that a request is, with the template of its path.
fn operation(method: &str, target: &str) -> (&'static str, &'static Value) {
    let path = target.split('?').next().unwrap();
    let fits = |template: &str| {
        let (mut template, mut path) = (template.split('/'), path.split('/'));
        loop {
            match (template.next(), path.next()) {
                (None, None) => return true,
                (Some(a), Some(b)) if a == b || a.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let paths = DOCUMENT["paths"].as_object().unwrap();
    let (template, item) =
        paths.iter().find(|(template, _)| fits(template)).unwrap_or_else(|| panic!("{path}"));
    (template, item.get(method.to_lowercase()).unwrap_or_else(|| panic!("{method} {template}")))
}

/// That an answer is one that the document describes: its status, its type and its content.
pub(crate) fn check(method: &str, target: &str, answer: &Answer) {
    let (template, operation) = operation(method, target);
    let status = answer.status.to_string();
    let described = operation["responses"].get(&status).unwrap_or_else(|| {
        panic!(
            "{method} {template} is not said to answer {status}: {}",
            String::from_utf8_lossy(&answer.body)
        )
    });
    let described = match described["$ref"].as_str() {
        Some(reference) => DOCUMENT.pointer(reference.trim_start_matches('#')).unwrap(),
        None => described,
    };
    let content = described["content"].as_object().unwrap();
    let (kind, described) = content.iter().next().unwrap();
    assert!(answer.header("content-type").unwrap().starts_with(kind.as_str()), "{method} {template}");
    if kind == "application/json" {
        // References in it lead into the document.
        let mut schema = described["schema"].clone();
        schema["components"] = DOCUMENT["components"].clone();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let body = answer.json();
        let errors: Vec<String> =
            validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{method} {template} {status}: {errors:#?}\n{body:#}");
    }
}

#[test]
fn every_operation_that_is_described_is_answered() {
    let folder = Folder::documented();
    let served = folder.serve(&[]);
    let export = served.call("POST", &run_path("exports")).json()["data"]["export"]["id"].clone();
    let link = served.link();
    let mut count = 0;
    for (template, item) in DOCUMENT["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys().filter(|key| *key != "parameters") {
            let target = if template.starts_with("/downloads/") {
                link.clone()
            } else {
                template
                    .replace("{audienceId}", AUDIENCE)
                    .replace("{runId}", RUN)
                    .replace("{exportId}", export.as_str().unwrap())
            };
            let answer = served.call(&method.to_uppercase(), &target);
            assert_eq!(answer.status, 200, "{method} {template}");
            count += 1;
        }
    }
    assert_eq!(count, 12);
}

#[test]
fn a_wrong_answer_does_not_pass() {
    let folder = Folder::documented();
    let mut answer = folder.serve(&[]).get(&run_path("stats"));
    let good = answer.json();
    for (pointer, value) in [
        ("/data/run/id", json!("run-1")),
        ("/data/run/status", json!("done")),
        ("/data/stats/total", json!(-1)),
        ("/data/stats/fillRates/email/percent", json!(101)),
        ("/data/stats/scoreHistogram", json!({})),
        ("/data/stats", json!({"total": 1})),
    ] {
        let mut wrong = good.clone();
        *wrong.pointer_mut(pointer).unwrap() = value;
        answer.body = serde_json::to_vec(&wrong).unwrap();
        let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            check("GET", &run_path("stats"), &answer);
        }));
        assert!(checked.is_err(), "{pointer} passes");
    }
}
