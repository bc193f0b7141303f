//! The most records that the API puts into a direct download.

use super::super::check::{Check, Figure, Subject};
use super::{ExplanationKind, add, is_open};

/// Of `export.csv`, as the API's reference and the header `X-Export-Row-Cap` say.
const ROW_CAP: u64 = 300_000;

pub(super) fn explain(checks: &mut [Check]) {
    for check in checks.iter_mut().filter(|check| is_open(check)) {
        let (Figure::Count(reported), Some(Figure::Count(computed))) = (&check.reported, &check.computed)
        else {
            continue;
        };
        let of_records = matches!(check.subject, Subject::Records | Subject::Rows);
        if of_records && *reported > ROW_CAP && *computed == ROW_CAP {
            let text = "The file has exactly 300,000 records, the most that a direct CSV download holds: fetch the \
                        stored export instead.";
            add(check, &[ExplanationKind::RowCap], Figure::Count(*reported), text.to_owned());
        }
    }
}
