//! Moments as they stand in JSON: RFC 3339, whole seconds, UTC.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A moment, in whole seconds since 1970-01-01T00:00:00Z. Reads RFC 3339 with any offset, writes it with `Z`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// The last second of the year 9999, past which RFC 3339 cannot write.
const LAST: i64 = 253_402_300_799;

impl Timestamp {
    /// From seconds since the epoch; held between 1970 and 9999.
    pub fn from_seconds(seconds: i64) -> Self {
        Self(seconds.clamp(0, LAST))
    }

    /// From milliseconds since the epoch, cut to the second.
    pub fn from_millis(millis: i64) -> Self {
        Self::from_seconds(millis.div_euclid(1000))
    }

    /// Seconds since the epoch.
    pub fn seconds(self) -> i64 {
        self.0
    }

    /// The moment so many seconds later (earlier when negative), held between 1970 and 9999.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self::from_seconds(self.0.saturating_add(seconds))
    }

    /// Reads RFC 3339 with any offset. `None` for anything else, and for moments before 1970.
    pub fn parse(text: &str) -> Option<Self> {
        let moment = OffsetDateTime::parse(text, &Rfc3339).ok()?;
        let seconds = moment.unix_timestamp();
        (0..=LAST).contains(&seconds).then_some(Self(seconds))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let moment = OffsetDateTime::from_unix_timestamp(self.0).map_err(|_| fmt::Error)?;
        formatter.write_str(&moment.format(&Rfc3339).map_err(|_| fmt::Error)?)
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
    fn reads_any_offset_and_writes_whole_seconds_utc() {
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
            let read = Timestamp::parse(given).map(|moment| moment.to_string());
            assert_eq!(read.as_deref(), expected, "{given}");
        }
    }
}
