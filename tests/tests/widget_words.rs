//! The card's own words in another language than English: they come with the card and not after it, and nothing waits for
//! them for long; with either card.

use e2e::{Browser, Mirror, Page, Reply, Tree, mirror};
use serde_json::{Value, json};
use xtask::workspace;

const TITLE: &str = "Nachrichten warten";
const ENGLISH: [&str; 3] = ["Critical:", "More", "Hide"];
const NO_WASM: &str = "script-src * 'unsafe-inline'";

/// Writes down whatever has stood in a card or been announced, and says when the widget was there to be started.
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
/// Makes the second that words are waited for a minute: what comes in time does so on the slowest machine.
const PATIENT: &str = "const later = window.setTimeout;
    window.setTimeout = (task, milliseconds, ...given) => later(task, milliseconds === 1e3 ? 6e4 : milliseconds, ...given);";

/// One of the two cards: how a page comes by it, and the file with its German words.
#[derive(Clone, Copy, Debug)]
struct Card {
    policy: Option<&'static str>,
    words: &'static str,
}

const WIDGET: Card = Card {
    policy: None,
    words: "de.txt",
};
const PLAIN: Card = Card {
    policy: Some(NO_WASM),
    words: "plain-de.js",
};

/// A host whose answer with the German words is in the test's hands.
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
            card.words
        );
        let html = format!(
            "<!doctype html><html lang={lang}><title>Host</title><h1>Host</h1>{}",
            mirror.embed("acme", "")
        );
        let page = Page::host("");
        let reply = Reply::html(&html);
        page.put(
            "/",
            match card.policy {
                Some(policy) => reply.header("content-security-policy", policy),
                None => reply,
            },
        );
        let host = Self { mirror, page, path };
        host.says(5, lang, "Messages wait");
        host
    }

    fn says(&self, rev: u64, lang: &str, english: &str) {
        self.says_once_in(1, rev, lang, english);
    }

    /// With polls so many seconds apart.
    fn says_once_in(&self, seconds: u32, rev: u64, lang: &str, english: &str) {
        let title = if lang == "de" { TITLE } else { english };
        let mut notice = mirror::outage("inc_1", title);
        notice["impact"] = json!("critical");
        let mut feed = mirror::feed(rev, &[notice]);
        feed["lang"] = json!(lang);
        feed["poll_after_s"] = json!(seconds);
        self.mirror.put_feed("acme", &feed);
    }

    /// Takes the question for the German words, and does not answer for now.
    fn hold(&self) {
        self.mirror.page().put(&self.path, Reply::hold());
    }

    /// There are none.
    fn refuse(&self) {
        let reply = Reply::new("text/plain", "none").status(404);
        self.mirror
            .page()
            .put(&self.path, reply.header("access-control-allow-origin", "*"));
    }

    /// Answers, also who has asked before.
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

    fn is_asked_for_words(&self) -> bool {
        let requests = self.mirror.page().requests();
        requests.iter().any(|request| request.path == self.path)
    }
}

fn has(tree: &Tree, words: &[&str]) -> bool {
    tree.notice("inc_1").is_some_and(|notice| {
        let text = notice.text();
        words.iter().all(|word| text.contains(word))
    })
}

/// Waits for the German card and its announcement, and gives all that has been read on the way.
async fn german(browser: &Browser, role: &str) -> Vec<String> {
    browser
        .wait_for("the card in German", |tree| {
            has(tree, &["Kritisch:", TITLE, "Mehr", "Ausblenden"])
        })
        .await;
    let texts = |read: &Value| -> Vec<String> {
        let read = read.as_array().unwrap().iter();
        read.map(|text| text.as_str().unwrap().to_owned()).collect()
    };
    // It does not stand there for long.
    let begins = format!("{role}: Kritisch: {TITLE}");
    let read = browser
        .wait_for_script("the announcement", "return read", |read| {
            role.is_empty() || texts(read).iter().any(|text| text.starts_with(&begins))
        })
        .await;
    texts(&read)
}

