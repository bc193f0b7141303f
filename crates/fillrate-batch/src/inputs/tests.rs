use super::*;

fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "x\n").unwrap();
    }
    folder
}

/// The paths of the exports in a folder, with `!` before what has a problem.
fn found(inputs: &Inputs, folder: &Path) -> Vec<String> {
    let name = |input: &Input| {
        let path = input.path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
        if input.problem.is_some() { format!("!{path}") } else { path }
    };
    inputs.files.iter().map(name).collect()
}

const FILES: [&str; 9] = [
    "b/audience.csv",
    "b-c/x.CSV.Gz",
    "b.csv",
    "a/deep/er/y.csv.zst",
    "a/notes.txt",
    "a/stats.json",
    "z.tsv",
    "z.csv.bz2",
    "[1].csv",
];

#[test]
fn folders_are_searched_and_sorted_by_bytes() {
    let folder = folder(&FILES);
    let inputs = Inputs::find(&[folder.path().to_owned()]);
    let all = ["[1].csv", "a/deep/er/y.csv.zst", "b-c/x.CSV.Gz", "b.csv", "b/audience.csv"];
    assert_eq!(found(&inputs, folder.path()), all);
    assert_eq!(inputs.reports, [folder.path().join("a/stats.json")]);
    assert!(inputs.passed_over.is_empty());
}

#[test]
fn arguments_keep_their_order_and_may_be_patterns() {
    let folder = folder(&FILES);
    let at = |name: &str| folder.path().join(name);
    for (arguments, expected) in [
        (&["b.csv", "a", "b.csv"][..], &["b.csv", "a/deep/er/y.csv.zst", "b.csv"][..]),
        (&["**/*.csv"], &["[1].csv", "b.csv", "b/audience.csv"]),
        (&["**/*"], &["[1].csv", "a/deep/er/y.csv.zst", "b-c/x.CSV.Gz", "b.csv", "b/audience.csv"]),
        (&["b*"], &["b-c/x.CSV.Gz", "b.csv", "b/audience.csv"]),
        (&["[1].csv"], &["[1].csv"]),
        (&["no*.csv", "none.csv", "nowhere"], &["!no*.csv", "!none.csv", "!nowhere"]),
        (&["a**x"], &["!a**x"]),
    ] {
        let inputs = Inputs::find(&arguments.iter().map(|name| at(name)).collect::<Vec<_>>());
        assert_eq!(found(&inputs, folder.path()), expected, "{arguments:?}");
    }
    let named = Inputs::find(&[at("z.tsv"), at("a/stats.json")]);
    assert_eq!((named.files.len(), named.passed_over, named.reports.len()), (0, vec![at("z.tsv")], 1));
}

#[test]
fn a_list_names_files_and_folders_and_no_patterns() {
    let folder = folder(&FILES);
    let list = folder.path().join("list");
    let at = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(&list, [at("b.csv"), String::new(), at("a") + "\r", at("*.csv")].join("\n")).unwrap();
    let mut inputs = Inputs::default();
    inputs.add_list(&list).unwrap();
    assert_eq!(found(&inputs, folder.path()), ["b.csv", "a/deep/er/y.csv.zst", "!*.csv"]);
    assert_eq!(inputs.add_list(&folder.path().join("none")).unwrap_err().kind(), "list");
}

#[test]
fn what_lies_too_deep_is_a_problem() {
    let levels = |count: usize| vec!["d"; count].join("/");
    let (found_in, deep) = (levels(DEEPEST - 1), levels(DEEPEST));
    let folder = folder(&[&format!("{found_in}/x.csv"), &format!("{deep}/y.csv")]);
    let inputs = Inputs::find(&[folder.path().to_owned()]);
    assert_eq!(found(&inputs, folder.path()), [format!("!{deep}"), format!("{found_in}/x.csv")]);
    let problem = inputs.files[0].problem.as_ref().unwrap();
    assert_eq!(problem.kind, "too-deep");
}

#[test]
fn standard_input_is_a_list_and_no_export() {
    let inputs = Inputs::find(&["-".into()]);
    let problem = inputs.files[0].problem.as_ref().unwrap();
    assert_eq!(problem.kind, "usage");
    assert!(problem.message.contains("`--list -`"), "{problem}");
}

#[cfg(unix)]
#[test]
fn links_lead_to_files_and_nowhere_in_circles() {
    use std::os::unix::fs::symlink;
    let folder = folder(&["a/x.csv"]);
    let at = |name: &str| folder.path().join(name);
    symlink("..", at("a/up")).unwrap();
    symlink("loop.csv", at("a/loop.csv")).unwrap();
    symlink("x.csv", at("a/link.csv")).unwrap();
    symlink("nowhere", at("a/none.csv")).unwrap();
    symlink("a", at("named")).unwrap();
    let all = ["a/link.csv", "a/loop.csv", "a/none.csv", "a/x.csv"];
    assert_eq!(found(&Inputs::find(&[folder.path().to_owned()]), folder.path()), all);
    let named = Inputs::find(&[at("named")]);
    assert_eq!(found(&named, folder.path()), all.map(|path| path.replacen('a', "named", 1)));
}
