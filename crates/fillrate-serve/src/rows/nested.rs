//! Rows as the current generation nests them: `company.name` is `name` in `company`.

use csv::ByteRecord;
use fillrate::Columns;
use serde::ser::{Serialize, SerializeMap, Serializer};

use super::cell::{Cell, Kind};

/// Which cell is where in a row, by the names of the columns.
#[derive(Debug, Default)]
pub(super) struct Shape(Vec<(String, Node)>);

#[derive(Debug)]
enum Node {
    Cell(usize, Kind),
    Object(Shape),
}

impl Shape {
    pub(super) fn of(columns: &Columns) -> Self {
        let mut shape = Self::default();
        for (column, field) in columns.fields().into_iter().enumerate() {
            let cell = || Node::Cell(column, Kind::of(&field));
            if !shape.put(&field, cell) {
                // A name that is also the beginning of another one cannot be both: it stays whole, and its own.
                let mut name = field.clone();
                while shape.0.iter().any(|(known, _)| *known == name) {
                    name.push('.');
                }
                shape.0.push((name, cell()));
            }
        }
        shape
    }

    /// Whether there was room for it.
    fn put(&mut self, path: &str, cell: impl FnOnce() -> Node) -> bool {
        let (name, rest) = match path.split_once('.') {
            Some((name, rest)) if !name.is_empty() && !rest.is_empty() => (name, Some(rest)),
            _ => (path, None),
        };
        let at = self.0.iter().position(|(known, _)| known == name);
        match (rest, at.map(|at| &mut self.0[at].1)) {
            (None, None) => self.0.push((name.to_owned(), cell())),
            (Some(rest), None) => {
                let mut inner = Self::default();
                inner.put(rest, cell);
                self.0.push((name.to_owned(), Node::Object(inner)));
            }
            (Some(rest), Some(Node::Object(inner))) => return inner.put(rest, cell),
            (None, Some(_)) | (Some(_), Some(Node::Cell(..))) => return false,
        }
        true
    }
}

/// A record in its shape.
pub(super) struct Nested<'a> {
    pub(super) shape: &'a Shape,
    pub(super) record: &'a ByteRecord,
}

impl Serialize for Nested<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let record = self.record;
        let mut row = serializer.serialize_map(Some(self.shape.0.len()))?;
        for (name, node) in &self.shape.0 {
            match node {
                Node::Cell(column, kind) => {
                    row.serialize_entry(name, &Cell { record, column: *column, kind: *kind })?;
                }
                Node::Object(shape) => row.serialize_entry(name, &Nested { shape, record })?,
            }
        }
        row.end()
    }
}

#[cfg(test)]
mod tests {
    use fillrate::{Export, Options};

    use super::*;

    fn row(header: &str, cells: &[&str]) -> String {
        let options = Options { header_ok: true, ..Options::default() };
        let export = Export::from_bytes(format!("{header}\n").into_bytes(), &options).unwrap();
        let shape = Shape::of(export.columns());
        let record = ByteRecord::from(cells.to_vec());
        serde_json::to_string(&Nested { shape: &shape, record: &record }).unwrap()
    }

    #[test]
    fn names_with_dots_are_nested() {
        assert_eq!(
            row("email,company.name,company.domain,intent.score", &["a@b.example", "X", "", "70"]),
            r#"{"email":"a@b.example","company":{"name":"X","domain":null},"intent":{"score":70}}"#
        );
        assert_eq!(
            row("company_name,intentScore", &["X", "70"]),
            r#"{"company":{"name":"X"},"intent":{"score":70}}"#
        );
    }

    #[test]
    fn no_cell_is_lost_where_names_clash() {
        assert_eq!(row("x.y,x,x.y.z", &["1", "2", "3"]), r#"{"x":{"y":"1"},"x.":"2","x.y.z":"3"}"#);
        assert_eq!(
            row("a,a,.b,c.,", &["1", "2", "3", "4", "5"]),
            r#"{"a":"1","a#2":"2",".b":"3","c.":"4","":"5"}"#
        );
    }
}
