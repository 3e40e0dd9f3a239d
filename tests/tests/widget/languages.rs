//! The card's texts in languages other than English: no card has texts in two languages, and none is delayed for long; with
//! both cards.

use e2e::{Browser, Mirror, Page, Reply, Tree, mirror};
use serde_json::{Value, json};
use xtask::workspace;

const TITLE: &str = "Nachrichten warten";
const ENGLISH: [&str; 4] = ["Critical:", "Messages wait", "More", "Hide"];
const GERMAN: [&str; 4] = ["Kritisch:", TITLE, "Mehr", "Ausblenden"];
const NO_WASM: &str = "script-src * 'unsafe-inline'";

/// Records every text of a card and every announcement, and when the widget could start.
const READER: &str = "window.read = [];
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) {
        const shadow = attach.call(this, init);
        const parts = () => [...shadow.querySelectorAll('[data-notice], [role=status], [role=alert]')];
        const words = part => `${part.getAttribute('role')}: ${part.textContent}`;
        new MutationObserver(() => read.push(...parts().map(words)))
            .observe(shadow, { childList: true, subtree: true, characterData: true });
        return shadow;
    };
    const compile = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = async (...given) => {
        const compiled = await compile(...given);
        window.compiled = true;
        return compiled;
    };";
/// Extends the one-second limit for texts to a minute, so that they arrive in time on the slowest machine.
const LONG_TEXTS_TIMEOUT: &str = "const later = window.setTimeout;
    window.setTimeout = (task, milliseconds, ...given) => later(task, milliseconds === 1e3 ? 6e4 : milliseconds, ...given);";
/// Shortens the wait for the feed in English from 6 s to 50 ms.
const SHORT_ENGLISH_TIMEOUT: &str = "const later = window.setTimeout;
    window.setTimeout = (task, milliseconds, ...given) => later(task, milliseconds === 6e3 ? 50 : milliseconds, ...given);";

/// One of the two cards: the content policy with which it is drawn, and the file of its German texts.
#[derive(Clone, Copy, Debug)]
struct Card {
    policy: Option<&'static str>,
    texts_file: &'static str,
}

const WIDGET: Card = Card {
    policy: None,
    texts_file: "de.txt",
};
const PLAIN: Card = Card {
    policy: Some(NO_WASM),
    texts_file: "plain-de.js",
};

/// A host whose answer with the German texts is set by the test.
struct Host {
    mirror: Mirror,
    page: Page,
    path: String,
}

impl Host {
    fn new(card: Card, lang: &str) -> Self {
        let mirror = Mirror::start();
        let release = std::fs::read(workspace::dist().join("assets/embed.json")).unwrap();
        let release: Value = serde_json::from_slice(&release).unwrap();
        let path = format!(
            "/embed/{}/{}",
            release["version"].as_str().unwrap(),
            card.texts_file
        );
        let html = e2e::page::html(&mirror.embed("acme", ""));
        let html = html.replace("lang=en", &format!("lang={lang}"));
        let page = Page::host_with_policy(&html, card.policy);
        let host = Self { mirror, page, path };
        host.serve_feed(5, lang, "Messages wait");
        host
    }

    fn serve_feed(&self, rev: u64, lang: &str, english: &str) {
        self.serve_feed_polled_every(1, rev, lang, english);
    }

    /// Serves a feed with a poll interval, in seconds.
    fn serve_feed_polled_every(&self, seconds: u32, rev: u64, lang: &str, english: &str) {
        let title = if lang == "de" { TITLE } else { english };
        let mut notice = mirror::notice("inc_1", title);
        notice["impact"] = json!("critical");
        let mut feed = mirror::feed(rev, &[notice]);
        feed["lang"] = json!(lang);
        feed["poll_after_s"] = json!(seconds);
        self.mirror.put_feed("acme", &feed);
    }

    /// Serves the feed in English to requests for it.
    fn serve_english(&self, rev: u64) {
        let mut notice = mirror::notice("inc_1", "Messages wait");
        notice["impact"] = json!("critical");
        let feed = mirror::feed(rev, &[notice]);
        self.mirror.put_feed_in("acme", "en", &feed);
    }

    /// Holds requests for the German texts.
    fn hold(&self) {
        self.mirror.page().put(&self.path, Reply::until_next_put());
    }

