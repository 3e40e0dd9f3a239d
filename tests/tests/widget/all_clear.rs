//! Visibility of the all-clear, for each kind of reader, in a real browser.
//!
//! The server's clock is moved to let hours pass. The browser's clock stays, so that each test also covers a computer
//! whose clock is off by hours: the server's `Date` counts.

use e2e::{
    Browser, Node, Page, Site, Tree, Witness, assert_no_card, has_text, outage, poll_until, press,
    wait_until_seen, witness,
};
use serde_json::{Value, json};

use crate::failures::wait_for_failed_feed;

/// In seconds, like the two constants below.
const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const CHECK: &str = "Check what you sent between 08:00 and 09:00.";

fn resolving_update() -> Value {
    json!({ "status": "resolved", "body": "All queued messages have been delivered.",
            "restored": { "back": ["Sending"], "check": CHECK, "still": ["Reports"] } })
}

fn site() -> Site {
    Site::empty()
}

/// Opens the page and waits until the loader has the newest feed.
async fn visit(site: &Site, page: &Page, browser: &Browser) {
    let rev = site.feed().json["rev"].as_u64();
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the feed",
            "return window.Allclear?.state.feed?.rev",
            |seen| seen.as_u64() == rev,
        )
        .await;
}

async fn leave(browser: &Browser) {
    browser.goto("about:blank").await;
}

/// Opens the page, and asserts that it neither shows nor loads a card.
async fn assert_nothing_shown(site: &Site, page: &Page, browser: &Browser) {
    visit(site, page, browser).await;
    assert_no_card(browser).await;
}

fn restored_notice<'tree>(tree: &'tree Tree, incident: &str) -> Option<&'tree Node> {
    tree.notice(incident)
        .filter(|notice| notice.attribute("data-kind") == Some("restored"))
}

/// Asserts that the full card is in view without a tap: what works again, what to check, and the remaining problems.
async fn assert_full_all_clear(browser: &Browser, incident: &str) {
    let tree = poll_until(browser, "the full all-clear", |tree| {
        restored_notice(tree, incident).is_some_and(|notice| notice.text().contains(CHECK))
    })
    .await;
    let notice = restored_notice(&tree, incident).unwrap();
    let words = notice.text();
    assert!(
        words.starts_with("Mostly resolved: Messages are delayed"),
        "{words}"
    );
    assert!(words.contains("Working again since"), "{words}");
    for part in ["card", "restored", "hide"] {
        assert!(notice.part(part).is_some(), "no {part}: {words}");
    }
    for text in [CHECK, "Sending", "Reports"] {
        let node = notice.with_text(text).unwrap();
        assert!(browser.is_shown(node).await, "{text} is not in view");
    }
    assert!(
        !words.contains("Do not resend"),
        "the advice of the outage is still shown: {words}"
    );
}

