//! What `fillrate diff` says to a person.

use fillrate::{counted, grouped};
use fillrate_drift::{Chance, CountChange, MeanChange, People, RateChange};

use super::document::{Document, Fact, Kind, Line, Section, Tone};
use super::text::aligned;
use super::{Compared, Input, figures};

pub(super) fn document(compared: &Compared) -> Document {
    let Compared { drift, before, after, people } = compared;
    let (tone, label) = if drift.differs() {
        (Tone::Bad, "DIFFERENT")
    } else if compared.is_unsound() {
        (Tone::Bad, "UNSOUND")
    } else {
        (Tone::Good, "NO DIFFERENCE")
    };
    let paths = [before, after].map(|input| input.path.to_string_lossy());
    let headline = Fact::new(label, paths.join(" → "));
    let facts = [("before", before, drift.total.before), ("after", after, drift.total.after)];
    let facts = facts.map(|(label, input, records)| Fact::new(label, size(input, records)));
    let mut document = Document { tone, headline, facts: facts.into(), ..Document::default() };
    document.sections.push(total(compared));
    document.sections.extend(columns("Columns that came", &drift.came));
    document.sections.extend(columns("Columns that went", &drift.went));
    document.sections.push(rates("Fill rates", "field", &drift.fields));
    document.sections.extend(drift.scores.as_ref().map(|scores| rates("Scores", "bucket", scores)));
    document.sections.extend(averages(&drift.averages));
    match people {
        Ok(people) => document.sections.push(everybody(people)),
        Err(why) => document.notes.push(Line::new(Tone::Plain, *why)),
    }
    if drift.scores.is_none() {
        let text = "Scores were not compared: they were not counted in both.";
        document.notes.push(Line::new(Tone::Plain, text));
    }
    document.notes.extend([before, after].into_iter().filter_map(unsound));
    if !drift.averages.is_empty() {
        let text = "Averages were not tested: how far numbers are from their mean was not counted.";
        document.notes.push(Line::new(Tone::Plain, text));
    }
    document.notes.push(method(drift.level, &counted(drift.tests as u64, "test")));
    if let Ok(people) = people {
        let text = format!("Comparing people took {} of memory.", counted(people.memory, "byte"));
        document.notes.push(Line::new(Tone::Plain, text));
    }
    document
}

/// How it is told what is more than chance, by so many tests.
pub(super) fn method(level: f64, tests: &str) -> Line {
    let how = format!(
        "✗ is more than chance at the level {level}: p is that of {tests}, corrected by Holm's method. They are \
         two-proportion z-tests; Fisher's exact test where an expected count is below 5; and for the total a test of two \
         counts."
    );
    Line::new(Tone::Plain, how)
}

/// `151 records · 18,450 bytes`
fn size(input: &Input, records: u64) -> String {
    let exports = if input.exports == 1 { String::new() } else { counted(input.exports, "export") + " · " };
    format!("{exports}{} · {}", counted(records, "record"), counted(input.bytes, "byte"))
}

fn total(compared: &Compared) -> Section {
    let columns = [
        ("", Kind::Label),
        ("", Kind::Name),
        ("before", Kind::Number),
        ("after", Kind::Number),
        ("change", Kind::Number),
        ("p", Kind::Number),
    ];
    let mut section = Section::new("Total", &columns);
    let total = &compared.drift.total;
    let (tone, mark) = mark(&total.chance);
    let counts = [grouped(total.before), grouped(total.after), growth(total), p(&total.chance)];
    section.add(tone, [mark.into(), "records".into()].into_iter().chain(counts.map(Into::into)));
    section
}

/// `+1,234`, `-7` or `0`.
pub(super) fn growth(total: &CountChange) -> String {
    let sign = if total.after > total.before { "+" } else { "-" };
    match total.after.abs_diff(total.before) {
        0 => "0".to_owned(),
        change => format!("{sign}{}", grouped(change)),
    }
}

fn columns(title: &str, fields: &[String]) -> Option<Section> {
    let mut section = Section::new(title, &[("", Kind::Label), ("field", Kind::Name)]);
    for field in fields {
        section.add(Tone::Bad, [figures::BAD.into(), field.as_str().into()]);
    }
    (!fields.is_empty()).then_some(section)
}

fn rates(title: &str, name: &'static str, changes: &[RateChange]) -> Section {
    let columns = [
        ("", Kind::Label),
        (name, Kind::Name),
        ("before", Kind::Number),
        ("after", Kind::Number),
        ("% before", Kind::Number),
        ("% after", Kind::Number),
        ("points", Kind::Number),
        ("p", Kind::Number),
    ];
    let mut section = Section::new(title, &columns);
    for change in changes {
        let (tone, mark) = mark(&change.chance);
        let percents = [change.before, change.after].map(|rate| aligned(&rate.percent.to_string(), 2));
        let points = aligned(&change.points.to_string(), 2);
        let counts = [change.before, change.after].map(|rate| grouped(rate.count));
        let cells = counts.into_iter().chain(percents).chain([points, p(&change.chance)]);
        section
            .add(tone, [mark.into(), change.name.as_str().into()].into_iter().chain(cells.map(Into::into)));
    }
    section
}

fn averages(changes: &[MeanChange]) -> Option<Section> {
    let columns = [
        ("", Kind::Label),
        ("field", Kind::Name),
        ("before", Kind::Number),
        ("after", Kind::Number),
        ("change", Kind::Number),
    ];
    let mut section = Section::new("Averages", &columns);
    for change in changes {
        let means = [change.before.to_string(), change.after.to_string(), change.change.to_string()];
        let means = means.map(|mean| aligned(&mean, 6).into());
        section.add(Tone::Plain, ["".into(), change.name.as_str().into()].into_iter().chain(means));
    }
    (!changes.is_empty()).then_some(section)
}

fn everybody(people: &People) -> Section {
    let columns = [("", Kind::Name), ("before", Kind::Number), ("after", Kind::Number)];
    let mut section = Section::new("People (hashedEmail)", &columns);
    let People { before, after, new, gone, staying, .. } = people;
    let mut row = |name: &str, before: Option<u64>, after: Option<u64>| {
        let count = |count: Option<u64>| count.map_or(String::new(), grouped);
        section.add(Tone::Plain, [name.into(), count(before).into(), count(after).into()]);
    };
    row("staying", Some(*staying), Some(*staying));
    row("gone", Some(*gone), None);
    row("new", None, Some(*new));
    row("people", Some(before.people), Some(after.people));
    for (name, before, after) in [
        ("records that repeat one", before.repeats, after.repeats),
        ("records without", before.without, after.without),
    ] {
        if before + after > 0 {
            row(name, Some(before), Some(after));
        }
    }
    section
}

fn unsound(input: &Input) -> Option<Line> {
    let kinds = figures::disqualifying(input.findings.iter().copied())?;
    let path = input.path.to_string_lossy();
    Some(Line::new(Tone::Bad, format!("{path} is unsound: {kinds}.")))
}

pub(super) fn mark(chance: &Chance) -> figures::Mark {
    if chance.significant { (Tone::Bad, figures::BAD) } else { figures::UNMARKED }
}

/// Four decimals: more would say more than there is to know.
pub(super) fn p(chance: &Chance) -> String {
    let p = chance.corrected;
    if p < 0.0001 { "<0.0001".to_owned() } else { format!("{p:.4}") }
}
