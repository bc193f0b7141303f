//! Defects of the download: the API's bytes on their way into the file.

use std::io::{self, Write};

use crate::{DefectKind, Sample};

/// Passes lines on to a file, damaged as a sample asks.
pub(crate) struct Download<W> {
    out: W,
    bom: bool,
    crlf: bool,
    length: u64,
}

impl<W: Write> Download<W> {
    pub(crate) fn new(out: W, sample: &Sample) -> Self {
        let asked = |kind| sample.amount(kind) > 0;
        Self { out, bom: asked(DefectKind::Bom), crlf: asked(DefectKind::Crlf), length: 0 }
    }

    pub(crate) fn header(&mut self, line: &[u8]) -> io::Result<()> {
        if self.bom {
            self.write(b"\xEF\xBB\xBF")?;
        }
        self.line(line)
    }

    /// Passes on a record's line, with the defect that falls on this record.
    pub(crate) fn record(&mut self, line: &[u8], defect: Option<DefectKind>) -> io::Result<()> {
        match defect {
            Some(DefectKind::LostRecord) => return Ok(()),
            Some(DefectKind::DuplicateRecord) => self.line(line)?,
            // The first column is an identifier, so this quote opens a cell that had none.
            Some(DefectKind::StrayQuote) => self.write(b"\"")?,
            _ => {}
        }
        self.line(line)
    }

    /// Completes the download, and says how many bytes were passed on.
    pub(crate) fn finish(mut self) -> io::Result<u64> {
        self.out.flush()?;
        Ok(self.length)
    }

    fn line(&mut self, line: &[u8]) -> io::Result<()> {
        if !self.crlf {
            return self.write(line);
        }
        // A program that changes line ends knows nothing of quotes.
        for part in line.split_inclusive(|&byte| byte == b'\n') {
            self.write(part.strip_suffix(b"\n").unwrap_or(part))?;
            self.write(b"\r\n")?;
        }
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.length += bytes.len() as u64;
        self.out.write_all(bytes)
    }
}
