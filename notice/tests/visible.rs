//! Texts without a visible character are rejected as blank.

#![cfg(test)]

mod bodies;
mod site;

use bodies::{Body, TEXTS, set};
use notice::rejection::Rejection;
use serde_json::{Value, json};
use site::TestSite;

/// Sends a body with a value at a pointer, and checks that it is rejected as blank.
fn check_blank(body: Body, pointer: &str, value: Value) {
    let mut filled = body.minimal();
    set(&mut filled, pointer, value.clone());
    match body.send(&mut TestSite::new(), &filled) {
        Err(Rejection::Fields(errors)) => assert_eq!(
            (
                errors[0].pointer.trim_end_matches("/0"),
                errors[0].detail.as_str()
            ),
            (pointer, "Must not be blank."),
            "{body:?} {value}"
        ),
        other => panic!("{body:?} {pointer} {value}: {other:?}"),
    }
}

#[test]
fn texts_and_list_entries_need_a_visible_character() {
    let lists = [
        (Body::Incident, "/works"),
        (Body::Incident, "/broken"),
        (Body::Update, "/text/de/works"),
        (Body::Resolved, "/restored/back"),
        (Body::Resolved, "/restored/still"),
        (Body::Template, "/works"),
        (Body::Postmortem, "/prevention"),
    ];
    let texts = TEXTS
        .iter()
        .map(|(body, pointer, _)| (*body, *pointer, false));
    let entries = lists.map(|(body, pointer)| (body, pointer, true));
    for (body, pointer, is_list) in texts.chain(entries) {
        // A filler, a blank letter, a direction mark, a lone mark, a selector, a tag, spaces.
        for blank in [
            "\u{3164}",
            "\u{2800}",
            "\u{200e}",
            "\u{301}",
            "\u{fe0f}",
            "\u{e0041}",
            " \u{a0}",
        ] {
            let value = if is_list {
                json!([blank])
            } else {
                json!(blank)
            };
            check_blank(body, pointer, value);
        }
    }
}

#[test]
fn a_text_of_markdown_marks_only_is_blank() {
    let fields = ["body", "advice", "check", "reason", "root_cause", "remedy"];
    let is_markdown = |pointer: &str| fields.iter().any(|field| pointer.ends_with(field));
    let texts = TEXTS.iter().filter(|(_, pointer, _)| is_markdown(pointer));
    let texts: Vec<_> = texts.map(|(body, pointer, _)| (*body, *pointer)).collect();
    assert!(texts.len() >= 16, "{texts:?}");
    for blank in [
        "**\u{200b}**",
        "[\u{200b}](https://a.example)",
        "- \u{200b}\n- \u{2800}",
        "1. \u{200b}\n2. \u{200b}",
        "_ _",
        "\\*\\*",
        "`\u{200b}`",
    ] {
        for (body, pointer) in &texts {
            check_blank(*body, pointer, json!(blank));
        }
        check_blank(Body::Postmortem, "/prevention", json!([blank]));
    }
    // A title is plain text.
    let mut titled = Body::Incident.minimal();
    set(&mut titled, "/title", json!("**"));
    assert!(Body::Incident.send(&mut TestSite::new(), &titled).is_ok());
}
