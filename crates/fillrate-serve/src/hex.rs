//! Bytes as text.

use std::fmt::Write as _;

/// Two digits for each byte, in lower case.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Nothing fails that writes to a text.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}
