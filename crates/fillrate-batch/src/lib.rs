//! Many exports at once: which of them are wrong?
//!
//! [`Inputs`] finds the exports, [`Batch`] pairs each with its reports and runs them in parallel, and hands one
//! [`FileResult`] per export to a sink: in input order, for any number of threads. A [`Ledger`] remembers what is
//! finished. A [`Gathering`] adds the exports up, and compares the runs of each audience. Nothing is rendered here.
//!
//! ```
//! use fillrate::{Options, Policy};
//! use fillrate_batch::{Batch, Inputs, Verdict};
//!
//! let inputs = Inputs::find(&["no-such-folder".into()]);
//! let mut verdicts = Vec::new();
//! let batch = Batch::new(Options::default(), Policy::default())?;
//! let ran = batch.run(&inputs, None, |_, _| (), |result| verdicts.push(result.record.verdict));
//! assert_eq!(verdicts, [Verdict::Failed]);
//! assert_eq!((ran.summary.inputs, ran.summary.failed), (1, 1));
//! # Ok::<(), fillrate::Error>(())
//! ```
//!
//! Memory holds the paths of the inputs, the figures of as many exports as there are threads, and of those that are
//! finished and wait for one before them: at most [`WAITING_PER_THREAD`] a thread.
#![forbid(unsafe_code)]

mod counted;
mod error;
mod groups;
mod identity;
mod inputs;
mod ledger;
mod once;
mod ordered;
mod overview;
mod pairing;
mod record;
mod run;
mod runs;
mod tolerances;

pub use counted::{Counted, RunTime};
pub use error::Error;
pub use groups::{Group, GroupBy};
pub use inputs::{Input, Inputs};
pub use ledger::Ledger;
pub use ordered::WAITING_PER_THREAD;
pub use overview::{Gathering, Overview, Wanted};
pub use pairing::UnreadableReport;
pub use record::{Explained, FailingCheck, Found, MOST_CHECKS, Problem, Record, Spot, Summary, Verdict};
pub use run::{Batch, Figures, FileResult, Ran};
pub use runs::{AudienceDrift, Drifts, PairDrift, Run};
pub use tolerances::Tolerances;
