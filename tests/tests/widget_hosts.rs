//! Hosts that make it hard: each a page, and the notice is there all the same, while the page sees no exception, no
//! complaint of its content policy and no shift of its layout. That these watchers see anything is proven in harness.rs.

mod story;

use e2e::{Browser, BrowserOptions, Mirror, Page, Reply, Tree, mirror};
use serde_json::{Value, json};
use story::{Site, expand, part, says, seen};

const TITLE: &str = "Messages are delayed";

fn outage() -> Value {
    json!({ "kind": "incident", "title": TITLE, "impact": "major", "body": "We are looking into it.",
            "advice": "Do not resend." })
}

/// A site in an outage.
fn broken() -> (Site, String) {
    let site = Site::new("acme", "Acme SMS", &[]);
    let incident = site.publish(&outage());
    (site, incident)
}

async fn watching() -> Browser {
    let browser = Browser::start().await;
    browser.watch().await;
    browser
}

async fn undisturbed(browser: &Browser) {
    let watched = browser.watched().await;
    assert!(watched.errors.is_empty(), "{watched:?}");
    assert!(watched.rejections.is_empty(), "{watched:?}");
    assert!(watched.violations.is_empty(), "{watched:?}");
    assert!(watched.shift.abs() < f64::EPSILON, "{watched:?}");
}

/// The card is there and in view, and the button on it does what it says.
async fn sees_and_hides(browser: &Browser, incident: &str) {
    let tree = browser
        .wait_for("the card", |tree| says(tree, incident, TITLE))
        .await;
    undisturbed(browser).await;
    for name in ["card", "title", "toggle", "hide"] {
        let node = part(&tree, incident, name);
        assert!(browser.is_shown(&node).await, "{name} is not shown");
    }
    in_view(browser, &tree, incident).await;
    browser.click(&part(&tree, incident, "hide")).await;
    browser
        .wait_for("the pill that a major one leaves", |tree| {
            is_pill(tree, incident)
        })
        .await;
}

/// What monitoring tools do to a page: every request of its scripts has headers more, so that those to other origins are
/// asked about first.
const TRACED: &str = "<script>
    const send = fetch;
    window.fetch = (address, options = {}) => send(address, { ...options, headers: { ...options.headers,
        traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', baggage: 'a=b' } });
</script>";

/// Which of the two cards the page has loaded.
async fn loaded(browser: &Browser) -> Value {
    let files = "return ['widget_bg.wasm', 'plain.js'].filter(file =>
        performance.getEntriesByType('resource').some(({ name, responseStatus }) => name.endsWith(file) && responseStatus === 200))";
    browser.run(files).await
}

#[tokio::test(flavor = "multi_thread")]
async fn fetches_with_tracing_headers_get_the_card() {
    let (site, incident) = broken();
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{TRACED}{}",
        site.server.embed(site.slug, "")
    ));
    let browser = watching().await;
    browser.goto(&page.url()).await;
    sees_and_hides(&browser, &incident).await;
    assert_eq!(loaded(&browser).await, json!(["widget_bg.wasm"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_refuse_options_leave_the_plain_card() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &mirror::feed(5, &[mirror::outage("inc_1", TITLE)]));
    mirror.answer_options_as_cloudflare("acme");
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{TRACED}{}",
        mirror.embed("acme", "")
    ));
    let browser = watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the plain card", |tree| says(tree, "inc_1", TITLE))
        .await;
    undisturbed(&browser).await;
    assert_eq!(loaded(&browser).await, json!(["plain.js"]));
}

fn is_pill(tree: &Tree, incident: &str) -> bool {
    tree.notice(incident)
        .is_some_and(|notice| notice.part("pill").is_some() && notice.part("card").is_none())
}

