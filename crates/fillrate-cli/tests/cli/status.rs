//! Exit statuses, and what stands on which stream.

use super::{Folder, stderr, stdout, testdata};

const CSV: &str = "email,intent.score\na@example.com,80\nb@example.com,\n";
const STATS: &str = r#"{"total": 2, "fillRates": {"email": {"count": 2, "percent": 100}}}"#;
const WRONG: &str = r#"{"total": 3}"#;
const SHORT: &str = "email,phone\na@example.com\n";

fn folder() -> Folder {
    Folder::new(&[
        ("good.csv", CSV),
        ("good.stats.json", STATS),
        ("wrong.csv", CSV),
        ("wrong.stats.json", WRONG),
        ("short.csv", SHORT),
        ("alone.txt", CSV),
        ("empty.csv", ""),
        ("data.csv", "a@example.com,80\nb@example.com,90\n"),
        ("twins.csv", "email,company_name,companyName\na@example.com,x,y\n"),
        ("twins.stats.json", r#"{"total": 1, "fillRates": {"company.name": {"count": 1, "percent": 100}}}"#),
        ("bad.json", "{\"total\": 2,\n \"total\": 2}"),
        ("negative.json", r#"{"total": -2}"#),
        ("list.json", "[]"),
        ("semicolons.csv", "email;phone\na@example.com;1\n"),
    ])
}

/// Arguments, exit status, and the beginning of stderr, which is empty unless the status is 2.
const TABLE: &[(&[&str], i32, &str)] = &[
    (&["stats", "good.csv"], 0, ""),
    (&["stats", "good.csv", "wrong.csv"], 0, ""),
    (&["stats", "good.csv", "--field", "email"], 0, ""),
    (&["stats", "good.csv", "--threads", "3", "--io", "read"], 0, ""),
    (&["stats", "data.csv", "--header-ok"], 0, ""),
    (&["stats", "twins.csv"], 0, ""),
    (&["stats", "short.csv"], 1, ""),
    (&["stats", "good.csv", "short.csv"], 1, ""),
    (&["verify", "good.csv"], 0, ""),
    (&["verify", "alone.txt", "--stats", "good.stats.json"], 0, ""),
    (&["verify", "--stats", "good.stats.json"], 0, ""),
    (&["verify", "wrong.csv"], 1, ""),
    (&["verify", "wrong.csv", "--allow", "total=1"], 0, ""),
    (&["verify", "good.csv", "--allow", "*=0"], 0, ""),
    (&["verify", "good.csv", "--require-all"], 1, ""),
    (&["verify", "twins.csv", "--map", "company.name=companyName"], 0, ""),
    // what cannot be done
    (&["stats", "missing.csv"], 2, "error[not-found]: missing.csv: "),
    (&["stats", "good.csv", "missing.csv"], 2, "error[not-found]: missing.csv: "),
    (&["stats", "."], 2, "error[not-a-file]: .: this is a directory"),
    (&["stats", "empty.csv"], 2, "error[no-header]: empty.csv:1 (byte 0): there is no header row"),
    (&["stats", "-"], 2, "error[no-header]: -:1 (byte 0): there is no header row"),
    (&["stats", "-", "--io", "mmap"], 2, "error[usage]: -: "),
    (&["stats", "data.csv"], 2, "error[header-missing]: data.csv:1 (byte 0): the first row looks like data"),
    (
        &["stats", "good.csv", "--field", "phone"],
        2,
        "error[unknown-field]: good.csv: no column is or fits phone",
    ),
    (
        &["stats", "good.csv", "--average", "phone"],
        2,
        "error[unknown-field]: good.csv: no column is or fits phone",
    ),
    (
        &["stats", "good.csv", "--score-field", "phone"],
        2,
        "error[unknown-field]: good.csv: no column is or fits phone",
    ),
    (&["stats", "good.csv", "--map", "a=b"], 2, "error[unknown-field]: good.csv: no column is or fits b"),
    (
        &["stats", "twins.csv", "--field", "company.name"],
        2,
        "error[ambiguous-field]: twins.csv: several columns fit",
    ),
    (&["stats", "good.csv", "--delimiter", "\""], 2, "error[usage]: the delimiter cannot be a quote"),
    (&["stats", "good.csv", "--placeholder", " "], 2, "error[usage]: a placeholder word"),
    (&["verify", "alone.txt"], 2, "error[nothing-to-compare]: alone.txt: there is neither"),
    (&["verify", "-"], 2, "error[nothing-to-compare]: -: there is neither"),
    (&["verify", "missing.csv"], 2, "error[not-found]: missing.csv: "),
    (&["verify", "."], 2, "error[not-a-file]: .: this is a directory"),
    (&["verify", "empty.csv"], 2, "error[no-header]: empty.csv:1 (byte 0): there is no header row"),
    (&["verify"], 2, "error[nothing-to-compare]: there is neither"),
    (&["verify", "good.csv", "--stats", "missing.json"], 2, "error[not-found]: missing.json: "),
    (
        &["verify", "good.csv", "--stats", "bad.json"],
        2,
        "error[duplicate-key]: bad.json:2 (byte 20): total is there twice",
    ),
    (
        &["verify", "good.csv", "--stats", "negative.json"],
        2,
        "error[report-value]: negative.json: total is a negative",
    ),
    (
        &["verify", "good.csv", "--stats", "list.json"],
        2,
        "error[not-a-report]: list.json: this JSON is an array",
    ),
    (&["verify", "good.csv", "--stats", "good.csv"], 2, "error[json]: good.csv:1 (byte 0): "),
    (&["verify", "good.csv", "--export", "good.stats.json"], 2, "error[not-a-report]: good.stats.json: "),
    (
        &["verify", "twins.csv"],
        2,
        "error[ambiguous-field]: twins.csv: several columns fit the field company.name: company_name, companyName",
    ),
    (
        &["verify", "good.csv", "--field", "phone"],
        2,
        "error[unknown-field]: good.csv: no column is or fits phone",
    ),
    // what clap refuses; nothing typed at all gets the help
    (&[], 2, ""),
    (
        &["stats"],
        2,
        "error[usage]: the following required arguments were not provided: <FILE>...; see `fillrate stats --help`\n",
    ),
    (
        &["verfy"],
        2,
        "error[usage]: unrecognized subcommand 'verfy'; tip: a similar subcommand exists: 'verify'; see `fillrate --help`\n",
    ),
    (
        &["verify", "good.csv", "--filed", "email"],
        2,
        "error[usage]: unexpected argument '--filed' found; tip: a similar argument exists: '--field'; see `fillrate verify --help`\n",
    ),
    (
        &["stats", "good.csv", "--format", "xml"],
        2,
        "error[usage]: invalid value 'xml' for '--format <FORMAT>' [possible values: table, json, markdown]; see ",
    ),
    (
        &["stats", "good.csv", "--buckets", "x"],
        2,
        "error[usage]: invalid value 'x' for '--buckets <LABELS>': the bucket label",
    ),
    (
        &["stats", "good.csv", "--threads", "0"],
        2,
        "error[usage]: invalid value '0' for '--threads <N>': 0 is not in 1..=1024",
    ),
    (
        &["stats", "good.csv", "--threads", "1025"],
        2,
        "error[usage]: invalid value '1025' for '--threads <N>': 1025 is not in 1..=1024",
    ),
    (&["stats", "good.csv", "--io", "x"], 2, "error[usage]: invalid value 'x' for '--io <IO>'"),
    (
        &["stats", "good.csv", "--delimiter", ",,"],
        2,
        "error[usage]: invalid value ',,' for '--delimiter <BYTE>'",
    ),
    (
        &["verify", "good.csv", "--allow", "total"],
        2,
        "error[usage]: invalid value 'total' for '--allow <CHECK=N>': total does not have the form CHECK=N",
    ),
    (&["verify", "good.csv", "--map", "x"], 2, "error[usage]: invalid value 'x' for '--map <FIELD=COLUMN>'"),
];

#[test]
fn statuses_and_streams() {
    let folder = folder();
    for (args, status, beginning) in TABLE {
        let output = folder.run(args);
        let streams = format!("{args:?}\nstdout: {}\nstderr: {}", stdout(&output), stderr(&output));
        assert_eq!(output.status.code(), Some(*status), "{streams}");
        assert_eq!(output.stdout.is_empty(), *status == 2, "{streams}");
        assert_eq!(output.stderr.is_empty(), *status != 2, "{streams}");
        assert!(stderr(&output).starts_with(beginning), "{streams}");
        if beginning.starts_with("error[") {
            assert_eq!(stderr(&output).lines().count(), 1, "{streams}");
            assert!(stderr(&output).contains("; "), "it says what to do: {streams}");
        }
    }
}

#[test]
fn every_failing_file_is_named() {
    let output = folder().run(&["stats", "missing.csv", "good.csv", "empty.csv"]);
    let kinds: Vec<_> = stderr(&output).lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(kinds, ["error[not-found]", "error[no-header]"]);
}

#[test]
fn help_goes_to_stdout_and_has_examples() {
    for command in ["stats", "verify", "batch", "sample"] {
        let output = folder().run(&[command, "--help"]);
        assert_eq!(output.status.code(), Some(0));
        assert!(stdout(&output).contains("Examples:\n  fillrate "), "{command}");
    }
    assert!(stdout(&folder().run(&["--help"])).contains("Exit status:"));
}

#[test]
fn the_documented_run_matches() {
    let csv = testdata("documented-run/audience.csv");
    let output = folder().run(&["verify", csv.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("MATCH  "));
    assert!(stdout(&output).ends_with(" checks: 51 match.\n"), "{}", stdout(&output));
}
