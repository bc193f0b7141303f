//! Whatever a header holds, its columns keep names of their own, and the rules that map fields to them agree with each
//! other: an exact name comes first, then a spelling, then a known other name, and never what is none of these.
//!
//! An input is lines: the first ones are fields, and behind an empty line come the names.

#![no_main]

use std::collections::HashSet;

use fillrate::{Columns, ErrorKind, Export, Fit, Options};
use libfuzzer_sys::fuzz_target;

/// As the contract has it: names that the API's two generations have for one field.
const ALIASES: [[&str; 2]; 3] =
    [["company", "companyname"], ["topicoverlap", "intenttopicoverlap"], ["score", "intentscore"]];

fn fold(name: &str) -> String {
    // By the character: as a word, a name could end in another kind of sigma.
    name.chars().filter(|c| !".-_ ".contains(*c)).flat_map(char::to_lowercase).collect()
}

fn columns_of(names: &[&str], map: &[(String, String)]) -> Result<Columns, ErrorKind> {
    let quoted: Vec<String> = names.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\""))).collect();
    let options = Options { header_ok: true, map: map.to_vec(), ..Options::default() };
    Export::from_bytes(quoted.join(",").into_bytes(), &options)
        .map(|export| export.columns().clone())
        .map_err(|error| {
            assert!(!error.to_string().contains(char::is_control), "{error}");
            error.kind()
        })
}

fn fits(names: &[&str], is_fit: impl Fn(&str) -> bool) -> Vec<usize> {
    (0..names.len()).filter(|&column| is_fit(names[column])).collect()
}

/// The columns that fit a field, by rank.
fn expected(names: &[&str], field: &str) -> Vec<usize> {
    let folded = fold(field);
    let aliases = ALIASES.iter().find(|names| names.contains(&folded.as_str()));
    let exact = fits(names, |name| name == field);
    let spelled = fits(names, |name| fold(name) == folded);
    let known = fits(names, |name| aliases.is_some_and(|names| names.contains(&fold(name).as_str())));
    [exact, spelled, known].into_iter().find(|fits| !fits.is_empty()).unwrap_or_default()
}

/// `mapped` is a field that the user gave to a column: whoever says it means that one, also where another is called so.
fn check_names(columns: &Columns, names: &[&str], mapped: Option<&str>) {
    assert_eq!(columns.len(), names.len());
    let labels: HashSet<&str> = (0..names.len()).map(|column| columns.label(column)).collect();
    assert_eq!(labels.len(), names.len(), "labels are unique");
    for (column, name) in names.iter().enumerate() {
        let label = columns.label(column);
        assert!(label == *name || label.starts_with(&format!("{name}#")), "{label} for {name}");
        if mapped != Some(label) {
            assert_eq!(columns.named(label).expect("a label names its column"), column);
        }
    }
    let fields = columns.fields();
    assert_eq!(fields.len(), names.len());
    assert_eq!(fields.iter().collect::<HashSet<_>>().len(), names.len(), "fields are unique: {fields:?}");
}

fn check_mapped(unmapped: &Columns, names: &[&str], field: &str, column: &str) {
    // As typed: whichever column it means, the field is there, however it is spelled.
    match columns_of(names, &[(field.to_owned(), column.to_owned())]) {
        Ok(columns) => {
            let given = unmapped.named(column).expect("it was found for the mapping");
            assert_eq!(columns.find(field), Fit::One(given));
            assert_eq!(columns.named(field).ok(), Some(given));
            assert_eq!(columns.find(&format!("-{field}_")), Fit::One(given));
            check_names(&columns, names, Some(field));
        }
        Err(kind) => {
            assert!([ErrorKind::UnknownField, ErrorKind::AmbiguousField].contains(&kind), "{kind:?}");
        }
    }
}

fuzz_target!(|text: &str| {
    let (fields, names) = text.split_once("\n\n").unwrap_or(("", text));
    let names: Vec<&str> = names.split('\n').collect();
    let columns = match columns_of(&names, &[]) {
        Ok(columns) => columns,
        // With every other byte NUL, it is UTF-16.
        Err(kind) => return assert!(kind == ErrorKind::NotCsv && text.contains('\0'), "{kind:?}"),
    };
    check_names(&columns, &names, None);
    for field in fields.split('\n').chain(names.iter().copied()) {
        let found = match columns.find(field) {
            Fit::None => Vec::new(),
            Fit::One(column) => vec![column],
            Fit::Several(columns) => columns,
        };
        assert_eq!(found, expected(&names, field), "{field:?} in {names:?}");
        match columns.find_one(field) {
            Ok(column) => assert!(found.len() < 2 && column == found.first().copied()),
            Err(error) => assert!(found.len() > 1 && error.kind() == ErrorKind::AmbiguousField),
        }
    }
    if let Some((field, column)) = fields.split_once('\n') {
        check_mapped(&columns, &names, field, column);
    }
});
