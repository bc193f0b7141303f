//! Run stats, in the shape of both generations of the API.

use std::path::Path;

use super::{Decimal, Object, Value, answer, not_a_report, read_file};
use crate::error::{Error, Result};

/// What the API reports about a run.
///
/// ```
/// let json = br#"{"total": 3, "fillRates": {"email": {"count": 2, "percent": 66.67}}}"#;
/// let reported = fillrate::Reported::from_json(json)?;
/// assert_eq!(reported.total, Some(3));
/// assert_eq!(reported.fill_rates[0].field, "email");
/// # Ok::<(), fillrate::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reported {
    /// Records.
    pub total: Option<u64>,
    /// Fill rates, in the order of the report.
    pub fill_rates: Vec<ReportedFill>,
    /// The score histogram, in the order of the report.
    pub histogram: Vec<ReportedBucket>,
    /// Averages, in the order of the report.
    pub averages: Vec<ReportedAverage>,
    /// The run.
    pub run: ReportedRun,
    /// Paths of members that the API does not document.
    pub unknown: Vec<String>,
}

/// The run that the stats are of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportedRun {
    /// Its id.
    pub id: Option<String>,
    /// Its audience's id.
    pub audience_id: Option<String>,
    /// `completed`, or `ready` in the previous generation, if all went well.
    pub status: Option<String>,
    /// Records; `totalCount` in the previous generation.
    pub result_count: Option<u64>,
    /// When it was completed, as it was written. Neither this nor what follows claims anything about the export: what is
    /// no text is passed over.
    pub completed_at: Option<String>,
    /// Of which day its data is, as it was written.
    pub data_date: Option<String>,
    /// What tells one configuration of the audience from another.
    pub config_hash: Option<String>,
}

/// The fill rate of a field. The previous generation reports no counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedFill {
    /// The field's name, a dotted path in the current generation.
    pub field: String,
    /// Filled cells.
    pub count: Option<u64>,
    /// Their share of the total in percent.
    pub percent: Option<Decimal>,
}

/// A bucket of the score histogram.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedBucket {
    /// Its label, which may be unreadable.
    pub label: String,
    /// Scores in it.
    pub count: Option<u64>,
    /// Their share of the total in percent.
    pub percent: Option<Decimal>,
}

/// The average of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportedAverage {
    /// The field's name.
    pub field: String,
    /// Its mean.
    pub average: Decimal,
}

/// Members of a run that are documented and make no claim about the export.
const RUN_DETAILS: [&str; 3] = ["runType", "candidateCount", "createdAt"];

/// The members by which either generation's stats are recognised.
const STATS_MEMBERS: [&str; 6] = ["total", "fillRates", "scoreHistogram", "averages", "fields", "totalCount"];

impl Reported {
    /// Reads a stats file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, is longer than [`MAX_REPORT_BYTES`](crate::MAX_REPORT_BYTES), or as
    /// [`from_json`](Self::from_json).
    pub fn open(path: &Path) -> Result<Self> {
        read_file(path).and_then(|text| Self::from_json(&text)).map_err(|error| error.in_file(path))
    }

    /// Reads a stats answer, whole or its inner object, of either generation.
    ///
    /// # Errors
    ///
    /// By kind: [`Json`](crate::ErrorKind::Json) and [`DuplicateKey`](crate::ErrorKind::DuplicateKey) with line and byte;
    /// [`ReportValue`](crate::ErrorKind::ReportValue) with the path of a value that cannot be what it should;
    /// [`NotAReport`](crate::ErrorKind::NotAReport) for anything else.
    pub fn from_json(text: &[u8]) -> Result<Self> {
        let mut reported = Self::default();
        let mut data = answer(text, &mut reported.unknown)?;
        let run = data.take("run");
        match data.take("stats") {
            Some(stats) => {
                let mut stats = stats.object()?;
                reported.read_stats(&mut stats)?;
                reported.unknown.extend(stats.unknown());
            }
            None if STATS_MEMBERS.iter().any(|member| data.has(member)) => reported.read_stats(&mut data)?,
            None if run.is_some() => {}
            None => return Err(not_a_report("not a stats answer")),
        }
        if let Some(run) = run {
            let mut run = run.object()?;
            reported.run.read(&mut run)?;
            reported.unknown.extend(run.unknown());
        }
        reported.unknown.extend(data.unknown());
        Ok(reported)
    }

