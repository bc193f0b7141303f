//! What continuous integrations read: `JUnit` XML and GitHub's annotations.

use super::{Folder, json, stderr, stdout};

fn folder() -> Folder {
    let folder = Folder::new(&[]);
    for (dir, args) in [("a", &[][..]), ("b", &["--defect", "placeholder"]), ("c", &["--defect", "cut-off"])]
    {
        let made = folder.run(&[&["sample", dir, "--records", "300"], args].concat());
        assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));
    }
    folder
}

#[test]
fn junit_has_a_case_for_each_check() {
    let folder = folder();
    for dir in ["a", "b", "c"] {
        let csv = format!("{dir}/audience.csv");
        let run = |format: &str| folder.run(&["verify", &csv, "--format", format]);
        let (junit, printed) = (run("junit"), run("json"));
        assert_eq!(junit.status, printed.status, "{}", stderr(&junit));
        let printed = json(&printed);
        let checks = printed["checks"].as_array().unwrap();
        let xml = roxmltree::Document::parse(stdout(&junit)).unwrap();
        let suite = xml.descendants().find(|node| node.has_tag_name("testsuite")).unwrap();
        let cases: Vec<_> = suite.children().filter(|node| node.has_tag_name("testcase")).collect();
        assert_eq!(cases.len(), checks.len());
        let mut failures = 0;
        for (case, check) in cases.iter().zip(checks) {
            assert_eq!(case.attribute("name"), check["id"].as_str());
            assert_eq!(case.attribute("classname"), Some(&*csv));
            let failure = case.children().find(|node| node.has_tag_name("failure"));
            assert_eq!(failure.is_some(), check["status"] == "mismatch");
            if let Some(failure) = failure {
                failures += 1;
                assert!(failure.attribute("message").unwrap().starts_with("reported "));
                let texts = check["explanations"].as_array().unwrap().iter();
                let texts: Vec<_> = texts.map(|one| one["text"].as_str().unwrap()).collect();
                assert!(texts.is_empty() || failure.text() == Some(&texts.join("\n")), "{failure:?}");
            }
        }
        let counts = ["tests", "failures", "errors"].map(|name| suite.attribute(name).unwrap().to_owned());
        assert_eq!(counts, [checks.len(), failures, 0].map(|count| count.to_string()));
        assert_eq!(failures > 0, dir != "a");
    }
}

#[test]
fn github_gets_an_annotation_for_each_check_that_fails() {
    let folder = folder();
    let run = |csv: &str| folder.run(&["verify", csv, "--format", "github"]);
    assert_eq!(stdout(&run("a/audience.csv")).lines().count(), 1);
    assert!(stdout(&run("a/audience.csv")).starts_with("MATCH  a/audience.csv: 0 of 174 checks fail\n"));
    let wrong = run("b/audience.csv");
    assert_eq!(wrong.status.code(), Some(1));
    let lines: Vec<&str> = stdout(&wrong).lines().collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].starts_with("::error file=b/audience.csv,title=fillRates."), "{}", lines[0]);
    assert!(lines[0].contains("(placeholder)"), "{}", lines[0]);
    let cut = run("c/audience.csv");
    let place = stdout(&cut).lines().find(|line| line.contains("title=integrity.open-quote")).unwrap();
    let line = place.split_once("line=").unwrap().1.split(',').next().unwrap();
    let found = json(&folder.run(&["verify", "c/audience.csv", "--format", "json"]));
    let open = found["findings"].as_array().unwrap().iter().find(|one| one["kind"] == "open-quote").unwrap();
    assert_eq!(line, open["places"][0]["line"].to_string());
}

/// A mismatch without a check that fails is a failure here too.
#[test]
fn what_no_check_says_fails_as_well() {
    let folder = Folder::new(&[
        ("a.csv", "email,phone\nx,1\n"),
        ("a.stats.json", r#"{"total": 1, "fillRates": {"email": {"count": 1}}}"#),
        ("b.csv", "email\nx\ny\n"),
    ]);
    std::fs::create_dir(folder.path().join("runs")).unwrap();
    folder.write("runs/stats.json", r#"{"total": 1}"#);
    for (args, name) in [
        (&["verify", "a.csv", "--require-all"][..], "notReported"),
        (&["verify", "b.csv", "--candidates", "runs"], "candidates"),
    ] {
        let junit = folder.run(&[args, &["--format", "junit"]].concat());
        assert_eq!(junit.status.code(), Some(1), "{}", stderr(&junit));
        let xml = roxmltree::Document::parse(stdout(&junit)).unwrap();
        let failing: Vec<_> = xml.descendants().filter(|node| node.has_tag_name("failure")).collect();
        assert_eq!(failing.len(), 1);
        assert_eq!(failing[0].parent().unwrap().attribute("name"), Some(name));
        let github = folder.run(&[args, &["--format", "github"]].concat());
        assert!(stdout(&github).starts_with("::error file="), "{}", stdout(&github));
        assert!(stdout(&github).contains(&format!("title={name}::")), "{}", stdout(&github));
    }
}

#[test]
fn xml_holds_any_name() {
    for name in ["<&>\"'", "]]>", "\u{1}\u{8}", "\u{fffe}\u{ffff}", "a\nb", "\u{1f600}", "\u{85}\u{2028}"] {
        let header = format!("email,\"{}\"", name.replace('"', "\"\""));
        let stats =
            serde_json::json!({"total": 2, "fillRates": {name: {"count": 9}}, "run": {"status": name}});
        let folder =
            Folder::new(&[("a.csv", &format!("{header}\nx,y\n")), ("stats.json", &stats.to_string())]);
        for more in [&[][..], &["--allow-missing", name], &["--require-all"]] {
            let output = folder.run(&[&["verify", "a.csv", "--format", "junit"], more].concat());
            let xml = roxmltree::Document::parse(stdout(&output));
            assert!(xml.is_ok(), "{name:?}: {xml:?}");
        }
    }
}
