//! What continuous integrations read of many exports: `JUnit` XML and GitHub's annotations.

use std::process::{Output, Stdio};

use roxmltree::{Document, Node};

use super::batch::{STATUSES, folder, write};
use super::{Folder, json, stderr, stdout};

/// Exports whose figures are of every kind: grouped or not, with a reason or none, wrong in the file or in the report.
fn kinds() -> Folder {
    let folder = folder();
    let csv = "email,companySize\n".to_owned() + &"a@example.com,5000\n".repeat(1_200);
    write(&folder, "runs/kinds/audience.csv", &csv);
    let stats = serde_json::json!({
        "run": {"id": "r", "status": "1000", "resultCount": 1_300},
        "stats": {
            "total": 1_100,
            "fillRates": {
                "email": {"count": 1_100, "percent": 1_000},
                "phone": {"count": 1_000, "percent": 90.91},
            },
            "scoreHistogram": [{"bucket": "a", "count": 1}],
            "averages": {"companySize": 4_000},
        },
    });
    write(&folder, "runs/kinds/stats.json", &stats.to_string());
    folder
}

fn batch(folder: &Folder, more: &[&str]) -> Output {
    folder.run(&[&["batch", "runs"], more].concat())
}

/// The paths and verdicts of a batch.
fn files(folder: &Folder) -> Vec<(String, String)> {
    let result = json(&batch(folder, &["--format", "json"]));
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let files = result["files"].as_array().unwrap().iter();
    files.map(|file| (text(&file["path"]), text(&file["verdict"]))).collect()
}

fn elements<'a>(parent: Node<'a, 'a>) -> Vec<Node<'a, 'a>> {
    parent.children().filter(Node::is_element).collect()
}

/// All that a case says.
fn said(case: Node<'_, '_>) -> Vec<String> {
    let nodes = case.descendants().filter(Node::is_element);
    let attributes = |node: &Node<'_, '_>| {
        let pairs = node.attributes().map(|pair| format!("{}={}", pair.name(), pair.value()));
        pairs.collect::<Vec<_>>().join(" ")
    };
    nodes.map(|node| format!("{} {} {:?}", node.tag_name().name(), attributes(&node), node.text())).collect()
}

fn check_counts(suite: Node<'_, '_>) -> [usize; 4] {
    let cases = elements(suite);
    let with =
        |name: &str| cases.iter().filter(|case| case.children().any(|node| node.has_tag_name(name))).count();
    let counted = [cases.len(), with("failure"), with("error"), with("skipped")];
    let attributes = ["tests", "failures", "errors", "skipped"];
    let stated: [usize; 4] = attributes.map(|name| suite.attribute(name).unwrap().parse().unwrap());
    assert_eq!(counted, stated, "{:?}", suite.attribute("name"));
    counted
}

#[test]
fn junit_has_a_suite_for_each_export_and_the_cases_of_verify() {
    let folder = kinds();
    let output = batch(&folder, &["--format", "junit"]);
    assert_eq!(output.status.code(), Some(2), "some failed: {}", stderr(&output));
    let xml = Document::parse(stdout(&output)).unwrap();
    assert_eq!(xml.root_element().attributes().len(), 1);
    let suites = elements(xml.root_element());
    let files = files(&folder);
    assert_eq!(suites.len(), files.len());
    for (suite, (path, verdict)) in suites.into_iter().zip(&files) {
        assert_eq!(suite.attribute("name"), Some(&**path));
        let cases = elements(suite);
        let [tests, failures, errors, skipped] = check_counts(suite);
        match verdict.as_str() {
            "failed" => assert_eq!((tests, errors), (1, 1), "{path}"),
            "unverified" => assert_eq!((tests, skipped), (1, 1), "{path}"),
            verdict => assert_eq!((failures > 0, errors), (verdict == "mismatch", 0), "{path}"),
        }
        let alone = folder.run(&["verify", path, "--format", "junit"]);
        if alone.status.code() == Some(2) {
            assert!(path.starts_with("runs/z/"), "nobody reported anything: {path}");
            continue;
        }
        let alone = Document::parse(stdout(&alone)).unwrap();
        let its = alone.descendants().filter(|node| node.has_tag_name("testcase"));
        assert_eq!(
            cases.into_iter().map(said).collect::<Vec<_>>(),
            its.map(said).collect::<Vec<_>>(),
            "{path}"
        );
    }
    let of = |path: &str| {
        let suite = xml.descendants().find(|node| node.attribute("name") == Some(path)).unwrap();
        elements(suite).into_iter().map(said).collect::<Vec<_>>().concat().join("\n")
    };
    let failed = of("runs/z/page.csv");
    assert!(failed.contains("error message=this is HTML, not CSV; "), "{failed}");
    assert!(failed.contains(" type=not-csv "), "{failed}");
    assert!(of("runs/z/alone.csv").contains("skipped message=nothing to compare its 2 records with "));
    let unsound = of("runs/z/short.csv");
    assert!(unsound.starts_with("testcase name=integrity.short-record "), "{unsound}");
    assert!(unsound.contains("failure message=reported 0, computed 1 type=mismatch "), "{unsound}");
    assert_eq!(unsound.matches("testcase name=integrity.").count(), 4, "{unsound}");
}

