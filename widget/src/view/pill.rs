//! Small things: the pill, the line under a card, the list that it opens.

use super::{Context, frame, icon::icon};
use crate::{
    element::{Attribute, Element, element},
    texts::{Text, Texts, fill},
};

/// A notice as a pill; `others` is how many more there are behind it.
pub fn pill(context: &Context<'_>, others: u32) -> Element {
    frame("div", context, small(context, "pill", others))
}

/// The most pressing of what is not the card, and how many more there are.
pub fn line(context: &Context<'_>, others: u32) -> Element {
    let key = [context.notice.id.as_str(), context.standing_key()];
    frame("div", context, small(context, "other", others)).key(&fill("% %", &key))
}

/// A notice in the list.
pub fn row(context: &Context<'_>) -> Element {
    frame("div", context, small(context, "other", 0))
}

/// Closes the list.
pub fn less(texts: &'static Texts) -> Element {
    element("button")
        .key("less")
        .part("less")
        .class("other less")
        .with(Attribute::Type, "button")
        .with(Attribute::Expanded, "true")
        .says(texts.get(Text::Less))
}

fn small(context: &Context<'_>, class: &'static str, others: u32) -> Element {
    let count = (others > 0).then(|| {
        element("span")
            .class("count")
            .text(context.moments.count("+%", others))
    });
    let time = context
        .time()
        .map(|time| element("span").class("time").text(time));
    element("button")
        .part("pill")
        .class(class)
        .with(Attribute::Type, "button")
        .with(Attribute::Expanded, "false")
        .holding(icon(context.severity()))
        .perhaps(context.mark())
        .holding(context.head(element("span").class("text")).perhaps(time))
        .perhaps(count)
}
