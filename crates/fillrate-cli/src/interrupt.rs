//! What happens on Ctrl-C, and when the system asks this process to end.

use std::io::Write;

/// What to do where the next run goes on with what this one leaves behind.
pub(crate) const RUN_AGAIN: &str = "run it again to go on where it was";

/// Makes SIGINT, SIGTERM and SIGHUP do what ends a command in order.
pub(crate) fn stop_with(stop: impl Fn() + Send + 'static) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(stop)
}

/// Makes SIGINT, SIGTERM and SIGHUP end this process at once, with status 130.
///
/// Files that have no name yet are removed. Nothing else is to be put in order: stdout is written when all is done, or is
/// XML that lacks its end, and a ledger and a download survive an end at any moment.
///
/// Where no thread is to be had that could wait for them, they end it all the same, only without a word: a shell calls
/// that 130 too.
pub(crate) fn end_with_130(advice: &'static str) {
    let _ = ctrlc::set_handler(move || {
        // A line of its own, behind the progress. Nobody is left to tell if stderr is closed.
        let _ = writeln!(std::io::stderr(), "\nerror[interrupted]: there is no result; {advice}");
        fillrate_files::remove_unfinished();
        std::process::exit(130);
    });
}
