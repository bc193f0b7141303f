//! Exact values of all kinds, to be compared with each other.

/// `numerator` / `denominator`, the latter above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fraction {
    pub(crate) numerator: i128,
    pub(crate) denominator: i128,
}

impl Fraction {
    /// Whether the two are at most `most` apart; `None` if that takes too many digits.
    pub(crate) fn is_within(self, other: Self, most: Self) -> Option<bool> {
        // |a/b − c/d| ≤ e/f
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        let apart = left.checked_sub(right)?.checked_abs()?.checked_mul(most.denominator)?;
        let denominators = self.denominator.checked_mul(other.denominator)?;
        Some(apart <= most.numerator.checked_mul(denominators)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_rounded() {
        let fraction = |numerator, denominator| Fraction { numerator, denominator };
        let third = fraction(100, 3);
        for (reported, expected) in [
            (fraction(33_325, 1_000), false),
            (fraction(333_383, 10_000), true),
            (fraction(333_384, 10_000), false),
            (third, true),
        ] {
            assert_eq!(reported.is_within(third, fraction(5, 1_000)), Some(expected), "{reported:?}");
        }
        assert_eq!(fraction(-1, 2).is_within(fraction(1, 2), fraction(1, 1)), Some(true));
        assert_eq!(fraction(i128::MAX, 1).is_within(third, fraction(1, 1)), None);
    }
}
