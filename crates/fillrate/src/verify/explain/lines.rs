//! Lines that are no records, counted as such.

use super::super::check::Subject;
use super::ExplanationKind;
use super::hypothesis::{Hypothesis, Reach};
use crate::words::counted;

/// So many lines are records for the API, with nothing in them.
pub(super) struct CountedToo {
    kind: ExplanationKind,
    lines: u64,
}

impl CountedToo {
    pub(super) fn header() -> Self {
        Self { kind: ExplanationKind::HeaderCounted, lines: 1 }
    }

    pub(super) fn empty_lines(lines: u64) -> Self {
        Self { kind: ExplanationKind::EmptyLinesCounted, lines }
    }
}

impl Hypothesis for CountedToo {
    fn kind(&self) -> ExplanationKind {
        self.kind
    }

    fn because(&self, _: Subject) -> String {
        if self.kind == ExplanationKind::HeaderCounted {
            return "The API counts the header as a record.".to_owned();
        }
        let (are, them) = if self.lines == 1 { ("is", "it as a record") } else { ("are", "them as records") };
        format!("{} {are} empty; the API counts {them}.", counted(self.lines, "line"))
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn records(&self) -> i128 {
        self.lines.into()
    }
}
