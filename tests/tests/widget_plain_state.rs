//! The plain card, like the widget: what is open, and how well what it says is known.

use e2e::{
    Browser, Mirror, Page, Reply, Tree,
    mirror::{feed, outage},
};
use serde_json::{Value, json};

const UNREACHABLE: &str = "We cannot reach our status service";

/// A page that forbids wasm.
fn page(mirror: &Mirror, before: &str) -> Page {
    let origin = mirror.origin();
    let page = Page::host("");
    page.put(
        "/",
        Reply::html(&format!(
            "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{before}{}",
            mirror.embed("acme", "")
        ))
        .header(
            "content-security-policy",
            &format!(
                "default-src 'none'; script-src {origin} 'unsafe-inline'; connect-src {origin}"
            ),
        ),
    );
    page
}

fn two() -> Vec<Value> {
    let mut first = outage("inc_1", "Messages are delayed");
    first["advice"] = json!("Do not resend.");
    let mut second = outage("inc_2", "Reports load slowly");
    second["advice"] = json!("Come back tomorrow.");
    second["in_app"] = json!("pill");
    vec![first, second]
}

async fn opened(page: &Page) -> Browser {
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the plain card", |tree| tree.notice("inc_1").is_some())
        .await;
    browser
}

fn says(tree: &Tree, id: &str, words: &str) -> bool {
    tree.notice(id)
        .is_some_and(|notice| notice.text().contains(words))
}

async fn press(browser: &Browser, id: &str, part: &str) {
    let tree = browser.pierce().await;
    let node = tree.notice(id).unwrap().part(part).unwrap().clone();
    browser.click(&node).await;
}

/// What is open, as the page is told.
async fn open(browser: &Browser) -> Value {
    browser.run("return Allclear.state.open").await
}

