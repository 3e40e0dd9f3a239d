//! Who is told that it is over, and how loudly: each row of the all-clear table, in a real browser.
//!
//! The server's clock is moved to let hours pass. The browser's own stays where it is, so that each of these stories is
//! also one of a computer whose clock is wrong by hours: what counts is the server's `Date`.

mod story;

use e2e::{Browser, Node, Page, Tree};
use serde_json::{Value, json};
use story::{Site, Witness, part, says, see, seen, witness};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
const CHECK: &str = "Check what you sent between 08:00 and 09:00.";

fn outage() -> Value {
    json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are looking into it.",
            "advice": "Do not resend." })
}

fn resolved() -> Value {
    json!({ "status": "resolved", "body": "All queued messages have been delivered.",
            "restored": { "back": ["Sending"], "check": CHECK, "still": ["Reports"] } })
}

fn site() -> Site {
    Site::new("acme", "Acme SMS", &[])
}

/// Opens the page and waits until the loader has seen the feed that is in force.
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

/// Leaves the page, as readers do.
async fn leave(browser: &Browser) {
    browser.goto("about:blank").await;
}

/// Opens the page, and finds nothing on it that a notice could have brought, the widget included.
async fn sees_nothing(site: &Site, page: &Page, browser: &Browser) {
    visit(site, page, browser).await;
    // A second answer: whatever the first one led to has begun.
    browser
        .run("return new Promise(heard => { setTimeout(heard, 300); Allclear.refresh() })")
        .await;
    let tree = browser.pierce().await;
    assert!(tree.banner().is_none(), "{tree}", tree = tree.text());
}

fn over<'tree>(tree: &'tree Tree, incident: &str) -> Option<&'tree Node> {
    tree.notice(incident)
        .filter(|notice| notice.attribute("data-kind") == Some("restored"))
}

/// The full card: what is back, what to check and what is not yet right, in view without a tap.
async fn sees_all_clear(browser: &Browser, incident: &str) -> Tree {
    let tree = see(browser, "the whole all-clear", |tree| {
        over(tree, incident).is_some_and(|notice| notice.text().contains(CHECK))
    })
    .await;
    let notice = over(&tree, incident).unwrap();
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
        "advice of the outage: {words}"
    );
    tree
}

/// The pill, and only that.
async fn sees_pill(browser: &Browser, incident: &str) -> Tree {
    let tree = see(browser, "the pill", |tree| over(tree, incident).is_some()).await;
    let notice = over(&tree, incident).unwrap();
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
    tree
}

