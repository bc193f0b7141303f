//! `fillrate fetch` and `fillrate exports`.

mod emulated;
mod secrets;

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use super::server::{Step, raw, reply};
use super::stage::{AUDIENCE, CSV, KEY, RUN, Stage, stored};
use super::{Folder, stderr, stdout};

/// Fetches into the folder, from an origin, with a key in the environment.
fn fetch(folder: &Folder, origin: &str, key: &str, args: &[&str]) -> Output {
    let all = [&["fetch", AUDIENCE, "--out", "out", "--base-url", origin], args].concat();
    folder.command(&all).env("LEADPIPE_API_KEY", key).env("RUST_BACKTRACE", "1").output().unwrap()
}

fn place(folder: &Folder, of: &str, name: &str) -> PathBuf {
    folder.path().join("out").join(AUDIENCE).join(of).join(name)
}

fn status(output: &Output) -> Option<i32> {
    output.status.code()
}

#[track_caller]
fn check(output: &Output, expected: i32, beginning: &str) {
    let streams = format!("stdout: {}\nstderr: {}", stdout(output), stderr(output));
    assert_eq!(status(output), Some(expected), "{streams}");
    let text = if expected == 2 { stderr(output) } else { stdout(output) };
    assert!(text.starts_with(beginning), "{streams}");
    assert_eq!(output.stderr.is_empty(), expected != 2, "{streams}");
}

fn stage() -> Stage {
    Stage::with_files(|request| stored(request, CSV.as_bytes()))
}

#[test]
fn what_differs_is_a_mismatch_and_what_fails_is_said() {
    let folder = Folder::new(&[]);
    let bad = Stage::with_files(|_| reply(200, &[("ETag", "\"v1\"")], &CSV[..CSV.len() - 15]));
    let output = fetch(&folder, &bad.api.url(), KEY, &[RUN, "--verify"]);
    check(&output, 1, "MISMATCH  out/");
    assert!(stdout(&output).contains("  ✗  export.rowCount: reported 2, here 1\n"), "{}", stdout(&output));
    assert!(place(&folder, RUN, "audience.csv.bad").exists());

    let other = "00000000-0000-4000-8000-000000000000";
    let folder = Folder::new(&[]);
    let good = stage();
    let output = fetch(&folder, &good.api.url(), KEY, &[other, RUN]);
    assert_eq!(status(&output), Some(2));
    assert!(stderr(&output).starts_with("error[not-found]: ") && stdout(&output).starts_with("FETCHED"));

    let closed = Stage::new(|_, _| reply(401, &[], "{}"), |_| Vec::new());
    let output = fetch(&folder, &closed.api.url(), KEY, &[other, RUN]);
    check(&output, 2, "error[unauthorized]: ");
    assert_eq!(
        (closed.api.requests(), stderr(&output).lines().count()),
        (1, 1),
        "the others are not even tried"
    );
}

#[test]
fn what_is_done_is_said_to_who_asks() {
    let stage = Stage::with_files(|request| match request.number {
        0 => reply(503, &[], ""),
        1 => reply(403, &[], ""),
        _ => stored(request, CSV.as_bytes()),
    });
    let (folder, origin) = (Folder::new(&[]), stage.api.url());
    let output = fetch(&folder, &origin, KEY, &[RUN, "--verbose"]);
    assert_eq!(status(&output), Some(0));
    assert!(
        stderr(&output).contains("trying again in ") && stderr(&output).contains("asking for another one"),
        "{}",
        stderr(&output)
    );
    stage.check_secrets(stderr(&output));
    let quiet = fetch(&folder, &origin, KEY, &[RUN, "--quiet", "--force"]);
    check(&quiet, 0, "FETCHED");
}

#[cfg(unix)]
#[test]
fn an_interrupted_download_is_gone_on_with() {
    use std::io::Read;
    use std::process::Stdio;
    use std::time::Duration;
    let stage = Stage::with_files(|request| match request.number {
        0 => {
            let length = CSV.len().to_string();
            let mut steps = raw(200, &[("ETag", "\"v1\""), ("Content-Length", &length)], &CSV[..20]);
            steps.push(Step::Wait(Duration::from_secs(20)));
            steps
        }
        _ => stored(request, CSV.as_bytes()),
    });
    let (folder, origin) = (Folder::new(&[]), stage.api.url());
    let args = ["fetch", AUDIENCE, RUN, "--out", "out", "--base-url", &origin];
    let mut child = folder
        .command(&args)
        .env("LEADPIPE_API_KEY", KEY)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let part = place(&folder, RUN, "audience.csv.part.json");
    while !part.exists() {
        std::thread::sleep(Duration::from_millis(5));
    }
    let kill =
        std::process::Command::new("kill").args(["-s", "INT", &child.id().to_string()]).status().unwrap();
    assert!(kill.success());
    let (mut out, mut err) = (String::new(), String::new());
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), out.as_str()), (Some(130), ""), "{err}");
    assert!(
        err.contains("error[interrupted]: there is no result; run it again to go on where it was"),
        "{err}"
    );
    assert!(!place(&folder, RUN, "audience.csv").exists());
    check(&fetch(&folder, &origin, KEY, &[RUN]), 0, "FETCHED");
    assert_eq!(fs::read_to_string(place(&folder, RUN, "audience.csv")).unwrap(), CSV);
}
