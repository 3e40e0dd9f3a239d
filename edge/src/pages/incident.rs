//! One incident's page: its whole timeline at a permanent address.

use ::notice::{
    markdown::first_line,
    text::cut,
    wire::{feed::Postmortem, ids::IncidentId, incident::Incident},
};
use maud::html;

use super::{
    Context,
    layout::{Page, layout},
    notice::{components, contacts, moment, over, standing, timeline},
    prose::prose,
    words,
};

/// Characters of the newest word that a chat shows below a posted link.
const SUMMARY: usize = 200;

/// The page of a published incident; `None` for drafts, drills and what is not there.
pub fn render(context: &Context<'_>, id: &IncidentId) -> Option<String> {
    let incident = context.state.incidents.get(id)?;
    if incident.is_draft() || incident.drill {
        return None;
    }
    let url = format!("{}/incidents/{id}", context.status_url());
    let newest = incident.updates.last();
    let word = newest
        .map(|update| first_line(&update.body))
        .unwrap_or_default();
    let (word, _) = cut(&word, SUMMARY);
    let summary = format!("{} {word}", words::status(incident.status));
    let people = incident.contacts.as_ref().unwrap_or(&context.site.contacts);
    let related = related(context, incident);
    let content = html! {
        article class=(words::tone(incident)) {
            p class="severity" { (words::severity(incident)) }
            h1 { (incident.title) }
            p class="soft" { "Began " (moment(context, incident.started_at)) }
            @if incident.is_open() { (standing(context, incident)) } @else { (over(context, incident)) }
            (contacts(people))
        }
        @if let Some(learned) = &incident.postmortem { (postmortem(context, learned)) }
        @if !incident.components.is_empty() {
            section { h2 { "What is affected" } (components(context, incident)) }
        }
        section { h2 { "What happened so far" } (timeline(context, &incident.updates, usize::MAX)) }
        @if !related.is_empty() {
            section {
                h2 { "Related" }
                ul { @for (title, url) in related { li { a href=(url) { (title) } } } }
            }
        }
    };
    let page = Page {
        title: &incident.title,
        summary: &summary,
        url: &url,
        content,
    };
    Some(layout(context, &page).into_string())
}

fn postmortem(context: &Context<'_>, learned: &Postmortem) -> maud::Markup {
    html! {
        section class="postmortem" {
            h2 { "What happened and what we changed" }
            p class="soft" {
                "From " (moment(context, learned.window.start)) " to " (moment(context, learned.window.end))
            }
            h3 { "Cause" } (prose(&learned.root_cause))
            h3 { "What we did" } (prose(&learned.remedy))
            @if !learned.prevention.is_empty() {
                h3 { "What we will do" }
                ul { @for step in &learned.prevention { li { (prose(step)) } } }
            }
        }
    }
}

/// Titles and addresses of what belongs with it, as far as it is public and loaded.
fn related(context: &Context<'_>, incident: &Incident) -> Vec<(String, String)> {
    incident
        .related
        .iter()
        .filter_map(|id| context.state.incidents.get(id))
        .filter(|other| !other.is_draft() && !other.drill)
        .map(|other| {
            let url = format!("{}/incidents/{}", context.status_url(), other.id);
            (other.title.clone(), url)
        })
        .collect()
}
