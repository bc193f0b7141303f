//! An export that was counted, and can be asked again.

use std::io;
use std::path::PathBuf;

use super::header::HeaderRow;
use super::inspect::{self, Bytes, Inspection, LineEnds};
use super::{Analysis, Counted, Question};
use crate::columns::Columns;
use crate::error::{Error, Result};
use crate::source::Whole;
use crate::tally::{Plan, Tally};

/// A counted export. What can be read twice can also be inspected.
#[derive(Debug)]
pub(crate) struct Analyzed {
    pub(super) path: PathBuf,
    /// `None` for a stream: its bytes are gone.
    pub(super) whole: Option<Whole>,
    pub(super) delimiter: u8,
    pub(super) header: HeaderRow,
    pub(super) columns: Columns,
    pub(super) plan: Plan,
    pub(super) counted: Counted,
}

impl Analyzed {
    /// Answers a question that it was counted for.
    pub(crate) fn answer(&self, question: &Question) -> Result<Analysis> {
        Analysis::new(&self.path, &self.columns, &self.counted, question, &self.plan)
            .map_err(|error| error.in_file(&self.path))
    }

    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(crate) fn plan(&self) -> &Plan {
        &self.plan
    }

    pub(crate) fn tally(&self) -> &Tally {
        &self.counted.tally
    }

    /// Looks at every record again, one by one; `None` for a stream. Notes the values of the column `key`, if one is
    /// given.
    ///
    /// # Errors
    ///
    /// As those of counting.
    pub(crate) fn inspect(&self, key: Option<usize>) -> Result<Option<Inspection>> {
        self.again(|whole| inspect::inspect(&self.file(whole), &self.header.scanner, key))
    }

    /// How many bytes the file would have, and which SHA-1, without some ranges, which ascend, and with other line ends;
    /// `None` for a stream.
    ///
    /// # Errors
    ///
    /// As those of counting.
    pub(crate) fn bytes_without(
        &self,
        left_out: &[std::ops::Range<u64>],
        line_ends: LineEnds,
    ) -> Result<Option<Bytes>> {
        self.again(|whole| inspect::bytes_without(whole, left_out, line_ends))
    }

    fn file<'a>(&'a self, whole: &'a Whole) -> inspect::File<'a> {
        let line_end = self.header.scanner.line_end();
        inspect::File { whole, plan: &self.plan, delimiter: self.delimiter, line_end }
    }

    /// Reads the file once more, and refuses what was read if it is no longer the file that was counted.
    fn again<T>(&self, read: impl FnOnce(&Whole) -> io::Result<T>) -> Result<Option<T>> {
        let Some(whole) = &self.whole else { return Ok(None) };
        let result = read(whole);
        // First of all: a file that shrank also fails to be read, and that is the less helpful thing to say.
        let result = whole.check_unchanged().and(result);
        result.map(Some).map_err(|error| Error::io(&self.path, error))
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::{Export, Options};
    use super::*;
    use crate::error::ErrorKind;
    use crate::source::Io;

    #[test]
    fn a_file_that_changes_between_the_passes_is_refused() {
        for io in [Io::Auto, Io::Read] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(b"hashedEmail\na\na\n").unwrap();
            let options = Options { io, ..Options::default() };
            let export = Export::open(file.path(), &options).unwrap();
            let analyzed = export.count(&Question::default(), &[]).unwrap();
            let repeats = analyzed.inspect(Some(0)).unwrap().unwrap().repeats.unwrap();
            assert_eq!(repeats.ranges.first(), Some(&(14..16)));
            file.write_all(b"b\n").unwrap();
            assert_eq!(analyzed.inspect(None).unwrap_err().kind(), ErrorKind::ChangedWhileReading);
            let bytes = analyzed.bytes_without(&[], LineEnds::Lf);
            assert_eq!(bytes.unwrap_err().kind(), ErrorKind::ChangedWhileReading);
        }
    }
}
