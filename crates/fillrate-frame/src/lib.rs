//! An export as a [`polars`] data frame, and its figures by a second engine.
//!
//! What `fillrate` counts, Polars counts here again: through its own CSV reader and its own expressions, with nothing of
//! the scanner or the counters. Two programs that agree are a better reason to believe a figure than one. It is a
//! cross-check and not fast: all of a file is in memory.
//!
//! The header is read by `fillrate`, since which field a column carries is no question of arithmetic.
//!
//! ```
//! use fillrate::{Options, Question};
//! use fillrate_frame::Frame;
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("audience.csv");
//! std::fs::write(&path, "email,intent_score\na@example.com,83\nb@example.com,\n,71\n")?;
//!
//! let frame = Frame::open(&path, &Options::default())?;
//! let question = Question::for_stats(frame.columns(), vec!["70-89".parse()?], &[])?;
//! let figures = frame.figures(&question)?;
//! assert_eq!((figures.stats.total, figures.stats.fill_rates[0].1.count), (3, 2));
//! assert_eq!(figures.stats.averages[0].1.to_string(), "77");
//!
//! let people = frame.data_frame()?;
//! assert_eq!(people.get_column_names(), ["email", "intent.score"]);
//! assert_eq!(people.column("intent.score")?.null_count(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Where Polars reads a file differently
//!
//! Both read plain RFC 4180 alike, and a record that is short (its missing cells are unfilled) or long (what is too much
//! is ignored). `tests/suite/differences.rs` holds every line of this table.
//!
//! | in the file | `fillrate` | Polars |
//! |---|---|---|
//! | a CR alone, as after a record | ends the record | is a part of the cell |
//! | a line with nothing in it | no record | a record without cells |
//! | text behind a closing quote | kept, and a finding | an error |
//! | a quote that nothing closes | a finding | an error |
//! | bytes that are no UTF-8 | counted | an error |
//! | gzip, zstd, standard input | read | not read |

#![forbid(unsafe_code)]

mod cells;
mod error;
mod figures;
mod frame;
mod typed;

pub use error::Error;
pub use figures::Figures;
pub use frame::Frame;
pub use polars;
