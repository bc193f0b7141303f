//! Calls of the API, with everything that makes them safe.

use fillrate::MAX_REPORT_BYTES;
use ureq::http::{Method, StatusCode};

use crate::error::{ErrorKind, Result};
use crate::key::ApiKey;
use crate::retry::until_done;
use crate::settings::Settings;
use crate::status;
use crate::transport::{Asked, Transport};
use crate::watch::Watch;

/// Calls the API, and nobody else with its key.
pub struct Client<'a> {
    pub(crate) transport: Transport,
    pub(crate) settings: Settings,
    pub(crate) watch: &'a dyn Watch,
}

/// Whether a call that may have been carried out may be made again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeatable {
    Yes,
    No,
}

impl<'a> Client<'a> {
    /// A client with a key.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Usage`] if the environment names a proxy that cannot be used.
    pub fn new(settings: Settings, key: ApiKey, watch: &'a dyn Watch) -> Result<Self> {
        Ok(Self { transport: Transport::new(&settings, key, watch)?, settings, watch })
    }

    /// Makes a call whose answer is JSON. `what` is what is asked for, for messages.
    pub(crate) fn json(
        &self,
        what: &str,
        method: &Method,
        path: &str,
        repeatable: Repeatable,
    ) -> Result<(StatusCode, Vec<u8>)> {
        let uri = self.settings.origin.call(path)?;
        until_done(&self.settings.retries, self.watch, || {
            let asked = Asked {
                method: method.clone(),
                uri: uri.clone(),
                with_key: true,
                accept: "application/json",
                time: self.settings.limits.answer,
                headers: &[],
            };
            let answered = self.transport.send(&asked).and_then(|response| {
                let (status, headers) = (response.status(), response.headers().clone());
                let body = self.transport.read(response, &uri, MAX_REPORT_BYTES);
                if status.is_success() {
                    return Ok((status, body?));
                }
                Err(status::error(what, status, &headers, &body.unwrap_or_default()))
            });
            // An answer that got lost may have been given. That there were too many requests says that it was not.
            answered.map_err(|error| match (repeatable, error.kind()) {
                (Repeatable::Yes, _) | (_, ErrorKind::TooManyRequests) => error,
                (Repeatable::No, _) => error.lasting(),
            })
        })
    }
}
