//! An incident's page: its whole timeline at a permanent address.

use ::notice::{
    browser::outcome::outcome,
    text::{cut::cut, markdown::first_line},
    wire::{feed::Postmortem, ids::IncidentId, incident::Incident},
};
use maud::{Markup, html};

use super::{
    Context, ShownIncident, calendar,
    heading::{HeadingLength, heading, label},
    is_public,
    layout::{Frame, Indexing, PageLayout, layout},
    notice::{
        Level, affected_components, all_clear, contacts, current_state, in_utc, severity, span,
        time_element, when,
    },
    prose::prose,
    status::poll_after_s,
    subscribe,
    texts::{fill_markup, fill_text, tone},
    timeline::{Extent, timeline},
};
use crate::http::page_call::Theme;

/// Maximum length of the summary in link previews, in characters.
const SUMMARY: usize = 200;

/// The page of a public incident; `None` for drafts, drills and unknown ids. Scheduled maintenance has its page before
/// it is announced, for those who have the link.
pub fn render(context: &Context<'_>, id: &IncidentId) -> Option<String> {
    let texts = context.texts;
    let incident = context.state.incidents.get(id)?;
    if !is_public(incident) {
        return None;
    }
    let shown = context.show(incident);
    let label = match outcome(&shown.notice) {
        Some(outcome) => label(context, outcome),
        None => texts.severity(incident),
    };
    let title = format!(
        "{} {}",
        fill_text(texts.labelled, &[label]),
        shown.notice.title
    );
    let related = related(context, incident);
    let is_open = incident.is_open();
    let content = html! {
        article id=(incident.id) class=(format!("{} whole", tone(&shown.notice))) {
            (severity(context, &shown))
            @let title = html! { bdi lang=[shown.notice.lang.as_deref()] { (shown.notice.title) } };
            h1 { (heading(context, &shown, title, HeadingLength::Long)) }
            (when(context, &shown))
            (in_utc(context, &shown))
            (calendar::link(context, &shown))
            @if is_open {
                (current_state(context, &shown, Level::Two))
                (subscribe::incident_link(context, incident))
            } @else { (all_clear(context, &shown, Level::Two)) }
        }
        @if let Some(content) = &incident.postmortem { (postmortem(context, content)) }
        @if !shown.notice.components.is_empty() {
            section id="affected" { h2 { (if is_open { texts.affected } else { texts.was_affected }) } (affected_components(context, &shown)) }
        }
        @if !incident.updates.is_empty() {
            section id="timeline" {
                h2 { (if is_open { texts.timeline } else { texts.happened }) }
                (timeline(context, &shown, Extent::Whole))
            }
        }
        @if !shown.notice.contacts.is_empty() {
            section id="contact" { h2 { (texts.not_working) } (contacts(&shown.notice.contacts)) }
        }
        @if !related.is_empty() {
            section id="related" {
                h2 { (texts.related) }
                ul { @for (title, url) in related { li { a href=(url) dir="auto" { (title) } } } }
            }
        }
        p class="back" { a href=(context.link("")) { (fill_text(texts.to_status, &[&context.site.name])) } }
    };
    let page = PageLayout {
        title: &title,
        summary: &summary(context, &shown),
        path: &format!("/incidents/{id}"),
        // Incidents for a part of the customers are reachable by link only.
        indexing: if incident.is_listed() {
            Indexing::Allowed
        } else {
            Indexing::Denied
        },
        theme: Theme::Auto,
        frame: Frame::Whole,
        poll_after_s: poll_after_s(is_open),
        content,
    };
    Some(layout(context, &page).into_string())
}

/// The status and the newest update, for link previews and search engines.
fn summary(context: &Context<'_>, shown: &ShownIncident<'_>) -> String {
    let incident = shown.incident;
    let newest = incident.updates.last();
    let update = match (&incident.withdrawn, newest) {
        (Some(reason), _) => first_line(reason),
        (None, Some(update)) => {
            first_line(update.text.get(context.language).unwrap_or(&update.body))
        }
        (None, None) => String::new(),
    };
    let (update, was_cut) = cut(&update, SUMMARY);
    let status = match &incident.withdrawn {
        Some(_) => context.texts.mistake,
        None => context.texts.status_sentence(incident.status),
    };
    let end = if was_cut { "…" } else { "" };
    format!("{status} {update}{end}").trim().to_owned()
}

fn postmortem(context: &Context<'_>, postmortem: &Postmortem) -> Markup {
    let texts = context.texts;
    let own = context.site.primary_language();
    let is_untranslated = own != *context.language;
    html! {
        section id="postmortem" class="document" {
            h2 { (texts.postmortem) }
            p class="soft" {
                (span(context, postmortem.window.start, postmortem.window.end))
                " · " (fill_markup(texts.postmortem_published, &[time_element(context, postmortem.published_at)]))
            }
            h3 { (texts.cause) }
            div class="prose" lang=[is_untranslated.then_some(&own)] { (prose(&postmortem.root_cause)) }
            h3 { (texts.remedy) }
            div class="prose" lang=[is_untranslated.then_some(&own)] { (prose(&postmortem.remedy)) }
            @if !postmortem.prevention.is_empty() {
                h3 { (texts.prevention) }
                ul lang=[is_untranslated.then_some(&own)] { @for step in &postmortem.prevention { li { (prose(step)) } } }
            }
        }
    }
}

/// Titles and links of related incidents that are public and loaded. A listed incident does not link to unlisted ones.
fn related(context: &Context<'_>, incident: &Incident) -> Vec<(String, String)> {
    incident
        .related
        .iter()
        .filter_map(|id| context.state.incidents.get(id))
        .filter(|other| is_public(other) && (other.is_listed() || !incident.is_listed()))
        .map(|other| (context.show(other).notice.title, context.link_to(other)))
        .collect()
}