    /// The sum of the histogram's counts; `None` without a histogram, or where a bucket has no count.
    #[must_use]
    pub fn histogram_sum(&self) -> Option<u64> {
        if self.histogram.is_empty() {
            return None;
        }
        self.histogram.iter().try_fold(0_u64, |sum, bucket| sum.checked_add(bucket.count?))
    }

    fn read_stats(&mut self, stats: &mut Object<'_>) -> Result<()> {
        self.total = stats.read("total", Value::count)?;
        if let Some(rates) = stats.take("fillRates") {
            self.fill_rates = rates.object()?.into_members().map(fill_rate).collect::<Result<_>>()?;
        }
        if let Some(buckets) = stats.take("scoreHistogram") {
            self.histogram = buckets.array()?.iter().map(bucket).collect::<Result<_>>()?;
        }
        if let Some(averages) = stats.take("averages") {
            let average = |(field, value): (String, Value<'_>)| {
                Ok::<_, Error>(ReportedAverage { field, average: value.decimal()? })
            };
            self.averages = averages.object()?.into_members().map(average).collect::<Result<_>>()?;
        }
        self.read_previous_generation(stats)
    }

    fn read_previous_generation(&mut self, stats: &mut Object<'_>) -> Result<()> {
        if let Some(fields) = stats.take("fields") {
            for (field, value) in fields.object()?.into_members() {
                self.fill_rates.push(ReportedFill { field, count: None, percent: Some(value.decimal()?) });
            }
        }
        self.run.result_count = stats.read("totalCount", Value::count)?;
        self.run.status = stats.read("status", Value::text)?;
        self.run.id = stats.read("runId", Value::text)?;
        self.run.data_date = stats.detail("dataDate");
        Ok(())
    }
}

impl ReportedRun {
    fn read(&mut self, run: &mut Object<'_>) -> Result<()> {
        self.id = run.read("id", Value::text)?;
        self.audience_id = run.read("audienceId", Value::text)?;
        self.status = run.read("status", Value::text)?;
        self.result_count = run.read("resultCount", Value::count)?;
        self.completed_at = run.detail("completedAt");
        self.data_date = run.detail("dataDate").or_else(|| self.data_date.take());
        self.config_hash = run.detail("configHash");
        run.ignore(&RUN_DETAILS);
        Ok(())
    }
}

