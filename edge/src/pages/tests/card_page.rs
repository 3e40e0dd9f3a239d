//! The card as a page.

use super::*;

/// The part of a page between `<main>` and `</main>`.
fn main_of(page: &str) -> &str {
    let (_, rest) = page.split_once("<main").unwrap();
    rest.split_once("</main>").unwrap().0
}

#[test]
fn the_card_shows_what_pages_without_declarations_show() {
    let mut site = Site::new();
    let quiet = site.card();
    assert!(quiet.contains("No known problems") && !main_of(&quiet).contains("<article"));
    let shown = |site: &Site, number: u32| -> Option<bool> {
        let page = site.card();
        let (_, article) = page.split_once(&format!("<article id=\"inc_{number}\""))?;
        Some(!article.split_once('>').unwrap().0.contains(" hidden"))
    };
    site.publish(1, json!({}));
    site.publish(
        2,
        json!({ "impact": "minor", "components": [{ "id": "sending" }] }),
    );
    site.publish(3, json!({ "audience": { "paths": ["/share"] } }));
    site.publish(4, json!({ "audience": { "segments": ["eu"] } }));
    site.publish(5, json!({ "in_app": "off" }));
    site.publish(6, json!({ "drill": true }));
    site.publish(
        7,
        json!({ "components": [{ "id": "sending" }], "audience": { "undeclared_components": "hide" } }),
    );
    site.publish(
        8,
        json!({ "impact": "minor", "audience": { "segments": ["eu"] } }),
    );
    let found: Vec<_> = (1..=8).map(|number| shown(&site, number)).collect();
    let (yes, no) = (Some(true), Some(false));
    assert_eq!(found, [yes, yes, no, yes, None, None, no, no]);
    // A major all-clear is shown to everybody for two hours, then to witnesses.
    site.update(1, json!({ "body": "b", "status": "resolved" }));
    assert_eq!(shown(&site, 1), Some(true));
    site.now += 7200;
    assert_eq!(shown(&site, 1), Some(false));
}

#[test]
fn a_restored_component_gets_its_own_notice() {
    let mut site = Site::new();
    site.run(Command::CreateComponent {
        id: serde_json::from_value(json!("cmp_2")).unwrap(),
        input: serde_json::from_value(json!({ "name": "Receiving" })).unwrap(),
    });
    site.publish(
        1,
        json!({ "components": [{ "id": "sending" }, { "id": "receiving" }] }),
    );
    assert!(!site.card().contains("inc_1-part"));
    site.update(
        1,
        json!({ "body": "b", "components": [{ "id": "sending", "status": "operational" }] }),
    );
    let page = site.card();
    let (_, partial) = page.split_once("<article id=\"inc_1-part\"").unwrap();
    let partial = partial.split_once("</article>").unwrap().0;
    assert!(
        partial.contains(" hidden"),
        "the browser decides whether to show it"
    );
    for expected in [
        "Back since <time></time>:</span></span> <bdi>Sending</bdi>",
        "The problem goes on elsewhere.",
        "Receiving",
    ] {
        assert!(partial.contains(expected), "{expected}: {partial}");
    }
}
