//! What a batch has to say to a continuous integration beside what it says of each export: what was named or searched, and
//! was of no use.

use std::borrow::Cow;

use super::{Batched, record};

/// Something that was not used, and may have been meant to be.
pub(super) struct Remark<'a> {
    /// A name as that of a check.
    pub(super) title: &'static str,
    pub(super) file: Option<Cow<'a, str>>,
    pub(super) text: String,
}

pub(super) fn of(batched: &Batched) -> impl Iterator<Item = Remark<'_>> {
    let without_check = &batched.tolerances.without_check;
    let tolerances = (!without_check.is_empty()).then(|| Remark {
        title: "tolerances-without-check",
        file: None,
        text: format!("{} fit no check of any export", without_check.join(", ")),
    });
    let passed_over = batched.passed_over.iter().map(|path| Remark {
        title: "passed-over",
        file: Some(path.to_string_lossy()),
        text: "passed over, since no export is called so".to_owned(),
    });
    let unreadable = batched.unreadable_reports.iter().map(|report| {
        let why = record::without_path(&report.error.message, &report.path);
        Remark {
            title: "unreadable-report",
            file: Some(report.path.as_str().into()),
            text: format!("searched for reports, and cannot be read: {why}"),
        }
    });
    unreadable.chain(tolerances).chain(passed_over)
}
