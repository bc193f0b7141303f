//! What was fetched, and what could be.

use fillrate::{counted, grouped, visible};
use fillrate_api::{Agreement, Fetched, Listed, Way};

/// An export that has been fetched: where it is, what it is, and what of it is not as reported.
pub(crate) fn fetched(fetched: &Fetched) -> String {
    let verdict = match (fetched.agrees(), fetched.was_there) {
        (true, false) => "FETCHED",
        (true, true) => "IS THERE",
        (false, _) => "MISMATCH",
    };
    let rows = fetched.row_count.map_or("no CSV".to_owned(), |rows| counted(rows, "record"));
    let way = match fetched.way {
        Way::Stored => "stored export",
        Way::Direct => "direct export",
        Way::Previous => "export of a day",
    };
    let mut text = format!("{verdict}  {}\n", visible(&fetched.path.to_string_lossy()));
    text += &format!("{rows} · {} bytes · {way}\n", grouped(fetched.byte_size));
    if fetched.resumed_at > 0 {
        let byte = grouped(fetched.resumed_at);
        text += &format!("The download broke off, and was gone on with at byte {byte}.\n");
    }
    if fetched.begun_again {
        text +=
            "What had been gone on with was not as reported: it was downloaded again from the beginning.\n";
    }
    if let Some(cap) = fetched.row_cap.filter(|cap| fetched.row_count.is_some_and(|rows| rows >= *cap)) {
        text +=
            &format!("The API ends a direct export after {} records; a stored one has all.\n", grouped(cap));
    }
    for check in fetched.checks.iter().filter(|check| check.status == Agreement::Mismatch) {
        text += &format!("  ✗  {}: reported {}, here {}\n", check.id, check.reported, check.computed);
    }
    text
}

/// The stored exports of a run, a line each.
pub(crate) fn exports(listed: &[Listed]) -> String {
    if listed.is_empty() {
        return "There is no stored export of this run; `fillrate fetch` makes one.\n".to_owned();
    }
    let line = |export: &Listed| {
        let number =
            |number: Option<u64>, unit: &str| number.map_or("?".to_owned(), |number| grouped(number) + unit);
        let word = |word: &Option<String>| word.clone().unwrap_or_else(|| "?".to_owned());
        let (rows, bytes) = (number(export.row_count, " records"), number(export.byte_size, " bytes"));
        format!("{}  {}  {rows}  {bytes}  {}\n", export.id, word(&export.status), word(&export.completed_at))
    };
    listed.iter().map(line).collect()
}
