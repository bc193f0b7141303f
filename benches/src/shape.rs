//! Exports of other shapes than an audience's, made of the cells of one.

use csv::{QuoteStyle, Reader, StringRecord, Terminator, Writer, WriterBuilder};
use fillrate_sample::{Sample, Size};

/// How much of an audience the other shapes are made of, over and over: no multiple of a chunk or page, so that the
/// repetition does not fall in step with them.
const SOURCE_BYTES: u64 = 3_000_000;

/// What is different about an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The sample as it is: 36 columns, about half filled.
    Audience,
    /// 4 columns of at most 2 bytes: the most separators and records per byte.
    Narrow,
    /// 500 columns: records of several kilobytes, and a round of counters that does not fit a core's first cache.
    Wide,
    /// An audience of which no cell is filled: nothing but separators.
    AllEmpty,
    /// An audience with every cell in quotes.
    AllQuoted,
    /// An audience with CRLF line ends.
    Crlf,
    /// 3 columns, one of them with kilobytes of text: line ends, commas and quotes that are content.
    LongFields,
    /// The 151 records of a documented run: here the fixed costs are seen.
    Small,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 8] = [
        Self::Audience,
        Self::Narrow,
        Self::Wide,
        Self::AllEmpty,
        Self::AllQuoted,
        Self::Crlf,
        Self::LongFields,
        Self::Small,
    ];

    /// The name of its group in the output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Audience => "audience",
            Self::Narrow => "narrow",
            Self::Wide => "wide",
            Self::AllEmpty => "all-empty",
            Self::AllQuoted => "all-quoted",
            Self::Crlf => "crlf",
            Self::LongFields => "long-fields",
            Self::Small => "151-records",
        }
    }

    /// An export of this shape and about that many bytes; of its own size if it is [`Small`](Self::Small).
    #[must_use]
    pub fn csv(self, bytes: u64) -> Vec<u8> {
        let mut writer = WriterBuilder::new();
        match self {
            Self::Audience => return sample(Size::Bytes(bytes)),
            Self::Small => return sample(Size::Records(151)),
            Self::Narrow | Self::Wide | Self::AllEmpty | Self::LongFields => {}
            Self::AllQuoted => drop(writer.quote_style(QuoteStyle::Always)),
            Self::Crlf => drop(writer.terminator(Terminator::CRLF)),
        }
        let source = Source::new(SOURCE_BYTES.min(bytes));
        let mut sink = Sink { writer: writer.from_writer(Vec::new()), bytes, written: 0 };
        match self {
            Self::Narrow => sink.relaid(&source, 4, 2),
            Self::Wide => sink.relaid(&source, 500, usize::MAX),
            Self::AllEmpty => {
                sink.add(&source.header);
                let empty: StringRecord = source.header.iter().map(|_| "").collect();
                while sink.add(&empty) {}
            }
            Self::LongFields => {
                sink.add(&StringRecord::from(vec!["email", "text", "city"]));
                while source.texts().all(|record| sink.add(&record)) {}
            }
            _ => {
                sink.add(&source.header);
                let mut records = source.records.iter().cycle();
                while records.next().is_some_and(|record| sink.add(record)) {}
            }
        }
        sink.writer.into_inner().unwrap()
    }
}

fn sample(size: Size) -> Vec<u8> {
    Sample { size, ..Sample::default() }.in_memory().unwrap().csv
}

/// An audience, taken apart.
struct Source {
    csv: String,
    header: StringRecord,
    records: Vec<StringRecord>,
}

impl Source {
    fn new(bytes: u64) -> Self {
        let csv = String::from_utf8(sample(Size::Bytes(bytes))).unwrap();
        let mut reader = Reader::from_reader(csv.as_bytes());
        let header = reader.headers().unwrap().clone();
        let records = reader.records().map(Result::unwrap).collect();
        Self { csv, header, records }
    }

    /// Records of 3 cells, the second of which holds kilobytes of the file as they are, and now and then nothing.
    fn texts(&self) -> impl Iterator<Item = StringRecord> {
        let mut rest = &self.csv[..];
        let lengths = [1_000, 4_000, 0, 2_000, 3_000].into_iter().cycle();
        self.records.iter().zip(lengths).map(move |(record, length)| {
            let end = rest.floor_char_boundary(length);
            let text = &rest[..end];
            rest = if rest.len() - end < 4_000 { &self.csv } else { &rest[end..] };
            StringRecord::from(vec![&record[0], text, &record[1]])
        })
    }
}

/// Writes records until there are enough bytes.
struct Sink {
    writer: Writer<Vec<u8>>,
    bytes: u64,
    written: u64,
}

impl Sink {
    /// Returns whether there is room for more.
    fn add(&mut self, record: &StringRecord) -> bool {
        self.writer.write_record(record).unwrap();
        // Quotes are not counted, and need not be.
        self.written += (record.as_slice().len() + record.len()) as u64;
        self.written < self.bytes
    }

    /// The cells of an audience, cut to `longest` bytes, in that many columns.
    fn relaid(&mut self, source: &Source, columns: usize, longest: usize) {
        self.add(&(0..columns).map(|column| format!("field{column:03}")).collect());
        let mut cells = source.records.iter().flatten().cycle();
        let mut cell = || cells.next().map(|cell| &cell[..cell.floor_char_boundary(longest)]);
        while self.add(&(0..columns).map_while(|_| cell()).collect()) {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_are_what_their_names_say() {
        for shape in Shape::ALL {
            let csv = shape.csv(100_000);
            let mut reader = Reader::from_reader(&csv[..]);
            let columns = reader.headers().unwrap().len();
            let records: Vec<StringRecord> = reader.records().map(Result::unwrap).collect();
            let longest = records.iter().flatten().map(str::len).max().unwrap();
            let filled = records.iter().flatten().filter(|cell| !cell.is_empty()).count();
            let of = |text: &[u8]| csv.windows(text.len()).filter(|window| *window == text).count();
            assert!(
                (90_000..150_000).contains(&csv.len()) || shape == Shape::Small,
                "{shape:?}: {}",
                csv.len()
            );
            assert!(
                match shape {
                    Shape::Audience => columns == 36 && filled > 36 * records.len() / 3,
                    Shape::Narrow => columns == 4 && longest == 2 && filled > records.len(),
                    Shape::Wide => columns == 500 && longest > 2,
                    Shape::AllEmpty => columns == 36 && filled == 0,
                    Shape::AllQuoted => columns == 36 && of(b"\",\"") >= 35 * (records.len() + 1),
                    Shape::Crlf => columns == 36 && of(b"\r\n") > records.len(),
                    Shape::LongFields => columns == 3 && longest > 3_900 && of(b"\n") > 3 * records.len(),
                    Shape::Small => columns == 36 && records.len() == 151,
                },
                "{shape:?}"
            );
        }
    }
}
