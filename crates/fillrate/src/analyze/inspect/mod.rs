//! A second look at a file, record by record, to find out why its figures are not the reported ones.
//!
//! It is slow and only taken when something differs. It says what records would have counted if they had been read or
//! chosen otherwise, as counters to take away and counters to add.

mod bytes;
mod records;
mod repeats;
mod strays;

use std::io;

pub(super) use bytes::bytes_without;
pub(crate) use bytes::{Bytes, LineEnds};
use records::{Records, Seen};
pub(crate) use repeats::Repeats;
pub(crate) use strays::Strays;

use crate::scan::{Findings, LineEnd, Place, Scanner};
use crate::source::Whole;
use crate::tally::{Counting, Plan, Tally};
use repeats::Keys;
use strays::Mending;

/// How the records of a file are read.
#[derive(Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) whole: &'a Whole,
    pub(super) plan: &'a Plan,
    pub(super) delimiter: u8,
    /// How the header ended.
    pub(super) line_end: Option<LineEnd>,
}

/// What some records have counted.
#[derive(Debug, Default)]
pub(crate) struct Part {
    pub(crate) tally: Tally,
    pub(crate) findings: Findings,
}

/// What there is to see in the records of a file.
#[derive(Debug)]
pub(crate) struct Inspection {
    /// The records whose key was there before; `None` if there are too many keys to remember.
    pub(crate) repeats: Option<Repeats>,
    /// The quotes that were taken for opening ones; `None` if there are too many.
    pub(crate) strays: Option<Strays>,
    /// The last record, if it ends before its time.
    pub(crate) cut: Option<Cut>,
    /// By column: how many records end before it.
    pub(crate) lacking: Vec<u64>,
}

/// A last record that is not complete.
#[derive(Debug)]
pub(crate) struct Cut {
    /// Where it begins.
    pub(crate) place: Place,
    /// The column in which it ends.
    pub(crate) column: usize,
    /// What it counted.
    pub(crate) part: Part,
}

impl<'a> File<'a> {
    fn size(&self) -> u64 {
        self.whole.size()
    }

    fn counting(&self) -> Counting<'a> {
        Counting::new(self.plan)
    }

    fn scanner(&self, start: Place) -> Scanner {
        Scanner::at_record(self.delimiter, start, self.line_end)
    }
}

impl Part {
    fn of(counting: Counting<'_>) -> Self {
        let (tally, findings) = counting.finish();
        Self { tally, findings }
    }
}

pub(super) fn inspect(
    file: &File<'_>,
    behind_header: &Scanner,
    key: Option<usize>,
) -> io::Result<Inspection> {
    let mut records = Records::behind(*file, behind_header);
    let mut keys = key.map(|_| Keys::new(*file));
    let mut mending = Mending::new(*file);
    let mut lacking = vec![0_u64; file.plan.columns];
    let mut last = None;
    let mut seen = Seen::of(key);
    while let Some(span) = records.next(&mut seen)? {
        if let Some(keys) = &mut keys {
            keys.record(&span, seen.key())?;
        }
        if seen.quote_goes_wrong().is_some() {
            mending.mend(span.start)?;
        }
        // Unless a quote has made it short.
        if !mending.has_mended(span.start)
            && let Some(records) = lacking.get_mut(seen.cells())
        {
            *records += 1;
        }
        last = Some((span, seen.cells(), seen.is_open()));
    }
    // What ends before a column ends before all that follow.
    for column in 1..lacking.len() {
        lacking[column] += lacking[column - 1];
    }
    let cut = match last {
        Some((span, cells, open)) if open || cells < file.plan.columns && !records.ended_line()? => {
            let mut counting = file.counting();
            records::count(file, &span, &mut counting)?;
            Some(Cut { place: span.start, column: cells - 1, part: Part::of(counting) })
        }
        _ => None,
    };
    Ok(Inspection { repeats: keys.and_then(Keys::finish), strays: mending.finish(), cut, lacking })
}

#[cfg(test)]
mod tests {
    use super::super::{Analyzed, Export, Options, Question};
    use super::*;
    use proptest::prelude::*;

    fn counted(csv: &[u8]) -> Analyzed {
        let options = Options { header_ok: true, ..Options::default() };
        Export::from_bytes(csv.to_vec(), &options).unwrap().count(&Question::default(), &[]).unwrap()
    }

    /// Records, and filled cells by column, as (what is there) - (what is to be taken away) + (what is to be added).
    fn figures(analyzed: &Analyzed, gone: &Part, come: &Part) -> Vec<i128> {
        let of = |tally: &Tally| -> Vec<i128> {
            let filled = (0..2).map(|column| tally.columns.get(column).map_or(0, |cells| cells.not_empty));
            std::iter::once(tally.records).chain(filled).map(i128::from).collect()
        };
        let (all, gone, come) = (of(analyzed.tally()), of(&gone.tally), of(&come.tally));
        (0..3).map(|at| all[at] - gone[at] + come[at]).collect()
    }

    proptest! {
        /// A stray quote counts for as much as a letter in its place.
        #[test]
        fn strays_are_as_good_as_letters(records in "[a,\"\n]{0,40}") {
            let csv = format!("key,b\n{records}").into_bytes();
            let analyzed = counted(&csv);
            let strays = analyzed.inspect(None).unwrap().unwrap().strays.unwrap();
            let mut letters = csv.clone();
            for quote in &strays.quotes {
                let byte = usize::try_from(quote.byte).unwrap();
                prop_assert_eq!(csv[byte], b'"');
                letters[byte] = b'x';
            }
            let expected = figures(&counted(&letters), &Part::default(), &Part::default());
            prop_assert_eq!(figures(&analyzed, &strays.gone, &strays.come), expected);
        }

        /// Without the records that repeat a key, each key is there once.
        #[test]
        fn repeats_are_what_a_set_leaves_out(records in "([abA]?,c?\r?\n){0,12}") {
            let analyzed = counted(format!("key,b\n{records}").as_bytes());
            let repeats = analyzed.inspect(Some(0)).unwrap().unwrap().repeats.unwrap();
            let mut keys = std::collections::HashSet::new();
            let is_first = |line: &&str| !line.starts_with(['a', 'b', 'A']) || keys.insert(line.chars().next());
            let once: String = records.split_inclusive('\n').filter(is_first).collect();
            let expected = figures(&counted(format!("key,b\n{once}").as_bytes()), &Part::default(), &Part::default());
            prop_assert_eq!(figures(&analyzed, &repeats.part, &Part::default()), expected);
        }
    }
}
