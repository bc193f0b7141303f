//! An export that Polars reads.

use std::path::{Path, PathBuf};

use fillrate::{Columns, Export, FillRule, Options, Question, STDIN};
use polars::prelude::{
    DataFrame, DataType, Field, LazyCsvReader, LazyFileListReader, LazyFrame, PlRefPath, PolarsResult, Schema,
};

use crate::cells::name;
use crate::error::Error;
use crate::figures::{self, Figures};
use crate::typed;

/// A CSV export whose header has been read, for Polars.
#[derive(Clone, Debug)]
pub struct Frame {
    path: PathBuf,
    columns: Columns,
    delimiter: u8,
    rule: FillRule,
}

impl Frame {
    /// Reads the header of a file. Of the options, those about threads and reading have no effect here.
    ///
    /// # Errors
    ///
    /// [`Error::Header`] where [`Export::open`] fails, and [`Error::Stdin`].
    pub fn open(path: &Path, options: &Options) -> Result<Self, Error> {
        if path == Path::new(STDIN) {
            return Err(Error::Stdin);
        }
        let columns = Export::open(path, options)?.columns().clone();
        Ok(Self {
            path: path.to_owned(),
            columns,
            delimiter: options.delimiter,
            rule: options.fill_rule.clone(),
        })
    }

    /// The columns, as the header names them.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// The figures, as Polars computes them.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] if Polars refuses the file, or cannot add up its numbers.
    pub fn figures(&self, question: &Question) -> Result<Figures, Error> {
        let cells = self.cells().map_err(|_| self.refused())?;
        figures::compute(cells, &self.columns, &self.rule, question).map_err(|_| self.refused())
    }

    /// All records, one column a field, called as the API calls it: text, but for the score and the topic overlap, which
    /// are whole numbers, or floating-point ones where one has decimals. Unfilled cells are null; so are those of the
    /// number columns that hold no number, which [`figures`](Self::figures) counts.
    ///
    /// # Errors
    ///
    /// [`Error::Refused`] if Polars refuses the file.
    pub fn data_frame(&self) -> Result<DataFrame, Error> {
        let frame = self.cells().and_then(|cells| typed::data_frame(cells, &self.columns, &self.rule));
        frame.map_err(|_| self.refused())
    }

    /// All cells as text, the columns called by their numbers: headers may repeat a name.
    fn cells(&self) -> PolarsResult<LazyFrame> {
        let schema: Schema =
            (0..self.columns.len()).map(|column| Field::new(name(column).into(), DataType::String)).collect();
        LazyCsvReader::new(PlRefPath::try_from_path(&self.path)?)
            .with_glob(false)
            .with_has_header(true)
            .with_separator(self.delimiter)
            .with_schema(Some(schema.into()))
            .with_truncate_ragged_lines(true)
            .finish()
    }

    fn refused(&self) -> Error {
        Error::Refused { file: self.path.clone() }
    }
}
