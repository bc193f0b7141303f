//! Strict JSON: duplicate keys refused, numbers kept as text, every value with its path.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Result};
use crate::scan::Place;
use crate::visible::visible;

use super::Decimal;

/// A value of a document, with the path that leads to it.
#[derive(Clone, Debug)]
pub(super) struct Value<'a> {
    path: String,
    raw: &'a RawValue,
}

/// The members of an object that nobody asked for yet.
#[derive(Debug)]
pub(super) struct Object<'a> {
    path: String,
    members: Vec<(String, &'a RawValue)>,
}

/// Reads a document whole: valid JSON, no object with one key twice, and an object at the top.
pub(super) fn parse(text: &[u8]) -> Result<Object<'_>> {
    check(text)?;
    let raw: &RawValue = serde_json::from_slice(text).map_err(|error| syntax_error(text, &error))?;
    let top = Value { path: String::new(), raw };
    if top.first() != b'{' {
        return Err(Error::new(
            ErrorKind::NotAReport,
            format!("this JSON is {}, not an object", top.type_name()),
            "give the API's answer as it came",
        ));
    }
    top.object()
}

impl<'a> Value<'a> {
    /// Where it stands, as `data.stats.fillRates["company.name"].count`.
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn object(&self) -> Result<Object<'a>> {
        let members = self.read::<Members<'a>>("an object")?.0;
        Ok(Object { path: self.path.clone(), members })
    }

    pub(super) fn is_object(&self) -> bool {
        self.first() == b'{'
    }

    pub(super) fn array(&self) -> Result<Vec<Self>> {
        let items = self.read::<Vec<&'a RawValue>>("an array")?;
        let item = |(index, raw)| Self { path: format!("{}[{index}]", self.path), raw };
        Ok(items.into_iter().enumerate().map(item).collect())
    }

    pub(super) fn text(&self) -> Result<String> {
        self.read("a string")
    }

    /// A whole number from 0 to 2⁶⁴ − 1, written with digits only.
    pub(super) fn count(&self) -> Result<u64> {
        let text = self.raw.get();
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        digits
            .then(|| text.parse().ok())
            .flatten()
            .ok_or_else(|| self.unfit("a count (a whole number from 0, below 2^64)"))
    }

    pub(super) fn decimal(&self) -> Result<Decimal> {
        match self.first() {
            b'-' | b'0'..=b'9' => Ok(Decimal::new(self.raw.get())),
            _ => Err(self.unfit("a number")),
        }
    }

    fn read<T: serde::Deserialize<'a>>(&self, expected: &str) -> Result<T> {
        serde_json::from_str(self.raw.get()).map_err(|_| self.unfit(expected))
    }

    fn unfit(&self, expected: &str) -> Error {
        Error::new(
            ErrorKind::ReportValue,
            format!("{} is {}, not {expected}", self.path, self.type_name()),
            "check that this is the API's own answer",
        )
    }

    fn first(&self) -> u8 {
        self.raw.get().bytes().next().unwrap_or_default()
    }

    /// What it is, without saying what is in it.
    fn type_name(&self) -> &'static str {
        match self.first() {
            b'{' => "an object",
            b'[' => "an array",
            b'"' => "a string",
            b't' | b'f' => "a boolean",
            b'n' => "null",
            b'-' => "a negative number",
            _ if self.raw.get().bytes().all(|byte| byte.is_ascii_digit()) => "a whole number",
            _ => "a number with a fraction or an exponent",
        }
    }
}

