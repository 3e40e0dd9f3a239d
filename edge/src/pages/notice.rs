//! One incident as every page shows it.

use ::notice::{
    limits, links,
    text::cut,
    wire::{
        feed::{AffectedComponent, Contact, Notice},
        incident::Incident,
        input::IncidentText,
        language::Language,
        time::Timestamp,
        words::{ComponentStatus, ContactKind, Kind, Status},
    },
};
use maud::{Markup, html};

use super::{
    Context, Shown,
    clock::Shape,
    icon::icon,
    prose::{beginning, prose},
    words::{component_tone, fill, filled, tone},
};

/// Characters of a text that is only begun.
pub const BEGINNING: usize = 300;

/// Of what is not right yet, in a list, so many entries.
const STILL: usize = 2;

/// What stands above an incident's parts: its own title is of the level before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// On its own page, below the page's title.
    Two,
    /// Among others.
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

/// A moment, for readers and for machines; the page's script puts it in the reader's own zone.
pub fn moment(context: &Context<'_>, at: Timestamp) -> Markup {
    html! { time datetime=(at) { (context.say(at)) } }
}

/// From one moment to another; the day is said once, where it is one.
pub fn span(context: &Context<'_>, from: Timestamp, until: Timestamp) -> Markup {
    let day = |at: Timestamp| context.clock.say(at, Shape::DayKey);
    let shape = if day(from) == day(until) {
        Shape::Time
    } else {
        Shape::Moment
    };
    let end =
        html! { time datetime=(until) data-from=(from) { (context.clock.say(until, shape)) } };
    fill(context.words.lasted, &[moment(context, from), end])
}

impl Shown<'_> {
    /// The language of a text, where it is not the page's: it has no translation.
    pub fn fallback(
        &self,
        context: &Context<'_>,
        has: impl Fn(&IncidentText) -> bool,
    ) -> Option<Language> {
        let translated = self.incident.text.get(context.language).is_some_and(has);
        let own = context.site.own_language();
        (own != *context.language && !translated).then_some(own)
    }
}

/// The kind and impact of an open incident, with its icon; what has ended says so in its heading.
pub fn severity(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
    html! {
        @if shown.notice.restored.is_none() {
            p class="severity" {
                (icon(tone(&shown.notice)))
                (context.words.severity(shown.incident))
            }
        }
    }
}

