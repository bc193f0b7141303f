//! The report against itself.

use super::check::Subject;
use super::checks::{Checks, Computed};
use super::compare::bucket_ids;
use crate::analyze::Analysis;
use crate::reported::{Decimal, Reported, ReportedFill, Reports};
use crate::stats::{Bucket, Percent};

/// Checks that every percent fits its own count and the total, that no count is above the total, and that the buckets
/// neither overlap nor add up to another sum than the total less the scores outside of them.
pub(super) fn report(
    checks: &mut Checks<'_>,
    reports: &Reports,
    fills: &[&ReportedFill],
    analysis: Option<&Analysis>,
) {
    let Some(stats) = &reports.stats else { return };
    if let Some(total) = stats.total {
        for fill in fills {
            share(checks, &format!("fillRates.{}", fill.field), fill.count, fill.percent.as_ref(), total);
        }
        for (id, bucket) in bucket_ids(stats).iter().zip(&stats.histogram) {
            share(checks, id, bucket.count, bucket.percent.as_ref(), total);
        }
    }
    buckets(checks, stats, analysis);
}

/// A count that is not above the total agrees with itself; the most that any other one could be is the total.
fn share(checks: &mut Checks<'_>, id: &str, count: Option<u64>, percent: Option<&Decimal>, total: u64) {
    let Some(count) = count else { return };
    checks.count(format!("report.{id}.count"), Subject::Own, Some(count), Computed::Value(count.min(total)));
    checks.percent(
        format!("report.{id}.percent"),
        Subject::OwnPercent,
        percent,
        Computed::Value(Percent::new(count, total)),
    );
}

fn buckets(checks: &mut Checks<'_>, stats: &Reported, analysis: Option<&Analysis>) {
    if stats.histogram.is_empty() {
        return;
    }
    let buckets: Vec<Bucket> =
        stats.histogram.iter().filter_map(|bucket| bucket.label.parse().ok()).collect();
    let overlapping = Bucket::overlaps(&buckets);
    checks.count("report.scoreHistogram.overlap", Subject::Own, Some(overlapping), Computed::Value(0));
    // Scores that are in two buckets are in the sum twice, and an unreadable label may hold any.
    let (Some(total), Some(sum)) = (stats.total, stats.histogram_sum()) else { return };
    if overlapping > 0 || buckets.len() < stats.histogram.len() {
        return;
    }
    let in_buckets = match analysis.and_then(|analysis| analysis.scores) {
        Some(scores) => total.saturating_sub(scores.outside + scores.missing + scores.invalid),
        None => sum.min(total),
    };
    checks.count("report.scoreHistogram.sum", Subject::Own, Some(sum), Computed::Value(in_buckets));
}
