//! Requests and content policies of the host.

use e2e::{Browser, BrowserOptions, Mirror, Page, Reply, has_text, is_pill, mirror, part, press};
use serde_json::json;

use super::*;

/// A script that adds headers to every request of the page's scripts, as monitoring tools do, so
/// that cross-origin requests need a preflight.
const TRACED: &str = "<script>
    const send = fetch;
    window.fetch = (address, options = {}) => send(address, { ...options, headers: { ...options.headers,
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', baggage: 'a=b' } });
</script>";

/// Asserts which card the page has loaded, by its file. The browser lists a file after it has used it.
async fn assert_loaded(browser: &Browser, file: &str) {
    let files = "return ['widget_bg.wasm', 'plain.js'].filter(file =>
        performance.getEntriesByType('resource').some(({ name, responseStatus }) => name.endsWith(file) && responseStatus === 200))";
    browser.assert_eventually(file, files, json!([file])).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fetches_with_tracing_headers_get_the_card() {
    let (site, incident) = site_in_outage();
    let page = Page::with_body(&format!("{TRACED}{}", site.server.embed(site.slug, "")));
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    assert_shown_and_hide(&browser, &incident).await;
    assert_loaded(&browser, "widget_bg.wasm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_refuse_options_requests_give_the_plain_card() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &mirror::feed(5, &[mirror::notice("inc_1", TITLE)]));
    mirror.answer_options_as_cloudflare("acme");
    let page = Page::with_body(&format!("{TRACED}{}", mirror.embed("acme", "")));
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the plain card", |tree| has_text(tree, "inc_1", TITLE))
        .await;
    assert_undisturbed(&browser).await;
    assert_loaded(&browser, "plain.js").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nonce_policy_without_inline_styles_shows_the_card() {
    let (site, incident) = site_in_outage();
    let origin = site.server.url();
    let page = Page::host("");
    let embed = site.server.embed("acme", "nonce=r4nd0m");
    page.put(
        "/",
        Reply::html(&format!("<!doctype html><title>Host</title><h1>Bank</h1>{embed}")).header(
            "content-security-policy",
            &format!(
                "default-src 'none'; script-src 'nonce-r4nd0m' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'none'; \
                 connect-src {origin}; require-trusted-types-for 'script'; trusted-types 'none'"
            ),
        ),
    );
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    assert_shown_and_hide(&browser, &incident).await;
    assert_undisturbed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_unsets_all_styles_shows_the_card() {
    let (site, incident) = site_in_outage();
    let embed = site.server.embed("acme", "");
    let page = Page::host(&format!(
        "<!doctype html><title>Host</title><style>* {{ all: unset !important }}</style><h1>Bare</h1>{embed}"
    ));
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    assert_shown_and_hide(&browser, &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandboxed_frame_shows_the_card() {
    let (site, incident) = site_in_outage();
    let embed = site.server.embed("acme", "");
    let page = Page::host(
        "<!doctype html><title>Host</title><script>addEventListener('message', event => { (window.messages ||= []).push(event.data) })</script>\
         <h1>Host</h1><iframe sandbox=allow-scripts src=/frame width=800 height=600></iframe>",
    );
    // A frame with an opaque origin reports its own errors.
    page.put(
        "/frame",
        Reply::html(&format!(
            "<!doctype html><title>Frame</title><script>\
             addEventListener('error', event => parent.postMessage('error ' + event.message, '*'));\
             addEventListener('unhandledrejection', event => parent.postMessage('rejection ' + event.reason, '*'));\
             (window.Allclear = window.Allclear || []).push(['on', 'show', notice => parent.postMessage(notice.id, '*')]);\
             </script>{embed}"
        )),
    );
    // The frame runs in the page's process, where DevTools can read it.
    let browser = Browser::with(BrowserOptions {
        arguments: vec!["--disable-features=IsolateSandboxedIframes".to_owned()],
        ..BrowserOptions::default()
    })
    .await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    let messages = browser
        .wait_for_script(
            "the frame's message",
            "return window.messages || []",
            |messages| !messages.as_array().unwrap().is_empty(),
        )
        .await;
    assert_eq!(messages, json!([incident]));
    // The card is drawn in the frame, and can be hidden.
    let tree = browser
        .wait_for("the card in the frame", |tree| {
            has_text(tree, &incident, TITLE)
        })
        .await;
    for name in ["card", "title", "hide"] {
        let node = part(&tree, &incident, name);
        assert!(browser.is_shown(&node).await, "{name} is not shown");
    }
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("the pill of the hidden major notice", |tree| {
            is_pill(tree, &incident)
        })
        .await;
    let messages = browser.run("return window.messages").await;
    assert_eq!(messages, json!([incident]), "no error, no rejection");
    assert_undisturbed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_manager_that_strips_attributes_configures_by_query() {
    let (site, incident) = site_in_outage();
    let origin = site.server.url();
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Shop</h1><script>addEventListener('load', () => {{
            for (let tag = 0; tag < 2; tag++) {{
                const script = document.createElement('script');
                script.src = '{origin}/embed.js?site=acme&position=top';
                document.head.append(script);
            }} }})</script>"
    ));
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the card", |tree| has_text(tree, &incident, TITLE))
        .await;
    let card = part(&tree, &incident, "card");
    browser
        .wait_for_rectangle(
            "the card at the top, as the query says",
            &card,
            |[_, top, _, _]| top < 100.0,
        )
        .await;
    assert_eq!(
        tree.find_all(|node| node.name == "allclear-banner").len(),
        1
    );
    assert_undisturbed(&browser).await;
}
