//! A result → rows.

use std::sync::Arc;

use fillrate::{Analysis, Check, ColumnStats, Figure, Mean, Percent, visible};

use crate::Entry;

/// A row: what is said of the file, and one more thing.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) file: Arc<File>,
    pub(crate) of: Of,
}

/// What a row is of.
#[derive(Clone, Debug)]
pub(crate) enum Of {
    File,
    Check(Box<Checked>),
    Field(Box<Field>),
}

#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: String,
    pub(crate) audience_id: Option<String>,
    pub(crate) run_id: Option<String>,
    pub(crate) verdict: &'static str,
    pub(crate) records: Option<u64>,
    pub(crate) bytes: Option<u64>,
    pub(crate) error: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Checked {
    pub(crate) id: String,
    pub(crate) status: &'static str,
    pub(crate) fails: bool,
    pub(crate) reported: Shown,
    pub(crate) computed: Option<Shown>,
    pub(crate) tolerance: Option<String>,
    pub(crate) explanation: Option<String>,
    pub(crate) reason: Option<String>,
}

/// A value as text, and the double that is next to it if it is a number.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) text: String,
    pub(crate) number: Option<f64>,
}

#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) field: String,
    pub(crate) column_name: String,
    pub(crate) column_number: u64,
    pub(crate) filled: u64,
    pub(crate) blank: u64,
    pub(crate) placeholder: u64,
    pub(crate) percent: Percent,
    pub(crate) mean: Option<Mean>,
}

/// All rows of a result, one after the other.
pub(crate) fn rows<'a>(entry: &Entry<'a>) -> impl Iterator<Item = Row> + use<'a> {
    let file = Arc::new(File::of(entry));
    let checks = entry.verification.into_iter().flat_map(|verification| &verification.checks);
    let fields = entry.analysis.into_iter().flat_map(fields);
    let checks = checks.map(|check| Of::Check(Box::new(Checked::of(check))));
    let fields = fields.map(|field| Of::Field(Box::new(field)));
    std::iter::once(Of::File).chain(checks).chain(fields).map(move |of| Row { file: Arc::clone(&file), of })
}

impl Row {
    pub(crate) fn kind(&self) -> &'static str {
        match self.of {
            Of::File => "file",
            Of::Check(_) => "check",
            Of::Field(_) => "field",
        }
    }

    pub(crate) fn check(&self) -> Option<&Checked> {
        if let Of::Check(check) = &self.of { Some(check) } else { None }
    }

    pub(crate) fn field(&self) -> Option<&Field> {
        if let Of::Field(field) = &self.of { Some(field) } else { None }
    }

    /// About how many bytes of text it has.
    pub(crate) fn size(&self) -> usize {
        let reason = |check: &Checked| check.reason.as_ref().map_or(0, String::len) + check.id.len();
        let name = |field: &Field| field.field.len() + field.column_name.len();
        self.file.path.len() + self.check().map_or(0, reason) + self.field().map_or(0, name)
    }
}

impl File {
    fn of(entry: &Entry<'_>) -> Self {
        let file = entry.analysis.map(|analysis| &analysis.file);
        Self {
            path: safe(&entry.path.to_string_lossy()),
            audience_id: entry.audience_id.map(safe),
            run_id: entry.run_id.map(safe),
            verdict: entry.verdict,
            records: file.map(|file| file.row_count),
            bytes: file.map(|file| file.byte_size),
            error: entry.error.map(safe),
        }
    }
}

impl Checked {
    fn of(check: &Check) -> Self {
        let explained = |separator: &str, part: fn(&fillrate::Explanation) -> String| {
            let parts: Vec<String> = check.explanations.iter().map(part).collect();
            (!parts.is_empty()).then(|| safe(&parts.join(separator)))
        };
        let unexplained = || check.is_unexplained().then(|| "unexplained".to_owned());
        Self {
            id: safe(&check.id),
            status: check.status.name(),
            fails: check.fails,
            reported: Shown::of(&check.reported),
            computed: check.computed.as_ref().map(Shown::of),
            tolerance: check.tolerance.as_deref().map(safe),
            explanation: explained(", ", fillrate::Explanation::kind).or_else(unexplained),
            reason: explained(" ", |one| one.text.clone()).or_else(|| check.reason.map(safe)),
        }
    }
}

impl Shown {
    fn of(figure: &Figure) -> Self {
        let text = safe(&figure.to_string());
        let number = if matches!(figure, Figure::Text(_)) { None } else { text.parse().ok() };
        Self { text, number }
    }
}

/// Text from outside, as all output has it.
fn safe(text: &str) -> String {
    visible(text).into_owned()
}

/// The columns that are shown, which are in the order of the header.
fn fields(analysis: &Analysis) -> impl Iterator<Item = Field> {
    let header = &analysis.header;
    let total = analysis.stats.total;
    let mut places = 0..header.len();
    let mut place_of = move |column: &ColumnStats| places.find(|&place| header.label(place) == column.name);
    analysis.columns.iter().filter_map(move |column| {
        let place = place_of(column)?;
        Some(Field {
            field: safe(&column.field),
            column_name: safe(&column.name),
            column_number: place as u64 + 1,
            filled: column.filled,
            blank: column.blank,
            placeholder: column.placeholder,
            percent: Percent::new(column.filled, total),
            mean: analysis.mean(place).copied(),
        })
    })
}
