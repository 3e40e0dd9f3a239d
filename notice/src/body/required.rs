//! Required fields of request bodies. All missing ones are reported at once; serde reports only the first.

use serde_json::{Map, Value};

use crate::wire::input::{
    CorrectedUpdate, InvitationSecret, NewComponent, NewIncident, NewInvitation, NewPostmortem,
    NewSite, NewTemplate, NewToken, NewUpdate, Redaction, Redemption, Withdrawal,
};

/// A JSON pointer to an object, in which `*` is every entry of an array, and the object's required fields.
pub type Required = (&'static str, &'static [&'static str]);

const COMPONENTS: Required = ("/components/*", &["id"]);
const CONTACTS: Required = ("/contacts/*", &["kind", "label", "value"]);

/// A request body with its required fields.
pub trait Body {
    /// Required fields of the body and of the objects in it.
    const REQUIRED: &'static [Required];

    /// Further required fields of a new resource, which depend on other fields.
    fn also_required(_given: &Map<String, Value>) -> &'static [&'static str] {
        &[]
    }
}

impl Body for NewSite {
    const REQUIRED: &'static [Required] = &[
        ("", &["slug", "name"]),
        CONTACTS,
        ("/segments/*", &["slug", "label"]),
        ("/on_call/*", &["kind", "value"]),
        ("/colours", &["light", "dark"]),
        ("/cadence", &["tier_1_s", "tier_2_s", "tier_3_s"]),
        ("/on_call_quiet_hours", &["from", "until"]),
        ("/quiet_hours", &["from", "until"]),
        ("/restored", &["returning_s", "everyone_s"]),
    ];
}

impl Body for NewIncident {
    const REQUIRED: &'static [Required] = &[("", &["kind", "title"]), COMPONENTS, CONTACTS];

    fn also_required(given: &Map<String, Value>) -> &'static [&'static str] {
        match given.get("kind").and_then(Value::as_str) {
            Some("incident") => &["impact", "body"],
            Some("announcement") => &["body"],
            Some("maintenance") => &["scheduled_for", "scheduled_until"],
            _ => &[],
        }
    }
}

impl Body for NewUpdate {
    const REQUIRED: &'static [Required] = &[("", &["body"]), COMPONENTS];
}

impl Body for NewPostmortem {
    const REQUIRED: &'static [Required] = &[
        ("", &["root_cause", "window", "remedy"]),
        ("/window", &["start", "end"]),
    ];
}

impl Body for NewComponent {
    const REQUIRED: &'static [Required] = &[("", &["name"])];
}

impl Body for NewTemplate {
    const REQUIRED: &'static [Required] = &[("", &["name"])];
}

impl Body for CorrectedUpdate {
    const REQUIRED: &'static [Required] = &[("", &["body"])];
}

impl Body for Withdrawal {
    const REQUIRED: &'static [Required] = &[("", &["reason"])];
}

impl Body for Redaction {
    const REQUIRED: &'static [Required] = &[("", &["text"])];
}

impl Body for NewToken {
    const REQUIRED: &'static [Required] = &[("", &["role"])];
}

impl Body for NewInvitation {
    const REQUIRED: &'static [Required] = &[("", &["role"])];
}

impl Body for InvitationSecret {
    const REQUIRED: &'static [Required] = &[("", &["invitation"])];
}

impl Body for Redemption {
    const REQUIRED: &'static [Required] = &[("", &["invitation"])];
}

/// Returns JSON pointers to all missing required fields.
pub fn missing(given: &Value, required: &[Required]) -> Vec<String> {
    let mut pointers = Vec::new();
    for (object, names) in required {
        let path: Vec<&str> = object.split('/').skip(1).collect();
        missing_at(given, &path, names, "", &mut pointers);
    }
    pointers
}

