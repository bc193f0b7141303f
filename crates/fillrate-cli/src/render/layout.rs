//! Columns side by side: how wide each is, and where its text is wrapped.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::document::{Column, Kind};

/// What stands before every column.
pub(super) const GAP: usize = 2;

/// A shorter bar says too little for the room that it takes.
const SHORTEST_BAR: usize = 6;

/// How wide each column is on a screen, where it would fill `natural` if there were room; 0 if it is left out.
///
/// Every column gets the least that it can be read in. Names get what is left, then values, then sentences, which are
/// easily read in several lines, and then bars.
pub(super) fn widths(columns: &[Column], natural: &[usize], screen: usize) -> Vec<usize> {
    // One very long name must not take the room of everything else.
    let most = |at: usize| match columns[at].kind {
        Kind::Name => natural[at].min(screen / 2),
        _ => natural[at],
    };
    let least = |at: usize| match columns[at].kind {
        Kind::Label | Kind::Number => natural[at],
        Kind::Value => natural[at].min(10),
        Kind::Name => natural[at].min(12),
        Kind::Prose => natural[at].min(14),
        Kind::Places => natural[at].min(30),
        Kind::Bar => 0,
    };
    let mut widths: Vec<usize> = (0..columns.len()).map(least).collect();
    let mut rest = screen.saturating_sub(widths.iter().map(|width| GAP + width).sum());
    for kind in [Kind::Name, Kind::Value, Kind::Places, Kind::Prose, Kind::Bar] {
        let mut of_kind: Vec<usize> = (0..columns.len()).filter(|&at| columns[at].kind == kind).collect();
        // Whoever wants little gets it, and leaves more to the others.
        of_kind.sort_by_key(|&at| most(at) - widths[at]);
        for (done, &at) in of_kind.iter().enumerate() {
            let more = (most(at) - widths[at]).min(rest / (of_kind.len() - done));
            widths[at] += more;
            rest -= more;
        }
        for &at in of_kind.iter().filter(|_| kind == Kind::Value) {
            let width = even(natural[at], widths[at]);
            rest += widths[at] - width;
            widths[at] = width;
        }
    }
    for (width, column) in widths.iter_mut().zip(columns) {
        if column.kind == Kind::Bar && *width < SHORTEST_BAR {
            *width = 0;
        }
    }
    widths
}

/// The width up to `most` that makes lines of one length out of a text: digests look best so.
fn even(text: usize, most: usize) -> usize {
    text.div_ceil(text.div_ceil(most.max(1)).max(1))
}

/// Cuts a text into lines of at most `width` columns: where its kind may be cut if possible, and anywhere if not.
pub(super) fn wrap(text: &str, kind: Kind, width: usize) -> Vec<&str> {
    let whole = text.width();
    if whole <= width {
        return vec![text];
    }
    let width = if kind == Kind::Value { even(whole, width) } else { width };
    let mut lines = Vec::new();
    // Where the line starts and how wide it is so far; and both for the last place where it may be cut.
    let (mut start, mut used) = (0, 0);
    let mut cut = None;
    for (at, c) in text.char_indices() {
        if at > start && may_be_cut(&text[..at], c, kind) {
            cut = Some((at, used));
        }
        let wide = c.width().unwrap_or(0);
        // A space may hang over the end: it is not printed there.
        if used + wide > width && at > start && c != ' ' {
            let (end, before) = cut.take().unwrap_or((at, used));
            lines.push(text[start..end].trim_end());
            start = end;
            used -= before;
        }
        used += wide;
    }
    lines.push(text[start..].trim_end());
    lines
}

/// Whether a new line may start with `next`, behind `head`.
fn may_be_cut(head: &str, next: char, kind: Kind) -> bool {
    let last = head.chars().next_back().unwrap_or(' ');
    match kind {
        Kind::Name => next == '.' || " _-/".contains(last) || last.is_lowercase() && next.is_uppercase(),
        Kind::Prose => last == ' ' && next != ' ',
        Kind::Places => head.ends_with(", "),
        Kind::Label | Kind::Number | Kind::Value | Kind::Bar => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_where_their_kind_may_be() {
        let table: &[(&str, Kind, usize, &[&str])] = &[
            ("fillRates.linkedinUrl.count", Kind::Name, 27, &["fillRates.linkedinUrl.count"]),
            ("fillRates.linkedinUrl.percent", Kind::Name, 28, &["fillRates.linkedinUrl", ".percent"]),
            ("company_industry_group", Kind::Name, 20, &["company_industry_", "group"]),
            ("primaryContactEmail", Kind::Name, 14, &["primaryContact", "Email"]),
            ("nowhere", Kind::Name, 3, &["now", "her", "e"]),
            // Found by fuzzing: the space that hangs over the end of the last line made the table a column too wide.
            ("spaces at the end  ", Kind::Name, 6, &["spaces", "at the", "end"]),
            ("the end ", Kind::Name, 7, &["the end"]),
            ("日本語の列名", Kind::Name, 5, &["日本", "語の", "列名"]),
            ("a sentence of words", Kind::Prose, 10, &["a sentence", "of words"]),
            ("line 1 (byte 2), line 3 (byte 4)", Kind::Places, 31, &["line 1 (byte 2),", "line 3 (byte 4)"]),
            ("0123456789", Kind::Value, 9, &["01234", "56789"]),
            ("", Kind::Name, 0, &[""]),
            ("a", Kind::Name, 0, &["a"]),
        ];
        for (text, kind, width, lines) in table {
            assert_eq!(wrap(text, *kind, *width), *lines, "{text} in {width}");
        }
    }

    /// Whatever is in them, columns fit on a screen of 60 as long as there are few short ones.
    #[test]
    fn no_width_overflows() {
        let kinds = [Kind::Label, Kind::Name, Kind::Value, Kind::Label, Kind::Prose];
        let columns = kinds.map(|kind| Column { title: "", kind });
        let lengths = [0, 1, 9, 10, 11, 12, 13, 16, 17, 40, 41, 97, 1_000_000];
        for (name, value) in lengths.into_iter().flat_map(|name| lengths.map(|value| (name, value))) {
            for prose in lengths {
                // `not-checkable` is the longest status.
                let widths = widths(&columns, &[1, name, value, 13, prose], 60);
                assert!(widths.iter().map(|width| GAP + width).sum::<usize>() <= 60, "{widths:?}");
            }
        }
    }

    #[test]
    fn names_come_before_values_and_bars_come_last() {
        let of = |kinds: &[Kind]| -> Vec<Column> {
            kinds.iter().map(|&kind| Column { title: "", kind }).collect()
        };
        let checks = of(&[Kind::Label, Kind::Name, Kind::Value, Kind::Value]);
        assert_eq!(widths(&checks, &[1, 20, 40, 40], 80), [1, 20, 20, 20]);
        assert_eq!(widths(&checks, &[1, 39, 40, 40], 80), [1, 39, 14, 14]);
        assert_eq!(widths(&checks, &[1, 39, 6, 6], 80), [1, 39, 6, 6]);
        assert_eq!(widths(&checks, &[1, 12, 36, 36], 80), [1, 12, 18, 18]);
        let fill_rates = of(&[Kind::Name, Kind::Number, Kind::Bar]);
        assert_eq!(widths(&fill_rates, &[20, 6, 20], 80), [20, 6, 20]);
        assert_eq!(widths(&fill_rates, &[200, 6, 20], 60), [30, 6, 18]);
        assert_eq!(widths(&fill_rates, &[44, 6, 20], 60), [30, 6, 18]);
        assert_eq!(widths(&fill_rates, &[20, 30, 20], 60), [20, 30, 0]);
    }
}
