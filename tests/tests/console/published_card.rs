//! The preview equals what users see afterwards, in every language and for every kind.

use std::time::{Duration, Instant};

use e2e::{Browser, Node, Operator, Page, Site, Tree, assert_no_card, labels};
use serde_json::{Value, json};

/// Waits until the card contains all of these texts; returns the card's text without minutes. A
/// card in another language is drawn before its labels arrive.
async fn wait_for_card_text(browser: &Browser, words: &[&str]) -> String {
    let says = |tree: &Tree| {
        let notices = tree.notices();
        let has = |text: &str| words.iter().all(|words| text.contains(words));
        notices.iter().any(|one| has(&one.text()))
    };
    let tree = browser.wait_for(&words.join(", "), says).await;
    let notices = tree.notices();
    assert_eq!(notices.len(), 1);
    without_minutes(&notices[0].text())
}

/// Removes relative minutes, which may change between two looks.
fn without_minutes(text: &str) -> String {
    let text = ["less than a minute", "weniger als einer Minute"]
        .iter()
        .fold(text.to_owned(), |text, words| text.replace(words, "0 min"));
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_stretch = |index: usize| {
        words
            .get(index + 1)
            .is_some_and(|next| next.starts_with("min"))
    };
    let kept = (0..words.len()).filter(|index| !is_stretch(*index));
    kept.map(|index| words[index]).collect::<Vec<_>>().join(" ")
}

/// A host page on a phone.
async fn page(site: &Site, lang: &str) -> (Browser, Page) {
    let page = Page::host(&format!(
        "<h1>Host</h1><script async src='{}/embed.js' data-site='acme' data-lang='{lang}'></script>",
        site.server.url()
    ));
    let browser = Browser::start().await;
    browser.set_viewport(360, 720, 2.0).await;
    browser.goto(&page.url()).await;
    (browser, page)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_published_card_equals_its_preview() {
    let site = Site::with_tiers();
    site.patch("", &json!({ "languages": ["en", "de"] }));
    let mut operator = Operator::invited(&site).await;
    operator.tap(labels::NEW_INCIDENT).await;
    operator.tap("Sending").await;
    operator.tap(labels::CRITICAL).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator
        .type_into("title", "Messages wait <b>long</b>")
        .await;
    operator.type_into("body", "**We** look into it.").await;
    operator.type_into("advice", "Do not resend.").await;
    operator.type_into("works", "Reading").await;
    operator.type_into("broken", "Sending").await;
    operator.tap(labels::TRANSLATION_MISSING_DEUTSCH).await;
    operator
        .type_into("text-de-title", "Nachrichten warten")
        .await;
    operator.type_into("text-de-body", "Wir sehen nach.").await;
    operator.tap(labels::PREVIEW).await;
    let english = wait_for_card_text(&operator.browser, &["Messages wait", "Hide"]).await;
    operator.tap("Deutsch").await;
    let german = wait_for_card_text(&operator.browser, &["Nachrichten warten", "Ausblenden"]).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED).await;
    let (reader, _english) = page(&site, "en").await;
    assert_eq!(
        wait_for_card_text(&reader, &["Messages wait", "Hide"]).await,
        english
    );
    let (reader, _german) = page(&site, "de").await;
    assert_eq!(
        wait_for_card_text(&reader, &["Nachrichten warten", "Ausblenden"]).await,
        german
    );
}

/// A host page built from an example of the guide: the tag, or the headless page.
fn example(id: &str, site: &Site) -> Page {
    let guide = include_str!("../../../www/site/docs/embed.html");
    let (_, rest) = guide.split_once(&format!("<code id=\"{id}\">")).unwrap();
    let (text, _) = rest.split_once("</code>").unwrap();
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&amp;", "&");
    Page::host(&text.replace("https://status.example.com", &site.server.url()))
}

