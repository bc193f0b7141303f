//! A client of the API.
#![forbid(unsafe_code)]

mod addresses;
mod calls;
mod client;
mod error;
mod ids;
mod key;
mod origin;
mod retry;
mod settings;
mod status;
mod transport;
mod url;
mod watch;
mod withheld;

pub use calls::Listed;
pub use client::Client;
pub use error::{Error, ErrorKind, Result};
pub use ids::{Day, Id};
pub use key::ApiKey;
pub use origin::Origin;
pub use settings::{Limits, Retries, Settings, Waiting};
pub use url::SignedUrl;
pub use watch::Watch;
