//! Keys and signatures: where they come from, and where they must not be. H3, H4 and H14.

use std::fs;
use std::path::Path;

use super::super::server::{Server, Step, reply};
use super::super::stage::{AUDIENCE, CSV, DAY, KEY, RUN, SIGNATURE, Stage, export, signed, stored, usual};
use super::super::{Folder, stderr, stdout};
use super::{check, fetch, stage, status};

#[test]
fn a_wrong_argument_or_key_is_said_and_not_repeated() {
    let folder = Folder::new(&[("key", "sk_canary\n"), ("bad-key", "sk_canary\r\nx-evil: 1"), ("empty", "")]);
    let (stage, run) = (stage(), [RUN]);
    let origin = stage.api.url();
    let table: [(&[&str], &str); 12] = [
        (&["--api-key", "sk_canary"], "error[usage]: unexpected argument '--api-key' found"),
        (&["--insecure"], "error[usage]: unexpected argument '--insecure' found"),
        (&["--date", "2026-02-30"], "error[usage]: invalid value '2026-02-30' for '--date"),
        (&["../../etc"], "error[usage]: invalid value '../../etc' for '[RUN]...'"),
        (&["--date", DAY], "error[usage]: the argument"),
        (&["--api-key-file", "none"], "error[files]: none: "),
        (&["--api-key-file", "empty"], "error[api-key]: the API key is empty; "),
        (&["--api-key-file", "bad-key"], "error[api-key]: "),
        (
            &["--base-url", "http://example.com"],
            "error[usage]: the argument '--base-url <URL>' cannot be used multiple",
        ),
        (&["--quiet", "--verbose"], "error[usage]: "),
        (&["--direct", "--date", DAY], "error[usage]: "),
        (&["--out", "x"], "error[usage]: "),
    ];
    own(&folder, &["bad-key", "empty", "key"]);
    for (args, beginning) in table {
        let output = fetch(&folder, &origin, KEY, &[&run, args].concat());
        check(&output, 2, beginning);
        let is_typed = args.contains(&"sk_canary");
        assert!(is_typed || !stderr(&output).contains("canary"), "{}", stderr(&output));
    }
    for (url, beginning) in [
        ("http://example.com", "error[address]: "),
        ("https://canary:canary@example.com", "error[address]: "),
        ("file:///canary", "error[address]: "),
        ("canary", "error[address]: "),
    ] {
        let output = fetch(&folder, url, KEY, &run);
        check(&output, 2, beginning);
        assert!(!stderr(&output).contains("canary"), "{}", stderr(&output));
    }
    check(
        &fetch(&folder, &origin, "", &run),
        2,
        "error[api-key]: the API key is empty; set LEADPIPE_API_KEY",
    );
    check(&fetch(&folder, &origin, "sk_canary\nx: y", &run), 2, "error[api-key]: ");
    let none = ["fetch", AUDIENCE, RUN, "--out", "out", "--base-url", &origin];
    check(
        &folder.command(&none).env_remove("LEADPIPE_API_KEY").output().unwrap(),
        2,
        "error[api-key]: there is no",
    );
    assert_eq!(stage.api.requests(), 0, "nobody was called");
}

/// Makes files their owner's alone.
fn own(folder: &Folder, names: &[&str]) {
    #[cfg(unix)]
    for name in names {
        use std::os::unix::fs::PermissionsExt;
        let path = folder.path().join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[cfg(unix)]
#[test]
fn a_key_comes_from_a_file_of_its_own_or_from_standard_input() {
    use std::os::unix::fs::PermissionsExt;
    let (folder, stage) = (Folder::new(&[("key", &format!("{KEY}\n"))]), stage());
    let origin = stage.api.url();
    let args = ["--api-key-file", "key", RUN];
    fs::set_permissions(folder.path().join("key"), fs::Permissions::from_mode(0o640)).unwrap();
    check(
        &fetch(&folder, &origin, "sk_other", &args),
        2,
        "error[api-key]: key: others can read this file with a key; ",
    );
    fs::set_permissions(folder.path().join("key"), fs::Permissions::from_mode(0o600)).unwrap();
    check(&fetch(&folder, &origin, "sk_other", &args), 0, "FETCHED");
    assert!(stage.api.received().contains(KEY) && !stage.api.received().contains("sk_other"));
    let args = ["exports", AUDIENCE, RUN, "--api-key-file", "-"];
    let mut command = folder.command(&args);
    command.env("LEADPIPE_BASE_URL", &origin).env_remove("LEADPIPE_API_KEY");
    let mut child = command
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), KEY.as_bytes()).unwrap();
    child.wait().unwrap();
    assert_eq!(stage.api.received().matches(KEY).count(), 3);
}

