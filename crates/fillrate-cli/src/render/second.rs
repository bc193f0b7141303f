//! What `fillrate stats --engine polars` says to a person.

use fillrate::{SCORE_FIELD, counted};

use super::BySecond;
use super::document::{Document, Fact, Line, Tone};
use super::figures::{self, UNMARKED};

pub(super) fn document(second: &BySecond) -> Document {
    let BySecond { path, header, figures: second } = second;
    let stats = &second.stats;
    let size = [counted(stats.total, "record"), counted(header.len() as u64, "column")].join(" · ");
    let mut document = Document {
        headline: Fact::new("", path.to_string_lossy()),
        facts: vec![Fact::new("", format!("{size} · by Polars"))],
        ..Document::default()
    };
    document.sections.push(figures::fill_rates(stats.total, &second.columns, |_| UNMARKED));
    document.sections.extend(second.scores.as_ref().map(|scores| {
        let column = scores.column.map_or(SCORE_FIELD, |column| header.label(column));
        figures::scores_in_buckets(column, stats, scores, |_| UNMARKED)
    }));
    document.sections.extend(figures::averages(stats, |_| UNMARKED));
    let note = "What is wrong with the CSV itself is only seen without --engine polars.";
    document.notes.push(Line::new(Tone::Plain, note));
    document
}
