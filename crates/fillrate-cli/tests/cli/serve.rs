//! `fillrate serve`, from its first line to its end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, ExitStatus, Stdio};

use super::{Folder, stderr, stdout, testdata};

/// A server of the documented run, which is killed when the test is over.
struct Serving {
    child: Child,
    stdout: BufReader<ChildStdout>,
    address: String,
}

impl Serving {
    fn start(folder: &Folder, dir: &Path, more: &[&str]) -> Self {
        let args = [&["serve", dir.to_str().unwrap()], more].concat();
        let mut child = folder.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line:?}"));
        let address = address.trim_end().to_owned();
        Self { child, stdout, address }
    }

    fn get(&self, path: &str, key: &str) -> String {
        let mut connection = TcpStream::connect(&self.address).unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-api-key: {key}\r\n\r\n");
        connection.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Waits for its end. Returns what else it printed.
    fn end(&mut self) -> (ExitStatus, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.stdout.read_to_string(&mut out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap(), out, err)
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const RUN: &str =
    "/v1/intent/audiences/8c049a20-3385-42da-b710-0d038eff5812/runs/ad53af16-efbc-4fe1-a764-ded7181653a1";

#[cfg(unix)]
#[test]
fn it_serves_until_it_is_told_to_end() {
    for signal in ["TERM", "INT"] {
        let folder = Folder::new(&[]);
        let mut serving = Serving::start(&folder, &testdata("documented-run"), &["--fault", "status-503"]);
        assert!(serving.address.starts_with("127.0.0.1:"), "{}", serving.address);
        let path = format!("{RUN}/stats?secret=1");
        assert!(serving.get(&path, "sk_test").starts_with("HTTP/1.1 503 "));
        assert!(serving.get(&path, "sk_test").contains(r#""total":151"#));
        assert!(serving.get(&path, "sk_other").starts_with("HTTP/1.1 401 "));
        let kill = std::process::Command::new("kill")
            .args(["-s", signal, &serving.child.id().to_string()])
            .status()
            .unwrap();
        assert!(kill.success());
        let (status, out, err) = serving.end();
        assert_eq!((status.code(), out.as_str()), (Some(0), ""), "{err}");
        let lines: Vec<&str> = err.lines().collect();
        assert_eq!(lines.len(), 4, "{err}");
        assert_eq!(lines[0], format!("{RUN} is audience.csv"));
        assert!(lines[1].starts_with(&format!("GET {RUN}/stats 503 ")), "{err}");
        assert!(lines[3].starts_with(&format!("GET {RUN}/stats 401 ")), "{err}");
        assert!(!err.contains("sk_") && !err.contains("secret"), "{err}");
    }
}

#[cfg(unix)]
#[test]
fn the_key_is_read_from_a_file_that_others_cannot_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new(&[("key", "sk_of_mine\n")]);
    let mode = |mode| {
        std::fs::set_permissions(folder.path().join("key"), PermissionsExt::from_mode(mode)).unwrap();
    };
    mode(0o600);
    let dir = testdata("documented-run");
    let serving = Serving::start(&folder, &dir, &["--api-key-file", "key"]);
    let path = format!("{RUN}/stats");
    assert!(serving.get(&path, "sk_test").starts_with("HTTP/1.1 401 "));
    assert!(serving.get(&path, "sk_of_mine").starts_with("HTTP/1.1 200 "));
    mode(0o644);
    let refused = folder.run(&["serve", dir.to_str().unwrap(), "--api-key-file", "key"]);
    assert_eq!((refused.status.code(), stdout(&refused)), (Some(2), ""));
    assert!(
        stderr(&refused).starts_with("error[serve]: key: others can read the key; "),
        "{}",
        stderr(&refused)
    );
    assert!(!stderr(&refused).contains("sk_of_mine"));
}

#[test]
fn others_can_reach_it_only_where_that_is_said() {
    let folder = Folder::new(&[]);
    let mut serving = Serving::start(&folder, &testdata("documented-run"), &["--listen", "0.0.0.0:0"]);
    serving.child.kill().unwrap();
    let (_, _, err) = serving.end();
    assert!(err.starts_with("warning: others can reach this address; "), "{err}");
}

#[test]
fn every_fault_is_in_the_help_and_what_is_wrong_is_refused() {
    let folder = Folder::new(&[("notes.txt", "")]);
    let help = folder.run(&["serve", "--help"]);
    for kind in fillrate_serve::FaultKind::ALL {
        assert!(stdout(&help).contains(&format!("- {kind}:")), "{kind}: {}", stdout(&help));
    }
    assert!(stdout(&help).contains("development and tests"));
    for (args, kind, hint) in [
        (&["serve", "."][..], "serve", "no CSV in this folder"),
        (&["serve", "none"], "serve", "none: cannot read"),
        (&["serve", ".", "--fault", "nonsense"], "usage", "choose one of latency"),
        (&["serve", ".", "--url-ttl", "0"], "usage", "--url-ttl"),
        (&["serve", ".", "--listen", "localhost"], "usage", "--listen"),
        (&["serve", ".", "--api-key-file", "none"], "serve", "none: cannot read the key"),
    ] {
        let output = folder.run(args);
        assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{args:?}");
        let text = stderr(&output);
        assert!(text.starts_with(&format!("error[{kind}]: ")) && text.contains(hint), "{args:?}: {text}");
        assert_eq!(text.lines().count(), 1, "{text}");
    }
}
