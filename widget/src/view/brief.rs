//! What a collapsed card says under its title: what to do, and when more is said.

use notice::{
    markdown::Inline,
    wire::{
        feed::Notice,
        words::{InApp, NoticeKind, Status},
    },
};

use super::{Context, contacts, promise, rich_text::run};
use crate::{
    element::{Attribute, Element, element},
    texts::{Text, fill},
};

/// How many lines advice has at most.
const MOST_LINES: usize = 3;

/// The text of a part that may be too long for its lines.
pub fn long_text<'a>(part: &str, notice: &'a Notice) -> Option<&'a str> {
    if part == "advice" {
        let withdrawn = notice
            .restored
            .as_ref()
            .and_then(|over| over.withdrawn.as_deref());
        notice.advice.as_deref().or(withdrawn)
    } else {
        notice.updates.first().map(|update| update.body.as_str())
    }
}

/// The classes of a text with so many lines; those of one that has been cut.
fn fitting(lines: usize, is_cut: bool) -> &'static str {
    match (lines, is_cut) {
        (1, false) => "fit fit1",
        (1, true) => "fit fit1 cut",
        (2, false) => "fit fit2",
        (2, true) => "fit fit2 cut",
        (_, false) => "fit fit3",
        (_, true) => "fit fit3 cut",
    }
}

/// What stands under the title of a collapsed card.
pub fn beneath(words: Element, context: &Context<'_>) -> Element {
    let Context { notice, texts, .. } = context;
    if context.is_withdrawn() {
        return words.perhaps(text(context, "advice", 2));
    }
    if context.over.is_some() {
        let line = |text: String| element("p").class("line").text(text);
        let part = context.is_part();
        return words
            .perhaps(part.then(|| context.titled(line(notice.title.clone()))))
            .perhaps(part.then(|| line(texts.get(Text::Elsewhere).to_owned())))
            .perhaps(still(context));
    }
    let is_late = promise::is_late(context);
    // What else must be said takes the place of advice, so that the card stays small.
    let extra = 2 * usize::from(context.unreal().is_some())
        + 2 * usize::from(!context.freshness.is_empty())
        + usize::from(is_late && context.is_news);
    let lines = MOST_LINES.saturating_sub(extra).max(1);
    let is_about_to_begin = notice.status == Status::Scheduled && notice.in_app == InApp::Bar;
    let words = if notice.advice.is_some() {
        words.perhaps(text(context, "advice", lines))
    } else if is_about_to_begin {
        words.holding(element("p").text(context.standing()))
    } else {
        words.perhaps(text(context, "update", lines.min(2)))
    };
    let is_planned = notice.kind == NoticeKind::Maintenance
        && !(is_about_to_begin && notice.advice.is_none())
        && !context.standing().is_empty();
    let late = is_late.then(|| promise::promise(context)).flatten();
    let last = if context.is_news {
        news(context)
    } else if is_late {
        None
    } else if is_planned {
        Some(
            element("p")
                .class("meta")
                .holding(element("b").text(context.standing())),
        )
    } else {
        times(context)
    };
    words
        .perhaps(late.map(|late| element("p").class("meta").holding(late)))
        .perhaps(last)
        .perhaps(is_late.then(|| contacts::row(notice)).flatten())
}

/// Operators' text on a few lines.
fn text(context: &Context<'_>, part: &'static str, lines: usize) -> Option<Element> {
    let text = long_text(part, context.notice)?;
    let (content, is_cut) = context.cuts.run(part, &context.notice.id, text);
    let element = element("p").part(part).class(fitting(lines, is_cut));
    Some(run(element, content))
}

/// "New 14:32:" and the first words of the update.
fn news(context: &Context<'_>) -> Option<Element> {
    let update = context.notice.updates.first()?;
    let at = context.moments.time(update.at);
    let (content, is_cut) = context.cuts.run("update", &context.notice.id, &update.body);
    let words: Vec<Inline> = content;
    let label = context.texts.fill(Text::NewUpdate, &[&at]);
    Some(
        element("p")
            .class("meta news")
            .part("update")
            .holding(element("b").text(label))
            .says(" ")
            .holding(run(element("span").class(fitting(1, is_cut)), words)),
    )
}

/// "Updated 14:32 · next update by 15:00", as far as both are known.
fn times(context: &Context<'_>) -> Option<Element> {
    let Context {
        notice,
        texts,
        moments,
        ..
    } = context;
    let updated = notice
        .updates
        .first()
        .map(|update| texts.fill(Text::Updated, &[&moments.time(update.at)]));
    let next = notice
        .next_update_at
        .map(|at| texts.fill(Text::UpdateBy, &[&moments.time(at)]));
    let is_both = updated.is_some() && next.is_some();
    let next = next.map(|next| element("b").part("next-update").text(next));
    let meta = element("p").class("meta times");
    if updated.is_none() && next.is_none() {
        return None;
    }
    let separator = if is_both { " · " } else { "" };
    let before = fill("%%", &[&updated.unwrap_or_default(), separator]);
    Some(meta.holding(element("span").text(before)).perhaps(next))
}

/// The first two things that are not yet right.
fn still(context: &Context<'_>) -> Option<Element> {
    let over = context
        .over
        .filter(|over| !over.still.is_empty() && !context.is_part())?;
    let list = element("ul")
        .class("still")
        .part("broken")
        .set(Attribute::Label, context.texts.get(Text::Still).into());
    let items = over.still.iter().take(2);
    Some(items.fold(list, |list, item| {
        list.holding(element("li").text(item.clone()))
    }))
}
