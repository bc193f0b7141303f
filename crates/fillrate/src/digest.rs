//! Digests that are written as text.

/// The bytes that a SHA-256 in lower-case hexadecimal stands for; `None` for any other text, so that no two texts are
/// taken for one.
///
/// ```
/// assert_eq!(fillrate::sha256_bytes("00ff".repeat(16).as_bytes()).map(|bytes| bytes[..2].to_vec()), Some(vec![0, 255]));
/// assert_eq!(fillrate::sha256_bytes("00FF".repeat(16).as_bytes()), None);
/// ```
#[must_use]
pub fn sha256_bytes(text: &[u8]) -> Option<[u8; 32]> {
    let text: &[u8; 64] = text.try_into().ok()?;
    let mut bytes = [0; 32];
    base16ct::lower::decode(text, &mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::sha256_bytes;

    #[test]
    fn only_lower_case_digests_are_packed() {
        let text = "00ff".repeat(16);
        assert_eq!(sha256_bytes(text.as_bytes()), Some([0x00, 0xFF].repeat(16).try_into().unwrap()));
        for other in [&text[1..], &text.to_uppercase(), &text.replace("ff", "fg"), &format!("{text}0"), ""] {
            assert_eq!(sha256_bytes(other.as_bytes()), None, "{other}");
        }
    }
}
