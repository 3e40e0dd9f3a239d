//! Formats of times and numbers on pages. The runtime supplies time zones and plural rules (`runtime::intl`).

use ::notice::wire::{language::Language, time::Timestamp};

/// A format for a timestamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFormat {
    /// `21 Nov 2026, 19:00`
    Moment,
    /// The end of a period on the same day: `19:00`
    Time,
    /// `21 Nov 2026, 08:00` in UTC, independent of the site's time zone.
    Utc,
    /// The end of a period on the same UTC day: `08:00`
    UtcTime,
    /// `2026-11-21`, in every language.
    DayKey,
    /// In the page's language: `November 2026`
    Month,
    /// `2026-11`, in every language.
    MonthKey,
}

impl TimeFormat {
    /// The matching part of the timestamp in RFC 3339, in UTC: `2026-11-21T08:00:00Z`, `08:00`, `2026-11-21` or
    /// `2026-11`. Used when `Intl` fails, and for UTC days.
    pub fn in_utc(self, at: Timestamp) -> String {
        let whole = at.to_string();
        match self {
            Self::Moment | Self::Utc => whole,
            Self::Time | Self::UtcTime => whole.get(11..16).unwrap_or_default().to_owned(),
            Self::DayKey => whole.get(..10).unwrap_or_default().to_owned(),
            Self::Month | Self::MonthKey => whole.get(..7).unwrap_or_default().to_owned(),
        }
    }
}

/// A plural category of CLDR. The discriminants are the positions of the forms in a text, except that `other` is always
/// the last form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    /// Such as 1 in English.
    One,
    /// Such as 2 in Arabic.
    Two,
    /// Such as 3 to 10 in Arabic.
    Few,
    /// Such as 11 to 99 in Arabic.
    Many,
    /// All other numbers.
    Other,
}

/// Formats times in the site's time zone and the page's language.
pub trait DateFormatter {
    fn plural(&self, number: u64) -> Plural;
    fn format(&self, at: Timestamp, shape: TimeFormat) -> String;
}

/// A source of date formatters, by time zone and language.
pub trait DateFormatters {
    /// Calls `work` with the formatter.
    fn with<T>(
        &self,
        zone: &str,
        language: &Language,
        work: impl FnOnce(&dyn DateFormatter) -> T,
    ) -> T;
}