/// The title, as a link to the page of the incident.
pub fn title_link(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
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

/// What to do, what works, what does not, what is promised: while it goes on.
pub fn standing(context: &Context<'_>, shown: &Shown<'_>, level: Level) -> Markup {
    let words = context.words;
    let notice = &shown.notice;
    html! {
        (advice(context, shown, level, limits::ADVICE))
        (pair(level, (words.works, "works", &notice.works),
            (words.broken, "broken", &notice.broken),
        ))
        (word(context, notice))
    }
}

/// The same where there is little room: how the advice begins, and what is promised.
pub fn briefly(context: &Context<'_>, shown: &Shown<'_>, level: Level) -> Markup {
    html! {
        (advice(context, shown, level, BEGINNING))
        (word(context, &shown.notice))
    }
}

fn advice(context: &Context<'_>, shown: &Shown<'_>, level: Level, most: usize) -> Markup {
    html! {
        @if let Some(advice) = &shown.notice.advice {
            @let (advice, was_cut) = cut(advice, most);
            section class="box" lang=[shown.fallback(context, |text| text.advice.is_some())] {
                (label(level, context.words.advice)) (beginning(advice, was_cut))
                @if was_cut { (read_on(context, shown.incident)) }
            }
        }
    }
}

/// To the incident's own page, where a text is whole.
pub fn read_on(context: &Context<'_>, incident: &Incident) -> Markup {
    html! { p class="soft" { a href=(context.link_to(incident)) { (context.words.read_on) } } }
}

/// Where it stands, and what is promised.
fn word(context: &Context<'_>, notice: &Notice) -> Markup {
    let words = context.words;
    let said = match notice.status {
        Status::Scheduled => "",
        status => words.standing(status),
    };
    let promised = notice.next_update_at;
    let late =
        promised.is_some_and(|at| at.plus_seconds(i64::from(notice.overdue_after_s)) < context.now);
    let sentence = if late { words.overdue } else { words.next_by };
    html! {
        @if !said.is_empty() || promised.is_some() || notice.estimated_end_at.is_some() {
            div class="word" {
                @if !said.is_empty() { p { (said) } }
                @if let Some(at) = promised {
                    p class="promise" {
                        span class=[late.then_some("late")] { (fill(sentence, &[moment(context, at)])) }
                    }
                }
                @if let Some(at) = notice.estimated_end_at {
                    p { (fill(words.estimate(notice.confidence), &[moment(context, at)])) }
                }
            }
        }
    }
}

/// When an incident began or a maintenance takes place, and once it has ended, which segments it was for: until then its
/// heading names them.
pub fn when(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
    let incident = shown.incident;
    let period = period(context, shown);
    let affects = &shown.notice.audience.segments;
    let affects = (!incident.is_open() && !affects.is_empty())
        .then(|| fill(context.words.affects, &[segments(&shown.notice)]));
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

/// `None` for announcements.
fn period(context: &Context<'_>, shown: &Shown<'_>) -> Option<Markup> {
    let words = context.words;
    let incident = shown.incident;
    let planned = (incident.scheduled_for, incident.scheduled_until);
    let is_ahead = incident.status == Status::Scheduled;
    let distance = |said: Markup, at: Timestamp, is_told: bool| {
        if is_told {
            let distance = context.distance(at);
            fill(words.with_distance, &[said, html! { (distance) }])
        } else {
            said
        }
    };
    match (incident.kind, planned) {
        (Kind::Announcement, _) => None,
        (Kind::Maintenance, (Some(from), Some(until))) => {
            Some(distance(span(context, from, until), from, is_ahead))
        }
        (Kind::Maintenance, (Some(from), None)) => {
            let begins = fill(words.begins, &[moment(context, from)]);
            Some(distance(begins, from, is_ahead))
        }
        _ => {
            let at = incident.started_at;
            let began = fill(words.began, &[moment(context, at)]);
            Some(distance(began, at, incident.is_open()))
        }
    }
}

/// The times of planned work in UTC, for those who work across zones; nothing for anything else.
pub fn in_utc(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
    let incident = shown.incident;
    let say = |at: Timestamp, shape| context.clock.say(at, shape);
    let day = |at: Timestamp| Shape::DayKey.in_utc(at);
    html! {
        @if let (Kind::Maintenance, Some(from), Some(until)) =
            (incident.kind, incident.scheduled_for, incident.scheduled_until) {
            @let end = if day(from) == day(until) { Shape::UtcTime } else { Shape::Utc };
            p class="soft utc" {
                "UTC: " (filled(context.words.lasted, &[&say(from, Shape::Utc), &say(until, end)]))
            }
        }
    }
}

/// The all-clear, when it is over.
pub fn over(context: &Context<'_>, shown: &Shown<'_>, level: Level) -> Markup {
    let words = context.words;
    let Some(restored) = &shown.notice.restored else {
        return html! {};
    };
    html! {
        @if let Some(reason) = &restored.withdrawn {
            section class="box" { (label(level, words.mistake)) (prose(reason)) }
        } @else {
            @if let Some(check) = &restored.check {
                section class="box" { (label(level, words.check)) (prose(check)) }
            }
            (pair(level, (words.back, "works", &restored.back), (words.still, "broken", &restored.still)))
        }
    }
}

/// What follows an end in a list: the first things that are not right yet, and how what to check begins, for as long as
/// the all-clear is shown.
pub fn aftermath(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
    let words = context.words;
    let restored = shown.notice.restored.as_ref();
    let restored = restored.filter(|restored| restored.withdrawn.is_none());
    html! {
        @if let Some(restored) = restored {
            @if let Some(check) = restored.check.as_ref().filter(|_| restored.expires_at > context.now) {
                @let (check, was_cut) = cut(check, BEGINNING);
                div class="check" {
                    strong { (words.check) }
                    (beginning(check, was_cut))
                    @if was_cut { (read_on(context, shown.incident)) }
                }
            }
            @if !restored.still.is_empty() {
                div class="check" {
                    strong { (words.still) }
                    ul { @for entry in restored.still.iter().take(STILL) { li { span dir="auto" { (entry) } } } }
                    @if restored.still.len() > STILL { (read_on(context, shown.incident)) }
                }
            }
        }
    }
}

/// A heading, its icon and its entries.
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

/// What it touches, since when.
pub fn affected(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
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
    let words = context.words;
    let since = moment(context, component.since);
    let is_back = component.status == ComponentStatus::Operational;
    html! {
        span class=(format!("state {}", component_tone(component.status))) {
            (icon(component_tone(component.status)))
            span {
                @if is_back && over {
                    (words.component_working)
                } @else if is_back {
                    (fill(words.back_since, &[since]))
                } @else {
                    (fill(words.component_since, &[html! { (words.component(component.status)) }, since]))
                }
            }
        }
    }
}

/// Whom to reach.
pub fn contacts(contacts: &[Contact]) -> Markup {
    html! {
        @if !contacts.is_empty() {
            ul class="contacts" {
                @for contact in contacts {
                    @if let Some(href) = links::of_contact(contact) {
                        li {
                            a href=(href) {
                                span dir="auto" { (contact.label) }
                                @if is_said(contact) { span class="soft" dir="ltr" { (contact.value) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// Whether its value is for people too: a number to dial from another telephone, an address to write down.
fn is_said(contact: &Contact) -> bool {
    let is_readable = matches!(contact.kind, ContactKind::Phone | ContactKind::Email);
    is_readable && !contact.label.contains(contact.value.trim())
}
