//! The elements of an incident, shared by all pages.

use ::notice::{
    limits,
    text::{cut::cut, links},
    wire::{
        enums::{ComponentStatus, ContactKind, Kind, Status},
        feed::{AffectedComponent, Contact, Notice},
        incident::Incident,
        input::IncidentText,
        language::Language,
        time::Timestamp,
    },
};
use maud::{Markup, html};

use super::{
    Context, ShownIncident,
    icon::icon,
    prose::{excerpt, prose},
    texts::{component_tone, fill_markup, fill_text, tone},
};
use crate::date_format::TimeFormat;

/// Maximum length of an excerpt, in characters.
pub const EXCERPT: usize = 300;

/// Maximum number of remaining problems of a resolved incident in a list.
const MAX_STILL: usize = 2;

/// The level of headings inside an incident; its title is one level above.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// On the incident's own page.
    Two,
    Three,
}

fn label(level: Level, text: &str) -> Markup {
    html! {
        @match level {
            Level::Two => h2 class="label" { (text) },
            Level::Three => h3 class="label" { (text) },
        }
    }
}

/// A `time` element; the page's script converts it to the reader's time zone.
pub fn time_element(context: &Context<'_>, at: Timestamp) -> Markup {
    html! { time datetime=(at) { (context.format_time(at)) } }
}

/// A period. The end omits the day if the period begins and ends on the same day.
pub fn span(context: &Context<'_>, from: Timestamp, until: Timestamp) -> Markup {
    let day = |at: Timestamp| context.dates.format(at, TimeFormat::DayKey);
    let shape = if day(from) == day(until) {
        TimeFormat::Time
    } else {
        TimeFormat::Moment
    };
    let end =
        html! { time datetime=(until) data-from=(from) { (context.dates.format(until, shape)) } };
    fill_markup(context.texts.lasted, &[time_element(context, from), end])
}

impl ShownIncident<'_> {
    /// The site's primary language, for a text that is not translated into the page's language; `None` if the text is in the page's
    /// language. `has` checks whether a translation contains the text.
    pub fn untranslated(
        &self,
        context: &Context<'_>,
        has: impl Fn(&IncidentText) -> bool,
    ) -> Option<Language> {
        let translated = self.incident.text.get(context.language).is_some_and(has);
        let own = context.site.primary_language();
        (own != *context.language && !translated).then_some(own)
    }
}

/// The kind and impact of an open incident, with its icon. An ended incident has its outcome in the heading instead.
pub fn severity(context: &Context<'_>, shown: &ShownIncident<'_>) -> Markup {
    html! {
        @if shown.notice.restored.is_none() {
            p class="severity" {
                (icon(tone(&shown.notice)))
                (context.texts.severity(shown.incident))
            }
        }
    }
}

/// The title, as a link to the incident's page.
pub fn title_link(context: &Context<'_>, shown: &ShownIncident<'_>) -> Markup {
    html! {
        a href=(context.link_to(shown.incident)) dir="auto" lang=[shown.notice.lang.as_deref()] {
            (shown.notice.title)
        }
    }
}

/// The labels of the segments that a notice is for.
pub fn segments(notice: &Notice) -> Markup {
    html! {
        @for (number, segment) in notice.audience.segments.iter().enumerate() {
            @if number > 0 { ", " }
            bdi { (segment.label) }
        }
    }
}

/// Advice, what works, what is broken, status and promises of an open incident.
pub fn current_state(context: &Context<'_>, shown: &ShownIncident<'_>, level: Level) -> Markup {
    let texts = context.texts;
    let notice = &shown.notice;
    html! {
        (advice(context, shown, level, limits::ADVICE))
        (pair(level, (texts.works, "works", &notice.works),
            (texts.broken, "broken", &notice.broken),
        ))
        (status_and_promises(context, notice))
    }
}

/// The short form: an excerpt of the advice, status and promises.
pub fn short_state(context: &Context<'_>, shown: &ShownIncident<'_>, level: Level) -> Markup {
    html! {
        (advice(context, shown, level, EXCERPT))
        (status_and_promises(context, &shown.notice))
    }
}

