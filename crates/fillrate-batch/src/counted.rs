//! What is kept of an export that is added up with others, or compared with an earlier run.

use std::cmp::Ordering;

use fillrate::{Counters, Reports};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};
use twox_hash::XxHash3_64;

/// What was counted of an export, and of which run it is: some 6 kB for 40 columns.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Counted {
    /// On the one scale that scores of all exports of a batch have.
    pub(crate) counters: Counters,
    pub(crate) time: Option<RunTime>,
    /// A hash of what tells one configuration of the audience from another: it is only compared.
    pub(crate) config: Option<u64>,
}

/// When a run was, as its reports say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunTime {
    /// When it was completed.
    CompletedAt(Timestamp),
    /// Of which day its data is, where it is not said when it was completed.
    DataDate(Date),
}

impl Counted {
    pub(crate) fn new(counters: Counters, reports: &Reports) -> Self {
        let run = reports.stats.as_ref().map(|stats| &stats.run);
        let config = run.and_then(|run| run.config_hash.as_deref());
        Self {
            counters: counters.coarse(),
            time: RunTime::of(reports),
            config: config.map(|hash| XxHash3_64::oneshot(hash.as_bytes())),
        }
    }
}

impl RunTime {
    /// Not when the export was completed: an old run can be exported again.
    fn of(reports: &Reports) -> Option<Self> {
        let run = reports.stats.as_ref().map(|stats| &stats.run);
        let completed = run.and_then(|run| run.completed_at.as_deref());
        let time = completed.and_then(|completed| completed.parse().ok());
        let export = reports.export.as_ref();
        let date = || {
            let of_run = run.and_then(|run| run.data_date.as_deref());
            of_run.or_else(|| export?.data_date.as_deref())
        };
        // A time without a zone, or of a day only, still tells the day.
        let day = || date().and_then(day_of).or_else(|| completed.and_then(day_of));
        time.map(Self::CompletedAt).or_else(|| day().map(Self::DataDate))
    }

    /// The day in UTC.
    #[must_use]
    pub fn day(self) -> Date {
        match self {
            Self::CompletedAt(time) => in_utc(time),
            Self::DataDate(date) => date,
        }
    }

    /// A day comes before all times in it.
    fn rank(self) -> (Date, Option<Timestamp>) {
        match self {
            Self::CompletedAt(time) => (self.day(), Some(time)),
            Self::DataDate(date) => (date, None),
        }
    }
}

fn in_utc(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}

/// The day of a date, or of a time: in UTC if it has a zone.
fn day_of(text: &str) -> Option<Date> {
    let with_zone = text.parse().map(in_utc);
    with_zone.or_else(|_| text.parse().map(DateTime::date)).or_else(|_| text.parse()).ok()
}

impl PartialOrd for RunTime {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for RunTime {
    fn cmp(&self, other: &Self) -> Ordering {
        self.rank().cmp(&other.rank())
    }
}

impl std::fmt::Display for RunTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::CompletedAt(time) => time.fmt(f),
            Self::DataDate(date) => date.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use fillrate::{ExportRecord, Reported};

    use super::*;

    fn time(stats: &str, export: &str) -> Option<String> {
        let stats = Some(Reported::from_json(stats.as_bytes()).unwrap());
        let export = Some(ExportRecord::from_json(export.as_bytes()).unwrap());
        RunTime::of(&Reports { stats, export }).map(|time| format!("{time} {}", time.day()))
    }

    #[test]
    fn the_time_of_a_run_is_the_best_that_is_said() {
        for (stats, export, expected) in [
            (
                r#"{"run": {"completedAt": "2026-05-05T08:45:03.000Z"}}"#,
                "",
                "2026-05-05T08:45:03Z 2026-05-05",
            ),
            // Late in the evening, the next day has begun in UTC.
            (
                r#"{"run": {"completedAt": "2026-05-05T23:30:00-02:00"}}"#,
                "",
                "2026-05-06T01:30:00Z 2026-05-06",
            ),
            (r#"{"run": {"completedAt": "soon", "dataDate": "2026-05-04"}}"#, "", "2026-05-04 2026-05-04"),
            // What is less than a time with a zone, or more than a date, tells the day.
            (r#"{"run": {"completedAt": "2026-05-05T08:45:03"}}"#, "", "2026-05-05 2026-05-05"),
            (r#"{"run": {"completedAt": "2026-05-05"}}"#, "", "2026-05-05 2026-05-05"),
            (r#"{"run": {"dataDate": "2026-05-05T23:30:00-02:00"}}"#, "", "2026-05-06 2026-05-06"),
            (
                r#"{"total": 1, "dataDate": "2026-05-04"}"#,
                r#", "dataDate": "2026-05-03""#,
                "2026-05-04 2026-05-04",
            ),
            (r#"{"total": 1}"#, r#", "dataDate": "2026-05-03""#, "2026-05-03 2026-05-03"),
            (
                r#"{"run": {"completedAt": "2026-13-05T08:45:03Z"}}"#,
                r#", "completedAt": "2026-05-05T08:45:03Z""#,
                "",
            ),
        ] {
            let export = format!(r#"{{"rows": 1{export}}}"#);
            assert_eq!(time(stats, &export).unwrap_or_default(), expected, "{stats} {export}");
        }
    }

    #[test]
    fn a_day_comes_before_the_times_in_it() {
        let at = |text: &str| RunTime::CompletedAt(text.parse().unwrap());
        let on = |text: &str| RunTime::DataDate(text.parse().unwrap());
        let ascending = [
            on("2026-05-04"),
            at("2026-05-04T23:59:59Z"),
            on("2026-05-05"),
            at("2026-05-05T00:00:00Z"),
            at("2026-05-05T04:00:00+02:00"),
        ];
        assert!(ascending.is_sorted_by(|a, b| a < b));
    }
}