    /// Answers 404 for the German texts.
    fn refuse(&self) {
        let reply = Reply::new("text/plain", "none").status(404);
        self.mirror
            .page()
            .put(&self.path, reply.header("access-control-allow-origin", "*"));
    }

    /// Serves the German texts, also to held requests.
    fn release(&self) {
        let file = workspace::dist().join("assets").join(&self.path[1..]);
        let kind = if self.path.ends_with(".js") {
            "text/javascript"
        } else {
            "text/plain; charset=utf-8"
        };
        let reply = Reply::new(kind, std::fs::read(file).unwrap())
            .header("access-control-allow-origin", "*");
        self.mirror.page().put(&self.path, reply);
    }

    fn are_texts_requested(&self) -> bool {
        self.is_requested(&self.path)
    }

    /// Whether a path and query with this end was requested.
    fn is_requested(&self, path: &str) -> bool {
        let requests = self.mirror.page().requests();
        requests.iter().any(|request| request.path.ends_with(path))
    }
}

fn has_texts(tree: &Tree, words: &[&str]) -> bool {
    tree.notice("inc_1").is_some_and(|notice| {
        let text = notice.text();
        words.iter().all(|word| text.contains(word))
    })
}

/// Waits for the German card and its announcement, and returns every text recorded until then.
async fn wait_for_german(browser: &Browser, role: &str) -> Vec<String> {
    browser
        .wait_for("the card in German", |tree| has_texts(tree, &GERMAN))
        .await;
    let texts = |recorded: &Value| -> Vec<String> {
        let recorded = recorded.as_array().unwrap().iter();
        recorded
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    };
    // The announcement is removed after a few seconds, so it is searched for in the recorded texts.
    let begins = format!("{role}: Kritisch: {TITLE}");
    let recorded = browser
        .wait_for_script("the announcement", "return read", |recorded| {
            role.is_empty() || texts(recorded).iter().any(|text| text.starts_with(&begins))
        })
        .await;
    texts(&recorded)
}

