//! What a collapsed card says under its title: what to do, and when more is said.

use notice::wire::{
    feed::{FeedUpdate, Restored},
    words::{InApp, NoticeKind, Status},
};

use super::{Context, contacts, promise, rich_text::run};
use crate::{
    element::{Attribute, Element, element},
    texts::{Text, fill},
};

/// How many lines advice has at most.
const MOST_LINES: usize = 3;

/// What stands under the title of a collapsed card.
pub fn beneath(words: Element, context: &Context<'_>) -> Element {
    let Context { notice, texts, .. } = context;
    let line = |class: &'static str, text: String| element("p").class(class).text(text);
    if let Some(over) = context.over {
        if let Some(reason) = &over.withdrawn {
            return words.holding(paragraph(context, "advice", 2, reason));
        }
        if context.is_part() {
            return words
                .holding(context.titled(line("line", notice.title.clone())))
                .holding(line("line", texts.get(Text::Elsewhere).to_owned()));
        }
        return words.perhaps(still(over, context));
    }
    let is_late = promise::is_late(context);
    // What else must be said takes the place of advice, so that the card stays small.
    let mut standing = if notice.kind == NoticeKind::Maintenance {
        context.standing()
    } else {
        String::new()
    };
    let extra = 2 * usize::from(context.unreal().is_some() || !context.freshness.is_empty())
        + usize::from(is_late && context.is_news)
        + usize::from(!standing.is_empty());
    let lines = MOST_LINES.saturating_sub(extra).max(1);
    let update = notice.updates.first();
    let words = match (&notice.advice, update) {
        (Some(advice), _) => words.holding(paragraph(context, "advice", lines, advice)),
        // "Save your work" is advice.
        (None, _) if notice.status == Status::Scheduled && notice.in_app == InApp::Bar => {
            words.holding(line("", std::mem::take(&mut standing)))
        }
        (None, Some(update)) => {
            words.holding(paragraph(context, "update", lines.min(2), &update.body))
        }
        (None, None) => words,
    };
    let late = promise::promise(context).filter(|_| is_late);
    let last = match update {
        Some(update) if context.is_news && (!is_late || context.freshness.is_empty()) => {
            Some(news(context, update))
        }
        _ if is_late => None,
        _ if standing.is_empty() => times(context),
        _ => Some(line("meta strong", standing)),
    };
    let stand = |element: Element| element.key(context.standing_key());
    words
        .perhaps(late.map(|late| stand(element("p").class("meta").holding(late))))
        .perhaps(last.map(stand))
        .perhaps(is_late.then(|| contacts::row(notice)).flatten().map(stand))
}

/// Operators' text on a few lines of an element.
fn long(
    element: Element,
    context: &Context<'_>,
    part: &'static str,
    lines: usize,
    text: &str,
) -> Element {
    let lines = ["1", "2", "3"].get(lines - 1).copied().unwrap_or_default();
    let (content, is_cut) = context.cuts.run(part, lines, &context.notice.id, text);
    let class = fill("fit fit% %", &[lines, if is_cut { "cut" } else { "" }]);
    run(element.set(Attribute::Class, class.into()), content)
}

/// The same in a paragraph.
fn paragraph(context: &Context<'_>, part: &'static str, lines: usize, text: &str) -> Element {
    long(element("p").part(part), context, part, lines, text)
}

/// "New 14:32:" and the first words of the update.
fn news(context: &Context<'_>, update: &FeedUpdate) -> Element {
    let at = context.moments.time(update.at);
    let label = context.texts.fill(Text::NewUpdate, &[&at]);
    element("p")
        .class("meta news")
        .part("update")
        .holding(element("b").text(label))
        .says(" ")
        .holding(long(element("span"), context, "update", 1, &update.body))
}

/// "Updated 14:32 · next update by 15:00", as far as both are known.
fn times(context: &Context<'_>) -> Option<Element> {
    let Context {
        notice,
        texts,
        moments,
        ..
    } = context;
    let mut updated = match notice.updates.first() {
        Some(update) => texts.fill(Text::Updated, &[&moments.time(update.at)]),
        None => String::new(),
    };
    let next = notice.next_update_at.map(|at| {
        if !updated.is_empty() {
            updated.push_str(" · ");
        }
        let next = texts.fill(Text::UpdateBy, &[&moments.time(at)]);
        element("b").part("next-update").text(next)
    });
    (!updated.is_empty() || next.is_some()).then(|| {
        element("p")
            .class("meta times")
            .holding(element("span").text(updated))
            .perhaps(next)
    })
}

/// The first two things that are not yet right.
fn still(over: &Restored, context: &Context<'_>) -> Option<Element> {
    let list = element("ul")
        .class("still")
        .part("broken")
        .with(Attribute::Label, context.texts.get(Text::Still));
    let items = over.still.iter().take(2);
    let list = items.fold(list, |list, item| {
        list.holding(element("li").text(item.clone()))
    });
    (!over.still.is_empty()).then_some(list)
}
