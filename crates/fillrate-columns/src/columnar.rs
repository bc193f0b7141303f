//! Rows → batches of columns → Parquet and Arrow.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray,
};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use parquet::arrow::ArrowWriter;
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use crate::row::Row;
use crate::schema::{COLUMNS, Get};

/// The rows of a row group. `DuckDB` and Polars read row groups in parallel, and recommend some 100,000 rows.
const GROUP_ROWS: usize = 128 * 1024;

/// The most bytes of a row group, which are held in memory until it is complete.
const GROUP_BYTES: usize = 64 << 20;

/// Writes Parquet.
pub(crate) struct Parquet<W: Write + Send>(ArrowWriter<W>);

impl<W: Write + Send> Parquet<W> {
    pub(crate) fn begin(out: W) -> io::Result<Self> {
        let properties = WriterProperties::builder()
            .set_created_by(concat!("fillrate ", env!("CARGO_PKG_VERSION")).to_owned())
            .set_max_row_group_row_count(Some(GROUP_ROWS))
            .set_max_row_group_bytes(Some(GROUP_BYTES))
            .build();
        ArrowWriter::try_new(out, schema(), Some(properties)).map(Self).map_err(of_parquet)
    }

    pub(crate) fn write(&mut self, rows: &[Row]) -> io::Result<()> {
        self.0.write(&batch(rows)?).map_err(of_parquet)
    }

    pub(crate) fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(of_parquet)
    }
}

/// Writes Arrow.
pub(crate) struct Arrow<W: Write>(FileWriter<W>);

impl<W: Write> Arrow<W> {
    pub(crate) fn begin(out: W) -> io::Result<Self> {
        FileWriter::try_new(out, &schema()).map(Self).map_err(of_arrow)
    }

    pub(crate) fn write(&mut self, rows: &[Row]) -> io::Result<()> {
        self.0.write(&batch(rows)?).map_err(of_arrow)
    }

    pub(crate) fn finish(self) -> io::Result<W> {
        self.0.into_inner().map_err(of_arrow)
    }
}

fn schema() -> SchemaRef {
    let field = |(name, get): (&str, Get)| {
        let of = match get {
            Get::Text(_) | Get::Shown(_) => DataType::Utf8,
            Get::Flag(_) => DataType::Boolean,
            Get::Count(_) => DataType::Int64,
            Get::Double(_) => DataType::Float64,
            Get::Decimal(decimal) => DataType::Decimal128(decimal.precision, scale(decimal.scale)),
        };
        Field::new(name, of, true)
    };
    Arc::new(Schema::new(COLUMNS.map(field).to_vec()))
}

fn batch(rows: &[Row]) -> io::Result<RecordBatch> {
    let columns: Result<Vec<ArrayRef>, ArrowError> =
        COLUMNS.iter().map(|(_, get)| column(*get, rows)).collect();
    columns.and_then(|columns| RecordBatch::try_new(schema(), columns)).map_err(of_arrow)
}

fn column(get: Get, rows: &[Row]) -> Result<ArrayRef, ArrowError> {
    Ok(match get {
        Get::Text(get) => Arc::new(rows.iter().map(get).collect::<StringArray>()),
        Get::Shown(get) => {
            Arc::new(rows.iter().map(|row| get(row).map(|shown| &shown.text)).collect::<StringArray>())
        }
        Get::Flag(get) => Arc::new(rows.iter().map(get).collect::<BooleanArray>()),
        Get::Count(get) => Arc::new(rows.iter().map(|row| get(row).map(count)).collect::<Int64Array>()),
        Get::Double(get) => Arc::new(rows.iter().map(get).collect::<Float64Array>()),
        Get::Decimal(decimal) => {
            let units: Decimal128Array = rows.iter().map(decimal.units).collect();
            Arc::new(units.with_precision_and_scale(decimal.precision, scale(decimal.scale))?)
        }
    })
}

/// There are no more records or bytes than an offset in a file can say.
fn count(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn scale(scale: u8) -> i8 {
    scale.cast_signed()
}

/// What the system said, if it did.
fn of_parquet(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(error) => match error.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(error) => io::Error::other(error),
        },
        error => io::Error::other(error),
    }
}

/// What the system said, if it did.
fn of_arrow(error: ArrowError) -> io::Error {
    match error {
        ArrowError::IoError(_, error) => error,
        error => io::Error::other(error),
    }
}
