//! Built-in templates, written from real outages, and their placeholders.
//!
//! `{components}` is replaced by the names of the selected components, `{start}` and `{end}` by when the incident began and
//! ended, and `{works|work}` by its first word for one component and its second for several. `{parts}` is the old name of
//! `{components}` and works in stored templates.

use std::collections::BTreeMap;

use notice::wire::{
    input::NewTemplate,
    language::Language,
    template::Template,
    words::{Impact, Kind, Status},
};

use crate::{
    form::{Words, filled},
    unfinished,
};

/// The occasion on which a template is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// For a new incident, maintenance or announcement.
    Begin(Kind),
    /// For an update.
    Update,
    /// For the update that ends it.
    End,
}

/// A template as it is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Ready {
    /// Its name for operators.
    pub name: String,
    /// The occasion on which it is offered; `None`: every one.
    pub moment: Option<Moment>,
    /// The status that it sets.
    pub status: Option<Status>,
    /// The severity that it sets.
    pub impact: Option<Impact>,
    /// Minutes until the next update.
    pub minutes: Option<u32>,
    /// The texts in the site's primary language.
    pub words: Words,
    /// The texts in other languages.
    pub text: BTreeMap<Language, Words>,
}

/// A built-in template.
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

/// The built-in templates, from published reports of outages.
const ROWS: &[Row] = &[
    Row {
        name: "Looking into it",
        status: Some(Status::Investigating),
        title: "Problems with {components}",
        body: "Some of you cannot use {components} as usual. We are finding out why.",
        ..PLAIN
    },
    Row {
        name: "Read-only: saving is off",
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
        body: "You may not be able to sign in, or may be asked to sign in again and again. Your password is not the cause.",
        advice: "If you are signed in, stay signed in. You do not need a new password.",
        works: "Everything, if you are already signed in",
        broken: "Signing in",
        ..PLAIN
    },
    Row {
        name: "Slow: do not start a job twice",
        title: "{components} {is|are} slower than usual",
        body: "Jobs take much longer than usual, but they do finish.",
        advice: "Do not start the same job again: the first one is still running.",
        works: "Jobs finish, but late",
        ..PLAIN
    },
    Row {
        name: "Queued: do not resend",
        title: "Messages are delayed",
        body: "What you send is queued and will be delivered later.",
        advice: "Do not resend: your messages are queued and would arrive twice.",
        works: "Writing and receiving messages",
        broken: "Sending messages at once",
        ..PLAIN
    },
    Row {
        name: "Data centre outage",
        title: "Our service is down",
        body: "A data centre that we depend on has failed, so our whole service is down. As far as we know, none of your data is lost.",
        advice: "If something cannot wait, call us.",
        broken: "Everything",
        ..PLAIN
    },
    Row {
        name: "Unreachable for some users",
        title: "Some of you cannot reach our service",
        body: "Our address is not found from some networks. It comes back for some of you earlier than for others.",
        advice: "Another network, such as your phone's, may reach us now.",
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
        body: "We are still working on this. There is no change since our last update.",
        ..PLAIN
    },
    Row {
        name: "Should work again",
        moment: Moment::Update,
        status: Some(Status::Monitoring),
        body: "It should work again. We are monitoring before we mark this resolved. Tell us if it does not work for you.",
        ..PLAIN
    },
    Row {
        name: "Fixed, please check",
        moment: Moment::End,
        body: "{components} {works|work} again. What went wrong: ",
        check: "Check what you did between {start} and {end}: some of it may be missing.",
        ..PLAIN
    },
    Row {
        name: "Fixed, nothing lost",
        moment: Moment::End,
        body: "{components} {works|work} again. Nothing was lost.",
        ..PLAIN
    },
    Row {
        name: "Night maintenance",
        moment: Moment::Begin(Kind::Maintenance),
        title: "Maintenance: {components}",
        body: "We are moving to new machines at a time when few of you work. Save your work before it begins.",
        ..PLAIN
    },
    Row {
        name: "Upcoming change",
        moment: Moment::Begin(Kind::Announcement),
        title: "A change is coming",
        body: "From … on, … You do not need to do anything.",
        ..PLAIN
    },
];

