//! Words that lie ready, written from real outages: one tap, and what is left is to put in what only the operator knows.
//!
//! `{parts}` stands for the components that were picked, `{start}` and `{end}` for when it began and ended.

use std::collections::BTreeMap;

use notice::wire::{
    input::NewTemplate,
    language::Language,
    template::Template,
    words::{Impact, Kind, Status},
};

use crate::form::Words;

/// What the words are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// Something new, of this kind.
    Begin(Kind),
    /// Something more.
    Update,
    /// It is over.
    End,
}

/// Words that lie ready.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// What operators call it.
    pub name: String,
    /// What it is for; `None`: whatever it is offered for.
    pub moment: Option<Moment>,
    /// Where it stands from then on.
    pub status: Option<Status>,
    /// How bad it is.
    pub impact: Option<Impact>,
    /// Minutes until the next word.
    pub minutes: Option<u32>,
    /// The words, in the site's own language.
    pub words: Words,
    /// The same in others.
    pub text: BTreeMap<Language, Words>,
}

/// A row of the table.
struct Row {
    name: &'static str,
    moment: Moment,
    status: Option<Status>,
    title: &'static str,
    body: &'static str,
    advice: &'static str,
    works: &'static str,
    broken: &'static str,
    check: &'static str,
}

const PLAIN: Row = Row {
    name: "",
    moment: Moment::Begin(Kind::Incident),
    status: None,
    title: "",
    body: "",
    advice: "",
    works: "",
    broken: "",
    check: "",
};

/// From shared reports of what went wrong elsewhere, and what people needed to read.
const ROWS: &[Row] = &[
    Row {
        name: "Looking into it",
        status: Some(Status::Investigating),
        title: "Problems with {parts}",
        body: "Some of you cannot use {parts} as usual. We are finding out why.",
        ..PLAIN
    },
    Row {
        name: "Data is safe, saving is off",
        title: "Saving does not work right now",
        body: "Everything you saved before is safe. What you write now is not being saved.",
        advice: "Copy your work to another place before you leave or reload this page.",
        works: "Reading what you saved before",
        broken: "Saving",
        ..PLAIN
    },
    Row {
        name: "Signing in fails",
        title: "Signing in does not work",
        body: "Signing in fails or sends you in circles. It is not your password.",
        advice: "If you are signed in, stay signed in. You do not need a new password.",
        works: "Everything, for those who are signed in",
        broken: "Signing in",
        ..PLAIN
    },
    Row {
        name: "Slow: do not start it twice",
        title: "{parts}: slower than usual",
        body: "Jobs take far longer than usual, but they do finish.",
        advice: "Do not start the same job again: the first one is still running. Overnight is faster.",
        works: "Jobs finish, late",
        ..PLAIN
    },
    Row {
        name: "Queued: do not resend",
        title: "Messages are delayed",
        body: "What you send is queued and will be delivered, only later.",
        advice: "Do not resend: your messages are queued, and would arrive twice.",
        works: "Writing and receiving",
        broken: "Sending at once",
        ..PLAIN
    },
    Row {
        name: "All down, not our building",
        title: "We are down",
        body: "A data centre that we depend on has failed, and with it everything of ours. No data of yours is lost as far as we know.",
        advice: "If something cannot wait, ring us.",
        broken: "Everything",
        ..PLAIN
    },
    Row {
        name: "Not reachable for some",
        title: "Some of you cannot reach us",
        body: "Our address is not found from some networks. For some it will take longer than for others until it is.",
        advice: "Another network, such as your telephone's, may reach us now.",
        works: "Everything, once you reach us",
        ..PLAIN
    },
    Row {
        name: "Cause known",
        moment: Moment::Update,
        status: Some(Status::Identified),
        body: "We know the cause and are fixing it: ",
        ..PLAIN
    },
    Row {
        name: "No news yet",
        moment: Moment::Update,
        body: "We are still at it and have nothing new to say. Nothing has become worse.",
        ..PLAIN
    },
    Row {
        name: "Should work again",
        moment: Moment::Update,
        status: Some(Status::Monitoring),
        body: "It should work again. We keep watching before we call it over. Tell us if it does not work for you.",
        ..PLAIN
    },
    Row {
        name: "Fixed, please check",
        moment: Moment::End,
        body: "{parts} works again, and has been watched for a while. What went wrong: ",
        check: "Check what you did between {start} and {end}: some of it may be missing.",
        ..PLAIN
    },
    Row {
        name: "Fixed, nothing lost",
        moment: Moment::End,
        body: "{parts} works again. Nothing of what you did meanwhile is lost.",
        ..PLAIN
    },
    Row {
        name: "Work at night",
        moment: Moment::Begin(Kind::Maintenance),
        title: "Maintenance: {parts}",
        body: "We move to new machines at an hour when few of you work. Save your work before it begins.",
        ..PLAIN
    },
    Row {
        name: "A change is coming",
        moment: Moment::Begin(Kind::Announcement),
        title: "A change is coming",
        body: "From … on, … You do not need to do anything.",
        ..PLAIN
    },
];

/// What people are to check: the answers that are right most often.
pub const CHECKS: &[(&str, &str)] = &[
    ("Nothing is lost", "Nothing: everything you did is there."),
    (
        "What they wrote",
        "Check what you wrote between {start} and {end}. If it is missing, please write it again.",
    ),
    (
        "What they sent",
        "Check what you sent between {start} and {end}: some of it may have arrived twice.",
    ),
    ("Sign in again", "Sign in again if you were signed out."),
    ("Reload", "Reload the page if it was open all the time."),
];

