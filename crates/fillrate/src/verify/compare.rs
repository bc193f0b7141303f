//! The report against the file.

use std::collections::HashMap;

use base16ct::lower::encode_string;

use super::check::{Measure, Subject};
use super::checks::{Checks, Computed};
use super::mapping::Mapping;
use crate::analyze::Analysis;
use crate::columns::{SCORE_FIELD, labels_of_repeated};
use crate::reported::{ExportRecord, Reported, Reports};
use crate::scan::FindingKind;
use crate::stats::{Bucket, FillRate, Mean};

/// What a run's or an export's status must be: in the current and in the previous generation.
const FINISHED: &[&str] = &["completed", "ready"];

/// What is of the whole file, run and export record. A difference in it is the cause of many in single fields, so it comes
/// before them.
pub(super) fn whole(checks: &mut Checks<'_>, reports: &Reports, analysis: Option<&Analysis>) {
    if let Some(stats) = &reports.stats {
        if let Some(analysis) = analysis {
            checks.count("total", Subject::Records, stats.total, Computed::Value(analysis.stats.total));
        }
        checks.text("run.status", Subject::Text, stats.run.status.as_deref(), Computed::Value(FINISHED));
        if let Some(analysis) = analysis {
            checks.count(
                "run.resultCount",
                Subject::Rows,
                stats.run.result_count,
                Computed::Value(analysis.stats.total),
            );
        }
    }
    if let Some(export) = &reports.export {
        checks.text("export.status", Subject::Text, export.status.as_deref(), Computed::Value(FINISHED));
        same_run(checks, export, reports.stats.as_ref());
        if let Some(analysis) = analysis {
            checks.count(
                "export.rowCount",
                Subject::Rows,
                export.row_count,
                Computed::Value(analysis.stats.total),
            );
            checks.count(
                "export.byteSize",
                Subject::ByteSize,
                export.byte_size,
                Computed::Value(analysis.file.byte_size),
            );
            sha1(checks, export, analysis);
        }
    }
    if let Some(analysis) = analysis {
        integrity(checks, analysis);
    }
}

/// What disqualifies a file, as if the API had reported that there is none of it.
fn integrity(checks: &mut Checks<'_>, analysis: &Analysis) {
    for kind in FindingKind::ALL.into_iter().filter(|kind| kind.disqualifies()) {
        let id = format!("integrity.{}", kind.name());
        checks.count(id, Subject::Finding(kind), Some(0), Computed::Value(analysis.findings.count(kind)));
    }
}

fn same_run(checks: &mut Checks<'_>, export: &ExportRecord, stats: Option<&Reported>) {
    let run = stats.map(|stats| &stats.run);
    let ids = [
        ("export.runId", export.run_id.as_deref(), run.and_then(|run| run.id.as_deref())),
        ("export.audienceId", export.audience_id.as_deref(), run.and_then(|run| run.audience_id.as_deref())),
    ];
    for (check, reported, of_run) in ids {
        match of_run {
            Some(id) => checks.text(check, Subject::Text, reported, Computed::Value(&[id])),
            None => checks.text(
                check,
                Subject::Text,
                reported,
                Computed::NotCheckable("the stats do not say which run they are of"),
            ),
        }
    }
}

fn sha1(checks: &mut Checks<'_>, export: &ExportRecord, analysis: &Analysis) {
    let reported = export.usable_sha1();
    match (&reported, analysis.file.sha1.map(|sha1| encode_string(&sha1))) {
        (Some(reported), Some(computed)) => {
            checks.text("export.contentSha1", Subject::Sha1, Some(reported), Computed::Value(&[&computed]));
        }
        _ => checks.text(
            "export.contentSha1",
            Subject::Sha1,
            export.content_sha1.as_deref(),
            Computed::NotCheckable("it is no SHA-1: the API has none for files uploaded in parts"),
        ),
    }
}

/// Fill rates, histogram and averages.
pub(super) fn stats(checks: &mut Checks<'_>, reports: &Reports, analysis: &Analysis, mapping: &Mapping<'_>) {
    let Some(stats) = &reports.stats else { return };
    let total = analysis.stats.total;
    for (fill, column) in &mapping.fills {
        let subject =
            |measure| column.map_or(Subject::Absent(measure), |column| Subject::Fill(column, measure));
        let computed = match column {
            Some(column) => Computed::Value(FillRate::new(analysis.columns[*column].filled, total)),
            None => Computed::NotInFile { allowed: checks.policy().lets_miss(&fill.field) },
        };
        let id = format!("fillRates.{}.count", fill.field);
        checks.count(id, subject(Measure::Count), fill.count, computed.map(|rate| rate.count));
        let id = format!("fillRates.{}.percent", fill.field);
        checks.percent(
            id,
            subject(Measure::Percent),
            fill.percent.as_ref(),
            computed.map(|rate| rate.percent),
        );
    }
    histogram(checks, stats, analysis);
    let means: HashMap<&str, Mean> =
        analysis.stats.averages.iter().map(|(field, mean)| (field.as_str(), *mean)).collect();
    for (average, column) in &mapping.averages {
        let computed = match (column, means.get(average.field.as_str())) {
            (None, _) => Computed::NotInFile { allowed: true },
            (Some(_), Some(&mean)) => Computed::Value(mean),
            (Some(_), None) => Computed::NotCheckable("the column holds no number"),
        };
        let subject = column.map_or(Subject::Text, Subject::Average);
        checks.average(format!("averages.{}", average.field), subject, &average.average, computed);
    }
}

fn histogram(checks: &mut Checks<'_>, stats: &Reported, analysis: &Analysis) {
    let missing = Computed::NotInFile { allowed: checks.policy().lets_miss(SCORE_FIELD) };
    // The analysis answers the readable labels, in their order.
    let mut answers = analysis.stats.score_histogram.iter();
    let buckets = analysis.stats.score_histogram.len();
    for (id, bucket) in bucket_ids(stats).iter().zip(&stats.histogram) {
        let place = buckets - answers.len();
        let subject = |measure| Subject::Bucket(place, measure);
        let computed = match bucket.label.parse::<Bucket>() {
            Ok(_) => answers.next().map_or(missing, Computed::Value),
            Err(_) => Computed::NotCheckable("the bucket's label cannot be read"),
        };
        checks.count(
            format!("{id}.count"),
            subject(Measure::Count),
            bucket.count,
            computed.map(|bucket| bucket.count),
        );
        checks.percent(
            format!("{id}.percent"),
            subject(Measure::Percent),
            bucket.percent.as_ref(),
            computed.map(|bucket| bucket.percent),
        );
    }
    let readable = stats.histogram.len() == analysis.stats.score_histogram.len();
    let computed = match analysis.scores {
        None => missing.map(|bucket| bucket.count),
        Some(_) if !readable => Computed::NotCheckable("a bucket's label cannot be read"),
        Some(_) => Computed::Value(analysis.stats.score_histogram.iter().map(|bucket| bucket.count).sum()),
    };
    checks.count("scoreHistogram.sum", Subject::Buckets, stats.histogram_sum(), computed);
}

/// The beginning of each bucket's check ids; a label that comes again is told apart as `label#2`.
pub(super) fn bucket_ids(stats: &Reported) -> Vec<String> {
    let labels: Vec<String> = stats.histogram.iter().map(|bucket| bucket.label.clone()).collect();
    let repeated = labels_of_repeated(&labels, 0..labels.len());
    let unique = |(at, label)| format!("scoreHistogram.{}", repeated.get(&at).unwrap_or(label));
    labels.iter().enumerate().map(unique).collect()
}
