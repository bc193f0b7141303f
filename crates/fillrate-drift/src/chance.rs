//! How likely a difference is if nothing has changed.
//!
//! p-values are the one kind of figure here that is a float. They are the same on every system: what is not plain
//! arithmetic is `libm`'s.

use serde::Serialize;

/// The test that a p-value is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Test {
    /// Two proportions, pooled, two-sided, without a correction for continuity: Pearson's chi-squared test.
    Z,
    /// Fisher's exact test, two-sided: all tables that are no more likely than this one.
    Fisher,
    /// Two counts that would be equal but for chance, as counts of independent events are: a normal distribution.
    Counts,
    /// The same by exact binomial sums.
    ExactCounts,
}

/// The least expected count with which a normal distribution is near enough: Cochran's rule.
const LEAST_EXPECTED: u128 = 5;

/// Up to so many in all, two counts are compared exactly.
const MOST_EXACT: u64 = 1_000;

/// Weights that differ by less are equal, but for rounding.
const EQUAL: f64 = 1.0 + 1e-7;

/// How likely two shares are that differ at least as much as `a` of `n` and `b` of `m`, if both are of one population.
///
/// # Panics
///
/// If a share is more than all, or all are more than 2⁶².
///
/// ```
/// use fillrate_drift::chance::{Test, two_proportions};
///
/// let (p, test) = two_proportions((60, 100), (40, 100));
/// assert!((p - 0.004_677_7).abs() < 1e-6 && test == Test::Z);
/// ```
#[must_use]
pub fn two_proportions((a, n): (u64, u64), (b, m): (u64, u64)) -> (f64, Test) {
    assert!(a <= n && b <= m, "a share of more than all");
    assert!(n.max(m) <= 1 << 62, "counts are up to 2⁶²");
    let wide = |count: u64| u128::from(count);
    let (yes, all) = (wide(a) + wide(b), wide(n) + wide(m));
    let no = all - yes;
    let smallest = yes.min(no) * wide(n.min(m));
    if smallest < LEAST_EXPECTED * all || all == 0 {
        return (fisher((a, n), (b, m)), Test::Fisher);
    }
    // z² = (a·(m − b) − b·(n − a))² · all / (n · m · yes · no)
    let difference = (wide(a) * wide(m - b)).abs_diff(wide(b) * wide(n - a));
    let spread = float(wide(n)) * float(wide(m)) * float(yes) * float(no) / float(all);
    (two_tails(float(difference) / spread.sqrt()), Test::Z)
}

/// How likely two counts are that differ at least as much, if events are equally frequent.
///
/// ```
/// use fillrate_drift::chance::two_counts;
///
/// // No heads among five coins, or no tails.
/// assert!((two_counts(0, 5).0 - 2.0 / 32.0).abs() < 1e-12);
/// ```
#[must_use]
pub fn two_counts(a: u64, b: u64) -> (f64, Test) {
    let all = u128::from(a) + u128::from(b);
    if all > MOST_EXACT.into() {
        return (two_tails(float(u128::from(a.abs_diff(b))) / float(all).sqrt()), Test::Counts);
    }
    let all = a + b;
    let ratio = |at: u64| float((all - at).into()) / float((at + 1).into());
    (two_sided(a, 0..=all, all / 2, ratio), Test::ExactCounts)
}

/// p-values that are corrected for their number by Holm's method: those up to a level are flagged together with at most
/// that chance of a single wrong one, however they depend on each other.
///
/// ```
/// let corrected = fillrate_drift::chance::holm(&[0.01, 0.5, 0.02]);
/// assert_eq!(corrected, [0.03, 0.5, 0.04]);
/// ```
#[must_use]
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut corrected = vec![0.0; p_values.len()];
    let mut least = 0.0_f64;
    for (before, &at) in order.iter().enumerate() {
        let left = float((p_values.len() - before) as u128);
        least = least.max(p_values[at] * left).min(1.0);
        corrected[at] = least;
    }
    corrected
}

/// Fisher's exact test. Where it is used, a table has few others with the same sums: at most √(5 · all).
fn fisher((a, n): (u64, u64), (b, m): (u64, u64)) -> f64 {
    let wide = |count: u64| u128::from(count);
    let yes = a + b;
    let lowest = yes.saturating_sub(m);
    let highest = yes.min(n);
    let mode = (wide(yes) + 1) * (wide(n) + 1) / (wide(n) + wide(m) + 2);
    // It lies between the two, so it fits.
    let mode = u64::try_from(mode).unwrap_or(highest).clamp(lowest, highest);
    let ratio = |at: u64| {
        let more = float(wide(yes - at)) * float(wide(n - at));
        more / (float(wide(at) + 1) * float(wide(m) + wide(at) + 1 - wide(yes)))
    };
    two_sided(a, lowest..=highest, mode, ratio)
}