async fn the_first_words_are_german(card: Card) {
    let host = Host::new(card, "de");
    host.hold();
    let browser = Browser::start().await;
    browser.before_each_page(READER).await;
    browser.before_each_page(PATIENT).await;
    browser.goto(&host.page.url()).await;
    // All else is here: it would be drawn now.
    let there = match card.policy {
        None => "return !!window.compiled",
        Some(_) => "return !!document.querySelector('allclear-banner')",
    };
    browser
        .wait_for_script("all but the words", there, |there| *there == json!(true))
        .await;
    browser
        .wait_for_script("the question for words", "return 0", |_| {
            host.is_asked_for_words()
        })
        .await;
    host.release();
    let read = german(&browser, "alert").await;
    for text in read {
        for word in ENGLISH {
            assert!(!text.contains(word), "{card:?}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_german_card_is_german_from_its_first_word() {
    the_first_words_are_german(WIDGET).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_german_card_is_german_from_its_first_word_where_wasm_is_forbidden() {
    the_first_words_are_german(PLAIN).await;
}

async fn a_page_that_turns_german(card: Card) {
    let host = Host::new(card, "en");
    host.hold();
    let browser = Browser::start().await;
    browser.before_each_page(READER).await;
    browser.before_each_page(PATIENT).await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card in English", |tree| has(tree, &ENGLISH))
        .await;
    host.says(6, "de", "");
    browser.run("Allclear.configure({ lang: 'de' })").await;
    browser
        .wait_for_script(
            "the feed in German",
            "return Allclear.state.feed.lang",
            |lang| *lang == json!("de"),
        )
        .await;
    browser
        .wait_for_script("the question for words", "return 0", |_| {
            host.is_asked_for_words()
        })
        .await;
    host.release();
    let read = german(&browser, "").await;
    assert!(read.iter().any(|text| text.contains("Hide")), "{card:?}");
    for text in read.iter().filter(|text| text.contains(TITLE)) {
        for word in ENGLISH {
            assert!(!text.contains(word), "{card:?}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_changes_its_language_has_one_or_the_other() {
    a_page_that_turns_german(WIDGET).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_changes_its_language_has_one_or_the_other_where_wasm_is_forbidden() {
    a_page_that_turns_german(PLAIN).await;
}

async fn a_page_that_thinks_better_of_it(card: Card) {
    let host = Host::new(card, "en");
    // Nothing but what the page asks for is asked for while the test runs.
    host.says_once_in(3600, 5, "en", "Messages wait");
    host.hold();
    let browser = Browser::start().await;
    browser.before_each_page(PATIENT).await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the card in English", |tree| has(tree, &ENGLISH))
        .await;
    host.says_once_in(3600, 6, "de", "");
    browser.run("Allclear.configure({ lang: 'de' })").await;
    browser
        .wait_for_script(
            "the feed in German",
            "return Allclear.state.feed.lang",
            |lang| *lang == json!("de"),
        )
        .await;
    browser
        .wait_for_script("the question for words", "return 0", |_| {
            host.is_asked_for_words()
        })
        .await;
    host.says_once_in(3600, 7, "en", "Messages still wait");
    browser.run("Allclear.configure({ lang: 'en' })").await;
    host.release();
    browser
        .wait_for("the card in English again", |tree| {
            has(tree, &ENGLISH) && has(tree, &["Messages still wait"])
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_chosen_while_words_are_awaited_is_asked_for() {
    a_page_that_thinks_better_of_it(WIDGET).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_language_chosen_while_words_are_awaited_is_asked_for_where_wasm_is_forbidden() {
    a_page_that_thinks_better_of_it(PLAIN).await;
}

async fn words_that_do_not_come(card: Card) {
    let host = Host::new(card, "de");
    host.hold();
    let browser = Browser::start().await;
    browser.before_each_page(READER).await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the notice, with English about it", |tree| {
            has(tree, &["Critical:", TITLE, "Hide"])
        })
        .await;
    // Late is better than never.
    host.release();
    german(&browser, "").await;

    let host = Host::new(card, "de");
    host.refuse();
    let browser = Browser::start().await;
    browser.goto(&host.page.url()).await;
    browser
        .wait_for("the notice, with English about it", |tree| {
            has(tree, &["Critical:", TITLE, "Hide"])
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_hang_or_are_not_there_keep_no_notice_back() {
    words_that_do_not_come(WIDGET).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_hang_or_are_not_there_keep_no_notice_back_where_wasm_is_forbidden() {
    words_that_do_not_come(PLAIN).await;
}
