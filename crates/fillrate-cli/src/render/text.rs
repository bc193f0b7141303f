//! Small pieces of text.

use fillrate::{Place, grouped};

/// A bar of up to `width` characters, in eighths of one.
pub(super) fn bar(count: u64, total: u64, width: usize) -> String {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let eighths = u128::from(count) * width as u128 * 8 / u128::from(total.max(1));
    // No count is above the total, so this is at most the width in eighths.
    let eighths = usize::try_from(eighths).unwrap_or(0);
    let mut bar = "█".repeat(eighths / 8);
    if eighths % 8 > 0 || count > 0 && eighths == 0 {
        bar.push(EIGHTHS[(eighths % 8).max(1)]);
    }
    bar
}

/// How many decimals a printed number has.
pub(super) fn decimals(number: &str) -> usize {
    number.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

/// A printed number with room for the decimals that it lacks, so that points align: `68.21`, `10.6 `, `100   `.
pub(super) fn aligned(number: &str, most: usize) -> String {
    let with_point = |decimals: usize| if decimals == 0 { 0 } else { decimals + 1 };
    let space = with_point(most).saturating_sub(with_point(decimals(number)));
    format!("{number}{:space$}", "")
}

/// `3 at line 2 (byte 14), line 5 (byte 80), …, line 90 (byte 1,204)`.
pub(super) fn places(count: u64, first: &[Place], last: &Place) -> String {
    let place = |place: &Place| format!("line {} (byte {})", grouped(place.line), grouped(place.byte));
    let mut list: Vec<String> = first.iter().take(3).map(place).collect();
    if count > 3 {
        if count > 4 {
            list.push("…".to_owned());
        }
        list.push(place(last));
    }
    list.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_fill_their_width_and_show_every_count_above_0() {
        assert_eq!(bar(0, 10, 4), "");
        assert_eq!(bar(10, 10, 4), "████");
        assert_eq!(bar(5, 10, 4), "██");
        assert_eq!(bar(9, 16, 2), "█▏");
        assert_eq!(bar(1, 1_000_000, 4), "▏");
        assert_eq!(bar(0, 0, 4), "");
        assert_eq!(bar(u64::MAX, u64::MAX, 20).chars().count(), 20);
    }

    #[test]
    fn points_align() {
        assert_eq!(["100", "68.21", "10.6"].map(|number| aligned(number, 2)), ["100   ", "68.21", "10.6 "]);
        assert_eq!(["100", "7"].map(|number| aligned(number, 0)), ["100", "7"]);
    }
}
