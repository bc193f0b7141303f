//! Percents that are written otherwise.

use super::super::check::Subject;
use super::ExplanationKind;
use super::hypothesis::{Hypothesis, Reach};
use crate::fraction::Fraction;
use crate::reported::Exact;
use crate::stats::Percent;

/// How a share may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// In percent, cut to its decimals.
    Truncated,
    /// As a number from 0 to 1.
    Fraction,
}

impl Notation {
    pub(super) const ALL: [Self; 2] = [Self::Truncated, Self::Fraction];

    /// Whether a number is what a share is written as.
    pub(super) fn fits(self, written: Exact, share: Percent) -> bool {
        match self {
            // At least two, as where they are rounded: trailing zeros may have been dropped.
            Self::Truncated => is_truncated(written, share.fraction(), written.decimals.max(2)) == Some(true),
            Self::Fraction => {
                // 0.6821 for 68.21 percent, by the same rule.
                let percent = Exact { value: written.value, decimals: written.decimals.saturating_sub(2) };
                let value = match written.decimals {
                    0 => written.value.checked_mul(100),
                    1 => written.value.checked_mul(10),
                    _ => Some(percent.value),
                };
                value.and_then(|value| share.rounds_to(value, percent.decimals)) == Some(true)
            }
        }
    }
}

/// Whether a number is an exact value without what is behind so many decimals.
fn is_truncated(written: Exact, exact: Fraction, decimals: u32) -> Option<bool> {
    let scale = 10_i128.checked_pow(decimals)?;
    let written = written.value.checked_mul(10_i128.checked_pow(decimals - written.decimals)?)?;
    Some(exact.numerator.checked_mul(scale)? / exact.denominator == written)
}

impl Hypothesis for Notation {
    fn kind(&self) -> ExplanationKind {
        match self {
            Self::Truncated => ExplanationKind::PercentTruncated,
            Self::Fraction => ExplanationKind::PercentAsFraction,
        }
    }

    fn because(&self, _: Subject) -> String {
        match self {
            Self::Truncated => "The API cuts percents to their decimals instead of rounding them.",
            Self::Fraction => "The API reports percents on a scale from 0 to 1.",
        }
        .to_owned()
    }

    fn reach(&self) -> Reach {
        Reach::All
    }

    fn notation(&self) -> Option<Notation> {
        Some(*self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_read_as_it_is_written() {
        let share = Percent::new(2, 3); // 66.666…
        for (text, truncated, fraction) in [
            ("66.66", true, false),
            ("66.67", false, false),
            ("66.6", false, false),
            ("66", false, false),
            ("66.666", true, false),
            ("67", false, false),
            ("0.6667", false, true),
            ("0.66667", false, true),
            ("0.6666", false, false),
            ("0.67", false, false),
            ("1", false, false),
        ] {
            let exact = Exact::parse(text).unwrap();
            let fits = |notation: Notation| notation.fits(exact, share);
            assert_eq!(
                (fits(Notation::Truncated), fits(Notation::Fraction)),
                (truncated, fraction),
                "{text}"
            );
        }
        assert!(Notation::Truncated.fits(Exact::parse("68.2").unwrap(), Percent::new(68_209, 100_000)));
        let written =
            |text: &str, count| Notation::Fraction.fits(Exact::parse(text).unwrap(), Percent::new(count, 2));
        assert!(written("1", 2) && written("0.5", 1) && written("0", 0));
    }
}
