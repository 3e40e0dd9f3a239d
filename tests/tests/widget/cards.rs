//! Details of cards: maintenance and its calendar file, postmortems, positions, keyboard.

use e2e::{
    Browser, Motion, Scheme, Site, Tree, Witness, has_text, outage, part, poll_until, press,
    witness,
};
use serde_json::{Value, json};

fn is_toggle_expanded(tree: &Tree, incident: &str, expanded: &str) -> bool {
    tree.notice(incident)
        .and_then(|notice| notice.part("toggle"))
        .is_some_and(|toggle| toggle.attribute("aria-expanded") == Some(expanded))
}

#[tokio::test(flavor = "multi_thread")]
async fn maintenance_shows_local_time_and_links_to_its_calendar() {
    let site = Site::empty();
    let maintenance = site.publish(&json!({ "kind": "maintenance", "title": "New servers", "body": "We move.",
        "scheduled_for": "2099-03-01T22:00:00Z", "scheduled_until": "2099-03-01T23:30:00Z", "announce_from": e2e::in_minutes(-1) }));
    let page = site.page("");
    let browser = Browser::start().await;
    browser.set_time_zone("Asia/Tokyo").await;
    browser.goto(&page.url()).await;
    press(&browser, &maintenance, "pill").await;
    let tree = browser
        .wait_for("the card", |tree| {
            has_text(tree, &maintenance, "Add to calendar")
        })
        .await;
    let notice = tree.notice(&maintenance).unwrap();
    assert!(
        notice
            .text()
            .contains("Begins Mon, Mar 2, 07:00 GMT+9. Ends by 08:30."),
        "zone and day are named once: {}",
        notice.text()
    );
    // The link leads to the server's file.
    let address = format!("{}/s/acme/incidents/{maintenance}.ics", site.server.url());
    let link = notice.find(|node| node.attribute("href") == Some(&address));
    assert!(link.is_some(), "no link to {address}: {notice}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_late_postmortem_is_shown_to_witnesses_as_a_pill() {
    let Witness {
        mut site,
        page: _page,
        browser,
        incident,
    } = witness(&outage()).await;
    site.update(
        &incident,
        &json!({ "status": "resolved", "body": "Fixed." }),
    );
    poll_until(&browser, "the all-clear", |tree| {
        has_text(tree, &incident, "Resolved: Messages are delayed")
    })
    .await;

    site.server.restart_with_clock_offset(5 * 86_400);
    poll_until(&browser, "nothing after 72 h", |tree| {
        tree.notice(&incident).is_none()
    })
    .await;
    let postmortem_body = json!({ "root_cause": "A carrier's **gateway** was full.", "remedy": "We moved to the second one.",
        "window": { "start": e2e::in_minutes(-100), "end": e2e::in_minutes(-40) },
        "prevention": ["Alert at 80 %", "Test the second gateway weekly"] });
    let path = site.path(&format!("/incidents/{incident}/postmortem"));
    let put = site
        .server
        .request("PUT", &path)
        .token(&site.token)
        .json(&postmortem_body)
        .send()
        .unwrap();
    assert!(put.status < 300, "{}", put.text());
    let tree = poll_until(&browser, "a pill", |tree| tree.notice(&incident).is_some()).await;
    assert!(
        tree.notice(&incident).unwrap().part("card").is_none(),
        "a pill, not a card"
    );
    press(&browser, &incident, "pill").await;
    let tree = browser
        .wait_for("the postmortem", |tree| {
            has_text(tree, &incident, "Test the second gateway weekly")
        })
        .await;
    let words = tree.notice(&incident).unwrap().text();
    for text in [
        "What happened",
        "A carrier's gateway was full.",
        "We moved to the second one.",
        "Alert at 80 %",
    ] {
        assert!(words.contains(text), "{text} is not in: {words}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn data_position_places_the_card() {
    let site = Site::empty();
    let incident = site.publish(&outage());
    for (attributes, is_there) in [
        (
            "",
            (|[_, top, _, height]| top + height > 780.0) as fn([f64; 4]) -> bool,
        ),
        ("data-position=top", |[_, top, _, _]| top < 30.0),
        ("data-position=corner", |[left, top, width, height]| {
            left > 640.0 && width < 420.0 && top + height > 700.0
        }),
    ] {
        let page = site.page(attributes);
        let browser = Browser::watching().await;
        // Without motion, so that the card is measured at its final position.
        browser.set_media(Scheme::Light, Motion::Reduced).await;
        browser.set_viewport(1280, 800, 1.0).await;
        browser.goto(&page.url()).await;
        let tree = browser
            .wait_for("the card", |tree| {
                has_text(tree, &incident, "Messages are delayed")
            })
            .await;
        let card = part(&tree, &incident, "card");
        browser
            .wait_for_rectangle(attributes, &card, is_there)
            .await;
        assert!(browser.watched().await.shift.abs() < f64::EPSILON);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_operates_the_card_and_keeps_the_focus() {
    let site = Site::empty();
    let embed = site.server.embed("acme", "data-shadow=open");
    let page = e2e::Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><input id=field autofocus>{embed}"
    ));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .run("document.getElementById('field').focus()")
        .await;
    let incident = site.publish(&outage());
    poll_until(&browser, "the card", |tree| {
        has_text(tree, &incident, "Messages are delayed")
    })
    .await;
    let focused = "const deep = root => root.activeElement?.shadowRoot ? deep(root.activeElement.shadowRoot) : root.activeElement; \
                   const at = deep(document); return at?.id || at?.getAttribute('part') || at?.localName";
    assert_eq!(
        browser.run(focused).await,
        json!("field"),
        "the card does not take the focus"
    );

    browser.press("Tab").await;
    assert_eq!(browser.run(focused).await, json!("toggle"));
    browser.press("Enter").await;
    browser
        .wait_for("the expanded card", |tree| {
            is_toggle_expanded(tree, &incident, "true")
        })
        .await;
    site.update(
        &incident,
        &json!({ "body": "Still at it.", "status": "identified" }),
    );
    poll_until(&browser, "the newest update", |tree| {
        has_text(tree, &incident, "Still at it.")
    })
    .await;
    let why = "an update does not take the focus away";
    browser
        .assert_eventually(why, focused, json!("toggle"))
        .await;
    browser.press("Escape").await;
    browser
        .wait_for("the collapsed card", |tree| {
            is_toggle_expanded(tree, &incident, "false")
        })
        .await;
    browser
        .assert_eventually("the focus stays", focused, json!("toggle"))
        .await;
    browser.press("Tab").await;
    browser
        .assert_eventually("the next button", focused, json!("hide"))
        .await;
    browser.press("Enter").await;
    browser
        .wait_for("the pill", |tree| {
            tree.notice(&incident)
                .is_some_and(|notice| notice.part("card").is_none())
        })
        .await;
    let is_part = |name: &str| {
        let name = name.to_owned();
        move |at: &Value| *at == json!(name)
    };
    browser
        .wait_for_script("the focus on the pill", focused, is_part("pill"))
        .await;
    browser.press("Enter").await;
    browser
        .wait_for_script("the focus on the card's button", focused, is_part("toggle"))
        .await;
    browser.press("Escape").await;
    browser
        .wait_for_script("the focus on the pill again", focused, is_part("pill"))
        .await;

    // A hidden all-clear is removed: the focus returns to the page's field, where it was before.
    site.update(
        &incident,
        &json!({ "status": "resolved", "body": "Fixed." }),
    );
    poll_until(&browser, "the all-clear", |tree| {
        has_text(tree, &incident, "Resolved: Messages are delayed")
    })
    .await;
    browser
        .run("document.getElementById('field').focus()")
        .await;
    browser.press("Tab").await;
    browser.press("Tab").await;
    browser
        .assert_eventually("the second button", focused, json!("hide"))
        .await;
    browser.press("Enter").await;
    browser
        .wait_for("no notice", |tree| tree.notice(&incident).is_none())
        .await;
    browser
        .wait_for_script("the focus on the page's field", focused, is_part("field"))
        .await;
}
