//! What `fillrate stats --by` says to a person.

use fillrate::{Analysis, Rest, SCORE_FIELD, Segment, Segments, counted, grouped};

use super::document::{Cell, Kind, Line, Section, Tone};
use super::figures;

/// How many records each segment has, and then the figures of each.
pub(super) fn sections(analysis: &Analysis, segments: &Segments) -> Vec<Section> {
    let total = analysis.stats.total;
    let score = analysis.scores.and_then(|scores| scores.column);
    let score = score.map_or(SCORE_FIELD, |column| analysis.header.label(column));
    let shown = segments.shown.iter().map(|segment| (name(segment), segment));
    let rest = segments.rest.iter().map(|rest| (rest_name(rest), &rest.segment));
    let all: Vec<(String, &Segment)> = shown.chain(rest).collect();
    let columns = [("value", Kind::Name), ("records", Kind::Number), ("%", Kind::Number), ("", Kind::Bar)];
    let mut overview = Section::new(format!("Records by {}", segments.fields.join(", ")), &columns);
    for (name, segment) in &all {
        let count = segment.stats.total;
        let cells = [
            name.as_str().into(),
            grouped(count).into(),
            figures::percent(count, total),
            Cell::Bar { count, total },
        ];
        overview.add(Tone::Plain, cells);
    }
    let mut sections = vec![overview];
    for (name, segment) in &all {
        let Segment { stats, columns, scores, .. } = segment;
        let of_segment = [
            Some(figures::fill_rates(stats.total, columns, |_| figures::UNMARKED)),
            scores.map(|scores| figures::scores_in_buckets(score, stats, &scores, |_| figures::UNMARKED)),
            figures::averages(stats, |_| figures::UNMARKED),
        ];
        sections.extend(of_segment.into_iter().flatten().map(|section| section.of(name)));
    }
    sections
}

/// What stands for a value in a table, where it is not the value.
const EMPTY: &str = "(empty)";

/// Its values, as they are in the file: in quotes, where one could be taken for what stands for a value, or has quotes.
fn name(segment: &Segment) -> String {
    let shown = |value: &Option<String>| match value {
        None => EMPTY.to_owned(),
        Some(value) if value.starts_with(['(', '"']) => format!("\"{value}\""),
        Some(value) => value.clone(),
    };
    segment.values.iter().map(shown).collect::<Vec<_>>().join(" · ")
}

fn rest_name(rest: &Rest) -> String {
    match (rest.values, rest.not_told_apart) {
        (values, 0) => format!("({})", counted(values, "other value")),
        _ => "(all other values)".to_owned(),
    }
}

/// What was not told apart.
pub(super) fn note(segments: &Segments) -> Option<Line> {
    let records = segments.rest.as_ref()?.not_told_apart;
    (records > 0).then(|| {
        let records = counted(records, "record");
        let text = format!(
            "In {records} are values that were not told apart: too many, or too long. They are among all other values, and there may be more of one than of those shown."
        );
        Line::new(Tone::Warning, text)
    })
}
