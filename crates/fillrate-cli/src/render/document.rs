//! What a result says to a person, before it is laid out for a terminal or in Markdown.

/// A whole result.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) headline: Line,
    /// What the figures are of.
    pub(super) facts: Vec<String>,
    pub(super) sections: Vec<Section>,
    /// What else there is to know.
    pub(super) notes: Vec<Line>,
}

/// A line of text.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) tone: Tone,
    pub(super) text: String,
}

/// How loud something is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Tone {
    #[default]
    Plain,
    Good,
    Warning,
    Bad,
}

/// A titled table.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) title: String,
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) title: &'static str,
    pub(super) kind: Kind,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Names and other text.
    Text,
    /// Numbers, aligned to the right.
    Number,
    /// Numbers, or ids and digests that may be long.
    Value,
    /// Bars, which only a terminal shows.
    Bar,
}

#[derive(Debug)]
pub(super) struct Row {
    pub(super) tone: Tone,
    pub(super) cells: Vec<Cell>,
}

#[derive(Debug)]
pub(super) enum Cell {
    /// Text or a number; names from outside are not yet made safe.
    Text(String),
    /// So much of a total.
    Bar { count: u64, total: u64 },
}

impl Section {
    pub(super) fn new(title: impl Into<String>, columns: &[(&'static str, Kind)]) -> Self {
        let columns = columns.iter().map(|&(title, kind)| Column { title, kind }).collect();
        Self { title: title.into(), columns, rows: Vec::new() }
    }

    pub(super) fn add(&mut self, tone: Tone, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(Row { tone, cells: cells.into_iter().collect() });
    }

    /// Leaves out the columns that have nothing in any row.
    pub(super) fn without_empty_columns(mut self) -> Self {
        let is_empty = |row: &Row, at: usize| matches!(&row.cells[at], Cell::Text(text) if text.is_empty());
        for at in (0..self.columns.len()).rev() {
            if self.rows.iter().all(|row| is_empty(row, at)) {
                self.columns.remove(at);
                self.rows.iter_mut().for_each(|row| drop(row.cells.remove(at)));
            }
        }
        self
    }
}

impl Line {
    pub(super) fn new(tone: Tone, text: impl Into<String>) -> Self {
        Self { tone, text: text.into() }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
