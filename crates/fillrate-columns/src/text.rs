//! Rows → CSV and JSON lines.

use std::borrow::Cow;
use std::io::{self, Write};

use csv::Terminator;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::value::RawValue;

use crate::row::Row;
use crate::schema::{COLUMNS, Get};

/// Writes CSV.
pub(crate) struct Csv<W: Write>(csv::Writer<W>);

impl<W: Write> Csv<W> {
    pub(crate) fn begin(out: W) -> io::Result<Self> {
        let mut writer = csv::WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
        writer.write_record(COLUMNS.map(|(name, _)| name))?;
        Ok(Self(writer))
    }

    pub(crate) fn write(&mut self, row: &Row) -> io::Result<()> {
        self.0.write_record(COLUMNS.map(|(_, get)| cell(get, row).into_owned()))?;
        Ok(())
    }

    pub(crate) fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

fn cell(get: Get, row: &Row) -> Cow<'_, str> {
    let text: Option<Cow<'_, str>> = match get {
        Get::Text(get) => get(row).map(harmless),
        Get::Shown(get) => get(row).map(|shown| match shown.number {
            Some(_) => shown.text.as_str().into(),
            None => harmless(&shown.text),
        }),
        Get::Flag(get) => get(row).map(|flag| if flag { "true" } else { "false" }.into()),
        Get::Count(get) => get(row).map(|count| count.to_string().into()),
        Get::Double(get) => get(row).map(|number| number.to_string().into()),
        Get::Decimal(decimal) => decimal.text(row).map(Cow::from),
    };
    text.unwrap_or_default()
}

/// What no spreadsheet takes for a formula.
fn harmless(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}").into() } else { text.into() }
}

/// Writes a line of JSON.
pub(crate) fn write_json(out: &mut impl Write, row: &Row) -> io::Result<()> {
    serde_json::to_writer(&mut *out, &Object(row))?;
    out.write_all(b"\n")
}

struct Object<'a>(&'a Row);

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let row = self.0;
        let mut map = serializer.serialize_map(Some(COLUMNS.len()))?;
        for (name, get) in COLUMNS {
            match get {
                Get::Text(get) => map.serialize_entry(name, &get(row))?,
                Get::Shown(get) => map.serialize_entry(name, &get(row).map(|shown| &shown.text))?,
                Get::Flag(get) => map.serialize_entry(name, &get(row))?,
                Get::Count(get) => map.serialize_entry(name, &get(row))?,
                Get::Double(get) => map.serialize_entry(name, &get(row))?,
                Get::Decimal(decimal) => {
                    let number = decimal.text(row).map(RawValue::from_string).transpose();
                    map.serialize_entry(name, &number.map_err(serde::ser::Error::custom)?)?;
                }
            }
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn formulas_become_text() {
        for text in ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1"] {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "a", "'=1", "1-1", " =1"] {
            assert_eq!(harmless(text), text);
        }
    }
}
