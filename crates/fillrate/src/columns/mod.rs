//! The header row → named columns, and which reported field each of them carries.

mod data_like;
mod delimiter;
mod index;
mod known;
mod label;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::error::{Error, ErrorKind, Result};
use crate::visible::visible;
use index::Index;
pub(crate) use label::labels_of_repeated;

/// The field that holds a record's score.
pub const SCORE_FIELD: &str = "intent.score";

/// The columns of an export, in file order, and the rules that map fields to them. Cheap to clone.
///
/// ```
/// let csv = b"hashedEmail,company_name,intentScore\n".to_vec();
/// let export = fillrate::Export::from_bytes(csv, &fillrate::Options::default())?;
/// let columns = export.columns();
/// assert_eq!(columns.find("company.name").column(), Some(1));
/// assert_eq!(columns.find("intent.score").column(), Some(2));
/// assert_eq!(columns.find("jobTitle").column(), None);
/// # Ok::<(), fillrate::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Columns {
    header: Arc<Header>,
    /// What the user said.
    mapped: Vec<Mapped>,
}

/// The header row.
#[derive(Debug)]
struct Header {
    /// By column, as in the file, invalid UTF-8 replaced by U+FFFD.
    names: Vec<String>,
    /// By column: the name, folded.
    folded: Vec<String>,
    /// Where the label is not the name: `name#2` for the second column of a name.
    labels: BTreeMap<usize, String>,
    by_name: Index,
    by_folded: Index,
}

/// A field and the column that the user gave it.
#[derive(Clone, Debug)]
struct Mapped {
    field: String,
    folded: String,
    column: usize,
}

/// Which columns fit a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// None.
    None,
    /// This one.
    One(usize),
    /// All of these, equally well.
    Several(Vec<usize>),
}

impl Fit {
    fn of(columns: Vec<usize>) -> Self {
        match columns[..] {
            [] => Self::None,
            [column] => Self::One(column),
            _ => Self::Several(columns),
        }
    }

    /// The column, if exactly one fits.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        match self {
            Self::One(column) => Some(*column),
            Self::None | Self::Several(_) => None,
        }
    }
}

impl Columns {
    pub(crate) fn new(names: Vec<String>) -> Self {
        let labels = labels_of_repeated(&names, 0..names.len());
        let folded: Vec<String> = names.iter().map(|name| known::fold(name)).collect();
        let (by_name, by_folded) = (Index::of(&names), Index::of(&folded));
        Self { header: Arc::new(Header { names, folded, labels, by_name, by_folded }), mapped: Vec::new() }
    }

    /// Takes the user's word that a field is in a column.
    pub(crate) fn map(&mut self, field: &str, column: &str) -> Result<()> {
        let folded = known::fold(field);
        if self.mapped.iter().any(|mapped| known::is_same(&mapped.folded, &folded)) {
            return Err(Error::new(
                ErrorKind::Usage,
                format!("the field {} is mapped twice", visible(field)),
                "give each field one column",
            ));
        }
        let column = self.named(column)?;
        self.mapped.push(Mapped { field: field.to_owned(), folded, column });
        Ok(())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.header.names.len()
    }

