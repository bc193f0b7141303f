//! What is served, and how.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::{ApiKey, Fault};

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// Takes a line of the log.
pub type LogSink = Arc<dyn Fn(&str) + Send + Sync>;

/// The rows that the API's direct CSV ends after.
pub const ROW_CAP: u64 = 300_000;

/// How long a signed link of the API holds.
pub const URL_TTL: Duration = Duration::from_hours(24);

/// What is served, and how.
///
/// ```
/// let settings = fillrate_serve::Settings::new("exports".into());
/// assert!(settings.listen.ip().is_loopback());
/// ```
#[derive(Clone)]
pub struct Settings {
    /// The folder with the exports.
    pub folder: PathBuf,
    /// The address to listen on; port 0 is one that is free.
    pub listen: SocketAddr,
    /// What `x-api-key` has to be.
    pub api_key: ApiKey,
    /// How long a signed link holds.
    pub url_ttl: Duration,
    /// What goes wrong on purpose.
    pub faults: Vec<Fault>,
    /// How many rows the direct CSV has at most.
    pub row_cap: u64,
    /// The time, by which links expire.
    pub clock: Clock,
    /// Where the log goes, a line at a time. It has neither keys nor signatures.
    pub log: LogSink,
}

impl Settings {
    /// As the API does it: on a free port of this machine, with the key [`ApiKey::TEST`], without faults and without a log.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            api_key: ApiKey::default(),
            url_ttl: URL_TTL,
            faults: Vec::new(),
            row_cap: ROW_CAP,
            clock: Arc::new(SystemTime::now),
            log: Arc::new(|_| {}),
        }
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { folder, listen, api_key, url_ttl, faults, row_cap, .. } = self;
        f.debug_struct("Settings")
            .field("folder", folder)
            .field("listen", listen)
            .field("api_key", api_key)
            .field("url_ttl", url_ttl)
            .field("faults", faults)
            .field("row_cap", row_cap)
            .finish_non_exhaustive()
    }
}
