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
    form::{HOUR_S, MINUTE_S, lines, seconds},
    submit::{self, Sending},
    zones,
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

const ZONE: &str = "Enter a time zone such as Australia/Sydney.";
const DELAY: &str = "Enter a number of minutes from 0 to 1440 (1 day).";
const SLUG: &str = "Enter 2 to 39 letters a-z, digits or hyphens.";

/// The console's own words for what is wrong: its fields are in minutes and hours, the API's in seconds.
const WORDS: &[(&str, &str)] = &[
    ("/languages", "Enter language tags such as en, de, pt-BR."),
    ("/time_zone", ZONE),
    (
        "/hostnames",
        "Enter host names in lower case, such as status.example.com, one per line.",
    ),
    ("/quiet_hours", "Enter both times, such as 22:00 and 06:00."),
    ("/colours", contrast::NO_COLOUR),
];

/// What this device knows and the rules do not.
#[derive(Clone, Copy)]
pub struct Device<'a> {
    /// Spells a time zone; `None` for one that it does not know.
    pub spelled: &'a dyn Fn(&str) -> Option<String>,
    /// The host name of this console, which no site may have.
    pub host: &'a str,
}

/// Everything that is wrong.
pub fn find(slug: &Slug, fields: &Fields, device: Device<'_>) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> = refused(slug, fields)
        .into_iter()
        .filter(|error| !error.pointer.starts_with("/colours"))
        .map(|error| {
            let own = WORDS.iter().find(|(at, _)| error.pointer.starts_with(at));
            let own = own.map(|(_, words)| *words);
            let own = own.or_else(|| error.pointer.ends_with("/after_minutes").then_some(DELAY));
            FieldError {
                detail: own.map_or_else(|| field_names::detail(&error), str::to_owned),
                ..error
            }
        })
        .collect();
    for error in own(fields, device).into_iter().chain(colours(fields)) {
        if !errors.iter().any(|one| one.pointer == error.pointer) {
            errors.push(error);
        }
    }
    errors
}

