//! The card: brief, or with everything in it.

use notice::{
    markdown,
    wire::{feed::Notice, words::NoticeKind},
};

use super::{
    Context, Extent, all_clear, details, frame, icon::icon, label, promise, severity, standing,
};
use crate::{
    element::{Attribute, Element, element},
    texts::{Text, fill},
};

/// A notice as a card.
pub fn card(notice: &Notice, extent: Extent, context: &Context<'_>) -> Element {
    let whole = extent == Extent::Whole;
    let button = |part| element("button").with(Attribute::Type, "button").part(part);
    let toggle = button("toggle")
        .says(
            context
                .texts
                .get(if whole { Text::Less } else { Text::More }),
        )
        .on_click(context.toggle.clone());
    let toggle = toggle.with(Attribute::Expanded, if whole { "true" } else { "false" });
    let hide = button("hide")
        .class("quiet")
        .says(context.texts.get(Text::Hide))
        .on_click(context.hide.clone());
    let words = element("div")
        .class("words")
        .holding(title(notice, context));
    let head = element("div")
        .class("head")
        .holding(icon(severity(notice)))
        .holding(beneath(words, notice, whole, context))
        .holding(
            element("div")
                .class("buttons")
                .holding(toggle)
                .holding(hide),
        );
    let body = whole.then(|| body(element("div").class("body"), notice, context));
    let freshness = element("p")
        .part("freshness")
        .class("freshness")
        .text(context.freshness.clone());
    let freshness = (!context.freshness.is_empty()).then_some(freshness);
    let card = element("div")
        .part("card")
        .class("card")
        .holding(head)
        .perhaps(body)
        .perhaps(freshness);
    frame("article", notice, card)
}

fn title(notice: &Notice, context: &Context<'_>) -> Element {
    let (first, second) = if notice.kind == NoticeKind::Restored {
        all_clear(notice, context.texts, context.moments)
    } else {
        (
            fill("%:", &[&label(notice, context.texts, context.moments)]),
            notice.title.clone(),
        )
    };
    let drill = notice.drill.then(|| {
        element("span")
            .class("drill")
            .says(context.texts.get(Text::Drill))
    });
    element("h2")
        .part("title")
        .perhaps(drill)
        .holding(element("b").text(first))
        .says(" ")
        .text(second)
}

/// What stands under the title. Opened, a card says it at length further down.
fn beneath(words: Element, notice: &Notice, whole: bool, context: &Context<'_>) -> Element {
    let line = element("p").class("line");
    match notice.kind {
        // The sentence says that it is over; this, what was.
        NoticeKind::Restored => words.holding(line.part("restored").text(notice.title.clone())),
        _ if whole => words,
        NoticeKind::Maintenance => {
            words.holding(line.text(standing(notice, context.texts, context.moments)))
        }
        _ => {
            let newest = notice
                .updates
                .first()
                .map(|update| markdown::first_line(&update.body));
            let newest = newest.unwrap_or_else(|| standing(notice, context.texts, context.moments));
            words
                .holding(line.part("update").text(newest))
                .perhaps(promise::promise(notice, context))
        }
    }
}

fn body(into: Element, notice: &Notice, context: &Context<'_>) -> Element {
    match &notice.restored {
        Some(restored) => details::over(into, notice, restored, context),
        None => details::open(into, notice, context),
    }
}
