//! What a card says when it is opened.

use notice::wire::{
    feed::{AffectedComponent, Notice, Restored},
    words::{ComponentStatus, Status},
};

use super::{
    Context,
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

/// What is wrong, what to do, what still works, when more is said, whom to reach.
pub fn open(into: Element, context: &Context<'_>) -> Element {
    let notice = context.notice;
    let texts = context.texts;
    let moments = context.moments;
    let mut foot = String::new();
    if !notice.audience.segments.is_empty() && !context.names_segments {
        let segments = notice.audience.segments.iter();
        let labels = context.joined(segments.map(|segment| &segment.label));
        foot = fill("% · ", &[&texts.fill(Text::Affects, &[&labels])]);
    }
    if notice.started_at.seconds() <= moments.now() {
        let began = texts.fill(Text::Started, &[&moments.zoned(notice.started_at)]);
        foot.push_str(&fill("% · ", &[&began]));
    }
    let standing = context.standing();
    let (promise, estimate) = (promise::promise(context), promise::estimate(context));
    let says_something = !standing.is_empty() || promise.is_some() || estimate.is_some();
    let stands = element("div")
        .class("stands")
        .holding(element("p").text(standing))
        .perhaps(promise)
        .perhaps(estimate);
    into.perhaps(boxed(texts.get(Text::Advice), notice.advice.as_deref()))
        .perhaps(pair([
            ("works", texts.get(Text::Works), &notice.works),
            ("broken", texts.get(Text::Broken), &notice.broken),
        ]))
        .perhaps(says_something.then_some(stands))
        .perhaps(calendar(notice, texts))
        .perhaps(contacts(notice))
        .perhaps(components(context))
        .perhaps(timeline(context))
        .holding(
            element("p")
                .class("soft")
                .sentence(&foot)
                .holding(link(&notice.url).says(texts.get(Text::Follow))),
        )
}

/// When it was, what works again, what to check, what is not yet right, what was said, and whom to reach if it is not so.
pub fn over(into: Element, restored: &Restored, context: &Context<'_>) -> Element {
    let notice = context.notice;
    let texts = context.texts;
    let reason = restored
        .withdrawn
        .as_deref()
        .map(|text| rich_text(element("div").class("rich"), text));
    let is_part = context.is_part();
    let is_whole = !is_part && reason.is_none();
    let elsewhere = || element("p").class("soft").says(texts.get(Text::Elsewhere));
    let title = || context.titled(element("p")).text(notice.title.clone());
    let reach = contacts(notice).map(|all| section(texts.get(Text::NotWorking)).holding(all));
    let learned = restored.postmortem.as_ref().map(|postmortem| {
        let mut text = fill("%\n\n%\n", &[&postmortem.root_cause, &postmortem.remedy]);
        for measure in &postmortem.prevention {
            text.push_str("\n- ");
            text.push_str(measure);
        }
        rich_text(section(texts.get(Text::Happened)), &text)
    });
    let back = if is_part { &restored.back } else { &Vec::new() };
    into.perhaps(is_part.then(title))
        .perhaps(is_part.then(elsewhere))
        .perhaps(is_whole.then(|| lasted(restored, context)))
        .perhaps(is_whole.then(|| working(restored, context)).flatten())
        .perhaps(reason)
        .perhaps(boxed(texts.get(Text::Check), restored.check.as_deref()))
        .perhaps(pair([
            ("works", texts.get(Text::Back), back),
            ("broken", texts.get(Text::Still), &restored.still),
        ]))
        .perhaps(is_whole.then(|| last_update(context)).flatten())
        .perhaps(reach)
        .perhaps(learned)
        .holding(
            element("p")
                .class("soft")
                .holding(link(&notice.url).says(texts.get(if is_part {
                    Text::Follow
                } else {
                    Text::Happened
                }))),
        )
}

/// "9:25 to 11:05, 1 h 40 min".
fn lasted(restored: &Restored, context: &Context<'_>) -> Element {
    let (began, moments) = (context.notice.started_at, context.moments);
    let seconds = i64::try_from(restored.seconds).unwrap_or(i64::MAX);
    let lasted = context.texts.fill(
        Text::Period,
        &[
            &moments.time(began),
            &moments.end(restored.at, began),
            &moments.duration(seconds),
        ],
    );
    element("p").class("soft").sentence(&lasted)
}

/// "Working again since 11:05: Sending, Reports", where it is known what.
fn working(restored: &Restored, context: &Context<'_>) -> Option<Element> {
    let names = if restored.back.is_empty() {
        let components = context.notice.components.iter();
        context.joined(components.map(|component| &component.name))
    } else {
        context.joined(restored.back.iter())
    };
    let since = context.moments.time(restored.at);
    (!names.is_empty()).then(|| {
        let text = context.texts.fill(Text::WorkingSince, &[&since, &names]);
        element("p").part("works").class("promise").text(text)
    })
}

/// The update that resolved it.
fn last_update(context: &Context<'_>) -> Option<Element> {
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

/// Planned work to come, for the reader's own calendar.
fn calendar(notice: &Notice, texts: &Texts) -> Option<Element> {
    (notice.status == Status::Scheduled).then(|| {
        let link = link(&fill("%.ics", &[&notice.url]))
            .class("button")
            .says(texts.get(Text::Calendar));
        element("div").class("buttons").holding(link)
    })
}

fn section(heading: &'static str) -> Element {
    element("section")
        .class("rich")
        .holding(element("h3").says(heading))
}

fn boxed(heading: &'static str, text: Option<&str>) -> Option<Element> {
    text.map(|text| rich_text(section(heading).class("box rich").part("advice"), text))
}

/// Two short lists, side by side where there is room.
fn pair(lists: [(&'static str, &'static str, &Vec<String>); 2]) -> Option<Element> {
    let mut row = None;
    for (part, heading, items) in lists {
        if !items.is_empty() {
            let items = items.iter().fold(element("ul"), |list, item| {
                list.holding(
                    element("li")
                        .holding(icon(part))
                        .holding(element("span").text(item.clone())),
                )
            });
            let list = element("section")
                .part(part)
                .holding(element("h3").says(heading))
                .holding(items);
            row = Some(
                row.unwrap_or_else(|| element("div").class("pair"))
                    .holding(list),
            );
        }
    }
    row
}

fn components(context: &Context<'_>) -> Option<Element> {
    let notice = context.notice;
    let rows = notice
        .components
        .iter()
        .fold(element("ul").class("rows"), |rows, component| {
            let name = element("span").text(component.name.clone());
            rows.holding(
                element("li").holding(name).holding(
                    element("span")
                        .class("soft")
                        // What is planned has not happened to it yet.
                        .text(if notice.status == Status::Scheduled {
                            String::new()
                        } else {
                            state(component, context)
                        }),
                ),
            )
        });
    (!notice.components.is_empty())
        .then(|| section(context.texts.get(Text::Affected)).holding(rows))
}

fn state(component: &AffectedComponent, context: &Context<'_>) -> String {
    let time = context.moments.time(component.since);
    let words = match component.status {
        ComponentStatus::Operational => return context.texts.fill(Text::BackSince, &[&time]),
        ComponentStatus::UnderMaintenance => Text::UnderMaintenance,
        ComponentStatus::PartialOutage => Text::Partial,
        ComponentStatus::MajorOutage => Text::MajorOutage,
        ComponentStatus::DegradedPerformance | ComponentStatus::Unknown => Text::Degraded,
    };
    let since = context.texts.fill(Text::Since, &[&time]);
    context
        .texts
        .fill(Text::List, &[context.texts.get(words), &since])
}
