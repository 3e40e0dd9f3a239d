//! The promised time of the next update, and the estimated end.

use notice::wire::enums::Confidence;

use super::NoticeContext;
use crate::{
    element::{Element, element},
    texts::{Text, fill},
};

/// Whether the promised update is overdue.
pub fn is_late(context: &NoticeContext<'_>) -> bool {
    let notice = context.notice;
    notice.next_update_at.is_some_and(|at| {
        let late_at = at.plus_seconds(notice.overdue_after_s.into());
        context.format.now() >= late_at.seconds()
    })
}

/// The promised time of the next update.
pub fn promise(context: &NoticeContext<'_>) -> Option<Element> {
    let at = context.notice.next_update_at?;
    let now = context.format.now();
    let text = context.texts.fill(
        if is_late(context) {
            Text::Overdue
        } else {
            Text::NextUpdate
        },
        &[&context.format.time(at)],
    );
    let promise = element("span")
        .part("next-update")
        .class("promise")
        .text(text);
    Some(if now < at.seconds() {
        promise.child(element("small").tied_text(&fill(" (%)", &[&context.format.distance(at)])))
    } else {
        promise
    })
}

/// The estimated end, unless it has passed.
pub fn estimate(context: &NoticeContext<'_>) -> Option<Element> {
    let notice = context.notice;
    let at = notice.estimated_end_at?;
    if at.seconds() <= context.format.now() {
        return None;
    }
    let text = match notice.confidence {
        Some(Confidence::Medium) => Text::Expect,
        Some(Confidence::High) => Text::By,
        _ => Text::Hope,
    };
    Some(
        element("span")
            .class("soft")
            .text(context.texts.fill(text, &[&context.format.time(at)])),
    )
}
