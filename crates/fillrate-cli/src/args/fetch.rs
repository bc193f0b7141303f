//! The arguments of what calls the API.

use std::path::PathBuf;

use clap::Args;
use fillrate_api::{ApiKey, Client, Day, Error, Id, Origin, Settings, Watch};

/// Download exports from the API, with the reports that they are checked against
///
/// Each run gets a folder DIR/AUDIENCE/RUN with audience.csv, stats.json and export.json, as `verify` and `batch` take it,
/// and fetch.json, which says how the download went. A download that broke off is gone on with. The file gets its name when
/// its size, its SHA-1 and the number of its records are those that the API reports; if they are not, it is called
/// audience.csv.bad.
///
/// The key is taken from the variable `LEADPIPE_API_KEY` or from --api-key-file, and sent to the API alone.
#[derive(Debug, Args)]
#[command(after_help = "\
What is there already, and is as the API reports it, is not downloaded again.

Examples:
  fillrate fetch 8c049a20-3385-42da-b710-0d038eff5812 ad53af16-efbc-4fe1-a764-ded7181653a1 --out runs --verify
  fillrate fetch AUDIENCE RUN --out runs --direct
  fillrate fetch AUDIENCE --date 2026-05-05 --out days --api-key-file ~/.leadpipe-key
  fillrate fetch AUDIENCE RUN RUN --out runs && fillrate batch runs")]
pub(crate) struct FetchArgs {
    /// The id of the audience
    #[arg(value_name = "AUDIENCE")]
    pub(crate) audience: Id,

    /// The ids of its runs
    #[arg(value_name = "RUN", required_unless_present = "date", conflicts_with = "date")]
    pub(crate) runs: Vec<Id>,

    /// The folder that the folders of audiences are in; made if it is missing
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,

    /// Take the stream of a run, which has a limit of records, instead of a stored export
    #[arg(long, conflicts_with = "date")]
    pub(crate) direct: bool,

    /// Fetch what the API's previous generation has of this day
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub(crate) date: Option<Day>,

    /// Check each export against its reports, as `verify` does
    #[arg(long)]
    pub(crate) verify: bool,

    /// Replace exports that exist
    #[arg(long)]
    pub(crate) force: bool,

    #[command(flatten)]
    pub(crate) telling: Telling,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// What is said on the way.
#[derive(Debug, Args)]
pub(crate) struct Telling {
    /// Show no progress, which is shown on a terminal only
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// Say what is tried again, and which proxy is used
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

/// List the stored exports of a run
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  fillrate exports 8c049a20-3385-42da-b710-0d038eff5812 ad53af16-efbc-4fe1-a764-ded7181653a1")]
pub(crate) struct ExportsArgs {
    /// The id of the audience
    #[arg(value_name = "AUDIENCE")]
    pub(crate) audience: Id,

    /// The id of its run
    #[arg(value_name = "RUN")]
    pub(crate) run: Id,

    #[command(flatten)]
    pub(crate) connection: Connection,
}

/// Which API, and who calls.
#[derive(Debug, Args)]
#[command(next_help_heading = "Connection")]
pub(crate) struct Connection {
    /// Where the API is; `LEADPIPE_BASE_URL` if not given, or else its usual address
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,

    /// Read the key from this file, which others must not be able to read; `-` is standard input
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,
}

impl Connection {
    pub(crate) fn client<'a>(&self, watch: &'a dyn Watch) -> Result<Client<'a>, Error> {
        let settings = Settings::new(Origin::find(self.base_url.as_deref())?);
        Client::new(settings, ApiKey::find(self.api_key_file.as_deref())?, watch)
    }
}
