//! When the next word comes, honestly.

use notice::wire::words::Confidence;

use super::Context;
use crate::{
    element::{Element, element},
    texts::{Text, fill},
};

/// The promise of the next update, if one was made.
pub fn promise(context: &Context<'_>) -> Option<Element> {
    let notice = context.notice;
    let at = notice.next_update_at?;
    let now = context.moments.now();
    let late = now >= at.plus_seconds(notice.overdue_after_s.into()).seconds();
    let text = context.texts.fill(
        if late {
            Text::Overdue
        } else {
            Text::NextUpdate
        },
        &[&context.moments.time(at)],
    );
    let promise = element("span")
        .part("next-update")
        .class("promise")
        .text(text);
    Some(if now < at.seconds() {
        promise.holding(element("small").sentence(&fill(" (%)", &[&context.moments.distance(at)])))
    } else {
        promise
    })
}

/// When it is hoped to be over, if anything was said. What has passed is no estimate any more.
pub fn estimate(context: &Context<'_>) -> Option<Element> {
    let notice = context.notice;
    let at = notice.estimated_end_at?;
    if at.seconds() <= context.moments.now() {
        return None;
    }
    let words = match notice.confidence {
        Some(Confidence::Medium) => Text::Expect,
        Some(Confidence::High) => Text::By,
        _ => Text::Hope,
    };
    Some(
        element("span")
            .class("soft")
            .text(context.texts.fill(words, &[&context.moments.time(at)])),
    )
}
