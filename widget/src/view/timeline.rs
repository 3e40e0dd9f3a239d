//! The timeline of updates, newest first.

use notice::wire::{
    enums::NoticeKind,
    feed::{FeedUpdate, Notice},
};

use super::{
    NoticeContext,
    rich_text::{link, rich_text},
};
use crate::{
    element::{Element, element},
    texts::{Text, fill},
};

/// The newest updates, and the number of older ones.
pub fn timeline(context: &NoticeContext<'_>) -> Option<Element> {
    let notice = context.notice;
    let list = element("ol").class("timeline");
    let entries = notice.updates.iter().fold(list, |list, update| {
        list.child(entry(update, notice, context))
    });
    let rest = (notice.updates_more > 0).then(|| {
        let count = context
            .format
            .count(context.texts.get(Text::MoreUpdates), notice.updates_more);
        element("p")
            .class("soft")
            .child(link(&notice.url).text(count))
    });
    let heading = if notice.kind == NoticeKind::Incident {
        Text::Timeline
    } else {
        Text::Updates
    };
    let section = element("section")
        .class("rich")
        .child(element("h3").static_text(context.texts.get(heading)));
    (!notice.updates.is_empty()).then(|| section.child(entries).optional(rest))
}

fn entry(update: &FeedUpdate, notice: &Notice, context: &NoticeContext<'_>) -> Element {
    let rest = update
        .truncated
        .then(|| link(&notice.url).static_text(context.texts.get(Text::ReadOn)));
    let when = fill(
        "% · %",
        &[
            &context.format.time(update.at),
            &context.format.distance(update.at),
        ],
    );
    element("li")
        .key(update.id.as_str())
        .part("update")
        .child(element("p").class("soft").tied_text(&when))
        .child(rich_text(element("div").class("rich"), &update.body).optional(rest))
}