#[tokio::test(flavor = "multi_thread")]
async fn a_witness_who_closed_the_browser_reads_it_on_return() {
    let Witness {
        mut site,
        page,
        mut browser,
        incident,
    } = witness(&outage()).await;
    browser.restart().await;

    site.server.restart_at(2 * HOUR);
    site.update(&incident, &resolved());
    site.server.restart_at(2 * DAY);
    visit(&site, &page, &browser).await;
    sees_all_clear(&browser, &incident).await;

    // It stays until it is hidden or 72 h old, whichever comes first.
    browser.restart().await;
    site.server.restart_at(3 * DAY + 3 * HOUR);
    sees_nothing(&site, &page, &browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_there_before_it_was_published_was_hit_too() {
    let mut site = site();
    let page = site.page("");
    let browser = Browser::start().await;
    visit(&site, &page, &browser).await;
    leave(&browser).await;

    site.server.restart_at(30 * MINUTE);
    let mut late = outage();
    late["started_at"] = json!(e2e::in_minutes(-10));
    let incident = site.publish(&late);
    site.server.restart_at(3 * HOUR);
    site.update(&incident, &resolved());
    site.server.restart_at(DAY);
    visit(&site, &page, &browser).await;
    let tree = sees_all_clear(&browser, &incident).await;

    browser.click(&part(&tree, &incident, "hide")).await;
    browser
        .wait_for("nothing", |tree| tree.notice(&incident).is_none())
        .await;
    sees_nothing(&site, &page, &browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_here_before_but_not_during_sees_a_pill_for_a_day() {
    let mut site = site();
    let page = site.page("");
    let browser = Browser::start().await;
    visit(&site, &page, &browser).await;
    leave(&browser).await;

    site.server.restart_at(3 * DAY);
    let incident = site.publish(&outage());
    site.server.restart_at(3 * DAY + HOUR);
    site.update(&incident, &resolved());
    // Newcomers are no longer told by now.
    site.server.restart_at(3 * DAY + 10 * HOUR);
    visit(&site, &page, &browser).await;
    let tree = sees_pill(&browser, &incident).await;

    // Opened, it says everything.
    browser.click(&part(&tree, &incident, "pill")).await;
    sees_all_clear(&browser, &incident).await;

    leave(&browser).await;
    site.server.restart_at(4 * DAY + 2 * HOUR);
    sees_nothing(&site, &page, &browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_profile_sees_a_pill_for_two_hours() {
    let mut site = site();
    let page = site.page("");
    let incident = site.publish(&outage());
    site.server.restart_at(HOUR);
    site.update(&incident, &resolved());
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    sees_pill(&browser, &incident).await;

    site.server.restart_at(3 * HOUR + MINUTE);
    let newcomer = Browser::start().await;
    sees_nothing(&site, &page, &newcomer).await;
    let requests = newcomer.network_requests().await;
    assert!(
        !requests
            .iter()
            .any(|request| request.url.contains("widget")),
        "{requests:#?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_is_not_told_of_what_was_minor() {
    let mut site = site();
    let page = site.page("");
    let mut minor = outage();
    minor["impact"] = json!("minor");
    minor["audience"] = json!({ "undeclared": "show" });
    let incident = site.publish(&minor);
    site.server.restart_at(HOUR);
    site.update(&incident, &resolved());
    let browser = Browser::start().await;
    sees_nothing(&site, &page, &browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hidden_during_it_is_restored_after() {
    let site = site();
    let page = site.page("");
    let browser = Browser::start().await;
    let incident = site.publish(&outage());
    browser.goto(&page.url()).await;
    let tree = see(&browser, "the card", |tree| {
        says(tree, &incident, "Messages are delayed")
    })
    .await;
    browser.click(&part(&tree, &incident, "hide")).await;
    browser
        .wait_for("the pill that a major one leaves", |tree| {
            tree.notice(&incident).is_some_and(|notice| {
                notice.part("pill").is_some() && notice.part("card").is_none()
            })
        })
        .await;
    leave(&browser).await;
    site.update(&incident, &resolved());
    visit(&site, &page, &browser).await;
    sees_all_clear(&browser, &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reopened_it_is_back_for_those_who_hid_the_all_clear() {
    let Witness {
        site,
        page: _page,
        browser,
        incident,
    } = witness(&outage()).await;
    site.update(&incident, &resolved());
    let tree = sees_all_clear(&browser, &incident).await;
    browser.click(&part(&tree, &incident, "hide")).await;
    browser
        .wait_for("nothing", |tree| tree.notice(&incident).is_none())
        .await;

    site.update(
        &incident,
        &json!({ "status": "investigating", "body": "It is back. We are sorry." }),
    );
    let tree = see(&browser, "the card again", |tree| {
        says(tree, &incident, "It is back. We are sorry.")
    })
    .await;
    let notice = tree.notice(&incident).unwrap();
    assert_eq!(notice.attribute("data-kind"), Some("incident"));
    assert!(
        notice.part("card").is_some() && !notice.text().contains("esolved"),
        "{notice}"
    );

    site.update(&incident, &resolved());
    sees_all_clear(&browser, &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_notice_says_why_to_those_who_saw_it() {
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
    let tree = see(&browser, "the reason", |tree| says(tree, &incident, reason)).await;
    let notice = over(&tree, &incident).expect("it is over");
    assert!(
        notice.text().starts_with("Withdrawn: Messages are delayed")
            && !notice.text().contains("esolved"),
        "nothing was broken: {}",
        notice.text()
    );

    // Read once: hidden, it stays so, and nobody else ever hears of it.
    browser.click(&part(&tree, &incident, "hide")).await;
    browser
        .wait_for("nothing", |tree| tree.notice(&incident).is_none())
        .await;
    sees_nothing(&site, &page, &browser).await;
    let newcomer = Browser::start().await;
    sees_nothing(&site, &page, &newcomer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_poll_is_no_all_clear() {
    let Witness {
        mut site,
        page: _page,
        browser,
        incident,
    } = witness(&outage()).await;
    site.server.kill9();
    browser
        .run("Allclear.refresh(); return new Promise(heard => setTimeout(heard, 500))")
        .await;
    let tree = browser.pierce().await;
    assert!(
        says(&tree, &incident, "Messages are delayed"),
        "{}",
        tree.text()
    );
    assert!(over(&tree, &incident).is_none());
}

/// An outage of two components, seen by a page that uses one of them.
async fn on_a_page_that_sends() -> (Site, Page, Browser, String) {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Receiving"]);
    let page = site.page("data-components=sending");
    let mut both = outage();
    both["components"] = json!([{ "id": "sending", "status": "major_outage" }, { "id": "receiving", "status": "major_outage" }]);
    let incident = site.publish(&both);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    see(&browser, "the card", |tree| {
        says(tree, &incident, "Messages are delayed")
    })
    .await;
    seen(&browser, &incident).await;
    (site, page, browser, incident)
}

fn sending(status: &str) -> Value {
    json!({ "status": "identified", "body": "We are getting there.", "components": [{ "id": "sending", "status": status }] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_part_is_back_gets_an_all_clear_of_its_own() {
    let (site, page, browser, incident) = on_a_page_that_sends().await;
    browser
        .run("window.said = []; Allclear.on('restored', (notice) => said.push(notice.id))")
        .await;
    site.update(&incident, &sending("operational"));
    let tree = see(&browser, "the page's own all-clear", |tree| {
        over(tree, &incident).is_some()
    })
    .await;
    let notice = over(&tree, &incident).unwrap();
    let words = notice.text();
    assert!(words.contains("Back since "), "{words}");
    assert!(words.contains("The problem goes on elsewhere."), "{words}");
    assert!(
        !words.contains("Do not resend"),
        "advice of the outage: {words}"
    );
    assert!(
        !words.contains("Working again") && !words.contains("esolved"),
        "it is not over: {words}"
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
    let page_of_it = notice.find(|node| {
        node.name == "a"
            && node
                .attribute("href")
                .is_some_and(|href| href.ends_with(&incident))
    });
    assert!(page_of_it.is_some(), "{notice}");
    assert_eq!(browser.run("return said").await, json!([incident]));
    browser
        .wait_for("the announcement", |tree| {
            tree.find(|node| node.attribute("role") == Some("status"))
                .is_some_and(|region| region.text().contains("Back since "))
        })
        .await;

    // Hidden, it stays so; a page that uses the other component still has the outage, also in the same browser.
    browser.click(&part(&tree, &incident, "hide")).await;
    browser
        .wait_for("nothing", |tree| tree.notice(&incident).is_none())
        .await;
    sees_nothing(&site, &page, &browser).await;
    let other = site.page("data-components=receiving");
    browser.goto(&other.url()).await;
    see(&browser, "the outage", |tree| {
        says(tree, &incident, "Messages are delayed") && over(tree, &incident).is_none()
    })
    .await;

    // Worse again: the outage is back, and so is the news when it is over.
    browser.goto(&page.url()).await;
    site.update(&incident, &sending("partial_outage"));
    see(&browser, "the outage again", |tree| {
        tree.notice(&incident).is_some() && over(tree, &incident).is_none()
    })
    .await;
    site.update(&incident, &resolved());
    sees_all_clear(&browser, &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_part_is_back_tells_newcomers_nothing() {
    let (site, page, _witness, incident) = on_a_page_that_sends().await;
    site.update(&incident, &sending("operational"));
    let newcomer = Browser::start().await;
    sees_nothing(&site, &page, &newcomer).await;
}
