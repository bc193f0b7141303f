//! Stats of other runs that match the file.

use std::collections::HashMap;
use std::path::PathBuf;

use super::super::check::{Check, Figure};
use super::{ExplanationKind, add, is_open};

/// Another run's stats that match the file.
#[derive(Debug)]
pub(in crate::verify) struct OtherRun {
    pub(in crate::verify) path: PathBuf,
    pub(in crate::verify) id: Option<String>,
    /// What is reported, and would be in an export record, by the id of the check.
    pub(in crate::verify) reported: HashMap<String, Figure>,
}

/// Names the runs that match, in every check of what their stats say too.
pub(in crate::verify) fn explain(checks: &mut [Check], others: &[OtherRun]) {
    for check in checks.iter_mut().filter(|check| is_open(check)) {
        for other in others {
            let predicted = other.reported.get(&check.id).cloned();
            // The export record is right about its run if that is the one; it is not about the stats at hand.
            let fits = |predicted: &Figure| !check.id.starts_with("export.") || *predicted == check.reported;
            if let Some(predicted) = predicted.filter(fits) {
                add(check, &[ExplanationKind::OtherRun], predicted, other.text());
            }
        }
    }
}

impl OtherRun {
    fn text(&self) -> String {
        let run = self.id.as_ref().map_or("another run".to_owned(), |id| format!("run {id}"));
        format!("The stats of {run} in {} match this file instead.", self.path.to_string_lossy())
    }
}
