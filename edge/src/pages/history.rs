//! What was, month by month.

use ::notice::wire::incident::Incident;
use maud::html;

use super::{
    Context,
    clock::Shape,
    layout::{Findable, Frame, Page, Theme, layout},
    status::{line, listed},
    words::filled,
};

/// A month of the site's time zone, as in `2026-11`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(String);

impl Month {
    /// Reads `YYYY-MM`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let fits = year.len() == 4 && month.len() == 2 && digits(year) && digits(month);
        let number: u8 = month.parse().ok()?;
        (fits && (1..=12).contains(&number)).then(|| Self(text.to_owned()))
    }

    /// As in an address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The month in which an incident began, in the site's time zone.
pub fn month_of(context: &Context<'_>, incident: &Incident) -> Option<Month> {
    Month::parse(&context.clock.say(incident.started_at, Shape::MonthKey))
}

/// What the page is made of: everything that ever was, and which month of it is asked for; `None`: the newest that
/// there is something of. `None` where there is nothing of the month that is asked for.
pub fn render(
    context: &Context<'_>,
    incidents: &[Incident],
    asked: Option<&Month>,
) -> Option<String> {
    let words = context.words;
    let began = |incident: &&Incident| {
        incident.started_at <= context.now && (incident.is_shown() || incident.expired)
    };
    let mut past: Vec<(Month, &Incident)> = listed(incidents.iter())
        .filter(began)
        .filter_map(|incident| Some((month_of(context, incident)?, incident)))
        .collect();
    past.sort_by_key(|(_, incident)| std::cmp::Reverse(incident.started_at));
    let newest = past.first().map(|(month, _)| month);
    let month = asked.or(newest);
    let of_month: Vec<&Incident> = past
        .iter()
        .filter(|(began, _)| Some(began) == month)
        .map(|(_, incident)| *incident)
        .collect();
    if asked.is_some() && of_month.is_empty() {
        return None;
    }
    let older = past
        .iter()
        .map(|(began, _)| began)
        .filter(|began| Some(*began) < month)
        .max();
    let newer = past
        .iter()
        .map(|(began, _)| began)
        .filter(|began| Some(*began) > month)
        .min();
    let name = |wanted: &Month| {
        let any = past.iter().find(|(began, _)| began == wanted);
        any.map_or_else(String::new, |(_, incident)| {
            context.clock.say(incident.started_at, Shape::Month)
        })
    };
    let path = match asked {
        Some(month) => format!("/history?month={}", month.as_str()),
        None => "/history".to_owned(),
    };
    let content = html! {
        h1 { (words.history) }
        @if let Some(month) = month {
            section id="month" {
                h2 { (name(month)) }
                ul class="entries" { @for incident in &of_month { (line(context, &context.show(incident))) } }
            }
        } @else {
            p class="soft" { (words.nothing_then) }
        }
        nav class="turn" aria-label=(words.history) {
            @for (month, text, way) in [(older, words.older, "prev"), (newer, words.newer, "next")] {
                @if let Some(month) = month {
                    a rel=(way) href=(context.link(&format!("/history?month={}", month.as_str()))) {
                        (filled(text, &[&name(month)]))
                    }
                }
            }
        }
        p class="back" { a href=(context.link("")) { (filled(words.to_status, &[&context.site.name])) } }
    };
    let page = Page {
        title: words.history,
        summary: &filled(words.to_status, &[&context.site.name]),
        path: &path,
        findable: Findable::Yes,
        theme: Theme::Auto,
        frame: Frame::Whole,
        poll_after_s: 60,
        content,
    };
    Some(layout(context, &page).into_string())
}

#[cfg(test)]
mod tests {
    use super::Month;

    #[test]
    fn months() {
        for (text, fits) in [
            ("2026-11", true),
            ("2026-01", true),
            ("2026-00", false),
            ("2026-13", false),
            ("2026-1", false),
            ("202-611", false),
            ("2026-11-01", false),
            ("+026-11", false),
            ("", false),
        ] {
            assert_eq!(Month::parse(text).is_some(), fits, "{text}");
        }
    }
}