fn fill_rate((field, value): (String, Value<'_>)) -> Result<ReportedFill> {
    let mut rate = value.object()?;
    let (count, percent) = (rate.read("count", Value::count)?, rate.read("percent", Value::decimal)?);
    Ok(ReportedFill { field, count, percent })
}

fn bucket(value: &Value<'_>) -> Result<ReportedBucket> {
    let mut bucket = value.object()?;
    let Some(label) = bucket.read("bucket", Value::text)? else {
        return Err(not_a_report(&format!("a histogram whose {} has no `bucket`", value.path())));
    };
    Ok(ReportedBucket {
        label,
        count: bucket.read("count", Value::count)?,
        percent: bucket.read("percent", Value::decimal)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn reads_both_generations_whole_or_inner() {
        let stats = r#"{"total": 3, "fillRates": {"email": {"count": 2, "percent": 66.67}},
            "scoreHistogram": [{"bucket": "50-69", "count": 1, "percent": 33.33}], "averages": {"score": 70.5}}"#;
        let run =
            r#"{"id": "r", "audienceId": "a", "status": "completed", "resultCount": 3, "runType": "daily"}"#;
        let inner = Reported::from_json(stats.as_bytes()).unwrap();
        assert_eq!(
            (inner.total, inner.fill_rates[0].count, inner.histogram[0].count),
            (Some(3), Some(2), Some(1))
        );
        assert_eq!(inner.averages[0].average.to_string(), "70.5");
        for text in [
            format!(r#"{{"data": {{"run": {run}, "stats": {stats}}}}}"#),
            format!(r#"{{"stats": {stats}, "run": {run}}}"#),
        ] {
            let whole = Reported::from_json(text.as_bytes()).unwrap();
            assert_eq!(Reported { run: ReportedRun::default(), ..whole.clone() }, inner);
            assert_eq!(whole.run.result_count, Some(3));
            assert_eq!(whole.run.id.as_deref(), Some("r"));
        }
        let previous =
            r#"{"data": {"total": 3, "dataDate": "2026-05-05", "fields": {"email": 66.67, "phone": 0}}}"#;
        let previous = Reported::from_json(previous.as_bytes()).unwrap();
        assert_eq!(previous.total, Some(3));
        assert_eq!(previous.fill_rates[0].count, None);
        assert_eq!(previous.fill_rates[1].percent.as_ref().unwrap().to_string(), "0");
        assert!(previous.unknown.is_empty());
        assert_eq!(previous.run.data_date.as_deref(), Some("2026-05-05"));
        let ready =
            br#"{"data": {"status": "ready", "totalCount": 3, "dataDate": "2026-05-05", "runId": "r"}}"#;
        let ready = Reported::from_json(ready).unwrap();
        assert_eq!((ready.run.result_count, ready.run.status.as_deref()), (Some(3), Some("ready")));
    }

    #[test]
    fn what_makes_no_claim_is_read_or_passed_over() {
        let run = |members: &str| {
            let reported = Reported::from_json(format!(r#"{{"run": {{{members}}}}}"#).as_bytes()).unwrap();
            assert!(reported.unknown.is_empty());
            let ReportedRun { completed_at, data_date, config_hash, .. } = reported.run;
            [completed_at, data_date, config_hash].map(Option::unwrap_or_default)
        };
        let all = r#""completedAt": "2026-05-05T08:45:03Z", "dataDate": "2026-05-04", "configHash": "c""#;
        assert_eq!(run(all), ["2026-05-05T08:45:03Z", "2026-05-04", "c"]);
        assert_eq!(run(r#""completedAt": 7, "dataDate": null, "configHash": {}"#), ["", "", ""]);
    }

    #[test]
    fn null_makes_no_claim_and_unknown_members_are_listed() {
        let text = br#"{"data": {"stats": {"total": null, "fillRates": {"email": {"count": null, "percent": 1}, "x": null},
            "averages": null, "median": 3}, "run": {"id": null, "colour": "red"}, "cost": 1}, "meta": {}}"#;
        let reported = Reported::from_json(text).unwrap();
        assert_eq!(reported.total, None);
        assert_eq!(reported.fill_rates.len(), 1);
        assert_eq!(reported.unknown, ["meta", "data.stats.median", "data.run.colour", "data.cost"]);
    }

    #[test]
    fn refuses_what_is_no_stats_answer() {
        let kind = |text: &str| Reported::from_json(text.as_bytes()).unwrap_err().kind();
        for text in [
            "{}",
            r#"{"data": {}}"#,
            r#"{"data": []}"#,
            r#"{"data": null}"#,
            r#"{"error": {"code": "not_found", "message": "no such run"}}"#,
            r#"{"message": "Unauthorized"}"#,
            r#"{"data": {"export": {"rowCount": 1}}}"#,
            r#"{"scoreHistogram": [{"count": 1}]}"#,
        ] {
            assert_eq!(kind(text), ErrorKind::NotAReport, "{text}");
        }
        for text in [
            r#"{"total": -1}"#,
            r#"{"total": 1.5}"#,
            r#"{"total": "151"}"#,
            r#"{"fillRates": []}"#,
            r#"{"fillRates": {"email": 5}}"#,
            r#"{"fillRates": {"email": {"count": 1e3}}}"#,
            r#"{"fillRates": {"email": {"percent": "68.21"}}}"#,
            r#"{"scoreHistogram": {}}"#,
            r#"{"scoreHistogram": [{"bucket": 5}]}"#,
            r#"{"averages": {"score": "high"}}"#,
            r#"{"fields": {"email": {}}}"#,
            r#"{"run": {"id": 7}}"#,
            r#"{"stats": 7}"#,
        ] {
            assert_eq!(kind(text), ErrorKind::ReportValue, "{text}");
        }
        let error =
            Reported::from_json(br#"{"data": {"stats": {"fillRates": {"company.name": {"count": -1}}}}}"#);
        let text = error.unwrap_err().to_string();
        assert!(
            text.starts_with(r#"data.stats.fillRates["company.name"].count is a negative number"#),
            "{text}"
        );
    }
}