async fn assert_never_english(card: Card) {
    let host = Host::new(card, "de");
    host.hold();
    let browser = Browser::start().await;
    browser.before_each_page(READER).await;
    browser.before_each_page(LONG_TEXTS_TIMEOUT).await;
    browser.goto(&host.page.url()).await;
    // Everything else is loaded: the card could be drawn now.
    let is_ready = match card.policy {
        None => "return !!window.compiled",
        Some(_) => "return !!document.querySelector('allclear-banner')",
    };
    browser
        .wait_for_script("everything except the texts", is_ready, |is_ready| {
            *is_ready == json!(true)
        })
        .await;
    browser
        .wait_until("the request for the texts", || host.are_texts_requested())
        .await;
    host.release();
    let recorded = wait_for_german(&browser, "alert").await;
    for text in recorded {
        for word in ENGLISH {
            assert!(!text.contains(word), "{card:?}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_german_card_never_shows_english() {
    assert_never_english(WIDGET).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_german_plain_card_never_shows_english() {
    assert_never_english(PLAIN).await;
}

async fn change_language(card: Card) {
    let host = Host::new(card, "en");
    host.hold();
    let browser = Browser::start().await;
    browser.before_each_page(READER).await;
    browser.before_each_page(LONG_TEXTS_TIMEOUT).await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card in English", |tree| has_texts(tree, &ENGLISH))
        .await;
    host.serve_feed(6, "de", "");
    browser.run("Allclear.configure({ lang: 'de' })").await;
    browser
        .wait_for_script(
            "the feed in German",
            "return Allclear.state.feed.lang",
            |lang| *lang == json!("de"),
        )
        .await;
    browser
        .wait_until("the request for the texts", || host.are_texts_requested())
        .await;
    host.release();
    let recorded = wait_for_german(&browser, "").await;
    assert!(
        recorded.iter().any(|text| text.contains("Hide")),
        "{card:?}"
    );
    for text in recorded.iter().filter(|text| text.contains(TITLE)) {
        for word in ENGLISH {
            assert!(!text.contains(word), "{card:?}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_change_never_mixes_texts() {
    change_language(WIDGET).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_change_never_mixes_texts_of_the_plain_card() {
    change_language(PLAIN).await;
}

async fn change_language_twice(card: Card) {
    let host = Host::new(card, "en");
    // The page's own polls are off while the test runs.
    host.serve_feed_polled_every(3600, 5, "en", "Messages wait");
    host.hold();
    let browser = Browser::start().await;
    browser.before_each_page(LONG_TEXTS_TIMEOUT).await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card in English", |tree| has_texts(tree, &ENGLISH))
        .await;
    host.serve_feed_polled_every(3600, 6, "de", "");
    browser.run("Allclear.configure({ lang: 'de' })").await;
    browser
        .wait_for_script(
            "the feed in German",
            "return Allclear.state.feed.lang",
            |lang| *lang == json!("de"),
        )
        .await;
    browser
        .wait_until("the request for the texts", || host.are_texts_requested())
        .await;
    host.serve_feed_polled_every(3600, 7, "en", "Messages still wait");
    browser.run("Allclear.configure({ lang: 'en' })").await;
    host.release();
    browser
        .wait_for("the card in English again", |tree| {
            has_texts(tree, &["Critical:", "More", "Messages still wait"])
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_chosen_during_loading_is_requested() {
    change_language_twice(WIDGET).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_card_requests_a_language_chosen_during_loading() {
    change_language_twice(PLAIN).await;
}

/// Asserts that none of these texts is in two languages.
fn assert_never_mixed(recorded: &[String], card: Card) {
    for text in recorded {
        let is_german = GERMAN.iter().any(|word| text.contains(word));
        let is_english = ENGLISH.iter().any(|word| text.contains(word));
        assert!(!(is_german && is_english), "{card:?}: {text}");
    }
}

async fn withhold_texts(card: Card) {
    let host = Host::new(card, "de");
    host.serve_english(5);
    host.hold();
    let browser = Browser::start().await;
    browser.before_each_page(READER).await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card in English", |tree| has_texts(tree, &ENGLISH))
        .await;
    // Late texts are still used.
    host.release();
    let recorded = wait_for_german(&browser, "").await;
    assert_never_mixed(&recorded, card);
    assert!(recorded.iter().any(|text| text.contains("Messages wait")));

    let host = Host::new(card, "de");
    host.serve_english(5);
    host.refuse();
    let browser = Browser::start().await;
    browser.before_each_page(READER).await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card in English", |tree| has_texts(tree, &ENGLISH))
        .await;
    host.serve_english(6);
    browser
        .wait_for_script("the next feed", "return Allclear.state.feed.rev", |rev| {
            *rev == json!(6)
        })
        .await;
    let recorded = browser.run("return read").await;
    let recorded: Vec<String> = serde_json::from_value(recorded).unwrap();
    assert_never_mixed(&recorded, card);
}

async fn change_language_with_late_texts(card: Card) {
    let host = Host::new(card, "en");
    host.serve_english(5);
    host.hold();
    let browser = Browser::start().await;
    browser.before_each_page(READER).await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card in English", |tree| has_texts(tree, &ENGLISH))
        .await;
    host.serve_feed(6, "de", "");
    host.serve_english(6);
    browser.run("Allclear.configure({ lang: 'de' })").await;
    // Without the texts, the feed is requested in English again.
    browser
        .wait_until("the feed in German", || host.is_requested("feed?lang=de"))
        .await;
    browser
        .wait_for_script(
            "the feed in English",
            "return [Allclear.state.feed.lang, Allclear.state.feed.rev]",
            |feed| *feed == json!(["en", 6]),
        )
        .await;
    host.release();
    let recorded = wait_for_german(&browser, "").await;
    assert_never_mixed(&recorded, card);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_whose_texts_are_late_never_mixes_texts() {
    change_language_with_late_texts(WIDGET).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_whose_texts_are_late_never_mixes_plain_texts() {
    change_language_with_late_texts(PLAIN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_without_its_texts_is_in_english() {
    withhold_texts(WIDGET).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_card_without_its_texts_is_in_english() {
    withhold_texts(PLAIN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_without_english_is_shown_without_the_texts() {
    for card in [WIDGET, PLAIN] {
        let host = Host::new(card, "de");
        host.refuse();
        let browser = Browser::start().await;
        browser.before_each_page(SHORT_ENGLISH_TIMEOUT).await;
        browser.goto(&host.page.url()).await;
        browser
            .wait_for("the notice with English labels", |tree| {
                has_texts(tree, &["Critical:", TITLE, "Hide"])
            })
            .await;
    }
}
