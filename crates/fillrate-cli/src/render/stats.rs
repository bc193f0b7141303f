//! What `fillrate stats` says to a person.

use fillrate::Analysis;

use super::document::{Document, Fact, Line, Tone};
use super::figures;

pub(super) fn document(analysis: &Analysis) -> Document {
    let mut document = Document {
        headline: Fact::new("", analysis.file.path.to_string_lossy()),
        facts: vec![figures::size_of_file(analysis)],
        ..Document::default()
    };
    document
        .sections
        .push(figures::fill_rates(analysis.stats.total, &analysis.columns, |_| figures::UNMARKED));
    document.sections.extend(figures::histogram(analysis, |_| figures::UNMARKED));
    document.sections.extend(figures::averages(&analysis.stats, |_| figures::UNMARKED));
    document.sections.extend(figures::findings(analysis));
    if analysis.scores.is_none() {
        let text = "No histogram: no single column fits intent.score. Name one with --score-field.";
        document.notes.push(Line::new(Tone::Plain, text));
    }
    document.notes.extend(figures::notes(analysis));
    document
}
