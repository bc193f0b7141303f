//! Who is new, who is gone and who stays, exactly.

use std::cmp::Ordering;
use std::fmt;
use std::path::PathBuf;

use fillrate::{ErrorKind, Export, FillRule, grouped, sha256_bytes, visible};
use rayon::slice::ParallelSliceMut;
use serde::Serialize;

/// What a SHA-256 takes.
const DIGEST_BYTES: u64 = 32;

/// What any other value takes beside its own bytes: where it is, how long it is, the room that a growing list keeps free,
/// and what an allocation costs.
const OTHER_BYTES: u64 = 64;

/// The people of two exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct People {
    /// Those of the earlier export.
    pub before: PeopleOf,
    /// Those of the later one.
    pub after: PeopleOf,
    /// People of the later export only.
    pub new: u64,
    /// People of the earlier export only.
    pub gone: u64,
    /// People of both.
    pub staying: u64,
    /// How many bytes of memory the comparison took.
    #[serde(rename = "memoryBytes")]
    pub memory: u64,
}

/// The people of one export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct PeopleOf {
    /// How many there are, each counted once.
    pub people: u64,
    /// Records that repeat the key of an earlier one.
    pub repeats: u64,
    /// Records whose key is unfilled, or longer than [`MAX_CELL_BYTES`](fillrate::MAX_CELL_BYTES).
    pub without: u64,
}

/// An export whose people are told apart by the values of a column, byte for byte.
#[derive(Debug)]
pub struct Keyed {
    /// The export.
    pub export: Export,
    /// The column that holds the keys.
    pub column: usize,
    /// How many records it has.
    pub records: u64,
    /// Which keys are unfilled, so that they are nobody's.
    pub rule: FillRule,
}

/// Everybody in an export. No two keys are taken for one.
struct Roll {
    /// Keys that are a SHA-256 in lower-case hexadecimal, ascending, each once.
    digests: Vec<[u8; 32]>,
    /// All others, ascending, each once.
    others: Vec<Box<[u8]>>,
    of: PeopleOf,
    /// What is taken so far, repeats and the export before included.
    bytes: u64,
}

/// Why people could not be told apart.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// It would take more memory than is allowed.
    #[non_exhaustive]
    Memory {
        /// How many bytes it takes, or more.
        needed: u64,
        /// How many are allowed.
        allowed: u64,
    },
    /// The file has another number of records than those that were counted.
    #[non_exhaustive]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The export could not be read again.
    Export(fillrate::Error),
}

/// The bytes of memory that so many records take, if every key is a SHA-256: 32 a record. Other keys take more: 64, and
/// their own bytes.
#[must_use]
pub fn memory_of(records: u64) -> u64 {
    records.saturating_mul(DIGEST_BYTES)
}

impl People {
    /// Compares everybody of before with everybody of now, in up to `allowed` bytes of memory.
    ///
    /// # Errors
    ///
    /// [`Error::Memory`] if that is not enough, which is known before anything is read if every key is a SHA-256; and if an
    /// export cannot be read, or has another number of records by now.
    pub fn between(before: Keyed, after: Keyed, allowed: u64) -> Result<Self, Error> {
        let records = before.records.saturating_add(after.records);
        check(memory_of(records), allowed)?;
        let before = Roll::read(before, 0, allowed)?;
        let after = Roll::read(after, before.bytes, allowed)?;
        let staying = shared(&before.digests, &after.digests) + shared(&before.others, &after.others);
        let (gone, new) = (before.of.people - staying, after.of.people - staying);
        Ok(Self { before: before.of, after: after.of, new, gone, staying, memory: after.bytes })
    }
}

impl Roll {
    /// Reads everybody in an export, where so many bytes are `taken` of those that are allowed.
    fn read(keyed: Keyed, taken: u64, allowed: u64) -> Result<Self, Error> {
        let Keyed { export, column, records, rule } = keyed;
        let path = export.path().to_owned();
        // Memory is taken as it is written to. It never has to be moved to a larger place.
        let mut digests = Vec::with_capacity(usize::try_from(records).unwrap_or_default());
        let mut others: Vec<Box<[u8]>> = Vec::new();
        let (mut without, mut bytes) = (0, taken);
        let read = export.for_each_cell(column, |cell| {
            match cell {
                Some(cell) if rule.is_filled(rule.classify(cell)) => {
                    if let Some(digest) = sha256_bytes(cell) {
                        digests.push(digest);
                        bytes += DIGEST_BYTES;
                    } else {
                        others.push(cell.into());
                        bytes += OTHER_BYTES + cell.len() as u64;
                    }
                }
                _ => without += 1,
            }
            check(bytes, allowed)
        })?;
        if read != records {
            return Err(Error::Changed { path });
        }
        digests.par_sort_unstable();
        digests.dedup();
        others.par_sort_unstable();
        others.dedup();
        let people = (digests.len() + others.len()) as u64;
        let of = PeopleOf { people, repeats: records - without - people, without };
        Ok(Self { digests, others, of, bytes })
    }
}

fn check(needed: u64, allowed: u64) -> Result<(), Error> {
    if needed <= allowed { Ok(()) } else { Err(Error::Memory { needed, allowed }) }
}

/// How many values two ascending lists share, in which each value is there once.
fn shared<T: Ord>(mut a: &[T], mut b: &[T]) -> u64 {
    let mut shared = 0;
    while let ([first, rest_of_a @ ..], [other, rest_of_b @ ..]) = (a, b) {
        let order = first.cmp(other);
        shared += u64::from(order == Ordering::Equal);
        if order != Ordering::Greater {
            a = rest_of_a;
        }
        if order != Ordering::Less {
            b = rest_of_b;
        }
    }
    shared
}

