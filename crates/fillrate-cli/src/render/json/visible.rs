//! JSON that shows what is in it.

use std::io::{self, Write};

use fillrate::is_deceptive;
use serde_json::ser::Formatter;

/// Writes JSON over lines and indented, as serde's own formatter does, and what JSON lets pass and terminals obey or eyes
/// cannot see as escapes, which mean the same to a program. Only strings can hold it.
///
/// A line break and its indentation are written as one piece: serde's formatter writes each level by itself, and a batch that
/// prints the figures of 20,000 groups takes a tenth longer with it.
#[derive(Default)]
pub(super) struct Visible {
    /// In how many arrays and objects it is.
    depth: usize,
    /// Whether the one that ends next has anything in it.
    has_element: bool,
}

/// For how many levels there is an indentation in one piece.
const DEEPEST: usize = 32;

/// A comma, a line break, and two spaces for each level.
const BREAK: &[u8; 2 + 2 * DEEPEST] = b",\n                                                                ";

impl Visible {
    fn begin<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.has_element = false;
        out.write_all(bracket)
    }

    fn end<W: Write + ?Sized>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.has_element {
            self.break_line(out, true)?;
        }
        out.write_all(bracket)
    }

    fn break_line<W: Write + ?Sized>(&self, out: &mut W, is_first: bool) -> io::Result<()> {
        out.write_all(&BREAK[usize::from(is_first)..2 + 2 * self.depth.min(DEEPEST)])?;
        (DEEPEST..self.depth).try_for_each(|_| out.write_all(b"  "))
    }
}

impl Formatter for Visible {
    fn write_string_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        write_visible(out, fragment)
    }

    fn write_raw_fragment<W: Write + ?Sized>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        // Numbers and texts only, without the line ends that JSON may have between others.
        write_visible(out, fragment)
    }

    fn begin_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"]")
    }

    fn begin_array_value<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.break_line(out, first)
    }

    fn end_array_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_element = true;
        Ok(())
    }

    fn begin_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.begin(out, b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        self.end(out, b"}")
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.break_line(out, first)
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn end_object_value<W: Write + ?Sized>(&mut self, _: &mut W) -> io::Result<()> {
        self.has_element = true;
        Ok(())
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

    fn visible(value: &impl Serialize) -> String {
        let mut json = Vec::new();
        value.serialize(&mut Serializer::with_formatter(&mut json, Visible::default())).unwrap();
        String::from_utf8(json).unwrap()
    }

    #[test]
    fn what_deceives_is_escaped_wherever_it_stands() {
        let deceptive = "a\u{7f}\u{202e}b\u{9b}\u{e0041}é";
        let expected = "\"a\\u007f\\u202eb\\u009b\\udb40\\udc41é\"";
        assert_eq!(visible(&deceptive), expected);
        let raw = RawValue::from_string(format!("\"{deceptive}\"")).unwrap();
        assert_eq!(visible(&raw), expected);
        let value = json!({deceptive: [deceptive, "\n\"\u{1b}", {}, [], null]});
        let json = visible(&value);
        assert!(!json.contains(|c| c != '\n' && is_deceptive(c)), "{json}");
        assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value);
    }

    #[test]
    fn all_else_is_as_serde_has_it() {
        for value in [
            json!({"a": [1, 2.5, true, null, "x\ty"], "b": {"c": {}, "d": [[]], "e": [{}, [], 1]}, "f": [[1, [2]], {"g": [3]}]}),
            json!([]),
            json!({}),
            json!([[], {}]),
            json!([{"a": {}}, [[]], {"b": []}]),
            json!("x"),
            json!(null),
            (0..3 * DEEPEST).fold(json!({}), |inner, _| json!([inner])),
        ] {
            assert_eq!(visible(&value), serde_json::to_string_pretty(&value).unwrap());
        }
    }
}
