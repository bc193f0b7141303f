//! What was wrong with the CSV itself: kinds, counts and places.

use std::cmp::Reverse;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Where something stands in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Physical line, from 1. LF, CRLF and lone CR each end one, inside quotes too.
    pub line: u64,
    /// Byte offset, from 0.
    pub byte: u64,
}

/// What can be wrong with a CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FindingKind {
    /// A record with fewer cells than the header; placed at its first byte. Its missing cells are unfilled.
    ShortRecord,
    /// A record with more cells than the header; placed at its first byte. Its extra cells are ignored.
    LongRecord,
    /// Content after a closing quote (`"a"b`), once per cell; placed at the first such byte.
    TextAfterQuote,
    /// A quote still open at the end of the file; placed where it opened.
    OpenQuote,
    /// A quote inside an unquoted cell (`5'4"`), once per cell; placed at the first such quote. It is content.
    QuoteInField,
    /// A line end outside quotes that differs from the file's first one; placed at its first byte.
    MixedLineEnds,
    /// A line of zero bytes outside quotes, which is no record.
    EmptyLine,
    /// A NUL byte inside a cell. It is content.
    Nul,
    /// A maximal sequence of bytes that is not UTF-8. Counting is on bytes, so no count is affected.
    InvalidUtf8,
    /// A UTF-8 byte order mark at the start of the file, which is skipped.
    Bom,
}

impl FindingKind {
    /// Every kind, those that disqualify first.
    pub const ALL: [Self; 10] = [
        Self::ShortRecord,
        Self::LongRecord,
        Self::TextAfterQuote,
        Self::OpenQuote,
        Self::QuoteInField,
        Self::MixedLineEnds,
        Self::EmptyLine,
        Self::Nul,
        Self::InvalidUtf8,
        Self::Bom,
    ];

    /// The stable name, as in `integrity.short-record`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ShortRecord => "short-record",
            Self::LongRecord => "long-record",
            Self::TextAfterQuote => "text-after-quote",
            Self::OpenQuote => "open-quote",
            Self::QuoteInField => "quote-in-field",
            Self::MixedLineEnds => "mixed-line-ends",
            Self::EmptyLine => "empty-line",
            Self::Nul => "nul",
            Self::InvalidUtf8 => "invalid-utf8",
            Self::Bom => "bom",
        }
    }

    /// Whether a file with this finding is unsound. The other kinds are notes.
    #[must_use]
    pub const fn disqualifies(self) -> bool {
        matches!(self, Self::ShortRecord | Self::LongRecord | Self::TextAfterQuote | Self::OpenQuote)
    }
}

impl Serialize for FindingKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for FindingKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let kind = Self::ALL.into_iter().find(|kind| kind.name() == name);
        kind.ok_or_else(|| serde::de::Error::custom("no finding has this name"))
    }
}

/// How many places of a kind are kept beside the last one.
const KEPT: usize = 5;

/// One kind of finding: how often, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was found.
    pub kind: FindingKind,
    /// How often.
    pub count: u64,
    /// The first places, at most five, in file order.
    pub places: Vec<Place>,
    /// The last place.
    pub last: Place,
}

/// All findings of a stretch of bytes. `merge` is associative and commutative, with `default()` as its identity, as
/// long as both sides give places in the same file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Findings {
    /// At most one entry a kind, in the order of [`FindingKind::ALL`].
    found: Vec<Finding>,
    /// No finding by itself, but what a quote that is not closed in time makes.
    #[serde(skip)]
    longest_record: Option<LongRecord>,
}

/// A record that takes up more than one physical line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct LongRecord {
    /// How many lines it takes up.
    pub lines: u64,
    /// Where it starts.
    pub start: Place,
}

impl Findings {
    /// Records one finding.
    pub(crate) fn add(&mut self, kind: FindingKind, place: Place) {
        self.merge_one(kind, 1, &[place], place);
    }

    /// Takes note of a record that takes up so many lines.
    pub(crate) fn add_record(&mut self, lines: u64, start: Place) {
        if lines > 1 {
            self.merge_record(LongRecord { lines, start });
        }
    }

    fn merge_record(&mut self, other: LongRecord) {
        // Of those with the same number of lines, the first.
        let rank = |record: &LongRecord| (record.lines, Reverse(record.start.byte));
        if self.longest_record.as_ref().is_none_or(|longest| rank(longest) < rank(&other)) {
            self.longest_record = Some(other);
        }
    }

