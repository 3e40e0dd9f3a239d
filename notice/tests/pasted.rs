//! Pasted telephone numbers and addresses are cleaned. If that is not possible, the error names the
//! invalid character.

#![cfg(test)]

mod site;

use notice::{
    body::{
        check::{self, endpoint_url::Network},
        merge::MergePatch,
    },
    decide::Command,
    rejection::Rejection,
};
use serde_json::{Value, json};
use site::TestSite;

fn change_site(site: &mut TestSite, patch: &Value) -> Result<(), Rejection> {
    let patch = MergePatch::read(patch.to_string().as_bytes())?;
    site.run(Command::ChangeSite {
        patch,
        network: Network::Public,
    })
}

fn contacts(kind: &str, value: &str) -> Value {
    json!([{ "kind": kind, "label": "Help", "value": value }])
}

#[test]
fn contacts_and_on_call_targets_are_cleaned() {
    for (kind, pasted, clean) in [
        (
            "phone",
            "\u{202d}+61\u{a0}2\u{2011}5550\u{2013}0100\u{202c}",
            "+61 2-5550-0100",
        ),
        ("email", "help@acme.example\u{200b}", "help@acme.example"),
        (
            "chat",
            "\u{2068}https://acme.example/a\u{2011}b\u{2069}",
            "https://acme.example/a-b",
        ),
        (
            "link",
            "https://acme.example/\u{a0}",
            "https://acme.example/",
        ),
    ] {
        let mut site = TestSite::new();
        change_site(&mut site, &json!({ "contacts": contacts(kind, pasted) })).unwrap();
        assert_eq!(site.state.site.as_ref().unwrap().contacts[0].value, clean);
        let mut body = json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" });
        body["contacts"] = contacts(kind, pasted);
        let id = site.publish(body);
        assert_eq!(site.incident(&id).contacts.unwrap()[0].value, clean);
        assert!(
            site.try_change(&id, json!({ "contacts": contacts(kind, "\u{feff}") }))
                .is_err()
        );
        site.change(&id, json!({ "contacts": contacts(kind, pasted) }));
        assert_eq!(site.incident(&id).contacts.unwrap()[0].value, clean);
    }
    let mut site = TestSite::new();
    let on_call = json!([
        { "kind": "email", "value": "\u{202a}ada@acme\u{2010}mail.example\u{a0}" },
        { "kind": "webhook", "value": "https://hooks.acme.example/x\u{200b}" }
    ]);
    change_site(&mut site, &json!({ "on_call": on_call })).unwrap();
    let on_call = &site.state.site.as_ref().unwrap().on_call;
    assert_eq!(on_call[0].value, "ada@acme-mail.example");
    assert_eq!(on_call[1].value, "https://hooks.acme.example/x");
}

#[test]
fn an_error_names_a_character_that_cannot_be_cleaned() {
    let mut site = TestSite::new();
    for (patch, expected) in [
        (
            json!({ "contacts": contacts("phone", "+61 2 5550\u{2800}0100") }),
            "U+2800",
        ),
        (
            json!({ "contacts": contacts("email", "help@acme.example\u{2800}") }),
            "U+2800",
        ),
        (
            json!({ "contacts": contacts("link", "https://acme.example/\u{fff9}") }),
            "U+FFF9",
        ),
        (
            json!({ "contacts": contacts("email", "a@b@c") }),
            "email address",
        ),
        (
            json!({ "on_call": [{ "kind": "email", "value": "a@b@c" }] }),
            "email address",
        ),
        (
            json!({ "on_call": [{ "kind": "webhook", "value": "https://a.example/\u{2800}" }] }),
            "U+2800",
        ),
    ] {
        match change_site(&mut site, &patch) {
            Err(Rejection::Fields(errors)) => {
                assert!(errors[0].detail.contains(expected), "{patch}: {errors:?}");
            }
            other => panic!("{patch}: {other:?}"),
        }
    }
}

#[test]
fn names_of_tokens_and_devices_need_a_visible_character() {
    assert!(check::name(Some("\u{3164}")).is_err());
    assert!(check::name(Some("Sam's phone")).is_ok());
}
