//! The reference scanner: a byte-at-a-time state machine, plain and exact.
//!
//! It splits records and cells exactly as `csv-core` 0.1.13 does with its default settings (proven by the tests below),
//! and says where the bytes were not plain RFC 4180, which `csv-core` does not. Whoever changes a transition changes
//! what a record is, for every backend and every figure.

use super::lines::Lines;
use super::utf8::Utf8Check;
use super::{FindingKind, Place, Sink};

/// How a line can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnd {
    Lf,
    CrLf,
    Cr,
}

/// What a byte means to the state machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Content,
    Nul,
    Delimiter,
    Quote,
    Lf,
    Cr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Before the first byte of a line that is not inside quotes.
    RecordStart,
    /// Before the first byte of a cell.
    CellStart,
    /// In a cell that did not open with a quote, with no quote so far.
    Unquoted,
    /// In a cell whose further quotes are ordinary bytes: it had one inside, or text after its closing quote.
    Loose,
    /// Behind an opening quote.
    Quoted,
    /// Behind a quote inside quotes: it closes them, unless another one follows.
    QuoteInQuotes,
    /// Behind a CR outside quotes: it ended a record or an empty line, and an LF would belong to it.
    AfterCr,
}

/// The state machine between two pieces of one file.
#[derive(Clone, Debug)]
pub(crate) struct Scanner {
    classes: [Class; 256],
    state: State,
    /// The offset of the next byte.
    offset: u64,
    lines: Lines,
    /// Where the current record began.
    record_start: Place,
    /// Where the current cell's quotes opened.
    quote_opened: Place,
    /// Where the CR stood that led to [`State::AfterCr`].
    cr_at: Place,
    /// How the file's first line ended.
    line_end: Option<LineEnd>,
    utf8: Utf8Check,
}

impl Scanner {
    /// A scanner for a record that starts at a place.
    ///
    /// `line_end` is how the file's first line ended; `None` if that is still ahead.
    pub(crate) fn at_record(delimiter: u8, start: Place, line_end: Option<LineEnd>) -> Self {
        let mut classes = [Class::Content; 256];
        classes[0] = Class::Nul;
        classes[usize::from(delimiter)] = Class::Delimiter;
        classes[usize::from(b'"')] = Class::Quote;
        classes[usize::from(b'\n')] = Class::Lf;
        classes[usize::from(b'\r')] = Class::Cr;
        Self {
            classes,
            state: State::RecordStart,
            offset: start.byte,
            lines: Lines::from(start.line),
            record_start: start,
            quote_opened: start,
            cr_at: start,
            line_end,
            utf8: Utf8Check::default(),
        }
    }

    /// A scanner for the middle of a file, at byte `offset`, behind the byte `before`.
    ///
    /// It *guesses* that `offset` is outside quotes. Where the first record that it finds starts is therefore a guess
    /// too, to be compared with where the record before it really ended.
    pub(crate) fn guess(delimiter: u8, offset: u64, before: u8) -> Self {
        let mut scanner = Self::at_record(delimiter, Place { line: 1, byte: offset }, None);
        scanner.state = match scanner.classes[usize::from(before)] {
            Class::Lf => State::RecordStart,
            Class::Cr => State::AfterCr,
            Class::Delimiter => State::CellStart,
            Class::Quote | Class::Content | Class::Nul => State::Unquoted,
        };
        scanner
    }

    /// A scanner for the middle of a file that guesses that `offset` is inside quotes.
    pub(crate) fn guess_inside_quotes(delimiter: u8, offset: u64) -> Self {
        Self { state: State::Quoted, ..Self::at_record(delimiter, Place { line: 1, byte: offset }, None) }
    }

    /// The offset of the next byte.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// How the file's first line ended, once that is known.
    pub(crate) fn line_end(&self) -> Option<LineEnd> {
        self.line_end
    }

    /// Where the next byte stands.
    pub(crate) fn place(&self) -> Place {
        Place { line: self.lines.current(), byte: self.offset }
    }

    /// Where the current cell's quotes opened, or those of the last cell that had any.
    pub(crate) fn quote_opened(&self) -> Place {
        self.quote_opened
    }

    /// Takes the next byte, a quote at the start of a cell, for content, as if it were not special.
    pub(crate) fn take_literal_quote(&mut self, sink: &mut impl Sink) {
        self.utf8.finish(|place| sink.finding(FindingKind::InvalidUtf8, place));
        sink.content(b"\"");
        self.state = State::Loose;
        self.offset += 1;
        self.lines.advance(b'"');
    }

