//! `fillrate fetch`

use fillrate::Verdict;
use fillrate_api::{Error, ErrorKind, Fetch, Fetched};

use super::verify;
use crate::args::FetchArgs;
use crate::interrupt;
use crate::output::{Failure, Outcome};
use crate::progress::Download;
use crate::render::{self, Screen};

pub(crate) fn run(args: &FetchArgs) -> Result<Outcome, Failure> {
    interrupt::end_with_130(interrupt::RUN_AGAIN);
    let progress = Download::new(args.telling.quiet, args.telling.verbose);
    let client = args.connection.client(&progress)?;
    let fetch = Fetch { client: &client, out: &args.out, force: args.force };
    let mut outcome = Outcome::new(String::new(), true);
    let mut add = |fetched: Result<Fetched, Error>| {
        progress.end();
        // Whoever is not let in once need not knock again.
        let goes_on = !fetched.as_ref().is_err_and(|error| error.kind() == ErrorKind::Unauthorized);
        if let Err(error) =
            fetched.map_err(Failure::from).and_then(|fetched| told(&mut outcome, args, &fetched))
        {
            outcome.failure.extend(error);
        }
        goes_on
    };
    if let Some(day) = &args.date {
        add(fetch.day(&args.audience, day));
    }
    let way = if args.direct { Fetch::direct } else { Fetch::stored };
    for run in &args.runs {
        if !add(way(&fetch, &args.audience, run)) {
            break;
        }
    }
    Ok(outcome)
}

/// Adds what is to be said of an export that has been fetched.
fn told(outcome: &mut Outcome, args: &FetchArgs, fetched: &Fetched) -> Result<(), Failure> {
    let mut text = render::fetch::fetched(fetched);
    let mut agrees = fetched.agrees();
    // What is not as reported is not an export to be looked into: it has been said what differs.
    if args.verify && agrees {
        let verified = verify::beside(&fetched.path)?;
        agrees = verified.verification.verdict == Verdict::Match;
        text.push('\n');
        text += &render::table::verify(&verified, Screen::of_stdout());
    }
    if !outcome.text.is_empty() {
        outcome.text.push('\n');
    }
    outcome.text += &text;
    outcome.agrees &= agrees;
    Ok(())
}