/// H14: a proxy is asked to connect, and sees neither the key nor what is asked for.
#[test]
fn a_proxy_sees_where_to_and_nothing_else() {
    let proxy = Server::new(|_| reply(403, &[], ""));
    let folder = Folder::new(&[]);
    let with_credentials = proxy.url().replace("http://", "http://user:canary@");
    let run = |origin: &str| {
        let args = ["fetch", AUDIENCE, RUN, "--out", "out", "--verbose", "--base-url", origin];
        let mut command = folder.command(&args);
        command
            .env("LEADPIPE_API_KEY", KEY)
            .env("ALL_PROXY", &with_credentials)
            .env_remove("NO_PROXY")
            .env_remove("no_proxy");
        command.output().unwrap()
    };
    let output = run("https://api.example.com");
    assert_eq!(status(&output), Some(2));
    let said = stderr(&output);
    assert!(said.contains(&format!("connections go through the proxy {}\n", proxy.address)), "{said}");
    assert!(
        said.contains("error[network]: the proxy of the environment does not connect to api.example.com"),
        "{said}"
    );
    assert!(!said.contains("canary"), "{said}");
    assert!(proxy.received().starts_with("CONNECT api.example.com:443 HTTP/1.1\r\n"), "{}", proxy.received());
    assert!(!proxy.received().contains(KEY) && !proxy.received().contains("audiences"));
    let before = proxy.requests();
    let stage = stage();
    assert_eq!(status(&run(&stage.api.url())), Some(0));
    assert_eq!(proxy.requests(), before, "what is on this machine does not go through it");
}

/// H14: who names a proxy does not want to be connected without it.
#[test]
fn a_proxy_that_cannot_be_used_is_not_gone_round() {
    let folder = Folder::new(&[]);
    for proxy in ["socks5://user:canary@127.0.0.1:1", "socks4://127.0.0.1:1", "canary://x", "::::"] {
        let args = ["fetch", AUDIENCE, RUN, "--out", "out", "--base-url", "https://api.example.com"];
        let output =
            folder.command(&args).env("LEADPIPE_API_KEY", KEY).env("ALL_PROXY", proxy).output().unwrap();
        assert_eq!(status(&output), Some(2));
        let said = stderr(&output);
        assert!(said.starts_with("error[usage]: ALL_PROXY names no proxy"), "{said}");
        assert!(!said.contains("canary"), "{said}");
    }
}

/// H4: whatever happens, neither a key nor a signature nor what a server says is anywhere but in requests.
#[test]
fn no_secret_is_said_or_written() {
    let answers: [fn(&str) -> Vec<Step>; 7] = [
        |files| reply(200, &[], export(&signed(files))),
        |_| reply(401, &[], r#"{"error": {"code": "canary x", "message": "canary"}}"#),
        |_| reply(404, &[], r#"{"message": "canary"}"#),
        |_| reply(200, &[], "<html>canary"),
        |_| {
            reply(
                200,
                &[],
                r#"{"data": {"export": {"id": "canary", "rowCount": 1}, "downloadUrl": "canary"}}"#,
            )
        },
        |_| reply(200, &[], export("https://canary:canary@127.0.0.1/canary?canary")),
        |_| reply(302, &[("Location", "https://10.0.0.1/x?canary")], ""),
    ];
    for (number, answer) in answers.into_iter().enumerate() {
        for files in [200, 403, 404] {
            let stage = Stage::new(
                move |request, files| {
                    if request.line().starts_with("POST") { answer(files) } else { usual(request, files) }
                },
                move |request| {
                    if files == 200 { stored(request, CSV.as_bytes()) } else { reply(files, &[], "canary") }
                },
            );
            let folder = Folder::new(&[]);
            for way in
                [&[RUN, "-v", "--verify"][..], &[RUN, "-v", "--direct", "--force"], &["--date", DAY, "-v"]]
            {
                let output = fetch(&folder, &stage.api.url(), KEY, way);
                let said = format!("{}{}", stdout(&output), stderr(&output));
                stage.check_secrets(&said);
                assert!(!said.contains("a@example") && !said.contains("Ltd"), "no cell: {said}");
            }
            let listed = folder
                .command(&["exports", AUDIENCE, RUN, "--base-url", &stage.api.url()])
                .env("LEADPIPE_API_KEY", KEY)
                .output()
                .unwrap();
            stage.check_secrets(&format!("{}{}", stdout(&listed), stderr(&listed)));
            assert!(!holds_a_canary(folder.path()), "{number} {files}");
            assert!(stage.api.received().contains(KEY));
            assert!(number != 0 || stage.files.received().contains(SIGNATURE), "the canary was there");
        }
    }
}

/// Whether any file in a folder holds what only requests may.
fn holds_a_canary(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holds_a_canary(&path)
        } else {
            String::from_utf8_lossy(&fs::read(&path).unwrap()).contains("canary")
        }
    })
}
