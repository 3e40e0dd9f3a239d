//! The card as a page of its own, for webviews: what the card would show, without the card.
//!
//! Whom a notice is for is decided in the browser, by the page's script and the address's fragment, which is sent to
//! nobody. Without scripts it is shown as to a page that declares nothing.

use ::notice::{
    project::feed::{Setting, project},
    wire::{
        feed::Notice,
        words::{InApp, Undeclared},
    },
};
use maud::{Markup, html};

use super::{
    Context, Shown,
    layout::{Findable, Frame, Page, Theme, layout},
    notice::{Level, affected, contacts, over, severity, standing, when},
    status::{poll_after_s, sentence},
    timeline::timeline,
    words::{filled, tone},
};

/// Updates in view; the others are a tap away.
const UPDATES: usize = 1;

/// The page.
pub fn render(context: &Context<'_>, theme: Theme) -> Option<String> {
    let setting = Setting {
        public_url: context.public_url,
        rev: 0,
        language: Some(context.language),
    };
    let feed = project(context.state, &setting)?;
    let shown: Vec<Shown<'_>> = feed
        .notices
        .into_iter()
        .filter(|notice| !notice.drill && notice.in_app != InApp::Off)
        .filter_map(|notice| {
            let incident = context.state.incidents.get(&notice.id)?;
            Some(Shown { incident, notice })
        })
        .collect();
    let (_, sentence) = sentence(context);
    let any = shown
        .iter()
        .any(|shown| is_for_anybody(context, &shown.notice));
    let is_open = shown.iter().any(|shown| shown.incident.is_open());
    let content = html! {
        h1 class="unseen" { (filled(context.words.to_status, &[&context.site.name])) }
        @for shown in &shown { (card(context, shown)) }
        @if !shown.is_empty() && !context.site.contacts.is_empty() {
            section id="contact" hidden[!any] {
                h2 { (context.words.contact) }
                (contacts(&context.site.contacts))
            }
        }
        p id="quiet" class="soft" data-site=(context.site.slug) hidden[any] {
            (sentence) " " a href=(context.link("")) { (context.words.status) }
        }
    };
    let page = Page {
        title: context.words.status,
        summary: &sentence,
        path: "/card",
        findable: Findable::No,
        theme,
        frame: Frame::Bare,
        poll_after_s: poll_after_s(is_open),
        content,
    };
    Some(layout(context, &page).into_string())
}

fn card(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
    let notice = &shown.notice;
    let audience = serde_json::to_string(&notice.audience).unwrap_or_default();
    html! {
        article id=(notice.id) class=(tone(notice)) hidden[!is_for_anybody(context, notice)]
            data-audience=(audience) data-over[notice.restored.is_some()] data-past[is_past(context, notice)] {
            (severity(context, shown))
            h2 { a href=(context.link_to(shown.incident)) dir="auto" lang=[notice.lang.as_deref()] { (notice.title) } }
            (when(context, shown))
            @if notice.restored.is_some() { (over(context, shown, Level::Three)) } @else {
                (standing(context, shown, Level::Three))
                (affected(context, shown))
                (timeline(context, shown, UPDATES))
            }
            @if shown.incident.contacts.is_some() { (contacts(&notice.contacts)) }
        }
    }
}

/// Whether a page that declares nothing, in a browser that was never here before, shows it.
fn is_for_anybody(context: &Context<'_>, notice: &Notice) -> bool {
    let audience = &notice.audience;
    let names_somebody = !audience.segments.is_empty() || !audience.components.is_empty();
    // Where a page stands is always declared.
    let is_elsewhere = !audience.paths.is_empty();
    let undeclared = audience.undeclared == Undeclared::Hide && names_somebody;
    !undeclared && !is_elsewhere && !is_past(context, notice)
}

/// Whether it is an all-clear that only those are told of who were there.
fn is_past(context: &Context<'_>, notice: &Notice) -> bool {
    let restored = notice.restored.as_ref();
    restored.is_some_and(|restored| {
        restored
            .everyone_until
            .is_none_or(|until| until <= context.now)
    })
}
