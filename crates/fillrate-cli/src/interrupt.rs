//! What happens on Ctrl-C, and when the system asks this process to end.

use std::io::Write;

/// Makes SIGINT, SIGTERM and SIGHUP end this process at once, with status 130.
///
/// There is nothing to put in order: stdout is written when all is done, a ledger survives an end at any moment, and
/// results as columns have no name yet.
///
/// Where no thread is to be had that could wait for them, they end it all the same, only without a word: a shell calls
/// that 130 too.
pub(crate) fn end_with_130(has_ledger: bool) {
    let advice = if has_ledger {
        "run it again to go on where it was"
    } else {
        "with `--ledger FILE`, the next run would go on where this one was"
    };
    let _ = ctrlc::set_handler(move || {
        // A line of its own, behind the progress. Nobody is left to tell if stderr is closed.
        let _ = writeln!(std::io::stderr(), "\nerror[interrupted]: there is no result; {advice}");
        std::process::exit(130);
    });
}
