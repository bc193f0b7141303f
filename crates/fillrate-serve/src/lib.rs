//! The API, emulated on this machine over a folder of exports. It is a tool for development and tests.
#![forbid(unsafe_code)]

mod answers;
mod app;
mod catalogue;
mod error;
mod fault;
mod hex;
mod id;
mod key;
mod log;
mod routes;
mod rows;
mod server;
mod settings;
mod signing;
mod snapshot;

use app::blocking;
pub use error::Error;
pub use fault::{Fault, FaultKind, FaultValue};
pub use key::ApiKey;
pub use server::{Server, Stopper, start};
pub use settings::{Clock, LogSink, ROW_CAP, Settings, URL_TTL};
