//! Defects of the API's own file, made while the file is written.

use crate::DefectKind;
use crate::people::{Numbers, Schema};
use crate::record::Record;

/// The score outside every bucket.
const OUTSIDE_SCORE: u64 = 100;

/// A defect that changes one cell of a record.
struct CellDefect {
    field: &'static str,
    /// Whether the cell has to be filled, or else unfilled.
    filled: bool,
    change: fn(&[u8]) -> Vec<u8>,
}

impl CellDefect {
    fn new(kind: DefectKind, schema: Schema) -> Option<Self> {
        let filled = |field, change| Some(Self { field, filled: true, change });
        let unfilled = |field, change| Some(Self { field, filled: false, change });
        match kind {
            DefectKind::Blank => unfilled("jobTitle", |_| b" ".to_vec()),
            DefectKind::Placeholder => unfilled("linkedinUrl", |_| b"null".to_vec()),
            DefectKind::InvalidScore => filled(schema.score, |_| b"high".to_vec()),
            DefectKind::OutsideScore => filled(schema.score, |_| OUTSIDE_SCORE.to_string().into_bytes()),
            // An accented e in Latin-1, and no complete character in UTF-8.
            DefectKind::InvalidUtf8 => filled("firstName", |cell| [cell, b"\xE9"].concat()),
            DefectKind::Nul => filled("lastName", |cell| [cell, b"\0"].concat()),
            _ => None,
        }
    }
}

/// Whether the record has what `kind` needs.
pub(crate) fn fits(kind: DefectKind, record: &Record, schema: Schema) -> bool {
    CellDefect::new(kind, schema).is_none_or(|CellDefect { field, filled, .. }| {
        schema.position(field).is_some_and(|index| record.cell(index).is_empty() != filled)
    })
}

/// Changes what the stats are to know of the record.
pub(crate) fn change_numbers(defect: Option<DefectKind>, numbers: &mut Numbers) {
    if defect == Some(DefectKind::OutsideScore) {
        numbers.score = Some(OUTSIDE_SCORE);
    }
}

/// Changes the record as it will stand in the file.
pub(crate) fn change_record(defect: Option<DefectKind>, record: &mut Record, schema: Schema) {
    match defect {
        Some(DefectKind::ShortRecord) => record.pop_cell(),
        Some(DefectKind::LongRecord) => record.push_cell(b"one too many"),
        _ => {
            if let Some(CellDefect { field, change, .. }) =
                defect.and_then(|kind| CellDefect::new(kind, schema))
                && let Some(index) = schema.position(field)
            {
                record.replace_cell(index, &change(record.cell(index)));
            }
        }
    }
}

/// Changes the record's line.
pub(crate) fn change_line(defect: Option<DefectKind>, line: &mut Vec<u8>) {
    if defect == Some(DefectKind::EmptyLine) {
        line.push(b'\n');
    }
}
