//! A cell as a JSON value.

use csv::ByteRecord;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// What JSON type the values of a field have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Number,
    List,
}

/// The fields of either generation that are no text, by their last name.
const NUMBERS: [&str; 3] = ["score", "intentScore", "topicOverlap"];
const LISTS: [&str; 11] = [
    "matchedTopics",
    "matchedTopicIds",
    "subdepartments",
    "jobFunctions",
    "phones",
    "directNumbers",
    "mobilePhones",
    "personalPhones",
    "emails",
    "personalEmails",
    "businessEmails",
];

impl Kind {
    pub(super) fn of(field: &str) -> Self {
        let name = field.rsplit('.').next().unwrap_or(field);
        if NUMBERS.contains(&name) {
            Self::Number
        } else if LISTS.contains(&name) {
            Self::List
        } else {
            Self::Text
        }
    }
}

/// The cell of a record, which may be too short to have it. What is not filled is null, or a list without anything.
pub(super) struct Cell<'a> {
    pub(super) record: &'a ByteRecord,
    pub(super) column: usize,
    pub(super) kind: Kind,
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes = self.record.get(self.column).unwrap_or_default();
        let text = String::from_utf8_lossy(bytes);
        match self.kind {
            Kind::List if bytes.is_empty() => serializer.collect_seq([""; 0]),
            _ if bytes.is_empty() => serializer.serialize_none(),
            Kind::Number => match as_json(&text, |byte| byte == b'-' || byte.is_ascii_digit()) {
                Some(number) => number.serialize(serializer),
                None => serializer.serialize_str(&text),
            },
            Kind::List => match as_json(&text, |byte| byte == b'[') {
                Some(list) => list.serialize(serializer),
                None => serializer.collect_seq([text]),
            },
            Kind::Text => serializer.serialize_str(&text),
        }
    }
}

/// The text itself, if it is JSON that begins so.
fn as_json(text: &str, begins: impl Fn(u8) -> bool) -> Option<&RawValue> {
    text.bytes().next().filter(|&byte| begins(byte))?;
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_has_the_type_of_its_field() {
        for (field, cell, expected) in [
            ("email", "", "null"),
            ("email", "a\"b", r#""a\"b""#),
            ("email", "7", r#""7""#),
            ("intent.score", "83", "83"),
            ("intentScore", "8.50", "8.50"),
            ("intent.score", "", "null"),
            ("intent.score", "+7", r#""+7""#),
            ("intent.score", "true", r#""true""#),
            ("intent.score", "7,8", r#""7,8""#),
            ("intent.matchedTopics", r#"[{"topicId":1}]"#, r#"[{"topicId":1}]"#),
            ("phones", "", "[]"),
            ("phones", "+1-555-0100", r#"["+1-555-0100"]"#),
            ("phones", "[broken", r#"["[broken"]"#),
        ] {
            let record = ByteRecord::from(vec![cell]);
            let cell = Cell { record: &record, column: 0, kind: Kind::of(field) };
            assert_eq!(serde_json::to_string(&cell).unwrap(), expected, "{field}");
        }
        let record = ByteRecord::from(vec![&b"caf\xE9"[..]]);
        let json =
            |column| serde_json::to_string(&Cell { record: &record, column, kind: Kind::Text }).unwrap();
        assert_eq!((json(0).as_str(), json(1).as_str()), ("\"caf\u{fffd}\"", "null"));
    }
}
