//! The status page: one sentence about the whole site, open incidents, components, scheduled maintenance and recent
//! incidents.

use ::notice::{
    project::{
        overall::{Overall, Reach, overall},
        severity::Span,
    },
    wire::{
        component::Component,
        enums::{ComponentStatus, Impact, Kind, Status},
        incident::Incident,
    },
};
use maud::{Markup, PreEscaped, html};

use super::{
    Context, ShownIncident,
    byte_budget::{ByteBudget, CardLength},
    days::days,
    heading::{HeadingLength, heading},
    icon::icon,
    is_public,
    layout::{Frame, Indexing, PageLayout, layout},
    notice::{
        Level, all_clear_excerpt, contacts, current_state, severity, short_state, title_link, when,
    },
    texts::{component_tone, fill_text, tone},
    timeline::{Extent, timeline},
};
use crate::http::page_call::Theme;

/// Maximum number of open incidents with whole cards.
const MAX_WHOLE: usize = 3;
/// Number of updates of an open incident that are in view; the others are collapsed.
const UPDATES: usize = 2;
/// Maximum time since the end of a recent incident, in days.
pub const RECENT_DAYS: i64 = 30;
/// Maximum number of recent incidents.
pub const MAX_RECENT: usize = 5;
/// Number of components up to which groups without problems are expanded.
const MAX_EXPANDED: usize = 16;

/// Renders the section with the recent incidents. `past` must include the newest incidents that ended in the last
/// [`RECENT_DAYS`] days. `spans`, the site's severities over time, must include those of the last
/// [`DAYS`](super::days::DAYS) days.
pub fn recent(context: &Context<'_>, past: &[Incident], spans: Vec<Span>) -> String {
    let texts = context.texts;
    let since = context.now.plus_seconds(-RECENT_DAYS * 86_400);
    let mut over: Vec<&Incident> = only_listed(past.iter())
        .filter(|incident| !incident.is_open() && incident.ended_at >= Some(since))
        .collect();
    over.sort_by_key(|incident| std::cmp::Reverse(incident.ended_at));
    let days = days(context, spans);
    let section = html! {
        section id="recent" {
            h2 { (texts.recent) }
            @if let Some(days) = &days { (days) }
            @if over.is_empty() && days.is_none() { p class="soft" { (texts.nothing_recent) } }
            @if !over.is_empty() {
                ul class="entries" { @for incident in over.iter().take(MAX_RECENT) { (list_item(context, &context.show(incident))) } }
            }
            p { a href=(context.link("/history")) { (texts.all_history) } }
        }
    };
    section.into_string()
}

/// Renders the page. `recent` is the section with the recent incidents.
pub fn render(context: &Context<'_>, recent: &str) -> String {
    let texts = context.texts;
    let mut open: Vec<&Incident> = only_listed(context.state.incidents.values())
        .filter(|incident| incident.is_open() && incident.is_shown())
        .collect();
    open.sort_by_key(|incident| (severity_rank(incident), incident.started_at));
    let (planned, now): (Vec<&Incident>, Vec<&Incident>) = open
        .into_iter()
        .partition(|incident| incident.status == Status::Scheduled);
    let (tone, sentence) = sentence(context);
    let content = html! {
        h1 class=(format!("overall {tone}")) { (icon(tone)) span { (sentence) } }
        (open_incidents(context, &now))
        (components(context))
        @if !planned.is_empty() {
            section id="planned" {
                h2 { (texts.planned) }
                ul class="entries" { @for incident in &planned { (list_item(context, &context.show(incident))) } }
            }
        }
        (PreEscaped(recent))
        @if !context.site.contacts.is_empty() {
            section id="contact" { h2 { (texts.not_working) } (contacts(&context.site.contacts)) }
        }
    };
    let page = PageLayout {
        title: texts.status,
        summary: &sentence,
        path: "",
        indexing: Indexing::Allowed,
        theme: Theme::Auto,
        frame: Frame::Whole,
        poll_after_s: poll_after_s(!now.is_empty()),
        content,
    };
    layout(context, &page).into_string()
}

/// The polling interval in seconds, as in the feed.
pub fn poll_after_s(is_open: bool) -> u32 {
    if is_open { 10 } else { 30 }
}

/// The overall status as a tone and a sentence.
pub fn sentence(context: &Context<'_>) -> (&'static str, String) {
    let texts = context.texts;
    let (tone, sentence) = match overall(context.state) {
        Overall::Working => ("restored", texts.working),
        Overall::Announcement(Reach::Everybody) => ("restored", texts.working_announced),
        Overall::Announcement(Reach::Some) => ("restored", texts.working_announced_some),
        Overall::Planned(Reach::Everybody) => ("restored", texts.working_planned),
        Overall::Planned(Reach::Some) => ("restored", texts.working_planned_some),
        Overall::Maintenance(Reach::Everybody) => ("maintenance", texts.in_maintenance),
        Overall::Maintenance(Reach::Some) => ("maintenance", texts.in_maintenance_some),
        Overall::Some => ("minor", texts.some_hit),
        Overall::Recovering(_) => ("minor", texts.recovering),
        Overall::Problem(Impact::Critical) => ("critical", texts.critical_now),
        Overall::Problem(Impact::Major) => ("major", texts.major_now),
        Overall::Problem(_) => ("minor", texts.minor_now),
    };
    (tone, fill_text(sentence, &[&context.site.name]))
}

