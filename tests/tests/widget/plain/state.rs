//! The plain card's state: the open notice, and how current the feed is.

use e2e::{
    Browser, Mirror, Page, Tree, has_text,
    mirror::{feed, notice},
    press,
};
use serde_json::{Value, json};

const UNREACHABLE: &str = "We cannot reach our status service";

/// A page that forbids wasm.
fn page(mirror: &Mirror, before: &str) -> Page {
    let origin = mirror.origin();
    let policy =
        format!("default-src 'none'; script-src {origin} 'unsafe-inline'; connect-src {origin}");
    Page::with_policy(
        &format!("{before}{}", mirror.embed("acme", "")),
        Some(&policy),
    )
}

fn two_notices() -> Vec<Value> {
    let mut first = notice("inc_1", "Messages are delayed");
    first["advice"] = json!("Do not resend.");
    let mut second = notice("inc_2", "Reports load slowly");
    second["advice"] = json!("Come back tomorrow.");
    second["in_app"] = json!("pill");
    vec![first, second]
}

async fn open_page(page: &Page) -> Browser {
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the plain card", |tree| tree.notice("inc_1").is_some())
        .await;
    browser
}

/// Asserts which notice is open, as the page reads it.
async fn assert_open(browser: &Browser, expected: Value) {
    let open = "return Allclear.state.open";
    browser
        .assert_eventually("the open notice", open, expected)
        .await;
}