async fn unharmed(browser: &Browser) {
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_follows_the_readers_taps() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &two()));
    let browser = opened(&page(&mirror, "")).await;
    assert_eq!(open(&browser).await, Value::Null);
    press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("all of it", |tree| says(tree, "inc_1", "Do not resend."))
        .await;
    assert_eq!(open(&browser).await, json!("inc_1"));
    press(&browser, "inc_2", "pill").await;
    browser
        .wait_for("the other instead", |tree| {
            says(tree, "inc_2", "Come back tomorrow.") && !says(tree, "inc_1", "Do not resend.")
        })
        .await;
    assert_eq!(open(&browser).await, json!("inc_2"));
    // Folded it is the pill that it came as, and the focus is on it.
    press(&browser, "inc_2", "toggle").await;
    browser
        .wait_for("the pill", |tree| {
            tree.notice("inc_2")
                .is_some_and(|notice| notice.part("pill").is_some())
        })
        .await;
    assert_eq!(open(&browser).await, Value::Null);
    press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("it open", |tree| says(tree, "inc_1", "Less"))
        .await;
    browser.press("Escape").await;
    browser
        .wait_for("it folded", |tree| says(tree, "inc_1", "More"))
        .await;
    assert_eq!(open(&browser).await, Value::Null);
    // An outage that was opened is not its all-clear: that comes as it would have come.
    press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("it open", |tree| says(tree, "inc_1", "Less"))
        .await;
    let mut restored = outage("inc_1", "Messages were delayed");
    restored["kind"] = json!("restored");
    restored["attention"] = json!(2);
    restored["restored"] = json!({ "at": e2e::in_minutes(0), "seconds": 1800, "back": ["Sending"], "check": "Check what you sent.",
        "still": [], "returning_until": null, "everyone_until": null, "expires_at": e2e::in_minutes(600), "withdrawn": null, "postmortem": null });
    mirror.put_feed("acme", &feed(6, &[restored]));
    browser
        .wait_for("the all-clear, open by itself", |tree| {
            says(tree, "inc_1", "Check what you sent.")
        })
        .await;
    assert_eq!(open(&browser).await, Value::Null);
    press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("it folded", |tree| !says(tree, "inc_1", "Check what"))
        .await;
    unharmed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_opens_what_it_likes() {
    let mirror = Mirror::start();
    let mut hidden = outage("inc_3", "Something of others");
    hidden["audience"]["components"] = json!(["reports"]);
    hidden["audience"]["undeclared"] = json!("hide");
    hidden["advice"] = json!("Ask them.");
    let mut notices = two();
    notices.push(hidden);
    mirror.put_feed("acme", &feed(5, &notices));
    let browser = opened(&page(&mirror, "")).await;
    for (id, advice) in [
        ("inc_2", "Come back tomorrow."),
        ("inc_1", "Do not resend."),
        ("inc_3", "Ask them."),
    ] {
        browser.run(&format!("Allclear.open('{id}')")).await;
        browser.wait_for(id, |tree| says(tree, id, advice)).await;
        assert_eq!(open(&browser).await, json!(id));
    }
    for none in ["'inc_none'", "null", "", "{}"] {
        browser
            .run(&format!("Allclear.open('inc_1'); Allclear.open({none})"))
            .await;
        assert_eq!(open(&browser).await, Value::Null, "{none}");
        browser
            .wait_for("nothing open", |tree| says(tree, "inc_1", "More"))
            .await;
    }
    unharmed(&browser).await;

    // Wished for before there was anything.
    let early = page(
        &mirror,
        "<script>window.Allclear = [['open', 'inc_2']]</script>",
    );
    let browser = opened(&early).await;
    browser
        .wait_for("it open", |tree| says(tree, "inc_2", "Come back tomorrow."))
        .await;
    unharmed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_is_as_of_then_until_it_is_confirmed_or_cannot_be() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &two()));
    let page = page(&mirror, "");
    let browser = opened(&page).await;
    mirror.hang_feed("acme");
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("what was known", |tree| says(tree, "inc_1", "As of "))
        .await;
    assert!(!says(&tree, "inc_1", UNREACHABLE), "it is being asked");
    assert_eq!(
        browser.run("return Allclear.state.stale").await,
        json!(true)
    );
    mirror.refuse_feed("acme", 1);
    browser.goto(&page.url()).await;
    browser
        .wait_for("it refuses", |tree| says(tree, "inc_1", UNREACHABLE))
        .await;
    mirror.put_feed("acme", &feed(5, &two()));
    browser
        .wait_for("the confirmation", |tree| {
            tree.notice("inc_1").is_some() && !says(tree, "inc_1", "As of ")
        })
        .await;
    assert_eq!(
        browser.run("return Allclear.state.stale").await,
        json!(false)
    );
    browser.set_offline(true).await;
    browser
        .wait_for("the network's end", |tree| {
            says(tree, "inc_1", "You are offline. As of ")
        })
        .await;
    browser.set_offline(false).await;
    browser
        .wait_for("its return", |tree| !says(tree, "inc_1", "As of "))
        .await;
    unharmed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_can_be_cancelled_and_presses_stay_with_us() {
    let mirror = Mirror::start();
    let mut notice = outage("inc_1", "Messages are delayed");
    notice["contacts"] =
        json!([{ "kind": "link", "label": "Chat", "value": "https://chat.example/" }]);
    mirror.put_feed("acme", &feed(5, &[notice]));
    let browser = opened(&page(
        &mirror,
        "<script>window.pressed = 0; addEventListener('click', () => pressed++); window.Allclear = [['on', 'contact', (contact, event) => {
            event.preventDefault(); window.chosen = contact.label }]]</script>",
    ))
    .await;
    press(&browser, "inc_1", "toggle").await;
    browser
        .wait_for("the contact", |tree| says(tree, "inc_1", "Chat"))
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
    unharmed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_goes_in_through_and_out() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &two()));
    let browser = opened(&page(&mirror, "<input id=field>")).await;
    browser.run("field.focus()").await;
    let expanded = |tree: &Tree| {
        let toggle = tree
            .notice("inc_1")
            .and_then(|notice| notice.part("toggle"));
        toggle.is_some_and(|toggle| toggle.attribute("aria-expanded") == Some("true"))
    };
    browser.press("Tab").await;
    browser.press("Enter").await;
    browser.wait_for("the open card", expanded).await;
    browser.press("Escape").await;
    browser
        .wait_for("the folded card", |tree| !expanded(tree))
        .await;
    // Past "Hide", the link to the status page and the other notice's pill; then the page is in hand again.
    for _ in 0..4 {
        browser.press("Tab").await;
    }
    let left = "return document.activeElement.localName !== 'allclear-banner'";
    browser
        .wait_for_script("the focus outside", left, |left| *left == json!(true))
        .await;
    unharmed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_focus_goes_back_to_where_it_came_from() {
    let mirror = Mirror::start();
    let mut minor = outage("inc_1", "Messages are delayed");
    minor["impact"] = json!("minor");
    mirror.put_feed("acme", &feed(5, &[minor]));
    let browser = opened(&page(&mirror, "<input id=field>")).await;
    browser.run("field.focus()").await;
    for key in ["Tab", "Tab", "Enter"] {
        browser.press(key).await;
    }
    browser
        .wait_for("nothing", |tree| tree.notice("inc_1").is_none())
        .await;
    let focused = "return document.activeElement.id";
    browser
        .wait_for_script("the focus on the page's field", focused, |id| {
            *id == json!("field")
        })
        .await;
    unharmed(&browser).await;
}