/// The share of a distribution that is no more likely than `observed`. `ratio(x)` is the weight of x + 1 over that of x;
/// from the `mode` on, which is the likeliest, weights only get smaller, so that no logarithm or factorial is needed.
fn two_sided(
    observed: u64,
    range: std::ops::RangeInclusive<u64>,
    mode: u64,
    ratio: impl Fn(u64) -> f64,
) -> f64 {
    let (lowest, highest) = range.into_inner();
    let weights = || {
        let up = (mode..highest).scan(1.0, |weight, at| {
            *weight *= ratio(at);
            Some((at + 1, *weight))
        });
        let down = (lowest..mode).rev().scan(1.0, |weight, at| {
            *weight /= ratio(at);
            Some((at, *weight))
        });
        std::iter::once((mode, 1.0)).chain(up).chain(down)
    };
    let limit = weights().find(|&(at, _)| at == observed).map_or(0.0, |(_, weight)| weight * EQUAL);
    let (some, all) = weights().fold((0.0, 0.0), |(some, all), (_, weight)| {
        (if weight <= limit { some + weight } else { some }, all + weight)
    });
    some / all
}

/// Both tails of the normal distribution.
fn two_tails(z: f64) -> f64 {
    libm::erfc(z * std::f64::consts::FRAC_1_SQRT_2)
}

