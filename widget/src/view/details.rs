//! What a card says when it is opened.

use notice::wire::{
    feed::{AffectedComponent, Notice, Restored},
    time::Timestamp,
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
    element::{Attribute, Element, element},
    page::appointment,
    texts::{Text, Texts, fill},
};

/// What is wrong, what to do, what still works, when more is said, whom to reach.
pub fn open(into: Element, context: &Context<'_>) -> Element {
    let notice = context.notice;
    let texts = context.texts;
    let moments = context.moments;
    let mut foot = String::new();
    if !notice.audience.segments.is_empty() {
        let mut labels = String::new();
        for segment in &notice.audience.segments {
            if !labels.is_empty() {
                labels.push_str(&texts.fill(Text::List, &[]));
            }
            labels.push_str(&segment.label);
        }
        foot = fill("% · ", &[&texts.fill(Text::Affects, &[&labels])]);
    }
    if notice.started_at.seconds() <= moments.now() {
        let began = texts.fill(
            Text::Started,
            &[
                &moments.zoned(notice.started_at),
                &moments.distance(notice.started_at),
            ],
        );
        foot.push_str(&began);
        foot.push_str(" · ");
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

/// What is back, what to check, what is not yet right, and whom to reach if it is not so.
pub fn over(into: Element, restored: &Restored, context: &Context<'_>) -> Element {
    let notice = context.notice;
    let texts = context.texts;
    let moments = context.moments;
    let lasted = texts.fill(
        Text::Lasted,
        &[
            &moments.time(notice.started_at),
            &moments.zoned(restored.at),
        ],
    );
    let reason = restored
        .withdrawn
        .as_deref()
        .map(|text| rich_text(element("div").class("rich"), text));
    let reach = contacts(notice).map(|all| section(texts.get(Text::NotWorking)).holding(all));
    let learned = restored.postmortem.as_ref().map(|postmortem| {
        let mut text = fill("%\n\n%\n", &[&postmortem.root_cause, &postmortem.remedy]);
        for measure in &postmortem.prevention {
            text.push_str("\n- ");
            text.push_str(measure);
        }
        rich_text(section(texts.get(Text::Happened)), &text)
    });
    into.perhaps(reason)
        .perhaps(boxed(texts.get(Text::Check), restored.check.as_deref()))
        .perhaps(pair([
            ("works", texts.get(Text::Back), &restored.back),
            ("broken", texts.get(Text::Still), &restored.still),
        ]))
        .perhaps(reach)
        .perhaps(learned)
        .holding(
            element("p")
                .class("soft")
                .text(if context.is_withdrawn() {
                    String::new()
                } else {
                    fill("% · ", &[&lasted])
                })
                .holding(link(&notice.url).says(texts.get(if context.is_part() {
                    Text::Follow
                } else {
                    Text::Happened
                }))),
        )
}

/// Planned work to come, for the reader's own calendar.
fn calendar(notice: &Notice, texts: &Texts) -> Option<Element> {
    let milliseconds = |at: Timestamp| at.seconds() as f64 * 1000.0;
    let (start, end) = (
        notice.started_at,
        notice.ends_at.unwrap_or(notice.started_at),
    );
    (notice.status == Status::Scheduled).then(|| {
        let href = appointment(
            notice.id.as_str(),
            &notice.title,
            milliseconds(start),
            milliseconds(end),
        );
        let link = element("a")
            .class("button")
            .set(Attribute::Href, href.into())
            .with(Attribute::Download, "maintenance.ics")
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
