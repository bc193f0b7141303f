//! What every request has at hand.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use axum::http::uri::Authority;
use axum::http::{HeaderMap, header};

use crate::catalogue::Catalogue;
use crate::fault::Faults;
use crate::key::KeyCheck;
use crate::settings::{Clock, LogSink};
use crate::signing::Signer;

/// The emulated API.
pub(crate) struct App {
    pub(crate) catalogue: Catalogue,
    pub(crate) faults: Faults,
    pub(crate) key: KeyCheck,
    pub(crate) signer: Signer,
    pub(crate) url_ttl: Duration,
    pub(crate) row_cap: u64,
    pub(crate) clock: Clock,
    pub(crate) log: LogSink,
    pub(crate) address: SocketAddr,
    pub(crate) counter: AtomicU64,
}

impl App {
    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }

    /// Another number each time.
    pub(crate) fn count(&self) -> u64 {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }

    /// Where links lead: to the address that is listened on, or where that is any, to the one that the caller found.
    pub(crate) fn origin(&self, headers: &HeaderMap) -> String {
        if self.address.ip().is_unspecified() {
            let host =
                headers.get(header::HOST).and_then(|host| host.to_str().ok()?.parse::<Authority>().ok());
            if let Some(host) = host {
                return format!("http://{host}");
            }
        }
        format!("http://{}", self.address)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("App").field("address", &self.address).finish_non_exhaustive()
    }
}

/// Work that waits for the disk or for the processor, on a thread that may.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, crate::answers::ApiError> + Send + 'static,
) -> Result<T, crate::answers::ApiError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(crate::answers::ApiError::internal(&error)))
}

/// Shared by all requests.
pub(crate) type Shared = Arc<App>;
