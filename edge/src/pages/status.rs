//! A site's status page: one honest sentence, what is open, every component, what is planned, what was.

use ::notice::{
    project::overall::{Overall, Reach, overall},
    wire::{
        component::Component,
        incident::Incident,
        words::{ComponentStatus, Impact, Kind, Status},
    },
};
use maud::{Markup, html};

use super::{
    Context, Shown,
    days::days,
    heading::{Length as HeadingLength, heading},
    icon::icon,
    is_public,
    layout::{Findable, Frame, Page, Theme, layout},
    notice::{Level, aftermath, briefly, contacts, severity, standing, title_link, when},
    room::{Length, Room},
    timeline::{Extent, timeline},
    words::{component_tone, filled, tone},
};

/// So many open incidents stand whole, the most pressing ones.
const WHOLE: usize = 3;
/// Updates of one open incident that are in view; the others are a tap away.
const UPDATES: usize = 2;
/// How far back the page looks, in seconds: 30 days.
const RECENT_S: i64 = 30 * 86_400;
/// At most so many of what is over.
const RECENT: usize = 5;
/// So many components are in view without a tap, even when all of them work.
const UNFOLDED: usize = 16;

/// The page. `recent` are at least those that ended in the last [`DAYS`](super::days::DAYS) days.
pub fn render(context: &Context<'_>, recent: &[Incident]) -> String {
    let words = context.words;
    let mut open: Vec<&Incident> = listed(context.state.incidents.values())
        .filter(|incident| incident.is_open() && incident.is_shown())
        .collect();
    open.sort_by_key(|incident| (pressing(incident), incident.started_at));
    let (planned, now): (Vec<&Incident>, Vec<&Incident>) = open
        .into_iter()
        .partition(|incident| incident.status == Status::Scheduled);
    let since = context.now.plus_seconds(-RECENT_S);
    let mut over: Vec<&Incident> = listed(recent.iter())
        .filter(|incident| !incident.is_open() && incident.ended_at >= Some(since))
        .collect();
    over.sort_by_key(|incident| std::cmp::Reverse(incident.ended_at));
    let days = days(
        context,
        listed(context.state.incidents.values().chain(recent)),
    );
    let (tone, sentence) = sentence(context);
    let content = html! {
        h1 class=(format!("overall {tone}")) { (icon(tone)) span { (sentence) } }
        (open_now(context, &now))
        (components(context))
        @if !planned.is_empty() {
            section id="planned" {
                h2 { (words.planned) }
                ul class="entries" { @for incident in &planned { (line(context, &context.show(incident))) } }
            }
        }
        section id="recent" {
            h2 { (words.recent) }
            @if let Some(days) = &days { (days) }
            @if over.is_empty() && days.is_none() { p class="soft" { (words.nothing_recent) } }
            @if !over.is_empty() {
                ul class="entries" { @for incident in over.iter().take(RECENT) { (line(context, &context.show(incident))) } }
            }
            p { a href=(context.link("/history")) { (words.all_history) } }
        }
        @if !context.site.contacts.is_empty() {
            section id="contact" { h2 { (words.not_working) } (contacts(&context.site.contacts)) }
        }
    };
    let page = Page {
        title: words.status,
        summary: &sentence,
        path: "",
        findable: Findable::Yes,
        theme: Theme::Auto,
        frame: Frame::Whole,
        poll_after_s: poll_after_s(!now.is_empty()),
        content,
    };
    layout(context, &page).into_string()
}

/// As often as the card asks.
pub fn poll_after_s(is_open: bool) -> u32 {
    if is_open { 10 } else { 30 }
}

/// How the site does as a whole, and the tone of it.
pub fn sentence(context: &Context<'_>) -> (&'static str, String) {
    let words = context.words;
    let (tone, sentence) = match overall(context.state) {
        Overall::Working => ("restored", words.working),
        Overall::Announcement(Reach::Everybody) => ("restored", words.working_announced),
        Overall::Announcement(Reach::Some) => ("restored", words.working_announced_some),
        Overall::Planned(Reach::Everybody) => ("restored", words.working_planned),
        Overall::Planned(Reach::Some) => ("restored", words.working_planned_some),
        Overall::Maintenance(Reach::Everybody) => ("maintenance", words.in_maintenance),
        Overall::Maintenance(Reach::Some) => ("maintenance", words.in_maintenance_some),
        Overall::Some => ("minor", words.some_hit),
        Overall::Recovering(_) => ("minor", words.recovering),
        Overall::Problem(Impact::Critical) => ("critical", words.critical_now),
        Overall::Problem(Impact::Major) => ("major", words.major_now),
        Overall::Problem(_) => ("minor", words.minor_now),
    };
    (tone, filled(sentence, &[&context.site.name]))
}