    /// Scans `bytes`, the next ones of the file, up to the first record start at or behind byte `stop` of the file.
    ///
    /// Returns whether it stopped there; `offset()` then tells where. Otherwise all of `bytes` is taken.
    pub(crate) fn feed(&mut self, bytes: &[u8], stop: u64, sink: &mut impl Sink) -> bool {
        let (start, lines) = (self.offset, self.lines);
        let stopped = self.walk(bytes, stop, sink);
        // A range this scanner has walked over lies in memory: it fits `usize`.
        #[allow(clippy::cast_possible_truncation)]
        let taken = &bytes[..(self.offset - start) as usize];
        self.utf8.feed(taken, start, lines, |place| sink.finding(FindingKind::InvalidUtf8, place));
        stopped
    }

    /// The file ends here.
    pub(crate) fn finish(&mut self, sink: &mut impl Sink) {
        match self.state {
            State::RecordStart => {}
            State::AfterCr => self.line_ended(LineEnd::Cr, self.cr_at, sink),
            State::Quoted => {
                sink.finding(FindingKind::OpenQuote, self.quote_opened);
                // A line end that the quotes hold may be the last byte: no line follows it.
                self.end_record_on(self.lines.before(), sink);
            }
            State::CellStart | State::Unquoted | State::Loose | State::QuoteInQuotes => self.end_record(sink),
        }
        self.state = State::RecordStart;
        self.utf8.finish(|place| sink.finding(FindingKind::InvalidUtf8, place));
    }

    fn walk(&mut self, bytes: &[u8], stop: u64, sink: &mut impl Sink) -> bool {
        let mut rest = bytes;
        while let Some((&byte, behind)) = rest.split_first() {
            let class = self.classes[usize::from(byte)];
            match (self.state, class) {
                (State::AfterCr, Class::Lf) => {
                    self.line_ended(LineEnd::CrLf, self.cr_at, sink);
                    self.state = State::RecordStart;
                }
                (State::AfterCr, _) => {
                    self.line_ended(LineEnd::Cr, self.cr_at, sink);
                    self.state = State::RecordStart;
                    continue;
                }
                (State::RecordStart, _) if self.offset >= stop => return true,
                (State::RecordStart, Class::Lf | Class::Cr) => {
                    sink.finding(FindingKind::EmptyLine, self.place());
                    self.end_line(class, sink);
                }
                (State::RecordStart, _) => {
                    self.record_start = self.place();
                    self.state = State::CellStart;
                    continue;
                }
                (State::CellStart, Class::Quote) => {
                    self.quote_opened = self.place();
                    self.state = State::Quoted;
                }
                (State::CellStart, Class::Content | Class::Nul) => {
                    self.state = State::Unquoted;
                    continue;
                }
                (State::Unquoted, Class::Quote) => {
                    sink.finding(FindingKind::QuoteInField, self.place());
                    self.state = State::Loose;
                    continue;
                }
                (State::Quoted, Class::Quote) => self.state = State::QuoteInQuotes,
                (State::QuoteInQuotes, Class::Quote) => {
                    sink.content(b"\"");
                    self.state = State::Quoted;
                }
                (State::QuoteInQuotes, Class::Content | Class::Nul) => {
                    sink.finding(FindingKind::TextAfterQuote, self.place());
                    self.state = State::Loose;
                    continue;
                }
                (
                    State::CellStart | State::Unquoted | State::Loose | State::QuoteInQuotes,
                    Class::Delimiter,
                ) => {
                    sink.end_cell();
                    self.state = State::CellStart;
                }
                (
                    State::CellStart | State::Unquoted | State::Loose | State::QuoteInQuotes,
                    Class::Lf | Class::Cr,
                ) => {
                    self.end_record(sink);
                    self.end_line(class, sink);
                }
                (State::Unquoted | State::Loose | State::Quoted, _) => {
                    rest = self.content(rest, sink);
                    continue;
                }
            }
            self.offset += 1;
            self.lines.advance(byte);
            rest = behind;
        }
        false
    }

