//! How an export is read.

use crate::error::{Error, ErrorKind, Result};
use crate::scan::Backend;
use crate::source::Io;
use crate::tally::FillRule;

/// How an export is read, and what its cells mean. The default is what the API writes.
///
/// ```
/// let options = fillrate::Options { delimiter: b';', ..Default::default() };
/// assert!(fillrate::Export::from_bytes(b"email;phone\n".to_vec(), &options).is_ok());
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    /// The byte between cells. Not a quote, CR or LF.
    pub delimiter: u8,
    /// What counts as filled.
    pub fill_rule: FillRule,
    /// `(field, column)`: the user's own mappings, before every rule.
    pub map: Vec<(String, String)>,
    /// The column or field that holds the score, instead of what fits `intent.score`.
    pub score_field: Option<String>,
    /// Takes the first row as the header, even if it looks like data.
    pub header_ok: bool,
    /// How regular files are read.
    pub io: Io,
    /// The code that scans. Figures are the same for every one.
    pub backend: Backend,
    /// The most bytes that one thread scans at a time. Figures are the same for every value from 1.
    pub chunk_bytes: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            delimiter: b',',
            fill_rule: FillRule::default(),
            map: Vec::new(),
            score_field: None,
            header_ok: false,
            io: Io::default(),
            backend: Backend::detect(),
            // Large enough that joining costs nothing.
            chunk_bytes: 4 << 20,
        }
    }
}

impl Options {
    /// Refuses what makes no sense for any file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] if the delimiter or the size of a chunk cannot be one.
    pub fn check(&self) -> Result<()> {
        if matches!(self.delimiter, b'"' | b'\n' | b'\r') {
            return Err(Error::new(
                ErrorKind::Usage,
                "the delimiter cannot be a quote, CR or LF",
                "use a byte such as `,`, `;` or tab",
            ));
        }
        if self.chunk_bytes == 0 {
            return Err(Error::new(ErrorKind::Usage, "a chunk cannot have 0 bytes", "use at least 1"));
        }
        Ok(())
    }
}
