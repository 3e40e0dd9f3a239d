//! Translators replace the card's text nodes, also in closed shadow roots, which extensions reach. The card still
//! follows the feed; when its wasm fails, the plain card takes over.

use e2e::{
    Browser, Node, Page, Site, Tree, assert_not_shown, has_text, outage_with, part, poll_until,
};

use serde_json::{Value, json};

use crate::host::FAST_CLOCK;

/// Records every shadow root of the page, as an extension can, and replaces texts as `window.translate` says.
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
    const marked = text => '«' + text.data + '»';
    window.translators = {
      fonts: root => texts(root).forEach(text => text.replaceWith(font(marked(text)))),
      nested: root => texts(root).forEach(text => text.replaceWith(font(font(marked(text))))),
      nodes: root => texts(root).forEach(text => text.replaceWith(marked(text))),
      words: root => texts(root).forEach(text => text.replaceWith(...text.data.split(/(?<= )/).map(word => font('«' + word + '»')))),
    };
    window.begin = name => { window.translate = window.translators[name]; roots.forEach(window.translate) };
";

fn translated_outage() -> Value {
    outage_with(
        &json!({ "works": ["Contacts"], "broken": ["Sending"], "next_update_at": e2e::in_minutes(30) }),
    )
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
        let incident = site.publish(&translated_outage());
        let browser = Browser::watching().await;
        browser.before_each_page(TRANSLATOR).await;
        browser.goto(&page.url()).await;
        browser
            .wait_for("the card", |tree| {
                has_text(tree, &incident, "Messages are delayed") && !is_plain(tree)
            })
            .await;
        // The notice must have been seen, because only a witness sees the full all-clear.
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

    /// Waits until the notice contains this text, ignoring the translator's marks.
    async fn wait_for_text(&self, words: &str) -> Tree {
        poll_until(&self.browser, words, |tree| {
            tree.notice(&self.incident)
                .is_some_and(|notice| untranslated_text(notice).contains(words))
        })
        .await
    }

    async fn press(&self, name: &str) {
        e2e::press(&self.browser, &self.incident, name).await;
    }

    /// Changes the incident by a merge patch.
    fn patch_incident(&self, fields: &Value) {
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

    async fn assert_unharmed(&self) {
        self.browser.watched().await.assert_no_errors();
    }
}

/// The plain card is a `section` with the notice's id.
fn is_plain(tree: &Tree) -> bool {
    let banner = tree.banner();
    banner.is_some_and(|banner| {
        banner
            .find(|node| node.name == "section" && node.attribute("data-notice").is_some())
            .is_some()
    })
}

/// A notice's text without the translator's marks, with single spaces.
fn untranslated_text(notice: &Node) -> String {
    let text = notice.text().replace(['«', '»'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_hidden(tree: &Tree, incident: &str) -> bool {
    tree.notice(incident)
        .is_none_or(|notice| notice.part("card").is_none())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_translated_card_follows_the_feed() {
    for (translator, attributes) in [
        ("fonts", ""),
        ("nested", "data-shadow=open"),
        ("nodes", ""),
        ("words", "data-shadow=open"),
    ] {
        let card = Translated::open(attributes).await;
        card.browser.run(&format!("begin('{translator}')")).await;
        card.browser
            .wait_for("the translation", |tree| {
                has_text(tree, &card.incident, "«")
            })
            .await;
        card.patch_incident(&json!({ "title": "All messages are LOST", "impact": "critical" }));
        let tree = card.wait_for_text("All messages are LOST").await;
        let notice = tree.notice(&card.incident).unwrap();
        assert!(
            !untranslated_text(notice).contains("delayed"),
            "{translator}: {notice}"
        );
        card.press("toggle").await;
        card.wait_for_text("Less").await;
        card.site.update(
            &card.incident,
            &json!({ "status": "identified", "body": "A carrier refuses." }),
        );
        card.wait_for_text("A carrier refuses.").await;
        card.resolve();
        card.wait_for_text("Check what you sent.").await;
        card.press("hide").await;
        card.browser
            .wait_for("no card", |tree| is_hidden(tree, &card.incident))
            .await;
        assert!(!is_plain(&card.browser.pierce().await), "{translator}");
        card.assert_unharmed().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_on_a_translated_label_works() {
    let card = Translated::open("").await;
    card.browser.run("begin('fonts')").await;
    for (name, then) in [("toggle", "Less"), ("toggle", "More")] {
        let press = format!(
            "const font = cardRoot().querySelector('[part={name}] font'); if (!font) throw 'no font'; font.click()"
        );
        card.browser.run(&press).await;
        card.wait_for_text(then).await;
    }
    let focus = "const button = cardRoot().querySelector('[part=toggle]'); button.focus()";
    card.browser.run(focus).await;
    card.browser.press("Enter").await;
    card.wait_for_text("Less").await;
    let focused = "return cardRoot().activeElement?.getAttribute('part')";
    card.browser
        .assert_eventually("the focus", focused, json!("toggle"))
        .await;
    card.assert_unharmed().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_translated_plain_card_keeps_its_translation() {
    let site = Site::empty();
    let incident = site.publish(&translated_outage());
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
    poll_until(&browser, "the new title", |tree| {
        tree.notice(&incident)
            .is_some_and(|notice| untranslated_text(notice).contains("All messages are LOST"))
    })
    .await;
}

/// Removes the updates of an expanded card. The widget inserts the next update before them, and panics.
const BREAK: &str = "
    window.place = [...cardRoot().children].find(child => !child.hasAttribute('role'));
    for (const update of place.querySelectorAll('[part=update]')) update.replaceWith(document.createElement('i'))";

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_hands_over_to_the_plain_card() {
    let card = Translated::open("").await;
    card.press("toggle").await;
    card.wait_for_text("Do not resend.").await;
    card.browser
        .run("window.host = cardRoot().host; window.regions = [...cardRoot().querySelectorAll('[role=status],[role=alert]')]; \
              window.spoken = []; for (const region of regions) new MutationObserver(() => { \
                if (region.textContent) spoken.push(region.textContent) }).observe(region, { childList: true, characterData: true, subtree: true })")
        .await;
    let record_events = "Allclear.on('show', notice => (window.events ||= []).push('show ' + notice.id)); \
                 Allclear.on('restored', notice => (window.events ||= []).push('restored ' + notice.id))";
    card.browser.run(record_events).await;
    card.browser
        .run("cardRoot().querySelector('[part=toggle]').focus()")
        .await;
    card.browser.run(BREAK).await;
    card.site.update(
        &card.incident,
        &json!({ "status": "identified", "body": "A carrier refuses.", "advice": "Wait." }),
    );
    let tree = poll_until(&card.browser, "the plain card", |tree| {
        is_plain(tree) && has_text(tree, &card.incident, "A carrier refuses.")
    })
    .await;
    // The plain card has the same state: expanded, with the focus on the same button.
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
    card.browser
        .assert_eventually("the state", state, json!([card.incident, "toggle"]))
        .await;
    card.assert_unharmed().await;

    // The plain card takes over: later updates are drawn, announced once, and polled for.
    // The announcements of a notice are 30 s apart, and its polls 10 s.
    card.browser.run(FAST_CLOCK).await;
    let requests_before = feed_requests(&card.browser).await;
    card.browser
        .wait_for_script(
            "another request",
            "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/feed?')).length",
            |count| count.as_u64() > Some(requests_before),
        )
        .await;
    card.patch_incident(&json!({ "title": "All messages are LOST", "impact": "critical" }));
    card.wait_for_text("All messages are LOST").await;
    card.resolve();
    card.wait_for_text("Check what you sent.").await;
    let announced_once = "return spoken.some(text => text.includes('LOST')) && new Set(spoken).size === spoken.length";
    card.browser
        .wait_for_script("each announced once", announced_once, |once| {
            *once == json!(true)
        })
        .await;
    let events = json!([format!("restored {}", card.incident)]);
    card.browser
        .assert_eventually("one event", "return window.events", events)
        .await;
    card.press("hide").await;
    card.browser
        .wait_for("no notice", |tree| tree.notice(&card.incident).is_none())
        .await;
    card.assert_unharmed().await;
    card.browser.run("Allclear.destroy()").await;
    card.browser
        .wait_for("no card", |tree| tree.banner().is_none())
        .await;
}

/// Number of feed requests of the page.
async fn feed_requests(browser: &Browser) -> u64 {
    let script = "return performance.getEntriesByType('resource').filter(entry => entry.name.includes('/feed?')).length";
    browser.run(script).await.as_u64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_at_the_all_clear_leaves_a_card_that_can_be_hidden() {
    let card = Translated::open("").await;
    let refuse = "const insert = Node.prototype.insertBefore; \
        Node.prototype.insertBefore = function (node, next) { \
          if (this.getRootNode() === cardRoot()) throw new DOMException('no such neighbour', 'NotFoundError'); \
          return insert.call(this, node, next); }";
    card.browser.run(refuse).await;
    card.resolve();
    let tree = poll_until(&card.browser, "the all-clear", |tree| {
        has_text(tree, &card.incident, "Check what you sent.")
    })
    .await;
    assert_eq!(
        tree.notice(&card.incident).unwrap().attribute("data-kind"),
        Some("restored")
    );
    card.press("hide").await;
    card.browser
        .wait_for("no notice", |tree| tree.notice(&card.incident).is_none())
        .await;
    card.browser.reload().await;
    assert_not_shown(&card.browser, &card.incident).await;
    card.assert_unharmed().await;
}
