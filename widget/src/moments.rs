//! Times and durations in words, in the reader's own zone.

use notice::wire::time::Timestamp;

use crate::{
    page,
    texts::{Text, Texts, fill},
};

/// Says times in one language.
pub struct Moments {
    texts: &'static Texts,
    locale: String,
    now: i64,
}

const HOUR_S: i64 = 3600;
const DAY_S: i64 = 24 * HOUR_S;

/// How much of a time is said.
#[derive(Clone, Copy)]
enum Detail {
    Date,
    Time,
    Zoned,
}

impl Moments {
    /// For a language, at a moment by the server's clock, in seconds since 1970.
    pub fn new(texts: &'static Texts, now: i64) -> Self {
        Self {
            texts,
            locale: page::variety(texts.tag),
            now,
        }
    }

    /// Seconds since 1970 by the server's clock.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// A time of today; of another day, with the day.
    pub fn time(&self, at: Timestamp) -> String {
        self.with_day(at, self.now, Detail::Time)
    }

    /// The same, with the zone's name.
    pub fn zoned(&self, at: Timestamp) -> String {
        self.with_day(at, self.now, Detail::Zoned)
    }

    /// The end of what began at a time that is said before it: of another day than that, with the day.
    pub fn end(&self, at: Timestamp, began: Timestamp) -> String {
        self.with_day(at, began.seconds(), Detail::Time)
    }

    fn with_day(&self, at: Timestamp, known: i64, detail: Detail) -> String {
        let time = self.say(at.seconds(), detail);
        let day = self.say(at.seconds(), Detail::Date);
        if day == self.say(known, Detail::Date) {
            time
        } else {
            self.texts.fill(Text::List, &[&day, &time])
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "exact until the year 9999 and far beyond"
    )]
    fn say(&self, seconds: i64, detail: Detail) -> String {
        page::say(seconds as f64 * 1000.0, &self.locale, detail as u32)
    }

    /// How many, in one of a text's forms.
    pub fn count(&self, forms: &str, number: u32) -> String {
        page::count(forms, number, &self.locale)
    }

    /// How long, in words, between two [`TIE`](crate::texts::TIE)s: it is read in one go, and stands on one line.
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
        let words = match seconds / 60 {
            ..1 => self.texts.get(Text::Moment).to_owned(),
            total @ 1..60 => count(Text::Minutes, total),
            total @ 60..2160 => two(Text::Hours, total / 60, Text::Minutes, total % 60),
            total => two(Text::Days, total / 1440, Text::Hours, total % 1440 / 60),
        };
        fill("\u{2060}%\u{2060}", &[&words])
    }

    /// How far away, in words: "in 12 min", "5 h 40 min ago". From 36 h on in days, as people do.
    pub fn distance(&self, at: Timestamp) -> String {
        let exact = at.seconds().saturating_sub(self.now);
        let seconds = if exact.saturating_abs() < 36 * HOUR_S {
            exact
        } else {
            let half = 12 * HOUR_S * exact.signum();
            (exact.saturating_add(half)) / DAY_S * DAY_S
        };
        let words = if seconds > 0 { Text::Ahead } else { Text::Ago };
        self.texts
            .fill(words, &[&self.duration(seconds.saturating_abs())])
    }
}
