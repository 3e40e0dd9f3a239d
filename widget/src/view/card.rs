//! The card: brief, or with everything in it.

use notice::{markdown, wire::words::NoticeKind};

use super::{Context, Extent, details, frame, icon::icon, promise};
use crate::{
    element::{Attribute, Element, element},
    texts::Text,
};

/// A notice as a card.
pub fn card(context: &Context<'_>, extent: Extent) -> Element {
    let whole = extent == Extent::Whole;
    let texts = context.texts;
    let button = |part, text| {
        element("button")
            .with(Attribute::Type, "button")
            .part(part)
            .says(texts.get(text))
    };
    let toggle = button("toggle", if whole { Text::Less } else { Text::More })
        .with(Attribute::Expanded, if whole { "true" } else { "false" });
    let words = element("div").class("words").holding(title(context));
    let head = element("div")
        .class("head")
        .holding(icon(context.severity()))
        .holding(beneath(words, whole, context))
        .holding(
            element("div")
                .class("buttons")
                .holding(toggle)
                .holding(button("hide", Text::Hide).class("quiet")),
        );
    let body = whole.then(|| {
        let body = element("div").class("body");
        match context.over {
            Some(restored) => details::over(body, restored, context),
            None => details::open(body, context),
        }
    });
    let note = |part, text: String| {
        let note = element("p").part(part).class("note").text(text);
        Some(note)
    };
    let unreal = context
        .unreal()
        .and_then(|(_, means)| note("unreal", texts.get(means).to_owned()));
    let freshness = (!context.freshness.is_empty())
        .then(|| note("freshness", context.freshness.to_owned()))
        .flatten();
    let card = element("div")
        .part("card")
        .class("card")
        .holding(head)
        .perhaps(body)
        .perhaps(unreal)
        .perhaps(freshness);
    frame("article", context, card)
}

fn title(context: &Context<'_>) -> Element {
    context.head(element("h2").part("title").perhaps(context.mark()))
}

/// What stands under the title. Opened, a card says it at length further down.
fn beneath(words: Element, whole: bool, context: &Context<'_>) -> Element {
    let notice = context.notice;
    let line = element("p").class("line");
    if context.over.is_some() {
        // The sentence says that it is over; this, what was, or still is elsewhere. Where it was a mistake it says both.
        let title = if context.is_withdrawn() {
            String::new()
        } else {
            notice.title.clone()
        };
        let words = words.holding(context.titled(line.part("restored")).text(title));
        let elsewhere = element("p")
            .class("line")
            .says(context.texts.get(Text::Elsewhere));
        return words.perhaps(context.is_part().then_some(elsewhere));
    }
    if whole {
        return words;
    }
    if notice.kind == NoticeKind::Maintenance {
        return words.holding(element("p").text(context.standing()));
    }
    let newest = notice
        .updates
        .first()
        .map(|update| markdown::first_line(&update.body));
    let newest = newest.unwrap_or_else(|| context.standing());
    words
        .holding(line.part("update").text(newest))
        .perhaps(promise::promise(context))
}
