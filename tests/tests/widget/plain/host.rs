//! The plain card and its host page: previews, themes, headless pages, announcements.

use e2e::{
    Browser, Mirror, Page, Site, full_outage, has_text,
    mirror::{feed, notice},
};
use serde_json::{Value, json};

use super::*;

/// A page that forbids wasm, with a feed set by the test.
fn mirrored_page(mirror: &Mirror, attributes: &str) -> Page {
    let policy = mirror.policy_without_wasm();
    Page::with_policy(&mirror.embed("acme", attributes), Some(&policy))
}

#[tokio::test(flavor = "multi_thread")]
async fn drills_and_previews_are_labelled_and_themes_apply() {
    let mirror = Mirror::start();
    let mut drill = notice("inc_1", "Messages are delayed");
    drill["drill"] = json!(true);
    mirror.put_feed("acme", &feed(5, &[drill]));
    let page = mirrored_page(&mirror, "data-theme=dark data-shadow=open");
    let browser = Browser::start().await;
    browser.goto(&page.at("/#allclear-drill")).await;
    browser
        .wait_for("the drill", |tree| {
            has_text(tree, "inc_1", "Drill Major: Messages are delayed")
        })
        .await;
    let scheme = browser
        .run("return getComputedStyle(document.querySelector('allclear-banner').shadowRoot.querySelector('article')).colorScheme")
        .await;
    assert_eq!(scheme, json!("dark"));
    browser.goto(&page.at("/?allclear-preview=major")).await;
    browser
        .wait_for("the preview", |tree| {
            tree.text().contains("Preview Major: ")
        })
        .await;
}

/// The beginning of a title is in view: neither the audience nor the direction of the page's
/// language cuts it.
#[tokio::test(flavor = "multi_thread")]
async fn titles_keep_their_beginning_in_the_card_and_the_line() {
    let mirror = Mirror::start();
    let mut first = notice("inc_1", "Nobody can sign in");
    first["audience"]["segments"] =
        json!([{ "slug": "br", "label": "Customers of our Brazilian partner companies" }]);
    let second = notice(
        "inc_2",
        "Reports are late because the database is being rebuilt",
    );
    let mut arabic = feed(5, &[first, second]);
    arabic["lang"] = json!("ar");
    mirror.put_feed("acme", &arabic);
    let page = mirrored_page(&mirror, "data-shadow=open data-lang=ar");
    let browser = Browser::start().await;
    browser.set_viewport(360, 740, 1.0).await;
    browser.goto(&page.url()).await;
    let are_in_view = "
        const root = document.querySelector('allclear-banner')?.shadowRoot;
        return ['[part=title]', '[part=pill] p'].map((name) => {
            const text = root?.querySelector(name + ' bdi')?.firstChild;
            if (!text) return false;
            const beginning = document.createRange();
            beginning.setStart(text, 0);
            beginning.setEnd(text, 3);
            const { left, right, bottom } = beginning.getBoundingClientRect();
            const clip = root.querySelector(name).getBoundingClientRect();
            return left >= clip.left - 1 && right <= clip.right + 1 && bottom <= clip.bottom + 1;
        })";
    browser
        .assert_eventually("the titles", are_in_view, json!([true, true]))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_headless_page_gets_events_and_no_card() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[notice("inc_1", "Messages are delayed")]));
    let page = mirrored_page(&mirror, "data-position=none");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the notice, for the page",
            "return window.Allclear?.state.shown",
            |shown| *shown == json!(["inc_1"]),
        )
        .await;
    assert!(browser.pierce().await.banner().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_that_cannot_be_drawn_does_not_stop_polling() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[notice("inc_1", "First")]));
    let page = mirrored_page(&mirror, "");
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| has_text(tree, "inc_1", "First"))
        .await;
    let mut strange = notice("inc_2", "Strange");
    strange["updates"] = json!(null);
    mirror.put_feed("acme", &feed(6, &[strange]));
    browser
        .wait_for_script(
            "the feed with unknown values",
            "return Allclear.state.feed.rev",
            |rev| *rev == 6,
        )
        .await;
    // After a change of the page, the card would be inserted again if it were missing.
    browser
        .run("document.body.append('x');
            return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        .await;
    let tree = browser.pierce().await;
    assert!(
        tree.notice("inc_1").is_none(),
        "the outdated card is removed"
    );
    mirror.put_feed("acme", &feed(7, &[notice("inc_3", "Third")]));
    browser
        .wait_for("the later update", |tree| has_text(tree, "inc_3", "Third"))
        .await;
    browser.watched().await.assert_no_errors();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_critical_notice_is_assertive_and_reports_its_end() {
    let site = Site::empty();
    let page = page(&site, "");
    let mut critical = full_outage();
    critical["impact"] = json!("critical");
    let incident = site.publish(&critical);
    let browser = Browser::start().await;
    browser.record_announcements().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_announcement("alert: Critical: Messages are delayed")
        .await;
    browser
        .run("Allclear.on('restored', notice => { window.over = (window.over || []).concat(notice.id) })")
        .await;
    site.update(
        &incident,
        &json!({ "status": "identified", "body": "We know." }),
    );
    wait_for_newest_feed(&site, &browser).await;
    assert_eq!(browser.run("return window.over ?? null").await, Value::Null);
    site.update(&incident, &json!({ "status": "resolved", "body": "Over." }));
    wait_for_newest_feed(&site, &browser).await;
    let restored_ids = browser
        .wait_for_script("the event", "return window.over ?? null", |restored_ids| {
            !restored_ids.is_null()
        })
        .await;
    assert_eq!(restored_ids, json!([incident]));
}
