//! The card, collapsed or expanded.

use notice::browser::presentation::Extent;

use super::{NoticeContext, collapsed, expanded, frame, icon::icon};
use crate::{
    element::{Attribute, Element, element},
    texts::Text,
};

pub fn card(context: &NoticeContext<'_>, extent: Extent) -> Element {
    let is_whole = extent == Extent::Whole;
    let texts = context.texts;
    let button = |part, text| {
        element("button")
            .set_static(Attribute::Type, "button")
            .part(part)
            .static_text(texts.get(text))
    };
    let toggle = button("toggle", if is_whole { Text::Less } else { Text::More })
        .set_static(Attribute::Expanded, if is_whole { "true" } else { "false" });
    let hide = if context.notice.hold {
        Text::Minimise
    } else {
        Text::Hide
    };
    let title = element("h2").part("title").optional(context.mark());
    let text = element("div").class("words").child(if is_whole {
        context.heading(title)
    } else {
        context
            .heading(title.class("clamp"))
            .optional(context.duration_note())
    });
    let head = element("div")
        .class("head")
        .child(icon(context.severity()))
        .child(if is_whole {
            text
        } else {
            collapsed::content(text, context)
        });
    let buttons = element("div")
        .key(context.layout_key())
        .class("buttons")
        .child(toggle)
        .child(button("hide", hide).class("quiet"));
    let body = is_whole.then(|| {
        let body = element("div").class("body");
        match context.all_clear {
            Some(restored) => expanded::all_clear(body, restored, context),
            None => expanded::open_notice(body, context),
        }
    });
    let note = |part, text: String| {
        let note = element("p").part(part).class("note").text(text);
        Some(note)
    };
    let simulation = context
        .simulation()
        .and_then(|(_, text)| note("unreal", texts.get(text).to_owned()));
    let freshness = (!context.freshness.is_empty())
        .then(|| note("freshness", context.freshness.to_owned()))
        .flatten();
    let card = element("div")
        .part("card")
        .class("card")
        .child(head)
        .child(buttons)
        .optional(body)
        .optional(simulation)
        .optional(freshness);
    frame("article", context, card)
}
