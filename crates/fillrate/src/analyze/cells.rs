//! The cells of one column, for who has to see what is in them.

use std::{io, mem};

use super::counter::scan;
use super::{Export, read_behind};
use crate::error::Error;
use crate::scan::{FindingKind, Place, Scanner, Sink};
use crate::source::Window;

/// The longest cell that is looked at: an e-mail address has at most 320 bytes.
pub const MAX_CELL_BYTES: usize = 1_024;

/// How many bytes are read before it is looked whether that was too much already.
const STEP: u64 = 1 << 20;

impl Export {
    /// Shows what is in every cell of a column, after CSV unquoting, in the order of the records; returns how many records
    /// there are. A record that ends before the column shows an empty cell, and a cell of more than [`MAX_CELL_BYTES`] is
    /// shown as `None`.
    ///
    /// This is the only call that hands out what is in cells. It reads on one thread.
    ///
    /// ```
    /// let csv = b"email,phone\n\"a@example.com\",1\n,2\n".to_vec();
    /// let export = fillrate::Export::from_bytes(csv, &fillrate::Options::default())?;
    /// let mut lengths = Vec::new();
    /// export.for_each_cell(0, |cell| { lengths.push(cell.map(<[u8]>::len)); Ok(()) })?;
    /// assert_eq!(lengths, [Some(13), Some(0)]);
    /// # Ok::<(), fillrate::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of `see`, which end the reading, and those of [`analyze`](Self::analyze).
    pub fn for_each_cell<E: From<Error>>(
        self,
        column: usize,
        see: impl FnMut(Option<&[u8]>) -> std::result::Result<(), E>,
    ) -> std::result::Result<u64, E> {
        let Self { path, mut source, header, .. } = self;
        let mut cells = Cells { wanted: column, see, column: 0, cell: Vec::new(), records: 0, error: None };
        let mut scanner = header.scanner;
        let start = scanner.offset();
        read_behind(&path, &mut source, start, |window| walk(&mut scanner, window, &mut cells))?;
        match cells.error {
            Some(error) => Err(error),
            None => Ok(cells.records),
        }
    }
}

/// Sees all cells, or those up to one that is too much.
fn walk<E, F>(scanner: &mut Scanner, window: &mut Window<'_>, cells: &mut Cells<E, F>) -> io::Result<()>
where
    F: FnMut(Option<&[u8]>) -> std::result::Result<(), E>,
{
    loop {
        let stop = scanner.offset().saturating_add(STEP);
        if !scan(scanner, window, stop, cells)? {
            scanner.finish(cells);
            return Ok(());
        }
        if cells.error.is_some() {
            return Ok(());
        }
    }
}

/// Adds a piece to what is kept of a cell: one byte more than `most` at most, which tells that there was too much.
pub(super) fn keep(cell: &mut Vec<u8>, piece: &[u8], most: usize) {
    let room = (most + 1).saturating_sub(cell.len());
    cell.extend_from_slice(&piece[..piece.len().min(room)]);
}

/// Hands out the cells of one column.
struct Cells<E, F> {
    wanted: usize,
    see: F,
    column: usize,
    cell: Vec<u8>,
    records: u64,
    error: Option<E>,
}

impl<E, F: FnMut(Option<&[u8]>) -> std::result::Result<(), E>> Sink for Cells<E, F> {
    fn content(&mut self, piece: &[u8]) {
        if self.column == self.wanted {
            keep(&mut self.cell, piece, MAX_CELL_BYTES);
        }
    }

    fn end_cell(&mut self) {
        self.column += 1;
    }

    fn end_record(&mut self, _: Place, _: u64) {
        self.records += 1;
        self.column = 0;
        let mut cell = mem::take(&mut self.cell);
        if self.error.is_none() {
            self.error = (self.see)(Some(&cell[..]).filter(|cell| cell.len() <= MAX_CELL_BYTES)).err();
        }
        cell.clear();
        self.cell = cell;
    }

    fn finding(&mut self, _: FindingKind, _: Place) {}
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::super::Options;
    use super::*;
    use crate::error::ErrorKind;
    use crate::source::Io;

    /// Longer than a step, with cells that lie across its end, and records that are too short.
    const RECORDS: usize = 100_000;

    fn csv() -> String {
        let record =
            |n: usize| if n.is_multiple_of(7) { format!("{n}\n") } else { format!("{n},\"k\"\"{n}\",x\n") };
        "a,key,b\n".to_owned() + &(0..RECORDS).map(record).collect::<String>()
    }

    #[test]
    fn every_cell_is_seen_in_every_way_to_read() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(csv().as_bytes()).unwrap();
        for io in Io::ALL {
            let export = Export::open(file.path(), &Options { io, ..Options::default() }).unwrap();
            let mut seen = 0;
            let records = export.for_each_cell(1, |cell| {
                let expected = if seen % 7 == 0 { String::new() } else { format!("k\"{seen}") };
                assert_eq!(cell, Some(expected.as_bytes()));
                seen += 1;
                Ok::<_, Error>(())
            });
            assert_eq!((records.unwrap(), seen), (RECORDS as u64, RECORDS));
        }
    }

    #[test]
    fn an_error_ends_it_and_a_file_that_changes_is_refused() {
        let export = || Export::from_bytes(csv().into_bytes(), &Options::default()).unwrap();
        let mut seen = 0;
        let refuse = |_: Option<&[u8]>| {
            seen += 1;
            if seen == 3 { Err(Error::new(ErrorKind::Usage, "enough", "stop")) } else { Ok(()) }
        };
        assert_eq!(export().for_each_cell(0, refuse).unwrap_err().kind(), ErrorKind::Usage);
        assert_eq!(seen, 3);
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"a\n1\n").unwrap();
        let export = Export::open(file.path(), &Options::default()).unwrap();
        file.write_all(b"2\n").unwrap();
        let error = export.for_each_cell(0, |_| Ok::<_, Error>(())).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ChangedWhileReading);
    }
}
