//! The card as a page, for webviews: the notices that the widget's card would show.
//!
//! The page's script matches audiences in the browser, with the URL's fragment, which is never sent. Without scripts,
//! the page shows the notices for an app that declares no segments, components or paths.

use ::notice::{
    browser::audience::{self, matches},
    project::feed::{FeedOptions, project},
    wire::{
        enums::{ComponentStatus, InApp},
        feed::Notice,
    },
};
use maud::{Markup, html};
use serde_json::json;

use super::{
    Context, ShownIncident,
    byte_budget::{ByteBudget, CardLength},
    calendar,
    heading::{HeadingLength, heading},
    icon::icon,
    layout::{Frame, Indexing, PageLayout, layout},
    notice::{
        Level, affected_components, all_clear, contacts, current_state, severity, short_state,
        title_link, when,
    },
    status::{poll_after_s, sentence},
    texts::{fill_markup, fill_text, tone},
    timeline::{Extent, timeline},
};
use crate::http::page_call::Theme;

/// Number of updates in view; the others are collapsed.
const UPDATES: usize = 1;

/// Renders the page. `None` before the site is created.
pub fn render(context: &Context<'_>, theme: Theme) -> Option<String> {
    let setting = FeedOptions {
        public_url: context.public_url,
        rev: 0,
        language: Some(context.language),
    };
    let feed = project(context.state, &setting)?;
    let shown: Vec<ShownIncident<'_>> = feed
        .notices
        .into_iter()
        .filter(|notice| !notice.drill && notice.in_app != InApp::Off)
        .filter_map(|notice| {
            let incident = context.state.incidents.get(&notice.id)?;
            Some(ShownIncident { incident, notice })
        })
        .collect();
    let (tone, sentence) = sentence(context);
    let any = shown
        .iter()
        .any(|shown| is_shown_by_default(context, &shown.notice));
    // No limit on the number of whole cards, only on their bytes.
    let mut budget = ByteBudget::new(usize::MAX);
    let is_open = shown.iter().any(|shown| shown.incident.is_open());
    let content = html! {
        h1 class="unseen" { (fill_text(context.texts.to_status, &[&context.site.name])) }
        @for shown in &shown { (card_whole_or_short(context, shown, &mut budget)) }
        @if !shown.is_empty() && !context.site.contacts.is_empty() {
            section id="contact" hidden[!any] {
                h2 { (context.texts.not_working) }
                (contacts(&context.site.contacts))
            }
        }
        p id="quiet" class=(tone) data-site=(context.site.slug) hidden[any] {
            (icon(tone)) (sentence) " " a href=(context.link("")) { (context.texts.status) }
        }
    };
    let page = PageLayout {
        title: context.texts.status,
        summary: &sentence,
        path: "/card",
        indexing: Indexing::Denied,
        theme,
        frame: Frame::Bare,
        poll_after_s: poll_after_s(is_open),
        content,
    };
    Some(layout(context, &page).into_string())
}

/// Renders a card whole if the budget allows, else short, even beyond the budget: the server does not know which cards the
/// browser shows, so it omits none.
fn card_whole_or_short(
    context: &Context<'_>,
    shown: &ShownIncident<'_>,
    budget: &mut ByteBudget,
) -> Markup {
    let rendered = budget.render(|length| card(context, shown, length));
    let card = rendered.unwrap_or_else(|| card(context, shown, CardLength::Short));
    html! { (card) (partial_all_clear(context, shown)) }
}

fn card(context: &Context<'_>, shown: &ShownIncident<'_>, length: CardLength) -> Markup {
    let notice = &shown.notice;
    html! {
        article id=(notice.id) class=(tone(notice)) hidden[!is_shown_by_default(context, notice)]
            data-notice=(display_rules(notice)) data-past[is_for_witnesses_only(context, notice)] {
            (severity(context, shown))
            h2 { (heading(context, shown, title_link(context, shown), HeadingLength::Long)) }
            (when(context, shown))
            @if notice.restored.is_some() { (all_clear(context, shown, Level::Three)) } @else {
                (calendar::link(context, shown))
                @match length {
                    CardLength::Whole => {
                        (current_state(context, shown, Level::Three))
                        (affected_components(context, shown))
                        (timeline(context, shown, Extent::InView(UPDATES)))
                    }
                    CardLength::Short => {
                        (short_state(context, shown, Level::Three))
                        (timeline(context, shown, Extent::Newest))
                    }
                }
            }
            @if shown.incident.contacts.is_some() { (contacts(&notice.contacts)) }
        }
    }
}

/// The notice for readers whose components work again while the incident continues elsewhere. The page's script fills
/// in the time, because only it knows the components.
fn partial_all_clear(context: &Context<'_>, shown: &ShownIncident<'_>) -> Markup {
    let notice = &shown.notice;
    let texts = context.texts;
    let back: Vec<&str> = notice
        .components
        .iter()
        .filter(|component| component.status == ComponentStatus::Operational)
        .map(|component| component.name.as_str())
        .collect();
    html! {
        @if notice.restored.is_none() && !back.is_empty() {
            article id=(format!("{}-part", notice.id)) class="restored" hidden data-part-of=(notice.id) {
                h2 {
                    span class="outcome" {
                        (icon("restored"))
                        span { (fill_markup(texts.labelled, &[fill_markup(texts.back_since, &[html! { time {} }])])) }
                    }
                    " " bdi { (back.join(", ")) }
                }
                p { (texts.elsewhere) }
                (affected_components(context, shown))
            }
        }
    }
}

/// The data by which the page's script matches the audience, as JSON.
fn display_rules(notice: &Notice) -> String {
    let components = notice.components.iter().map(|component| {
        json!({ "slug": component.slug, "status": component.status, "since": component.since })
    });
    let rules = json!({
        "impact": notice.impact, "status": notice.status, "restored": notice.restored.is_some(),
        "audience": notice.audience, "components": components.collect::<Vec<_>>(),
    });
    rules.to_string()
}

/// Whether a notice is shown without scripts: to an app that declares nothing, in a browser that has seen no notice.
fn is_shown_by_default(context: &Context<'_>, notice: &Notice) -> bool {
    matches(&notice.audience, &audience::PageContext::default())
        && !is_for_witnesses_only(context, notice)
}

/// Whether a notice is an all-clear that only witnesses still see.
fn is_for_witnesses_only(context: &Context<'_>, notice: &Notice) -> bool {
    let restored = notice.restored.as_ref();
    restored.is_some_and(|restored| {
        restored
            .everyone_until
            .is_none_or(|until| until <= context.now)
    })
}
