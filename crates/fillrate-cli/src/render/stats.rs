//! What `fillrate stats` says to a person.

use super::Counted;
use super::document::{Document, Fact, Line, Tone};
use super::{figures, segments};

pub(super) fn document(counted: &Counted) -> Document {
    let analysis = &counted.analysis;
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
    document.sections.extend(counted.segments.iter().flat_map(|of| segments::sections(analysis, of)));
    if analysis.scores.is_none() {
        let text = "No histogram: no single column fits intent.score. Name one with --score-field.";
        document.notes.push(Line::new(Tone::Plain, text));
    }
    document.notes.extend(figures::notes(analysis));
    document.notes.extend(counted.segments.iter().filter_map(segments::note));
    document
}
