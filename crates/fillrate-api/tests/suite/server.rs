//! A server that answers what a test says, byte by byte, and remembers every byte that it was sent.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What a connection is answered with, before it is closed.
pub(crate) enum Step {
    Send(Vec<u8>),
    Wait(Duration),
}

/// The head of a request.
pub(crate) struct Request {
    head: String,
    /// How many there were before it.
    pub(crate) number: usize,
}

impl Request {
    /// Method and target.
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap().trim_end_matches(" HTTP/1.1")
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    /// The first byte that is asked for, if it is not the first of the file.
    pub(crate) fn range(&self) -> Option<usize> {
        self.header("range")
            .map(|range| range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap())
    }
}

type Script = dyn Fn(&Request) -> Vec<Step> + Send + Sync;

/// Hands a stream on to what answers, encrypted or as it is.
type Wrap = dyn Fn(&mut dyn Duplex, &mut Answering<'_>) + Send + Sync;
pub(crate) type Answering<'a> = dyn FnMut(&mut dyn Duplex) + 'a;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    received: Arc<Mutex<Vec<u8>>>,
    requests: Arc<AtomicUsize>,
    is_over: Arc<AtomicBool>,
}

impl Server {
    pub(crate) fn new(script: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::over(Arc::new(|stream, answer| answer(stream)), script)
    }

    /// A server behind an encryption, which hands the stream in clear to what answers.
    pub(crate) fn over(
        wrap: Arc<Wrap>,
        script: impl Fn(&Request) -> Vec<Step> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            received: Arc::default(),
            requests: Arc::default(),
            is_over: Arc::default(),
        };
        let (received, requests) = (Arc::clone(&server.received), Arc::clone(&server.requests));
        let is_over = Arc::clone(&server.is_over);
        let script: Arc<Script> = Arc::new(script);
        thread::spawn(move || {
            for stream in listener.incoming() {
                if is_over.load(Ordering::SeqCst) {
                    break;
                }
                let (received, requests) = (Arc::clone(&received), Arc::clone(&requests));
                let (script, wrap) = (Arc::clone(&script), Arc::clone(&wrap));
                thread::spawn(move || {
                    let mut stream = stream.unwrap();
                    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
                    wrap(&mut stream, &mut |stream| {
                        let Some(head) = head(stream, &received) else { return };
                        let number = requests.fetch_add(1, Ordering::SeqCst);
                        play(stream, script(&Request { head, number }));
                    });
                });
            }
        });
        server
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Everything that was sent here.
    pub(crate) fn received(&self) -> String {
        String::from_utf8_lossy(&self.received.lock().unwrap()).into_owned()
    }

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes the thread up that waits for connections.
        let _ = TcpStream::connect(self.address);
    }
}

/// What can be read and written.
pub(crate) trait Duplex: Read + Write {}
impl<T: Read + Write> Duplex for T {}

fn head(stream: &mut dyn Duplex, received: &Mutex<Vec<u8>>) -> Option<String> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).ok()? == 0 {
            return None;
        }
        head.push(byte[0]);
        received.lock().unwrap().push(byte[0]);
    }
    String::from_utf8(head).ok()
}

/// A client that has gone is not missed.
fn play(stream: &mut dyn Duplex, steps: Vec<Step>) {
    for step in steps {
        match step {
            Step::Send(bytes) if stream.write_all(&bytes).and_then(|()| stream.flush()).is_err() => return,
            Step::Send(_) => {}
            Step::Wait(time) => thread::sleep(time),
        }
    }
}

/// An answer with a body of the length that it says.
pub(crate) fn reply(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<Step> {
    let length = body.as_ref().len().to_string();
    raw(status, &[headers, &[("Content-Length", &length)]].concat(), body)
}

/// An answer with no headers but these.
pub(crate) fn raw(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<Step> {
    let mut answer = format!("HTTP/1.1 {status} Whatever\r\nConnection: close\r\n");
    for (name, value) in headers {
        answer += &format!("{name}: {value}\r\n");
    }
    answer += "\r\n";
    vec![Step::Send([answer.as_bytes(), body.as_ref()].concat())]
}
