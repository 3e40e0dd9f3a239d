//! Placeholders of templates.
//!
//! `{components}` is replaced by the names of the selected components, `{start}` and `{end}` by the start and the end of the
//! incident, and `{works|work}` by its first form for one component and its second for several. `{parts}` is the old name of
//! `{components}`; stored templates still use it.

use std::collections::BTreeMap;

use notice::wire::language::Language;

use super::OfferedTemplate;
use crate::form::{Texts, non_blank, unfinished};

const COMPONENTS: &str = "components";
const OLD_COMPONENTS: &str = "parts";
const START: &str = "start";
const END: &str = "end";

/// All names that stand for a value.
const NAMES: &[&str] = &[COMPONENTS, OLD_COMPONENTS, START, END];

/// The values for a template's placeholders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placeholders {
    /// Names of the selected components.
    pub components: Vec<String>,
    /// The site's name. It replaces `{components}` where no component is selected.
    pub site: String,
    /// Start of the incident; empty: not known yet.
    pub start: String,
    /// End of the incident; empty: not known yet.
    pub end: String,
}

impl Placeholders {
    /// Replaces the placeholders of a text. Other text in braces is kept.
    pub fn fill(&self, text: &str, language: &Language) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, behind)| Some((before, behind.split_once('}')?)))
        {
            filled.push_str(before);
            match self.value(name, language) {
                // A value at the beginning of a text gets a capital.
                Some(value) if filled.is_empty() => filled = capitalised(&value),
                Some(value) => filled.push_str(&value),
                None => {
                    filled.push('{');
                    filled.push_str(name);
                    filled.push('}');
                }
            }
            rest = after;
        }
        filled + rest
    }

    /// Returns the value of a placeholder; `None` for other text in braces, and for a time that is not known yet.
    fn value(&self, name: &str, language: &Language) -> Option<String> {
        match name {
            COMPONENTS | OLD_COMPONENTS => Some(self.joined_components(language)),
            START => non_blank(&self.start),
            END => non_blank(&self.end),
            _ => {
                let (one, many) = forms(name)?;
                let form = if self.is_plural(language) { many } else { one };
                Some(form.to_owned())
            }
        }
    }

    /// Replaces the placeholders of all texts in one language.
    pub fn fill_all(&self, texts: &Texts, language: &Language) -> Texts {
        let fill = |text: &str| self.fill(text, language);
        Texts {
            title: fill(&texts.title),
            body: fill(&texts.body),
            advice: fill(&texts.advice),
            works: fill(&texts.works),
            broken: fill(&texts.broken),
            check: fill(&texts.check),
            back: fill(&texts.back),
            still: fill(&texts.still),
        }
    }

    /// Replaces the placeholders of a template's translations.
    pub fn fill_translations(&self, template: &OfferedTemplate) -> BTreeMap<Language, Texts> {
        let one = |(language, texts): (&Language, &Texts)| {
            (language.clone(), self.fill_all(texts, language))
        };
        template.translations.iter().map(one).collect()
    }

    /// Joins the names of the components.
    fn joined_components(&self, language: &Language) -> String {
        let english = *language == Language::english();
        match self.components.as_slice() {
            [] if english => "our service".to_owned(),
            [] => self.site.clone(),
            [one] => one.clone(),
            [most @ .., last] if english => format!("{} and {last}", most.join(", ")),
            // A comma works in every language.
            all => all.join(", "),
        }
    }

    /// Returns whether the components take a plural verb: if there are several, and in English also if the only one has a
    /// plural name.
    fn is_plural(&self, language: &Language) -> bool {
        match self.components.as_slice() {
            [] => false,
            [one] => *language == Language::english() && is_plural_name(one),
            _ => true,
        }
    }
}

/// Splits a placeholder such as `{is|are}` into the singular and the plural form.
fn forms(name: &str) -> Option<(&str, &str)> {
    let (one, many) = name.split_once('|')?;
    let is_form = |form: &str| {
        !form.trim().is_empty() && !form.contains('|') && !NAMES.contains(&form.trim())
    };
    (is_form(one) && is_form(many)).then_some((one, many))
}

/// Returns the error of a template's text that would leave a placeholder behind when it is used.
pub fn invalid_placeholder(text: &str) -> Option<&'static str> {
    let moment = || "0:00".to_owned();
    let all_known = Placeholders {
        start: moment(),
        end: moment(),
        ..Placeholders::default()
    };
    let filled = all_known.fill(text, &Language::english());
    unfinished::has_placeholder(&filled).then_some(
        "Unknown placeholder. Use {components}, {start}, {end} or two forms such as {is|are}.",
    )
}

/// Endings of English singulars that end with an s: "Access", "Status", "Analysis", "Analytics".
const SINGULAR_ENDINGS: &[&str] = &["ss", "us", "is", "ics", "news"];

/// Returns whether the last word of an English name is a plural. An abbreviation ("SMS", "DNS") is not.
fn is_plural_name(name: &str) -> bool {
    // "Reports (EU)" is a plural.
    let name = name.split('(').next().unwrap_or_default();
    let last = name.split_whitespace().last().unwrap_or_default();
    let lower = last.to_lowercase();
    last.ends_with('s')
        && !SINGULAR_ENDINGS
            .iter()
            .any(|ending| lower.ends_with(ending))
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string());
    first.unwrap_or_default() + letters.as_str()
}

#[cfg(test)]
mod tests {
    use super::{Placeholders, invalid_placeholder};
    use notice::wire::language::Language;

    fn selected(components: &[&str]) -> Placeholders {
        Placeholders {
            components: components.iter().map(|&name| name.to_owned()).collect(),
            site: "Acme SMS".to_owned(),
            start: "08:00".to_owned(),
            end: "09:00".to_owned(),
        }
    }

    #[test]
    fn placeholders_are_replaced_in_every_language() {
        let german = Language::parse("de").unwrap();
        let english = Language::english();
        for (components, text, language, expected) in [
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
            assert_eq!(selected(components).fill(text, language), expected);
        }
    }

    #[test]
    fn verbs_agree_with_the_selected_components() {
        for (components, expected) in [
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
            let filled =
                selected(components).fill("{components} {works|work} again.", &Language::english());
            assert_eq!(filled, expected);
        }
    }

    #[test]
    fn the_old_placeholder_parts_still_works() {
        let filled = selected(&["Sending"]).fill("{parts} works again.", &Language::english());
        assert_eq!(filled, "Sending works again.");
    }

    #[test]
    fn unknown_placeholders_are_refused() {
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
            assert!(invalid_placeholder(text).is_some(), "{text}");
        }
        for text in [
            "{components} {is|are} down since {start}.",
            "What went wrong: ",
            "From … on, prices change.",
            "{parts} work again: https://example.com/{id}",
            "",
        ] {
            assert_eq!(invalid_placeholder(text), None, "{text}");
        }
    }

    #[test]
    fn an_unknown_time_keeps_its_placeholder() {
        let filled = Placeholders::default().fill("Since {start}: delays.", &Language::english());
        assert_eq!(filled, "Since {start}: delays.");
    }
}
