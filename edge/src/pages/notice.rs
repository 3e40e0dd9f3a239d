//! One incident as both pages show it.

use ::notice::{
    links,
    wire::{
        feed::Contact,
        incident::{Incident, Update},
        input::ComponentName,
        time::Timestamp,
    },
};
use maud::{Markup, html};

use super::{Context, prose::prose, words};

/// A moment, for readers and for machines.
pub fn moment(context: &Context<'_>, at: Timestamp) -> Markup {
    html! { time datetime=(at) { ((context.say)(at)) } }
}

/// What to do, what works, what does not, what is promised: while it goes on.
pub fn standing(context: &Context<'_>, incident: &Incident) -> Markup {
    html! {
        @if let Some(advice) = &incident.advice {
            section class="advice" { h3 { "What to do now" } (prose(advice)) }
        }
        @if !incident.works.is_empty() || !incident.broken.is_empty() {
            div class="sides" {
                @if !incident.works.is_empty() { section { h3 { "Works" } (list(&incident.works)) } }
                @if !incident.broken.is_empty() { section { h3 { "Does not work" } (list(&incident.broken)) } }
            }
        }
        p class="word" {
            (words::status(incident.status)) " "
            @if let Some(promised) = incident.next_update_at {
                strong { (promise(context, promised)) }
            }
        }
    }
}

fn promise(context: &Context<'_>, promised: Timestamp) -> Markup {
    let late = promised.plus_seconds(i64::from(context.site.overdue_after_s));
    html! {
        @if late < context.now {
            "We promised an update by " (moment(context, promised))
            ". It is late; the problem may not be over."
        } @else {
            "Next update by " (moment(context, promised)) "."
        }
    }
}

/// The all-clear, when it is over.
pub fn over(context: &Context<'_>, incident: &Incident) -> Markup {
    let Some(ended_at) = incident.ended_at.filter(|_| !incident.is_open()) else {
        return html! {};
    };
    let took = ended_at.seconds() - incident.started_at.seconds();
    let took = words::duration(u64::try_from(took).unwrap_or(0));
    let own = incident.restored.clone().unwrap_or_default();
    html! {
        @if let Some(reason) = &incident.withdrawn {
            section class="advice" { h3 { "This was published by mistake" } (prose(reason)) }
        } @else {
            p class="word" { strong { "Working again since " (moment(context, ended_at)) ", after " (took) "." } }
            @if let Some(check) = &own.check {
                section class="advice" { h3 { "What to check" } (prose(check)) }
            }
            @if !own.back.is_empty() || !own.still.is_empty() {
                div class="sides" {
                    @if !own.back.is_empty() { section { h3 { "Back" } (list(&own.back)) } }
                    @if !own.still.is_empty() { section { h3 { "Not yet right" } (list(&own.still)) } }
                }
            }
        }
    }
}

/// What it touches, since when.
pub fn components(context: &Context<'_>, incident: &Incident) -> Markup {
    let named = incident.components.iter().filter_map(|touched| {
        let name = ComponentName::Id(touched.id.clone());
        Some((context.state.component(&name)?, touched))
    });
    html! {
        @if !incident.components.is_empty() {
            ul class="rows" {
                @for (component, touched) in named {
                    li {
                        span { (component.name) }
                        span class="soft" { (words::component(touched.status)) ", since " (moment(context, touched.since)) }
                    }
                }
            }
        }
    }
}

/// The timeline, newest first; at most so many entries.
pub fn timeline(context: &Context<'_>, updates: &[Update], most: usize) -> Markup {
    html! {
        ol class="timeline" {
            @for update in updates.iter().rev().take(most) {
                li {
                    p class="soft" {
                        (moment(context, update.at)) " · " (words::status(update.status))
                        @if update.corrected_at.is_some() { " · corrected" }
                    }
                    (prose(&update.body))
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
                        li { a href=(href) { (contact.label) } }
                    }
                }
            }
        }
    }
}

fn list(entries: &[String]) -> Markup {
    html! { ul { @for entry in entries { li { (entry) } } } }
}