impl From<fillrate::Error> for Error {
    fn from(error: fillrate::Error) -> Self {
        Self::Export(error)
    }
}

impl Error {
    /// The stable name, as in `error[too-many-people]`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Memory { .. } => "too-many-people",
            Self::Changed { .. } => ErrorKind::ChangedWhileReading.name(),
            Self::Export(error) => error.kind().name(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory { needed, allowed } => {
                let (needed, allowed) = (grouped(*needed), grouped(*allowed));
                write!(
                    f,
                    "to compare people takes {needed} bytes of memory or more, and {allowed} are allowed; "
                )?;
                f.write_str("allow more with `--memory`, or use `--no-people`")
            }
            Self::Changed { path } => {
                let path = path.to_string_lossy();
                write!(f, "{}: the file changed while it was read; ", visible(&path))?;
                f.write_str("try again when nothing writes to it")
            }
            Self::Export(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use fillrate::Options;
    use proptest::prelude::*;

    use super::*;

    /// Plenty.
    const ALLOWED: u64 = 1 << 20;

    fn keyed(keys: &[String]) -> Keyed {
        let csv = keys.iter().fold("phone,key\n".to_owned(), |csv, key| csv + "1,\"" + key + "\"\n");
        let export = Export::from_bytes(csv.into_bytes(), &Options { header_ok: true, ..Options::default() });
        Keyed { export: export.unwrap(), column: 1, records: keys.len() as u64, rule: FillRule::default() }
    }

    /// Some that differ in case only, or in the last digit.
    fn keys() -> impl Strategy<Value = Vec<String>> {
        let key = prop_oneof![
            "[ab]{0,2}",
            "[01]".prop_map(|end| format!("{}{end}", "0a".repeat(31) + "f")),
            "[01]".prop_map(|end| format!("{}{end}", "0A".repeat(31) + "F")),
        ];
        prop::collection::vec(key, 0..30)
    }

    proptest! {
        #[test]
        fn people_are_those_of_two_sets(before in keys(), after in keys()) {
            let set = |keys: &[String]| -> HashSet<String> {
                keys.iter().filter(|key| !key.is_empty()).cloned().collect()
            };
            let of = |keys: &[String]| {
                let without = keys.iter().filter(|key| key.is_empty()).count() as u64;
                let people = set(keys).len() as u64;
                PeopleOf { people, repeats: keys.len() as u64 - without - people, without }
            };
            let (a, b) = (set(&before), set(&after));
            let bytes = |key: &String| if sha256_bytes(key.as_bytes()).is_some() { 32 } else { 64 + key.len() as u64 };
            let memory = before.iter().chain(&after).filter(|key| !key.is_empty()).map(bytes).sum();
            let expected = People {
                before: of(&before),
                after: of(&after),
                new: b.difference(&a).count() as u64,
                gone: a.difference(&b).count() as u64,
                staying: a.intersection(&b).count() as u64,
                memory,
            };
            let people = People::between(keyed(&before), keyed(&after), ALLOWED);
            prop_assert_eq!(people.unwrap(), expected);
        }
    }

    #[test]
    fn the_memory_that_is_allowed_is_enough_or_nothing_is_said() {
        let digests: Vec<String> = (0..10).map(|n| format!("{n:064x}")).collect();
        let refused = |keys: &[String], allowed| match People::between(keyed(keys), keyed(keys), allowed) {
            Ok(_) => None,
            Err(error) => Some((error.name(), error.to_string())),
        };
        assert_eq!(refused(&digests, 640), None);
        let (name, text) = refused(&digests, 639).unwrap();
        assert!(name == "too-many-people" && text.contains("640 bytes of memory or more, and 639"), "{text}");
        let others: Vec<String> = (0..10).map(|n| format!("{n:065x}")).collect();
        assert_eq!(refused(&others, 20 * (64 + 65)), None);
        assert_eq!(refused(&others, 20 * (64 + 65) - 1).map(|(name, _)| name), Some("too-many-people"));
    }

    #[test]
    fn a_file_with_other_records_by_now_is_refused() {
        let keys = ["a".to_owned()];
        let more = Keyed { records: 2, ..keyed(&keys) };
        let error = People::between(keyed(&keys), more, ALLOWED).unwrap_err();
        assert_eq!(error.name(), "changed-while-reading");
    }

    /// What is unfilled is nobody's key, by whatever rule.
    #[test]
    fn an_unfilled_key_is_no_key() {
        let keys = ["", " ", "null", "x", "a"].map(str::to_owned);
        let with = |rule: FillRule| Keyed { rule, ..keyed(&keys) };
        let strict = || FillRule::default().non_blank().with_placeholder("X").unwrap();
        let api = People::between(keyed(&keys), keyed(&keys), ALLOWED).unwrap();
        assert_eq!(api.before, PeopleOf { people: 4, repeats: 0, without: 1 });
        let people = People::between(with(strict()), with(strict()), ALLOWED).unwrap();
        assert_eq!(people.before, PeopleOf { people: 1, repeats: 0, without: 4 });
        assert_eq!(people.staying, 1);
    }

    /// A key that has no end is none, and takes no memory.
    #[test]
    fn a_long_key_is_no_key() {
        let most = fillrate::MAX_CELL_BYTES;
        let keys = [1, most, most + 1, 50 * most].map(|length| "k".repeat(length));
        let people = People::between(keyed(&keys), keyed(&keys[..1]), ALLOWED).unwrap();
        assert_eq!(people.before, PeopleOf { people: 2, repeats: 0, without: 2 });
    }
}