/// What is wrong with what a section changes.
pub fn of(form: &Form, saved: &Fields, section: Section, slug: &Slug) -> Vec<FieldError> {
    let changed: Vec<String> = leaf::of(section)
        .filter(|leaf| leaf.standing(form, saved) != Standing::Saved)
        .map(|leaf| format!("/{}", leaf.name))
        .collect();
    let location = web_sys::window().map(|window| window.location());
    let host = location.and_then(|location| location.hostname().ok());
    let device = Device {
        spelled: &zones::spelled,
        host: &host.unwrap_or_default(),
    };
    let mut found = find(slug, &form.fields, device);
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

/// What the rules of the server refuse, setting by setting: a value that cannot be read hides nothing in the others.
fn refused(slug: &Slug, fields: &Fields) -> Vec<FieldError> {
    let one = |name: &str, value: Value| {
        let mut body = Map::new();
        body.insert("slug".to_owned(), slug.as_str().into());
        body.insert("name".to_owned(), "Site".into());
        body.insert(name.to_owned(), value);
        let read: Result<NewSite, _> = read(Value::Object(body).to_string().as_bytes());
        let rejection = read.and_then(|site| check::site(&site)).err();
        let failure = rejection.map(|rejection| submit::objection(&rejection));
        failure.map_or_else(Vec::new, |failure| submit::errors(&failure).to_vec())
    };
    let mut errors = Vec::new();
    for (name, _, value) in fields.values() {
        // And an entry of a list nothing in the other entries.
        let entries = value.as_array().cloned().unwrap_or_default();
        errors.extend(one(name, value));
        for (index, entry) in entries.into_iter().enumerate() {
            let alone = one(name, Value::Array(vec![entry])).into_iter();
            errors.extend(alone.map(|error| FieldError {
                pointer: error.pointer.replacen(
                    &format!("/{name}/0"),
                    &format!("/{name}/{index}"),
                    1,
                ),
                ..error
            }));
        }
    }
    let mut each = Vec::new();
    for error in errors {
        if !each.contains(&error) {
            each.push(error);
        }
    }
    each
}

/// What the rules cannot say: of values that are no numbers all at once, and what only this device knows.
fn own(fields: &Fields, device: Device<'_>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut add = |pointer: String, is_wrong: bool, detail: &str| {
        if is_wrong {
            errors.push(FieldError {
                pointer,
                detail: detail.to_owned(),
            });
        }
    };
    let [first, second, third] = &fields.cadence;
    for (pointer, text, unit_s) in [
        ("/cadence/tier_1_s", first, MINUTE_S),
        ("/cadence/tier_2_s", second, MINUTE_S),
        ("/cadence/tier_3_s", third, MINUTE_S),
        ("/overdue_after_s", &fields.overdue_minutes, MINUTE_S),
        ("/restored/returning_s", &fields.returning_hours, HOUR_S),
        ("/restored/everyone_s", &fields.everyone_hours, HOUR_S),
    ] {
        let detail = field_names::amount(pointer).unwrap_or_default();
        add(pointer.to_owned(), seconds(text, unit_s).is_none(), detail);
    }
    for (index, row) in fields.on_call.iter().enumerate() {
        let delay = row.label.trim();
        let is_wrong = !delay.is_empty() && delay.parse::<u32>().is_err();
        add(format!("/on_call/{index}/after_minutes"), is_wrong, DELAY);
    }
    for (index, row) in fields.segments.iter().enumerate() {
        let is_wrong = Slug::parse(row.value.trim()).is_none();
        add(format!("/segments/{index}/slug"), is_wrong, SLUG);
    }
    let zone = (device.spelled)(&fields.time_zone);
    add("/time_zone".to_owned(), zone.is_none(), ZONE);
    for (index, name) in lines(&fields.hostnames).iter().enumerate() {
        let is_own = name == device.host;
        let detail = format!("{name} is this server's own host name; enter another.");
        add(format!("/hostnames/{index}"), is_own, &detail);
    }
    errors
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
    use super::{Device, find};
    use crate::{form::Row, view::settings::fields::Fields};
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

    fn device() -> Device<'static> {
        Device {
            spelled: &|zone| (zone != "Mars/Base").then(|| zone.to_owned()),
            host: "127.0.0.1",
        }
    }

    /// Pointers and words of what is wrong after a change.
    fn wrong(change: impl Fn(&mut Fields)) -> Vec<(String, String)> {
        let mut fields = valid();
        change(&mut fields);
        let found = find(&Slug::parse("acme").unwrap(), &fields, device()).into_iter();
        found.map(|error| (error.pointer, error.detail)).collect()
    }

    fn row(kind: &str, label: &str, value: &str) -> Row {
        Row {
            kind: kind.to_owned(),
            label: label.to_owned(),
            value: value.to_owned(),
            ..Row::default()
        }
    }

    #[test]
    fn each_wrong_value_is_refused_at_its_own_field() {
        let found = wrong(|fields| {
            fields.name = String::new();
            fields.time_zone = "Mars/Base".to_owned();
            fields.hostnames = "status.example.com\n127.0.0.1".to_owned();
            fields.contacts = vec![row("phone", "", "abc"), row("email", "Help", "x")];
            fields.segments = vec![row("", "Europe", "EU!"), row("", "Asia", "é")];
            fields.on_call = vec![
                row("email", "x", "a@b.example"),
                row("email", "-1", "a@b.example"),
                row("email", "9999", "nobody"),
            ];
            fields.cadence = ["x", "-1", ""].map(str::to_owned);
            fields.overdue_minutes = "soon".to_owned();
            fields.returning_hours = "x".to_owned();
            fields.everyone_hours = "1e3".to_owned();
        });
        let mut at: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
        at.sort_unstable();
        assert_eq!(
            at,
            [
                "/cadence/tier_1_s",
                "/cadence/tier_2_s",
                "/cadence/tier_3_s",
                "/contacts/0/label",
                "/contacts/0/value",
                "/contacts/1/value",
                "/hostnames/1",
                "/name",
                "/on_call/0/after_minutes",
                "/on_call/1/after_minutes",
                "/on_call/2/after_minutes",
                "/on_call/2/value",
                "/overdue_after_s",
                "/restored/everyone_s",
                "/restored/returning_s",
                "/segments/0/slug",
                "/segments/1/slug",
                "/time_zone",
            ]
        );
        for (pointer, detail) in found {
            assert!(
                !detail.contains('_') && !detail.contains("integer"),
                "{pointer}: {detail}"
            );
        }
    }

    #[test]
    fn a_wrong_value_is_refused_in_the_words_of_its_field() {
        let slug = Slug::parse("acme").unwrap();
        assert_eq!(find(&slug, &valid(), device()), []);
        let change = |change: fn(&mut Fields)| {
            let mut fields = valid();
            change(&mut fields);
            let found = find(&slug, &fields, device());
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
