//! The errors of settings as typed, by the server's rules and the console's own.

use notice::{
    body::{
        check::{self, endpoint_url::Network},
        read::read,
    },
    wire::{ids::Slug, input::NewSite},
};
use serde_json::{Map, Value};

use super::{Form, Section, fields::Fields};
use crate::{
    form::{HOUR_S, MINUTE_S, lines, seconds, sending::Sending},
    rules::{contrast, endpoint},
    server::failure::{Failure, FieldError},
    text::errors,
    time::zones,
    view::site::settings::setting::{self, SaveState},
};

/// JSON pointers of all settings in the API.
pub const POINTERS: &[&str] = &[
    "/name",
    "/languages",
    "/time_zone",
    "/hostnames",
    "/colours",
    "/contacts",
    "/segments",
    "/on_call",
    "/on_call_quiet_hours",
    "/cadence",
    "/quiet_hours",
    "/overdue_after_s",
    "/restored",
];

const ZONE: &str = "Enter a time zone such as Australia/Sydney.";
const DELAY: &str = "Enter a number of minutes from 0 to 1440 (1 day).";
const SLUG: &str = "Enter 2 to 39 letters a-z, digits or hyphens.";

/// Errors that replace the API's, by JSON pointer.
const REPLACEMENTS: &[(&str, &str)] = &[
    ("/languages", "Enter language tags such as en, de, pt-BR."),
    ("/time_zone", ZONE),
    (
        "/hostnames",
        "Enter host names such as status.example.com, one per line, without scheme and port.",
    ),
    (
        "/on_call_quiet_hours",
        "Enter both times, such as 22:00 and 07:00.",
    ),
    ("/quiet_hours", "Enter both times, such as 22:00 and 06:00."),
    ("/colours", contrast::INVALID_COLOUR),
];

/// Facts that the browser knows and the rules do not.
#[derive(Clone, Copy)]
pub struct Device<'a> {
    /// Returns the canonical spelling of a time zone; `None` for an unknown one.
    pub canonical_zone: &'a dyn Fn(&str) -> Option<String>,
    /// The console's own host name, which no site may have.
    pub host: &'a str,
    /// The networks whose addresses the server accepts for webhooks.
    pub network: Network,
}

/// Returns the errors of every setting, saved or not.
fn find(slug: &Slug, fields: &Fields, device: Device<'_>) -> Vec<FieldError> {
    let mut errors: Vec<FieldError> = rejected_fields(slug, fields, device.network)
        .into_iter()
        .filter(|error| !error.pointer.starts_with("/colours"))
        .map(|error| {
            let detail = REPLACEMENTS
                .iter()
                .find(|(at, _)| error.pointer.starts_with(at));
            let detail = detail.map(|(_, detail)| *detail);
            let detail =
                detail.or_else(|| error.pointer.ends_with("/after_minutes").then_some(DELAY));
            FieldError {
                detail: detail.map_or_else(|| errors::detail(&error), str::to_owned),
                ..error
            }
        })
        .collect();
    for error in own_rules(fields, device)
        .into_iter()
        .chain(colour_errors(fields))
    {
        if !errors.iter().any(|one| one.pointer == error.pointer) {
            errors.push(error);
        }
    }
    errors
}

/// Returns the errors of the settings that a section changes.
pub fn of_section(form: &Form, saved: &Fields, section: Section, slug: &Slug) -> Vec<FieldError> {
    let changed: Vec<&str> = setting::in_section(section)
        .filter(|setting| setting.state(form, saved) != SaveState::Saved)
        .map(|setting| setting.name)
        .collect();
    let location = web_sys::window().map(|window| window.location());
    let host = location.and_then(|location| location.hostname().ok());
    let device = Device {
        canonical_zone: &zones::canonical,
        host: &host.unwrap_or_default(),
        network: endpoint::network(),
    };
    let mut errors = find(slug, &form.fields, device);
    errors.retain(|error| changed.contains(&setting_of(&error.pointer)));
    errors
}

/// Returns the API's name of the setting that an error is about.
fn setting_of(pointer: &str) -> &str {
    let path = pointer.trim_start_matches('/');
    path.split('/').next().unwrap_or_default()
}

/// Converts errors to the state after a refusal by the server.
pub fn as_refusal(errors: &[FieldError]) -> Sending {
    if errors.is_empty() {
        return Sending::Idle;
    }
    Sending::Failed(Failure::invalid(errors.to_vec()))
}

/// Returns the errors by the server's rules. Each setting is checked alone, because an unreadable value hides the errors of others.
fn rejected_fields(slug: &Slug, fields: &Fields, network: Network) -> Vec<FieldError> {
    let check_one = |name: &str, value: Value| {
        let mut body = Map::new();
        body.insert("slug".to_owned(), slug.as_str().into());
        body.insert("name".to_owned(), "Site".into());
        body.insert(name.to_owned(), value);
        let read: Result<NewSite, _> = read(Value::Object(body).to_string().as_bytes());
        let rejection = read
            .and_then(|mut site| check::site(&mut site, network))
            .err();
        let failure = rejection.map(|rejection| Failure::from(&rejection));
        failure.map_or_else(Vec::new, |failure| failure.errors().to_vec())
    };
    let mut errors = Vec::new();
    for (name, _, value) in fields.values() {
        // Each entry of a list is checked alone for the same reason.
        let entries = value.as_array().cloned().unwrap_or_default();
        errors.extend(check_one(name, value));
        for (index, entry) in entries.into_iter().enumerate() {
            let entry_errors = check_one(name, Value::Array(vec![entry])).into_iter();
            errors.extend(entry_errors.map(|error| FieldError {
                pointer: error.pointer.replacen(
                    &format!("/{name}/0"),
                    &format!("/{name}/{index}"),
                    1,
                ),
                ..error
            }));
        }
    }
    let mut unique = Vec::new();
    for error in errors {
        if !unique.contains(&error) {
            unique.push(error);
        }
    }
    unique
}

