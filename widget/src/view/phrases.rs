//! The phrases that describe a notice: label, status, title, times, and the summary for screen readers.

use notice::{
    text::markdown,
    wire::{
        enums::{InApp, Status},
        time::Timestamp,
    },
};

use super::NoticeContext;
use crate::{
    element::{Attribute, Element, element},
    texts::{Text, fill},
};

impl NoticeContext<'_> {
    /// The label before the title: the severity, or the outcome of a notice that is over.
    pub(super) fn label(&self) -> String {
        let text = match (self.severity(), self.all_clear) {
            (_, Some(restored)) if self.is_partial() => {
                let at = self.format.time(restored.at);
                return self.texts.fill(Text::BackSince, &[&at]);
            }
            (_, Some(restored)) if restored.withdrawn.is_some() => Text::Withdrawn,
            (_, Some(restored)) if !restored.still.is_empty() => Text::MostlyResolvedLabel,
            (_, Some(_)) | ("restored", _) => Text::ResolvedLabel,
            ("critical", _) => Text::CriticalLabel,
            ("major", _) => Text::MajorLabel,
            ("minor", _) => Text::MinorLabel,
            ("maintenance", _) => Text::Maintenance,
            _ => Text::Announcement,
        };
        self.texts.get(text).to_owned()
    }

    /// The status as a sentence; empty when there is none.
    pub(super) fn status_sentence(&self) -> String {
        let texts = self.texts;
        let until = |sentence: &str, ends: &dyn Fn(Timestamp) -> String| match self.notice.ends_at {
            Some(at) => fill("% %.", &[sentence, &texts.fill(Text::Ends, &[&ends(at)])]),
            None => sentence.to_owned(),
        };
        match self.notice.status {
            Status::Investigating => texts.get(Text::Investigating).to_owned(),
            Status::Identified => texts.get(Text::Identified).to_owned(),
            Status::Monitoring => texts.get(Text::Monitoring).to_owned(),
            Status::Scheduled => {
                let sentence = if self.notice.in_app == InApp::Bar {
                    Text::SaveYourWork
                } else {
                    Text::Begins
                };
                let starts = self.notice.started_at;
                let begins = texts.fill(sentence, &[&self.format.zoned(starts)]);
                until(&fill("%.", &[&begins]), &|at| self.format.end(at, starts))
            }
            Status::InProgress => until(texts.get(Text::InProgress), &|at| self.format.time(at)),
            Status::Verifying => texts.get(Text::Verifying).to_owned(),
            _ => String::new(),
        }
    }

    /// The title. For a partial all-clear: the components that work again.
    pub(super) fn title(&self) -> String {
        match self.all_clear {
            Some(restored) if self.is_partial() => self.join_names(restored.back.iter()),
            _ => self.notice.title.clone(),
        }
    }

    /// Names as a list: "Sending, Reports".
    pub(super) fn join_names<'s>(&self, names: impl Iterator<Item = &'s String>) -> String {
        let mut joined = String::new();
        for name in names {
            if !joined.is_empty() {
                joined.push_str(&self.texts.fill(Text::List, &[]));
            }
            joined.push_str(name);
        }
        joined
    }

    /// "For European customers:", when the page does not declare its user's segments.
    pub(super) fn segments(&self) -> Option<String> {
        (self.names_segments && self.all_clear.is_none()).then(|| {
            let segments = self.notice.audience.segments.iter();
            let labels = self.join_names(segments.map(|segment| &segment.label));
            self.texts.fill(Text::ForSegments, &[&labels])
        })
    }

    /// "· 11:05", the time of the all-clear.
    pub(super) fn time(&self) -> Option<String> {
        let restored = self
            .all_clear
            .filter(|_| !self.is_partial() && !self.is_withdrawn())?;
        Some(fill(" · %", &[&self.format.time(restored.at)]))
    }

    /// "· 11:05, after 1 h 40 min", after the title of a collapsed card.
    pub(super) fn duration_note(&self) -> Option<Element> {
        let restored = self
            .all_clear
            .filter(|_| !self.is_partial() && !self.is_withdrawn())?;
        let seconds = i64::try_from(restored.seconds).unwrap_or(i64::MAX);
        let note = self.texts.fill(
            Text::ResolvedAfter,
            &[
                &self.format.time(restored.at),
                &self.format.duration(seconds),
            ],
        );
        Some(
            element("span")
                .class("after")
                .tied_text(&fill(" · %", &[&note])),
        )
    }

    /// Adds label and title to an element. The title is isolated, because its writing direction may differ.
    pub(super) fn heading(&self, parent: Element) -> Element {
        let label = element("b").text(fill("%:", &[&self.label()]));
        let label = if self.all_clear.is_some() {
            label.part("restored")
        } else {
            label
        };
        let parent = parent.child(label).static_text(" ");
        let parent = match self.segments() {
            Some(segments) => parent
                .child(element("span").class("for").text(segments))
                .static_text(" "),
            None => parent,
        };
        parent.child(self.with_language(element("bdi")).text(self.title()))
    }

    /// Sets the language of the title when it is not the feed's.
    pub(super) fn with_language(&self, element: Element) -> Element {
        match &self.notice.lang {
            Some(language) => element.set(Attribute::Lang, language.clone().into()),
            None => element,
        }
    }
}

/// The notice in one text, for screen readers.
pub fn summary(context: &NoticeContext<'_>) -> String {
    let NoticeContext { notice, texts, .. } = context;
    let first_line = |text: &Option<String>| text.as_deref().map(markdown::first_line);
    let more = match context.all_clear {
        Some(restored) if restored.withdrawn.is_some() => {
            first_line(&restored.withdrawn).unwrap_or_default()
        }
        Some(restored) => first_line(&restored.check).unwrap_or_default(),
        None => {
            let advice = first_line(&notice.advice).unwrap_or_default();
            fill("% %", &[&context.status_sentence(), &advice])
        }
    };
    let mut title = context.title();
    if context.is_partial() {
        title = fill("%. %", &[&title, &notice.title]);
    }
    let segments = context
        .segments()
        .map_or_else(String::new, |segments| segments + " ");
    let summary = fill("%: %%. %", &[&context.label(), &segments, &title, &more]);
    match context.simulation() {
        Some((_, text)) => fill("% %", &[texts.get(text), &summary]),
        None => summary,
    }
}
