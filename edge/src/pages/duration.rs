//! Durations in words. How precise they are decides [`notice::duration`](::notice::duration).

use ::notice::{
    duration::{Duration, Unit, exact, rough},
    wire::time::Timestamp,
};

use super::{Context, words::filled};

impl Context<'_> {
    /// How long something took: "1 h 40 min".
    pub fn took(&self, seconds: u64) -> String {
        self.in_words(exact(seconds))
    }

    /// How far away a time is: "13 min ago", "in 2 days".
    pub fn distance(&self, at: Timestamp) -> String {
        let seconds = at.seconds().saturating_sub(self.now.seconds());
        let words = if seconds > 0 {
            self.words.ahead
        } else {
            self.words.ago
        };
        let far = self.in_words(rough(seconds.unsigned_abs()));
        filled(words, &[&far])
    }

    fn in_words(&self, duration: Option<Duration>) -> String {
        let Some(Duration { large, small }) = duration else {
            return self.words.moment.to_owned();
        };
        let part = |(number, unit)| {
            let forms = match unit {
                Unit::Day => self.words.days,
                Unit::Hour => self.words.hours,
                Unit::Minute => self.words.minutes,
            };
            self.count(forms, number)
        };
        match small {
            Some(small) => filled(self.words.both, &[&part(large), &part(small)]),
            None => part(large),
        }
    }

    /// A number with what is counted, in the form that the language has for it; never broken.
    fn count(&self, forms: &str, number: u64) -> String {
        let place = self.clock.plural(number) as usize;
        let form = forms.split('|').nth(place).filter(|form| !form.is_empty());
        let form = form.or(forms.rsplit('|').next()).unwrap_or_default();
        filled(form, &[&number.to_string()]).replace(' ', "\u{a0}")
    }
}