#[test]
fn github_gets_the_annotations_of_verify_and_a_sum() {
    let folder = kinds();
    let first = batch(&folder, &["--format", "github", "--ledger", "ledger"]);
    assert_eq!(first.status.code(), Some(2), "some failed: {}", stderr(&first));
    for more in [&[][..], &["--ledger", "ledger"], &["--ledger", "ledger", "--threads", "3"]] {
        let again = batch(&folder, &[&["--format", "github"], more].concat());
        assert_eq!((&again.stdout, &again.stderr), (&first.stdout, &first.stderr), "{more:?}");
    }
    let lines: Vec<&str> = stdout(&first).lines().collect();
    assert_eq!(
        lines.last(),
        Some(&"12 inputs: 3 verified, 6 mismatched, 1 unverified, 2 failed."),
        "{lines:#?}"
    );
    for (path, verdict) in files(&folder) {
        let place = format!(" file={path},");
        let mine: Vec<&str> = lines.iter().copied().filter(|line| line.contains(&place)).collect();
        let alone = folder.run(&["verify", &path, "--format", "github"]);
        match verdict.as_str() {
            "match" => assert_eq!(mine, [""; 0]),
            "mismatch" if path.starts_with("runs/z/") => {
                let expected = format!(
                    "::error file={path},line=2,title=integrity.short-record::reported 0, computed 1."
                );
                assert_eq!(mine, [expected]);
            }
            "mismatch" => {
                let its = stdout(&alone).lines().filter(|line| line.starts_with("::error file="));
                assert_eq!(mine, its.collect::<Vec<_>>(), "{path}");
                assert!(!mine.is_empty());
            }
            "unverified" => {
                let text = "nothing to compare its 2 records with";
                assert_eq!(mine, [format!("::warning file={path},title=unverified::{text}")]);
            }
            _ => assert!(mine.len() == 1 && mine[0].starts_with("::error file=runs/z/"), "{mine:?}"),
        }
    }
    let of_kinds = |text: &str| lines.iter().filter(|line| line.ends_with(text)).count();
    for text in [
        "title=averages.companySize::reported 4000, computed 5000. unexplained",
        "title=total::reported 1,100, computed 1,200. unexplained",
        "title=run.status::reported 1000, computed completed. unexplained",
        "title=report.fillRates.email.percent::reported 1000, computed 100.",
        "title=fillRates.phone.count::reported 1,000, computed not-in-file. unexplained",
    ] {
        assert_eq!(of_kinds(text), 1, "{text}: {lines:#?}");
    }
}