fn advice(context: &Context<'_>, shown: &ShownIncident<'_>, level: Level, max: usize) -> Markup {
    html! {
        @if let Some(advice) = &shown.notice.advice {
            @let (advice, was_cut) = cut(advice, max);
            section class="box" lang=[shown.untranslated(context, |text| text.advice.is_some())] {
                (label(level, context.texts.advice)) (excerpt(advice, was_cut))
                @if was_cut { (read_more(context, shown.incident)) }
            }
        }
    }
}

/// A link to the incident's page, which has the whole text.
pub fn read_more(context: &Context<'_>, incident: &Incident) -> Markup {
    html! { p class="soft" { a href=(context.link_to(incident)) { (context.texts.read_on) } } }
}

/// The status and the promises.
fn status_and_promises(context: &Context<'_>, notice: &Notice) -> Markup {
    let texts = context.texts;
    let sentence = match notice.status {
        Status::Scheduled => "",
        status => texts.status_sentence(status),
    };
    let promised = notice.next_update_at;
    let is_late =
        promised.is_some_and(|at| at.plus_seconds(i64::from(notice.overdue_after_s)) < context.now);
    let promise_text = if is_late {
        texts.overdue
    } else {
        texts.next_by
    };
    html! {
        @if !sentence.is_empty() || promised.is_some() || notice.estimated_end_at.is_some() {
            div class="word" {
                @if !sentence.is_empty() { p { (sentence) } }
                @if let Some(at) = promised {
                    p class="promise" {
                        span class=[is_late.then_some("late")] { (fill_markup(promise_text, &[time_element(context, at)])) }
                    }
                }
                @if let Some(at) = notice.estimated_end_at {
                    p { (fill_markup(texts.estimate(notice.confidence), &[time_element(context, at)])) }
                }
            }
        }
    }
}

/// The incident's period, and the segments of an ended incident. An open incident has its segments in the heading.
pub fn when(context: &Context<'_>, shown: &ShownIncident<'_>) -> Markup {
    let incident = shown.incident;
    let period = period(context, shown);
    let affects = &shown.notice.audience.segments;
    let affects = (!incident.is_open() && !affects.is_empty())
        .then(|| fill_markup(context.texts.affects, &[segments(&shown.notice)]));
    let parts: Vec<Markup> = period.into_iter().chain(affects).collect();
    html! {
        @if !parts.is_empty() {
            p class="soft" {
                @for (number, part) in parts.iter().enumerate() {
                    @if number > 0 { " · " }
                    (part)
                }
            }
        }
    }
}

/// The incident's period; `None` for announcements.
fn period(context: &Context<'_>, shown: &ShownIncident<'_>) -> Option<Markup> {
    let texts = context.texts;
    let incident = shown.incident;
    let planned = (incident.scheduled_for, incident.scheduled_until);
    // Only scheduled maintenance shows the distance: the age of an incident, in minutes, would soon be outdated.
    let with_distance = |period: Markup, at: Timestamp| {
        if incident.status == Status::Scheduled {
            fill_markup(
                texts.with_distance,
                &[period, html! { (context.distance(at)) }],
            )
        } else {
            period
        }
    };
    match (incident.kind, planned) {
        (Kind::Announcement, _) => None,
        (Kind::Maintenance, (Some(from), Some(until))) => {
            Some(with_distance(span(context, from, until), from))
        }
        (Kind::Maintenance, (Some(from), None)) => {
            let begins = fill_markup(texts.begins, &[time_element(context, from)]);
            Some(with_distance(begins, from))
        }
        _ => Some(fill_markup(
            texts.began,
            &[time_element(context, incident.started_at)],
        )),
    }
}

/// A maintenance window in UTC, for readers who work across time zones; empty for other incidents.
pub fn in_utc(context: &Context<'_>, shown: &ShownIncident<'_>) -> Markup {
    let incident = shown.incident;
    let format = |at: Timestamp, shape| context.dates.format(at, shape);
    let day = |at: Timestamp| TimeFormat::DayKey.in_utc(at);
    html! {
        @if let (Kind::Maintenance, Some(from), Some(until)) =
            (incident.kind, incident.scheduled_for, incident.scheduled_until) {
            @let end = if day(from) == day(until) { TimeFormat::UtcTime } else { TimeFormat::Utc };
            p class="soft utc" {
                "UTC: " (fill_text(context.texts.lasted, &[&format(from, TimeFormat::Utc), &format(until, end)]))
            }
        }
    }
}