async fn assert_stale(browser: &Browser, expected: bool) {
    let stale = "return Allclear.state.stale";
    browser
        .assert_eventually("the state", stale, json!(expected))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_open_notice_follows_the_readers_clicks() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &two_notices()));
    let browser = open_page(&page(&mirror, "")).await;
    assert_open(&browser, Value::Null).await;
    press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("the expanded card", |tree| {
            has_text(tree, "inc_1", "Do not resend.")
        })
        .await;
    assert_open(&browser, json!("inc_1")).await;
    press(&browser, "inc_2", "pill").await;
    browser
        .wait_for("the other notice", |tree| {
            has_text(tree, "inc_2", "Come back tomorrow.")
                && !has_text(tree, "inc_1", "Do not resend.")
        })
        .await;
    assert_open(&browser, json!("inc_2")).await;
    // Collapsing turns the notice into the pill that it was at the start.
    press(&browser, "inc_2", "toggle").await;
    browser
        .wait_for("the pill", |tree| {
            tree.notice("inc_2")
                .is_some_and(|notice| notice.part("pill").is_some())
        })
        .await;
    assert_open(&browser, Value::Null).await;
    press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("the expanded card", |tree| has_text(tree, "inc_1", "Less"))
        .await;
    browser.press("Escape").await;
    browser
        .wait_for("the collapsed card", |tree| has_text(tree, "inc_1", "More"))
        .await;
    assert_open(&browser, Value::Null).await;
    // Expanding an outage does not expand its all-clear.
    press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("the expanded card", |tree| has_text(tree, "inc_1", "Less"))
        .await;
    let mut restored = notice("inc_1", "Messages were delayed");
    restored["kind"] = json!("restored");
    restored["attention"] = json!(2);
    // A minute from now: times are whole seconds, and the reader must have been on the page before it.
    restored["restored"] = json!({ "at": e2e::in_minutes(1), "seconds": 1800, "back": ["Sending"], "check": "Check what you sent.",
        "still": [], "returning_until": null, "everyone_until": null, "expires_at": e2e::in_minutes(600), "withdrawn": null, "postmortem": null });
    mirror.put_feed("acme", &feed(6, &[restored]));
    browser
        .wait_for("the all-clear, expanded without a press", |tree| {
            has_text(tree, "inc_1", "Check what you sent.")
        })
        .await;
    assert_open(&browser, Value::Null).await;
    press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("the collapsed card", |tree| {
            !has_text(tree, "inc_1", "Check what")
        })
        .await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_can_open_any_notice() {
    let mirror = Mirror::start();
    let mut hidden = notice("inc_3", "Something for others");
    hidden["audience"]["components"] = json!(["reports"]);
    hidden["audience"]["undeclared"] = json!("hide");
    hidden["advice"] = json!("Ask them.");
    let mut notices = two_notices();
    notices.push(hidden);
    mirror.put_feed("acme", &feed(5, &notices));
    let browser = open_page(&page(&mirror, "")).await;
    for (id, advice) in [
        ("inc_2", "Come back tomorrow."),
        ("inc_1", "Do not resend."),
        ("inc_3", "Ask them."),
    ] {
        browser.run(&format!("Allclear.open('{id}')")).await;
        browser
            .wait_for(id, |tree| has_text(tree, id, advice))
            .await;
        assert_open(&browser, json!(id)).await;
    }
    for none in ["'inc_none'", "null", "", "{}"] {
        browser
            .run(&format!("Allclear.open('inc_1'); Allclear.open({none})"))
            .await;
        assert_open(&browser, Value::Null).await;
        browser
            .wait_for("the collapsed card", |tree| has_text(tree, "inc_1", "More"))
            .await;
    }
    browser.watched().await.assert_no_errors();

    // `open` is called before the first feed.
    let early = page(
        &mirror,
        "<script>window.Allclear = [['open', 'inc_2']]</script>",
    );
    let browser = open_page(&early).await;
    browser
        .wait_for("the expanded card", |tree| {
            has_text(tree, "inc_2", "Come back tomorrow.")
        })
        .await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_feed_shows_its_age_until_it_is_confirmed() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &two_notices()));
    let page = page(&mirror, "");
    let browser = open_page(&page).await;
    mirror.hang_feed("acme");
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the stored card", |tree| has_text(tree, "inc_1", "As of "))
        .await;
    assert!(
        !has_text(&tree, "inc_1", UNREACHABLE),
        "the server has not failed yet"
    );
    assert_stale(&browser, true).await;
    mirror.refuse_feed("acme", 1);
    browser.goto(&page.url()).await;
    browser
        .wait_for("the note that the server is unreachable", |tree| {
            has_text(tree, "inc_1", UNREACHABLE)
        })
        .await;
    mirror.put_feed("acme", &feed(5, &two_notices()));
    browser
        .wait_for("the confirmation", |tree| {
            tree.notice("inc_1").is_some() && !has_text(tree, "inc_1", "As of ")
        })
        .await;
    assert_stale(&browser, false).await;
    browser.set_offline(true).await;
    browser
        .wait_for("the message that the browser is offline", |tree| {
            has_text(tree, "inc_1", "You are offline. As of ")
        })
        .await;
    browser.set_offline(false).await;
    browser
        .wait_for("the next poll", |tree| !has_text(tree, "inc_1", "As of "))
        .await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_event_can_be_cancelled_and_clicks_do_not_bubble() {
    let mirror = Mirror::start();
    let mut notice = notice("inc_1", "Messages are delayed");
    notice["contacts"] =
        json!([{ "kind": "link", "label": "Chat", "value": "https://chat.example/" }]);
    mirror.put_feed("acme", &feed(5, &[notice]));
    let browser = open_page(&page(
        &mirror,
        "<script>window.pressed = 0; addEventListener('click', () => pressed++); window.Allclear = [['on', 'contact', (contact, event) => {
            event.preventDefault(); window.chosen = contact.label }]]</script>",
    ))
    .await;
    press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("the contact", |tree| has_text(tree, "inc_1", "Chat"))
        .await;
    press(&browser, "inc_1", "contact").await;
    browser
        .wait_for_script(
            "the page's own chat",
            "return window.chosen ?? null",
            |chosen| *chosen == json!("Chat"),
        )
        .await;
    assert_eq!(browser.driver().windows().await.unwrap().len(), 1);
    assert_eq!(browser.run("return pressed").await, json!(0));
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_enters_and_leaves_the_card() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &two_notices()));
    let browser = open_page(&page(&mirror, "<input id=field>")).await;
    browser.run("field.focus()").await;
    let expanded = |tree: &Tree| {
        let toggle = tree
            .notice("inc_1")
            .and_then(|notice| notice.part("toggle"));
        toggle.is_some_and(|toggle| toggle.attribute("aria-expanded") == Some("true"))
    };
    browser.press("Tab").await;
    browser.press("Enter").await;
    browser.wait_for("the expanded card", expanded).await;
    browser.press("Escape").await;
    browser
        .wait_for("the collapsed card", |tree| !expanded(tree))
        .await;
    // Tab passes "Hide", the link to the status page and the other notice's pill; then the focus is
    // in the page again.
    for _ in 0..4 {
        browser.press("Tab").await;
    }
    let left = "return document.activeElement.localName !== 'allclear-banner'";
    browser
        .wait_for_script("the focus outside", left, |left| *left == json!(true))
        .await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn hiding_the_card_returns_the_focus_to_the_page() {
    let mirror = Mirror::start();
    let mut minor = notice("inc_1", "Messages are delayed");
    minor["impact"] = json!("minor");
    mirror.put_feed("acme", &feed(5, &[minor]));
    let browser = open_page(&page(&mirror, "<input id=field>")).await;
    browser.run("field.focus()").await;
    for key in ["Tab", "Tab", "Enter"] {
        browser.press(key).await;
    }
    browser
        .wait_for("no notice", |tree| tree.notice("inc_1").is_none())
        .await;
    let focused = "return document.activeElement.id";
    browser
        .wait_for_script("the focus on the page's field", focused, |id| {
            *id == json!("field")
        })
        .await;
    browser.watched().await.assert_no_errors();
}