    /// Whether there are none; an export has at least one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.header.names.is_empty()
    }

    /// The name of a column, unique in the file: repeated names are told apart as `name#2`, `name#3`, …
    ///
    /// # Panics
    ///
    /// If there is no such column.
    #[must_use]
    pub fn label(&self, column: usize) -> &str {
        self.header.labels.get(&column).unwrap_or(&self.header.names[column])
    }

    /// The delimiter that a file with one column probably has instead, by what is in the column's name. It is a hint for
    /// people: nothing uses it unless they say so.
    ///
    /// ```
    /// let export = fillrate::Export::from_bytes(b"email;phone\n".to_vec(), &fillrate::Options::default())?;
    /// assert_eq!(export.columns().likely_delimiter(), Some(';'));
    /// # Ok::<(), fillrate::Error>(())
    /// ```
    #[must_use]
    pub fn likely_delimiter(&self) -> Option<char> {
        match &self.header.names[..] {
            [name] => delimiter::likely(name),
            _ => None,
        }
    }

    /// The columns that fit a reported field.
    ///
    /// `--map` wins; then the exact name; then equality after folding case and dropping `.`, `_`, `-` and spaces; then
    /// the documented aliases.
    #[must_use]
    pub fn find(&self, field: &str) -> Fit {
        let folded = known::fold(field);
        let aliases = known::aliases(&folded);
        if let Some(mapped) = self.mapped.iter().find(|mapped| known::is_same(&mapped.folded, &folded)) {
            return Fit::One(mapped.column);
        }
        let Header { names, by_name, .. } = &*self.header;
        let by_rank = [by_name.get(names, field), self.of_folded(&folded)];
        if let Some(columns) = by_rank.into_iter().find(|columns| !columns.is_empty()) {
            return Fit::of(columns.to_vec());
        }
        let mut columns: Vec<usize> =
            aliases.iter().flat_map(|alias| self.of_folded(alias)).copied().collect();
        columns.sort_unstable();
        Fit::of(columns)
    }

    fn of_folded(&self, folded: &str) -> &[usize] {
        self.header.by_folded.get(&self.header.folded, folded)
    }

    /// The one column that fits a field, or none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::AmbiguousField`] if several fit equally well.
    pub fn find_one(&self, field: &str) -> Result<Option<usize>> {
        match self.find(field) {
            Fit::None => Ok(None),
            Fit::One(column) => Ok(Some(column)),
            Fit::Several(columns) => Err(self.ambiguous(field, &columns)),
        }
    }

    /// The column that a user means: by a field that the user mapped, by its label, or by a field that it fits.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownField`] if there is none, [`ErrorKind::AmbiguousField`] if several fit.
    pub fn named(&self, name: &str) -> Result<usize> {
        let is_mapped = self.mapped.iter().any(|mapped| mapped.field == name);
        let labelled = || (0..self.len()).find(|&column| self.label(column) == name);
        if !is_mapped && let Some(column) = labelled() {
            return Ok(column);
        }
        self.find_one(name)?.ok_or_else(|| {
            Error::new(
                ErrorKind::UnknownField,
                if self.has_known_name() {
                    format!("no column is or fits {}; there are: {}", visible(name), self.list(0..self.len()))
                } else {
                    format!("no column is or fits {}, and no name in the first row is known", visible(name))
                },
                "check the spelling",
            )
        })
    }

    /// By column: the field that it carries as far as its name tells, each name once. Where nobody reported a field,
    /// these are the API's current names, or the column's own where the API has none.
    #[must_use]
    pub fn fields(&self) -> Vec<String> {
        let mapped: HashMap<usize, &String> = self.mapped.iter().map(|m| (m.column, &m.field)).collect();
        let mut fields: Vec<String> = (0..self.len())
            .map(|column| match mapped.get(&column) {
                Some(&field) => field.clone(),
                None => known::current(&self.header.folded[column])
                    .unwrap_or(&self.header.names[column])
                    .to_owned(),
            })
            .collect();
        // Whom the user gave a field keeps it: another column of that name becomes its `#2`.
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by_key(|column| !mapped.contains_key(column));
        for (column, label) in labels_of_repeated(&fields, order) {
            fields[column] = label;
        }
        fields
    }

    /// Whether the values of a column identify people, as far as its name tells: names, addresses of all kinds, numbers to
    /// call, ids and pictures of people.
    ///
    /// # Panics
    ///
    /// If there is no such column.
    #[must_use]
    pub fn is_personal(&self, column: usize) -> bool {
        let mapped = self.mapped.iter().filter(|mapped| mapped.column == column);
        let mut names = mapped.map(|mapped| &mapped.folded).chain([&self.header.folded[column]]);
        names.any(|name| known::is_personal(name))
    }

    /// Whether any of the names is one of the API's. If not, the first row may be a person's data.
    fn has_known_name(&self) -> bool {
        self.header.folded.iter().any(|name| known::is_known(name))
    }

    /// Refuses names that are no names: none of them known, and some that look like a person's data; or, whatever the
    /// others are, one of several lines that holds such data, since a stray quote has then swallowed records.
    pub(crate) fn check_is_header(&self) -> Result<()> {
        let known = self.has_known_name();
        let is_data = |name: &String| {
            !known && data_like::looks_like_data(name) || data_like::holds_lines_of_data(name)
        };
        match self.header.names.iter().position(is_data) {
            None => Ok(()),
            Some(column) => Err(Error::new(
                ErrorKind::HeaderMissing,
                format!("the first row looks like data, not like column names (column {})", column + 1),
                "add a header row, or use `--header-ok` if these are the names",
            )),
        }
    }

    fn ambiguous(&self, field: &str, columns: &[usize]) -> Error {
        let list = self.list(columns.iter().copied());
        Error::new(
            ErrorKind::AmbiguousField,
            format!("several columns fit the field {}: {list}", visible(field)),
            "say which one with `--map FIELD=COLUMN`",
        )
    }

    /// The labels of some columns, for a message: not all of them where there are many.
    pub(crate) fn list(&self, columns: impl ExactSizeIterator<Item = usize>) -> String {
        const MOST: usize = 40;
        let more = columns.len().saturating_sub(MOST);
        let mut list: Vec<_> =
            columns.take(MOST).map(|column| visible(self.label(column)).into_owned()).collect();
        if more > 0 {
            list.push(format!("and {more} more"));
        }
        list.join(", ")
    }
}

