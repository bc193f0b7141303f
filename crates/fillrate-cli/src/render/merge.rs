//! What `fillrate merge` says to a person.

use fillrate::{Combined, FindingCount, SCORE_FIELD, counted, grouped};

use super::document::{Document, Fact, Kind, Line, Section, Tone};
use super::figures;
use super::text::places;

pub(super) fn document(combined: &Combined) -> Document {
    let Combined { stats, exports, bytes, columns, scores, findings } = combined;
    let headline = Fact::new("", counted(*exports, "export"));
    let size = Fact::new("", figures::size(stats.total, columns.len(), *bytes));
    let mut document = Document { headline, facts: vec![size], ..Document::default() };
    let cells = columns.iter().map(|column| &column.cells);
    document.sections.push(figures::fill_rates(stats.total, cells, |_| figures::UNMARKED));
    document.sections.extend(absent(combined));
    document.sections.extend(
        scores.map(|scores| figures::scores_in_buckets(SCORE_FIELD, stats, &scores, |_| figures::UNMARKED)),
    );
    document.sections.extend(figures::averages(stats, |_| figures::UNMARKED));
    let row = |finding: &FindingCount| (finding.kind, finding.count, place(finding, *exports));
    document.sections.extend(figures::findings_at(findings.iter().map(row)));
    if scores.is_none() {
        let text = "No histogram: scores were not counted, or not in all exports.";
        document.notes.push(Line::new(Tone::Plain, text));
    }
    let unsound = figures::disqualifying(findings.iter().map(|finding| finding.kind));
    let line = |kinds| Line::new(Tone::Bad, format!("Some of the files are unsound: {kinds}."));
    document.notes.extend(unsound.map(line));
    document
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
