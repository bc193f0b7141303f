//! What `fillrate batch` says to a person of all exports together, of groups, and of what differs between runs.

use fillrate::{counted, grouped};
use fillrate_batch::{AudienceDrift, Drifts, Group, GroupBy, Overview, PairDrift};
use fillrate_drift::RateChange;

use super::document::{Document, Kind, Line, Section, Tone};
use super::text::aligned;
use super::{diff, figures, merge};

/// Of how many groups more than the size is shown.
const MOST_GROUPS: usize = 20;

/// What stands for a group that cannot be told.
const UNKNOWN: &str = "unknown";

pub(super) fn add(document: &mut Document, overview: &Overview) {
    if let Some(totals) = &overview.totals {
        let text =
            format!("All exports together: {}, {}.", counted(totals.exports, "export"), merge::size(totals));
        document.sections.extend(merge::sections(totals));
        document.notes.push(Line::new(Tone::Plain, text));
        document.notes.extend(merge::notes(totals));
    }
    if let Some((by, groups)) = &overview.groups {
        add_groups(document, *by, groups);
    }
    if let Some(drifts) = &overview.drift {
        document.sections.extend(drifts.audiences.iter().filter_map(audience));
        document.notes.extend(notes(drifts, overview.same_run));
    }
}

fn add_groups(document: &mut Document, by: GroupBy, groups: &[Group]) {
    let title = match by {
        GroupBy::Audience => "By audience",
        GroupBy::Day => "By day of the run, in UTC",
        GroupBy::Folder => "By folder",
    };
    let columns = [
        (by.name(), Kind::Name),
        ("exports", Kind::Number),
        ("records", Kind::Number),
        ("bytes", Kind::Number),
    ];
    let mut section = Section::new(title, &columns);
    for Group { name, figures } in groups {
        let counts = [figures.exports, figures.stats.total, figures.bytes].map(|count| grouped(count).into());
        section.add(Tone::Plain, [label(name.as_deref()).into()].into_iter().chain(counts));
    }
    document.sections.push(section);
    for Group { name, figures } in groups.iter().take(MOST_GROUPS) {
        document.sections.extend(merge::sections(figures).into_iter().map(|mut section| {
            section.title = format!("{} · {}", label(name.as_deref()), section.title);
            section
        }));
    }
    if groups.len() > MOST_GROUPS {
        let text = format!("Fill rates and scores are shown of {MOST_GROUPS} groups; JSON has those of all.");
        document.notes.push(Line::new(Tone::Plain, text));
    }
}

fn label(name: Option<&str>) -> &str {
    name.unwrap_or(UNKNOWN)
}

/// The runs of an audience that differ from the one before them.
fn audience(audience: &AudienceDrift) -> Option<Section> {
    let columns = [
        ("", Kind::Label),
        ("what", Kind::Name),
        ("before", Kind::Number),
        ("after", Kind::Number),
        ("change", Kind::Number),
        ("p", Kind::Number),
    ];
    let runs = counted(audience.runs as u64, "run");
    let title = format!("Audience {}, {runs}: what differs from the run before", audience.audience_id);
    let mut section = Section::new(title, &columns);
    for pair in audience.pairs.iter().filter(|pair| pair.differs) {
        add_pair(&mut section, pair);
    }
    (!section.rows.is_empty()).then_some(section)
}

fn add_pair(section: &mut Section, pair: &PairDrift) {
    let drift = &pair.drift;
    let mut add = |(tone, mark): figures::Mark, name: String, cells: [String; 4]| {
        section.add(tone, [mark.into(), name.into()].into_iter().chain(cells.map(Into::into)));
    };
    add(figures::UNMARKED, format!("run of {}", pair.after.time), Default::default());
    for (what, fields) in [("came", &drift.came), ("went", &drift.went)] {
        for field in fields {
            add((Tone::Bad, figures::BAD), format!("column {what}: {field}"), Default::default());
        }
    }
    let total = &drift.total;
    if total.chance.significant {
        let counts =
            [grouped(total.before), grouped(total.after), diff::growth(total), diff::p(&total.chance)];
        add(diff::mark(&total.chance), "records".to_owned(), counts);
    }
    for change in &drift.fields {
        add(diff::mark(&change.chance), change.name.clone(), rate(change));
    }
    for change in drift.scores.iter().flatten() {
        add(diff::mark(&change.chance), format!("scores {}", change.name), rate(change));
    }
    match pair.config_changed {
        Some(true) => section.say("The audience was configured otherwise: configHash differs."),
        Some(false) => {}
        None => section.say("Not known whether it was configured otherwise: a configHash is missing."),
    }
}

fn rate(change: &RateChange) -> [String; 4] {
    let percents = [change.before, change.after].map(|rate| rate.percent.to_string() + " %");
    let [before, after] = percents;
    [before, after, aligned(&change.points.to_string(), 2), diff::p(&change.chance)]
}

fn notes(drifts: &Drifts, same_run: u64) -> Vec<Line> {
    let pairs = || drifts.audiences.iter().flat_map(|audience| &audience.pairs);
    let (all, differing) = (pairs().count(), pairs().filter(|pair| pair.differs).count());
    let text = format!(
        "Each run of an audience was compared with the one before it: of {}, {} found what is more than chance. It does \
         not change the exit status.",
        counted(all as u64, "comparison"),
        grouped(differing as u64),
    );
    let mut notes = vec![Line::new(Tone::Plain, text)];
    if all > 0 {
        notes.push(diff::method(drifts.level, "all tests of two runs"));
        let text =
            "Averages were not tested: how far numbers are from their mean was not counted. JSON has them.";
        notes.push(Line::new(Tone::Plain, text));
    }
    let not_ordered: usize = drifts.audiences.iter().map(|audience| audience.not_ordered.len()).sum();
    for (count, why) in [
        (not_ordered as u64, "no report says when the run was"),
        (drifts.without_audience, "nothing says of which audience it is"),
        (same_run, "another export of its run came before"),
    ] {
        if count > 0 {
            let text = format!("{} not compared with other runs: {why}.", counted(count, "export"));
            notes.push(Line::new(Tone::Warning, text));
        }
    }
    notes
}
