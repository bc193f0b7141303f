//! CSV exports: direct, stored, and by signed links.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use fillrate_sample::HeaderStyle;

use super::client::End;
use super::served::{AUDIENCE, Folder, KEY, RUN, documented, documented_with, run_path};

#[test]
fn the_stored_export_is_the_documented_one() {
    let folder = Folder::documented();
    let csv = folder.read(&format!("{AUDIENCE}/{RUN}/audience.csv"));
    let served = folder.serve(&[]);
    let answer = served.call("POST", &run_path("exports"));
    assert_eq!(answer.status, 200, "there is one already");
    let answer = answer.json();
    let documented: serde_json::Value =
        serde_json::from_slice(&folder.read(&format!("{AUDIENCE}/{RUN}/export.json"))).unwrap();
    for (name, value) in documented["data"]["export"].as_object().unwrap() {
        assert_eq!(answer["data"]["export"][name], *value, "{name}");
    }
    assert_eq!(answer["data"]["downloadUrlTtlSeconds"], 86_400);
    let list = served.get(&run_path("exports")).json();
    assert_eq!(list["data"]["exports"][0], answer["data"]["export"]);
    let id = answer["data"]["export"]["id"].as_str().unwrap();
    let detail = served.get(&run_path(&format!("exports/{id}"))).json();
    assert_eq!(detail["data"]["export"], answer["data"]["export"]);
    // No key is needed, and none is asked for.
    let download = served.raw("GET", &served.target(&detail["data"]["downloadUrl"]), &[]);
    assert_eq!((download.status, download.end), (200, End::Complete));
    assert_eq!(download.body, csv);
    assert_eq!(download.header("content-length"), Some("18450"));
    assert_eq!(download.header("accept-ranges"), Some("bytes"));
    let head = served.raw("HEAD", &served.target(&detail["data"]["downloadUrl"]), &[]);
    assert_eq!((head.status, head.header("content-length")), (200, Some("18450")));
}

#[test]
fn an_export_is_created_once() {
    let folder = Folder::sample(HeaderStyle::Snake, 20);
    std::fs::remove_file(folder.path().join("made/export.json")).unwrap();
    let served = folder.serve(&[]);
    let exports = format!("{}/exports", served.only_run());
    assert_eq!(served.get(&exports).json()["data"]["exports"].as_array().unwrap().len(), 0);
    let (first, second) = (served.call("POST", &exports), served.call("POST", &exports));
    assert_eq!((first.status, second.status), (201, 200));
    assert_eq!(first.json()["data"]["export"], second.json()["data"]["export"]);
    assert_eq!(served.get(&exports).json()["data"]["exports"].as_array().unwrap().len(), 1);
}

#[test]
fn the_direct_csv_is_the_file_up_to_the_cap() {
    let folder = Folder::sample(HeaderStyle::Dotted, 1000);
    let csv = folder.read("made/audience.csv");
    for (cap, records) in [(1, 1), (300, 300), (999, 999), (1000, 1000), (300_000, 1000)] {
        let served = folder.serve_with(&[], |settings| settings.row_cap = cap);
        let answer = served.get(&format!("{}/export.csv", served.only_run()));
        assert_eq!((answer.status, answer.end), (200, End::Complete));
        assert_eq!(answer.header("x-export-row-cap"), Some(cap.to_string().as_str()));
        assert_eq!(answer.header("content-length"), None);
        assert!(csv.starts_with(&answer.body));
        assert_eq!(csv::Reader::from_reader(&answer.body[..]).records().count(), records, "{cap}");
        assert_eq!(answer.body.len() == csv.len(), records == 1000, "{cap}");
    }
}

#[test]
fn a_large_file_comes_whole() {
    let folder = Folder::new();
    let mut csv = "email,note\n".to_owned();
    while csv.len() < 3_500_000 {
        csv += &format!("person{}@example.com,\"one\ntwo\"\n", csv.len());
    }
    folder.write("large.csv", &csv);
    let served = folder.serve(&[]);
    let run = served.only_run();
    assert!(served.get(&format!("{run}/export.csv")).body == csv.as_bytes());
    let url = served.call("POST", &format!("{run}/exports")).json()["data"]["downloadUrl"].clone();
    let (target, size) = (served.target(&url), csv.len());
    for (first, last) in [(0, size - 1), (1_048_575, 1_048_576), (1_000_000, 3_200_000), (size - 1, size - 1)]
    {
        let part = served.raw("GET", &target, &[("range", &format!("bytes={first}-{last}"))]);
        assert_eq!(part.status, 206);
        assert_eq!(part.header("content-range"), Some(format!("bytes {first}-{last}/{size}").as_str()));
        assert!(part.body == csv.as_bytes()[first..=last], "{first}-{last}");
    }
}

