//! The content of an expanded card.

use notice::wire::{
    enums::{ComponentStatus, Status},
    feed::{AffectedComponent, Notice, Restored},
};

use super::{
    NoticeContext,
    contacts::contacts,
    icon::icon,
    promise,
    rich_text::{link, rich_text},
    timeline::timeline,
};
use crate::{
    element::{Element, element},
    texts::{Text, Texts, fill},
};

/// Adds the content for an open notice: advice, what works, the next update, contacts, components and the timeline.
pub fn open_notice(body: Element, context: &NoticeContext<'_>) -> Element {
    let notice = context.notice;
    let texts = context.texts;
    let format = context.format;
    let mut foot = String::new();
    if !notice.audience.segments.is_empty() && !context.names_segments {
        let segments = notice.audience.segments.iter();
        let labels = context.join_names(segments.map(|segment| &segment.label));
        foot = fill("% · ", &[&texts.fill(Text::Affects, &[&labels])]);
    }
    if notice.started_at.seconds() <= format.now() {
        let began = texts.fill(Text::Started, &[&format.zoned(notice.started_at)]);
        foot.push_str(&fill("% · ", &[&began]));
    }
    let status = context.status_sentence();
    let (promise, estimate) = (promise::promise(context), promise::estimate(context));
    let has_status = !status.is_empty() || promise.is_some() || estimate.is_some();
    let status = element("div")
        .class("stands")
        .child(element("p").text(status))
        .optional(promise)
        .optional(estimate);
    body.optional(text_box(texts.get(Text::Advice), notice.advice.as_deref()))
        .optional(pair([
            ("works", texts.get(Text::Works), &notice.works),
            ("broken", texts.get(Text::Broken), &notice.broken),
        ]))
        .optional(has_status.then_some(status))
        .optional(calendar(notice, texts))
        .optional(contacts(notice))
        .optional(components(context))
        .optional(timeline(context))
        .child(
            element("p")
                .class("soft")
                .tied_text(&foot)
                .child(link(&notice.url).static_text(texts.get(Text::Follow))),
        )
}

/// Adds the content for an all-clear: the period, what works again, what to check, what is not resolved yet, the last update
/// and contacts.
pub fn all_clear(body: Element, restored: &Restored, context: &NoticeContext<'_>) -> Element {
    let notice = context.notice;
    let texts = context.texts;
    let reason = restored
        .withdrawn
        .as_deref()
        .map(|text| rich_text(element("div").class("rich"), text));
    let is_partial = context.is_partial();
    let is_whole = !is_partial && reason.is_none();
    let elsewhere = || {
        element("p")
            .class("soft")
            .static_text(texts.get(Text::Elsewhere))
    };
    let title = || {
        context
            .with_language(element("p"))
            .text(notice.title.clone())
    };
    let contacts = contacts(notice).map(|all| section(texts.get(Text::NotWorking)).child(all));
    let postmortem = restored.postmortem.as_ref().map(|postmortem| {
        let mut text = fill("%\n\n%\n", &[&postmortem.root_cause, &postmortem.remedy]);
        for measure in &postmortem.prevention {
            text.push_str("\n- ");
            text.push_str(measure);
        }
        rich_text(section(texts.get(Text::Happened)), &text)
    });
    let back = if is_partial {
        &restored.back
    } else {
        &Vec::new()
    };
    body.optional(is_partial.then(title))
        .optional(is_partial.then(elsewhere))
        .optional(is_whole.then(|| period(restored, context)))
        .optional(is_whole.then(|| working(restored, context)).flatten())
        .optional(reason)
        .optional(text_box(texts.get(Text::Check), restored.check.as_deref()))
        .optional(pair([
            ("works", texts.get(Text::Back), back),
            ("broken", texts.get(Text::Still), &restored.still),
        ]))
        .optional(is_whole.then(|| last_update(context)).flatten())
        .optional(contacts)
        .optional(postmortem)
        .child(
            element("p")
                .class("soft")
                .child(link(&notice.url).static_text(texts.get(if is_partial {
                    Text::Follow
                } else {
                    Text::Happened
                }))),
        )
}

