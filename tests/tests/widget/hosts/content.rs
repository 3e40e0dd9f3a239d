//! Notices with extreme content.

use e2e::{Browser, BrowserOptions, Site, expand, has_text, outage};
use serde_json::{Value, json};

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn sixty_notices_show_the_critical_one_and_a_list() {
    let site = Site::empty();
    let mut last = String::new();
    for number in 0..60 {
        last = site.publish(&json!({ "kind": "incident", "title": format!("Problem {number}"), "impact": "major", "body": "We are looking into it." }));
    }
    let critical = site.publish(&json!({ "kind": "incident", "title": TITLE, "impact": "critical", "body": "All of us are on it." }));
    let page = site.page("");
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the card", |tree| has_text(tree, &critical, TITLE))
        .await;
    assert_undisturbed(&browser).await;
    assert!(
        tree.notice(&critical).unwrap().part("card").is_some(),
        "the most severe notice is the card"
    );
    assert!(
        tree.notices().len() <= 5,
        "at most five notices are drawn: {}",
        tree.notices().len()
    );
    assert_in_view(&browser, &tree, &critical).await;
    let shown = browser.run("return Allclear.state.shown.length").await;
    let drawn = tree.notices().len() as u64;
    let rest = shown.as_u64().unwrap() - drawn;
    let words = tree.banner().unwrap().text();
    assert!(words.ends_with(&format!("+{rest}")), "{rest}: {words}");

    // `open` expands a notice by its id, wherever it is in the list.
    browser.run(&format!("Allclear.open('{last}')")).await;
    if site.feed().text().contains(&last) {
        browser
            .wait_for("the requested notice", |tree| {
                tree.notice(&last)
                    .is_some_and(|notice| notice.part("card").is_some())
            })
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_of_200_wide_letters_fits_a_small_phone() {
    let site = Site::empty();
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
    assert_undisturbed(&browser).await;
    assert_in_view(&browser, &tree, &incident).await;
    let tree = expand(&browser, &incident).await;
    assert_in_view(&browser, &tree, &incident).await;
    let wider = browser
        .run("return document.documentElement.scrollWidth > innerWidth")
        .await;
    assert_eq!(wider, json!(false));
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_in_texts_is_not_interpreted() {
    let site = Site::empty();
    let markup = "<img src=x onerror=\"window.hit=1\"><script>window.hit=1</script><style>*{display:none}</style>";
    let body = format!(
        "{markup} [run](javascript:window.hit=1) [data](data:text/html,x) [fine](https://acme.example/help) <b>bold</b>"
    );
    let incident = site.publish(&json!({ "kind": "incident", "title": format!("Broken {markup}"), "impact": "major",
        "body": body, "advice": body, "works": [markup], "broken": ["[run](javascript:window.hit=1)"] }));
    for attributes in ["", "data-theme=dark data-position=top"] {
        let page = site.page(attributes);
        let browser = Browser::watching().await;
        browser.goto(&page.url()).await;
        let tree = expand(&browser, &incident).await;
        let banner = tree.banner().unwrap();
        for name in ["img", "script", "style", "b"] {
            let injected =
                banner.find(|node| node.name == name && node.text().contains("window.hit"));
            assert!(
                injected.is_none() && (name == "b" || banner.element(name).is_none()),
                "{name}:\n{banner}"
            );
        }
        for link in banner.find_all(|node| node.name == "a") {
            let href = link.attribute("href").unwrap_or_default();
            assert!(href.starts_with("http"), "{href}");
        }
        assert!(
            banner.text().contains("<img src=x"),
            "shown verbatim: {}",
            banner.text()
        );
        assert!(
            banner
                .find(|node| node.attribute("href") == Some("https://acme.example/help"))
                .is_some()
        );
        assert_eq!(browser.run("return window.hit ?? null").await, Value::Null);
        browser
            .watched()
            .await
            .assert_no_errors()
            .assert_no_violations();
    }
}
