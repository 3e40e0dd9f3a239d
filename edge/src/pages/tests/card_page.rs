//! The card as a page.

use super::*;

/// What a page has between its `<main>` and `</main>`.
fn main_of(page: &str) -> &str {
    let (_, rest) = page.split_once("<main").unwrap();
    rest.split_once("</main>").unwrap().0
}

#[test]
fn the_card_shows_what_a_page_sees_that_declares_nothing() {
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
    // The all-clear of something serious is for everybody for two hours, then for those who were there.
    site.update(1, json!({ "body": "b", "status": "resolved" }));
    assert_eq!(shown(&site, 1), Some(true));
    site.now += 7200;
    assert_eq!(shown(&site, 1), Some(false));
}

#[test]
fn who_has_it_back_is_told_while_it_goes_on_elsewhere() {
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
    let (_, part) = page.split_once("<article id=\"inc_1-part\"").unwrap();
    let part = part.split_once("</article>").unwrap().0;
    assert!(
        part.contains(" hidden"),
        "who that is, only the browser knows"
    );
    for said in [
        "Back since <time></time>:</span></span> <bdi>Sending</bdi>",
        "The problem goes on elsewhere.",
        "Receiving",
    ] {
        assert!(part.contains(said), "{said}: {part}");
    }
}
