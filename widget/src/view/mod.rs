//! How things look, as functions from what is known to elements.

mod card;
mod contacts;
mod details;
mod icon;
mod pill;
mod promise;
mod rich_text;
mod timeline;

pub use card::card;
pub use pill::{line, pill, rest};

use notice::{
    markdown,
    wire::{
        feed::Notice,
        words::{Impact, InApp, NoticeKind, Status, Word},
    },
};
use web_sys::Event;
use yew::Callback;

use crate::{
    element::{Attribute, Element, element},
    moments::Moments,
    texts::{Text, Texts, fill},
};

/// What every view is given.
pub struct Context<'a> {
    /// The words.
    pub texts: &'static Texts,
    /// The times.
    pub moments: &'a Moments,
    /// Opens or folds a notice.
    pub toggle: Callback<Event>,
    /// Hides it.
    pub hide: Callback<Event>,
    /// A sentence on how old this is, when that must be said; else empty.
    pub freshness: String,
}

/// A notice's outermost element, by which it is found.
fn frame(tag: &'static str, notice: &Notice, content: Element) -> Element {
    let class = fill("notice %", &[severity(notice)]);
    element(tag)
        // The all-clear is a card of its own: one that grew would count as a shift of the page's layout.
        .key(&fill("% %", &[notice.id.as_str(), notice.kind.as_str()]))
        .set(Attribute::Class, class.into())
        .set(Attribute::Notice, notice.id.as_str().to_owned().into())
        .with(Attribute::Kind, notice.kind.as_str())
        .holding(content)
}

/// A notice's severity as a class: one of six.
pub fn severity(notice: &Notice) -> &'static str {
    match (notice.kind, notice.impact) {
        (NoticeKind::Restored, _) => "restored",
        (NoticeKind::Maintenance, _) => "maintenance",
        (NoticeKind::Incident, Impact::Critical) => "critical",
        (NoticeKind::Incident, Impact::Major) => "major",
        (NoticeKind::Incident, _) => "minor",
        _ => "announcement",
    }
}

/// A notice's severity in words, as a pill has them.
pub fn label(notice: &Notice, texts: &Texts, moments: &Moments) -> String {
    let words = match severity(notice) {
        "restored" => {
            return match &notice.restored {
                Some(restored) if restored.withdrawn.is_none() => {
                    texts.fill(Text::WorkingPill, &[&moments.time(restored.at)])
                }
                _ => texts.get(Text::Withdrawn).to_owned(),
            };
        }
        "critical" => Text::Critical,
        "major" => Text::Major,
        "minor" => Text::Minor,
        "maintenance" => Text::Maintenance,
        _ => Text::Announcement,
    };
    texts.get(words).to_owned()
}

/// Where it stands, in a sentence; empty when there is nothing to say.
pub fn standing(notice: &Notice, texts: &Texts, moments: &Moments) -> String {
    let until = |sentence: &str| match notice.ends_at {
        Some(at) => fill(
            "% · %",
            &[sentence, &texts.fill(Text::Ends, &[&moments.time(at)])],
        ),
        None => sentence.to_owned(),
    };
    match notice.status {
        Status::Investigating => texts.get(Text::Investigating).to_owned(),
        Status::Identified => texts.get(Text::Identified).to_owned(),
        Status::Monitoring => texts.get(Text::Monitoring).to_owned(),
        Status::Scheduled => {
            let sentence = if notice.in_app == InApp::Bar {
                Text::SaveYourWork
            } else {
                Text::Begins
            };
            until(&texts.fill(sentence, &[&moments.time(notice.started_at)]))
        }
        Status::InProgress => until(texts.get(Text::InProgress)),
        Status::Verifying => texts.get(Text::Verifying).to_owned(),
        _ => String::new(),
    }
}

/// A restored notice's sentence, in its two parts.
pub fn all_clear(notice: &Notice, texts: &Texts, moments: &Moments) -> (String, String) {
    match &notice.restored {
        Some(restored) if restored.withdrawn.is_none() => {
            let seconds = i64::try_from(restored.seconds).unwrap_or(i64::MAX);
            let since = texts.fill(
                Text::WorkingSince,
                &[&moments.time(restored.at), &moments.duration(seconds)],
            );
            (texts.get(Text::WorkingAgain).to_owned(), since)
        }
        _ => (
            fill("%:", &[texts.get(Text::Withdrawn)]),
            notice.title.clone(),
        ),
    }
}

/// A whole notice in a breath, for the ear.
pub fn summary(notice: &Notice, texts: &Texts, moments: &Moments) -> String {
    if notice.kind == NoticeKind::Restored {
        let (first, second) = all_clear(notice, texts, moments);
        return fill("%: % %", &[&notice.title, &first, &second]);
    }
    let advice = notice
        .advice
        .as_deref()
        .map(markdown::first_line)
        .unwrap_or_default();
    let label = label(notice, texts, moments);
    fill(
        "%: %. % %",
        &[
            &label,
            &notice.title,
            &standing(notice, texts, moments),
            &advice,
        ],
    )
}

/// Whether a notice is drawn as a card with everything in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Everything.
    Whole,
    /// Title, newest word, promise.
    Brief,
}

/// How much of a card is drawn when its reader has not said: an all-clear for those who were hit is whole.
pub fn usual_extent(kind: NoticeKind) -> Extent {
    if kind == NoticeKind::Restored {
        Extent::Whole
    } else {
        Extent::Brief
    }
}