/// Whether the page or a card on it shows this text. The card page contains every notice and hides those that do not
/// match its reader.
async fn is_shown(browser: &Browser, words: &str) -> bool {
    let page = browser.run("return document.body.innerText").await;
    let has = |card: &Node| card.attribute("hidden").is_none() && card.text().contains(words);
    text(&page).contains(words) || browser.pierce().await.notices().into_iter().any(has)
}

/// Asserts that a page shows this text, or that it does not after its feed has been read and drawn.
async fn assert_shows(browser: &Browser, page: &str, words: &str, shown: bool) {
    browser.goto(page).await;
    if !shown && browser.run("return !!window.Allclear").await == true {
        assert_no_card(browser).await;
    }
    let deadline = Instant::now() + Duration::from_secs(120);
    while is_shown(browser, words).await != shown {
        assert!(
            shown && Instant::now() < deadline,
            "{page}: {words}, shown: {shown}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tag_card_page_headless_page_and_preview_agree() {
    for shown in [true, false] {
        let site = Site::with_tiers();
        site.patch("", &json!({ "minor_on_undeclared_pages": shown }));
        let mut operator = Operator::invited(&site).await;
        operator.tap(labels::NEW_INCIDENT).await;
        operator.tap("Sending").await;
        operator.tap(labels::MINOR).await;
        operator.tap(labels::NEXT_MESSAGE).await;
        operator.type_into("title", "Messages wait").await;
        operator.type_into("body", "Up to a minute.").await;
        operator.tap(labels::PREVIEW).await;
        if shown {
            wait_for_card_text(&operator.browser, &["Messages wait"]).await;
        } else {
            operator
                .wait_for_text("Pages that do not declare this audience do not show it.")
                .await;
            assert!(operator.browser.pierce().await.notices().is_empty());
        }
        operator.tap(labels::PUBLISH).await;
        operator.wait_for_text(labels::PUBLISHED).await;
        let feed = site.feed().json;
        let audience = &feed["notices"][0]["audience"];
        assert_eq!(text(&audience["undeclared"]), "hide", "for older embeds");
        let (tag, headless) = (example("tag", &site), example("headless", &site));
        let browser = Browser::start().await;
        for page in [
            tag.url(),
            headless.url(),
            format!("{}/s/acme/card", site.server.url()),
        ] {
            assert_shows(&browser, &page, "Messages wait", shown).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_is_published_and_ended() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.tap(labels::NEW_ANNOUNCEMENT).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", "New prices").await;
    operator.type_into("body", "From January on.").await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED).await;
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(text(&notice["kind"]), "announcement", "{notice:#}");
    assert_eq!(text(&notice["title"]), "New prices");
    assert_eq!(text(&notice["in_app"]), "pill");
    operator.tap(labels::END_ANNOUNCEMENT).await;
    operator.type_into("body", "They are in force.").await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::CONFIRM_END_ANNOUNCEMENT).await;
    operator.wait_for_text(labels::ENDED).await;
    assert_eq!(site.feed().json["notices"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_incident_is_published_at_its_time() {
    let mut site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.tap(labels::NEW_INCIDENT).await;
    operator.tap(labels::MINOR).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", "Reports are slow").await;
    operator.type_into("body", "Up to a minute.").await;
    operator.tap(labels::MORE_OPTIONS).await;
    let later = "const field = document.getElementById('publish-at'), at = new Date(Date.now() + 3600e3);
         at.setMinutes(at.getMinutes() - at.getTimezoneOffset());
         field.value = at.toISOString().slice(0, 16); field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    operator.browser.run(later).await;
    operator.tap(labels::PREVIEW).await;
    operator
        .wait_for_text(labels::PREVIEW_WILL_BE_PUBLISHED_AT)
        .await;
    operator.tap(labels::PUBLISH_LATER).await;
    operator
        .wait_for_text(labels::SCHEDULED_FOR_PUBLICATION)
        .await;
    assert_eq!(site.feed().json["notices"], json!([]));
    site.server.restart_with_clock_offset(2 * 3600);
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(text(&notice["title"]), "Reports are slow", "{notice:#}");
}
