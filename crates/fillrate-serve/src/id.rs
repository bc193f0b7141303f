//! UUIDs: read strictly, and made up of a content.

use sha2::{Digest, Sha256};
use uuid::fmt::Hyphenated;
use uuid::{Builder, Uuid};

/// Reads the usual 36 characters, in either case; `None` for any other text, and so for the other forms of a UUID.
pub(crate) fn parse(text: &str) -> Option<Uuid> {
    text.parse().ok().map(Hyphenated::into_uuid)
}

/// The same UUID for the same content, and for another purpose another one: of version 8, which leaves the bits to us.
pub(crate) fn made_up(purpose: &str, content: &[u8]) -> Uuid {
    let digest = Sha256::new().chain_update(purpose).chain_update([0]).chain_update(content).finalize();
    Builder::from_custom_bytes(std::array::from_fn(|at| digest[at])).into_uuid()
}

#[cfg(test)]
mod tests {
    use super::{made_up, parse};

    #[test]
    fn what_is_read_is_printed() {
        let text = "ad53af16-efbc-4fe1-a764-ded7181653a1";
        assert_eq!(parse(text).unwrap().to_string(), text);
        assert_eq!(parse(&text.to_uppercase()), parse(text));
        for other in [
            "",
            "ad53af16efbc4fe1a764ded7181653a1",
            &format!("{{{text}}}"),
            &format!("urn:uuid:{text}"),
            &text[1..],
            &format!("{text}0"),
            &text.replace("efbc-", "efbcc"),
            &text.replace('a', "g"),
            &text.replace("ad53", "ad-3"),
            "../../../../../../../../etc/passwd-x",
            "ad53af16-efbc-4fe1-a764-ded7181653\u{e9}",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn what_is_made_up_is_stable_and_well_formed() {
        let uuid = made_up("run", b"content");
        assert_eq!(uuid, made_up("run", b"content"));
        assert_ne!(uuid, made_up("audience", b"content"));
        assert_ne!(uuid, made_up("run", b"contents"));
        let text = uuid.to_string();
        assert_eq!(parse(&text), Some(uuid));
        assert_eq!(&text[14..15], "8");
        assert!("89ab".contains(&text[19..20]), "{text}");
    }
}
