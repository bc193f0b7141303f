//! The previous generation: everything is of an audience and a day.

use ureq::http::Method;

use super::answer::{ExportAnswer, StatsAnswer, check_is_same};
use crate::client::{Client, Repeatable};
use crate::error::Result;
use crate::ids::{Day, Id};

fn path(audience: &Id, day: &Day, call: &str) -> String {
    format!("/v1/intent/audiences/{audience}/{call}?date={day}")
}

impl Client<'_> {
    /// The stats of a day: percents without counts.
    pub(crate) fn stats_of_day(&self, audience: &Id, day: &Day) -> Result<StatsAnswer> {
        let what = format!("the stats of {day}");
        let (_, text) = self.json(&what, &Method::GET, &path(audience, day, "stats"), Repeatable::Yes)?;
        let answer = StatsAnswer::new(&text)?;
        check_is_same("day", answer.reported.run.data_date.as_deref(), &day.to_string())?;
        Ok(answer)
    }

    /// Makes an export of a day. Nobody documents that a second call takes the first one's, so it is made once.
    pub(crate) fn make_export_of_day(&self, audience: &Id, day: &Day) -> Result<ExportAnswer> {
        let what = format!("the export of {day}");
        let (status, text) =
            self.json(&what, &Method::POST, &path(audience, day, "export"), Repeatable::No)?;
        let answer = ExportAnswer::new(&what, status, &text)?;
        check_is_same("day", answer.record.data_date.as_deref(), &day.to_string())?;
        Ok(answer)
    }
}
