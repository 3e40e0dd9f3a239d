//! A notice in words: how bad it is, where it stands, that it is over.

use notice::{
    markdown,
    wire::{
        time::Timestamp,
        words::{InApp, Status},
    },
};

use super::Context;
use crate::{
    element::{Attribute, Element, element},
    texts::{Text, fill},
};

impl Context<'_> {
    /// What stands before the title: how bad it is, or that it is over.
    pub(super) fn label(&self) -> String {
        let words = match (self.severity(), self.over) {
            (_, Some(restored)) if self.is_part() => {
                let at = self.moments.time(restored.at);
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
        self.texts.get(words).to_owned()
    }

    /// Where it stands, in a sentence; empty when there is nothing to say.
    pub(super) fn standing(&self) -> String {
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
                let begins = texts.fill(sentence, &[&self.moments.zoned(starts)]);
                until(&fill("%.", &[&begins]), &|at| self.moments.end(at, starts))
            }
            Status::InProgress => until(texts.get(Text::InProgress), &|at| self.moments.time(at)),
            Status::Verifying => texts.get(Text::Verifying).to_owned(),
            _ => String::new(),
        }
    }

    /// Its title. Of what is over here alone: the parts that are back.
    pub(super) fn title(&self) -> String {
        match self.over {
            Some(restored) if self.is_part() => self.joined(restored.back.iter()),
            _ => self.notice.title.clone(),
        }
    }

    /// "Sending, Reports".
    pub(super) fn joined<'s>(&self, names: impl Iterator<Item = &'s String>) -> String {
        let mut joined = String::new();
        for name in names {
            if !joined.is_empty() {
                joined.push_str(&self.texts.fill(Text::List, &[]));
            }
            joined.push_str(name);
        }
        joined
    }

    /// "For European customers:", where the page does not say which customer reads this.
    pub(super) fn segments(&self) -> Option<String> {
        (self.names_segments && self.over.is_none()).then(|| {
            let segments = self.notice.audience.segments.iter();
            let labels = self.joined(segments.map(|segment| &segment.label));
            self.texts.fill(Text::ForSegments, &[&labels])
        })
    }

    /// "· 11:05", of what is over.
    pub(super) fn time(&self) -> Option<String> {
        let over = self
            .over
            .filter(|_| !self.is_part() && !self.is_withdrawn())?;
        Some(fill(" · %", &[&self.moments.time(over.at)]))
    }

    /// "· 11:05, after 1 h 40 min", behind the title of a collapsed card.
    pub(super) fn after(&self) -> Option<Element> {
        let over = self
            .over
            .filter(|_| !self.is_part() && !self.is_withdrawn())?;
        let seconds = i64::try_from(over.seconds).unwrap_or(i64::MAX);
        let after = self.texts.fill(
            Text::ResolvedAfter,
            &[&self.moments.time(over.at), &self.moments.duration(seconds)],
        );
        Some(
            element("span")
                .class("after")
                .sentence(&fill(" · %", &[&after])),
        )
    }

    /// Puts label and title into an element. What operators wrote may run the other way.
    pub(super) fn head(&self, into: Element) -> Element {
        let label = element("b").text(fill("%:", &[&self.label()]));
        let label = if self.over.is_some() {
            label.part("restored")
        } else {
            label
        };
        let into = into.holding(label).says(" ");
        let into = match self.segments() {
            Some(segments) => into
                .holding(element("span").class("for").text(segments))
                .says(" "),
            None => into,
        };
        into.holding(self.titled(element("bdi")).text(self.title()))
    }

    /// Says the language of the title where it is not the feed's.
    pub(super) fn titled(&self, element: Element) -> Element {
        match &self.notice.lang {
            Some(language) => element.set(Attribute::Lang, language.clone().into()),
            None => element,
        }
    }
}

/// A whole notice in a breath, for the ear.
pub fn summary(context: &Context<'_>) -> String {
    let Context { notice, texts, .. } = context;
    let first_line = |text: &Option<String>| text.as_deref().map(markdown::first_line);
    let more = match context.over {
        Some(over) if over.withdrawn.is_some() => first_line(&over.withdrawn).unwrap_or_default(),
        Some(over) => first_line(&over.check).unwrap_or_default(),
        None => {
            let advice = first_line(&notice.advice).unwrap_or_default();
            fill("% %", &[&context.standing(), &advice])
        }
    };
    let mut title = context.title();
    if context.is_part() {
        title = fill("%. %", &[&title, &notice.title]);
    }
    let segments = context
        .segments()
        .map_or_else(String::new, |segments| segments + " ");
    let said = fill("%: %%. %", &[&context.label(), &segments, &title, &more]);
    match context.unreal() {
        Some((_, means)) => fill("% %", &[texts.get(means), &said]),
        None => said,
    }
}