impl<'a> Object<'a> {
    /// Takes a member out; null counts as absent.
    pub(super) fn take(&mut self, key: &str) -> Option<Value<'a>> {
        let at = self.members.iter().position(|(name, _)| name == key)?;
        let (_, raw) = self.members.remove(at);
        (raw.get() != "null").then(|| Value { path: join(&self.path, key), raw })
    }

    /// Takes a member out and reads it, if it is there.
    pub(super) fn read<T>(
        &mut self,
        key: &str,
        read: impl FnOnce(&Value<'a>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.take(key).map(|value| read(&value)).transpose()
    }

    /// Takes out a text that makes no claim, and that is of use to nobody if it is no text.
    pub(super) fn detail(&mut self, key: &str) -> Option<String> {
        self.take(key)?.text().ok()
    }

    /// Whether there is such a member, be it null.
    pub(super) fn has(&self, key: &str) -> bool {
        self.members.iter().any(|(name, _)| name == key)
    }

    /// Drops members that are known and of no use here.
    pub(super) fn ignore(&mut self, keys: &[&str]) {
        self.members.retain(|(name, _)| !keys.contains(&name.as_str()));
    }

    /// The members that are left, in their order, but for those that are null.
    pub(super) fn into_members(self) -> impl Iterator<Item = (String, Value<'a>)> {
        let path = self.path;
        self.members
            .into_iter()
            .filter(|(_, raw)| raw.get() != "null")
            .map(move |(name, raw)| (name.clone(), Value { path: join(&path, &name), raw }))
    }

    /// The paths of the members that are left.
    pub(super) fn unknown(&self) -> impl Iterator<Item = String> {
        self.members.iter().map(|(name, _)| join(&self.path, name))
    }
}

fn join(path: &str, key: &str) -> String {
    let plain = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    match (path.is_empty(), plain) {
        (true, true) => key.to_owned(),
        (false, true) => format!("{path}.{key}"),
        (_, false) => format!("{path}[\"{}\"]", visible(key)),
    }
}

/// An object's members in their order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de> serde::Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

/// What the errors of a [`Walk`] begin with: its own, and the one of `serde_json`'s that a valid document can raise. There
/// is nothing but the text to tell that one from a syntax error by.
const DUPLICATE: &str = "duplicate key";
const OUT_OF_RANGE: &str = "number out of range";

/// Refuses what is no JSON, what is nested deeper than `serde_json` allows (128), keys that come twice, and numbers that
/// no other reader of this JSON could hold.
fn check(text: &[u8]) -> Result<()> {
    let culprit = RefCell::new(None);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let walked = Walk { path: None, culprit: &culprit }
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end());
    walked.map_err(|error| {
        let message = error.to_string();
        match culprit.take() {
            Some(path) if message.starts_with(DUPLICATE) => Error::new(
                ErrorKind::DuplicateKey,
                format!("{path} is there twice"),
                "no report of the API has this: check where the file comes from",
            )
            .at(place(text, &error)),
            Some(path) if message.starts_with(OUT_OF_RANGE) => Error::new(
                ErrorKind::ReportValue,
                format!("{path} is a number too large for any figure"),
                "check that this is the API's own answer",
            )
            .at(place(text, &error)),
            _ => syntax_error(text, &error),
        }
    })
}

fn syntax_error(text: &[u8], error: &serde_json::Error) -> Error {
    let advice = "give the API's answer as it came";
    if text.trim_ascii_start().first() == Some(&b'<') {
        return Error::new(ErrorKind::NotAReport, "this is HTML or XML, not JSON", advice);
    }
    let what = match error.classify() {
        Category::Eof => "the JSON is cut off",
        _ => "this is not valid JSON",
    };
    Error::new(ErrorKind::Json, format!("{what} (column {})", error.column()), advice).at(place(text, error))
}

/// Where `serde_json` stopped. It counts lines from 1 and a line's bytes from 1.
fn place(text: &[u8], error: &serde_json::Error) -> Place {
    let line_start = match error.line() {
        0 | 1 => 0,
        line => text
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(line - 2)
            .map_or(0, |(at, _)| at + 1),
    };
    let byte = line_start + error.column().saturating_sub(1);
    Place { line: error.line().max(1) as u64, byte: byte as u64 }
}

/// Visits every value; remembers the path of the one that ended it.
#[derive(Clone, Copy)]
struct Walk<'p> {
    /// The path, as a list from the innermost step outwards: only an error makes a text of it.
    path: Option<&'p Step<'p>>,
    culprit: &'p RefCell<Option<String>>,
}

impl Walk<'_> {
    /// Visits what a step leads to.
    fn on<T, E>(
        self,
        step: &Step<'_>,
        visit: impl FnOnce(Walk<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<T, E> {
        visit(Walk { path: Some(step), culprit: self.culprit }).inspect_err(|_| self.blame(step))
    }

    /// Remembers a step's path, unless a step further in has been to blame.
    fn blame(self, step: &Step<'_>) {
        self.culprit.borrow_mut().get_or_insert_with(|| step.text());
    }
}

/// A step of a path, and those before it.
struct Step<'p> {
    last: Last<'p>,
    before: Option<&'p Self>,
}

