//! One incident's page: its whole timeline at a permanent address.

use ::notice::{
    markdown::first_line,
    outcome::outcome,
    text::cut,
    wire::{feed::Postmortem, ids::IncidentId, incident::Incident},
};
use maud::{Markup, html};

use super::{
    Context, Shown, calendar,
    heading::{Length, heading, label},
    is_public,
    layout::{Findable, Frame, Page, Theme, layout},
    notice::{Level, affected, contacts, in_utc, moment, over, severity, span, standing, when},
    prose::prose,
    status::poll_after_s,
    timeline::{Extent, timeline},
    words::{fill, filled, tone},
};

/// Characters of the newest word that a chat shows below a posted link.
const SUMMARY: usize = 200;

/// The page of a published incident; `None` for drafts, drills and what is not there. Planned work has its page before
/// it is announced: whoever was told of it has the link.
pub fn render(context: &Context<'_>, id: &IncidentId) -> Option<String> {
    let words = context.words;
    let incident = context.state.incidents.get(id)?;
    if !is_public(incident) {
        return None;
    }
    let shown = context.show(incident);
    let label = match outcome(&shown.notice) {
        Some(outcome) => label(context, outcome),
        None => words.severity(incident),
    };
    let title = format!(
        "{} {}",
        filled(words.labelled, &[label]),
        shown.notice.title
    );
    let related = related(context, incident);
    let is_open = incident.is_open();
    let content = html! {
        article id=(incident.id) class=(format!("{} whole", tone(&shown.notice))) {
            (severity(context, &shown))
            @let title = html! { bdi lang=[shown.notice.lang.as_deref()] { (shown.notice.title) } };
            h1 { (heading(context, &shown, title, Length::Long)) }
            (when(context, &shown))
            (in_utc(context, &shown))
            (calendar::link(context, &shown))
            @if is_open { (standing(context, &shown, Level::Two)) } @else { (over(context, &shown, Level::Two)) }
        }
        @if let Some(learned) = &incident.postmortem { (postmortem(context, learned)) }
        @if !shown.notice.components.is_empty() {
            section id="affected" { h2 { (if is_open { words.affected } else { words.was_affected }) } (affected(context, &shown)) }
        }
        @if !incident.updates.is_empty() {
            section id="timeline" {
                h2 { (if is_open { words.timeline } else { words.happened }) }
                (timeline(context, &shown, Extent::Whole))
            }
        }
        @if !shown.notice.contacts.is_empty() {
            section id="contact" { h2 { (words.not_working) } (contacts(&shown.notice.contacts)) }
        }
        @if !related.is_empty() {
            section id="related" {
                h2 { (words.related) }
                ul { @for (title, url) in related { li { a href=(url) dir="auto" { (title) } } } }
            }
        }
        p class="back" { a href=(context.link("")) { (filled(words.to_status, &[&context.site.name])) } }
    };
    let page = Page {
        title: &title,
        summary: &summary(context, &shown),
        path: &format!("/incidents/{id}"),
        // What is aimed at a part of the customers is found by its link only.
        findable: if incident.is_listed() {
            Findable::Yes
        } else {
            Findable::No
        },
        theme: Theme::Auto,
        frame: Frame::Whole,
        poll_after_s: poll_after_s(is_open),
        content,
    };
    Some(layout(context, &page).into_string())
}

/// Where it stands and the newest word, for chats and search engines.
fn summary(context: &Context<'_>, shown: &Shown<'_>) -> String {
    let incident = shown.incident;
    let newest = incident.updates.last();
    let word = match (&incident.withdrawn, newest) {
        (Some(reason), _) => first_line(reason),
        (None, Some(update)) => {
            first_line(update.text.get(context.language).unwrap_or(&update.body))
        }
        (None, None) => String::new(),
    };
    let (word, was_cut) = cut(&word, SUMMARY);
    let standing = match &incident.withdrawn {
        Some(_) => context.words.mistake,
        None => context.words.standing(incident.status),
    };
    let end = if was_cut { "…" } else { "" };
    format!("{standing} {word}{end}").trim().to_owned()
}

fn postmortem(context: &Context<'_>, learned: &Postmortem) -> Markup {
    let words = context.words;
    let own = context.site.own_language();
    let fallback = own != *context.language;
    html! {
        section id="postmortem" class="document" {
            h2 { (words.postmortem) }
            p class="soft" {
                (span(context, learned.window.start, learned.window.end))
                " · " (fill(words.postmortem_published, &[moment(context, learned.published_at)]))
            }
            h3 { (words.cause) }
            div class="prose" lang=[fallback.then_some(&own)] { (prose(&learned.root_cause)) }
            h3 { (words.remedy) }
            div class="prose" lang=[fallback.then_some(&own)] { (prose(&learned.remedy)) }
            @if !learned.prevention.is_empty() {
                h3 { (words.prevention) }
                ul lang=[fallback.then_some(&own)] { @for step in &learned.prevention { li { (prose(step)) } } }
            }
        }
    }
}

/// Titles and addresses of what belongs with it, as far as it is public and loaded. What everybody reads leads to
/// nothing that is meant for some.
fn related(context: &Context<'_>, incident: &Incident) -> Vec<(String, String)> {
    incident
        .related
        .iter()
        .filter_map(|id| context.state.incidents.get(id))
        .filter(|other| is_public(other) && (other.is_listed() || !incident.is_listed()))
        .map(|other| (context.show(other).notice.title, context.link_to(other)))
        .collect()
}
