//! Formats times, durations and numbers in a language, and in the reader's time zone.

use notice::wire::time::Timestamp;

use crate::{
    dom,
    texts::{Text, Texts, fill},
};

/// A formatter for one language. Distances, and whether a time is today, depend on `now`.
pub struct Formatter {
    texts: &'static Texts,
    locale: String,
    now: i64,
}

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;
/// From this duration on, texts count in days.
const DAYS_FROM_S: i64 = 36 * HOUR_S;
/// The same, in minutes.
const DAYS_FROM_MINUTES: i64 = DAYS_FROM_S / 60;

/// The parts of a time to format. The discriminants are the numbers that [`dom::format_time`] takes.
#[derive(Clone, Copy)]
enum Detail {
    Date,
    Time,
    Zoned,
}

impl Formatter {
    /// `now` is the time by the server's clock, in seconds since 1970.
    pub fn new(texts: &'static Texts, now: i64) -> Self {
        Self {
            texts,
            locale: dom::locale_of(texts.tag),
            now,
        }
    }

    /// Seconds since 1970 by the server's clock.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// A time, with the day unless it is today.
    pub fn time(&self, at: Timestamp) -> String {
        self.with_day(at, self.now, Detail::Time)
    }

    /// A time with the name of the time zone, with the day unless it is today.
    pub fn zoned(&self, at: Timestamp) -> String {
        self.with_day(at, self.now, Detail::Zoned)
    }

    /// The end of a period, with the day unless it began on the same day.
    pub fn end(&self, at: Timestamp, began: Timestamp) -> String {
        self.with_day(at, began.seconds(), Detail::Time)
    }

    /// A time, with its day unless that is also the day of `reference_s`, a time in seconds since 1970.
    fn with_day(&self, at: Timestamp, reference_s: i64, detail: Detail) -> String {
        let time = self.format(at.seconds(), detail);
        let day = self.format(at.seconds(), Detail::Date);
        if day == self.format(reference_s, Detail::Date) {
            time
        } else {
            self.texts.fill(Text::List, &[&day, &time])
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "exact until the year 9999 and far beyond"
    )]
    fn format(&self, seconds: i64, detail: Detail) -> String {
        dom::format_time(seconds as f64 * 1000.0, &self.locale, detail as u32)
    }

    /// A text with a number, in the plural form that the language has for that number. `forms` are separated by `|`.
    pub fn count(&self, forms: &str, number: u32) -> String {
        dom::format_count(forms, number, &self.locale)
    }

    /// A duration in words, between two [`TIE`](crate::texts::TIE)s, so that it stays on one line. In minutes below an hour, in
    /// hours and minutes below 36 h, else in days and hours.
    pub fn duration(&self, seconds: i64) -> String {
        let count = |unit, number: i64| {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            self.count(self.texts.get(unit), number)
        };
        let two = |large, number, small, rest| {
            let large = count(large, number);
            if rest == 0 {
                large
            } else {
                self.texts.fill(Text::Both, &[&large, &count(small, rest)])
            }
        };
        let text = match seconds / 60 {
            ..1 => self.texts.get(Text::Moment).to_owned(),
            total @ 1..60 => count(Text::Minutes, total),
            total @ 60..DAYS_FROM_MINUTES => {
                two(Text::Hours, total / 60, Text::Minutes, total % 60)
            }
            total => two(Text::Days, total / 1440, Text::Hours, total % 1440 / 60),
        };
        fill("\u{2060}%\u{2060}", &[&text])
    }

    /// The distance to a time in words: "in 12 min", "5 h 40 min ago". Rounded to days from 36 h on.
    pub fn distance(&self, at: Timestamp) -> String {
        let exact = at.seconds().saturating_sub(self.now);
        let seconds = if exact.saturating_abs() < DAYS_FROM_S {
            exact
        } else {
            let half = 12 * HOUR_S * exact.signum();
            (exact.saturating_add(half)) / DAY_S * DAY_S
        };
        let text = if seconds > 0 { Text::Ahead } else { Text::Ago };
        self.texts
            .fill(text, &[&self.duration(seconds.saturating_abs())])
    }
}