/// Suggested answers to what users should check, each with its label.
pub const CHECKS: &[(&str, &str)] = &[
    (
        "Nothing was lost",
        "You don't need to check anything: nothing was lost.",
    ),
    (
        "Check written work",
        "Check what you wrote between {start} and {end}. If it is missing, please write it again.",
    ),
    (
        "Check sent messages",
        "Check what you sent between {start} and {end}: some of it may have arrived twice.",
    ),
    ("Sign in again", "Sign in again if you were signed out."),
    (
        "Reload the page",
        "Reload the page if you kept it open during the incident.",
    ),
];

/// The templates for a moment: the site's own first, then the built-in ones.
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

/// The values for a template's placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StandIns {
    /// The names of the selected components.
    pub parts: Vec<String>,
    /// The site's name, where no component is selected.
    pub site: String,
    /// Start of the incident.
    pub start: String,
    /// End of the incident.
    pub end: String,
}

impl StandIns {
    /// A text with its placeholders replaced. Braces around anything else stay.
    pub fn put(&self, text: &str, language: &Language) -> String {
        let mut told = String::new();
        let mut rest = text;
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
        {
            told.push_str(before);
            match self.value(name, language) {
                // At the beginning of a text it begins with a capital.
                Some(value) if told.is_empty() => told = capital(&value),
                Some(value) => told.push_str(&value),
                None => {
                    told.push('{');
                    told.push_str(name);
                    told.push('}');
                }
            }
            rest = after;
        }
        told + rest
    }

    /// The value of a placeholder; `None` for other texts in braces, and for times that are not known yet.
    fn value(&self, name: &str, language: &Language) -> Option<String> {
        match name {
            "components" | "parts" => Some(self.together(language)),
            "start" => filled(&self.start),
            "end" => filled(&self.end),
            _ => {
                let (one, many) = forms(name)?;
                let form = if self.is_plural(language) { many } else { one };
                Some(form.to_owned())
            }
        }
    }

    /// All the texts of one language.
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

    /// The translations of a template.
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

    /// Whether the components take a verb in the plural: several of them, or in English one with a name in the plural.
    fn is_plural(&self, language: &Language) -> bool {
        match self.parts.as_slice() {
            [] => false,
            [one] => *language == Language::english() && is_plural_name(one),
            _ => true,
        }
    }
}

/// The two forms of a word in a placeholder such as `{is|are}`.
fn forms(name: &str) -> Option<(&str, &str)> {
    let (one, many) = name.split_once('|')?;
    let is_form = |form: &str| {
        !form.trim().is_empty() && !form.contains('|') && !NAMES.contains(&form.trim())
    };
    (is_form(one) && is_form(many)).then_some((one, many))
}

/// The names that stand for a value.
const NAMES: &[&str] = &["components", "parts", "start", "end"];

/// Why a template's text leaves braces behind when it is used, if it does.
pub fn wrong(text: &str) -> Option<&'static str> {
    let moment = || "0:00".to_owned();
    let all = StandIns {
        start: moment(),
        end: moment(),
        ..StandIns::default()
    };
    let put = all.put(text, &Language::english());
    unfinished::has_placeholder(&put).then_some(
        "Unknown placeholder. Use {components}, {start}, {end} or two forms such as {is|are}.",
    )
}

/// Endings of English words in the singular that end with an s: "Access", "Status", "Analysis", "Analytics".
const SINGULAR_ENDINGS: &[&str] = &["ss", "us", "is", "ics", "news"];

