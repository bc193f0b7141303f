//! Made-up audience exports: a CSV, and the two JSON answers of the API that agree with it.
//!
//! A [`Sample`] says how large the audience is, how its header is spelled and what is wrong with it. The same sample
//! gives the same bytes on every platform, and memory does not grow with its size. Nobody in it exists: names are
//! invented, e-mail addresses and links are under `example.com`, `example.org` and `example.net`, and phone numbers
//! are in the range reserved for fiction.
//!
//! The reports are counted here, while the records are drawn, and without the `fillrate` crate. So each is an
//! independent check of the other.
//!
//! ```
//! use fillrate_sample::{HeaderStyle, Sample, Size};
//!
//! let sample = Sample { size: Size::Records(151), header: HeaderStyle::Snake, ..Sample::default() };
//! let audience = sample.in_memory()?;
//!
//! assert!(audience.csv.starts_with(b"hashed_email,first_name,"));
//! assert!(audience.stats_json.contains(r#""total": 151"#));
//! assert!(audience.export_json.contains(&format!(r#""byteSize": {}"#, audience.csv.len())));
//! # Ok::<(), fillrate_sample::Error>(())
//! ```
//!
//! A [`Defect`] makes a sample disagree with its reports, in one known way:
//!
//! ```
//! use fillrate_sample::{Defect, Sample};
//!
//! let intact = Sample::default().in_memory()?;
//! let cut = Sample { defects: vec!["cut-off=40".parse()?], ..Sample::default() }.in_memory()?;
//!
//! assert_eq!(cut.csv, intact.csv[..intact.csv.len() - 40]);
//! assert_eq!(cut.export_json, intact.export_json);
//! # Ok::<(), fillrate_sample::Error>(())
//! ```
#![forbid(unsafe_code)]

mod decimal;
mod defect;
mod dice;
mod error;
mod files;
mod generate;
mod header;
mod measure;
mod people;
mod record;
mod report;
mod sample;
mod tally;

pub use defect::{Defect, DefectClass, DefectKind};
pub use error::Error;
pub use files::Written;
pub use header::HeaderStyle;
pub use sample::{Audience, Sample, Size};