enum Last<'p> {
    Key(&'p str),
    Index(usize),
}

impl Step<'_> {
    fn text(&self) -> String {
        let before = self.before.map_or(String::new(), Self::text);
        match self.last {
            Last::Key(key) => join(&before, key),
            Last::Index(index) => format!("{before}[{index}]"),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> std::result::Result<(), A::Error> {
        let mut keys = std::collections::HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            let step = Step { last: Last::Key(&key), before: self.path };
            if keys.contains(&key) {
                self.blame(&step);
                return Err(A::Error::custom(DUPLICATE));
            }
            self.on(&step, |walk| map.next_value_seed(walk))?;
            keys.insert(key);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> std::result::Result<(), A::Error> {
        let mut index = 0;
        loop {
            let step = Step { last: Last::Index(index), before: self.path };
            if self.on(&step, |walk| seq.next_element_seed(walk))?.is_none() {
                return Ok(());
            }
            index += 1;
        }
    }

    fn visit_unit<E>(self) -> std::result::Result<(), E> {
        Ok(())
    }
    fn visit_bool<E>(self, _: bool) -> std::result::Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> std::result::Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> std::result::Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> std::result::Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> std::result::Result<(), E> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_with_kind_and_place() {
        let deep = "[".repeat(100_000);
        for (text, kind, line, byte) in [
            ("", ErrorKind::Json, 1, 0),
            ("{", ErrorKind::Json, 1, 0),
            ("{}x", ErrorKind::Json, 1, 2),
            ("{\n  \"a\": NaN}", ErrorKind::Json, 2, 9),
            ("\u{feff}{}", ErrorKind::Json, 1, 0),
            ("{\"a\":\"\\ud800\"}", ErrorKind::Json, 1, 12),
            ("{\"a\": 1,\n \"a\": 2}", ErrorKind::DuplicateKey, 2, 12),
            ("{\"a\": 1,\n \"b\": 1e400}", ErrorKind::ReportValue, 2, 19),
            (&deep, ErrorKind::Json, 1, 127),
        ] {
            let error = parse(text.as_bytes()).unwrap_err();
            let found = (error.kind(), error.line(), error.byte());
            assert_eq!(found, (kind, Some(line), Some(byte)), "{text:.40}");
        }
        for text in ["[]", "1", "null", "<html></html>", " <!doctype html>"] {
            assert_eq!(parse(text.as_bytes()).unwrap_err().kind(), ErrorKind::NotAReport, "{text}");
        }
    }

    #[test]
    fn names_the_path_of_what_valid_json_must_not_hold() {
        let error = parse(br#"{"a": [0, {"b.c": -1e999}]}"#).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ReportValue);
        assert!(error.to_string().contains(r#"a[1]["b.c"] is a number too large"#), "{error}");
        let error = parse(br#"{"a": [0, {"b.c": {"d": 1, "d": 2}}]}"#).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::DuplicateKey);
        assert!(error.to_string().contains(r#"a[1]["b.c"].d is there twice"#), "{error}");
    }

    #[test]
    fn names_the_path_and_the_type_of_an_unfit_value() {
        for (value, what) in [
            ("-1", "n is a negative number, not a count"),
            ("1.0", "n is a number with a fraction or an exponent, not a count"),
            ("1e3", "n is a number with a fraction or an exponent, not a count"),
            ("\"1\"", "n is a string, not a count"),
            ("18446744073709551616", "n is a whole number, not a count"),
            ("[]", "n is an array, not a count"),
            ("true", "n is a boolean, not a count"),
        ] {
            let text = format!("{{\"n\": {value}}}");
            let error = parse(text.as_bytes()).unwrap().read("n", Value::count).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ReportValue);
            assert!(error.to_string().starts_with(what), "{error}");
        }
        let text = format!("{{\"n\": {}, \"m\": null}}", u64::MAX);
        let mut object = parse(text.as_bytes()).unwrap();
        assert_eq!(object.read("n", Value::count).unwrap(), Some(u64::MAX));
        assert_eq!(object.read("m", Value::count).unwrap(), None);
    }
}
