//! Texts without a visible character are rejected as blank.

#![cfg(test)]

mod bodies;
mod site;

use bodies::{Body, TEXTS, set};
use notice::rejection::Rejection;
use serde_json::json;
use site::TestSite;

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
            let mut filled = body.minimal();
            set(&mut filled, pointer, value);
            match body.send(&mut TestSite::new(), &filled) {
                Err(Rejection::Fields(errors)) => assert_eq!(
                    (
                        errors[0].pointer.trim_end_matches("/0"),
                        errors[0].detail.as_str()
                    ),
                    (pointer, "Must not be blank."),
                    "{body:?} {blank:?}"
                ),
                other => panic!("{body:?} {pointer} {blank:?}: {other:?}"),
            }
        }
    }
}
