//! A client of the API.
#![forbid(unsafe_code)]

mod addresses;
mod calls;
mod checks;
mod client;
mod digest;
mod download;
mod error;
mod fetch;
mod ids;
mod key;
mod meter;
mod origin;
mod part;
mod range;
mod retry;
mod settings;
mod status;
mod store;
mod transport;
mod url;
mod watch;
mod withheld;

pub use calls::Listed;
pub use checks::{Agreement, Check};
pub use client::Client;
pub use error::{Error, ErrorKind, Result};
pub use fetch::{Fetch, Fetched, Way};
pub use ids::{Day, Id};
pub use key::ApiKey;
pub use origin::Origin;
pub use settings::{Limits, Retries, Settings, Waiting};
pub use url::SignedUrl;
pub use watch::Watch;