/// "9:25 to 11:05, 1 h 40 min".
fn period(restored: &Restored, context: &NoticeContext<'_>) -> Element {
    let (began, format) = (context.notice.started_at, context.format);
    let seconds = i64::try_from(restored.seconds).unwrap_or(i64::MAX);
    let period = context.texts.fill(
        Text::Period,
        &[
            &format.time(began),
            &format.end(restored.at, began),
            &format.duration(seconds),
        ],
    );
    element("p").class("soft").tied_text(&period)
}

/// "Working again since 11:05: Sending, Reports"; `None` when no names are known.
fn working(restored: &Restored, context: &NoticeContext<'_>) -> Option<Element> {
    let names = if restored.back.is_empty() {
        let components = context.notice.components.iter();
        context.join_names(components.map(|component| &component.name))
    } else {
        context.join_names(restored.back.iter())
    };
    let since = context.format.time(restored.at);
    (!names.is_empty()).then(|| {
        let text = context.texts.fill(Text::WorkingSince, &[&since, &names]);
        element("p").part("works").class("promise").text(text)
    })
}

/// The update that resolved the incident, else the newest one.
fn last_update(context: &NoticeContext<'_>) -> Option<Element> {
    let updates = &context.notice.updates;
    let resolving = updates
        .iter()
        .find(|update| matches!(update.status, Status::Resolved | Status::Completed));
    let update = resolving.or(updates.first())?;
    Some(rich_text(
        element("div").class("rich").part("update"),
        &update.body,
    ))
}

/// The link to the calendar file of a scheduled maintenance.
fn calendar(notice: &Notice, texts: &Texts) -> Option<Element> {
    (notice.status == Status::Scheduled).then(|| {
        let link = link(&fill("%.ics", &[&notice.url]))
            .class("button")
            .static_text(texts.get(Text::Calendar));
        element("div").class("buttons").child(link)
    })
}

fn section(heading: &'static str) -> Element {
    element("section")
        .class("rich")
        .child(element("h3").static_text(heading))
}

fn text_box(heading: &'static str, text: Option<&str>) -> Option<Element> {
    text.map(|text| rich_text(section(heading).class("box rich").part("advice"), text))
}

/// Two short lists, side by side on a wide screen.
fn pair(lists: [(&'static str, &'static str, &Vec<String>); 2]) -> Option<Element> {
    let mut row = None;
    for (part, heading, items) in lists {
        if !items.is_empty() {
            let items = items.iter().fold(element("ul"), |list, item| {
                list.child(
                    element("li")
                        .child(icon(part))
                        .child(element("span").text(item.clone())),
                )
            });
            let list = element("section")
                .part(part)
                .child(element("h3").static_text(heading))
                .child(items);
            row = Some(
                row.unwrap_or_else(|| element("div").class("pair"))
                    .child(list),
            );
        }
    }
    row
}

fn components(context: &NoticeContext<'_>) -> Option<Element> {
    let notice = context.notice;
    let rows = notice
        .components
        .iter()
        .fold(element("ul").class("rows"), |rows, component| {
            let name = element("span").text(component.name.clone());
            rows.child(
                element("li").child(name).child(
                    element("span")
                        .class("soft")
                        // A scheduled maintenance does not affect its components yet.
                        .text(if notice.status == Status::Scheduled {
                            String::new()
                        } else {
                            state(component, context)
                        }),
                ),
            )
        });
    (!notice.components.is_empty()).then(|| section(context.texts.get(Text::Affected)).child(rows))
}

fn state(component: &AffectedComponent, context: &NoticeContext<'_>) -> String {
    let time = context.format.time(component.since);
    let text = match component.status {
        ComponentStatus::Operational => return context.texts.fill(Text::BackSince, &[&time]),
        ComponentStatus::UnderMaintenance => Text::UnderMaintenance,
        ComponentStatus::PartialOutage => Text::Partial,
        ComponentStatus::MajorOutage => Text::MajorOutage,
        ComponentStatus::DegradedPerformance | ComponentStatus::Unknown => Text::Degraded,
    };
    let since = context.texts.fill(Text::Since, &[&time]);
    context
        .texts
        .fill(Text::List, &[context.texts.get(text), &since])
}
