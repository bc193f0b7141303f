//! Whether a whole text is one JSON value: the API's answer under the name of an export.

use std::io::{self, BufReader, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::format;
use crate::error::{Error, ErrorKind};

/// Deeper than any answer, and what bounds the memory: the parser remembers a byte for each level.
const MOST_LEVELS: usize = 1 << 20;

/// Whether a text may be an object or an array.
pub(super) fn begins(head: &[u8]) -> bool {
    matches!(format::without_bom(head).trim_ascii_start(), [b'{' | b'[', ..])
}

/// Whether a text is one JSON value, and nothing behind it. Reads as far as it may still be one.
pub(super) fn is_one_value(text: impl Read) -> io::Result<bool> {
    let mut text = BufReader::new(text);
    io::BufRead::fill_buf(&mut text)?;
    let bom = text.buffer().len() - format::without_bom(text.buffer()).len();
    io::BufRead::consume(&mut text, bom);
    let mut json =
        serde_json::Deserializer::from_reader(Levels { text, open: 0, in_string: false, escaped: false });
    match IgnoredAny::deserialize(&mut json).and_then(|_| json.end()) {
        Ok(()) => Ok(true),
        Err(error) if error.is_io() => Err(error.into()),
        Err(_) => Ok(false),
    }
}

/// The refusal of a text that is JSON, of which `head` is all if it is short.
pub(super) fn refusal(head: &[u8]) -> Error {
    let (what, advice) = match serde_json::from_slice(format::without_bom(head)) {
        Ok(answer) if is_waiting(&answer) => (
            "this says that the run is queued or running; it is no CSV",
            "download the export when it is completed",
        ),
        Ok(answer) if !answer["error"].is_null() || !answer["message"].is_null() => {
            ("this is an error answer of the API, not CSV", "download the export again")
        }
        _ => ("this is JSON, not CSV", "give the CSV; a report goes to `--stats` or `--export`"),
    };
    Error::new(ErrorKind::NotCsv, what, advice)
}

/// Whether an answer says, in one of the places where the API does so, that there is no result yet.
fn is_waiting(answer: &Value) -> bool {
    let data = &answer["data"];
    [answer, data, &answer["run"], &answer["export"], &data["run"], &data["export"]].iter().any(|object| {
        matches!(object["status"].as_str(), Some("queued" | "pending" | "running" | "processing"))
    })
}

/// A text that ends where it is nested too deep.
struct Levels<R> {
    text: R,
    open: usize,
    in_string: bool,
    escaped: bool,
}

impl<R: Read> Read for Levels<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        if self.open > MOST_LEVELS {
            return Ok(0);
        }
        let count = self.text.read(room)?;
        for byte in &room[..count] {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = self.in_string,
                b'"' => self.in_string = !self.in_string,
                b'{' | b'[' if !self.in_string => self.open += 1,
                b'}' | b']' if !self.in_string => self.open = self.open.saturating_sub(1),
                _ => {}
            }
        }
        Ok(count)
    }
}

/// Looks at a stream that is read by somebody else, on a thread of its own: the parser asks for bytes, and so does who
/// counts them.
pub(super) struct Watch {
    sender: SyncSender<Vec<u8>>,
    thread: JoinHandle<io::Result<bool>>,
}

impl Watch {
    pub(super) fn new() -> io::Result<Self> {
        let (sender, receiver) = sync_channel(1);
        let pieces = Pieces { receiver, piece: io::Cursor::default() };
        Ok(Self { sender, thread: thread::Builder::new().spawn(|| is_one_value(pieces))? })
    }

    /// Takes the next bytes of the stream; says whether it may still be JSON.
    pub(super) fn push(&self, bytes: &[u8]) -> bool {
        self.sender.send(bytes.to_vec()).is_ok()
    }

    /// Whether all of it was one value.
    pub(super) fn finish(self) -> bool {
        drop(self.sender);
        matches!(self.thread.join(), Ok(Ok(true)))
    }
}

/// What was sent, as one text.
struct Pieces {
    receiver: Receiver<Vec<u8>>,
    piece: io::Cursor<Vec<u8>>,
}

impl Read for Pieces {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.piece.read(room)? {
                0 => match self.receiver.recv() {
                    Ok(piece) => self.piece = io::Cursor::new(piece),
                    Err(_) => return Ok(0),
                },
                count => return Ok(count),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Never in pieces so short that they cut a BOM: those of a stream are a buffer long.
    fn is_json(text: &str) -> bool {
        let watch = Watch::new().unwrap();
        text.as_bytes().chunks(3 + text.len() / 20).all(|piece| watch.push(piece));
        let watched = watch.finish();
        let read = is_one_value(text.as_bytes()).unwrap();
        assert_eq!(watched, read, "{text:.80}");
        read
    }

    #[test]
    fn is_the_whole_text_or_none() {
        for text in [
            "{}",
            "[]",
            "\u{feff}{}",
            "\u{feff} \r\n [1, 2.5e3, null, true, \"\"]\n\n",
            r#"{"a": {"b": "]]]}}}\"[[["}, "c": "\\"}"#,
            "{\"a\": 1, \"a\": 2}",
        ] {
            assert!(begins(text.as_bytes()) && is_json(text), "{text}");
        }
        for text in
            ["{\"a\": 1}\n{\"a\": 2}\n", "{}x", "[1", "[a],b\n1,2\n", "{\"a\", \"b\"}", "[\"a\n\"]", "[}"]
        {
            assert!(begins(text.as_bytes()) && !is_json(text), "{text}");
        }
        for text in ["", " ", "\u{feff}", "a,[]", "\"{}\"", "1", "null"] {
            assert!(!begins(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn nesting_takes_bounded_memory() {
        let nested = |levels: usize| "[".repeat(levels) + &"]".repeat(levels);
        assert!(is_json(&nested(MOST_LEVELS)));
        assert!(!is_json(&nested(MOST_LEVELS + 1)));
        // What is in strings opens nothing.
        assert!(is_json(&format!("[\"{}\"]", "[".repeat(MOST_LEVELS + 1))));
        // The other end may be far away: it is not looked for.
        let mut endless = io::repeat(b'[');
        assert!(!is_one_value(&mut endless).unwrap());
    }
}
