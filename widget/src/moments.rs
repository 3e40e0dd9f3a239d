//! Times and durations in words, in the reader's own zone.

use notice::wire::time::Timestamp;

use crate::{
    page,
    texts::{Text, Texts, digits, fill},
};

/// Says times in one language.
pub struct Moments {
    texts: &'static Texts,
    locale: String,
    now: i64,
}

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
        self.with_day(at, Detail::Time)
    }

    /// The same, with the zone's name.
    pub fn zoned(&self, at: Timestamp) -> String {
        self.with_day(at, Detail::Zoned)
    }

    fn with_day(&self, at: Timestamp, detail: Detail) -> String {
        let time = self.say(at.seconds(), detail);
        let day = self.say(at.seconds(), Detail::Date);
        if day == self.say(self.now, Detail::Date) {
            time
        } else {
            fill("%, %", &[&day, &time])
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "exact until the year 9999 and far beyond"
    )]
    fn say(&self, seconds: i64, detail: Detail) -> String {
        page::say(seconds as f64 * 1000.0, &self.locale, detail as u32)
    }

    /// How long, in words.
    pub fn duration(&self, seconds: i64) -> String {
        let count = |unit, number: i64| self.texts.fill(unit, &[&digits(number.unsigned_abs())]);
        let two = |large, number, small, rest| {
            let large = count(large, number);
            if rest == 0 {
                large
            } else {
                fill("% %", &[&large, &count(small, rest)])
            }
        };
        match seconds / 60 {
            ..1 => self.texts.get(Text::Moment).to_owned(),
            total @ 1..60 => count(Text::Minutes, total),
            total @ 60..2880 => two(Text::Hours, total / 60, Text::Minutes, total % 60),
            total => two(Text::Days, total / 1440, Text::Hours, total % 1440 / 60),
        }
    }

    /// How far away, in words: "in 12 min", "5 h 40 min ago".
    pub fn distance(&self, at: Timestamp) -> String {
        let seconds = at.seconds().saturating_sub(self.now);
        let words = if seconds > 0 { Text::Ahead } else { Text::Ago };
        self.texts
            .fill(words, &[&self.duration(seconds.saturating_abs())])
    }
}
