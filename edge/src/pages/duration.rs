//! Durations in words; `notice::duration` decides their precision.

use ::notice::{
    duration::{Duration, Unit, exact, rough},
    wire::time::Timestamp,
};

use super::{Context, texts::fill_text};

impl Context<'_> {
    /// A duration: "1 h 40 min".
    pub fn duration(&self, seconds: u64) -> String {
        self.in_words(exact(seconds))
    }

    /// The distance to a time: "13 min ago", "in 2 days".
    pub fn distance(&self, at: Timestamp) -> String {
        let seconds = at.seconds().saturating_sub(self.now.seconds());
        let template = if seconds > 0 {
            self.texts.ahead
        } else {
            self.texts.ago
        };
        let distance = self.in_words(rough(seconds.unsigned_abs()));
        fill_text(template, &[&distance])
    }

    fn in_words(&self, duration: Option<Duration>) -> String {
        let Some(Duration { large, small }) = duration else {
            return self.texts.moment.to_owned();
        };
        let unit_text = |(number, unit)| {
            let forms = match unit {
                Unit::Day => self.texts.days,
                Unit::Hour => self.texts.hours,
                Unit::Minute => self.texts.minutes,
            };
            self.count(forms, number)
        };
        match small {
            Some(small) => fill_text(self.texts.both, &[&unit_text(large), &unit_text(small)]),
            None => unit_text(large),
        }
    }

    /// A number with its unit, in the plural form of the language, with non-breaking spaces. `forms` has the forms in the order of
    /// [`Plural`](crate::date_format::Plural), separated by `|`; the last one replaces those that are missing or empty.
    fn count(&self, forms: &str, number: u64) -> String {
        let place = self.dates.plural(number) as usize;
        let form = forms.split('|').nth(place).filter(|form| !form.is_empty());
        let form = form.or(forms.rsplit('|').next()).unwrap_or_default();
        fill_text(form, &[&number.to_string()]).replace(' ', "\u{a0}")
    }
}
