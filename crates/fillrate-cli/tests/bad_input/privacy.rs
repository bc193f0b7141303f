//! O6: no cell, and no text of a report that is no id, is ever printed, whatever is wrong and whatever is asked for.

use std::io::{BufRead, BufReader, Read, Write};

use super::support::{Folder, stderr, stdout};

/// Letters of which no word that is printed has four in a row, so that a part of a canary gives it away too.
const RARE: [char; 4] = ['q', 'j', 'x', 'z'];

/// Texts that are all different, and that nothing but a cell or a report holds.
#[derive(Default)]
struct Canaries(usize);

impl Canaries {
    fn next(&mut self) -> String {
        self.0 += 1;
        (0..8).map(|at| RARE[self.0 / 4_usize.pow(at) % 4]).collect()
    }

    /// Puts another one wherever the text says `$`.
    fn plant(&mut self, text: &str) -> String {
        text.chars().map(|c| if c == '$' { self.next() } else { c.to_string() }).collect()
    }

    /// Records of as many cells, each written like `cell`.
    fn records(&mut self, count: usize, columns: usize, cell: &str) -> String {
        (0..count).map(|_| self.plant(&(vec![cell; columns].join(",") + "\n"))).collect()
    }
}

fn leak(text: &str) -> Option<&str> {
    let is_rare = |c: char| RARE.contains(&c.to_ascii_lowercase());
    text.split(|c| !is_rare(c)).find(|run| run.len() >= 4)
}

#[test]
fn a_part_of_a_canary_is_a_leak() {
    let mut canaries = Canaries::default();
    let all: Vec<String> = (0..9_000).map(|_| canaries.next()).collect();
    let unique: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(unique.len(), all.len());
    assert!(all.iter().all(|canary| leak(&format!("a {} b", &canary[2..6])).is_some()));
    assert_eq!(leak("fix the sizes of the jpeg; jq says so"), None);
}

/// Files in all the shapes that break things; the name says which.
fn shapes(canaries: &mut Canaries) -> Vec<(&'static str, Vec<u8>)> {
    let header = "email,intent.score,company.name\n";
    let mut shape =
        |start: &str, cell: &str| (start.to_owned() + &canaries.records(30, 3, cell)).into_bytes();
    let mut shapes = vec![
        ("plain", shape(header, "$")),
        ("quoted", shape(header, "\"$\"")),
        ("quotes-in-quotes", shape(header, "\"$\"\"$,\n$\"")),
        ("text-after-quote", shape(header, "\"$\"$")),
        ("quote-in-field", shape(header, "$\"$")),
        ("crlf", shape(&header.replace('\n', "\r\n"), "$")),
        ("blank-around", shape(header, " $\t")),
        ("long", shape(header, "$,$")),
        ("one-column", shape("email\n", "$")),
        ("short", shape("email,intent.score,company.name,phone,headline\n", "$")),
        ("wrong-delimiter", shape("email;phone\n", "$;$")),
        ("first-row-email", shape("", "$@example.com")),
        ("first-row-url", shape("", "https://$.example/$")),
        ("first-row-phone", shape("+1 555 0100,", "$")),
        // A quote that swallows what is behind the header: to its end, and to the next quote.
        ("open-quote-in-header", shape("email,\"note\n", "$")),
        ("header-with-records", shape("email,\"note\n1,2\n\",x\n", "$")),
    ];
    let open = [&shape(header, "$")[..], b"\"", &shape("", "$")].concat();
    shapes.push(("open-quote", open));
    for (name, byte) in [("latin1", 0xE9), ("nul", 0), ("escape", 0x1B), ("lone-cr", b'\r')] {
        let odd = shape(header, "$|$").into_iter().map(|b| if b == b'|' { byte } else { b });
        shapes.push((name, odd.collect()));
    }
    shapes
        .push(("swallowed", shape("email,\"note\n", "$").into_iter().chain(*b"a@b.example\",x\n").collect()));
    shapes
}

/// What is said of a batch as a whole.
const WHOLE: [&str; 4] = ["--totals", "--group-by", "day", "--drift"];

