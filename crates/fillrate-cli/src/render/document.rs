//! What a result says to a person, before it is laid out for a terminal or in Markdown.

/// A whole result.
#[derive(Debug, Default)]
pub(super) struct Document {
    pub(super) tone: Tone,
    pub(super) headline: Fact,
    /// What the figures are of.
    pub(super) facts: Vec<Fact>,
    pub(super) sections: Vec<Section>,
    /// What else there is to know.
    pub(super) notes: Vec<Line>,
}

/// A label, which may be empty, and what belongs to it.
#[derive(Debug, Default)]
pub(super) struct Fact {
    pub(super) label: &'static str,
    pub(super) text: String,
}

/// A line of text.
#[derive(Debug)]
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

/// What a column holds: it decides how the column is aligned, and where its text may be wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Marks and words of ours, which are short.
    Label,
    /// Names of fields, columns and checks.
    Name,
    /// Sentences.
    Prose,
    /// Places in the file, with commas between them.
    Places,
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
    /// What is to be said of this row, or of all since something was said.
    pub(super) below: Vec<String>,
}

#[derive(Debug)]
pub(super) enum Cell {
    /// Text or a number; names from outside are not yet made safe.
    Text(String),
    /// So much of a total.
    Bar { count: u64, total: u64 },
}

impl Kind {
    /// Whether it is aligned to the right.
    pub(super) fn is_right(self) -> bool {
        matches!(self, Self::Number | Self::Value)
    }
}

impl Section {
    pub(super) fn new(title: impl Into<String>, columns: &[(&'static str, Kind)]) -> Self {
        let columns = columns.iter().map(|&(title, kind)| Column { title, kind }).collect();
        Self { title: title.into(), columns, rows: Vec::new() }
    }

    pub(super) fn add(&mut self, tone: Tone, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(Row { tone, cells: cells.into_iter().collect(), below: Vec::new() });
    }

    /// Says something under the last row.
    pub(super) fn say(&mut self, text: impl Into<String>) {
        if let Some(row) = self.rows.last_mut() {
            row.below.push(text.into());
        }
    }

    /// The same, of a part of the records.
    pub(super) fn of(mut self, part: &str) -> Self {
        self.title = format!("{part}: {}", self.title);
        self
    }

    /// Whether any row has this mark.
    pub(super) fn has_mark(&self, mark: &str) -> bool {
        self.rows.iter().any(|row| matches!(row.cells.first(), Some(Cell::Text(text)) if text == mark))
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

impl Fact {
    pub(super) fn new(label: &'static str, text: impl Into<String>) -> Self {
        Self { label, text: text.into() }
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
