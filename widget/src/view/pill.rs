//! Small things: the pill, and the line that a notice is when another is open.

use notice::wire::feed::Notice;

use super::{Context, frame, icon::icon, label, rich_text::link, severity};
use crate::{
    element::{Attribute, Element, element},
    texts::{Text, fill},
};

/// A notice as a pill; `others` is how many more there are behind it.
pub fn pill(notice: &Notice, others: usize, context: &Context<'_>) -> Element {
    let label = label(notice, context.texts, context.moments);
    let pill = small(notice, "pill", notice.title.clone(), label, context);
    let count = (others > 0).then(|| {
        element("span")
            .class("more")
            .text(fill("+%", &[&others.to_string()]))
    });
    frame("div", notice, pill.perhaps(count))
}

/// A notice as one line under an open one.
pub fn line(notice: &Notice, context: &Context<'_>) -> Element {
    let label = label(notice, context.texts, context.moments);
    frame(
        "div",
        notice,
        small(notice, "other", label, notice.title.clone(), context),
    )
}

/// How many more there are than fit.
pub fn rest(count: usize, status_url: &str, context: &Context<'_>) -> Element {
    element("p").class("rest soft").holding(
        link(status_url).text(context.texts.fill(Text::MoreNotices, &[&count.to_string()])),
    )
}

fn small(
    notice: &Notice,
    class: &'static str,
    title: String,
    text: String,
    context: &Context<'_>,
) -> Element {
    element("button")
        .part("pill")
        .class(class)
        .with(Attribute::Type, "button")
        .with(Attribute::Expanded, "false")
        .set(Attribute::Title, title.into())
        .on_click(context.toggle.clone())
        .holding(icon(severity(notice)))
        .holding(element("span").text(text))
}
