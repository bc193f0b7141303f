//! What one thread makes for all, with the help of all.

use std::sync::{Mutex, OnceLock, TryLockError};
use std::thread;

use crate::ordered::{NAP, help};

/// A value that is made when it is first asked for. Threads of a pool that ask meanwhile help the one that makes it, which
/// works in parallel: to wait would leave all of it to one thread.
pub(crate) struct Once<T> {
    value: OnceLock<T>,
    /// Held by the thread that makes it.
    making: Mutex<()>,
}

impl<T> Once<T> {
    pub(crate) fn new() -> Self {
        Self { value: OnceLock::new(), making: Mutex::new(()) }
    }

    pub(crate) fn get_or_make(&self, make: impl FnOnce() -> T) -> &T {
        loop {
            if let Some(value) = self.value.get() {
                return value;
            }
            match self.making.try_lock() {
                Err(TryLockError::WouldBlock) if help() => {}
                Err(TryLockError::WouldBlock) => thread::sleep(NAP),
                // Also if making it has panicked: it does so here too, and nobody waits for ever.
                _locked => return self.value.get_or_init(make),
            }
        }
    }

    pub(crate) fn into_inner(self) -> Option<T> {
        self.value.into_inner()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use rayon::iter::{IntoParallelIterator, ParallelIterator};

    use super::*;
    use crate::ordered::tests::with_threads;

    /// All threads ask at once, each on top of a loop that nobody can steal, as in a batch.
    #[test]
    fn it_is_made_once_by_all_threads() {
        for threads in [1, 2, 8] {
            let (once, made) = (Once::new(), AtomicUsize::new(0));
            let make = || {
                made.fetch_add(1, Ordering::SeqCst);
                let part = |_| {
                    thread::sleep(Duration::from_millis(2));
                    rayon::current_thread_index()
                };
                (0..100).into_par_iter().map(part).collect::<HashSet<_>>()
            };
            let got = with_threads(threads, || rayon::broadcast(|_| once.get_or_make(make).len()));
            assert_eq!(made.into_inner(), 1);
            assert_eq!(got, vec![got[0]; threads]);
            assert_eq!(got[0] > 1, threads > 1, "{} of {threads} threads made it", got[0]);
        }
    }

    #[test]
    fn nobody_waits_for_what_has_panicked() {
        for threads in [1, 2, 8] {
            let once = Once::<()>::new();
            let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                with_threads(threads, || rayon::broadcast(|_| *once.get_or_make(|| panic!("as planned"))))
            }));
            assert!(panicked.is_err());
        }
    }
}
