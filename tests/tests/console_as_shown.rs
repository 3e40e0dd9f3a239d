//! What was seen before publishing is what users see afterwards, in every language and of every kind.

mod desk;

use desk::{Hand, Site};
use e2e::{Browser, Node, Page, Tree, labels};
use serde_json::{Value, json};

/// What the one card there is says, once it says all of these words; a card in another language comes before its labels do.
async fn card(browser: &Browser, words: &[&str]) -> String {
    let says = |tree: &Tree| {
        let notices = tree.notices();
        let has = |text: &str| words.iter().all(|words| text.contains(words));
        notices.iter().any(|one| has(&one.text()))
    };
    let tree = browser.wait_for(&words.join(", "), says).await;
    let notices = tree.notices();
    assert_eq!(notices.len(), 1);
    timeless(&notices[0].text())
}

/// Without how many minutes ago or from now: some pass between one look and the next.
fn timeless(text: &str) -> String {
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

/// A page of the product on a phone.
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
async fn the_card_is_the_one_that_was_previewed() {
    let site = Site::new();
    site.patch("", &json!({ "languages": ["en", "de"] }));
    let mut hand = Hand::invited(&site).await;
    hand.tap(labels::NEW_INCIDENT).await;
    hand.tap("Sending").await;
    hand.tap(labels::CRITICAL).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", "Messages wait <b>long</b>").await;
    hand.write("body", "**We** look into it.").await;
    hand.write("advice", "Do not resend.").await;
    hand.write("works", "Reading").await;
    hand.write("broken", "Sending").await;
    hand.tap(labels::TRANSLATION_MISSING_DEUTSCH).await;
    hand.write("text-de-title", "Nachrichten warten").await;
    hand.write("text-de-body", "Wir sehen nach.").await;
    hand.tap(labels::PREVIEW).await;
    let english = card(&hand.browser, &["Messages wait", "Hide"]).await;
    hand.tap("Deutsch").await;
    let german = card(&hand.browser, &["Nachrichten warten", "Ausblenden"]).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED).await;
    let (reader, _english) = page(&site, "en").await;
    assert_eq!(card(&reader, &["Messages wait", "Hide"]).await, english);
    let (reader, _german) = page(&site, "de").await;
    assert_eq!(
        card(&reader, &["Nachrichten warten", "Ausblenden"]).await,
        german
    );
}

/// What a page of the product does with the feed: the guide's example of the tag, or of a page that draws by itself.
fn example(id: &str, site: &Site) -> Page {
    let guide = include_str!("../../www/site/docs/embed.html");
    let (_, rest) = guide.split_once(&format!("<code id=\"{id}\">")).unwrap();
    let (text, _) = rest.split_once("</code>").unwrap();
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    let text = text.replace("&amp;", "&");
    Page::host(&text.replace("https://status.example.com", &site.server.url()))
}

/// Waits until the feed has been read, and says whether the page shows these words.
async fn shows(page: &str, words: &str) -> bool {
    let browser = Browser::start().await;
    browser.goto(page).await;
    let is_read = "return document.readyState === 'complete' && (!window.Allclear || Boolean(Allclear.state?.feed))";
    browser
        .wait_for_script("the feed", is_read, |read| *read == json!(true))
        .await;
    // The files that draw a notice come after the feed.
    let settled =
        "return new Promise(done => requestIdleCallback(() => setTimeout(() => done(true), 1000)))";
    browser.run(settled).await;
    let seen = browser.run("return document.body.innerText").await;
    let tree = browser.pierce().await;
    // The card page holds every notice, and hides those that are not for its reader.
    let has = |card: &Node| card.attribute("hidden").is_none() && card.text().contains(words);
    text(&seen).contains(words) || tree.notices().into_iter().any(has)
}

#[tokio::test(flavor = "multi_thread")]
async fn tag_card_page_headless_page_and_preview_agree() {
    for shown in [true, false] {
        let site = Site::new();
        site.patch("", &json!({ "minor_on_undeclared_pages": shown }));
        let mut hand = Hand::invited(&site).await;
        hand.tap(labels::NEW_INCIDENT).await;
        hand.tap("Sending").await;
        hand.tap(labels::MINOR).await;
        hand.tap(labels::NEXT_MESSAGE).await;
        hand.write("title", "Messages wait").await;
        hand.write("body", "Up to a minute.").await;
        hand.tap(labels::PREVIEW).await;
        if shown {
            card(&hand.browser, &["Messages wait"]).await;
        } else {
            hand.sees("Pages that do not declare this audience do not show it.")
                .await;
            assert!(hand.browser.pierce().await.notices().is_empty());
        }
        hand.tap(labels::PUBLISH).await;
        hand.sees(labels::PUBLISHED).await;
        let feed = site.feed();
        let audience = &feed["notices"][0]["audience"];
        assert_eq!(text(&audience["undeclared"]), "hide", "for older embeds");
        let (tag, headless) = (example("tag", &site), example("headless", &site));
        for page in [
            tag.url(),
            headless.url(),
            format!("{}/s/acme/card", site.server.url()),
        ] {
            assert_eq!(shows(&page, "Messages wait").await, shown, "{page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_announcement_begins_and_ends() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.tap(labels::NEW_ANNOUNCEMENT).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", "New prices").await;
    hand.write("body", "From January on.").await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED).await;
    let notice = site.feed()["notices"][0].clone();
    assert_eq!(text(&notice["kind"]), "announcement", "{notice:#}");
    assert_eq!(text(&notice["title"]), "New prices");
    assert_eq!(text(&notice["in_app"]), "pill");
    hand.tap(labels::END_ANNOUNCEMENT).await;
    hand.write("body", "They are in force.").await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::SAVE_END).await;
    hand.sees(labels::ENDED).await;
    assert_eq!(site.feed()["notices"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_later_waits_for_its_time() {
    let mut site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.tap(labels::NEW_INCIDENT).await;
    hand.tap(labels::MINOR).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", "Reports are slow").await;
    hand.write("body", "Up to a minute.").await;
    hand.tap(labels::MORE_OPTIONS).await;
    let later = "const field = document.getElementById('publish-at'), at = new Date(Date.now() + 3600e3);
         at.setMinutes(at.getMinutes() - at.getTimezoneOffset());
         field.value = at.toISOString().slice(0, 16); field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    hand.browser.run(later).await;
    hand.tap(labels::PREVIEW).await;
    hand.sees(labels::PUBLISHES_ITSELF).await;
    hand.tap(labels::PUBLISH_LATER).await;
    hand.sees(labels::WILL_BE_PUBLISHED).await;
    assert_eq!(site.feed()["notices"], json!([]));
    site.server.restart_at(2 * 3600);
    let notice = site.feed()["notices"][0].clone();
    assert_eq!(text(&notice["title"]), "Reports are slow", "{notice:#}");
}
