//! Results as columns: one file to be opened in `DuckDB`, Polars or a BI tool.
//!
//! [`Output`] takes the results of any number of exports one after the other, and writes them as [`Format`] says. It
//! holds no more than [`MOST_ROWS`] rows, and of Parquet what belongs to one row group.
//!
//! ```
//! use fillrate::{Export, Options, Question};
//! use fillrate_columns::{Entry, Output};
//!
//! let export = Export::from_bytes(b"email,phone\na@example.com,\n".to_vec(), &Options::default())?;
//! let analysis = export.analyze(&Question::default())?;
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("results.csv");
//! let mut output = Output::create(&path, false)?;
//! output.add(&Entry { analysis: Some(&analysis), ..Entry::new("audience.csv".as_ref(), "unverified") })?;
//! output.finish()?;
//! let csv = std::fs::read_to_string(path)?;
//! assert!(csv.lines().nth(3).unwrap().starts_with("field,audience.csv,,,unverified,1,27,,"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The schema
//!
//! All formats have the same columns, in this order. There are three kinds of rows in one table, so that one file is one
//! result: `WHERE kind = 'field'` makes a table of it that has no gaps. Each kind of row fills the columns of its own,
//! and those of the file; all others are null.
//!
//! | column | type | of | holds |
//! |---|---|---|---|
//! | `kind` | text | all | `file`, `check` or `field` |
//! | `path` | text | all | the export, as it was given or found |
//! | `audience_id` | text | all | its audience, if it is known |
//! | `run_id` | text | all | its run, if it is known |
//! | `verdict` | text | all | `match`, `mismatch`, `unverified` or `failed` |
//! | `records` | integer | all | its records; null if it failed |
//! | `bytes` | integer | all | its bytes, decompressed; null if it failed |
//! | `error` | text | file | the kind of error, if it failed: `not-csv`, … |
//! | `check_id` | text | check | the stable id, as `fillRates.email.count` |
//! | `status` | text | check | `match`, `mismatch`, `not-in-file` or `not-checkable` |
//! | `fails` | boolean | check | whether it makes the verdict a mismatch |
//! | `reported` | text | check | the API's value, exactly as it was reported |
//! | `computed` | text | check | ours, as `verify` prints it; null where there is none |
//! | `reported_number` | double | check | the double next to `reported`; null for ids, digests and the like |
//! | `computed_number` | double | check | the same of `computed` |
//! | `tolerance` | text | check | the tolerance that makes it a match |
//! | `explanation` | text | check | the kinds of explanations, with `, ` between them; `unexplained` if there are none |
//! | `reason` | text | check | the same in words, with a space between them; or why it was not checkable |
//! | `field` | text | field | the API's name for the column's field, unique in the file |
//! | `column_name` | text | field | the column's own name, unique in the file: the second `a` is `a#2` |
//! | `column_number` | integer | field | where it stands in the file, from 1 |
//! | `filled` | integer | field | cells that count as filled |
//! | `blank` | integer | field | cells with only white space |
//! | `placeholder` | integer | field | cells with only a word such as `null` |
//! | `percent` | decimal(5,2) | field | filled cells of all records, in percent, halves rounded up |
//! | `numbers` | integer | field | how many numbers its average is of, if it was asked for |
//! | `mean` | decimal(22,6) | field | their mean, halves rounded up |
//!
//! An export has one `file` row, then its `check` rows, then its `field` rows, in the order in which they are printed.
//!
//! - **Integers** have 64 bits and a sign, which every reader knows: no file has 2⁶³ bytes. **Decimals** are exact.
//!   Doubles are there for drawing and filtering alone; `filled` and `records` say what a percent is of.
//! - **Text** from outside passes [`fillrate::visible`], as in all output: a line end in a path is `\u{a}` here too. What
//!   is no UTF-8 is U+FFFD.
//! - **CSV** is that of RFC 4180, with a header. A text that a spreadsheet would take for a formula, because it begins
//!   with `=`, `+`, `-`, `@`, a tab or a CR, gets a `'` in front. Numbers, in `reported` and `computed` too, get none.
//!   Null is an empty cell.
//! - **NDJSON** has one object a line, every column in each.
//! - **Parquet** is not compressed, but texts are written once per row group, as dictionaries. **Arrow** is the file
//!   format of Arrow IPC, also known as Feather 2.
//!
//! The same results give the same bytes. Columns may be added, at the end; what is there keeps its name and meaning.
#![forbid(unsafe_code)]

mod columnar;
mod error;
mod format;
mod output;
mod row;
mod schema;
mod text;

pub use error::Error;
pub use format::Format;
pub use output::{Entry, MOST_ROWS, Output};