/// Reports whose texts are canaries wherever they are no id, status, label or digest: right ones, wrong ones and broken ones.
const REPORTS: [&str; 14] = [
    r#"{"data": {"run": {"id": "r", "status": "completed", "runType": "$", "completedAt": "$", "dataDate": "$", "configHash": "$", "resultCount": 30},
        "stats": {"total": 30, "fillRates": {"email": {"count": 30, "percent": 100, "note": "$"}}, "median": "$"},
        "mood": ["$", {"deep": "$"}]}, "meta": "$"}"#,
    r#"{"total": 29, "fillRates": {"phone": {"count": 2, "percent": 1}}, "scoreHistogram": [{"bucket": "50-69", "count": 3}],
        "averages": {"intent.score": 5, "email": 5}, "fileName": "$"}"#,
    r#"{"data": {"export": {"id": "e", "runId": "r", "status": "completed", "fileName": "$", "storageProvider": "$",
        "errorCode": "$", "rowCount": 30, "contentType": "$", "completedAt": "$"}, "downloadUrl": "https://example.com/$?key=$",
        "downloadUrlExpiresAt": "$"}}"#,
    r#"{"downloadUrl": "https://$.example/$", "fileName": "$", "rows": 3, "cached": "$"}"#,
    r#"{"error": {"code": "$", "message": "$"}}"#,
    r#"{"message": "$"}"#,
    r#"{"total": "$"}"#,
    r#"{"rows": "$", "fillRates": {"email": {"count": "$"}}}"#,
    r#"{"scoreHistogram": "$"}"#,
    r#"{"total": 1, "x": "$", "x": "$"}"#,
    r#"{"total": 1, "x": "$\ud800"}"#,
    r#"{"total": 1, "x": "$"#,
    r#"["$"]"#,
    "<html><title>$</title>",
];

#[test]
fn nothing_is_ever_printed_of_a_cell_or_a_report() {
    let folder = Folder::new(&[]);
    let mut canaries = Canaries::default();
    let shapes = shapes(&mut canaries);
    for (name, csv) in &shapes {
        folder.write(name, csv);
    }
    for (number, report) in REPORTS.iter().enumerate() {
        folder.write(format!("{number}.json"), canaries.plant(report));
    }
    let reports: Vec<String> = (0..REPORTS.len()).map(|number| format!("{number}.json")).collect();
    let mut statuses = [0; 3];
    let mut run = |args: &[&str]| {
        for format in ["table", "json", "markdown"] {
            for io in ["auto", "read"] {
                let args = [args, &["--format", format, "--io", io]].concat();
                let output = folder.command(&args).env("RUST_BACKTRACE", "1").output().unwrap();
                for text in [stdout(&output), stderr(&output)] {
                    assert_eq!(leak(text), None, "{args:?}: {text}");
                }
                let status =
                    output.status.code().and_then(|status| statuses.get_mut(usize::try_from(status).ok()?));
                *status.unwrap_or_else(|| panic!("{args:?}: {:?}", output.status)) += 1;
            }
        }
    };
    for (name, _) in &shapes {
        for more in [
            &[][..],
            &["--field", "email"],
            &["--field", "no such field"],
            &["--average", "email", "--average", "company.name"],
            &["--score-field", "email", "--buckets", "0-49,50+"],
            &["--map", "phone=email", "--fill-rule", "non-blank", "--placeholder", "unknown"],
            &["--map", "phone=no such column"],
            &["--delimiter", ";"],
            &["--delimiter", "|", "--threads", "3"],
        ] {
            run(&[&["stats", name], more].concat());
        }
        run(&["stats", name, "no-such-file", name]);
        run(&["diff", name, "plain", "--map", "hashedEmail=email"]);
        run(&["diff", "plain", name, "--memory", "1kB", "--map", "hashedEmail=email"]);
        run(&["stats", name, "--save-state", "state", "--average", "email", "--force"]);
        run(&["diff", "state", name]);
        let state = std::fs::read_to_string(folder.path().join("state")).unwrap();
        let merged = folder.run(&["merge", "state", name]);
        for text in [&state, stdout(&merged), stderr(&merged)] {
            assert_eq!(leak(text), None, "{name}: {text}");
        }
        // Asked for or not: of a field that identifies people nothing is shown, and nothing of what is not grouped by.
        run(&["stats", name, "--by", "email"]);
        for report in &reports {
            for output in ["results.csv", "results.ndjson"] {
                folder.run(&["verify", name, "--stats", report, "--output", output, "--force"]);
                // What fails before its end leaves the file of before, or none.
                let written = std::fs::read_to_string(folder.path().join(output)).unwrap_or_default();
                assert_eq!(leak(&written), None, "{name} {report}: {written}");
            }
            for format in ["junit", "github"] {
                let output = folder.run(&["verify", name, "--stats", report, "--format", format]);
                for text in [stdout(&output), stderr(&output)] {
                    assert_eq!(leak(text), None, "{name} {report}: {text}");
                }
            }
            run(&["verify", name, "--stats", report]);
            run(&["verify", name, "--export", report, "--require-all"]);
        }
        // The wrong way round, and a CSV where a report was meant.
        run(&["verify", "0.json", "--stats", name]);
        run(&["verify", name, "--stats", "0.json", "--export", name]);
        run(&[
            "verify", name, "--stats", "0.json", "--export", "2.json", "--field", "email", "--allow",
            "total=5",
        ]);
    }
    for report in &reports {
        run(&["verify", "--stats", report]);
        run(&["verify", "--export", report]);
    }
    assert!(folder.path().join("results.csv").exists() && folder.path().join("results.ndjson").exists());
    assert!(
        statuses.iter().all(|&count| count > 0),
        "commands that succeed, that differ and that fail: {statuses:?}"
    );
}