#[test]
fn what_no_check_says_and_what_is_not_kept_are_said() {
    let columns: Vec<String> = (0..120).map(|number| format!("c{number}")).collect();
    let csv = format!("{}\n{}\n", columns.join(","), ["x"; 120].join(","));
    let folder = Folder::new(&[]);
    write(&folder, "runs/a/audience.csv", "email,phone\nx@example.com,1\n");
    write(&folder, "runs/a/stats.json", r#"{"total": 1, "fillRates": {"email": {"count": 1}}}"#);
    write(&folder, "runs/b/alone.csv", "email,phone\nx@example.com,1\n");
    write(&folder, "runs/c/audience.csv", &csv);
    write(&folder, "runs/c/stats.json", r#"{"total": 1}"#);
    let require = |format: &str| batch(&folder, &["--require-all", "--format", format]);
    let github = require("github");
    assert_eq!(github.status.code(), Some(1), "{}", stderr(&github));
    let lines: Vec<&str> = stdout(&github).lines().collect();
    assert_eq!(
        lines[..2],
        [
            "::error file=runs/a/audience.csv,title=notReported::Nobody reported phone.",
            "::error file=runs/b/alone.csv,title=notReported::Nobody reported email, phone."
        ]
    );
    assert!(lines[2].ends_with(", c98, c99. No more than 100 columns are named."), "{}", lines[2]);
    assert_eq!(lines[3..], ["3 inputs: 0 verified, 3 mismatched, 0 unverified, 0 failed."]);
    let junit = require("junit");
    assert_eq!(junit.status.code(), Some(1), "{}", stderr(&junit));
    let xml = Document::parse(stdout(&junit)).unwrap();
    let failing: Vec<_> = xml.descendants().filter(|node| node.has_tag_name("failure")).collect();
    assert_eq!(failing.len(), 3);
    assert!(failing.iter().all(|node| node.parent().unwrap().attribute("name") == Some("notReported")));
    assert!(failing[2].attribute("message").unwrap().ends_with(", c118, c119."));
    for suite in elements(xml.root_element()) {
        check_counts(suite);
    }

    let rates: Vec<String> = columns.iter().map(|name| format!(r#""{name}": {{"count": 2}}"#)).collect();
    write(&folder, "runs/c/stats.json", &format!(r#"{{"fillRates": {{{}}}}}"#, rates.join(",")));
    let github = batch(&folder, &["--format", "github"]);
    let lines: Vec<&str> = stdout(&github).lines().collect();
    assert_eq!(lines.len(), 1 + 100 + 1 + 1, "of b, of c, what is not kept of it, and the sum");
    assert_eq!(
        lines[101],
        "::error file=runs/c/audience.csv,title=mismatch::and 20 more failing checks of 124 checks"
    );
    let junit = batch(&folder, &["--format", "junit"]);
    assert_eq!(stdout(&junit).matches("<failure ").count(), 120);
}

#[test]
fn what_was_of_no_use_is_said_once() {
    let folder = Folder::new(&[]);
    write(&folder, "runs/a/audience.csv", "email\nx@example.com\n");
    write(&folder, "runs/a/stats.json", r#"{"total": 1}"#);
    write(&folder, "runs/b/alone.csv", "email\nx@example.com\n");
    write(&folder, "runs/reports/cut.json", r#"{"total": 1"#);
    write(&folder, "notes.txt", "no export");
    let args = ["notes.txt", "--allow", "totl=5", "--allow", "total=1", "--allow", "x.*=1"];
    let github = batch(&folder, &[&args[..], &["--format", "github"]].concat());
    assert_eq!((github.status.code(), stderr(&github)), (Some(0), ""));
    let lines: Vec<&str> = stdout(&github).lines().collect();
    let unreadable = lines[0].strip_prefix("::warning file=runs/reports/cut.json,title=unreadable-report::");
    let why = "searched for reports, and cannot be read: line 1 (byte 10): the JSON is cut off";
    assert!(unreadable.is_some_and(|text| text.starts_with(why)), "{}", lines[0]);
    assert_eq!(
        lines[1..],
        [
            "::warning title=tolerances-without-check::totl=5, x.*=1 fit no check of any export",
            "::warning file=notes.txt,title=passed-over::passed over, since no export is called so",
            "::warning file=runs/b/alone.csv,title=unverified::nothing to compare its 1 record with",
            "2 inputs: 1 verified, 0 mismatched, 1 unverified, 0 failed.",
        ]
    );
    let junit = batch(&folder, &[&args[..], &["--format", "junit"]].concat());
    assert_eq!((junit.status.code(), stderr(&junit)), (Some(0), ""));
    let xml = Document::parse(stdout(&junit)).unwrap();
    let suites = elements(xml.root_element());
    assert_eq!(suites.len(), 3);
    assert_eq!(suites[2].attribute("name"), Some("fillrate batch"));
    assert_eq!(check_counts(suites[2]), [3, 0, 0, 3]);
    let cases: Vec<_> = elements(suites[2]).iter().map(|case| case.attribute("name").unwrap()).collect();
    let expected =
        ["unreadable-report: runs/reports/cut.json", "tolerances-without-check", "passed-over: notes.txt"];
    assert_eq!(cases, expected);
}

#[test]
fn every_thread_count_prints_the_same_suites() {
    let folder = folder();
    for format in ["junit", "github"] {
        let run = |threads: &str| batch(&folder, &["--format", format, "--threads", threads]);
        let one = run("1");
        for threads in ["2", "8"] {
            let more = run(threads);
            assert_eq!((&more.stdout, &more.stderr), (&one.stdout, &one.stderr), "{threads}, {format}");
        }
    }
}

#[test]
fn statuses_are_those_of_the_other_formats_and_usage_errors_print_nothing() {
    let folder = folder();
    let with_columns: (&[&str], _) = (&["runs/aud-1", "--output", "results.csv", "--force"], 1);
    for (args, expected) in STATUSES.into_iter().chain([with_columns]) {
        for format in ["junit", "github"] {
            let output = folder.run(&[&["batch", "--format", format], args].concat());
            assert_eq!(output.status.code(), Some(expected), "{args:?}");
            assert_eq!(output.stderr.is_empty(), expected < 2, "{args:?}: {}", stderr(&output));
            assert!(stdout(&output).ends_with(">\n") || stdout(&output).ends_with(".\n"), "{args:?}");
        }
    }
    assert!(folder.path().join("results.csv").exists());
    for format in ["junit", "github"] {
        for args in [
            &["runs/z/notes.txt"][..],
            &["runs", "--all"],
            &["runs", "--totals"],
            &["runs", "--group-by", "day"],
            &["runs", "--drift"],
            &["runs", "--delimiter", "\""],
            &["--list", "nowhere"],
            &[],
        ] {
            let output = folder.run(&[&["batch", "--format", format], args].concat());
            assert_eq!((output.status.code(), stdout(&output)), (Some(2), ""), "{format} {args:?}");
            assert_eq!(stderr(&output).lines().count(), 1, "{}", stderr(&output));
        }
    }
    // Refused before there is a ledger, or a file for the results.
    let refused = batch(&folder, &["--format", "junit", "--ledger", "ledger"]);
    assert_eq!((refused.status.code(), stdout(&refused)), (Some(2), ""));
    assert!(stderr(&refused).starts_with("error[usage]: --format junit "), "{}", stderr(&refused));
    let refused = batch(&folder, &["--format", "github", "--all", "--output", "others.csv"]);
    assert!(stderr(&refused).starts_with("error[usage]: --all "), "{}", stderr(&refused));
    assert!(["ledger", "others.csv"].iter().all(|name| !folder.path().join(name).exists()));
}

/// The suites of some exports are more than a pipe holds.
#[test]
fn a_reader_that_leaves_changes_nothing() {
    let folder = folder();
    let inputs = ["runs/aud-1"; 20];
    let args = [&["batch", "--format", "junit"][..], &inputs].concat();
    let whole = folder.run(&args);
    assert!(whole.stdout.len() > 1 << 18, "{}", whole.stdout.len());
    let mut child = folder.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), stderr(&output)), (Some(1), ""));
}

#[cfg(unix)]
mod unix {
    use std::ffi::OsStr;
    use std::io::Read;
    use std::os::unix::ffi::OsStrExt;

    use super::*;

    /// Paths that try to be a command, or markup.
    const PATHS: [&[u8]; 9] = [
        b"a::b.csv",
        b"a\n::error::b.csv",
        b"a\r::stop-commands::b.csv",
        b"a,title=b%0A::error::c.csv",
        b"##[error]a.csv",
        b"<&>\"'.csv",
        b"]]>.csv",
        "a\u{fffe}\u{ffff}\u{1}\u{2028}.csv".as_bytes(),
        b"\xff\xc0.csv",
    ];

    #[test]
    fn nothing_of_no_use_is_more_than_a_remark() {
        let folder = Folder::new(&[]);
        write(&folder, "runs/a.csv", "email\nx@example.com\n");
        write(&folder, "runs/a,title=b%0A::error::<c>\n::error::.json", "{");
        let named = ["a,title=b:c<&>\"'.txt", "b\n::error::d.txt"];
        for name in named {
            write(&folder, name, "no export");
        }
        let args = [&named[..], &["--allow", "<x>%\n::error::=5", "--format"]].concat();
        let github = batch(&folder, &[&args[..], &["github"]].concat());
        let lines: Vec<&str> = stdout(&github).lines().collect();
        assert_eq!(lines.len(), 1 + 1 + 2 + 1 + 1, "{lines:#?}");
        for line in &lines[..5] {
            let (properties, text) = line.strip_prefix("::warning ").unwrap().split_once("::").unwrap();
            let titles = ["unreadable-report", "tolerances-without-check", "passed-over", "unverified"];
            assert!(titles.iter().any(|title| properties.ends_with(&format!("title={title}"))), "{line}");
            assert!(!text.contains('\r') && properties.matches("file=").count() <= 1, "{line}");
        }
        let junit = batch(&folder, &[&args[..], &["junit"]].concat());
        let xml = Document::parse(stdout(&junit)).unwrap();
        let suites = elements(xml.root_element());
        assert_eq!(check_counts(suites[1]), [4, 0, 0, 4]);
        let name = elements(suites[1])[2].attribute("name").unwrap();
        assert_eq!(name, "passed-over: a,title=b:c<&>\"'.txt");
    }

    #[test]
    fn no_path_is_more_than_a_path() {
        for content in ["email\nx@example.com\n", "email,phone\nx@example.com\n", ""] {
            let folder = Folder::new(&[]);
            std::fs::create_dir(folder.path().join("runs")).unwrap();
            for path in PATHS {
                folder.write(std::path::Path::new("runs").join(OsStr::from_bytes(path)), content);
            }
            let github = batch(&folder, &["--format", "github"]);
            let lines: Vec<&str> = stdout(&github).lines().collect();
            let (sum, annotations) = lines.split_last().unwrap();
            assert!(sum.starts_with("9 inputs: "), "{sum}");
            assert_eq!(annotations.len(), PATHS.len(), "{annotations:#?}");
            for line in annotations {
                let (properties, text) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
                assert!(properties.starts_with("error file=") || properties.starts_with("warning file="));
                // The commas and colons of paths are escaped.
                assert_eq!(properties.matches("title=").count() - properties.matches("%2Ctitle=").count(), 1);
                assert!(properties.split(',').count() <= 3, "{line}");
                assert!(!text.contains('\r'), "{line}");
            }
            let junit = batch(&folder, &["--format", "junit"]);
            let xml = Document::parse(stdout(&junit)).unwrap();
            let suites = elements(xml.root_element());
            assert_eq!(suites.len(), PATHS.len());
            let names: Vec<&str> = suites.iter().map(|suite| suite.attribute("name").unwrap()).collect();
            for name in ["runs/<&>\"'.csv", "runs/]]>.csv", "runs/a\\u{a}::error::b.csv"] {
                assert!(names.contains(&name), "{names:?}");
            }
            for suite in suites {
                check_counts(suite);
            }
        }
    }

    /// Whoever reads gets suites before the last export is done, and sees that the end is missing if it never is.
    #[test]
    fn suites_are_printed_meanwhile_and_lack_their_end_if_interrupted() {
        let folder = folder();
        // Nobody ever writes to it.
        let made = std::process::Command::new("mkfifo").arg(folder.path().join("last.csv")).status();
        assert!(made.unwrap().success());
        let args = [&["batch", "--format", "junit"][..], &["runs/aud-1"; 20], &["last.csv"]].concat();
        let mut child = folder.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut printed = vec![0; 1 << 16];
        child.stdout.as_mut().unwrap().read_exact(&mut printed).unwrap();
        assert!(std::str::from_utf8(&printed).unwrap().contains("</testsuite>"));
        assert_eq!(child.try_wait().unwrap(), None, "it waits for its last export");
        let pid = child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(130));
        let advice = "error[interrupted]: there is no result; what is printed already has no end\n";
        assert_eq!(stderr(&output).trim_start(), advice);
        assert!(!stdout(&output).contains("</testsuites>"));
    }
}
