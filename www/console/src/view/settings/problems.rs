//! What is wrong with settings as they are typed, by the rules that the server has.

use notice::{
    check,
    read::read,
    wire::{ids::Slug, input::NewSite},
};
use serde_json::{Map, Value};

use super::{
    Form, Section,
    fields::Fields,
    leaf::{self, Standing},
};
use crate::{
    api::{Failure, FieldError, Problem},
    contrast, field_names,
    submit::{self, Sending},
};

/// Where in the API's settings the fields of the form are.
pub const POINTERS: &[&str] = &[
    "/name",
    "/languages",
    "/time_zone",
    "/hostnames",
    "/colours",
    "/contacts",
    "/segments",
    "/on_call",
    "/cadence",
    "/quiet_hours",
    "/overdue_after_s",
    "/restored",
];

/// The console's own words for what is wrong: its fields are in minutes and hours, the API's in seconds.
const WORDS: &[(&str, &str)] = &[
    ("/languages", "Enter language tags such as en, de, pt-BR."),
    ("/time_zone", "Enter a time zone such as Australia/Sydney."),
    (
        "/hostnames",
        "Enter host names in lower case, such as status.example.com, one per line.",
    ),
    ("/quiet_hours", "Enter both times, such as 22:00 and 06:00."),
    ("/colours", contrast::NO_COLOUR),
];

/// Everything that is wrong.
pub fn find(slug: &Slug, fields: &Fields) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> = refused(slug, fields)
        .into_iter()
        .filter(|error| !error.pointer.starts_with("/colours"))
        .map(|error| {
            let own = WORDS.iter().find(|(at, _)| error.pointer.starts_with(at));
            let own = own.map(|(_, words)| *words);
            FieldError {
                detail: own.map_or_else(|| field_names::detail(&error), str::to_owned),
                ..error
            }
        })
        .collect();
    errors.dedup();
    errors.extend(colours(fields));
    errors
}

/// What is wrong with what a section changes.
pub fn of(form: &Form, saved: &Fields, section: Section, slug: &Slug) -> Vec<FieldError> {
    let changed: Vec<String> = leaf::of(section)
        .filter(|leaf| leaf.standing(form, saved) != Standing::Saved)
        .map(|leaf| format!("/{}", leaf.name))
        .collect();
    let mut found = find(slug, &form.fields);
    found.retain(|error| changed.iter().any(|name| error.pointer.starts_with(name)));
    found
}

/// The same as a refusal of the server.
pub fn refusal(errors: &[FieldError]) -> Sending {
    if errors.is_empty() {
        return Sending::Idle;
    }
    Sending::Failed(Failure::Refused(Problem {
        status: 422,
        code: "invalid_field".to_owned(),
        detail: String::new(),
        errors: errors.to_vec(),
    }))
}

fn refused(slug: &Slug, fields: &Fields) -> Vec<FieldError> {
    let values = fields.values().into_iter();
    let mut body: Map<String, Value> = values
        .map(|(name, _, value)| (name.to_owned(), value))
        .collect();
    body.insert("slug".to_owned(), slug.as_str().into());
    let read: Result<NewSite, _> = read(Value::Object(body).to_string().as_bytes());
    match read.and_then(|site| check::site(&site)) {
        Ok(()) => Vec::new(),
        Err(rejection) => match submit::objection(&rejection) {
            Failure::Refused(problem) => problem.errors,
            _ => Vec::new(),
        },
    }
}

/// A colour is refused also where it cannot be read well, which the server does not check.
fn colours(fields: &Fields) -> Vec<FieldError> {
    let (light, dark) = contrast::PAPERS;
    [
        ("/colours/light", &fields.light, &fields.dark, light),
        ("/colours/dark", &fields.dark, &fields.light, dark),
    ]
    .into_iter()
    .filter_map(|(pointer, colour, other, paper)| {
        let detail = match (colour.trim(), other.trim()) {
            ("", "") => return None,
            ("", _) => "Enter a colour for both themes, or for none.".to_owned(),
            (colour, _) => match contrast::verdict(colour, paper) {
                (_, true) => return None,
                (words, false) => words,
            },
        };
        Some(FieldError {
            pointer: pointer.to_owned(),
            detail,
        })
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::view::settings::fields::Fields;
    use notice::wire::ids::Slug;

    fn valid() -> Fields {
        Fields {
            name: "Acme".to_owned(),
            languages: "en".to_owned(),
            time_zone: "Etc/UTC".to_owned(),
            cadence: ["30", "120", "1440"].map(str::to_owned),
            overdue_minutes: "5".to_owned(),
            returning_hours: "24".to_owned(),
            everyone_hours: "2".to_owned(),
            ..Fields::default()
        }
    }

    #[test]
    fn a_wrong_value_is_refused_in_the_words_of_its_field() {
        let slug = Slug::parse("acme").unwrap();
        assert_eq!(find(&slug, &valid()), []);
        let change = |change: fn(&mut Fields)| {
            let mut fields = valid();
            change(&mut fields);
            let found = find(&slug, &fields);
            let all = found.into_iter().map(|error| (error.pointer, error.detail));
            all.collect::<Vec<_>>()
        };
        for (found, pointer, words) in [
            (
                change(|f| f.light = "blue".to_owned()),
                "/colours",
                "Enter a hex colour",
            ),
            (
                change(|f| f.time_zone = "Sydney".to_owned()),
                "/time_zone",
                "Enter a time zone",
            ),
            (
                change(|f| f.overdue_minutes = "9999".to_owned()),
                "/overdue_after_s",
                "minutes",
            ),
            (
                change(|f| f.everyone_hours = "x".to_owned()),
                "/restored",
                "hours",
            ),
            (
                change(|f| f.quiet_from = "22:00".to_owned()),
                "/quiet_hours",
                "both times",
            ),
        ] {
            assert!(!found.is_empty(), "{pointer}");
            for (at, detail) in &found {
                assert!(at.starts_with(pointer), "{at}: {detail}");
            }
            assert!(
                found.iter().any(|(_, detail)| detail.contains(words)),
                "{found:?}"
            );
        }
    }
}
