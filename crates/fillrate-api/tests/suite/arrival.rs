//! What arrives where, if all goes well, and if what arrives is something else.

use std::fs;

use fillrate_api::{Agreement, ErrorKind, Way};

use crate::server::{raw, reply};
use crate::stage::{
    AUDIENCE, CSV, CSV_SHA1, DAY, EXPORT, KEY, ROWS, RUN, SIGNATURE, Stage, said, stats, stored, usual,
};

fn stage() -> Stage {
    Stage::with_files(|request| stored(request, CSV.as_bytes()))
}

#[test]
fn a_stored_export_arrives_with_its_reports() {
    let stage = stage();
    let result = stage.fetch();
    stage.check_secrets(&said(&result));
    let fetched = result.unwrap();
    assert!(fetched.agrees() && !fetched.was_there && fetched.way == Way::Stored);
    assert_eq!(fetched.path, stage.file("audience.csv"));
    assert_eq!((fetched.byte_size, fetched.row_count), (CSV.len() as u64, Some(ROWS)));
    assert_eq!(
        fetched.checks.iter().map(|check| &*check.id).collect::<Vec<_>>(),
        ["export.byteSize", "export.contentSha1", "export.rowCount"]
    );
    assert_eq!(stage.names(), ["audience.csv", "export.json", "fetch.json", "stats.json"]);
    assert_eq!(fs::read_to_string(stage.file("audience.csv")).unwrap(), CSV);
    assert_eq!(fs::read_to_string(stage.file("stats.json")).unwrap(), stats(), "byte for byte");
    let export = fs::read_to_string(stage.file("export.json")).unwrap();
    assert!(
        export.contains(EXPORT)
            && export.contains("downloadUrlTtlSeconds")
            && !export.contains("downloadUrl\"")
    );
    let record: serde_json::Value =
        serde_json::from_slice(&fs::read(stage.file("fetch.json")).unwrap()).unwrap();
    assert_eq!((&record["result"], &record["contentSha1"]), (&"match".into(), &CSV_SHA1.into()));
    assert!(stage.api.received().contains(KEY) && stage.files.received().contains(SIGNATURE));
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_what_arrived() {
    use std::os::unix::fs::PermissionsExt;
    let stage = stage();
    stage.fetch().unwrap();
    for name in stage.names() {
        assert_eq!(fs::metadata(stage.file(&name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert_eq!(fs::metadata(stage.file("")).unwrap().permissions().mode() & 0o777, 0o700);
}

#[test]
fn how_far_it_has_come_is_told() {
    let size = CSV.len() as u64;
    let stage = Stage::with_files(|request| match request.number {
        0 => raw(200, &[("ETag", "\"v1\""), ("Content-Length", &CSV.len().to_string())], &CSV[..20]),
        _ => stored(request, CSV.as_bytes()),
    });
    stage.fetch().unwrap();
    let progress = stage.notes.progress();
    assert!(progress.iter().all(|(_, total)| *total == Some(size)), "{progress:?}");
    assert!(progress.is_sorted() && progress.contains(&(20, Some(size))), "{progress:?}");
    assert_eq!(progress.last(), Some(&(size, Some(size))));
}

#[test]
fn a_direct_export_arrives_with_its_cap() {
    let stage = stage();
    let fetched = stage.direct().unwrap();
    assert_eq!((fetched.row_cap, fetched.agrees(), fetched.way), (Some(300_000), true, Way::Direct));
    assert_eq!(stage.names(), ["audience.csv", "fetch.json", "stats.json"]);
    assert_eq!(stage.files.requests(), 0);
    stage.check_secrets(&format!("{fetched:?}"));
}

#[test]
fn an_export_of_a_day_arrives() {
    let stage = stage();
    let result = stage.day();
    stage.check_secrets(&said(&result));
    assert!(result.unwrap().agrees());
    let folder = stage.out.path().join(AUDIENCE).join(DAY);
    assert_eq!(fs::read_to_string(folder.join("audience.csv")).unwrap(), CSV);
    assert!(folder.join("export.json").exists() && folder.join("stats.json").exists());
}

#[test]
fn what_is_there_is_checked_and_not_downloaded_again() {
    let stage = stage();
    stage.fetch().unwrap();
    let before = stage.files.requests();
    let again = stage.fetch().unwrap();
    assert!(again.was_there && again.agrees());
    fs::write(stage.file("audience.csv"), "email\nprecious\n").unwrap();
    assert_eq!(stage.fetch().unwrap_err().kind(), ErrorKind::Exists);
    assert_eq!(fs::read_to_string(stage.file("audience.csv")).unwrap(), "email\nprecious\n");
    assert_eq!(stage.files.requests(), before);
    let forced = stage.with(crate::stage::settings(&stage.api.url()), |fetch| {
        fillrate_api::Fetch { force: true, ..*fetch }
            .stored(&crate::stage::id(AUDIENCE), &crate::stage::id(RUN))
    });
    assert!(!forced.unwrap().was_there);
    assert_eq!(fs::read_to_string(stage.file("audience.csv")).unwrap(), CSV);
}

/// H7: each of the three is found out, and what differs never has the final name.
#[test]
fn what_differs_from_its_record_keeps_another_name() {
    let same_size = CSV.replace("b@", "c@");
    let one_more = format!("{CSV}c@example.com,\n");
    let cut = &CSV[..CSV.len() - 15];
    let error = r#"{"error": {"code": "expired", "message": "x"}}"#;
    let table: [(&str, &str, &[&str]); 5] = [
        ("another content", &same_size, &["export.contentSha1"]),
        ("a record more", &one_more, &["export.byteSize", "export.contentSha1", "export.rowCount"]),
        ("a record less", cut, &["export.byteSize", "export.contentSha1", "export.rowCount"]),
        ("no CSV", error, &["export.byteSize", "export.contentSha1", "export.rowCount"]),
        ("nothing", "", &["export.byteSize", "export.contentSha1", "export.rowCount"]),
    ];
    for (why, content, expected) in table {
        let content = content.to_owned();
        let sent = content.clone();
        let stage = Stage::with_files(move |_| reply(200, &[("ETag", "\"v1\"")], &sent));
        let fetched = stage.fetch().unwrap();
        let wrong = fetched.checks.iter().filter(|check| check.status == Agreement::Mismatch);
        assert_eq!(wrong.map(|check| &*check.id).collect::<Vec<_>>(), expected, "{why}");
        assert!(!fetched.agrees());
        assert_eq!(stage.names(), ["audience.csv.bad", "export.json", "fetch.json", "stats.json"], "{why}");
        assert_eq!(fs::read_to_string(stage.file("audience.csv.bad")).unwrap(), content);
        stage.check_secrets(&format!("{fetched:?}"));
    }
}

#[test]
fn a_digest_that_is_none_is_no_mismatch() {
    for sha1 in ["null", "\"none\"", "\"unverified:0123\""] {
        let stage = Stage::new(
            move |request, files| {
                if request.line().starts_with("POST") {
                    let export = crate::stage::export(&crate::stage::signed(files));
                    return reply(200, &[], export.replace(&format!("\"{CSV_SHA1}\""), sha1));
                }
                usual(request, files)
            },
            |request| stored(request, CSV.as_bytes()),
        );
        assert!(stage.fetch().unwrap().agrees(), "{sha1}");
    }
}

#[test]
fn the_exports_of_a_run_are_listed_in_either_shape() {
    let export = format!(
        r#"{{"id": "{EXPORT}", "runId": "{RUN}", "status": "completed", "byteSize": 7, "rowCount": 3, "completedAt": "2026-05-05T08:46:03.000Z"}}"#
    );
    for list in [format!(r#"{{"data": {{"exports": [{export}]}}}}"#), format!(r#"{{"data": [{export}]}}"#)] {
        let stage = Stage::new(move |_, _| reply(200, &[], &list), |_| Vec::new());
        let listed = stage.with(crate::stage::settings(&stage.api.url()), |fetch| {
            fetch.client.exports(&crate::stage::id(AUDIENCE), &crate::stage::id(RUN))
        });
        let listed = listed.unwrap();
        assert_eq!((listed.len(), listed[0].row_count, listed[0].byte_size), (1, Some(3), Some(7)));
        assert_eq!(listed[0].completed_at.as_deref(), Some("2026-05-05T08:46:03.000Z"));
    }
    for bad in [r#"{"data": {"exports": [{"id": "../x", "rowCount": 1}]}}"#, r#"{"data": 7}"#, "[]", "x"] {
        let stage = Stage::new(move |_, _| reply(200, &[], bad), |_| Vec::new());
        let listed = stage.with(crate::stage::settings(&stage.api.url()), |fetch| {
            fetch.client.exports(&crate::stage::id(AUDIENCE), &crate::stage::id(RUN))
        });
        assert_eq!(listed.unwrap_err().kind(), ErrorKind::Answer, "{bad}");
    }
}
