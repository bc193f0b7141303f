//! Where Polars reads a file differently: the table in the crate's documentation, row by row.

use fillrate::Options;
use fillrate_frame::Error;

use crate::{assert_same, by_fillrate, by_polars, file};

/// Total, and filled cells of the two columns.
type Counts = (u64, u64, u64);

#[test]
fn records_that_are_short_or_long_are_read_alike() {
    for csv in ["a,b\n1,2\n3\n4,5\n", "a,b\n1,2\n3,4,5\n", "a,b\n1\n2,3,4,5\n6,7"] {
        assert_same(file(csv.as_bytes()).path(), &Options { header_ok: true, ..Options::default() }, csv);
    }
}

#[test]
fn the_table_of_differences_holds() {
    let differences: [(&str, Counts, Option<Counts>); 5] = [
        // A CR alone.
        ("a,b\n1,2\r3,4\n", (2, 2, 2), Some((1, 1, 1))),
        // A line with nothing in it, also at the end.
        ("a,b\n1,2\n\n3,4\n", (2, 2, 2), Some((3, 2, 2))),
        ("a,b\n1,2\n3,4\n\n", (2, 2, 2), Some((3, 2, 2))),
        // Text behind a closing quote.
        ("a,b\n\"1\"x,2\n", (1, 1, 1), None),
        // A quote that nothing closes.
        ("a,b\n1,2\n\"3,4\n", (2, 2, 1), None),
    ];
    let options = Options { header_ok: true, ..Options::default() };
    for (csv, ours, theirs) in differences {
        let file = file(csv.as_bytes());
        let counts = |stats: &fillrate::RunStats| {
            (stats.total, stats.fill_rates[0].1.count, stats.fill_rates[1].1.count)
        };
        assert_eq!(counts(&by_fillrate(file.path(), &options).stats), ours, "{csv:?}");
        let found = by_polars(file.path(), &options);
        assert_eq!(found.as_ref().ok().map(|found| counts(&found.stats)), theirs, "{csv:?}");
    }
}

#[test]
fn what_polars_refuses_is_refused_without_a_cell_in_the_message() {
    let options = Options { header_ok: true, ..Options::default() };
    for csv in [&b"email,note\nvera@example.com,\xFFquiet\n"[..], b"email,note\n\"vera@example.com,quiet\n"] {
        let file = file(csv);
        assert_eq!(by_fillrate(file.path(), &options).stats.total, 1);
        let error = by_polars(file.path(), &options).unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{error}");
        let message = error.to_string();
        assert!(!message.contains("vera") && !message.contains("quiet"), "{message}");
    }
}

#[test]
fn what_is_no_plain_file_is_refused() {
    let stdin = by_polars("-".as_ref(), &Options::default()).unwrap_err();
    assert!(matches!(stdin, Error::Stdin), "{stdin}");
}
