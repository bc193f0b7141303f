//! What `fillrate merge` says to a person.

use fillrate::{Combined, FindingCount, SCORE_FIELD, counted, grouped};

use super::document::{Document, Fact, Kind, Line, Section, Tone};
use super::figures;
use super::text::places;

pub(super) fn document(combined: &Combined) -> Document {
    let headline = Fact::new("", counted(combined.exports, "export"));
    let size = Fact::new("", size(combined));
    let (sections, notes) = (sections(combined), notes(combined));
    Document { headline, facts: vec![size], sections, notes, ..Document::default() }
}

/// `2,151 records · 36 columns · 1,351,847 bytes`
pub(super) fn size(combined: &Combined) -> String {
    figures::size(combined.stats.total, combined.columns.len(), combined.bytes)
}

pub(super) fn sections(combined: &Combined) -> Vec<Section> {
    let Combined { stats, exports, columns, scores, findings, .. } = combined;
    let cells = columns.iter().map(|column| &column.cells);
    let mut sections = vec![figures::fill_rates(stats.total, cells, |_| figures::UNMARKED)];
    sections.extend(absent(combined));
    sections.extend(
        scores.map(|scores| figures::scores_in_buckets(SCORE_FIELD, stats, &scores, |_| figures::UNMARKED)),
    );
    sections.extend(figures::averages(stats, |_| figures::UNMARKED));
    let row = |finding: &FindingCount| (finding.kind, finding.count, place(finding, *exports));
    sections.extend(figures::findings_at(findings.iter().map(row)));
    sections
}

pub(super) fn notes(combined: &Combined) -> Vec<Line> {
    let mut notes = Vec::new();
    if combined.scores.is_none() {
        let text = "No histogram: scores were not counted, or not in all exports.";
        notes.push(Line::new(Tone::Plain, text));
    }
    let unsound = figures::disqualifying(combined.findings.iter().map(|finding| finding.kind));
    let line = |kinds| Line::new(Tone::Bad, format!("Some of the files are unsound: {kinds}."));
    notes.extend(unsound.map(line));
    notes
}

/// The columns that some exports lack.
fn absent(combined: &Combined) -> Option<Section> {
    let all = combined.exports;
    let columns = [("field", Kind::Name), ("absent in", Kind::Number), ("", Kind::Label)];
    let mut section =
        Section::new("Columns that some exports lack, and that count as unfilled there", &columns);
    for column in combined.columns.iter().filter(|column| column.exports < all) {
        let absent = grouped(all - column.exports);
        let of = format!("of {}", counted(all, "export"));
        section.add(Tone::Warning, [column.cells.field.as_str().into(), absent.into(), of.into()]);
    }
    (!section.rows.is_empty()).then_some(section)
}

/// Where it was found: a place is of one file.
fn place(finding: &FindingCount, exports: u64) -> String {
    match &finding.last {
        Some(last) => places(finding.count, &finding.places, last),
        None => format!("in {} of {}", grouped(finding.exports), counted(exports, "export")),
    }
}