#[test]
fn a_part_is_sent_of_the_file_that_is_meant() {
    let folder = Folder::documented();
    let csv = folder.read(&format!("{AUDIENCE}/{RUN}/audience.csv"));
    let served = folder.serve(&[]);
    let link = served.link();
    let etag = served.raw("HEAD", &link, &[]).header("etag").unwrap().to_owned();
    let range = ("range", "bytes=18400-");
    for (headers, status, body) in [
        (vec![range], 206, &csv[18_400..]),
        (vec![range, ("if-range", etag.as_str())], 206, &csv[18_400..]),
        (vec![range, ("if-range", "\"another\"")], 200, &csv[..]),
        (vec![("range", "bytes=-50")], 206, &csv[18_400..]),
        (vec![("range", "bytes=0-1,5-6")], 200, &csv[..]),
    ] {
        let answer = served.raw("GET", &link, &headers);
        assert_eq!((answer.status, answer.body.as_slice()), (status, body), "{headers:?}");
        assert_eq!(answer.header("etag"), Some(etag.as_str()));
    }
    let behind = served.raw("GET", &link, &[("range", "bytes=18450-")]);
    assert_eq!((behind.status, behind.header("content-range")), (416, Some("bytes */18450")));
    assert_eq!(behind.code(), "range_not_satisfiable");
}

#[test]
fn a_link_holds_until_it_expires_and_the_next_is_fresh() {
    let now = Arc::new(AtomicU64::new(1_800_000_000));
    let clock = Arc::clone(&now);
    let served = documented_with(&[], |settings| {
        settings.url_ttl = Duration::from_mins(1);
        settings.clock = Arc::new(move || UNIX_EPOCH + Duration::from_secs(clock.load(Ordering::Relaxed)));
    });
    let link = served.link();
    now.fetch_add(59, Ordering::Relaxed);
    assert_eq!(served.raw("GET", &link, &[]).status, 200);
    now.fetch_add(1, Ordering::Relaxed);
    let expired = served.raw("GET", &link, &[]);
    assert_eq!((expired.status, expired.code().as_str()), (403, "link_expired"));
    assert_eq!(served.raw("GET", &served.link(), &[]).status, 200);
}

#[test]
fn where_any_address_is_listened_on_a_link_leads_to_the_one_that_was_found() {
    let served = documented_with(&[], |settings| settings.listen = "0.0.0.0:0".parse().unwrap());
    let found = std::net::SocketAddr::from(([127, 0, 0, 1], served.address().port()));
    let answer = super::client::request(found, "POST", &run_path("exports"), &[KEY]).json();
    let url = answer["data"]["downloadUrl"].as_str().unwrap();
    assert!(url.starts_with(&format!("http://{found}/downloads/")), "{url}");
    assert!(served.log()[0].starts_with("warning: others can reach this address"), "{:?}", served.log());
}

#[test]
fn an_altered_link_is_refused() {
    let served = documented(&[]);
    let link = served.link();
    let (path, query) = link.split_once('?').unwrap();
    let later = query.replacen("expires=1", "expires=2", 1);
    assert_ne!(later, query);
    let other_signature =
        served.link().replace("signature=", "signature=0").split_once('?').unwrap().1.to_owned();
    for altered in [
        path.to_owned(),
        format!("{path}?{later}"),
        format!("{path}?{other_signature}"),
        format!("{path}?expires=99999999999&signature="),
        format!("{}?{query}", path.replace(AUDIENCE, RUN)),
        format!("{}?{query}", path.replace(".csv", "")),
    ] {
        let answer = served.raw("GET", &altered, &[KEY]);
        assert_eq!((answer.status, answer.code().as_str()), (403, "link_altered"), "{altered}");
    }
    let elsewhere = documented(&[]);
    assert_eq!(elsewhere.raw("GET", &link, &[]).status, 403, "another process has another secret");
}