/// Open incidents, the most severe first: whole cards, then short ones, then list items, as the byte budget allows.
fn open_incidents(context: &Context<'_>, open: &[&Incident]) -> Markup {
    let mut budget = ByteBudget::new(MAX_WHOLE);
    let mut cards = Vec::new();
    let mut lines = Vec::new();
    for incident in open {
        let shown = context.show(incident);
        let rendered = budget.render(|length| card(context, &shown, length));
        match rendered.filter(|_| lines.is_empty()) {
            Some(card) => cards.push(card),
            None => lines.push(list_item(context, &shown)),
        }
    }
    html! {
        @for card in &cards { (card) }
        @if !lines.is_empty() { ul class="entries" { @for line in &lines { (line) } } }
    }
}

fn card(context: &Context<'_>, shown: &ShownIncident<'_>, length: CardLength) -> Markup {
    let (state, extent) = match length {
        CardLength::Whole => (
            current_state(context, shown, Level::Three),
            Extent::InView(UPDATES),
        ),
        CardLength::Short => (short_state(context, shown, Level::Three), Extent::Newest),
    };
    html! {
        article id=(shown.incident.id) class=(tone(&shown.notice)) {
            (severity(context, shown))
            h2 { (heading(context, shown, title_link(context, shown), HeadingLength::Long)) }
            (when(context, shown))
            (state)
            (timeline(context, shown, extent))
            @if shown.incident.contacts.is_some() { (contacts(&shown.notice.contacts)) }
        }
    }
}

/// Components by group, in the operators' order. In a long list, groups without problems are collapsed.
fn components(context: &Context<'_>) -> Markup {
    let components = &context.state.components;
    let mut groups: Vec<Option<&str>> = Vec::new();
    for component in components {
        let group = component.group.as_deref();
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let few = components.len() <= MAX_EXPANDED;
    html! {
        @if !components.is_empty() {
            section id="components" {
                h2 { (context.texts.components) }
                @for (number, group) in groups.iter().enumerate() {
                    @let members: Vec<&Component> =
                        components.iter().filter(|component| component.group.as_deref() == *group).collect();
                    (component_group(context, number, *group, &members, few || groups.len() == 1))
                }
            }
        }
    }
}

fn component_group(
    context: &Context<'_>,
    number: usize,
    name: Option<&str>,
    members: &[&Component],
    is_expanded: bool,
) -> Markup {
    let texts = context.texts;
    let affected = members
        .iter()
        .filter(|component| component.status != ComponentStatus::Operational)
        .count();
    let is_whole = name.is_none() && members.len() == context.state.components.len();
    let rows = html! {
        ul class="rows" {
            @for component in members {
                @let tone = component_tone(component.status);
                li {
                    span dir="auto" { (component.name) }
                    span class=(format!("state {tone}")) { (icon(tone)) span { (texts.component(component.status)) } }
                }
            }
        }
    };
    html! {
        @if is_whole { (rows) } @else {
            details id=(format!("group-{number}")) open[is_expanded || affected > 0] {
                summary {
                    h3 dir="auto" { (name.unwrap_or(texts.other_components)) }
                    span class="soft" {
                        @if affected == 0 { (texts.component_in_group) } @else {
                            (fill_text(texts.components_hit, &[&affected.to_string(), &members.len().to_string()]))
                        }
                    }
                }
                (rows)
            }
        }
    }
}

/// One incident in a list.
pub fn list_item(context: &Context<'_>, shown: &ShownIncident<'_>) -> Markup {
    let incident = shown.incident;
    html! {
        li id=(incident.id) class=(tone(&shown.notice)) {
            (icon(tone(&shown.notice)))
            div {
                h3 { (heading(context, shown, title_link(context, shown), HeadingLength::Short)) }
                @if shown.notice.restored.is_some() {
                    @if incident.postmortem.is_some() {
                        p class="soft" { a href=(context.link_to(incident)) { (context.texts.postmortem) } }
                    }
                    (all_clear_excerpt(context, shown))
                } @else {
                    (when(context, shown))
                    @if incident.status != Status::Scheduled {
                        p class="soft" { (context.texts.ongoing) }
                    }
                }
            }
        }
    }
}

/// The incidents that the site's lists show. An incident that ended before it was announced is in no list.
pub fn only_listed<'a>(
    incidents: impl Iterator<Item = &'a Incident>,
) -> impl Iterator<Item = &'a Incident> {
    incidents
        .filter(|incident| is_public(incident) && incident.has_appeared() && incident.is_listed())
}

/// The place of an open incident in the order of severity; 0 is the most severe.
fn severity_rank(incident: &Incident) -> u8 {
    match (incident.kind, incident.impact) {
        (Kind::Incident, Impact::Critical) => 0,
        (Kind::Incident, Impact::Major) => 1,
        (Kind::Maintenance, _) => 2,
        (Kind::Incident, _) => 3,
        _ => 4,
    }
}
