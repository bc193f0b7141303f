//! Numbers in sentences.

/// A count with its digits in groups of three.
///
/// ```
/// assert_eq!(fillrate::grouped(1_234_567), "1,234,567");
/// ```
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A count with what is counted.
///
/// ```
/// assert_eq!(fillrate::counted(1, "record"), "1 record");
/// assert_eq!(fillrate::counted(2_000, "record"), "2,000 records");
/// ```
#[must_use]
pub fn counted(count: u64, singular: &str) -> String {
    format!("{} {singular}{}", grouped(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn groups_digits() {
        for (count, expected) in
            [(0, "0"), (999, "999"), (1_000, "1,000"), (18_450, "18,450"), (1_234_567, "1,234,567")]
        {
            assert_eq!(grouped(count), expected);
        }
    }
}
