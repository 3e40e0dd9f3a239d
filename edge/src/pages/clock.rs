//! How pages write times and numbers. The runtime knows the time zones and the languages' plurals.

use ::notice::wire::time::Timestamp;

/// How much of a moment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// `21 Nov 2026, 19:00`
    Moment,
    /// Its end: `19:00`
    Time,
    /// `21 Nov 2026, 08:00` in UTC, whatever the site's zone.
    Utc,
    /// Its end: `08:00`
    UtcTime,
    /// `2026-11-21`, in every language.
    DayKey,
    /// `November 2026`
    Month,
    /// `2026-11`, in every language.
    MonthKey,
}

impl Shape {
    /// The same where no zone is known.
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

/// The form that a language has for a number, by the names of CLDR. The numbers are the places of the forms in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plural {
    /// As English for 1.
    One,
    /// As Arabic for 2.
    Two,
    /// As Arabic for 3 to 10.
    Few,
    /// As Arabic for 11 to 99.
    Many,
    /// Everything else.
    Other,
}

/// Writes times in the site's time zone and the page's language.
pub trait Clock {
    /// The form of a number.
    fn plural(&self, number: u64) -> Plural;
    /// A moment as readers write it.
    fn say(&self, at: Timestamp, shape: Shape) -> String;
}
