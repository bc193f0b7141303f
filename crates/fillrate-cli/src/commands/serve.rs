//! `fillrate serve`

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use fillrate_serve::{ApiKey, Settings};

use crate::args::ServeArgs;
use crate::interrupt;
use crate::output::{self, Failure, Outcome};

pub(crate) fn run(args: &ServeArgs) -> Result<Outcome, Failure> {
    let settings = Settings {
        listen: args.listen,
        api_key: args.api_key_file.as_deref().map(ApiKey::from_file).transpose()?.unwrap_or_default(),
        url_ttl: Duration::from_secs(args.url_ttl),
        faults: args.faults.clone(),
        // Nobody is left to tell if stderr is closed.
        log: Arc::new(|line| drop(writeln!(io::stderr(), "{line}"))),
        ..Settings::new(args.dir.clone())
    };
    let server = fillrate_serve::start(settings)?;
    let stopper = server.stopper();
    interrupt::stop_with(move || stopper.stop())?;
    // Not when all is done, as elsewhere: whoever started this waits for it.
    output::print(&format!("listening on http://{}\n", server.address()))?;
    server.wait()?;
    Ok(Outcome::new(String::new(), true))
}
