//! What was said so far, newest first.

use notice::wire::{
    feed::{FeedUpdate, Notice},
    words::NoticeKind,
};

use super::{
    Context,
    rich_text::{link, rich_text},
};
use crate::{
    element::{Element, element},
    texts::{Text, fill},
};

/// The newest updates, and how many more there are.
pub fn timeline(context: &Context<'_>) -> Option<Element> {
    let notice = context.notice;
    let list = element("ol").class("timeline");
    let entries = notice.updates.iter().fold(list, |list, update| {
        list.holding(entry(update, notice, context))
    });
    let rest = (notice.updates_more > 0).then(|| {
        let count = context
            .moments
            .count(context.texts.get(Text::MoreUpdates), notice.updates_more);
        element("p")
            .class("soft")
            .holding(link(&notice.url).text(count))
    });
    let heading = if notice.kind == NoticeKind::Incident {
        Text::Timeline
    } else {
        Text::Updates
    };
    let section = element("section")
        .class("rich")
        .holding(element("h3").says(context.texts.get(heading)));
    (!notice.updates.is_empty()).then(|| section.holding(entries).perhaps(rest))
}

fn entry(update: &FeedUpdate, notice: &Notice, context: &Context<'_>) -> Element {
    let rest = update
        .truncated
        .then(|| link(&notice.url).says(context.texts.get(Text::ReadOn)));
    let when = fill(
        "% · %",
        &[
            &context.moments.time(update.at),
            &context.moments.distance(update.at),
        ],
    );
    element("li")
        .key(update.id.as_str())
        .part("update")
        .holding(element("p").class("soft").sentence(&when))
        .holding(rich_text(element("div").class("rich"), &update.body).perhaps(rest))
}
