//! The arguments of `fillrate serve`.

use std::ffi::OsStr;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::{PossibleValue, TypedValueParser};
use clap::{Arg, Args, Command};
use fillrate_serve::{Fault, FaultKind, FaultValue};

/// A year. Links that hold longer have no date that everybody can read.
const MAX_TTL: u64 = 365 * 86_400;

/// Emulate the API over a folder of exports, for development and tests
///
/// Serves every CSV in DIR as a run, in both generations of the API: stats, results, CSV exports and signed download links.
/// In `<audienceId>/<runId>/audience.csv` the ids are those of the folders, or else those of the reports beside the file; any
/// other CSV gets ids made up of its content. A `run.json` with `{"status": "queued"}`, `running` or `failed` beside it
/// keeps a run from being served.
///
/// The first line on stdout is `listening on http://…`. Then stderr has the runs, and a line for each request. It shows
/// what is in the exports to whoever has the key, by purpose. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fillrate sample runs && fillrate serve runs
  fillrate serve runs --listen 127.0.0.1:8080 --url-ttl 60
  fillrate serve runs --fault cut-off=1000,times=2 --fault status-503=3")]
pub(crate) struct ServeArgs {
    /// The folder with the exports, as they are now: a file that changes later is refused with 409
    #[arg(value_name = "DIR")]
    pub(crate) dir: PathBuf,

    /// The address to listen on; port 0 is one that is free. Others than this machine's are for networks that you trust
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:0")]
    pub(crate) listen: SocketAddr,

    /// A file with the key that `x-api-key` has to be, which you alone may read; without it, the key is `sk_test`
    #[arg(long, value_name = "FILE")]
    pub(crate) api_key_file: Option<PathBuf>,

    /// How long a signed download link holds
    #[arg(long, value_name = "SECONDS", default_value_t = 86_400, value_parser = clap::value_parser!(u64).range(1..=MAX_TTL))]
    pub(crate) url_ttl: u64,

    /// Let something go wrong, with the value in brackets unless one is given; `,times=N` behind it lets it happen N times
    /// only. May be repeated
    #[arg(long = "fault", value_name = "KIND[=VALUE]", value_parser = FaultParser)]
    pub(crate) faults: Vec<Fault>,
}

/// Reads a fault, and tells the help which kinds there are.
#[derive(Clone)]
struct FaultParser;

impl TypedValueParser for FaultParser {
    type Value = Fault;

    fn parse_ref(&self, command: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<Fault, clap::Error> {
        str::parse::<Fault>.parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let value = |kind: FaultKind| {
            let usual = match kind.value() {
                FaultValue::Number(usual) | FaultValue::Times(usual) => format!(" [{usual}]"),
                _ => String::new(),
            };
            PossibleValue::new(kind.name()).help(format!("{}{usual}", kind.description()))
        };
        Some(Box::new(FaultKind::ALL.into_iter().map(value)))
    }
}
