//! An HTTP client that hides nothing: what is on the wire, and how it ended.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long nothing comes before it is taken for a stall: longer than a busy machine keeps a thread waiting.
const STALL: Duration = Duration::from_secs(2);

/// How much of an endless body is read.
const MOST_BYTES: usize = 4 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With the bytes that were announced, or the last chunk.
    Complete,
    /// The connection was closed before.
    Cut,
    /// Nothing more came, but the connection is open.
    Stalled,
    /// There is more than anybody wants.
    Endless,
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) end: End,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&self.body)))
    }

    pub(crate) fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn request(address: SocketAddr, method: &str, target: &str, headers: &[(&str, &str)]) -> Answer {
    let mut connection = TcpStream::connect(address).unwrap();
    let mut head = format!("{method} {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    connection.write_all((head + "\r\n").as_bytes()).unwrap();
    connection.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
    let mut reader = BufReader::new(connection);
    let (status, headers) = read_head(&mut reader);
    let mut answer = Answer { status, headers, body: Vec::new(), end: End::Complete };
    if method != "HEAD" {
        reader.get_ref().set_read_timeout(Some(STALL)).unwrap();
        answer.end = match answer.header("content-length").map(|length| length.parse().unwrap()) {
            Some(length) => read(&mut reader, length, &mut answer.body),
            None => read_chunks(&mut reader, &mut answer.body),
        };
    }
    answer
}

fn read_head(reader: &mut impl BufRead) -> (u16, Vec<(String, String)>) {
    let status = line(reader).split(' ').nth(1).unwrap().parse().unwrap();
    let mut headers = Vec::new();
    loop {
        let line = line(reader);
        let Some((name, value)) = line.split_once(": ") else { break };
        headers.push((name.to_lowercase(), value.to_owned()));
    }
    (status, headers)
}

fn line(reader: &mut impl BufRead) -> String {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

fn read(reader: &mut impl Read, length: usize, body: &mut Vec<u8>) -> End {
    let mut buffer = [0; 4096];
    let mut left = length;
    while left > 0 {
        let want = left.min(buffer.len());
        match reader.read(&mut buffer[..want]) {
            Ok(0) => return End::Cut,
            Ok(count) => {
                body.extend_from_slice(&buffer[..count]);
                left -= count;
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                return End::Stalled;
            }
            Err(error) if error.kind() == ErrorKind::ConnectionReset => return End::Cut,
            Err(error) => panic!("{error}"),
        }
    }
    End::Complete
}

fn read_chunks(reader: &mut impl BufRead, body: &mut Vec<u8>) -> End {
    while body.len() < MOST_BYTES {
        let mut size = String::new();
        if reader.read_line(&mut size).unwrap() == 0 {
            return End::Cut;
        }
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        if size == 0 {
            return End::Complete;
        }
        let end = read(reader, size, body);
        if end != End::Complete {
            return end;
        }
        assert_eq!(line(reader), "");
    }
    End::Endless
}

/// Asks for something large, and does something else when its head is here and before the rest is read.
pub(crate) fn request_meanwhile(address: SocketAddr, target: &str, meanwhile: impl FnOnce()) -> Answer {
    let mut connection = TcpStream::connect(address).unwrap();
    let head = format!("GET {target} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    connection.write_all(head.as_bytes()).unwrap();
    let mut reader = BufReader::new(connection);
    let (status, headers) = read_head(&mut reader);
    meanwhile();
    let mut answer = Answer { status, headers, body: Vec::new(), end: End::Complete };
    let length = answer.header("content-length").unwrap().parse().unwrap();
    answer.end = read(&mut reader, length, &mut answer.body);
    answer
}
