//! UUIDs: read, printed, and made up of a content.

use std::fmt;

use sha2::{Digest, Sha256};

/// A UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Uuid(u128);

/// Where the hyphens of a UUID are.
const HYPHENS: [usize; 4] = [8, 13, 18, 23];

impl Uuid {
    /// Reads the usual 36 characters, in either case; `None` for any other text.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        if text.len() != 36 {
            return None;
        }
        let mut value: u128 = 0;
        for (at, byte) in text.bytes().enumerate() {
            if HYPHENS.contains(&at) {
                if byte != b'-' {
                    return None;
                }
            } else {
                value = value << 4 | u128::from(char::from(byte).to_digit(16)?);
            }
        }
        Some(Self(value))
    }

    /// The same UUID for the same content, and for another purpose another one: of version 8, which leaves the bits to us.
    pub(crate) fn made_up(purpose: &str, content: &[u8]) -> Self {
        let digest = Sha256::new().chain_update(purpose).chain_update([0]).chain_update(content).finalize();
        let value = digest.iter().take(16).fold(0, |value: u128, &byte| value << 8 | u128::from(byte));
        let version_and_variant = 0xF000_u128 << 64 | 0b11_u128 << 62;
        Self(value & !version_and_variant | 0x8000_u128 << 64 | 0b10_u128 << 62)
    }

    /// Its bytes, to make other UUIDs of.
    pub(crate) fn bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |shift: u32, digits: u32| self.0 >> shift & ((1_u128 << (4 * digits)) - 1);
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            part(96, 8),
            part(80, 4),
            part(64, 4),
            part(48, 4),
            part(0, 12)
        )
    }
}

impl serde::Serialize for Uuid {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Uuid;

    #[test]
    fn what_is_read_is_printed() {
        let text = "ad53af16-efbc-4fe1-a764-ded7181653a1";
        assert_eq!(Uuid::parse(text).unwrap().to_string(), text);
        assert_eq!(Uuid::parse(&text.to_uppercase()), Uuid::parse(text));
        for other in [
            "",
            "ad53af16efbc4fe1a764ded7181653a1",
            &text[1..],
            &format!("{text}0"),
            &text.replace("efbc-", "efbcc"),
            &text.replace('a', "g"),
            &text.replace("ad53", "ad-3"),
            "../../../../../../../../etc/passwd-x",
            "ad53af16-efbc-4fe1-a764-ded7181653\u{e9}",
        ] {
            assert_eq!(Uuid::parse(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_made_up_is_stable_and_well_formed() {
        let uuid = Uuid::made_up("run", b"content");
        assert_eq!(uuid, Uuid::made_up("run", b"content"));
        assert_ne!(uuid, Uuid::made_up("audience", b"content"));
        assert_ne!(uuid, Uuid::made_up("run", b"contents"));
        let text = uuid.to_string();
        assert_eq!(Uuid::parse(&text), Some(uuid));
        assert_eq!(&text[14..15], "8");
        assert!("89ab".contains(&text[19..20]), "{text}");
    }
}
