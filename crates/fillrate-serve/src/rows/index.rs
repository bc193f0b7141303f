//! Where the records of a file are: a place for one of many, from which the others are counted.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use csv::{ByteRecord, Position, Reader, ReaderBuilder};
use fillrate::Columns;
use serde::{Serialize, Serializer};

use super::flat::{Flat, Layout};
use super::nested::{Nested, Shape};

/// One place is kept for so many records: 24 bytes, and at most so many records are read in vain.
const RECORDS_PER_MARK: u64 = 256;

/// The places of a file's records, and the shapes of its rows.
#[derive(Debug)]
pub(crate) struct Index {
    marks: Vec<Position>,
    nested: Shape,
    flat: Layout,
}

/// A record as a row.
pub(crate) enum Row<'a> {
    /// Of the current generation.
    Nested(&'a Index, &'a ByteRecord),
    /// Of the previous one.
    Flat(&'a Index, &'a ByteRecord),
}

impl Index {
    pub(crate) fn of(path: &Path, columns: &Columns) -> io::Result<Self> {
        let mut reader = reader(File::open(path)?);
        let mut record = ByteRecord::new();
        let mut marks = Vec::new();
        // The header.
        reader.read_byte_record(&mut record)?;
        for number in 0_u64.. {
            let start = reader.position().clone();
            if !reader.read_byte_record(&mut record)? {
                break;
            }
            if number % RECORDS_PER_MARK == 0 {
                marks.push(start);
            }
        }
        Ok(Self { marks, nested: Shape::of(columns), flat: Layout::of(columns) })
    }

    /// The records from number `offset` on, counted from 0, at most `limit`.
    pub(crate) fn page(&self, file: File, offset: u64, limit: usize) -> io::Result<Vec<ByteRecord>> {
        let Some(reader) = self.reader_at(file, offset)? else { return Ok(Vec::new()) };
        Ok(reader.into_byte_records().take(limit).collect::<Result<_, _>>()?)
    }

    /// A reader before record number `number`, counted from 0; `None` behind the last one.
    fn reader_at(&self, file: File, number: u64) -> io::Result<Option<Reader<File>>> {
        let at = usize::try_from(number / RECORDS_PER_MARK).ok();
        let Some(mark) = at.and_then(|at| self.marks.get(at)) else { return Ok(None) };
        let mut reader = reader(file);
        reader.seek(mark.clone())?;
        let mut record = ByteRecord::new();
        for _ in 0..number % RECORDS_PER_MARK {
            if !reader.read_byte_record(&mut record)? {
                return Ok(None);
            }
        }
        Ok(Some(reader))
    }
}

/// Where the record of this number, counted from 1, ends; the end of the file if it has no more.
pub(crate) fn end_of(path: &Path, number: u64) -> io::Result<u64> {
    let mut file = File::open(path)?;
    let mut reader = reader(file.try_clone()?);
    let mut record = ByteRecord::new();
    // With the header, which is no record.
    for _ in 0..=number {
        if !reader.read_byte_record(&mut record)? {
            return Ok(file.metadata()?.len());
        }
    }
    let end = reader.position().byte();
    // The reader ends a record at a CR, and takes the LF behind it for the beginning of the next one.
    let mut around = [0; 2];
    file.seek(SeekFrom::Start(end.saturating_sub(1)))?;
    Ok(match file.read_exact(&mut around) {
        Ok(()) if around == *b"\r\n" => end + 1,
        _ => end,
    })
}

/// Of every record, the header too, as the engine reads it.
fn reader(file: File) -> Reader<File> {
    ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(file)
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match *self {
            Self::Nested(index, record) => Nested { shape: &index.nested, record }.serialize(serializer),
            Self::Flat(index, record) => Flat { layout: &index.flat, record }.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use fillrate::{Export, Options};

    use super::*;

    fn index(content: &[u8]) -> (tempfile::NamedTempFile, Index) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), content).unwrap();
        let export = Export::open(file.path(), &Options::default()).unwrap();
        let index = Index::of(file.path(), export.columns()).unwrap();
        (file, index)
    }

    #[test]
    fn every_record_is_found_and_ends_where_the_next_begins() {
        for end in ["\n", "\r\n", "\r"] {
            let line = |number: u64| match number % 3 {
                0 => format!("n{number},\"a{end}b\"{end}"),
                1 => format!("n{number},{end}{end}"),
                _ => format!("n{number},x{end}"),
            };
            let header = format!("\u{feff}email,note{end}");
            let body: Vec<String> = (0..700).map(line).collect();
            let content = header.clone() + &body.concat();
            let (file, index) = index(content.as_bytes());
            let open = || File::open(file.path()).unwrap();
            for at in [0, 1, 255, 256, 257, 511, 512, 699] {
                let page = index.page(open(), at, 2).unwrap();
                assert_eq!(page.len(), if at == 699 { 1 } else { 2 }, "{at}");
                assert_eq!(page[0].get(0).unwrap(), format!("n{at}").as_bytes());
                let cut = usize::try_from(end_of(file.path(), at).unwrap()).unwrap();
                let kept = &content.as_bytes()[..cut];
                let export = Export::from_bytes(kept.to_vec(), &Options::default()).unwrap();
                let question = fillrate::Question::for_stats(export.columns(), Vec::new(), &[]).unwrap();
                assert_eq!(export.analyze(&question).unwrap().stats.total, at, "{end:?}");
                assert!(kept.ends_with(end.as_bytes()), "{at} {end:?}");
            }
            for behind in [700, 701, 100_000] {
                assert_eq!(index.page(open(), behind, 5).unwrap().len(), 0);
                assert_eq!(end_of(file.path(), behind).unwrap(), content.len() as u64, "{behind}");
            }
        }
    }
}
