//! The pill, the line below a card, and the list that the line opens.

use super::{NoticeContext, frame, icon::icon};
use crate::{
    element::{Attribute, Element, element},
    texts::{Text, Texts, fill},
};

/// A notice as a pill. `others`: the number of further notices that the pill represents.
pub fn pill(context: &NoticeContext<'_>, others: u32) -> Element {
    frame("div", context, small_button(context, "pill", others))
}

/// The line below the card: the most important other notice, and the number of the rest.
pub fn line(context: &NoticeContext<'_>, others: u32) -> Element {
    let key = [context.notice.id.as_str(), context.layout_key()];
    frame("div", context, small_button(context, "other", others)).key(&fill("% %", &key))
}

/// A row of the list.
pub fn row(context: &NoticeContext<'_>) -> Element {
    frame("div", context, small_button(context, "other", 0))
}

/// The button that closes the list.
pub fn less(texts: &'static Texts) -> Element {
    element("button")
        .key("less")
        .part("less")
        .class("other less")
        .set_static(Attribute::Type, "button")
        .set_static(Attribute::Expanded, "true")
        .static_text(texts.get(Text::Less))
}

fn small_button(context: &NoticeContext<'_>, class: &'static str, others: u32) -> Element {
    let count = (others > 0).then(|| {
        element("span")
            .class("count")
            .text(context.format.count("+%", others))
    });
    let time = context
        .time()
        .map(|time| element("span").class("time").text(time));
    element("button")
        .part("pill")
        .class(class)
        .set_static(Attribute::Type, "button")
        .set_static(Attribute::Expanded, "false")
        .child(icon(context.severity()))
        .optional(context.mark())
        .child(
            context
                .heading(element("span").class("text"))
                .optional(time),
        )
        .optional(count)
}
