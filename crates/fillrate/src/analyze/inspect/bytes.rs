//! The file with some bytes changed back.

use std::io;
use std::ops::Range;

use sha1::{Digest, Sha1};

use crate::source::{Sha1Digest, Whole};

/// What a program may have done to the ends of lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineEnds {
    /// Nothing.
    AsIs,
    /// Every CR before an LF is left out.
    Lf,
    /// Every LF without a CR gets one.
    CrLf,
}

/// A size and a digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bytes {
    pub(crate) size: u64,
    pub(crate) sha1: Sha1Digest,
}

pub(in crate::analyze) fn bytes_without(
    whole: &Whole,
    left_out: &[Range<u64>],
    line_ends: LineEnds,
) -> io::Result<Bytes> {
    let mut rewriter = Rewriter { line_ends, after_cr: false, size: 0, sha1: Sha1::new() };
    let mut start = 0;
    for end in left_out.iter().chain([&(whole.size()..whole.size())]) {
        let mut window = whole.window(start.min(end.start)..end.start);
        // A range may lie in the one before: a quote in a record that is left out.
        start = start.max(end.end);
        loop {
            let bytes = window.fill()?;
            if bytes.is_empty() {
                break;
            }
            rewriter.bytes(bytes);
            let count = bytes.len();
            window.advance(count);
        }
    }
    Ok(rewriter.finish())
}

struct Rewriter {
    line_ends: LineEnds,
    /// Whether the byte before was a CR; with [`LineEnds::Lf`] it is held back.
    after_cr: bool,
    size: u64,
    sha1: Sha1,
}

impl Rewriter {
    fn bytes(&mut self, bytes: &[u8]) {
        if self.line_ends == LineEnds::AsIs {
            return self.put(bytes);
        }
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (line, ended) = line.strip_suffix(b"\n").map_or((line, false), |line| (line, true));
            self.line(line, ended);
        }
    }

    /// Takes the next piece of a line, and its LF.
    fn line(&mut self, line: &[u8], ended: bool) {
        if self.line_ends == LineEnds::CrLf {
            self.put(line);
            let after_cr = line.last().map_or(self.after_cr, |&byte| byte == b'\r');
            if ended {
                self.put(if after_cr { &b"\n"[..] } else { b"\r\n" });
            }
            self.after_cr = after_cr && !ended;
            return;
        }
        if self.after_cr && !line.is_empty() {
            self.put(b"\r");
            self.after_cr = false;
        }
        let line = line.strip_suffix(b"\r").map_or(line, |line| {
            self.after_cr = true;
            line
        });
        self.put(line);
        if ended {
            self.after_cr = false;
            self.put(b"\n");
        }
    }

    fn put(&mut self, bytes: &[u8]) {
        self.size += bytes.len() as u64;
        self.sha1.update(bytes);
    }

    fn finish(mut self) -> Bytes {
        if self.after_cr && self.line_ends == LineEnds::Lf {
            self.put(b"\r");
        }
        Bytes { size: self.size, sha1: self.sha1.finalize().into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes_of(text: &[u8]) -> Bytes {
        bytes_without(&Whole::in_memory(text.to_vec()), &[], LineEnds::AsIs).unwrap()
    }

    #[test]
    fn line_ends_are_changed_back() {
        for (text, lf, crlf) in [
            ("", "", ""),
            ("a\r\nb\n", "a\nb\n", "a\r\nb\r\n"),
            ("a\rb\r", "a\rb\r", "a\rb\r"),
            ("\r\r\n\n", "\r\n\n", "\r\r\n\r\n"),
        ] {
            let whole = Whole::in_memory(text.as_bytes().to_vec());
            let of = |line_ends| bytes_without(&whole, &[], line_ends).unwrap();
            assert_eq!(of(LineEnds::Lf), bytes_of(lf.as_bytes()), "{text:?}");
            assert_eq!(of(LineEnds::CrLf), bytes_of(crlf.as_bytes()), "{text:?}");
        }
    }

    #[test]
    fn a_range_may_lie_in_another_one() {
        let whole = Whole::in_memory(b"0123456789".to_vec());
        for (left_out, expected) in
            [([2..6, 3..4], "016789"), ([2..6, 5..8], "0189"), ([0..2, 2..3], "3456789")]
        {
            let bytes = bytes_without(&whole, &left_out, LineEnds::AsIs).unwrap();
            assert_eq!(bytes, bytes_of(expected.as_bytes()), "{left_out:?}");
        }
    }

    proptest! {
        /// Wherever the bytes are cut.
        #[test]
        fn pieces_are_as_good_as_the_whole(text in "[a\r\n]{0,12}", cut in 0..13_usize) {
            let (first, second) = text.as_bytes().split_at(cut.min(text.len()));
            for (line_ends, end) in [(LineEnds::Lf, "\n"), (LineEnds::CrLf, "\r\n")] {
                let mut rewriter = Rewriter { line_ends, after_cr: false, size: 0, sha1: Sha1::new() };
                rewriter.bytes(first);
                rewriter.bytes(second);
                let expected = text.replace("\r\n", "\n").replace('\n', end);
                prop_assert_eq!(rewriter.finish(), bytes_of(expected.as_bytes()));
            }
        }

        #[test]
        fn ranges_are_left_out(text in "[a-c\n]{0,20}", at in 0..20_u64, long in 0..5_u64) {
            let size = text.len() as u64;
            let range = at.min(size)..(at + long).min(size);
            let whole = Whole::in_memory(text.clone().into_bytes());
            let of = bytes_without(&whole, std::slice::from_ref(&range), LineEnds::AsIs).unwrap();
            let mut expected = text.into_bytes();
            expected.drain(usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap());
            prop_assert_eq!(of, bytes_of(&expected));
        }
    }
}
