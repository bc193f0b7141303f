//! The arguments of figures by the values of fields.

use clap::Args;
use fillrate::{Columns, Error, Grouping};

/// Whether to tell records apart by their values.
#[derive(Debug, Args)]
#[command(next_help_heading = "Segments")]
pub(crate) struct Segmenting {
    /// Show the figures for each value of this field too; repeated, for each combination of values
    #[arg(long, value_name = "FIELD")]
    by: Vec<String>,

    /// How many of the values are shown; the others are one rest
    #[arg(long, value_name = "N", default_value_t = 20, requires = "by")]
    top: usize,

    /// Allow --by for fields that identify people, such as email
    #[arg(long, requires = "by")]
    force_personal: bool,
}

impl Segmenting {
    /// What records are told apart by, if that was asked for.
    pub(crate) fn grouping(&self, columns: &Columns) -> Result<Option<Grouping>, Error> {
        if self.by.is_empty() {
            return Ok(None);
        }
        Grouping::new(columns, &self.by, self.top, self.force_personal).map(Some)
    }
}
