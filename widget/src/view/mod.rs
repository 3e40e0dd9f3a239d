//! How things look, as functions from what is known to elements.

mod brief;
mod card;
mod contacts;
mod details;
mod icon;
mod pill;
mod promise;
mod rich_text;
mod timeline;
mod words;

pub use card::card;
pub use pill::{less, line, pill, row};
pub use words::summary;

use notice::wire::{
    feed::{Notice, Restored},
    words::{Impact, NoticeKind},
};

use crate::{
    cuts::CutsOf,
    element::{Attribute, Element, element},
    moments::Moments,
    texts::{Text, Texts, fill},
};

/// What every view is given: a notice, and how to say things.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// What is shown.
    pub notice: &'a Notice,
    /// The all-clear, when it is over, here if not elsewhere.
    pub over: Option<&'a Restored>,
    /// The words.
    pub texts: &'static Texts,
    /// The times.
    pub moments: &'a Moments,
    /// A sentence on how old this is, when that must be said; else empty.
    pub freshness: &'a str,
    /// The title names the segments that the notice is for.
    pub names_segments: bool,
    /// The newest update is news to this reader.
    pub is_news: bool,
    /// How much of long texts fits.
    pub cuts: CutsOf<'a>,
}

impl Context<'_> {
    /// It is over here, but not elsewhere.
    fn is_part(&self) -> bool {
        self.over.is_some() && self.notice.restored.is_none()
    }

    /// The key of what stands beneath what gives way to a note. An element that moved would count as a shift of the layout;
    /// a new one does not.
    pub fn standing_key(&self) -> &'static str {
        if self.freshness.is_empty() {
            "sure"
        } else {
            "unsure"
        }
    }

    /// It never was: it was a mistake.
    fn is_withdrawn(&self) -> bool {
        self.over.is_some_and(|over| over.withdrawn.is_some())
    }

    /// Its severity as a class: one of six.
    fn severity(&self) -> &'static str {
        match (self.notice.kind, self.notice.impact) {
            _ if self.is_withdrawn() => "announcement",
            _ if self.over.is_some() => "restored",
            (NoticeKind::Restored, _) => "restored",
            (NoticeKind::Maintenance, _) => "maintenance",
            (NoticeKind::Incident, Impact::Critical) => "critical",
            (NoticeKind::Incident, Impact::Major) => "major",
            (NoticeKind::Incident, _) => "minor",
            _ => "announcement",
        }
    }

    /// What kind of unreal thing it is: its mark, and what that means.
    fn unreal(&self) -> Option<(Text, Text)> {
        if self.notice.preview {
            Some((Text::Preview, Text::PreviewMeans))
        } else {
            self.notice.drill.then_some((Text::Drill, Text::DrillMeans))
        }
    }

    /// The mark, for a title or a pill.
    fn mark(&self) -> Option<Element> {
        let (mark, _) = self.unreal()?;
        Some(element("span").class("mark").says(self.texts.get(mark)))
    }
}

/// A notice's outermost element, by which it is found.
fn frame(tag: &'static str, context: &Context<'_>, content: Element) -> Element {
    let id = context.notice.id.as_str();
    let kind = if context.over.is_some() {
        "restored"
    } else {
        notice::wire::words::Word::as_str(context.notice.kind)
    };
    let class = fill("notice %", &[context.severity()]);
    element(tag)
        // The all-clear is a card of its own: one that grew would count as a shift of the page's layout.
        .key(&fill("% %", &[id, kind]))
        .set(Attribute::Class, class.into())
        .set(Attribute::Notice, id.to_owned().into())
        .with(Attribute::Kind, kind)
        .holding(content)
}
