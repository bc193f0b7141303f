//! JSON that shows what is in it.

use std::io::{self, Write};

use fillrate::is_deceptive;
use serde_json::ser::Formatter;

/// Writes what JSON lets pass and terminals obey or eyes cannot see as escapes, which mean the same to a program. All else is
/// left to another formatter: only strings can hold it.
pub(super) struct Visible<F>(pub(super) F);

impl<F: Formatter> Formatter for Visible<F> {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        write_visible(out, fragment)
    }

    fn write_raw_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // Numbers and texts only, without the line ends that JSON may have between others.
        write_visible(out, fragment)
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

fn write_visible<W: Write + ?Sized>(out: &mut W, text: &str) -> io::Result<()> {
    // Nearly all texts are ids and names, and this is told faster by the byte.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return out.write_all(text.as_bytes());
    }
    let mut rest = text;
    while let Some((at, c)) = rest.char_indices().find(|&(_, c)| is_deceptive(c)) {
        out.write_all(&rest.as_bytes()[..at])?;
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(out, "\\u{unit:04x}")?;
        }
        rest = &rest[at + c.len_utf8()..];
    }
    out.write_all(rest.as_bytes())
}

#[cfg(test)]
mod tests {
    use serde::Serialize;
    use serde_json::value::RawValue;
    use serde_json::{Serializer, Value, json};

    use super::*;

    fn with(value: &impl Serialize, formatter: impl Formatter) -> String {
        let mut json = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut json, formatter)).unwrap();
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn what_deceives_is_escaped_wherever_it_stands() {
        let deceptive = "a\u{7f}\u{202e}b\u{9b}\u{e0041}é";
        let expected = "\"a\\u007f\\u202eb\\u009b\\udb40\\udc41é\"";
        assert_eq!(with(&deceptive, Visible(serde_json::ser::CompactFormatter)), expected);
        let raw = RawValue::from_string(format!("\"{deceptive}\"")).unwrap();
        assert_eq!(with(&raw, Visible(serde_json::ser::CompactFormatter)), expected);
        let value = json!({deceptive: [deceptive, "\n\"\u{1b}", {}, [], null]});
        let json = with(&value, Visible(serde_json::ser::PrettyFormatter::new()));
        assert!(!json.contains(|c| c != '\n' && is_deceptive(c)), "{json}");
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value);
    }

    #[test]
    fn all_else_is_as_the_other_formatter_has_it() {
        let value = json!({"a": [1, 2.5, true, null, "x\ty"], "b": {"c": {}, "d": [[]]}});
        let json = with(&value, Visible(serde_json::ser::PrettyFormatter::new()));
        assert_eq!(json, serde_json::to_string_pretty(&value).unwrap());
    }
}
