//! The command line as its users see it: exit status, stdout and stderr.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "clippy spares `#[test]` functions only, not their helpers"
)]

mod batch;
mod batch_integrations;
mod columns;
mod diff;
mod fetch;
#[cfg(unix)]
mod files;
mod formats;
mod integrations;
mod merge;
mod output;
mod overview;
mod pairing;
mod sample;
#[cfg(feature = "polars")]
mod second;
mod segments;
mod serve;
mod status;
// The server that the client's own tests script, of which these need a part.
#[allow(dead_code, reason = "the client's own tests use all of it")]
#[path = "../../../fillrate-api/tests/suite/server.rs"]
mod server;
#[allow(dead_code, reason = "the client's own tests use all of it")]
#[path = "../../../fillrate-api/tests/suite/stage.rs"]
mod stage;
#[path = "../support/mod.rs"]
mod support;

use std::path::{Path, PathBuf};

use support::{Folder, json, stderr, stdout};

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata").join(name)
}
