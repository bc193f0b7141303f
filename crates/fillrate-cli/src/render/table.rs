//! For a person at a terminal.

use std::borrow::Cow;

use anstyle::{AnsiColor, Style};
use fillrate::{Combined, visible};
use unicode_width::UnicodeWidthStr;

use super::document::{Cell, Column, Document, Fact, Kind, Section, Tone};
use super::layout::{GAP, widths, wrap};
use super::text::bar;
use super::{Batched, Compared, Counted, Screen, Verified};
use super::{batch, diff, merge, stats, verify};

pub(crate) fn stats(counted: &[Counted], screen: Screen) -> String {
    let documents: Vec<String> = counted.iter().map(|one| print(&stats::document(one), screen)).collect();
    documents.join("\n\n")
}

#[cfg(feature = "polars")]
pub(crate) fn second(results: &[super::BySecond], screen: Screen) -> String {
    let documents: Vec<String> =
        results.iter().map(|one| print(&super::second::document(one), screen)).collect();
    documents.join("\n\n")
}

pub(crate) fn merge(combined: &Combined, screen: Screen) -> String {
    print(&merge::document(combined), screen)
}

pub(crate) fn diff(compared: &Compared, screen: Screen) -> String {
    print(&diff::document(compared), screen)
}

pub(crate) fn verify(verified: &Verified, screen: Screen) -> String {
    print(&verify::document(verified), screen)
}

pub(crate) fn batch(batched: &Batched, screen: Screen) -> String {
    print(&batch::document(batched), screen)
}

/// What stands before a sentence under a row: as much as before the column behind its mark.
const INDENT: usize = GAP + 1 + GAP;

fn print(document: &Document, screen: Screen) -> String {
    let Fact { label, text } = &document.headline;
    let gap = if label.is_empty() { "" } else { "  " };
    let headline = format!("{label}{gap}{}", visible(text));
    // Not wrapped: paths are copied from here.
    let mut text = painted(&headline, style(document.tone).bold(), screen) + "\n";
    for Fact { label, text: fact } in &document.facts {
        text += &match *label {
            "" => format!("{}\n", visible(fact)),
            label => format!("{label:6}  {}\n", visible(fact)),
        };
    }
    for section in &document.sections {
        text.push('\n');
        for line in wrap(&visible(&section.title), Kind::Prose, screen.width) {
            text += &format!("{line}\n");
        }
        text += &table(section, screen);
    }
    if !document.notes.is_empty() {
        text.push('\n');
    }
    for note in &document.notes {
        for line in wrap(&visible(&note.text), Kind::Prose, screen.width) {
            text += &(painted(line, style(note.tone), screen) + "\n");
        }
    }
    text
}

fn table(section: &Section, screen: Screen) -> String {
    let titles = section.columns.iter().map(|column| column.title.width());
    let mut natural: Vec<usize> = titles.collect();
    for row in &section.rows {
        for (width, cell) in natural.iter_mut().zip(&row.cells) {
            *width = (*width).max(match cell {
                Cell::Text(text) => visible(text).width(),
                Cell::Bar { .. } => bar_width(screen),
            });
        }
    }
    let widths = widths(&section.columns, &natural, screen.width);
    let line = |cells: Vec<Cow<'_, str>>, style| row(&section.columns, &widths, &cells, style, screen);
    let titles = section.columns.iter().map(|column| column.title.into()).collect();
    let mut text = line(titles, Style::new().dimmed());
    for row in &section.rows {
        let cells = row.cells.iter().zip(&widths).map(|(cell, width)| match cell {
            Cell::Text(text) => visible(text),
            Cell::Bar { count, total } => bar(*count, *total, *width).into(),
        });
        text += &line(cells.collect(), style(row.tone));
        for below in &row.below {
            for line in wrap(&visible(below), Kind::Prose, screen.width.saturating_sub(INDENT)) {
                text += &format!("{:INDENT$}{line}\n", "");
            }
        }
    }
    text
}

/// One row, in as many lines as its cells need.
fn row(columns: &[Column], widths: &[usize], cells: &[Cow<'_, str>], style: Style, screen: Screen) -> String {
    let wrapped: Vec<_> = columns
        .iter()
        .zip(widths)
        .zip(cells)
        .filter(|((_, width), _)| **width > 0)
        .map(|((column, width), cell)| (column.kind, *width, wrap(cell, column.kind, *width)))
        .collect();
    let height = wrapped.iter().map(|(_, _, lines)| lines.len()).max().unwrap_or(0);
    let mut text = String::new();
    for at in 0..height {
        let mut line = String::new();
        for (kind, width, lines) in &wrapped {
            let content = lines.get(at).copied().unwrap_or_default();
            let space = " ".repeat(width.saturating_sub(content.width()));
            let content = painted(content, style, screen);
            let (before, after) =
                if kind.is_right() { (space, String::new()) } else { (String::new(), space) };
            line += &format!("{:GAP$}{before}{content}{after}", "");
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn painted(text: &str, style: Style, screen: Screen) -> String {
    if screen.colour && !text.is_empty() { format!("{style}{text}{style:#}") } else { text.to_owned() }
}

fn style(tone: Tone) -> Style {
    match tone {
        Tone::Plain => Style::new(),
        Tone::Good => AnsiColor::Green.on_default(),
        Tone::Warning => AnsiColor::Yellow.on_default(),
        Tone::Bad => AnsiColor::Red.on_default(),
    }
}

/// 10 of 60 columns, 20 of 80, at the most 30: longer bars say no more.
fn bar_width(screen: Screen) -> usize {
    (screen.width.saturating_sub(40) / 2).clamp(10, 30)
}
