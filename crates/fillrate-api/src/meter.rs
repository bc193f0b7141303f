//! Whether a download comes fast enough, and in time.

use std::time::{Duration, Instant};

use crate::error::{Error, ErrorKind};
use crate::settings::Limits;

pub(crate) struct Meter<'a> {
    limits: &'a Limits,
    end: Instant,
    since: Instant,
    bytes: u64,
}

impl<'a> Meter<'a> {
    pub(crate) fn new(limits: &'a Limits, end: Instant) -> Self {
        Self { limits, end, since: Instant::now(), bytes: 0 }
    }

    /// Counts bytes that have come, and says if it has taken too long.
    pub(crate) fn count(&mut self, bytes: usize) -> Result<(), Error> {
        let now = Instant::now();
        self.bytes += bytes as u64;
        if now >= self.end {
            let what = "the download takes too long";
            return Err(Error::new(ErrorKind::Timeout, what, "run it again to go on where it was"));
        }
        let passed = now.duration_since(self.since);
        if passed < self.limits.slow {
            return Ok(());
        }
        if self.bytes < least(self.limits, passed) {
            let what = format!("the download is slower than {} bytes a second", self.limits.bytes_per_second);
            let advice = "check the connection, then run it again to go on where it was";
            return Err(Error::new(ErrorKind::Timeout, what, advice).passing(Duration::ZERO));
        }
        (self.since, self.bytes) = (now, 0);
        Ok(())
    }
}

/// The bytes that have to come in a time.
fn least(limits: &Limits, time: Duration) -> u64 {
    limits.bytes_per_second.saturating_mul(time.as_secs())
}
