//! The card: brief, or with everything in it.

use notice::presentation::Extent;

use super::{Context, brief, details, frame, icon::icon};
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
    let hide = if context.notice.hold {
        Text::Minimise
    } else {
        Text::Hide
    };
    let title = element("h2").part("title").perhaps(context.mark());
    let words = element("div").class("words").holding(if whole {
        context.head(title)
    } else {
        context.head(title.class("clamp")).perhaps(context.after())
    });
    let head = element("div")
        .class("head")
        .holding(icon(context.severity()))
        .holding(if whole {
            words
        } else {
            brief::beneath(words, context)
        });
    let buttons = element("div")
        .key(context.standing_key())
        .class("buttons")
        .holding(toggle)
        .holding(button("hide", hide).class("quiet"));
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
        .holding(buttons)
        .perhaps(body)
        .perhaps(unreal)
        .perhaps(freshness);
    frame("article", context, card)
}
