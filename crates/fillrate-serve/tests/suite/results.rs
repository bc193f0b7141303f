//! Result rows of the current generation.

use fillrate_sample::HeaderStyle;
use serde_json::Value;

use super::served::{Folder, documented, run_path};

#[test]
fn pages_add_up_to_all_rows() {
    let folder = Folder::sample(HeaderStyle::Dotted, 613);
    let served = folder.serve(&[]);
    let run = served.only_run();
    let mut rows: Vec<Value> = Vec::new();
    loop {
        let page = served.get(&format!("{run}/results?limit=100&offset={}", rows.len())).json();
        let (data, meta) = (page["data"].as_array().unwrap(), &page["meta"]);
        assert_eq!(
            (meta["count"].as_u64(), meta["totalCount"].as_u64()),
            (Some(data.len() as u64), Some(613))
        );
        rows.extend(data.iter().cloned());
        if meta["hasMore"] == false {
            break;
        }
        assert_eq!(data.len(), 100);
    }
    let csv = folder.read("made/audience.csv");
    let mut reader = csv::Reader::from_reader(&csv[..]);
    let email = reader.headers().unwrap().iter().position(|name| name == "email").unwrap();
    let expected: Vec<String> = reader.records().map(|record| record.unwrap()[email].to_owned()).collect();
    let emails: Vec<&str> = rows.iter().map(|row| row["email"].as_str().unwrap_or_default()).collect();
    assert_eq!(emails, expected);
    assert!(rows.iter().any(|row| row["company"]["name"].is_string() && row["intent"]["score"].is_number()));
    assert!(rows.iter().any(|row| row["intent"]["matchedTopics"][0]["topicName"].is_string()));
    assert_eq!(
        served.get(&format!("{run}/results")).json()["data"].as_array().unwrap().len(),
        50,
        "as usual"
    );
    assert_eq!(served.get(&format!("{run}/results?offset=613")).json()["meta"]["count"], 0);
}

#[test]
fn a_page_that_cannot_be_is_refused() {
    let served = documented(&[]);
    for query in
        ["limit=0", "limit=101", "limit=-1", "limit=ten", "offset=-1", "offset=1.5", "limit=1&limit=2"]
    {
        let answer = served.get(&run_path(&format!("results?{query}")));
        assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_parameter"), "{query}");
    }
}
