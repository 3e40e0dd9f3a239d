//! Views: functions from a notice to elements.

mod card;
mod collapsed;
mod contacts;
mod expanded;
mod icon;
mod phrases;
mod pill;
mod promise;
mod rich_text;
mod timeline;

pub use card::card;
pub use phrases::summary;
pub use pill::{less, line, pill, row};

use notice::wire::{
    enums::{Impact, NoticeKind},
    feed::{Notice, Restored},
};

use crate::{
    element::{Attribute, Element, element},
    format::Formatter,
    texts::{Text, Texts, fill},
    truncation::ContainerTruncations,
};

/// A notice, and what is needed to draw it.
#[derive(Clone, Copy)]
pub struct NoticeContext<'a> {
    pub notice: &'a Notice,
    /// The all-clear of the incident, or the partial all-clear.
    pub all_clear: Option<&'a Restored>,
    pub texts: &'static Texts,
    pub format: &'a Formatter,
    /// A note on how old the feed is; empty while it is confirmed.
    pub freshness: &'a str,
    /// Whether the title names the segments that the notice is for.
    pub names_segments: bool,
    /// Whether the newest update is new to the reader.
    pub is_news: bool,
    pub truncations: ContainerTruncations<'a>,
}

impl NoticeContext<'_> {
    /// Whether the all-clear is a partial one: the incident continues for other pages.
    fn is_partial(&self) -> bool {
        self.all_clear.is_some() && self.notice.restored.is_none()
    }

    /// The Yew key of elements that move when the freshness note appears. With another key they are new elements, and a new
    /// element does not count as a layout shift.
    pub fn layout_key(&self) -> &'static str {
        if self.freshness.is_empty() {
            "confirmed"
        } else {
            "unconfirmed"
        }
    }

    /// Whether the notice was published by mistake.
    fn is_withdrawn(&self) -> bool {
        self.all_clear
            .is_some_and(|restored| restored.withdrawn.is_some())
    }

    /// The class of the severity, one of six.
    fn severity(&self) -> &'static str {
        match (self.notice.kind, self.notice.impact) {
            _ if self.is_withdrawn() => "announcement",
            _ if self.all_clear.is_some() => "restored",
            (NoticeKind::Restored, _) => "restored",
            (NoticeKind::Maintenance, _) => "maintenance",
            (NoticeKind::Incident, Impact::Critical) => "critical",
            (NoticeKind::Incident, Impact::Major) => "major",
            (NoticeKind::Incident, _) => "minor",
            _ => "announcement",
        }
    }

    /// For a preview or a drill: its mark and its explanation.
    fn simulation(&self) -> Option<(Text, Text)> {
        if self.notice.preview {
            Some((Text::Preview, Text::PreviewMeans))
        } else {
            self.notice.drill.then_some((Text::Drill, Text::DrillMeans))
        }
    }

    /// The mark of a preview or a drill, for a title or a pill.
    fn mark(&self) -> Option<Element> {
        let (mark, _) = self.simulation()?;
        Some(
            element("span")
                .class("mark")
                .static_text(self.texts.get(mark)),
        )
    }
}

/// The outermost element of a notice.
fn frame(tag: &'static str, context: &NoticeContext<'_>, content: Element) -> Element {
    let id = context.notice.id.as_str();
    let kind = if context.all_clear.is_some() {
        "restored"
    } else {
        notice::wire::enums::StringEnum::as_str(context.notice.kind)
    };
    let class = fill("notice %", &[context.severity()]);
    element(tag)
        // The all-clear is a new element: if the incident's card grew, that would count as a layout shift.
        .key(&fill("% %", &[id, kind]))
        .set(Attribute::Class, class.into())
        .set(Attribute::Notice, id.to_owned().into())
        .set_static(Attribute::Kind, kind)
        .child(content)
}