    /// The record that takes up the most lines, the first of several; `None` if each record is on one line.
    pub(crate) fn longest_record(&self) -> Option<LongRecord> {
        self.longest_record
    }

    /// Adds what was found elsewhere in the same file.
    pub(crate) fn merge(&mut self, other: Self) {
        if let Some(longest) = other.longest_record {
            self.merge_record(longest);
        }
        for Finding { kind, count, places, last } in other.found {
            self.merge_one(kind, count, &places, last);
        }
    }

    /// `places` as they are in a [`Finding`]. Not one of these: it would take memory of its own, for each line of a file.
    fn merge_one(&mut self, kind: FindingKind, count: u64, places: &[Place], last: Place) {
        match self.found.binary_search_by_key(&kind, |finding| finding.kind) {
            Err(at) => self.found.insert(at, Finding { kind, count, places: places.to_vec(), last }),
            Ok(at) => {
                let finding = &mut self.found[at];
                finding.count += count;
                finding.last = finding.last.max(last);
                // A file is mostly read front to back: once five places are kept, later ones need no sorting.
                if finding.places.len() < KEPT || places[0] < finding.places[KEPT - 1] {
                    finding.places.extend(places);
                    finding.places.sort_unstable_by_key(|place| place.byte);
                    finding.places.truncate(KEPT);
                }
            }
        }
    }

    /// Moves every place down by a number of lines: a chunk counts its lines from its own start.
    pub(crate) fn shift_lines(&mut self, by: u64) {
        for finding in &mut self.found {
            finding.places.iter_mut().chain([&mut finding.last]).for_each(|place| place.line += by);
        }
        if let Some(longest) = &mut self.longest_record {
            longest.start.line += by;
        }
    }

    /// The findings, at most one a kind, those that disqualify first.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.found.iter()
    }

    /// The finding of one kind, if there is any.
    #[must_use]
    pub fn get(&self, kind: FindingKind) -> Option<&Finding> {
        self.found.iter().find(|finding| finding.kind == kind)
    }

    /// How often a kind was found.
    #[must_use]
    pub fn count(&self, kind: FindingKind) -> u64 {
        self.get(kind).map_or(0, |finding| finding.count)
    }

    /// Whether any finding makes the file unsound.
    #[must_use]
    pub fn disqualify(&self) -> bool {
        self.found.iter().any(|finding| finding.kind.disqualifies())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn findings() -> impl Strategy<Value = Findings> {
        prop::collection::vec((0..3usize, 0..500u64), 0..20).prop_map(|adds| {
            let mut findings = Findings::default();
            for (kind, byte) in adds {
                let place = Place { line: byte / 10 + 1, byte };
                findings.add(FindingKind::ALL[kind], place);
                findings.add_record(byte % 4, place);
            }
            findings
        })
    }

    fn merged(mut a: Findings, b: &Findings) -> Findings {
        a.merge(b.clone());
        a
    }

    proptest! {
        #[test]
        fn merge_is_a_commutative_monoid(a in findings(), b in findings(), c in findings()) {
            prop_assert_eq!(merged(a.clone(), &b), merged(b.clone(), &a));
            prop_assert_eq!(merged(merged(a.clone(), &b), &c), merged(a.clone(), &merged(b, &c)));
            prop_assert_eq!(merged(Findings::default(), &a), a.clone());
            prop_assert_eq!(merged(a.clone(), &Findings::default()), a);
        }
    }

    #[test]
    fn keeps_the_first_five_places_and_the_last() {
        let mut findings = Findings::default();
        for byte in (0..9).rev() {
            findings.add(FindingKind::Nul, Place { line: 1, byte });
        }
        let nul = findings.get(FindingKind::Nul).unwrap();
        assert_eq!(nul.count, 9);
        assert_eq!(nul.places.iter().map(|place| place.byte).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
        assert_eq!(nul.last, Place { line: 1, byte: 8 });
    }

    #[test]
    fn kinds_sort_as_listed() {
        assert!(FindingKind::ALL.is_sorted());
        assert_eq!(FindingKind::ALL.iter().filter(|kind| kind.disqualifies()).count(), 4);
    }
}
