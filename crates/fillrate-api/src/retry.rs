//! Trying again what may pass by itself, ever later, and not for ever.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Error, Result};
use crate::settings::Retries;
use crate::watch::Watch;

/// Into how many parts the half of a pause is cut that is left to chance.
const PARTS: u32 = 1_000;

/// The pauses between the tries of one piece of work.
pub(crate) struct Tries<'a> {
    settings: &'a Retries,
    watch: &'a dyn Watch,
    end: Instant,
    failed: u32,
}

impl<'a> Tries<'a> {
    pub(crate) fn new(settings: &'a Retries, total: Duration, watch: &'a dyn Watch) -> Self {
        Self { settings, watch, end: Instant::now() + total, failed: 0 }
    }

    /// When it has to be done.
    pub(crate) fn end(&self) -> Instant {
        self.end
    }

    /// Something new has come: what failed before no longer counts.
    pub(crate) fn succeed(&mut self) {
        self.failed = 0;
    }

    /// Waits after a failure, or gives it back where no further try may help.
    pub(crate) fn pause(&mut self, error: Error) -> Result<()> {
        self.failed += 1;
        if !error.may_pass() {
            return Err(error);
        }
        let tried = |error: Error, failed: u32| match failed {
            1 => error,
            _ => error.adding(&format!(" (tried {failed} times)")),
        };
        if self.failed >= self.settings.tries {
            return Err(tried(error, self.failed));
        }
        let wanted = error.retry_after();
        if wanted > self.settings.total {
            let seconds = fillrate::grouped(wanted.as_secs());
            return Err(tried(
                error.adding(&format!(", and asks to wait for {seconds} seconds")),
                self.failed,
            ));
        }
        let pause = pause(self.settings, self.failed).max(wanted);
        if pause >= self.end.saturating_duration_since(Instant::now()) {
            return Err(tried(error, self.failed));
        }
        self.watch.note(&format!("{error}; trying again in {:.1} s", pause.as_secs_f32()));
        thread::sleep(pause);
        Ok(())
    }
}

/// Does the work until it succeeds, fails for good, or has failed too often.
pub(crate) fn until_done<T>(
    settings: &Retries,
    watch: &dyn Watch,
    mut work: impl FnMut() -> Result<T>,
) -> Result<T> {
    let mut tries = Tries::new(settings, settings.total, watch);
    loop {
        match work() {
            Ok(done) => return Ok(done),
            Err(error) => tries.pause(error)?,
        }
    }
}

/// Between half and all of what doubles each time, so that many who failed together do not come back together.
fn pause(settings: &Retries, failed: u32) -> Duration {
    let doubled = settings.first.saturating_mul(1_u32.checked_shl(failed - 1).unwrap_or(u32::MAX));
    let whole = doubled.min(settings.most);
    // The standard library's only chance: the seed that it keeps hash tables from being guessed by.
    let chance = RandomState::new().build_hasher().finish() % u64::from(PARTS);
    whole / 2 + whole / 2 / PARTS * u32::try_from(chance).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::error::ErrorKind;

    fn settings() -> Retries {
        Retries {
            tries: 4,
            first: Duration::from_micros(10),
            most: Duration::from_micros(50),
            total: Duration::from_mins(1),
        }
    }

    fn error() -> Error {
        Error::new(ErrorKind::Network, "broken", "try again")
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_differ() {
        let long = Retries { first: Duration::from_secs(1), most: Duration::from_secs(6), ..settings() };
        for (failed, whole) in [(1, 1), (2, 2), (3, 4), (4, 6), (40, 6), (400, 6)] {
            let pauses: Vec<Duration> = (0..50).map(|_| pause(&long, failed)).collect();
            let whole = Duration::from_secs(whole);
            assert!(pauses.iter().all(|pause| (whole / 2..=whole).contains(pause)), "{failed}: {pauses:?}");
            assert!(pauses.iter().any(|pause| *pause != pauses[0]), "{failed}");
        }
    }

    #[test]
    fn what_may_pass_is_tried_again_a_few_times_and_nothing_else() {
        let count = Cell::new(0);
        let run = |error: fn() -> Error, good_after: u32| {
            count.set(0);
            let done = until_done(&settings(), &(), || {
                count.set(count.get() + 1);
                if count.get() > good_after { Ok(()) } else { Err(error()) }
            });
            (done.is_ok(), count.get())
        };
        let passing = || error().passing(Duration::ZERO);
        assert_eq!(run(passing, 3), (true, 4));
        assert_eq!(run(passing, 4), (false, 4));
        assert_eq!(run(error, 1), (false, 1));
    }

    #[test]
    fn nobody_waits_longer_than_there_is_time() {
        let late = |pause| error().passing(pause);
        let settings = settings();
        let mut tries = Tries::new(&settings, Duration::from_secs(1), &());
        let told = |error: Error| error.to_string();
        assert_eq!(
            tries.pause(late(Duration::from_secs(30))).map_err(told),
            Err("broken; try again".to_owned())
        );
        // However long a download may take, no single pause is longer than all the tries of a call.
        let mut tries = Tries::new(&settings, Duration::from_hours(6), &());
        let expected = "broken, and asks to wait for 3,600 seconds; try again".to_owned();
        assert_eq!(tries.pause(late(Duration::from_hours(1))).map_err(told), Err(expected));
    }
}
