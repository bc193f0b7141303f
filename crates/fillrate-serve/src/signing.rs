//! Signatures of download links: they hold for one path and until one second, and for this process alone.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Signs with a secret that nobody knows.
#[derive(Clone)]
pub(crate) struct Signer(Hmac<Sha256>);

impl Signer {
    /// With a secret of the system's randomness.
    pub(crate) fn random() -> Result<Self, getrandom::Error> {
        let mut secret = [0; 64];
        getrandom::fill(&mut secret)?;
        Ok(Self(Hmac::new(&secret.into())))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 32] {
        self.0.clone().chain_update(message).finalize().into_bytes().into()
    }

    /// Whether it is the signature of this message; found out in constant time.
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 32]) -> bool {
        self.0.clone().chain_update(message).verify_slice(signature).is_ok()
    }

    /// The query that makes a link to a path valid until a second since 1970.
    pub(crate) fn query(&self, path: &str, expires: u64) -> String {
        let signature = self.sign(link(path, expires).as_bytes());
        format!("expires={expires}&signature={}", base16ct::lower::encode_string(&signature))
    }

    /// Whether a link is one that was signed, whether or not it has expired.
    pub(crate) fn is_link(&self, path: &str, expires: u64, signature: &str) -> bool {
        fillrate::sha256_bytes(signature.as_bytes())
            .is_some_and(|signature| self.verifies(link(path, expires).as_bytes(), &signature))
    }
}

fn link(path: &str, expires: u64) -> String {
    format!("{path}\n{expires}")
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::Signer;

    #[test]
    fn a_link_holds_for_its_path_its_time_and_its_process() {
        let signer = Signer::random().unwrap();
        let query = signer.query("/downloads/a.csv", 5);
        let signature = query.strip_prefix("expires=5&signature=").unwrap();
        assert!(signer.is_link("/downloads/a.csv", 5, signature));
        assert!(!signer.is_link("/downloads/b.csv", 5, signature));
        assert!(!signer.is_link("/downloads/a.csv", 6, signature));
        assert!(!signer.is_link("/downloads/a.csv", 5, &signature[1..]));
        assert!(!signer.is_link("/downloads/a.csv", 5, ""));
        assert!(!Signer::random().unwrap().is_link("/downloads/a.csv", 5, signature));
        for at in 0..signature.len() {
            let mut altered = signature.to_owned();
            let other = if &signature[at..=at] == "0" { "1" } else { "0" };
            altered.replace_range(at..=at, other);
            assert!(!signer.is_link("/downloads/a.csv", 5, &altered), "{at}");
        }
    }
}
