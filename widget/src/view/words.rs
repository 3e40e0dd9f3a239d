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
    /// How bad it is, as a pill has it.
    pub(super) fn label(&self) -> String {
        let words = match (self.severity(), self.over) {
            (_, Some(restored)) if restored.withdrawn.is_none() => {
                let words = if self.is_part() {
                    Text::BackSince
                } else {
                    Text::WorkingPill
                };
                return self.texts.fill(words, &[&self.moments.time(restored.at)]);
            }
            (_, Some(_)) | ("restored", _) => Text::Withdrawn,
            ("critical", _) => Text::Critical,
            ("major", _) => Text::Major,
            ("minor", _) => Text::Minor,
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

    /// The sentence at its head, in two parts: the first stands out.
    pub(super) fn headline(&self) -> (String, String) {
        let texts = self.texts;
        match self.over {
            Some(restored) if self.is_part() => {
                let comma = texts.fill(Text::List, &[]);
                (fill("%:", &[&self.label()]), restored.back.join(&comma))
            }
            Some(restored) if restored.withdrawn.is_none() => {
                let seconds = i64::try_from(restored.seconds).unwrap_or(i64::MAX);
                let since = texts.fill(
                    Text::WorkingSince,
                    &[
                        &self.moments.time(restored.at),
                        &self.moments.duration(seconds),
                    ],
                );
                (texts.get(Text::WorkingAgain).to_owned(), since)
            }
            _ => (fill("%:", &[&self.label()]), self.notice.title.clone()),
        }
    }

    /// The same, put into an element. What operators wrote may run the other way.
    pub(super) fn head(&self, into: Element) -> Element {
        let (first, second) = self.headline();
        let mut rest = element("bdi");
        if second == self.notice.title {
            rest = self.titled(rest);
        }
        into.holding(element("b").text(first))
            .says(" ")
            .holding(rest.sentence(&second))
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
    let (first, second) = context.headline();
    let first_line = |text: &Option<String>| text.as_deref().map(markdown::first_line);
    let said = match context.over {
        Some(over) if over.withdrawn.is_none() => {
            let check = first_line(&over.check).unwrap_or_default();
            fill("%: % % %", &[&notice.title, &first, &second, &check])
        }
        Some(over) => {
            let reason = first_line(&over.withdrawn).unwrap_or_default();
            fill("% %. %", &[&first, &second, &reason])
        }
        None => {
            let advice = first_line(&notice.advice).unwrap_or_default();
            fill("% %. % %", &[&first, &second, &context.standing(), &advice])
        }
    };
    match context.unreal() {
        Some((_, means)) => fill("% %", &[texts.get(means), &said]),
        None => said,
    }
}
