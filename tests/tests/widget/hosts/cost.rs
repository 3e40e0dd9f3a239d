//! The cost of the card on a page that changes all the time: it searches the added elements, never the whole document.

use e2e::{Browser, Mirror, Page, TITLE, has_text, mirror};
use serde_json::json;

use super::top_layer::BOTH_CARDS;

/// Records searches of the whole document in `searches`.
const COUNTER: &str = "window.searches = [];
    const note = (owner, names) => names.forEach((name) => {
        const own = owner[name];
        owner[name] = function (...given) {
            const isWhole = this === document || this === document.documentElement || this === document.body;
            if (isWhole) searches.push(name + ' ' + given[0]);
            return own.apply(this, given);
        };
    });
    note(Document.prototype, ['querySelector', 'querySelectorAll', 'getElementsByTagName', 'getElementsByClassName',
        'getElementsByName', 'getElementsByTagNameNS', 'evaluate']);
    note(Element.prototype, ['querySelector', 'querySelectorAll', 'getElementsByTagName', 'getElementsByClassName',
        'getElementsByTagNameNS']);
    for (const name of ['createTreeWalker', 'createNodeIterator']) {
        const own = Document.prototype[name];
        Document.prototype[name] = function (root, ...given) {
            if (root === document || root === document.documentElement || root === document.body) searches.push(name);
            return own.call(this, root, ...given);
        };
    }";

#[tokio::test(flavor = "multi_thread")]
async fn mutations_never_cause_a_search_of_the_whole_document() {
    let mirror = Mirror::start();
    // No poll during the test.
    let mut quiet = mirror::feed(5, &[mirror::notice("inc_1", TITLE)]);
    quiet["poll_after_s"] = json!(3600);
    mirror.put_feed("acme", &quiet);
    let browser = Browser::watching().await;
    browser.before_each_page(COUNTER).await;
    let positions = [
        "",
        "data-reserve",
        "data-position=inline",
        "data-position=inline data-target='#nowhere'",
        "data-position=inline data-target='#place'",
        "data-position=none",
    ];
    for policy in BOTH_CARDS {
        for attributes in positions {
            let embed = mirror.embed("acme", attributes);
            let body = format!(
                "<div id=chat></div><div id=many style='display:none'></div><div id=place></div><div data-allclear-slot></div>{embed}"
            );
            let page = Page::with_policy(&body, policy);
            browser.goto(&page.url()).await;
            // The plain card draws in no slots.
            if policy.is_some() && attributes == "data-position=none" {
                let shown = "return window.Allclear?.state.shown";
                browser
                    .assert_eventually("the notice", shown, json!(["inc_1"]))
                    .await;
            } else {
                browser
                    .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
                    .await;
                e2e::wait_until_seen(&browser, "inc_1").await;
            }
            let searches = browser
                .run(
                    "return (async () => {
                    const chat = document.getElementById('chat');
                    // These elements are added after the card is found, because the test reads a
                    // large page slowly.
                    document.getElementById('many').innerHTML = '<i></i>'.repeat(2e4);
                    await new Promise(requestAnimationFrame);
                    searches.length = 0;
                    for (let turn = 0; turn < 40; turn++) {
                        chat.append('x');
                        const line = document.createElement('p');
                        line.innerHTML = '<b>line</b>';
                        chat.append(line);
                        if (turn % 3 === 0) chat.firstElementChild.remove();
                        if (turn % 5 === 0) chat.toggleAttribute('open');
                        await new Promise(requestAnimationFrame);
                    }
                    return searches;
                })()",
                )
                .await;
            assert_eq!(searches, json!([]), "{attributes} {policy:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inline_card_is_inserted_at_our_own_script() {
    let mirror = Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]);
    let page = Page::host("");
    page.put("/embed.js", e2e::Reply::script(""));
    let embed = mirror.embed("acme", "data-position=inline");
    page.put(
        "/",
        e2e::Reply::html(&e2e::page::html(&format!(
            "<div id=theirs><script async src=/embed.js></script></div><p>Text</p><div id=ours>{embed}</div>"
        ))),
    );
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| has_text(tree, "inc_1", TITLE))
        .await;
    let place = "const { parentNode, nextSibling } = document.querySelector('allclear-banner'); return [parentNode.id, nextSibling.localName]";
    assert_eq!(browser.run(place).await, json!(["ours", "script"]));
}