/// What is offered: the site's own first.
pub fn offered(moment: Moment, own: &[Template]) -> Vec<Ready> {
    let own = own.iter().map(|template| of(&template.words));
    let ready = ROWS.iter().map(|row| Ready {
        name: row.name.to_owned(),
        moment: Some(row.moment),
        status: row.status,
        impact: None,
        minutes: None,
        words: Words {
            title: row.title.to_owned(),
            body: row.body.to_owned(),
            advice: row.advice.to_owned(),
            works: row.works.to_owned(),
            broken: row.broken.to_owned(),
            check: row.check.to_owned(),
            ..Words::default()
        },
        text: BTreeMap::new(),
    });
    own.chain(ready)
        .filter(|ready| ready.moment.is_none_or(|of| of == moment))
        .collect()
}

/// A site's own template.
fn of(template: &NewTemplate) -> Ready {
    let restored = template.restored.clone().unwrap_or_default();
    let over = template.status.is_some_and(Status::is_over) || template.restored.is_some();
    // One with a title begins something; one without says more.
    let moment = match (template.kind, template.title.is_some()) {
        _ if over => Some(Moment::End),
        (Some(kind), true) => Some(Moment::Begin(kind)),
        (None, true) => None,
        (_, false) => Some(Moment::Update),
    };
    Ready {
        name: template.name.clone(),
        moment,
        status: template.status,
        impact: template.impact,
        minutes: template.next_update_minutes,
        words: Words {
            title: template.title.clone().unwrap_or_default(),
            body: template.body.clone().unwrap_or_default(),
            advice: template.advice.clone().unwrap_or_default(),
            works: template.works.join("\n"),
            broken: template.broken.join("\n"),
            check: restored.check.unwrap_or_default(),
            back: restored.back.join("\n"),
            still: restored.still.join("\n"),
        },
        text: template
            .text
            .iter()
            .map(|(language, text)| (language.clone(), Words::of(text)))
            .collect(),
    }
}

/// What stands in ready words for what only the operator knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandIns {
    /// The names of the parts that were picked, for `{parts}`.
    pub parts: Vec<String>,
    /// What the product is called, where no part was picked.
    pub site: String,
    /// When it began, for `{start}`.
    pub start: String,
    /// When it ended, for `{end}`.
    pub end: String,
}

impl StandIns {
    /// A text with them put in.
    pub fn put(&self, text: &str, language: &Language) -> String {
        let text = match text.strip_prefix("{parts}") {
            // At the beginning of a sentence it begins with a capital.
            Some(rest) => capital(&self.together(language)) + rest,
            None => text.to_owned(),
        };
        text.replace("{parts}", &self.together(language))
            .replace("{start}", &self.start)
            .replace("{end}", &self.end)
    }

    /// All the words of one language.
    pub fn put_all(&self, words: &Words, language: &Language) -> Words {
        let put = |text: &str| self.put(text, language);
        Words {
            title: put(&words.title),
            body: put(&words.body),
            advice: put(&words.advice),
            works: put(&words.works),
            broken: put(&words.broken),
            check: put(&words.check),
            back: put(&words.back),
            still: put(&words.still),
        }
    }

    /// The translations of ready words.
    pub fn translations(&self, ready: &Ready) -> BTreeMap<Language, Words> {
        let one = |(language, words): (&Language, &Words)| {
            (language.clone(), self.put_all(words, language))
        };
        ready.text.iter().map(one).collect()
    }

    fn together(&self, language: &Language) -> String {
        let english = *language == Language::english();
        match self.parts.as_slice() {
            [] if english => "our service".to_owned(),
            [] => self.site.clone(),
            [one] => one.clone(),
            [most @ .., last] if english => format!("{} and {last}", most.join(", ")),
            // A comma reads in every language.
            all => all.join(", "),
        }
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::{Moment, ROWS, StandIns, offered};
    use notice::{
        limits,
        wire::{language::Language, words::Kind},
    };

    #[test]
    fn at_least_ten_lie_ready_and_fit() {
        assert!(ROWS.len() >= 10);
        for row in ROWS {
            assert!(row.title.len() <= limits::TITLE && !row.body.is_empty());
            let begins = matches!(row.moment, Moment::Begin(_));
            assert_eq!(begins, !row.title.is_empty(), "{}", row.name);
        }
        for moment in [
            Moment::Begin(Kind::Incident),
            Moment::Begin(Kind::Maintenance),
            Moment::Begin(Kind::Announcement),
            Moment::Update,
            Moment::End,
        ] {
            assert!(!offered(moment, &[]).is_empty(), "{moment:?}");
        }
    }

    #[test]
    fn parts_and_times_are_put_in() {
        let german = Language::parse("de").unwrap();
        let two = StandIns {
            parts: vec!["sending".to_owned(), "reports".to_owned()],
            start: "08:00".to_owned(),
            end: "09:00".to_owned(),
            ..StandIns::default()
        };
        let none = StandIns {
            site: "Acme SMS".to_owned(),
            ..StandIns::default()
        };
        for (stand_ins, text, language, expected) in [
            (
                &two,
                "{parts} works again since {end}.",
                &Language::english(),
                "Sending and reports works again since 09:00.",
            ),
            (
                &none,
                "Problems with {parts}",
                &Language::english(),
                "Problems with our service",
            ),
            (
                &two,
                "Probleme: {parts}",
                &german,
                "Probleme: sending, reports",
            ),
            (
                &none,
                "{parts} ist langsam",
                &german,
                "Acme SMS ist langsam",
            ),
        ] {
            assert_eq!(stand_ins.put(text, language), expected);
        }
    }
}
