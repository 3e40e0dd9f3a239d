//! A site's status page: one honest sentence, what is open, every component, what was.

use ::notice::wire::{
    component::Component,
    incident::Incident,
    words::{Impact, Kind, Status},
};
use maud::{Markup, html};

use super::{
    Context,
    layout::{Page, layout},
    notice::{contacts, moment, over, standing, timeline},
    words,
};

/// Updates of one open incident shown here; the rest stands on its own page.
const UPDATES: usize = 3;

/// The page. `recent` are incidents that are over, newest first.
pub fn render(context: &Context<'_>, recent: &[Incident]) -> String {
    let mut open: Vec<&Incident> = public(context.state.incidents.values())
        .filter(|incident| incident.is_open() && incident.is_shown())
        .collect();
    open.sort_by_key(|incident| (pressing(incident), incident.started_at));
    let (planned, now): (Vec<&Incident>, Vec<&Incident>) = open
        .iter()
        .partition(|incident| incident.status == Status::Scheduled);
    let sentence = sentence(context, &now);
    let listed: Vec<&Incident> = now
        .iter()
        .copied()
        .filter(|incident| is_listed(incident))
        .collect();
    let planned: Vec<&Incident> = planned
        .into_iter()
        .filter(|incident| is_listed(incident))
        .collect();
    let over: Vec<&Incident> = public(recent.iter())
        .filter(|incident| !incident.is_open() && is_listed(incident))
        .collect();
    let content = html! {
        h1 class="overall" { (sentence) }
        @for incident in &listed { (card(context, incident)) }
        (component_groups(&context.state.components))
        @if !planned.is_empty() {
            section {
                h2 { "Planned maintenance" }
                @for incident in &planned { (plan(context, incident)) }
            }
        }
        section {
            h2 { "Recent" }
            @if over.is_empty() { p class="soft" { "Nothing to tell of." } }
            @for incident in &over { (past(context, incident)) }
        }
        @if !context.site.contacts.is_empty() {
            section { h2 { "Not working for you?" } (contacts(&context.site.contacts)) }
        }
    };
    let page = Page {
        title: "Status",
        summary: &sentence,
        url: &context.status_url(),
        content,
    };
    layout(context, &page).into_string()
}

/// Never "all good" while anything is open, listed or not.
fn sentence(context: &Context<'_>, open: &[&Incident]) -> String {
    let name = &context.site.name;
    let problems = || {
        open.iter()
            .filter(|incident| incident.kind == Kind::Incident)
    };
    let worst = problems().map(|incident| incident.impact).max();
    let is_seen = problems().any(|incident| is_listed(incident));
    match worst {
        Some(_) if !is_seen => format!("{name} has a problem that affects some customers."),
        Some(Impact::Critical) => format!("{name} has a critical problem."),
        Some(Impact::Major) => format!("{name} has a major problem."),
        Some(_) => format!("{name} has a minor problem."),
        None if open
            .iter()
            .any(|incident| incident.kind == Kind::Maintenance) =>
        {
            format!("{name} is under maintenance.")
        }
        None => format!("{name} is working."),
    }
}

fn card(context: &Context<'_>, incident: &Incident) -> Markup {
    let more = incident.updates.len().saturating_sub(UPDATES);
    html! {
        article class=(words::tone(incident)) {
            p class="severity" { (words::severity(incident)) }
            h2 { a href=(url(context, incident)) { (incident.title) } }
            (standing(context, incident))
            (timeline(context, &incident.updates, UPDATES))
            @if more > 0 {
                p { a href=(url(context, incident)) { "and " (more) " more" } }
            }
        }
    }
}

fn component_groups(components: &[Component]) -> Markup {
    let mut groups: Vec<Option<&str>> = Vec::new();
    for component in components {
        let group = component.group.as_deref();
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    html! {
        @for group in groups {
            section {
                @if let Some(name) = group { h2 { (name) } } @else { h2 { "Parts of the product" } }
                ul class="rows" {
                    @for component in components.iter().filter(|component| component.group.as_deref() == group) {
                        li {
                            span { (component.name) }
                            span class=(words::component_class(component.status)) { (words::component(component.status)) }
                        }
                    }
                }
            }
        }
    }
}

fn plan(context: &Context<'_>, incident: &Incident) -> Markup {
    html! {
        article class="maintenance" {
            h3 { a href=(url(context, incident)) { (incident.title) } }
            @if let (Some(from), Some(until)) = (incident.scheduled_for, incident.scheduled_until) {
                p { "From " (moment(context, from)) " to " (moment(context, until)) }
            }
        }
    }
}

fn past(context: &Context<'_>, incident: &Incident) -> Markup {
    html! {
        article class="restored" {
            h3 { a href=(url(context, incident)) { (incident.title) } }
            (over(context, incident))
        }
    }
}

fn url(context: &Context<'_>, incident: &Incident) -> String {
    format!("{}/incidents/{}", context.status_url(), incident.id)
}

fn public<'a>(incidents: impl Iterator<Item = &'a Incident>) -> impl Iterator<Item = &'a Incident> {
    incidents.filter(|incident| !incident.is_draft() && !incident.drill)
}

/// Unless said otherwise, what is aimed at segments is not on the page that everybody reads.
fn is_listed(incident: &Incident) -> bool {
    incident
        .audience
        .as_ref()
        .is_none_or(|audience| audience.listed.unwrap_or(audience.segments.is_empty()))
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
