//! What became of the tolerances in a batch as a whole.

use crate::record::Record;

/// What became of the tolerances, as they were given.
#[derive(Debug, Default)]
pub struct Tolerances {
    /// Those that at least one export needs, in the order in which they are first needed.
    pub used: Vec<String>,
    /// Those that fit no check of any export. Exports that failed say nothing of it.
    pub without_check: Vec<String>,
    /// Whether an export has said of any what it fits.
    has_begun: bool,
}

impl Tolerances {
    pub(crate) fn add(&mut self, record: &Record) {
        for tolerance in &record.tolerances_used {
            if !self.used.contains(tolerance) {
                self.used.push(tolerance.clone());
            }
        }
        if record.error.is_some() {
            return;
        }
        if self.has_begun {
            self.without_check.retain(|tolerance| record.tolerances_without_check.contains(tolerance));
        } else {
            self.without_check.clone_from(&record.tolerances_without_check);
            self.has_begun = true;
        }
    }
}
