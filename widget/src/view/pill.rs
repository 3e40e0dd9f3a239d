//! Small things: the pill, and the line that a notice is when another is open.

use super::{Context, frame, icon::icon, rich_text::link};
use crate::{
    element::{Attribute, Element, element},
    texts::Text,
};

/// A notice as a pill; `others` is how many more there are behind it.
pub fn pill(context: &Context<'_>, others: u32) -> Element {
    let pill = small(context, "pill", |words| words.text(context.label()))
        .set(Attribute::Title, context.notice.title.clone().into());
    let count = (others > 0).then(|| {
        element("span")
            .class("more")
            .text(context.moments.count("+%", others))
    });
    frame("div", context, pill.perhaps(count))
}

/// A notice as one line under an open one.
pub fn line(context: &Context<'_>) -> Element {
    let line = small(context, "other", |words| context.head(words));
    frame("div", context, line)
}

/// How many more there are than fit.
pub fn rest(count: u32, status_url: &str, context: &Context<'_>) -> Element {
    let words = context
        .moments
        .count(context.texts.get(Text::MoreNotices), count);
    element("p")
        .class("rest soft")
        .key("rest")
        .holding(link(status_url).text(words))
}

fn small(
    context: &Context<'_>,
    class: &'static str,
    text: impl FnOnce(Element) -> Element,
) -> Element {
    element("button")
        .part("pill")
        .class(class)
        .with(Attribute::Type, "button")
        .with(Attribute::Expanded, "false")
        .holding(icon(context.severity()))
        .perhaps(context.mark())
        .holding(text(element("span")))
}