#[test]
fn neither_a_batch_nor_its_ledger_holds_a_cell() {
    let folder = Folder::new(&[]);
    let mut canaries = Canaries::default();
    let shapes = shapes(&mut canaries);
    for (name, csv) in &shapes {
        for (number, report) in REPORTS.iter().enumerate() {
            let dir = format!("runs/{name}/{number}");
            std::fs::create_dir_all(folder.path().join(&dir)).unwrap();
            folder.write(format!("{dir}/audience.csv"), csv);
            folder.write(format!("{dir}/stats.json"), canaries.plant(report));
        }
        folder.write(format!("runs/{name}/{name}.csv"), csv);
    }
    for format in ["table", "json", "markdown"] {
        for more in [
            &["--ledger", "ledger"][..],
            &["--ledger", "ledger", "--require-all", "--all"],
            &["--ledger", "ledger", "--delimiter", ";"],
            &["--ledger", "ledger", WHOLE[0], WHOLE[1], WHOLE[2], WHOLE[3]],
            &["--output", "results.csv", "--force"],
        ] {
            let args = [&["batch", "runs", "--format", format], more].concat();
            let output = folder.run(&args);
            for text in [stdout(&output), stderr(&output)] {
                assert_eq!(leak(text), None, "{args:?}: {text}");
            }
        }
    }
    for args in [
        &["--format", "junit"][..],
        &["--format", "junit", "--require-all"],
        &["--format", "github", "--ledger", "ledger"],
        &["--format", "github", "--require-all"],
    ] {
        let output = folder.run(&[&["batch", "runs"], args].concat());
        assert!(stdout(&output).lines().count() > shapes.len(), "{args:?}");
        for text in [stdout(&output), stderr(&output)] {
            assert_eq!(leak(text), None, "{args:?}: {text}");
        }
    }
    let results = std::fs::read_to_string(folder.path().join("results.csv")).unwrap();
    assert!(results.lines().count() > shapes.len());
    assert_eq!(leak(&results), None);
    let ledger = std::fs::read_to_string(folder.path().join("ledger")).unwrap();
    assert!(ledger.lines().count() > shapes.len());
    // Digits and letters of a checksum are no text.
    assert_eq!(leak(&ledger), None);
}

/// It shows cells to whoever has the key, and to nobody else: not in its log, and not where it refuses.
#[test]
fn neither_the_log_nor_a_refusal_of_serve_holds_a_cell() {
    let mut canaries = Canaries::default();
    let mut statuses = std::collections::BTreeMap::new();
    for (name, csv) in shapes(&mut canaries) {
        let folder = Folder::new(&[]);
        folder.write("audience.csv", csv);
        folder.write("stats.json", canaries.plant(REPORTS[0]));
        folder.write("export.json", canaries.plant(REPORTS[2]));
        let mut child = folder
            .command(&["serve", "."])
            .stdin(std::process::Stdio::null())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut first).unwrap();
        let address = first.trim_end().strip_prefix("listening on http://").unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut printed = String::new();
        log.read_line(&mut printed).unwrap();
        let run = printed.split_once(" is ").unwrap().0.to_owned();
        for call in
            ["stats", "results", "results?limit=x", "results?offset=-1", "exports/none", "export.csv", "none"]
        {
            for key in ["sk_test", "sk_other"] {
                let mut connection = std::net::TcpStream::connect(address).unwrap();
                let request = format!(
                    "GET {run}/{call} HTTP/1.1\r\nhost: h\r\nconnection: close\r\nx-api-key: {key}\r\n\r\n"
                );
                connection.write_all(request.as_bytes()).unwrap();
                let mut answer = Vec::new();
                connection.read_to_end(&mut answer).unwrap();
                let answer = String::from_utf8_lossy(&answer);
                let status = answer.split(' ').nth(1).unwrap().to_owned();
                if status != "200" {
                    assert_eq!(leak(&answer), None, "{name} {call}: {answer}");
                }
                *statuses.entry(status).or_insert(0) += 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        log.read_to_string(&mut printed).unwrap();
        out.read_to_string(&mut first).unwrap();
        assert_eq!((leak(&printed), leak(&first)), (None, None), "{name}: {printed}");
    }
    let seen: Vec<&str> = statuses.keys().map(String::as_str).collect();
    assert_eq!(seen, ["200", "400", "401", "404", "409"], "{statuses:?}");
}

/// What a crash would leave behind is nobody's business either.
#[cfg(target_os = "linux")]
#[test]
fn no_core_is_dumped() {
    let folder = Folder::new(&[]);
    let mut child = folder
        .command(&["stats", "-"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // It waits for its standard input; until it does, the limit may be its parent's.
    let limits = format!("/proc/{}/limits", child.id());
    let core = || {
        let limits = std::fs::read_to_string(&limits).unwrap();
        let line = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
        line.split_whitespace().skip(4).take(2).map(str::to_owned).collect::<Vec<_>>()
    };
    let is_set = (0..1_000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(5));
        core() == ["0", "0"]
    });
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(is_set);
}
