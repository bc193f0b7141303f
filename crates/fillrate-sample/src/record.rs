//! One record as its cells, and as a line of CSV.

/// The cells of a record, in buffers that are used again for the next one.
#[derive(Default)]
pub(crate) struct Record {
    text: Vec<u8>,
    ends: Vec<usize>,
}

impl Record {
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    /// The text of the cell being written. [`Record::end_cell`] completes it.
    pub(crate) fn open_cell(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    pub(crate) fn end_cell(&mut self) {
        self.ends.push(self.text.len());
    }

    pub(crate) fn push_cell(&mut self, cell: &[u8]) {
        self.text.extend_from_slice(cell);
        self.end_cell();
    }

    pub(crate) fn pop_cell(&mut self) {
        self.ends.pop();
        self.text.truncate(self.ends.last().copied().unwrap_or(0));
    }

    pub(crate) fn replace_cell(&mut self, index: usize, cell: &[u8]) {
        let (start, end) = (self.start(index), self.ends[index]);
        self.text.splice(start..end, cell.iter().copied());
        for later in &mut self.ends[index..] {
            *later = *later - (end - start) + cell.len();
        }
    }

    pub(crate) fn cell(&self, index: usize) -> &[u8] {
        &self.text[self.start(index)..self.ends[index]]
    }

    pub(crate) fn cells(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|index| self.cell(index))
    }

    fn start(&self, index: usize) -> usize {
        index.checked_sub(1).map_or(0, |previous| self.ends[previous])
    }
}

/// Quotes cells where CSV needs it.
pub(crate) struct Encoder(csv_core::Writer);

impl Encoder {
    pub(crate) fn new() -> Self {
        Self(csv_core::Writer::new())
    }

    /// Sets `line` to the record and its line end.
    pub(crate) fn encode(&mut self, record: &Record, line: &mut Vec<u8>) {
        // Room for the worst case (every byte a quote), so that no call below can run out of it.
        line.resize(2 * record.text.len() + 3 * record.ends.len() + 3, 0);
        let mut length = 0;
        for (index, cell) in record.cells().enumerate() {
            if index > 0 {
                length += self.0.delimiter(&mut line[length..]).1;
            }
            length += self.0.field(cell, &mut line[length..]).2;
        }
        length += self.0.terminator(&mut line[length..]).1;
        line.truncate(length);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(cells: &[&str]) -> Record {
        let mut record = Record::default();
        for cell in cells {
            record.push_cell(cell.as_bytes());
        }
        record
    }

    fn line(record: &Record) -> String {
        let mut line = b"left over from the record before".to_vec();
        Encoder::new().encode(record, &mut line);
        String::from_utf8(line).unwrap()
    }

    #[test]
    fn cells_are_quoted_only_where_needed() {
        assert_eq!(
            line(&record(&["a", "", "b, c", "d\ne", "\"\"\"\""])),
            "a,,\"b, c\",\"d\ne\",\"\"\"\"\"\"\"\"\"\"\n"
        );
    }

    #[test]
    fn cells_can_be_replaced_and_removed() {
        let mut record = record(&["a", "bcd", "", "e"]);
        record.replace_cell(1, b"");
        record.replace_cell(2, b"longer");
        assert_eq!(line(&record), "a,,longer,e\n");
        record.replace_cell(0, b"xyz");
        record.pop_cell();
        assert_eq!(line(&record), "xyz,,longer\n");
        assert_eq!(record.cell(2), b"longer");
    }
}