/// What is open, the most pressing first: whole as long as there is room for it, then in few words, then a line each.
fn open_now(context: &Context<'_>, open: &[&Incident]) -> Markup {
    let mut room = Room::new(WHOLE);
    let mut cards = Vec::new();
    let mut lines = Vec::new();
    for incident in open {
        let shown = context.show(incident);
        let fitting = room.take(|length| card(context, &shown, length));
        match fitting.filter(|_| lines.is_empty()) {
            Some(card) => cards.push(card),
            None => lines.push(line(context, &shown)),
        }
    }
    html! {
        @for card in &cards { (card) }
        @if !lines.is_empty() { ul class="entries" { @for line in &lines { (line) } } }
    }
}

fn card(context: &Context<'_>, shown: &Shown<'_>, length: Length) -> Markup {
    let (standing, updates) = match length {
        Length::Whole => (
            standing(context, shown, Level::Three),
            Extent::InView(UPDATES),
        ),
        Length::Short => (briefly(context, shown, Level::Three), Extent::Newest),
    };
    html! {
        article id=(shown.incident.id) class=(tone(&shown.notice)) {
            (severity(context, shown))
            h2 { (heading(context, shown, title_link(context, shown), HeadingLength::Long)) }
            (when(context, shown))
            (standing)
            (timeline(context, shown, updates))
            @if shown.incident.contacts.is_some() { (contacts(&shown.notice.contacts)) }
        }
    }
}

/// Every component, by group, in the operators' order. Where there are many, a group that works is folded.
fn components(context: &Context<'_>) -> Markup {
    let components = &context.state.components;
    let mut groups: Vec<Option<&str>> = Vec::new();
    for component in components {
        let group = component.group.as_deref();
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let few = components.len() <= UNFOLDED;
    html! {
        @if !components.is_empty() {
            section id="components" {
                h2 { (context.words.components) }
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
    unfolded: bool,
) -> Markup {
    let words = context.words;
    let hit = members
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
                    span class=(format!("state {tone}")) { (icon(tone)) span { (words.component(component.status)) } }
                }
            }
        }
    };
    html! {
        @if is_whole { (rows) } @else {
            details id=(format!("group-{number}")) open[unfolded || hit > 0] {
                summary {
                    h3 dir="auto" { (name.unwrap_or(words.other_components)) }
                    span class="soft" {
                        @if hit == 0 { (words.component_in_group) } @else {
                            (filled(words.components_hit, &[&hit.to_string(), &members.len().to_string()]))
                        }
                    }
                }
                (rows)
            }
        }
    }
}

/// One incident in a list.
pub fn line(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
    let incident = shown.incident;
    html! {
        li id=(incident.id) class=(tone(&shown.notice)) {
            (icon(tone(&shown.notice)))
            div {
                h3 { (heading(context, shown, title_link(context, shown), HeadingLength::Short)) }
                @if shown.notice.restored.is_some() {
                    @if incident.postmortem.is_some() {
                        p class="soft" { a href=(context.link_to(incident)) { (context.words.postmortem) } }
                    }
                    (aftermath(context, shown))
                } @else {
                    (when(context, shown))
                    @if incident.status != Status::Scheduled {
                        p class="soft" { (context.words.ongoing) }
                    }
                }
            }
        }
    }
}

/// What everybody may read of on the site's own lists.
pub fn listed<'a>(
    incidents: impl Iterator<Item = &'a Incident>,
) -> impl Iterator<Item = &'a Incident> {
    incidents.filter(|incident| is_public(incident) && incident.is_listed())
}

fn pressing(incident: &Incident) -> u8 {
    match (incident.kind, incident.impact) {
        (Kind::Incident, Impact::Critical) => 0,
        (Kind::Incident, Impact::Major) => 1,
        (Kind::Maintenance, _) => 2,
        (Kind::Incident, _) => 3,
        _ => 4,
    }
}
