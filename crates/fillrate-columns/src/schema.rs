//! The columns, in their order: what each is called, and what it holds of a row.

use crate::row::{Row, Shown};

/// A column's type, with the way to its value. No value is null.
#[derive(Clone, Copy)]
pub(crate) enum Get {
    Text(fn(&Row) -> Option<&str>),
    /// Text that may be a number.
    Shown(fn(&Row) -> Option<&Shown>),
    Flag(fn(&Row) -> Option<bool>),
    Count(fn(&Row) -> Option<u64>),
    Double(fn(&Row) -> Option<f64>),
    Decimal(Decimal),
}

/// A number as a multiple of 10 to the power of -`scale`.
#[derive(Clone, Copy)]
pub(crate) struct Decimal {
    /// How many digits it may have.
    pub(crate) precision: u8,
    pub(crate) scale: u8,
    pub(crate) units: fn(&Row) -> Option<i128>,
}

/// The table in the crate's documentation says what they mean.
pub(crate) const COLUMNS: [(&str, Get); 27] = [
    ("kind", Get::Text(|row| Some(row.kind()))),
    ("path", Get::Text(|row| Some(&row.file.path))),
    ("audience_id", Get::Text(|row| row.file.audience_id.as_deref())),
    ("run_id", Get::Text(|row| row.file.run_id.as_deref())),
    ("verdict", Get::Text(|row| Some(row.file.verdict))),
    ("records", Get::Count(|row| row.file.records)),
    ("bytes", Get::Count(|row| row.file.bytes)),
    ("error", Get::Text(|row| row.file.error.as_deref().filter(|_| row.kind() == "file"))),
    ("check_id", Get::Text(|row| Some(&row.check()?.id))),
    ("status", Get::Text(|row| Some(row.check()?.status))),
    ("fails", Get::Flag(|row| Some(row.check()?.fails))),
    ("reported", Get::Shown(|row| Some(&row.check()?.reported))),
    ("computed", Get::Shown(|row| row.check()?.computed.as_ref())),
    ("reported_number", Get::Double(|row| row.check()?.reported.number)),
    ("computed_number", Get::Double(|row| row.check()?.computed.as_ref()?.number)),
    ("tolerance", Get::Text(|row| row.check()?.tolerance.as_deref())),
    ("explanation", Get::Text(|row| row.check()?.explanation.as_deref())),
    ("reason", Get::Text(|row| row.check()?.reason.as_deref())),
    ("field", Get::Text(|row| Some(&row.field()?.field))),
    ("column_name", Get::Text(|row| Some(&row.field()?.column_name))),
    ("column_number", Get::Count(|row| Some(row.field()?.column_number))),
    ("filled", Get::Count(|row| Some(row.field()?.filled))),
    ("blank", Get::Count(|row| Some(row.field()?.blank))),
    ("placeholder", Get::Count(|row| Some(row.field()?.placeholder))),
    ("percent", Get::Decimal(Decimal { precision: 5, scale: 2, units: percent })),
    ("numbers", Get::Count(|row| Some(row.field()?.mean.as_ref()?.numbers()))),
    ("mean", Get::Decimal(Decimal { precision: 22, scale: 6, units: mean })),
];

fn percent(row: &Row) -> Option<i128> {
    i128::try_from(row.field()?.percent.hundredths()).ok()
}

/// No number of a cell has more than 15 digits before the point, so their mean has at most 16.
fn mean(row: &Row) -> Option<i128> {
    Some(row.field()?.mean.as_ref()?.millionths())
}

impl Decimal {
    /// All its decimals.
    pub(crate) fn text(&self, row: &Row) -> Option<String> {
        let units = (self.units)(row)?;
        let (sign, size) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
        let one = 10_u128.pow(self.scale.into());
        let (whole, decimals, scale) = (size / one, size % one, usize::from(self.scale));
        Some(format!("{sign}{whole}.{decimals:0scale$}"))
    }
}
