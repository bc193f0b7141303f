//! What differs between two exports, or two batches of them, by more than chance.
//!
//! [`Drift`] compares figures, which state files hold too, and [`People`] the people of two CSVs. [`chance`] is the
//! statistics alone.
//!
//! # When a difference is flagged
//!
//! Every shared field, every bucket of scores and the total is tested against the hypothesis that nothing has changed:
//! shares by the [two-proportion z-test](chance::two_proportions), or by Fisher's exact test where an expected count is
//! below 5, and totals as [two counts](chance::two_counts). The p-values are [corrected for their number](chance::holm), so
//! that the chance that anything at all is flagged where nothing has changed is at most the level, as far as a normal
//! distribution tells. A column that came or went is always a difference.
//!
//! Averages are compared without a test: that would take sums of squares, which are not counted.
//!
//! The tests take records for independent. Where most people are in both exports, chance moves the figures less than it
//! would among strangers, and fewer differences are flagged. Where many records are repeated, it moves them more.
//!
//! ```
//! use fillrate::{Export, Options, Question};
//! use fillrate_drift::{DEFAULT_LEVEL, Drift};
//!
//! let counters = |filled: usize| -> fillrate::Result<_> {
//!     let cells = "a@example.com,1\n".repeat(filled) + &"a@example.com,\n".repeat(1_000 - filled);
//!     let export = Export::from_bytes(format!("email,phone\n{cells}").into_bytes(), &Options::default())?;
//!     Ok(export.analyze(&Question::default())?.counters().clone())
//! };
//! let drift = Drift::between(&counters(500)?, &counters(510)?, &[], DEFAULT_LEVEL)?;
//! assert!(!drift.differs());
//! let drift = Drift::between(&counters(500)?, &counters(600)?, &[], DEFAULT_LEVEL)?;
//! assert_eq!(drift.fields[1].points.to_string(), "+10");
//! assert!(drift.fields[1].chance.significant);
//! # Ok::<(), fillrate::Error>(())
//! ```

#![forbid(unsafe_code)]

pub mod chance;
mod drift;
mod people;
mod points;

pub use drift::{Chance, CountChange, DEFAULT_LEVEL, Drift, MeanChange, RateChange};
pub use people::{Error, Keyed, People, PeopleOf, memory_of};
pub use points::Points;