/// The whole card is within the window, and its buttons are large enough for a finger.
async fn in_view(browser: &Browser, tree: &Tree, incident: &str) {
    let window = browser.run("return [innerWidth, innerHeight]").await;
    let (wide, high) = (window[0].as_f64().unwrap(), window[1].as_f64().unwrap());
    for name in ["card", "toggle", "hide"] {
        let node = part(tree, incident, name);
        let [left, top, width, height] = browser.rectangle(&node).await.unwrap();
        let inside =
            left > -0.5 && top > -0.5 && left + width < wide + 0.5 && top + height < high + 0.5;
        assert!(
            inside,
            "{name} at {left} {top}, {width} × {height}, of {wide} × {high}"
        );
        // DevTools gives quads in single precision, a ten-thousandth of a pixel off.
        assert!(
            height.round() >= 44.0 && width.round() >= 44.0,
            "{name}: {width} × {height}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_policy_with_a_nonce_and_no_styles() {
    let (site, incident) = broken();
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
    let browser = watching().await;
    browser.goto(&page.url()).await;
    sees_and_hides(&browser, &incident).await;
    undisturbed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_unsets_everything() {
    let (site, incident) = broken();
    let embed = site.server.embed("acme", "");
    let page = Page::host(&format!(
        "<!doctype html><title>Host</title><style>* {{ all: unset !important }}</style><h1>Bare</h1>{embed}"
    ));
    let browser = watching().await;
    browser.goto(&page.url()).await;
    sees_and_hides(&browser, &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_reads_from_right_to_left() {
    let (site, incident) = broken();
    let embed = site.server.embed("acme", "data-lang=en");
    let page = Page::host(&format!(
        "<!doctype html><html lang=ar dir=rtl><title>مضيف</title><h1>خدمة الرسائل</h1>{embed}"
    ));
    let browser = watching().await;
    browser.goto(&page.url()).await;
    sees_and_hides(&browser, &incident).await;
    let tree = browser.pierce().await;
    let english = tree
        .banner()
        .unwrap()
        .find(|node| node.attribute("dir") == Some("ltr"));
    assert!(
        english.is_some(),
        "English text reads from left to right wherever it is"
    );
    undisturbed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_storage_that_is_blocked() {
    let (site, incident) = broken();
    let page = site.page("");
    let browser = watching().await;
    browser
        .before_each_page("Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError') } })")
        .await;
    browser.goto(&page.url()).await;
    sees_and_hides(&browser, &incident).await;
    undisturbed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_locks_and_channels() {
    let (site, incident) = broken();
    let page = site.page("");
    let browser = watching().await;
    browser
        .before_each_page("Object.defineProperty(navigator, 'locks', { value: undefined }); delete window.BroadcastChannel")
        .await;
    browser.goto(&page.url()).await;
    sees_and_hides(&browser, &incident).await;
    undisturbed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_in_a_sandbox() {
    let (site, incident) = broken();
    let embed = site.server.embed("acme", "");
    let page = Page::host(
        "<!doctype html><title>Host</title><script>addEventListener('message', said => { (window.said ||= []).push(said.data) })</script>\
         <h1>Host</h1><iframe sandbox=allow-scripts src=/frame width=800 height=600></iframe>",
    );
    // What happens in an opaque origin is told by itself.
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
    // In the page's own process, where DevTools can look into it from the page.
    let browser = Browser::with(BrowserOptions {
        arguments: vec!["--disable-features=IsolateSandboxedIframes".to_owned()],
        ..BrowserOptions::default()
    })
    .await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    let said = browser
        .wait_for_script("word from the frame", "return window.said || []", |said| {
            !said.as_array().unwrap().is_empty()
        })
        .await;
    assert_eq!(said, json!([incident]));
    // It is drawn in there, and can be hidden.
    let tree = browser
        .wait_for("the card in the frame", |tree| says(tree, &incident, TITLE))
        .await;
    for name in ["card", "title", "hide"] {
        let node = part(&tree, &incident, name);
        assert!(browser.is_shown(&node).await, "{name} is not shown");
    }
    browser.click(&part(&tree, &incident, "hide")).await;
    browser
        .wait_for("the pill that a major one leaves", |tree| {
            is_pill(tree, &incident)
        })
        .await;
    let said = browser.run("return window.said").await;
    assert_eq!(said, json!([incident]), "no error, no rejection");
    undisturbed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_swaps_its_whole_body() {
    let (site, incident) = broken();
    let page = site.page("");
    let browser = watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| says(tree, &incident, TITLE))
        .await;
    browser
        .run(
            "for (let route = 0; route < 20; route++) {
                const body = document.createElement('body');
                body.textContent = 'Route ' + route;
                document.body.replaceWith(body);
                history.pushState(null, '', '/route/' + route);
              }",
        )
        .await;
    sees_and_hides(&browser, &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sixty_notices_at_once() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let mut last = String::new();
    for number in 0..60 {
        last = site.publish(&json!({ "kind": "incident", "title": format!("Problem {number}"), "impact": "major", "body": "We are looking into it." }));
    }
    let critical = site.publish(&json!({ "kind": "incident", "title": TITLE, "impact": "critical", "body": "All of us are on it." }));
    let page = site.page("");
    let browser = watching().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the card", |tree| says(tree, &critical, TITLE))
        .await;
    undisturbed(&browser).await;
    assert!(
        tree.notice(&critical).unwrap().part("card").is_some(),
        "the worst one first"
    );
    assert!(
        tree.notices().len() <= 5,
        "a few, and a count of the rest: {}",
        tree.notices().len()
    );
    in_view(&browser, &tree, &critical).await;
    let shown = browser.run("return Allclear.state.shown.length").await;
    let drawn = tree.notices().len() as u64;
    let rest = shown.as_u64().unwrap() - drawn;
    let words = tree.banner().unwrap().text();
    assert!(words.ends_with(&format!("+{rest}")), "{rest}: {words}");

    // Opened by name, whichever it is.
    browser.run(&format!("Allclear.open('{last}')")).await;
    if site.feed().text().contains(&last) {
        browser
            .wait_for("the one that was asked for", |tree| {
                tree.notice(&last)
                    .is_some_and(|notice| notice.part("card").is_some())
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_of_two_hundred_wide_letters_on_a_small_phone() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let mut incident = outage();
    incident["title"] = json!("\u{ff37}".repeat(200));
    incident["works"] = json!(["\u{ff37}".repeat(80)]);
    let incident = site.publish(&incident);
    let page = site.page("");
    let browser = Browser::with(BrowserOptions {
        window: (500, 640),
        ..BrowserOptions::default()
    })
    .await;
    browser.watch().await;
    browser.set_viewport(320, 568, 1.0).await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the card", |tree| tree.notice(&incident).is_some())
        .await;
    undisturbed(&browser).await;
    in_view(&browser, &tree, &incident).await;
    let tree = expand(&browser, &incident).await;
    in_view(&browser, &tree, &incident).await;
    let wider = browser
        .run("return document.documentElement.scrollWidth > innerWidth")
        .await;
    assert_eq!(wider, json!(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn texts_full_of_markup_stay_texts() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let markup = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script><style>*{display:none}</style>";
    let body = format!(
        "{markup} [run](javascript:window.hit=1) [data](data:text/html,x) [fine](https://acme.example/help) <b>bold</b>"
    );
    let incident = site.publish(&json!({ "kind": "incident", "title": format!("Broken {markup}"), "impact": "major",
        "body": body, "advice": body, "works": [markup], "broken": ["[run](javascript:window.hit=1)"] }));
    for attributes in ["", "data-theme=dark data-position=top"] {
        let page = site.page(attributes);
        let browser = watching().await;
        browser.goto(&page.url()).await;
        let tree = expand(&browser, &incident).await;
        let banner = tree.banner().unwrap();
        for name in ["img", "script", "style", "b"] {
            let of_theirs =
                banner.find(|node| node.name == name && node.text().contains("window.hit"));
            assert!(
                of_theirs.is_none() && (name == "b" || banner.element(name).is_none()),
                "{name}:\n{banner}"
            );
        }
        for link in banner.find_all(|node| node.name == "a") {
            let href = link.attribute("href").unwrap_or_default();
            assert!(href.starts_with("http"), "{href}");
        }
        assert!(
            banner.text().contains("<img src=x"),
            "said as it is: {}",
            banner.text()
        );
        assert!(
            banner
                .find(|node| node.attribute("href") == Some("https://acme.example/help"))
                .is_some()
        );
        assert_eq!(browser.run("return window.hit ?? null").await, Value::Null);
        let watched = browser.watched().await;
        assert!(
            watched.errors.is_empty()
                && watched.rejections.is_empty()
                && watched.violations.is_empty(),
            "{watched:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_image_never_answers() {
    let (site, incident) = broken();
    let embed = site.server.embed("acme", "");
    let page = Page::host(&format!(
        "<!doctype html><title>Host</title><h1>Host</h1><img src=/never width=10 height=10>{embed}"
    ));
    page.put("/never", Reply::hang());
    let browser = watching().await;
    browser.begin(&page.url()).await;
    sees_and_hides(&browser, &incident).await;
    let state = browser.run("return document.readyState").await;
    assert_eq!(
        state,
        json!("interactive"),
        "the page has not loaded, and the notice did not wait for it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn two_pages_that_send_each_other_around() {
    let (site, incident) = broken();
    let embed = site.server.embed("acme", "");
    let page = Page::host("");
    for (here, there) in [("/login", "/app"), ("/app", "/login")] {
        page.put(
            here,
            Reply::html(&format!(
                "<!doctype html><title>Host</title><h1>{here}</h1><script>setTimeout(() => location = '{there}', 800)</script>{embed}"
            )),
        );
    }
    let browser = Browser::start().await;
    browser.begin(&page.at("/login")).await;
    for here in ["/login", "/app", "/login", "/app"] {
        browser
            .wait_for("the notice on both", |tree| {
                tree.element("h1")
                    .is_some_and(|heading| heading.text() == here)
                    && says(tree, &incident, TITLE)
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tag_manager_that_strips_attributes() {
    let (site, incident) = broken();
    let origin = site.server.url();
    let page = Page::host(&format!(
        "<!doctype html><html lang=en><title>Host</title><h1>Shop</h1><script>addEventListener('load', () => {{
            for (let tag = 0; tag < 2; tag++) {{
                const script = document.createElement('script');
                script.src = '{origin}/embed.js?site=acme&position=top';
                document.head.append(script);
            }} }})</script>"
    ));
    let browser = watching().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the card", |tree| says(tree, &incident, TITLE))
        .await;
    let card = part(&tree, &incident, "card");
    let [_, top, _, _] = browser.rectangle(&card).await.unwrap();
    assert!(top < 100.0, "at the top, as the query says: {top}");
    assert_eq!(
        tree.find_all(|node| node.name == "allclear-banner").len(),
        1
    );
    undisturbed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_the_reader_comes_back_to() {
    let (site, incident) = broken();
    let page = site.page("");
    page.put(
        "/next",
        Reply::html("<!doctype html><title>Next</title><h1>Next</h1>"),
    );
    let browser = watching().await;
    browser
        .before_each_page(
            "addEventListener('pageshow', event => { window.fromCache = event.persisted })",
        )
        .await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| says(tree, &incident, TITLE))
        .await;
    // What comes after it has been seen is news.
    seen(&browser, &incident).await;
    browser.goto(&page.at("/next")).await;
    site.update(
        &incident,
        &json!({ "body": "A carrier refuses.", "status": "identified" }),
    );
    browser.run("history.back()").await;
    browser
        .wait_for_script(
            "the very page, out of the back/forward cache",
            "return window.fromCache ?? null",
            |kept| *kept == true,
        )
        .await;
    let tree = browser
        .wait_for("the newest word, unasked", |tree| {
            says(tree, &incident, "A carrier refuses.")
        })
        .await;
    assert_eq!(
        tree.find_all(|node| node.name == "allclear-banner").len(),
        1
    );
    assert_eq!(tree.notices().len(), 1);
    undisturbed(&browser).await;
}
