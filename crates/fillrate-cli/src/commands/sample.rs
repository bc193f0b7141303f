//! `fillrate sample`

use fillrate::{counted, grouped, visible};

use crate::args::SampleArgs;
use crate::output::{Failure, Outcome};

pub(crate) fn run(args: &SampleArgs) -> Result<Outcome, Failure> {
    let written = args.sample().write_to(&args.dir, args.force)?;
    let mut text = format!("{}, {} bytes:\n", counted(written.records, "record"), grouped(written.bytes));
    for path in [&written.csv, &written.stats, &written.export] {
        text += &format!("  {}\n", visible(&path.to_string_lossy()));
    }
    Ok(Outcome::new(text, true))
}
