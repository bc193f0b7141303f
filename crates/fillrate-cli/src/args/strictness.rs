//! What is accepted although it differs: the arguments that `verify` and `batch` share.

use clap::Args;
use fillrate::{Policy, Tolerance};

#[derive(Debug, Args)]
pub(crate) struct Strictness {
    /// Accept a difference of up to N in a check, whose id may end in `*`; may be repeated
    #[arg(long = "allow", value_name = "CHECK=N")]
    tolerances: Vec<Tolerance>,

    /// Accept that this reported field is not in the file; may be repeated
    #[arg(long, value_name = "FIELD")]
    allow_missing: Vec<String>,

    /// Treat every status but `match`, and every column that was not reported, as a mismatch
    #[arg(long)]
    require_all: bool,

    /// Check and show the fill rate and the average of this field only; may be repeated
    #[arg(long = "field", value_name = "FIELD")]
    fields: Vec<String>,
}

impl Strictness {
    pub(crate) fn policy(&self) -> Policy {
        Policy {
            tolerances: self.tolerances.clone(),
            allow_missing: self.allow_missing.clone(),
            require_all: self.require_all,
            fields: self.fields.clone(),
        }
    }
}
