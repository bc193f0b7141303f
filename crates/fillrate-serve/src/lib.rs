//! The API, emulated on this machine over a folder of exports, with faults on request.
//!
//! It is a tool for development and tests: to try a client of the API without a key that costs money, and to rehearse what
//! goes wrong. It listens on this machine only, unless it is told otherwise.
//!
//! ```
//! use std::io::{Read, Write};
//! use std::net::TcpStream;
//!
//! # let folder = tempfile::tempdir()?;
//! std::fs::write(folder.path().join("people.csv"), "email,intent.score\nada@example.com,83\n")?;
//! let mut settings = fillrate_serve::Settings::new(folder.path().into());
//! settings.faults = vec!["status-503=1".parse()?];
//! let server = fillrate_serve::start(settings)?;
//!
//! let mut connection = TcpStream::connect(server.address())?;
//! let path = "/v1/intent/audiences/8c049a20-3385-42da-b710-0d038eff5812/runs";
//! write!(connection, "GET {path} HTTP/1.1\r\nhost: localhost\r\nx-api-key: sk_test\r\nconnection: close\r\n\r\n")?;
//! let mut answer = String::new();
//! connection.read_to_string(&mut answer)?;
//! assert!(answer.starts_with("HTTP/1.1 503 "));
//! server.stop()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is served
//!
//! Every `*.csv` in the folder and below is a completed run. Its ids are the names of its folders, as in
//! `<audienceId>/<runId>/audience.csv`; or else what the reports beside it say, where an id that is no UUID stands for one;
//! or else UUIDs made up of its content. What `stats.json` says of the run, such as when it was completed, is passed on. The
//! figures are not: they are counted by the engine, once, when somebody asks first. An `export.json` is a stored export that
//! is there already.
//!
//! A `run.json` beside the file, or in the place where one will be, says where the run stands: `{"status": "queued"}`,
//! `running`, `failed` or `completed`, with `runType`, `dataDate` and the like if they are wanted. It is read again at every
//! call, so that a run can go on; for a run without a CSV, it has to be there when the server starts.
//!
//! Everything that is answered of a run is of one snapshot of its file: that of the start, or of the first call after its
//! `run.json` said that it is completed. A file that was written to or replaced since is refused with 409.
//!
//! `openapi.json` beside this crate describes every answer. What the vendor does not document is chosen so: a page of
//! results has 50 rows and at most 100, a missing or wrong key gets 401, a new stored export 201, and `data.exports` lists
//! them. Of the previous generation, `date` is the day of `dataDate`, or else of `completedAt`, in UTC.
//!
//! # What goes wrong on purpose
//!
//! A [`Fault`] is written `KIND`, `KIND=VALUE` or `KIND=VALUE,times=N`; [`FaultKind`] lists them all. Those of statuses
//! strike calls of the API, `export.csv` included. Those of bodies strike CSV bodies, of `export.csv` and of signed links.
//! Where several bodies' faults are asked for, the first in the list of kinds strikes.
//!
//! # Limits
//!
//! - Bytes are sent in pieces of 1 MiB, with one read in advance: memory does not grow with a file. For results and for the
//!   cap of the direct CSV, one place for 256 records is kept.
//! - The bytes behind a Content-Length that is too short are not sent: the connection is closed there.
//! - Only regular files are served, and not those that are compressed.
#![forbid(unsafe_code)]

mod answers;
mod app;
mod catalogue;
mod error;
mod fault;
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