/// The nearest double, which is near enough for a p-value.
#[expect(clippy::cast_precision_loss, reason = "that is what it is for")]
fn float(count: u128) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn choose(n: u64, k: u64) -> u128 {
        (0..k).fold(1, |product, at| product * u128::from(n - at) / u128::from(at + 1))
    }

    /// By whole numbers: the sum of the products of binomial coefficients that are at most the observed one.
    fn fisher_by_sums((a, n): (u64, u64), (b, m): (u64, u64)) -> f64 {
        let yes = a + b;
        let ways = |at: u64| choose(n, at) * choose(m, yes - at);
        let all = (yes.saturating_sub(m)..=yes.min(n)).map(ways);
        float(all.clone().filter(|&w| w <= ways(a)).sum()) / float(all.sum())
    }

    fn close(p: f64, expected: f64) -> bool {
        (p - expected).abs() <= 1e-9 * expected
    }

    proptest! {
        #[test]
        fn exact_tests_are_exact_sums(n in 0..40_u64, m in 0..40_u64, (a, b) in (0..40_u64, 0..40_u64)) {
            let (a, b) = (a.min(n), b.min(m));
            let expected = fisher_by_sums((a, n), (b, m));
            prop_assert!(close(fisher((a, n), (b, m)), expected), "{}", expected);
            let ways = |at| choose(a + b, at);
            let heads: u128 = (0..=a + b).map(ways).filter(|&w| w <= ways(a)).sum();
            let expected = float(heads) / float(1 << (a + b));
            prop_assert!(close(two_counts(a, b).0, expected), "{}", expected);
        }

        /// Whoever is called first, and whether the filled or the unfilled are counted.
        #[test]
        fn a_difference_has_two_sides(n in 0..10_000_u64, m in 0..10_000_u64, (a, b) in (0..10_000_u64, 0..10_000_u64)) {
            let (a, b) = (a.min(n), b.min(m));
            let (p, test) = two_proportions((a, n), (b, m));
            prop_assert!((0.0..=1.0 + 1e-9).contains(&p));
            for other in [two_proportions((b, m), (a, n)), two_proportions((n - a, n), (m - b, m))] {
                prop_assert!(other.1 == test && (p - other.0).abs() <= 1e-6 * p + f64::MIN_POSITIVE, "{p} {other:?}");
            }
            prop_assert_eq!(two_counts(a, b), two_counts(b, a));
        }
    }

    #[test]
    fn known_values() {
        for (a, b, expected, test) in [
            // Fisher's lady tasting tea; 34 / 70.
            ((3, 4), (1, 4), 34.0 / 70.0, Test::Fisher),
            ((4, 4), (0, 4), 2.0 / 70.0, Test::Fisher),
            // Twins of convicts, from R's documentation of `fisher.test`.
            ((2, 17), (10, 13), 5.367_241e-4, Test::Z),
            // Chi-squared of exactly 8 with one degree of freedom.
            ((60, 100), (40, 100), 4.677_734_981e-3, Test::Z),
            // Chi-squared of exactly 2.
            ((55, 100), (45, 100), 0.157_299_207, Test::Z),
            ((0, 0), (3, 9), 1.0, Test::Fisher),
            ((0, 9), (0, 9), 1.0, Test::Fisher),
            ((9, 9), (9, 9), 1.0, Test::Fisher),
        ] {
            let (p, by) = two_proportions(a, b);
            let is_twins = a == (2, 17);
            assert!(is_twins || by == test, "{a:?} {b:?}: {by:?}");
            let p = if is_twins { fisher(a, b) } else { p };
            assert!((p - expected).abs() <= 1e-6 * expected, "{a:?} {b:?}: {p}");
        }
        // Quantiles of the normal distribution.
        for (z, p) in
            [(1.644_853_627, 0.1), (1.959_963_985, 0.05), (2.575_829_304, 0.01), (3.290_526_731, 0.001)]
        {
            assert!((two_tails(z) - p).abs() < 1e-9, "{z}");
        }
        // From 1,001 on by the normal distribution: (600 - 400) / √1,000 is √40.
        assert!((two_counts(6_000, 4_000).0 / two_tails(20.0) - 1.0).abs() < 1e-9);
        assert_eq!((two_counts(500, 500).1, two_counts(500, 501).1), (Test::ExactCounts, Test::Counts));
        assert_eq!(two_counts(0, 0), (1.0, Test::ExactCounts));
    }

    #[test]
    fn exact_and_normal_meet() {
        let normal = |a, b| two_proportions((a, 100_000), (b, 100_000)).0;
        for (a, b) in [(50_000, 50_500), (1_000, 1_100), (90_000, 90_100)] {
            let (exact, normal) = (fisher((a, 100_000), (b, 100_000)), normal(a, b));
            assert!((exact / normal - 1.0).abs() < 0.1, "{a} {b}: {exact} {normal}");
        }
        let (exact, normal) = (two_counts(450, 550).0, two_tails(100.0 / 1_000_f64.sqrt()));
        // Without a correction for continuity, which matters in the tails.
        assert!((exact / normal - 1.0).abs() < 0.15, "{exact} {normal}");
    }

    /// By all results that two samples can have: where nothing has changed, the exact test errs at most as often as it says.
    #[test]
    fn the_exact_test_keeps_its_level() {
        let (n, m) = (12_u64, 17_u64);
        for share in [0.02, 0.1, 0.5, 0.9] {
            let power = |x: f64, n: u64| x.powi(i32::try_from(n).unwrap());
            let likely = |k: u64, n: u64| float(choose(n, k)) * power(share, k) * power(1.0 - share, n - k);
            let results = (0..=n).flat_map(|a| (0..=m).map(move |b| (a, b)));
            let flagged = results.filter(|&(a, b)| fisher((a, n), (b, m)) <= 0.05);
            let errs: f64 = flagged.map(|(a, b)| likely(a, n) * likely(b, m)).sum();
            assert!(errs <= 0.05, "{share}: {errs}");
        }
    }

    #[test]
    fn the_largest_counts_are_compared() {
        let most = 1 << 62;
        assert!(two_proportions((most / 2, most), (most / 2 + 1, most)).0 > 0.99);
        assert!(two_proportions((most / 2, most), (most / 3, most)).0 < 1e-300);
        assert!(two_proportions((0, most), (3, 3)).0 < 1e-30);
        assert!(two_proportions((0, 1_000_000_000_000), (2, 1_000_000_000_000)).0 > 0.4);
        assert!(two_counts(u64::MAX, u64::MAX).0 > 0.99 && two_counts(0, u64::MAX).0 < 1e-300);
    }

    /// R: `p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")`.
    #[test]
    fn holm_is_that_of_others() {
        let corrected = holm(&[0.01, 0.04, 0.03, 0.005]);
        assert!(
            corrected.iter().zip([0.03, 0.06, 0.06, 0.02]).all(|(a, b)| (a - b).abs() < 1e-12),
            "{corrected:?}"
        );
        assert_eq!(holm(&[]), [0.0; 0]);
        assert_eq!(holm(&[0.7, 0.8]), [1.0, 1.0]);
    }
}
