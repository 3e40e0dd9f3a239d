//! Translators replace the card's text nodes, also those in closed shadow roots, which extensions reach. The card keeps up
//! with the feed all the same; and where its wasm breaks, the plain card goes on in its place.

mod story;

use e2e::{Browser, Node, Page, Tree};
use serde_json::{Value, json};
use story::{Site, part, says, see};

/// Keeps every shadow root that the page makes, as an extension may reach it, and replaces texts as `window.translate` says.
const TRANSLATOR: &str = "
    const attach = Element.prototype.attachShadow;
    const roots = [];
    Element.prototype.attachShadow = function (init) {
      const root = attach.call(this, init);
      roots.push(root);
      new MutationObserver(() => window.translate?.(root)).observe(root, { subtree: true, childList: true, characterData: true });
      return root;
    };
    window.cardRoot = () => roots.find(root => root.host.localName === 'allclear-banner');
    const texts = root => {
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), found = [];
      while (walker.nextNode()) {
        const text = walker.currentNode;
        if (text.data.trim() && !text.data.includes('«')) found.push(text);
      }
      return found;
    };
    const font = (...content) => { const font = document.createElement('font'); font.append(...content); return font };
    const said = text => '«' + text.data + '»';
    window.translators = {
      fonts: root => texts(root).forEach(text => text.replaceWith(font(said(text)))),
      nested: root => texts(root).forEach(text => text.replaceWith(font(font(said(text))))),
      nodes: root => texts(root).forEach(text => text.replaceWith(said(text))),
      words: root => texts(root).forEach(text => text.replaceWith(...text.data.split(/(?<= )/).map(word => font('«' + word + '»')))),
    };
    window.begin = name => { window.translate = window.translators[name]; roots.forEach(window.translate) };
";

fn outage() -> Value {
    json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We look into it.",
            "advice": "Do not resend.", "works": ["Contacts"], "broken": ["Sending"], "next_update_at": e2e::in_minutes(30) })
}

struct Translated {
    site: Site,
    browser: Browser,
    incident: String,
    _page: Page,
}

impl Translated {
    async fn open(attributes: &str) -> Self {
        let site = Site::new("acme", "Acme SMS", &["Sending"]);
        let page = site.page(attributes);
        let incident = site.publish(&outage());
        let browser = Browser::start().await;
        browser.watch().await;
        browser.before_each_page(TRANSLATOR).await;
        browser.goto(&page.url()).await;
        browser
            .wait_for("the card", |tree| {
                says(tree, &incident, "Messages are delayed") && !is_plain(tree)
            })
            .await;
        // Whoever has seen it gets the whole all-clear.
        let seen = "return localStorage['allclear:acme:seen'] ?? ''";
        browser
            .wait_for_script("the card to have been seen", seen, |seen| {
                seen.as_str().unwrap().contains(&incident)
            })
            .await;
        Self {
            site,
            browser,
            incident,
            _page: page,
        }
    }

    /// Waits until the notice says these words, whatever a translator put around them.
    async fn says(&self, words: &str) -> Tree {
        see(&self.browser, words, |tree| {
            tree.notice(&self.incident)
                .is_some_and(|notice| plainly(notice).contains(words))
        })
        .await
    }

    async fn press(&self, name: &str) {
        let tree = self.browser.pierce().await;
        let pressed = part(&tree, &self.incident, name);
        self.browser.click(&pressed).await;
    }

    fn correct(&self, fields: &Value) {
        let path = self.site.path(&format!("/incidents/{}", self.incident));
        let request = self.site.server.request("PATCH", &path);
        let request = request.token(&self.site.token).header("if-match", "*");
        let changed = request.json(fields).send().unwrap();
        assert_eq!(changed.status, 200, "{}", changed.text());
    }

    fn resolve(&self) {
        self.site.update(
            &self.incident,
            &json!({ "status": "resolved", "body": "Sent.", "restored": { "back": ["Sending"], "check": "Check what you sent." } }),
        );
    }

    async fn unharmed(&self) {
        let watched = self.browser.watched().await;
        assert!(
            watched.errors.is_empty() && watched.rejections.is_empty(),
            "{watched:?}"
        );
    }
}

