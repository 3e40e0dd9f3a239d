//! The content of a collapsed card: advice, and the time of the next update.

use notice::wire::{
    enums::{InApp, NoticeKind, Status},
    feed::{FeedUpdate, Restored},
};

use super::{NoticeContext, contacts, promise, rich_text::run};
use crate::{
    element::{Attribute, Element, element},
    texts::{Text, fill},
};

/// Maximum number of lines of the advice.
const MOST_LINES: usize = 3;

/// Adds the content below the title.
pub fn content(text: Element, context: &NoticeContext<'_>) -> Element {
    let NoticeContext { notice, texts, .. } = context;
    let line = |class: &'static str, text: String| element("p").class(class).text(text);
    if let Some(restored) = context.all_clear {
        if let Some(reason) = &restored.withdrawn {
            return text.child(paragraph(context, "advice", 2, reason));
        }
        if context.is_partial() {
            return text
                .child(context.with_language(line("line", notice.title.clone())))
                .child(line("line", texts.get(Text::Elsewhere).to_owned()));
        }
        return text.optional(still(restored, context));
    }
    let is_late = promise::is_late(context);
    // Other lines shorten the advice, so that the card stays small.
    let mut status = if notice.kind == NoticeKind::Maintenance {
        context.status_sentence()
    } else {
        String::new()
    };
    let extra = 2 * usize::from(context.simulation().is_some() || !context.freshness.is_empty())
        + usize::from(is_late && context.is_news)
        + usize::from(!status.is_empty());
    let lines = MOST_LINES.saturating_sub(extra).max(1);
    let update = notice.updates.first();
    let text = match (&notice.advice, update) {
        (Some(advice), _) => text.child(paragraph(context, "advice", lines, advice)),
        // "Save your work" takes the place of advice.
        (None, _) if notice.status == Status::Scheduled && notice.in_app == InApp::Bar => {
            text.child(line("", std::mem::take(&mut status)))
        }
        (None, Some(update)) => {
            text.child(paragraph(context, "update", lines.min(2), &update.body))
        }
        (None, None) => text,
    };
    let late = promise::promise(context).filter(|_| is_late);
    let last = match update {
        Some(update) if context.is_news && (!is_late || context.freshness.is_empty()) => {
            Some(news(context, update))
        }
        _ if is_late => None,
        _ if status.is_empty() => times(context),
        _ => Some(line("meta strong", status)),
    };
    let keyed = |element: Element| element.key(context.layout_key());
    text.optional(late.map(|late| keyed(element("p").class("meta").child(late))))
        .optional(last.map(keyed))
        .optional(is_late.then(|| contacts::row(notice)).flatten().map(keyed))
}

/// Adds a text of the operator, cut to a number of lines.
fn add_clamped(
    element: Element,
    context: &NoticeContext<'_>,
    part: &'static str,
    lines: usize,
    text: &str,
) -> Element {
    let lines = ["1", "2", "3"].get(lines - 1).copied().unwrap_or_default();
    let (content, is_cut) = context
        .truncations
        .run(part, lines, &context.notice.id, text);
    let class = fill("fit fit% %", &[lines, if is_cut { "cut" } else { "" }]);
    run(element.set(Attribute::Class, class.into()), content)
}

fn paragraph(context: &NoticeContext<'_>, part: &'static str, lines: usize, text: &str) -> Element {
    add_clamped(element("p").part(part), context, part, lines, text)
}

/// "New 14:32:" and the beginning of the update.
fn news(context: &NoticeContext<'_>, update: &FeedUpdate) -> Element {
    let at = context.format.time(update.at);
    let label = context.texts.fill(Text::NewUpdate, &[&at]);
    element("p")
        .class("meta news")
        .part("update")
        .child(element("b").text(label))
        .static_text(" ")
        .child(add_clamped(
            element("span"),
            context,
            "update",
            1,
            &update.body,
        ))
}

/// "Updated 14:32 · next update by 15:00", or only one of the two times.
fn times(context: &NoticeContext<'_>) -> Option<Element> {
    let NoticeContext {
        notice,
        texts,
        format,
        ..
    } = context;
    let mut updated = match notice.updates.first() {
        Some(update) => texts.fill(Text::Updated, &[&format.time(update.at)]),
        None => String::new(),
    };
    let next = notice.next_update_at.map(|at| {
        if !updated.is_empty() {
            updated.push_str(" · ");
        }
        let next = texts.fill(Text::UpdateBy, &[&format.time(at)]);
        element("b").part("next-update").text(next)
    });
    (!updated.is_empty() || next.is_some()).then(|| {
        element("p")
            .class("meta times")
            .child(element("span").text(updated))
            .optional(next)
    })
}

/// The first two items that are not resolved yet.
fn still(restored: &Restored, context: &NoticeContext<'_>) -> Option<Element> {
    let list = element("ul")
        .class("still")
        .part("broken")
        .set_static(Attribute::Label, context.texts.get(Text::Still));
    let items = restored.still.iter().take(2);
    let list = items.fold(list, |list, item| {
        list.child(element("li").text(item.clone()))
    });
    (!restored.still.is_empty()).then_some(list)
}