/// Whether two names mean the same field: but for spelling, or as the API's two generations call it.
pub(crate) fn is_same_field(a: &str, b: &str) -> bool {
    known::is_same(&known::fold(a), &known::fold(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(names: &[&str]) -> Columns {
        Columns::new(names.iter().map(|&name| name.to_owned()).collect())
    }

    #[test]
    fn finds_columns_by_rank() {
        let table: &[(&[&str], &str, Fit)] = &[
            (&["a", "company.name"], "company.name", Fit::One(1)),
            (&["company_name"], "company.name", Fit::One(0)),
            (&["CompanyName"], "company.name", Fit::One(0)),
            (&["Company Name"], "company.name", Fit::One(0)),
            (&["company"], "company.name", Fit::One(0)),
            (&["company.name"], "company", Fit::One(0)),
            // an exact name beats a folded one, a folded one an alias
            (&["company_name", "company.name"], "company.name", Fit::One(1)),
            (&["company", "company_name"], "company.name", Fit::One(1)),
            (&["company", "company_name"], "company", Fit::One(0)),
            (&["company_name", "companyName"], "company.name", Fit::Several(vec![0, 1])),
            (&["jobTitle", "jobTitle"], "jobTitle", Fit::Several(vec![0, 1])),
            (&["score"], "intent.score", Fit::One(0)),
            (&["intentScore"], "score", Fit::One(0)),
            (&["score", "intent_score"], "intentScore", Fit::One(1)),
            (&["topicOverlap"], "intent.topicOverlap", Fit::One(0)),
            (&["intent-topic-overlap"], "topicOverlap", Fit::One(0)),
            // the e-mail fields are never aliases of each other
            (&["businessEmail", "personalEmail", "emails"], "email", Fit::None),
            (&["companyDomain"], "company.domain", Fit::One(0)),
            (&["Firma"], "company.name", Fit::None),
        ];
        for (names, field, expected) in table {
            assert_eq!(columns(names).find(field), *expected, "{field} in {names:?}");
        }
    }

    #[test]
    fn a_mapping_wins_over_every_rule() {
        let mut columns = columns(&["company.name", "Firma", "Firma"]);
        assert_eq!(columns.map("company.name", "Betrieb").unwrap_err().kind(), ErrorKind::UnknownField);
        columns.map("companyName", "Firma#2").unwrap();
        for field in ["company.name", "company_name", "company"] {
            assert_eq!(columns.find(field), Fit::One(2), "{field}");
        }
        assert_eq!(columns.map("company.name", "Firma").unwrap_err().kind(), ErrorKind::Usage);
        // The column that the user gave the field keeps its name.
        assert_eq!(columns.fields(), ["company.name", "Firma", "companyName"]);
        let mut columns = self::columns(&["company.name", "Firma"]);
        columns.map("company.name", "Firma").unwrap();
        assert_eq!(columns.fields(), ["company.name#2", "company.name"]);
        assert_eq!(columns.map("company", "Firma").unwrap_err().kind(), ErrorKind::Usage);
        // Also where the user names the field, as for `--field` and `--by`.
        assert_eq!((columns.named("company.name").unwrap(), columns.named("Firma").unwrap()), (1, 1));
    }

    #[test]
    fn fields_take_the_current_names_each_once() {
        let columns = columns(&[
            "hashed_email",
            "company",
            "companyName",
            "intentScore",
            "Favourite",
            "email",
            "email",
        ]);
        assert_eq!(
            columns.fields(),
            [
                "hashedEmail",
                "company.name",
                "company.name#2",
                "intent.score",
                "Favourite",
                "email",
                "email#2"
            ]
        );
    }

    #[test]
    fn data_in_the_first_row_is_no_header() {
        let refused = |names: &[&str]| columns(names).check_is_header().is_err();
        assert!(refused(&["Ada", "ada@example.com"]));
        assert!(refused(&["https://www.example.com/in/ada", "x"]));
        assert!(refused(&["x", "+1 555 0100-12"]));
        assert!(refused(&["0123456789abcdef0123456789abcdef"]));
        assert!(refused(&["x", "40bfaa9b-eff0-468d-b382-9b721790780c"]));
        assert!(refused(&["x", "example.com/in/ada"]));
        assert!(refused(&["x", "12 345,6"]));
        assert!(refused(&["Ada;+1 555 0100;x"]), "a row that was not split");
        assert!(!refused(&["Vorname;Nachname;Firma (2020)"]));
        assert!(!refused(&["x", "a.b.c", "and/or"]));
        assert!(refused(&["x", "83"]));
        assert!(!refused(&["Vorname", "Nachname", "E-Mail"]));
        assert!(!refused(&["email", "83"]), "one known name is enough");
        assert!(refused(&["email", "note\nada@example.com;x\n"]), "but not where a quote swallowed records");
        assert!(refused(&["email", "note\r1,Ada"]));
        assert!(!refused(&["email", "company\nname (since 2020)", "a@b.example"]));
    }
}