    /// Passes on the longest piece of content that `bytes` begins with, at least one byte, and returns the rest.
    fn content<'a>(&mut self, bytes: &'a [u8], sink: &mut impl Sink) -> &'a [u8] {
        let mut length = 0;
        for &byte in bytes {
            match (self.state, self.classes[usize::from(byte)]) {
                (_, Class::Nul) => sink.finding(FindingKind::Nul, self.place()),
                (_, Class::Content)
                | (State::Quoted, Class::Delimiter | Class::Lf | Class::Cr)
                | (State::Loose, Class::Quote) => {}
                _ => break,
            }
            length += 1;
            self.offset += 1;
            self.lines.advance(byte);
        }
        let (piece, rest) = bytes.split_at(length);
        sink.content(piece);
        rest
    }

    fn end_record(&mut self, sink: &mut impl Sink) {
        self.end_record_on(self.lines.current(), sink);
    }

    /// The record's last byte stands on this line.
    fn end_record_on(&mut self, line: u64, sink: &mut impl Sink) {
        sink.end_cell();
        sink.end_record(self.record_start, line - self.record_start.line + 1);
    }

    /// Takes the LF, or the CR that may have an LF behind it, at the end of a record or of an empty line.
    fn end_line(&mut self, class: Class, sink: &mut impl Sink) {
        if class == Class::Cr {
            self.cr_at = self.place();
            self.state = State::AfterCr;
        } else {
            self.line_ended(LineEnd::Lf, self.place(), sink);
            self.state = State::RecordStart;
        }
    }

    fn line_ended(&mut self, end: LineEnd, place: Place, sink: &mut impl Sink) {
        if *self.line_end.get_or_insert(end) != end {
            sink.finding(FindingKind::MixedLineEnds, place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::Findings;
    use proptest::prelude::*;

    const START: Place = Place { line: 1, byte: 0 };

    /// Collects everything as text, in order.
    #[derive(Default)]
    struct Collect {
        records: Vec<Vec<Vec<u8>>>,
        starts: Vec<Place>,
        record: Vec<Vec<u8>>,
        cell: Vec<u8>,
        findings: Findings,
    }

    impl Sink for Collect {
        fn content(&mut self, piece: &[u8]) {
            assert!(!piece.is_empty());
            self.cell.extend_from_slice(piece);
        }
        fn end_cell(&mut self) {
            self.record.push(std::mem::take(&mut self.cell));
        }
        fn end_record(&mut self, start: Place, _: u64) {
            self.records.push(std::mem::take(&mut self.record));
            self.starts.push(start);
        }
        fn finding(&mut self, kind: FindingKind, place: Place) {
            self.findings.add(kind, place);
        }
    }

    /// Scans `bytes` handed over in pieces of `size`.
    fn scan(bytes: &[u8], delimiter: u8, size: usize) -> Collect {
        let mut sink = Collect::default();
        let mut scanner = Scanner::at_record(delimiter, START, None);
        for piece in bytes.chunks(size) {
            assert!(!scanner.feed(piece, u64::MAX, &mut sink));
        }
        scanner.finish(&mut sink);
        assert_eq!(scanner.offset(), bytes.len() as u64);
        sink
    }

    /// The records as `csv-core` reads them. It drops a BOM at the start, which our callers do, so a byte that is none
    /// is never first here.
    fn csv_core(bytes: &[u8], delimiter: u8) -> Vec<Vec<Vec<u8>>> {
        let mut reader = csv_core::ReaderBuilder::new().delimiter(delimiter).build();
        let (mut records, mut record, mut cell) = (Vec::new(), Vec::new(), Vec::new());
        let mut output = [0; 64];
        let mut input = bytes;
        loop {
            let (result, read, written) = reader.read_field(input, &mut output);
            input = &input[read..];
            cell.extend_from_slice(&output[..written]);
            match result {
                csv_core::ReadFieldResult::InputEmpty | csv_core::ReadFieldResult::OutputFull => {}
                csv_core::ReadFieldResult::Field { record_end } => {
                    record.push(std::mem::take(&mut cell));
                    if record_end {
                        records.push(std::mem::take(&mut record));
                    }
                }
                csv_core::ReadFieldResult::End => return records,
            }
        }
    }

    #[test]
    fn equals_csv_core_on_all_strings_up_to_length_7() {
        const ALPHABET: [u8; 6] = *b"a,\"\n\r ";
        for length in 0..=7 {
            for code in 0..ALPHABET.len().pow(length) {
                let bytes: Vec<u8> =
                    (0..length).map(|i| ALPHABET[code / ALPHABET.len().pow(i) % ALPHABET.len()]).collect();
                let ours = scan(&bytes, b',', usize::MAX);
                assert_eq!(ours.records, csv_core(&bytes, b','), "{:?}", bytes.escape_ascii().to_string());
            }
        }
    }

    fn csv_bytes() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop_oneof![
            4 => prop::sample::select(b"a,,\"\"\n\r ;".to_vec()),
            1 => any::<u8>(),
        ];
        prop::collection::vec(byte, 0..600).prop_filter("a BOM", |bytes| !bytes.starts_with(b"\xEF\xBB\xBF"))
    }

    proptest! {
        #[test]
        fn equals_csv_core_on_random_bytes(bytes in csv_bytes(), delimiter in prop::sample::select(b",;\t\0a\xA9".to_vec())) {
            prop_assert_eq!(scan(&bytes, delimiter, usize::MAX).records, csv_core(&bytes, delimiter));
        }

        #[test]
        fn pieces_of_any_size_give_the_same(bytes in csv_bytes(), size in 1..80usize) {
            let (whole, pieces) = (scan(&bytes, b',', usize::MAX), scan(&bytes, b',', size));
            prop_assert_eq!(&whole.records, &pieces.records);
            prop_assert_eq!(&whole.starts, &pieces.starts);
            prop_assert_eq!(&whole.findings, &pieces.findings);
        }
    }

    #[test]
    fn findings_have_exact_places() {
        use FindingKind::{
            EmptyLine, InvalidUtf8, MixedLineEnds, Nul, OpenQuote, QuoteInField, TextAfterQuote,
        };
        /// Kind, count, line and byte of the first one.
        type Found = (FindingKind, u64, u64, u64);
        let table: &[(&[u8], &[Found])] = &[
            (b"a,b\n1,2\n", &[]),
            (b"a\r\n\"\r\n\n\r\"\r\n", &[]),
            (b"a\n\"b\"c\n", &[(TextAfterQuote, 1, 2, 5)]),
            (b"a\n\"b\" ,\"c\"\"\"d\"e\"\n", &[(TextAfterQuote, 2, 2, 5)]),
            (b"a\n\"b\n\nc", &[(OpenQuote, 1, 2, 2)]),
            (b"a\n\"b\"\"", &[(OpenQuote, 1, 2, 2)]),
            (b"a\n5'4\" \"\n", &[(QuoteInField, 1, 2, 5)]),
            (b"a\nb\r\nc\n", &[(MixedLineEnds, 1, 2, 3)]),
            (b"a\rb\r\nc\nd\r", &[(MixedLineEnds, 2, 2, 3)]),
            (b"a\r\nb\r", &[(MixedLineEnds, 1, 2, 4)]),
            (b"\n\na\n\n\nb\n\n", &[(EmptyLine, 5, 1, 0)]),
            (b"a\r\n\r\nb\r\n", &[(EmptyLine, 1, 2, 3)]),
            (b"a\n\0\"\0\n\"\n\0\"\n", &[(Nul, 3, 2, 2), (QuoteInField, 1, 2, 3)]),
            (b"a\n\xC3\xA9\n\xC3\n", &[(InvalidUtf8, 1, 3, 5)]),
            (b"a\r\n\"\r\n\xFF\xFE\"\r\n\xC3", &[(InvalidUtf8, 3, 3, 6)]),
        ];
        for (bytes, expected) in table {
            let found: Vec<_> = scan(bytes, b',', usize::MAX)
                .findings
                .iter()
                .map(|f| (f.kind, f.count, f.places[0].line, f.places[0].byte))
                .collect();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected, "{:?}", bytes.escape_ascii().to_string());
        }
    }

    #[test]
    fn stops_at_the_first_record_start_at_or_behind_the_limit() {
        let bytes = b"a,b\r\n\"x\r\n\",1\n\nlast";
        for (stop, expected) in [
            (0, Some(0)),
            (1, Some(5)),
            (4, Some(5)),
            (5, Some(5)),
            (6, Some(13)),
            (14, Some(14)),
            (15, None),
        ] {
            let mut scanner = Scanner::at_record(b',', START, None);
            let stopped = scanner.feed(bytes, stop, &mut Collect::default());
            assert_eq!(stopped.then(|| scanner.offset()), expected, "stop at {stop}");
        }
    }
}
