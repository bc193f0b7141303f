//! The emulator as it runs: on threads of its own, until it is stopped.

use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::thread::JoinHandle;
use std::time::Duration;
use std::{io, thread};

use axum::serve::ListenerExt;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;

use crate::app::{App, Shared};
use crate::catalogue::Catalogue;
use crate::fault::Faults;
use crate::key::KeyCheck;
use crate::signing::Signer;
use crate::{Error, Settings, routes};

/// How long answers may still take once the server is asked to stop.
const GRACE: Duration = Duration::from_secs(2);

/// The most runs that the log begins with.
const SHOWN_RUNS: usize = 20;

/// An emulator that runs. It stops when it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stopper: Stopper,
    thread: Option<JoinHandle<io::Result<()>>>,
}

/// Stops a [`Server`] from elsewhere, as from a handler of signals.
#[derive(Clone, Debug)]
pub struct Stopper(Arc<watch::Sender<bool>>);

impl Stopper {
    /// Lets answers that have begun end, for two seconds, and takes no others.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

/// Starts the emulator of the API over a folder.
///
/// The runs in the folder are those that are there now. Each is served as long as its file does not change.
///
/// ```
/// # let folder = tempfile::tempdir()?;
/// std::fs::write(folder.path().join("audience.csv"), "email\nada@example.com\n")?;
/// let server = fillrate_serve::start(fillrate_serve::Settings::new(folder.path().into()))?;
/// assert!(server.address().ip().is_loopback());
/// server.stop()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// If the folder cannot be read or has no CSV, or the address cannot be listened on.
pub fn start(settings: Settings) -> Result<Server, Error> {
    let Settings { folder, listen, api_key, url_ttl, faults, row_cap, clock, log } = settings;
    let catalogue = Catalogue::read(&folder)?;
    let cannot_listen = |error: io::Error| {
        Error::new(format_args!("cannot listen on {listen}: {error}"), "choose another address or port")
    };
    let listener = TcpListener::bind(listen).map_err(cannot_listen)?;
    listener.set_nonblocking(true).map_err(cannot_listen)?;
    let address = listener.local_addr().map_err(cannot_listen)?;
    let no_threads = |error: io::Error| {
        Error::new(format_args!("cannot start threads: {error}"), "allow this process more of them")
    };
    let no_secret = |error| Error::new(format_args!("there is no randomness: {error}"), "try another system");
    let signer = Signer::random().map_err(no_secret)?;
    let key = KeyCheck::new(&api_key, Signer::random().map_err(no_secret)?);
    let faults = Faults::new(faults);
    let counter = AtomicU64::new(0);
    let app =
        Arc::new(App { catalogue, faults, key, signer, url_ttl, row_cap, clock, log, address, counter });
    introduce(&app);

    let runtime = Builder::new_multi_thread().enable_all().build().map_err(no_threads)?;
    let (sender, receiver) = watch::channel(false);
    let thread = thread::Builder::new().name("fillrate-serve".to_owned());
    let thread = thread.spawn(move || serve(runtime, listener, &app, receiver)).map_err(no_threads)?;
    Ok(Server { address, stopper: Stopper(Arc::new(sender)), thread: Some(thread) })
}

/// Begins the log with what is served.
fn introduce(app: &App) {
    let say = |line: &str| (app.log)(line);
    if !app.address.ip().is_loopback() {
        say(
            "warning: others can reach this address; this is a tool for development and tests, on one machine",
        );
    }
    app.catalogue.notes().iter().for_each(|note| say(note));
    let runs = app.catalogue.all();
    for run in runs.iter().take(SHOWN_RUNS) {
        say(&format!("/v1/intent/audiences/{}/runs/{} is {}", run.ids.audience, run.ids.run, run.shown_path));
    }
    if let Some(more) = runs.len().checked_sub(SHOWN_RUNS).filter(|&more| more > 0) {
        say(&format!("and {}", fillrate::counted(more as u64, "more run")));
    }
}

fn serve(
    runtime: Runtime,
    listener: TcpListener,
    app: &Shared,
    stop: watch::Receiver<bool>,
) -> io::Result<()> {
    let stopped = |mut stop: watch::Receiver<bool>| async move {
        // A server that nobody can stop any more is one that nobody holds any more.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let served = runtime.block_on(async {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        // Answers are written whole: there is nothing to wait for.
        let listener = listener.tap_io(|connection| drop(connection.set_nodelay(true)));
        let serving = axum::serve(listener, routes::router(app));
        let serving = tokio::spawn(serving.with_graceful_shutdown(stopped(stop.clone())).into_future());
        let abort = serving.abort_handle();
        tokio::spawn(async move {
            stopped(stop).await;
            // What stalls on purpose stalls now too.
            tokio::time::sleep(GRACE).await;
            abort.abort();
        });
        match serving.await {
            Ok(served) => served,
            Err(error) if error.is_cancelled() => Ok(()),
            Err(error) => Err(io::Error::other(error)),
        }
    });
    runtime.shutdown_background();
    served
}

impl Server {
    /// The address that is listened on, with the port that it got.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// What stops this server, for another thread.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Waits until somebody stops the server.
    ///
    /// # Errors
    ///
    /// If it ended by itself.
    pub fn wait(mut self) -> Result<(), Error> {
        let ended = |error| Error::new(format_args!("the server ended: {error}"), "start it again");
        match self.thread.take().map(JoinHandle::join) {
            None | Some(Ok(Ok(()))) => Ok(()),
            Some(Ok(Err(error))) => Err(ended(error.to_string())),
            Some(Err(_)) => Err(ended("a thread panicked".to_owned())),
        }
    }

    /// Lets answers that have begun end, for two seconds, and stops.
    ///
    /// # Errors
    ///
    /// As [`wait`](Self::wait).
    pub fn stop(self) -> Result<(), Error> {
        self.stopper.stop();
        self.wait()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stopper.stop();
    }
}