fn missing_at(given: &Value, path: &[&str], names: &[&str], at: &str, pointers: &mut Vec<String>) {
    let Some((&step, rest)) = path.split_first() else {
        // Deserialization reports values of another type.
        if let Value::Object(fields) = given {
            let absent = names.iter().filter(|name| !fields.contains_key(**name));
            pointers.extend(absent.map(|name| format!("{at}/{name}")));
        }
        return;
    };
    match given {
        Value::Array(entries) if step == "*" => {
            for (index, entry) in entries.iter().enumerate() {
                missing_at(entry, rest, names, &format!("{at}/{index}"), pointers);
            }
        }
        Value::Object(fields) => {
            if let Some(field) = fields.get(step) {
                missing_at(field, rest, names, &format!("{at}/{step}"), pointers);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde::{Serialize, de::DeserializeOwned};
    use serde_json::{Value, json};

    use super::{Body, missing};
    use crate::{
        body::read::read,
        wire::input::{
            InvitationSecret, NewComponent, NewIncident, NewInvitation, NewPostmortem, NewSite,
            NewTemplate, NewToken, NewUpdate, Redaction, Redemption, Withdrawal,
        },
    };

    fn pointers<T: Body + Serialize + DeserializeOwned>(body: &Value) -> Vec<String> {
        let Err(rejection) = read::<T>(body.to_string().as_bytes()) else {
            return Vec::new();
        };
        let errors = rejection.problem().errors;
        errors.into_iter().map(|error| error.pointer).collect()
    }

    /// Checks a complete body: it is accepted, and without any one of its required fields both the
    /// table and serde reject it.
    fn check<T: Body + Serialize + DeserializeOwned>(whole: Value) {
        assert_eq!(pointers::<T>(&whole), [""; 0], "{whole}");
        for (path, names) in T::REQUIRED {
            let pointer = path.replace('*', "0");
            for name in *names {
                let mut without = whole.clone();
                let object = without.pointer_mut(&pointer).and_then(Value::as_object_mut);
                object.unwrap().remove(*name).unwrap();
                assert_eq!(pointers::<T>(&without), [format!("{pointer}/{name}")]);
                assert!(
                    serde_json::from_value::<T>(without).is_err(),
                    "{pointer}/{name}"
                );
            }
            let mut empty = whole.clone();
            *empty.pointer_mut(&pointer).unwrap() = json!({});
            let all: Vec<String> = names
                .iter()
                .map(|name| format!("{pointer}/{name}"))
                .collect();
            assert_eq!(missing(&empty, &[(path, names)]), all);
            let reported = pointers::<T>(&empty);
            assert!(
                all.iter().all(|pointer| reported.contains(pointer)),
                "{reported:?}"
            );
        }
    }

    #[test]
    fn every_missing_field_is_reported_at_once() {
        let contacts = json!([{ "kind": "email", "label": "l", "value": "v" }]);
        check::<NewSite>(json!({
            "slug": "acme", "name": "n", "contacts": contacts, "segments": [{ "slug": "eu", "label": "l" }],
            "on_call": [{ "kind": "email", "value": "v" }], "colours": { "light": "l", "dark": "d" },
            "cadence": { "tier_1_s": 1, "tier_2_s": 1, "tier_3_s": 1 },
            "on_call_quiet_hours": { "from": "f", "until": "u" }, "quiet_hours": { "from": "f", "until": "u" }, "restored": { "returning_s": 1, "everyone_s": 1 }
        }));
        check::<NewIncident>(json!({
            "kind": "maintenance", "title": "t", "scheduled_for": "2026-11-21T08:00:00Z",
            "scheduled_until": "2026-11-21T09:00:00Z", "components": [{ "id": "sending" }], "contacts": contacts
        }));
        check::<NewUpdate>(json!({ "body": "b", "components": [{ "id": "sending" }] }));
        check::<NewPostmortem>(json!({
            "root_cause": "c", "remedy": "r",
            "window": { "start": "2026-11-21T08:00:00Z", "end": "2026-11-21T09:00:00Z" }
        }));
        check::<NewComponent>(json!({ "name": "n" }));
        check::<NewTemplate>(json!({ "name": "n" }));
        check::<Withdrawal>(json!({ "reason": "r" }));
        check::<Redaction>(json!({ "text": "t" }));
        check::<NewToken>(json!({ "role": "viewer" }));
        check::<NewInvitation>(json!({ "role": "viewer" }));
        check::<InvitationSecret>(json!({ "invitation": "i" }));
        check::<Redemption>(json!({ "invitation": "i" }));
    }

    #[test]
    fn fields_that_the_kind_requires_are_reported_too() {
        for (body, expected) in [
            (json!({}), vec!["/kind", "/title"]),
            (
                json!({ "kind": "incident" }),
                vec!["/title", "/impact", "/body"],
            ),
            (json!({ "kind": "announcement" }), vec!["/title", "/body"]),
            (
                json!({ "kind": "maintenance", "titel": "x" }),
                vec!["/title", "/scheduled_for", "/scheduled_until", "/titel"],
            ),
        ] {
            assert_eq!(pointers::<NewIncident>(&body), expected, "{body}");
        }
    }
}
