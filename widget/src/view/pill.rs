//! Small things: the pill, and the line that a notice is when another is open.

use super::{Context, frame, icon::icon, rich_text::link};
use crate::{
    element::{Attribute, Element, element},
    texts::{Text, digits, fill},
};

/// A notice as a pill; `others` is how many more there are behind it.
pub fn pill(context: &Context<'_>, others: usize) -> Element {
    let pill = small(context, "pill", context.notice.title.clone(), |words| {
        words.text(context.label())
    });
    let count = (others > 0).then(|| {
        element("span")
            .class("more")
            .text(fill("+%", &[&digits(others as u64)]))
    });
    frame("div", context, pill.perhaps(count))
}

/// A notice as one line under an open one.
pub fn line(context: &Context<'_>) -> Element {
    let (first, second) = context.headline();
    let line = small(context, "other", context.label(), |words| {
        words
            .holding(element("b").text(first))
            .says(" ")
            .text(second)
    });
    frame("div", context, line)
}

/// How many more there are than fit.
pub fn rest(count: usize, status_url: &str, context: &Context<'_>) -> Element {
    let words = context
        .texts
        .fill(Text::MoreNotices, &[&digits(count as u64)]);
    element("p")
        .class("rest soft")
        .key("rest")
        .holding(link(status_url).text(words))
}

fn small(
    context: &Context<'_>,
    class: &'static str,
    title: String,
    text: impl FnOnce(Element) -> Element,
) -> Element {
    element("button")
        .part("pill")
        .class(class)
        .with(Attribute::Type, "button")
        .with(Attribute::Expanded, "false")
        .set(Attribute::Title, title.into())
        .holding(icon(context.severity()))
        .perhaps(context.mark())
        .holding(text(element("span")))
}
