//! `fillrate exports`

use crate::args::ExportsArgs;
use crate::output::{Failure, Outcome};
use crate::render;

pub(crate) fn run(args: &ExportsArgs) -> Result<Outcome, Failure> {
    let listed = args.connection.client(&())?.exports(&args.audience, &args.run)?;
    Ok(Outcome::new(render::fetch::exports(&listed), true))
}
