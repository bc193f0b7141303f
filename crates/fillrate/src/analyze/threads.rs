//! Whom work can be shared with.

use std::error::Error;
use std::sync::LazyLock;

/// How many threads there are to count with, which this starts. One, where the system has no others to give: Rayon would
/// panic then, since it starts its own when they are first asked for.
pub(super) fn available() -> usize {
    static STARTED: LazyLock<bool> = LazyLock::new(|| match rayon::ThreadPoolBuilder::new().build_global() {
        Ok(()) => true,
        // What the system says is the source of an error; that the threads were there already has none.
        Err(error) => error.source().is_none(),
    });
    let is_of_pool = rayon::current_thread_index().is_some();
    if is_of_pool || *STARTED { rayon::current_num_threads() } else { 1 }
}