/// Returns the errors by the console's own rules: all invalid numbers at once, and what only the browser knows.
fn own_rules(fields: &Fields, device: Device<'_>) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut add = |pointer: String, is_invalid: bool, detail: &str| {
        if is_invalid {
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
        let detail = errors::unit_instruction(pointer).unwrap_or_default();
        add(pointer.to_owned(), seconds(text, unit_s).is_none(), detail);
    }
    for (index, row) in fields.on_call.iter().enumerate() {
        let delay = row.label.trim();
        let is_invalid = !delay.is_empty() && delay.parse::<u32>().is_err();
        add(format!("/on_call/{index}/after_minutes"), is_invalid, DELAY);
    }
    for (index, row) in fields.segments.iter().enumerate() {
        let is_invalid = Slug::parse(row.value.trim()).is_none();
        add(format!("/segments/{index}/slug"), is_invalid, SLUG);
    }
    let zone = (device.canonical_zone)(&fields.time_zone);
    add("/time_zone".to_owned(), zone.is_none(), ZONE);
    for (index, name) in lines(&fields.hostnames).iter().enumerate() {
        let is_own = name == device.host;
        let detail = format!("{name} is this server's own host name; enter another.");
        add(format!("/hostnames/{index}"), is_own, &detail);
    }
    errors
}

/// Returns the errors of the colours. Insufficient contrast is an error here, although the server accepts it.
fn colour_errors(fields: &Fields) -> Vec<FieldError> {
    let (light, dark) = contrast::BACKGROUNDS;
    [
        ("/colours/light", &fields.light, &fields.dark, light),
        ("/colours/dark", &fields.dark, &fields.light, dark),
    ]
    .into_iter()
    .filter_map(|(pointer, colour, other, background)| {
        let detail = match (colour.trim(), other.trim()) {
            ("", "") => return None,
            ("", _) => "Enter a colour for both themes, or for none.".to_owned(),
            (colour, _) => match contrast::check(colour, background) {
                (_, true) => return None,
                (sentence, false) => sentence,
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
    use super::{Device, find, setting_of};
    use crate::{form::Row, view::site::settings::fields::Fields};
    use notice::{body::check::endpoint_url::Network, limits, wire::ids::Slug};

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
            canonical_zone: &|zone| (zone != "Mars/Base").then(|| zone.to_owned()),
            host: "console.example",
            network: Network::Public,
        }
    }

    /// Returns the pointers and details of the errors after a change.
    fn errors_after(change: impl Fn(&mut Fields)) -> Vec<(String, String)> {
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
    fn each_invalid_value_is_an_error_of_its_field() {
        let found = errors_after(|fields| {
            fields.name = String::new();
            fields.time_zone = "Mars/Base".to_owned();
            fields.hostnames = "status.example.com\nconsole.example".to_owned();
            fields.contacts = vec![row("phone", "", "abc"), row("email", "Help", "x")];
            fields.segments = vec![row("", "Europe", "EU!"), row("", "Asia", "é")];
            fields.on_call = vec![
                row("email", "x", "a@b.example"),
                row("email", "-1", "a@b.example"),
                row("email", "9999", "nobody"),
            ];
            fields.on_call[2].name = "x".repeat(limits::NAME + 1);
            fields.on_call_quiet_from = "25:00".to_owned();
            fields.on_call_quiet_until = "07:00".to_owned();
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
                "/on_call/2/name",
                "/on_call/2/value",
                "/on_call_quiet_hours/from",
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
    fn quiet_hour_errors_are_not_errors_of_the_targets() {
        for (pointer, expected) in [
            ("/on_call", "on_call"),
            ("/on_call/0/value", "on_call"),
            ("/on_call_quiet_hours/from", "on_call_quiet_hours"),
        ] {
            assert_eq!(setting_of(pointer), expected);
        }
    }

    #[test]
    fn errors_use_the_labels_and_units_of_their_field() {
        let slug = Slug::parse("acme").unwrap();
        assert_eq!(find(&slug, &valid(), device()), []);
        let change = |change: fn(&mut Fields)| {
            let mut fields = valid();
            change(&mut fields);
            let found = find(&slug, &fields, device());
            let all = found.into_iter().map(|error| (error.pointer, error.detail));
            all.collect::<Vec<_>>()
        };
        for (found, pointer, expected) in [
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
                change(|f| f.hostnames = "0x7f.1".to_owned()),
                "/hostnames",
                "Enter host names",
            ),
            (
                change(|f| f.hostnames = "console.example".to_owned()),
                "/hostnames",
                "own host name",
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
            (
                change(|f| f.on_call_quiet_until = "07:00".to_owned()),
                "/on_call_quiet_hours",
                "both times",
            ),
        ] {
            assert!(!found.is_empty(), "{pointer}");
            for (at, detail) in &found {
                assert!(at.starts_with(pointer), "{at}: {detail}");
            }
            assert!(
                found.iter().any(|(_, detail)| detail.contains(expected)),
                "{found:?}"
            );
        }
    }
}