/// The plain card's words stand in an `article` of the page's own language; the widget has one for each notice.
fn is_plain(tree: &Tree) -> bool {
    let banner = tree.banner();
    banner.is_some_and(|banner| {
        banner
            .find(|node| node.name == "section" && node.attribute("data-notice").is_some())
            .is_some()
    })
}

/// A notice's words without a translator's marks, and with one space between them.
fn plainly(notice: &Node) -> String {
    let text = notice.text().replace(['«', '»'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_hidden(tree: &Tree, incident: &str) -> bool {
    tree.notice(incident)
        .is_none_or(|notice| notice.part("card").is_none())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_translated_card_keeps_up_with_the_feed() {
    for (translator, attributes) in [
        ("fonts", ""),
        ("nested", "data-shadow=open"),
        ("nodes", ""),
        ("words", "data-shadow=open"),
    ] {
        let card = Translated::open(attributes).await;
        card.browser.run(&format!("begin('{translator}')")).await;
        card.browser
            .wait_for("the translation", |tree| says(tree, &card.incident, "«"))
            .await;
        card.correct(&json!({ "title": "All messages are LOST", "impact": "critical" }));
        let tree = card.says("All messages are LOST").await;
        let notice = tree.notice(&card.incident).unwrap();
        assert!(
            !plainly(notice).contains("delayed"),
            "{translator}: {notice}"
        );
        card.press("toggle").await;
        card.says("Less").await;
        card.site.update(
            &card.incident,
            &json!({ "status": "identified", "body": "A carrier refuses." }),
        );
        card.says("A carrier refuses.").await;
        card.resolve();
        card.says("Check what you sent.").await;
        card.press("hide").await;
        card.browser
            .wait_for("nothing", |tree| is_hidden(tree, &card.incident))
            .await;
        assert!(!is_plain(&card.browser.pierce().await), "{translator}");
        card.unharmed().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_on_a_translated_word_acts() {
    let card = Translated::open("").await;
    card.browser.run("begin('fonts')").await;
    for (name, then) in [("toggle", "Less"), ("toggle", "More")] {
        let press = format!(
            "const font = cardRoot().querySelector('[part={name}] font'); if (!font) throw 'no font'; font.click()"
        );
        card.browser.run(&press).await;
        card.says(then).await;
    }
    let focus = "const button = cardRoot().querySelector('[part=toggle]'); button.focus()";
    card.browser.run(focus).await;
    card.browser.press("Enter").await;
    card.says("Less").await;
    let focused = "return cardRoot().activeElement?.getAttribute('part')";
    assert_eq!(card.browser.run(focused).await, json!("toggle"));
    card.unharmed().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_translated_plain_card_keeps_its_translation_until_it_changes() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let incident = site.publish(&outage());
    let page = Page::host("");
    let origin = site.server.url();
    page.put(
        "/",
        e2e::Reply::html(&format!(
            "<!doctype html><html lang=en><title>Host</title>{}",
            site.server.embed("acme", "")
        ))
        .header(
            "content-security-policy",
            &format!("default-src 'none'; script-src {origin}; connect-src {origin}"),
        ),
    );
    let browser = Browser::start().await;
    browser.before_each_page(TRANSLATOR).await;
    browser.goto(&page.url()).await;
    browser.wait_for("the plain card", is_plain).await;
    browser
        .run("begin('fonts'); window.title = cardRoot().querySelector('[part=title] font')")
        .await;
    browser.run("Allclear.configure({})").await;
    assert_eq!(
        browser.run("return window.title.isConnected").await,
        json!(true)
    );
    let path = site.path(&format!("/incidents/{incident}"));
    let request = site.server.request("PATCH", &path).token(&site.token);
    let title = json!({ "title": "All messages are LOST" });
    let changed = request.header("if-match", "*").json(&title).send().unwrap();
    assert_eq!(changed.status, 200, "{}", changed.text());
    see(&browser, "the new title", |tree| {
        tree.notice(&incident)
            .is_some_and(|notice| plainly(notice).contains("All messages are LOST"))
    })
    .await;
}

/// Takes the updates of an open card away, before which the widget will put the next one: it panics then.
const BREAK: &str = "
    window.place = [...cardRoot().children].find(child => !child.hasAttribute('role'));
    for (const update of place.querySelectorAll('[part=update]')) update.replaceWith(document.createElement('i'))";

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_hands_over_to_the_plain_card() {
    let card = Translated::open("").await;
    card.press("toggle").await;
    card.says("Do not resend.").await;
    card.browser
        .run("window.host = cardRoot().host; window.regions = [...cardRoot().querySelectorAll('[role=status],[role=alert]')]; \
              window.spoken = []; for (const region of regions) new MutationObserver(() => { \
                if (region.textContent) spoken.push(region.textContent) }).observe(region, { childList: true, characterData: true, subtree: true })")
        .await;
    let heard = "Allclear.on('show', notice => (window.heard ||= []).push('show ' + notice.id)); \
                 Allclear.on('restored', notice => (window.heard ||= []).push('restored ' + notice.id))";
    card.browser.run(heard).await;
    card.browser
        .run("cardRoot().querySelector('[part=toggle]').focus()")
        .await;
    card.browser.run(BREAK).await;
    card.site.update(
        &card.incident,
        &json!({ "status": "identified", "body": "A carrier refuses.", "advice": "Wait." }),
    );
    let tree = see(&card.browser, "the plain card", |tree| {
        is_plain(tree) && says(tree, &card.incident, "A carrier refuses.")
    })
    .await;
    // The same place, as it was: open, and the focus where it was.
    assert!(
        tree.banner()
            .unwrap()
            .find(|node| node.shadow_mode.as_deref() == Some("closed"))
            .is_some()
    );
    let same = "return [cardRoot().host === window.host, document.querySelectorAll('allclear-banner').length, \
                regions.every(region => region.getRootNode() === cardRoot()), window.place.isConnected]";
    assert_eq!(card.browser.run(same).await, json!([true, 1, true, false]));
    let toggle = part(&tree, &card.incident, "toggle");
    assert_eq!(toggle.attribute("aria-expanded"), Some("true"));
    let state = "return [Allclear.state.open, cardRoot().activeElement?.getAttribute('part')]";
    assert_eq!(
        card.browser.run(state).await,
        json!([card.incident, "toggle"])
    );
    card.unharmed().await;

    // It goes on: what follows is drawn and announced, once, and asked for.
    let asked = feeds(&card.browser).await;
    card.browser
        .wait_for_script(
            "another request",
            "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/feed?')).length",
            |count| count.as_u64() > Some(asked),
        )
        .await;
    card.correct(&json!({ "title": "All messages are LOST", "impact": "critical" }));
    card.says("All messages are LOST").await;
    card.resolve();
    card.says("Check what you sent.").await;
    let said = "return spoken.some(text => text.includes('LOST')) && new Set(spoken).size === spoken.length";
    card.browser
        .wait_for_script("each announced once", said, |once| *once == json!(true))
        .await;
    let heard = card.browser.run("return heard").await;
    assert_eq!(heard, json!([format!("restored {}", card.incident)]));
    card.press("hide").await;
    card.browser
        .wait_for("nothing", |tree| tree.notice(&card.incident).is_none())
        .await;
    card.unharmed().await;
    card.browser.run("Allclear.destroy()").await;
    card.browser
        .wait_for("no card", |tree| tree.banner().is_none())
        .await;
}

/// How often the page has asked for the feed.
async fn feeds(browser: &Browser) -> u64 {
    let script = "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/feed?')).length";
    browser.run(script).await.as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_with_the_all_clear_leaves_a_card_that_can_be_hidden() {
    let card = Translated::open("").await;
    let refuse = "const insert = Node.prototype.insertBefore; \
        Node.prototype.insertBefore = function (node, next) { \
          if (this.getRootNode() === cardRoot()) throw new DOMException('no such neighbour', 'NotFoundError'); \
          return insert.call(this, node, next); }";
    card.browser.run(refuse).await;
    card.resolve();
    let tree = see(&card.browser, "the all-clear", |tree| {
        says(tree, &card.incident, "Check what you sent.")
    })
    .await;
    assert_eq!(
        tree.notice(&card.incident).unwrap().attribute("data-kind"),
        Some("restored")
    );
    card.press("hide").await;
    card.browser
        .wait_for("nothing", |tree| tree.notice(&card.incident).is_none())
        .await;
    card.browser.reload().await;
    card.browser
        .wait_for_script(
            "the feed again",
            "return window.Allclear?.state.feed?.rev ?? null",
            |rev| !rev.is_null(),
        )
        .await;
    assert!(card.browser.pierce().await.notice(&card.incident).is_none());
    card.unharmed().await;
}
