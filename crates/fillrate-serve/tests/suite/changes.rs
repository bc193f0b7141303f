//! Rows are those of the run's snapshot, or there are none.

use super::client::End;
use super::served::{AUDIENCE, Folder, RUN, audience_path, run_path};

#[test]
fn a_file_that_changed_is_refused_everywhere() {
    for asked_before in [false, true] {
        let folder = Folder::documented();
        let served = folder.serve(&[]);
        let link = asked_before.then(|| served.link());
        if asked_before {
            assert_eq!(served.get(&run_path("results")).status, 200);
        }
        let name = format!("{AUDIENCE}/{RUN}/audience.csv");
        let mut csv = folder.read(&name);
        csv.extend_from_slice(b"x,ada@example.com,,,,,80\n");
        folder.write(&name, &csv);
        for (method, path) in [
            ("GET", run_path("stats")),
            ("GET", run_path("results")),
            ("GET", run_path("export.csv")),
            ("POST", run_path("exports")),
            ("GET", run_path("exports")),
            ("GET", audience_path("stats")),
            ("GET", audience_path("results")),
            ("POST", audience_path("export")),
        ] {
            let answer = served.call(method, &path);
            assert_eq!((answer.status, answer.code().as_str()), (409, "run_changed"), "{method} {path}");
        }
        if let Some(link) = link {
            assert_eq!(served.raw("GET", &link, &[]).code(), "run_changed");
        }
        served.stop();
        let again = folder.serve(&[]);
        assert_eq!(again.get(&run_path("stats")).json()["data"]["stats"]["total"], 152);
    }
}

#[test]
fn a_file_that_is_replaced_by_one_of_its_size_is_refused_too() {
    let folder = Folder::documented();
    let served = folder.serve(&[]);
    assert_eq!(served.get(&run_path("stats")).status, 200);
    let path = folder.path().join(AUDIENCE).join(RUN).join("audience.csv");
    let csv = std::fs::read(&path).unwrap();
    let other = folder.path().join("new");
    std::fs::write(
        &other,
        csv.iter().map(|&byte| if byte == b'8' { b'7' } else { byte }).collect::<Vec<_>>(),
    )
    .unwrap();
    std::fs::rename(&other, &path).unwrap();
    assert_eq!(served.get(&run_path("stats")).code(), "run_changed");
    std::fs::remove_file(&path).unwrap();
    assert_eq!(served.get(&run_path("stats")).code(), "run_changed");
}

#[test]
fn a_file_that_changes_while_it_is_sent_cuts_the_connection() {
    let folder = Folder::new();
    let line = "ada@example.com,some text\n";
    // More than what the two ends of a connection and the server hold together.
    folder.write("large.csv", format!("email,note\n{}", line.repeat(1_500_000)));
    let served = folder.serve(&[]);
    let run = served.only_run();
    let url = served.call("POST", &format!("{run}/exports")).json()["data"]["downloadUrl"].clone();
    let target = served.target(&url);
    let file = folder.path().join("large.csv");
    let answer = super::client::request_meanwhile(served.address(), &target, move || {
        std::fs::write(file, "email,note\n").unwrap();
    });
    assert_eq!((answer.status, answer.end), (200, End::Cut));
}
