//! Cells that are not in the file, because records end before them.

use super::super::check::Subject;
use super::ExplanationKind;
use super::hypothesis::Hypothesis;
use super::parts::Reader;
use crate::analyze::Cut;
use crate::scan::FindingKind;
use crate::words::{counted, grouped};

/// The last record was longer than it is.
pub(super) struct CutOff<'a> {
    pub(super) cut: &'a Cut,
    pub(super) reader: Reader<'a>,
}

impl Hypothesis for CutOff<'_> {
    fn kind(&self) -> ExplanationKind {
        ExplanationKind::LastRecordCut
    }

    fn because(&self, _: Subject) -> String {
        let place = self.cut.place;
        let (line, byte) = (grouped(place.line), grouped(place.byte));
        format!("The file ends inside its last record, at line {line} (byte {byte}): download it again.")
    }

    /// What it lacks was filled.
    fn filled(&self, column: usize) -> i128 {
        if column < self.cut.column { 0 } else { 1 - self.reader.filled(&self.cut.part, column) }
    }

    /// The score that it lacks may be in any bucket.
    fn bucket(&self, bucket: usize) -> i128 {
        let lacks_score = self.reader.plan.score.is_some_and(|score| score > self.cut.column);
        i128::from(lacks_score && bucket < self.reader.question.buckets.len())
    }

    fn buckets(&self, _: usize) -> i128 {
        self.bucket(0)
    }

    fn findings(&self, kind: FindingKind) -> i128 {
        -i128::from(self.cut.part.findings.count(kind))
    }
}

/// The cells that short records lack were filled.
pub(super) struct Lacking<'a> {
    /// By column: how many records end before it.
    pub(super) records: &'a [u64],
}

impl Hypothesis for Lacking<'_> {
    fn kind(&self) -> ExplanationKind {
        ExplanationKind::ShortRecords
    }

    fn because(&self, subject: Subject) -> String {
        let Subject::Fill(column, _) = subject else { return String::new() };
        let records = self.records[column];
        let (end, they) = if records == 1 { ("ends", "it") } else { ("end", "each") };
        let records = counted(records, "record");
        format!("{records} {end} before this column; the API has a cell more of {they}.")
    }

    fn filled(&self, column: usize) -> i128 {
        self.records[column].into()
    }
}
