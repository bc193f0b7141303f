//! State files: the [`Counters`](fillrate::Counters) of one export, or of several, kept to be merged and compared later.
//!
//! # The format
//!
//! One line of JSON, which any language reads in twenty years, as `jq` does today; a binary format would save nothing,
//! since a state of 40 columns has some 6 kB:
//!
//! ```json
//! {"format":"fillrate-state","version":1,"crc32":"0123abcd","counters":{…}}
//! ```
//!
//! - `crc32` is the checksum of zip, gzip and PNG, in lower-case hexadecimal, of the bytes of the value of `counters`.
//!   Unlike a longer hash, it is sure to find every change of up to 32 bits in a row. It protects from accidents, not from
//!   forgers.
//! - `counters.basis` is what has to be equal in states that are merged: the fill rule with its own placeholders, and where
//!   the scores above 100 are cut.
//! - `counters.columns` are ordered by `position`, their lowest place in a header, and then by `field`. `sum.nanos` is a
//!   sum in units of 10⁻⁹, as text, because it has more digits than a double; `sum` is null where an average was not asked
//!   for.
//! - `counters.scores` is `"none"` without a score column, `"uncounted"`, or `{"counted": …}` with `intervals`: the scores
//!   below 0; those with the floors 0 to 100, one number each; those from 101 on; and those from each number of
//!   `basis.scale` on. It is empty where there is no score.
//! - `counters.findings` have places only in the state of one export.
//!
//! There is no path, no time and no content of a cell in it, so that the same export gives the same bytes anywhere.
//!
//! [`read`] takes nothing but what [`encode`] writes, to the last byte: what is damaged, cut off or of another version is
//! refused, and so is a file that was edited.

#![forbid(unsafe_code)]

mod decode;
mod error;
mod write;

pub use decode::{MAX_STATE_BYTES, decode, is_state, read};
pub use error::Error;
pub use write::{check_is_free, encode, write};

/// Raised when a state file of before can no longer be read by what reads those of now.
pub const VERSION: u32 = 1;

/// What every state file begins with, of every version.
const START: &str = r#"{"format":"fillrate-state","version":"#;

/// What stands in front of the checksum, and between it and the counters.
const CHECKSUM: &str = r#","crc32":""#;
const COUNTERS: &str = r#"","counters":"#;

/// What ends it.
const END: &str = "}\n";
