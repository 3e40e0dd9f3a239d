//! Timestamps in JSON: RFC 3339, whole seconds, UTC.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A point in time in whole seconds since 1970-01-01T00:00:00Z, at most the end of the year 9999. Parses RFC 3339 with
/// any offset and formats it with `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The last second of the year 9999. RFC 3339 has no later year.
const LAST: i64 = 253_402_300_799;

impl Timestamp {
    /// Creates a timestamp from seconds since 1970, clamped to the years 1970 to 9999.
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(0, LAST))
    }

    /// Creates a timestamp from milliseconds since 1970, rounded down to the second.
    pub fn from_millis(millis: i64) -> Self {
        Self::from_seconds(millis.div_euclid(1000))
    }

    /// Seconds since 1970-01-01T00:00:00Z, at least 0.
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// Adds seconds, which may be negative. The result is clamped to the years 1970 to 9999.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_seconds(self.0.saturating_add(seconds))
    }

    /// Parses RFC 3339 with any offset. `None` for other texts and for times before 1970.
    pub fn parse(text: &str) -> Option<Self> {
        let time = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        let seconds = time.unix_timestamp();
        (0..=LAST).contains(&seconds).then_some(Self(seconds))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = OffsetDateTime::from_unix_timestamp(self.0).map_err(|_| fmt::Error)?;
        formatter.write_str(&time.format(&Rfc3339).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            D::Error::custom("Must be an RFC 3339 date and time, for example 2026-11-21T14:30:00Z.")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn any_offset_is_parsed_and_whole_seconds_utc_written() {
        for (given, expected) in [
            ("2026-11-21T14:30:00Z", Some("2026-11-21T14:30:00Z")),
            ("2026-11-21T14:30:00.999Z", Some("2026-11-21T14:30:00Z")),
            ("2026-11-21T14:30:00+11:00", Some("2026-11-21T03:30:00Z")),
            ("2026-11-21T14:30:00-00:30", Some("2026-11-21T15:00:00Z")),
            ("1969-12-31T23:59:59Z", None),
            ("2026-11-21", None),
            ("2026-11-21T14:30:00", None),
            ("2026-02-30T14:30:00Z", None),
            ("", None),
        ] {
            let read = Timestamp::parse(given).map(|time| time.to_string());
            assert_eq!(read.as_deref(), expected, "{given}");
        }
    }
}
