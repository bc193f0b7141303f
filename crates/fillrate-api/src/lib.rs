//! A client of the API whose exports are checked: fetches an export with its reports, so that it can be trusted.
//!
//! A download is only worth checking if it is the whole file, from the right place, and if getting it has given nothing
//! away. So the key goes to one origin and nowhere else, whatever redirects say; addresses that an answer names are judged
//! before anything is sent there; a file gets its name when it is as long as it should be, with the digest and the records
//! that were reported; and neither keys nor signed addresses can be printed.
//!
//! ```no_run
//! use fillrate_api::{ApiKey, Client, Fetch, Origin, Settings};
//!
//! let client = Client::new(Settings::new(Origin::find(None)?), ApiKey::find(None)?, &())?;
//! let fetch = Fetch { client: &client, out: "runs".as_ref(), force: false };
//! let audience = "8c049a20-3385-42da-b710-0d038eff5812".parse()?;
//! let run = "ad53af16-efbc-4fe1-a764-ded7181653a1".parse()?;
//! let fetched = fetch.stored(&audience, &run)?;
//! println!("{} records in {}", fetched.row_count.unwrap_or_default(), fetched.path.display());
//! # Ok::<(), fillrate_api::Error>(())
//! ```
//!
//! Modules, from the inside out: `key`, `url`, `origin` and `addresses` say what may go where; `transport` makes one request,
//! `retry` several, and `client` calls; `calls` knows the two generations of the API; `part`, `digest`, `range` and
//! `download` bring a file here; `checks`, `store` and `fetch` make an export of it.
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
