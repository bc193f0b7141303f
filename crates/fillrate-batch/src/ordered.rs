//! Work on many things in parallel, with the results in their order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many results for each thread may wait for one before them.
pub const WAITING_PER_THREAD: usize = 16;

/// How long a thread that has nothing to help with sleeps before it looks again.
pub(crate) const NAP: Duration = Duration::from_millis(1);

/// Does `work` for each number below `count` on the threads of this pool, and hands the results to `sink` in the order
/// of their numbers. No more than [`WAITING_PER_THREAD`] results for each thread are held back.
///
/// Every thread takes one number after the other, and works in parallel itself by the same pool: what it does not get
/// to, threads take that have nothing else to do. So many small pieces of work keep one thread each, and one large piece
/// keeps all of them.
///
/// The loops are not tasks of the pool but [broadcast](rayon::broadcast) to it, one a thread, for two reasons. Nobody
/// can steal one: a thread that waits inside of its work for others only takes parts of work that is already begun, so
/// that there is never more of it at hand than threads, and no stack grows. And no loop runs on top of a piece of work
/// whose result another loop waits for. The parts themselves wait for each other only where the one waited for is on a
/// thread of its own (see `analyze/chunks.rs` in the engine: there is no call of the pool between taking a chunk and
/// handing it in), and never for the order kept here.
pub(crate) fn run<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync, sink: impl FnMut(T) + Send) {
    let next = AtomicUsize::new(0);
    let line = Line::new(sink);
    let most = WAITING_PER_THREAD * rayon::current_num_threads();
    rayon::broadcast(|_| {
        let guard = PanicGuard(&line);
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count || !line.wait_for_room(number, most) {
                return drop(guard);
            }
            line.add(number, work(number));
        }
    });
}

/// Does a part of what another thread of this pool is at, if there is one to be had.
pub(crate) fn help() -> bool {
    rayon::yield_now() == Some(rayon::Yield::Executed)
}

/// Results that wait for those before them.
struct Line<T, S> {
    state: Mutex<State<T, S>>,
    moved: Condvar,
}

struct State<T, S> {
    sink: S,
    /// The number of the result that the sink gets next.
    next: usize,
    waiting: BTreeMap<usize, T>,
    /// Whether work has panicked: its result will never come.
    is_broken: bool,
}

impl<T, S: FnMut(T)> Line<T, S> {
    fn new(sink: S) -> Self {
        let state = State { sink, next: 0, waiting: BTreeMap::new(), is_broken: false };
        Self { state: Mutex::new(state), moved: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State<T, S>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the result of a number may wait here, and [helps](help) others meanwhile: the one that is waited for
    /// may be large. Returns whether to go on.
    fn wait_for_room(&self, number: usize, most: usize) -> bool {
        loop {
            let state = self.lock();
            if state.is_broken || number < state.next + most {
                return !state.is_broken;
            }
            drop(state);
            if !help() {
                let state = self.lock();
                if !state.is_broken && number >= state.next + most {
                    // For a while only: there may be something to help with before the line moves.
                    drop(self.moved.wait_timeout(state, NAP));
                }
            }
        }
    }

    /// Takes a result, and hands on all that have nothing missing before them.
    fn add(&self, number: usize, result: T) {
        let mut state = self.lock();
        state.waiting.insert(number, result);
        let State { sink, next, waiting, .. } = &mut *state;
        while let Some(result) = waiting.remove(next) {
            *next += 1;
            sink(result);
        }
        self.moved.notify_all();
    }

    fn give_up(&self) {
        self.lock().is_broken = true;
        self.moved.notify_all();
    }
}

/// Gives up when it is dropped by a panic, which the broadcast then passes on.
struct PanicGuard<'a, T, S: FnMut(T)>(&'a Line<T, S>);

impl<T, S: FnMut(T)> Drop for PanicGuard<'_, T, S> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.give_up();
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    pub(crate) fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
        rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
    }

    #[test]
    fn results_come_in_order_and_few_of_them_wait() {
        for threads in [1, 2, 8] {
            let (begun, given) = (AtomicUsize::new(0), AtomicUsize::new(0));
            let mut results = Vec::new();
            let work = |number| {
                let ahead = begun.fetch_add(1, Ordering::SeqCst) - given.load(Ordering::SeqCst);
                assert!(ahead <= (WAITING_PER_THREAD + 1) * threads, "{ahead} results are held back");
                // The first of all takes longest, and is done in parts that others can take.
                let parts = if number == 0 { 2_000 } else { number % 7 };
                let sum = AtomicUsize::new(0);
                rayon::scope(|scope| {
                    for part in 0..parts {
                        let sum = &sum;
                        scope.spawn(move |_| {
                            sum.fetch_add(part, Ordering::SeqCst);
                        });
                    }
                });
                (number, sum.into_inner())
            };
            let sink = |result| {
                given.fetch_add(1, Ordering::SeqCst);
                results.push(result);
            };
            with_threads(threads, || run(3_000, work, sink));
            let parts = |number| if number == 0 { 2_000 } else { number % 7 };
            let expected: Vec<_> =
                (0..3_000).map(|number| (number, (0..parts(number)).sum::<usize>())).collect();
            assert_eq!(results, expected, "{threads} threads");
        }
    }

    #[test]
    fn work_that_panics_ends_it_all() {
        for threads in [1, 2, 8] {
            let panicked = std::panic::catch_unwind(|| {
                with_threads(threads, || run(1_000, |number| assert!(number != 3, "as planned"), drop));
            });
            assert!(panicked.is_err());
        }
    }
}
