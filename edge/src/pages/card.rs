//! The card as a page of its own, for webviews: what the card would show, without the card.
//!
//! Whom a notice is for is decided in the browser, by the page's script and the address's fragment, which is sent to
//! nobody. Without scripts it is shown as to a page that declares nothing.

use ::notice::{
    audience::{self, matches},
    project::feed::{Setting, project},
    wire::{
        feed::Notice,
        words::{ComponentStatus, InApp},
    },
};
use maud::{Markup, html};
use serde_json::json;

use super::{
    Context, Shown, calendar,
    heading::{Length as HeadingLength, heading},
    icon::icon,
    layout::{Findable, Frame, Page, Theme, layout},
    notice::{Level, affected, briefly, contacts, over, severity, standing, title_link, when},
    room::{Length, Room},
    status::{poll_after_s, sentence},
    timeline::{Extent, timeline},
    words::{fill, filled, tone},
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
    let (standing, sentence) = sentence(context);
    let any = shown
        .iter()
        .any(|shown| is_for_anybody(context, &shown.notice));
    let mut room = Room::new(usize::MAX);
    let is_open = shown.iter().any(|shown| shown.incident.is_open());
    let content = html! {
        h1 class="unseen" { (filled(context.words.to_status, &[&context.site.name])) }
        @for shown in &shown { (fitting(context, shown, &mut room)) }
        @if !shown.is_empty() && !context.site.contacts.is_empty() {
            section id="contact" hidden[!any] {
                h2 { (context.words.not_working) }
                (contacts(&context.site.contacts))
            }
        }
        p id="quiet" class=(standing) data-site=(context.site.slug) hidden[any] {
            (icon(standing)) (sentence) " " a href=(context.link("")) { (context.words.status) }
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

/// Whole, or short where there is no room: which of them a reader sees is not known here, so that none can be left out.
fn fitting(context: &Context<'_>, shown: &Shown<'_>, room: &mut Room) -> Markup {
    let fitting = room.take(|length| card(context, shown, length));
    let card = fitting.unwrap_or_else(|| card(context, shown, Length::Short));
    html! { (card) (part_restored(context, shown)) }
}

fn card(context: &Context<'_>, shown: &Shown<'_>, length: Length) -> Markup {
    let notice = &shown.notice;
    html! {
        article id=(notice.id) class=(tone(notice)) hidden[!is_for_anybody(context, notice)]
            data-notice=(rules_of(notice)) data-past[is_past(context, notice)] {
            (severity(context, shown))
            h2 { (heading(context, shown, title_link(context, shown), HeadingLength::Long)) }
            (when(context, shown))
            @if notice.restored.is_some() { (over(context, shown, Level::Three)) } @else {
                (calendar::link(context, shown))
                @match length {
                    Length::Whole => {
                        (standing(context, shown, Level::Three))
                        (affected(context, shown))
                        (timeline(context, shown, Extent::InView(UPDATES)))
                    }
                    Length::Short => {
                        (briefly(context, shown, Level::Three))
                        (timeline(context, shown, Extent::Newest))
                    }
                }
            }
            @if shown.incident.contacts.is_some() { (contacts(&notice.contacts)) }
        }
    }
}

/// What a reader is shown instead whose part of it works again while it goes on elsewhere. Since when, the page's script
/// says: only it knows which part that is.
fn part_restored(context: &Context<'_>, shown: &Shown<'_>) -> Markup {
    let notice = &shown.notice;
    let words = context.words;
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
                        span { (fill(words.labelled, &[fill(words.back_since, &[html! { time {} }])])) }
                    }
                    " " bdi { (back.join(", ")) }
                }
                p { (words.elsewhere) }
                (affected(context, shown))
            }
        }
    }
}

/// What the page's script decides by whom a notice is for.
fn rules_of(notice: &Notice) -> String {
    let components = notice.components.iter().map(|component| {
        json!({ "slug": component.slug, "status": component.status, "since": component.since })
    });
    let rules = json!({
        "impact": notice.impact, "status": notice.status, "restored": notice.restored.is_some(),
        "audience": notice.audience, "components": components.collect::<Vec<_>>(),
    });
    rules.to_string()
}

/// Whether a page that declares nothing, in a browser that was never here before, shows it.
fn is_for_anybody(context: &Context<'_>, notice: &Notice) -> bool {
    matches(&notice.audience, &audience::Page::default()) && !is_past(context, notice)
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
