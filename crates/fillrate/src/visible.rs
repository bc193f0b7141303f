//! Text from outside, made safe to print.

use std::borrow::Cow;

/// Replaces whatever a terminal or an eye could be fooled with by its `\u{…}` escape: control characters, line
/// separators, bidirectional marks, variation selectors and zero-width characters.
///
/// ```
/// assert_eq!(fillrate::visible("jobTitle"), "jobTitle");
/// assert_eq!(fillrate::visible("job\u{1b}[31mTitle"), "job\\u{1b}[31mTitle");
/// ```
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if is_deceptive(c) {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    Cow::Owned(safe)
}

/// Whether a terminal or an eye could be fooled with a character: what [`visible`] escapes.
///
/// ```
/// assert!(fillrate::is_deceptive('\u{202e}'));
/// assert!(!fillrate::is_deceptive('ë'));
/// ```
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn escapes_what_deceives_and_nothing_else() {
        for (text, expected) in [
            ("Zoë Ünïcode 日本", "Zoë Ünïcode 日本"),
            ("a\nb\tc\r", "a\\u{a}b\\u{9}c\\u{d}"),
            ("\u{7f}\u{9b}31m", "\\u{7f}\\u{9b}31m"),
            ("cod\u{202e}vsc", "cod\\u{202e}vsc"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            // Found by the fuzz target `names`: it makes the digit before it two columns wide.
            ("3\u{fe0f}", "3\\u{fe0f}"),
            ("", ""),
        ] {
            assert_eq!(visible(text), expected);
        }
    }
}
