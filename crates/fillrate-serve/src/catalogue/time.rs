//! Times, as the API writes them.

use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::Offset;

/// In UTC, with milliseconds: `2026-05-05T08:45:03.000Z`.
pub(crate) fn timestamp(time: SystemTime) -> String {
    let time = Timestamp::try_from(time).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{time:.3}")
}

/// The day in UTC of a time as the API writes it; `None` if it is none.
pub(crate) fn date(timestamp: &str) -> Option<String> {
    let time: Timestamp = timestamp.parse().ok()?;
    Some(Offset::UTC.to_datetime(time).date().to_string())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_written_as_the_documentation_shows_them() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_777_970_703);
        assert_eq!(timestamp(time), "2026-05-05T08:45:03.000Z");
        assert_eq!(date("2026-05-05T23:45:03.000Z").as_deref(), Some("2026-05-05"));
        assert_eq!(date("2026-05-05T23:45:03-02:00").as_deref(), Some("2026-05-06"));
        assert_eq!(date("yesterday"), None);
    }
}