/// Asserts that the all-clear is drawn as a pill, and nothing else of it.
async fn assert_pill(browser: &Browser, incident: &str) {
    let tree = poll_until(browser, "the pill", |tree| {
        restored_notice(tree, incident).is_some()
    })
    .await;
    let notice = restored_notice(&tree, incident).unwrap();
    assert!(
        notice.part("pill").is_some() && notice.part("card").is_none(),
        "{notice}"
    );
    assert!(
        notice
            .text()
            .starts_with("Mostly resolved: Messages are delayed · "),
        "{}",
        notice.text()
    );
    assert!(!notice.text().contains(CHECK));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_sees_the_all_clear_after_a_browser_restart() {
    let Witness {
        mut site,
        page,
        mut browser,
        incident,
    } = witness(&outage()).await;
    browser.restart().await;

    site.server.restart_with_clock_offset(2 * HOUR);
    site.update(&incident, &resolving_update());
    site.server.restart_with_clock_offset(2 * DAY);
    visit(&site, &page, &browser).await;
    assert_full_all_clear(&browser, &incident).await;

    // The all-clear stays until it is hidden or 72 h old.
    browser.restart().await;
    site.server.restart_with_clock_offset(3 * DAY + 3 * HOUR);
    assert_nothing_shown(&site, &page, &browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_present_before_publication_sees_the_all_clear() {
    let mut site = site();
    let page = site.page("");
    let browser = Browser::start().await;
    visit(&site, &page, &browser).await;
    leave(&browser).await;

    site.server.restart_with_clock_offset(30 * MINUTE);
    let mut late = outage();
    late["started_at"] = json!(e2e::in_minutes(-10));
    let incident = site.publish(&late);
    site.server.restart_with_clock_offset(3 * HOUR);
    site.update(&incident, &resolving_update());
    site.server.restart_with_clock_offset(DAY);
    visit(&site, &page, &browser).await;
    assert_full_all_clear(&browser, &incident).await;

    press(&browser, &incident, "hide").await;
    browser
        .wait_for("no notice", |tree| tree.notice(&incident).is_none())
        .await;
    assert_nothing_shown(&site, &page, &browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_returning_visitor_sees_a_pill_for_24_h() {
    let mut site = site();
    let page = site.page("");
    let browser = Browser::start().await;
    visit(&site, &page, &browser).await;
    leave(&browser).await;

    site.server.restart_with_clock_offset(3 * DAY);
    let incident = site.publish(&outage());
    site.server.restart_with_clock_offset(3 * DAY + HOUR);
    site.update(&incident, &resolving_update());
    // New visitors no longer see it.
    site.server.restart_with_clock_offset(3 * DAY + 10 * HOUR);
    visit(&site, &page, &browser).await;
    assert_pill(&browser, &incident).await;

    // The expanded pill shows everything.
    press(&browser, &incident, "pill").await;
    assert_full_all_clear(&browser, &incident).await;

    leave(&browser).await;
    site.server.restart_with_clock_offset(4 * DAY + 2 * HOUR);
    assert_nothing_shown(&site, &page, &browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_visitor_sees_a_pill_for_2_h() {
    let mut site = site();
    let page = site.page("");
    let incident = site.publish(&outage());
    site.server.restart_with_clock_offset(HOUR);
    site.update(&incident, &resolving_update());
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    assert_pill(&browser, &incident).await;

    site.server.restart_with_clock_offset(3 * HOUR + MINUTE);
    let newcomer = Browser::start().await;
    assert_nothing_shown(&site, &page, &newcomer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_visitor_sees_no_all_clear_of_a_minor_incident() {
    let mut site = site();
    let page = site.page("");
    let mut minor = outage();
    minor["impact"] = json!("minor");
    minor["audience"] = json!({ "undeclared": "show" });
    let incident = site.publish(&minor);
    site.server.restart_with_clock_offset(HOUR);
    site.update(&incident, &resolving_update());
    let browser = Browser::start().await;
    assert_nothing_shown(&site, &page, &browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_who_hid_the_notice_sees_the_all_clear() {
    let site = site();
    let page = site.page("");
    let browser = Browser::start().await;
    let incident = site.publish(&outage());
    browser.goto(&page.url()).await;
    poll_until(&browser, "the card", |tree| {
        has_text(tree, &incident, "Messages are delayed")
    })
    .await;
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("the pill of the hidden major notice", |tree| {
            tree.notice(&incident).is_some_and(|notice| {
                notice.part("pill").is_some() && notice.part("card").is_none()
            })
        })
        .await;
    leave(&browser).await;
    site.update(&incident, &resolving_update());
    visit(&site, &page, &browser).await;
    assert_full_all_clear(&browser, &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reopened_incident_shows_for_those_who_hid_the_all_clear() {
    let Witness {
        site,
        page: _page,
        browser,
        incident,
    } = witness(&outage()).await;
    site.update(&incident, &resolving_update());
    assert_full_all_clear(&browser, &incident).await;
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("no notice", |tree| tree.notice(&incident).is_none())
        .await;

    site.update(
        &incident,
        &json!({ "status": "investigating", "body": "It is back. We are sorry." }),
    );
    let tree = poll_until(&browser, "the card again", |tree| {
        has_text(tree, &incident, "It is back. We are sorry.")
    })
    .await;
    let notice = tree.notice(&incident).unwrap();
    assert_eq!(notice.attribute("data-kind"), Some("incident"));
    assert!(
        notice.part("card").is_some() && !notice.text().contains("esolved"),
        "{notice}"
    );

    site.update(&incident, &resolving_update());
    assert_full_all_clear(&browser, &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_notice_shows_its_reason_to_witnesses() {
    let Witness {
        site,
        page,
        browser,
        incident,
    } = witness(&outage()).await;
    let reason = "This was a test that went to the wrong site. Nothing was delayed.";
    let withdrawn = site.post(
        &format!("/incidents/{incident}/withdraw"),
        &json!({ "reason": reason }),
    );
    assert!(withdrawn.status < 300, "{}", withdrawn.text());
    let tree = poll_until(&browser, "the reason", |tree| {
        has_text(tree, &incident, reason)
    })
    .await;
    let notice = restored_notice(&tree, &incident).expect("a restored notice");
    assert!(
        notice.text().starts_with("Withdrawn: Messages are delayed")
            && !notice.text().contains("esolved"),
        "nothing was broken: {}",
        notice.text()
    );

    // The hidden notice stays hidden, and new visitors do not see it.
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("no notice", |tree| tree.notice(&incident).is_none())
        .await;
    assert_nothing_shown(&site, &page, &browser).await;
    let newcomer = Browser::start().await;
    assert_nothing_shown(&site, &page, &newcomer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_poll_gives_no_all_clear() {
    let Witness {
        mut site,
        page: _page,
        browser,
        incident,
    } = witness(&outage()).await;
    site.server.kill();
    browser.run("Allclear.refresh()").await;
    wait_for_failed_feed(&browser).await;
    let tree = browser.pierce().await;
    assert!(
        has_text(&tree, &incident, "Messages are delayed"),
        "{}",
        tree.text()
    );
    assert!(restored_notice(&tree, &incident).is_none());
}

/// An outage of two components, seen by a page that uses one of them.
async fn witness_of_one_component() -> (Site, Page, Browser, String) {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Receiving"]);
    let page = site.page("data-components=sending");
    let mut outage_of_two = outage();
    outage_of_two["components"] = json!([{ "id": "sending", "status": "major_outage" }, { "id": "receiving", "status": "major_outage" }]);
    let incident = site.publish(&outage_of_two);
    let browser = Browser::start().await;
    browser.record_announcements().await;
    browser.goto(&page.url()).await;
    poll_until(&browser, "the card", |tree| {
        has_text(tree, &incident, "Messages are delayed")
    })
    .await;
    wait_until_seen(&browser, &incident).await;
    (site, page, browser, incident)
}

fn sending(status: &str) -> Value {
    json!({ "status": "identified", "body": "We are getting there.", "components": [{ "id": "sending", "status": status }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_restored_component_gets_its_all_clear() {
    let (site, page, browser, incident) = witness_of_one_component().await;
    browser
        .run("window.restored_ids = []; Allclear.on('restored', (notice) => restored_ids.push(notice.id))")
        .await;
    site.update(&incident, &sending("operational"));
    let tree = poll_until(&browser, "the page's own all-clear", |tree| {
        restored_notice(tree, &incident).is_some()
    })
    .await;
    let notice = restored_notice(&tree, &incident).unwrap();
    let words = notice.text();
    assert!(words.contains("Back since "), "{words}");
    assert!(words.contains("The problem goes on elsewhere."), "{words}");
    assert!(
        !words.contains("Do not resend"),
        "the advice of the outage is still shown: {words}"
    );
    assert!(
        !words.contains("Working again") && !words.contains("esolved"),
        "the incident is not resolved: {words}"
    );
    let list = |name: &str| notice.part(name).map(Node::text).unwrap_or_default();
    assert!(
        list("works").contains("Sending") && list("broken").contains("Receiving"),
        "{notice}"
    );
    assert!(
        browser.is_shown(notice.part("works").unwrap()).await,
        "without a tap"
    );
    let incident_link = notice.find(|node| {
        node.name == "a"
            && node
                .attribute("href")
                .is_some_and(|href| href.ends_with(&incident))
    });
    assert!(incident_link.is_some(), "{notice}");
    browser
        .assert_eventually("the event", "return restored_ids", json!([incident]))
        .await;
    browser.wait_for_announcement("Back since ").await;

    // The all-clear stays hidden; in the same browser, a page of the other component still shows
    // the outage.
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("no notice", |tree| tree.notice(&incident).is_none())
        .await;
    assert_nothing_shown(&site, &page, &browser).await;
    let other = site.page("data-components=receiving");
    browser.goto(&other.url()).await;
    poll_until(&browser, "the outage", |tree| {
        has_text(tree, &incident, "Messages are delayed")
            && restored_notice(tree, &incident).is_none()
    })
    .await;

    // The component fails again: the outage returns, and so does the all-clear.
    browser.goto(&page.url()).await;
    site.update(&incident, &sending("partial_outage"));
    poll_until(&browser, "the outage again", |tree| {
        tree.notice(&incident).is_some() && restored_notice(tree, &incident).is_none()
    })
    .await;
    site.update(&incident, &resolving_update());
    assert_full_all_clear(&browser, &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_visitor_sees_no_all_clear_of_one_component() {
    let (site, page, _witness, incident) = witness_of_one_component().await;
    site.update(&incident, &sending("operational"));
    let newcomer = Browser::start().await;
    assert_nothing_shown(&site, &page, &newcomer).await;
}
