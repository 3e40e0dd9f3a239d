//! When the next word comes, honestly.

use notice::wire::words::Confidence;

use super::Context;
use crate::{
    element::{Element, element},
    texts::{Text, fill},
};

/// Whether the promised update has not come in time.
pub fn is_late(context: &Context<'_>) -> bool {
    let notice = context.notice;
    notice.next_update_at.is_some_and(|at| {
        let late_at = at.plus_seconds(notice.overdue_after_s.into());
        context.moments.now() >= late_at.seconds()
    })
}

/// The promise of the next update, if one was made.
pub fn promise(context: &Context<'_>) -> Option<Element> {
    let at = context.notice.next_update_at?;
    let now = context.moments.now();
    let text = context.texts.fill(
        if is_late(context) {
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