/// The all-clear of an ended incident.
pub fn all_clear(context: &Context<'_>, shown: &ShownIncident<'_>, level: Level) -> Markup {
    let texts = context.texts;
    let Some(restored) = &shown.notice.restored else {
        return html! {};
    };
    html! {
        @if let Some(reason) = &restored.withdrawn {
            section class="box" { (label(level, texts.mistake)) (prose(reason)) }
        } @else {
            @if let Some(check) = &restored.check {
                section class="box" { (label(level, texts.check)) (prose(check)) }
            }
            (pair(level, (texts.back, "works", &restored.back), (texts.still, "broken", &restored.still)))
        }
    }
}

/// The all-clear of an incident in a list: the first remaining problems, and an excerpt of what to check until the
/// all-clear expires.
pub fn all_clear_excerpt(context: &Context<'_>, shown: &ShownIncident<'_>) -> Markup {
    let texts = context.texts;
    let restored = shown.notice.restored.as_ref();
    let restored = restored.filter(|restored| restored.withdrawn.is_none());
    html! {
        @if let Some(restored) = restored {
            @if let Some(check) = restored.check.as_ref().filter(|_| restored.expires_at > context.now) {
                @let (check, was_cut) = cut(check, EXCERPT);
                div class="check" {
                    strong { (texts.check) }
                    (excerpt(check, was_cut))
                    @if was_cut { (read_more(context, shown.incident)) }
                }
            }
            @if !restored.still.is_empty() {
                div class="check" {
                    strong { (texts.still) }
                    ul { @for entry in restored.still.iter().take(MAX_STILL) { li { span dir="auto" { (entry) } } } }
                    @if restored.still.len() > MAX_STILL { (read_more(context, shown.incident)) }
                }
            }
        }
    }
}

/// Heading, icon name and entries of a list.
type Side<'a> = (&'a str, &'a str, &'a Vec<String>);

/// Two short lists, side by side.
fn pair(level: Level, one: Side<'_>, other: Side<'_>) -> Markup {
    html! {
        @if !one.2.is_empty() || !other.2.is_empty() {
            div class="pair" {
                @for (heading, name, entries) in [one, other] {
                    @if !entries.is_empty() {
                        section {
                            (label(level, heading))
                            ul { @for entry in entries { li { (icon(name)) span dir="auto" { (entry) } } } }
                        }
                    }
                }
            }
        }
    }
}

/// The affected components, with status and time.
pub fn affected_components(context: &Context<'_>, shown: &ShownIncident<'_>) -> Markup {
    let over = shown.notice.restored.is_some();
    html! {
        @if !shown.notice.components.is_empty() {
            ul class="rows" {
                @for component in &shown.notice.components {
                    li {
                        span dir="auto" { (component.name) }
                        @if shown.incident.status != Status::Scheduled { (affected_status(context, component, over)) }
                    }
                }
            }
        }
    }
}

fn affected_status(context: &Context<'_>, component: &AffectedComponent, over: bool) -> Markup {
    let texts = context.texts;
    let since = time_element(context, component.since);
    let is_back = component.status == ComponentStatus::Operational;
    html! {
        span class=(format!("state {}", component_tone(component.status))) {
            (icon(component_tone(component.status)))
            span {
                @if is_back && over {
                    (texts.component_working)
                } @else if is_back {
                    (fill_markup(texts.back_since, &[since]))
                } @else {
                    (fill_markup(texts.component_since, &[html! { (texts.component(component.status)) }, since]))
                }
            }
        }
    }
}

pub fn contacts(contacts: &[Contact]) -> Markup {
    html! {
        @if !contacts.is_empty() {
            ul class="contacts" {
                @for contact in contacts {
                    @if let Some(href) = links::contact_url(contact) {
                        li {
                            a href=(href) {
                                span dir="auto" { (contact.label) }
                                @if shows_value(contact) { span class="soft" dir="ltr" { (contact.value) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whether to show the value: a number to dial from another phone, or an address to write down.
fn shows_value(contact: &Contact) -> bool {
    let is_readable = matches!(contact.kind, ContactKind::Phone | ContactKind::Email);
    is_readable && !contact.label.contains(contact.value.trim())
}