/// Whether an English name is in the plural, by its last word. An abbreviation ("SMS", "DNS") is not.
fn is_plural_name(name: &str) -> bool {
    // "Reports (EU)" are reports.
    let name = name.split('(').next().unwrap_or_default();
    let last = name.split_whitespace().last().unwrap_or_default();
    let lower = last.to_lowercase();
    last.ends_with('s')
        && !SINGULAR_ENDINGS
            .iter()
            .any(|ending| lower.ends_with(ending))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::{Moment, ROWS, StandIns, offered, wrong};
    use notice::{
        limits,
        wire::{language::Language, words::Kind},
    };

    #[test]
    fn ten_or_more_built_in_templates_fit_their_fields() {
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

    fn selected(parts: &[&str]) -> StandIns {
        StandIns {
            parts: parts.iter().map(|&part| part.to_owned()).collect(),
            site: "Acme SMS".to_owned(),
            start: "08:00".to_owned(),
            end: "09:00".to_owned(),
        }
    }

    #[test]
    fn placeholders_are_replaced_in_every_language() {
        let german = Language::parse("de").unwrap();
        let english = Language::english();
        for (parts, text, language, expected) in [
            (
                &["sending", "reports"][..],
                "Back at {end}: {components}.",
                &english,
                "Back at 09:00: sending and reports.",
            ),
            (
                &[],
                "Problems with {components}",
                &english,
                "Problems with our service",
            ),
            (
                &["sending", "reports"],
                "Probleme: {components}",
                &german,
                "Probleme: sending, reports",
            ),
            (
                &[],
                "{components} ist langsam",
                &german,
                "Acme SMS ist langsam",
            ),
            (
                &["sending"],
                "{ist|sind} langsam: {id} {",
                &german,
                "Ist langsam: {id} {",
            ),
        ] {
            assert_eq!(selected(parts).put(text, language), expected);
        }
    }

    #[test]
    fn verbs_agree_with_the_selected_components() {
        for (parts, expected) in [
            (
                &["sending", "Reports"][..],
                "Sending and Reports work again.",
            ),
            (&["Sending"], "Sending works again."),
            (&["Reports"], "Reports work again."),
            (&["Acme SMS"], "Acme SMS works again."),
            (&["Access"], "Access works again."),
            (&["Analytics"], "Analytics works again."),
            (&["Reports (EU)"], "Reports (EU) work again."),
            (&[], "Our service works again."),
        ] {
            let put = selected(parts).put("{components} {works|work} again.", &Language::english());
            assert_eq!(put, expected);
        }
    }

    #[test]
    fn a_stored_template_with_parts_still_works() {
        let put = selected(&["Sending"]).put("{parts} works again.", &Language::english());
        assert_eq!(put, "Sending works again.");
    }

    #[test]
    fn no_built_in_template_leaves_a_placeholder() {
        for row in ROWS {
            for text in [
                row.title, row.body, row.advice, row.works, row.broken, row.check,
            ] {
                let put = selected(&["Sending"]).put(text, &Language::english());
                assert!(!put.contains(['{', '|']), "{put}");
            }
        }
    }

    #[test]
    fn a_placeholder_that_would_stay_is_refused_in_a_template() {
        for text in [
            "{component} {is|are} down",
            "{components} {is|are down",
            "components} work again",
            "{parts|x} are down",
            "{is|are|was} down",
            "{is|} down",
            "{Components} are down",
            "{} is down",
        ] {
            assert!(wrong(text).is_some(), "{text}");
        }
        for text in [
            "{components} {is|are} down since {start}.",
            "What went wrong: ",
            "From … on, prices change.",
            "{parts} work again: https://example.com/{id}",
            "",
        ] {
            assert_eq!(wrong(text), None, "{text}");
        }
        for row in ROWS {
            for text in [
                row.title, row.body, row.advice, row.works, row.broken, row.check,
            ] {
                assert_eq!(wrong(text), None, "{text}");
            }
        }
    }

    #[test]
    fn a_time_that_is_not_known_yet_stays_a_placeholder() {
        let put = StandIns::default().put("Since {start}: delays.", &Language::english());
        assert_eq!(put, "Since {start}: delays.");
    }
}
