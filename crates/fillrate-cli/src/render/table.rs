//! For a person at a terminal.

use comfy_table::{
    Attribute, CellAlignment, Color, ColumnConstraint, ContentArrangement, Table, Width, presets,
};
use fillrate::{Analysis, visible};

use super::Screen;
use super::document::{Cell, Document, Kind, Line, Section, Tone};
use super::text::bar;
use super::{stats, verify};
use crate::commands::verify::Verified;

pub(crate) fn stats(analyses: &[Analysis], screen: Screen) -> String {
    let documents: Vec<String> =
        analyses.iter().map(|analysis| print(&stats::document(analysis), screen)).collect();
    documents.join("\n\n")
}

pub(crate) fn verify(verified: &Verified, screen: Screen) -> String {
    print(&verify::document(verified), screen)
}

fn print(document: &Document, screen: Screen) -> String {
    let mut text = line(&document.headline, screen, Attribute::Bold);
    for fact in &document.facts {
        text += &format!("{}\n", visible(fact));
    }
    for section in &document.sections {
        text += &format!("\n{}\n{}\n", visible(&section.title), table(section, screen).trim_fmt());
    }
    if !document.notes.is_empty() {
        text.push('\n');
    }
    for note in &document.notes {
        text += &line(note, screen, Attribute::NormalIntensity);
    }
    text
}

/// A line of its own, wrapped and coloured as a table of one cell.
fn line(line: &Line, screen: Screen, attribute: Attribute) -> String {
    let mut table = plain_table(screen);
    table.add_row([cell(&line.text, line.tone).add_attribute(attribute)]);
    for column in table.column_iter_mut() {
        column.set_padding((0, 0));
    }
    table.trim_fmt() + "\n"
}

fn table(section: &Section, screen: Screen) -> Table {
    let mut table = plain_table(screen);
    table.set_header(
        section.columns.iter().map(|column| cell(column.title, Tone::Plain).add_attribute(Attribute::Dim)),
    );
    for row in &section.rows {
        table.add_row(row.cells.iter().map(|content| match content {
            Cell::Text(text) => cell(text, row.tone),
            Cell::Bar { count, total } => cell(&bar(*count, *total, bar_width(screen)), row.tone),
        }));
    }
    for (column, of_table) in section.columns.iter().zip(table.column_iter_mut()) {
        of_table.set_padding((2, 0));
        match column.kind {
            Kind::Text => {}
            Kind::Number => of_table.set_cell_alignment(CellAlignment::Right),
            Kind::Value => {
                of_table.set_cell_alignment(CellAlignment::Right);
                of_table.set_constraint(ColumnConstraint::UpperBoundary(Width::Fixed(value_width(screen))));
            }
            Kind::Bar => {
                of_table.set_constraint(ColumnConstraint::ContentWidth);
            }
        }
    }
    table
}

fn plain_table(screen: Screen) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(screen.width);
    if screen.colour {
        table.enforce_styling()
    } else {
        table.force_no_tty()
    };
    table
}

fn cell(text: &str, tone: Tone) -> comfy_table::Cell {
    let cell = comfy_table::Cell::new(visible(text));
    match tone {
        Tone::Plain => cell,
        Tone::Good => cell.fg(Color::Green),
        Tone::Warning => cell.fg(Color::Yellow),
        Tone::Bad => cell.fg(Color::Red),
    }
}

/// Digests and ids are wrapped to this, to leave room for the names of checks.
fn value_width(screen: Screen) -> u16 {
    (screen.width / 5).max(14)
}

/// What names and numbers leave of a line: 10 of 60 columns, 20 of 80, at the most 30.
fn bar_width(screen: Screen) -> u16 {
    (screen.width.saturating_sub(40) / 2).clamp(10, 30)
}
