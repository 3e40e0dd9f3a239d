//! Which script tag is ours, beside scripts of the page and of other vendors with the same file names.

use e2e::{Browser, Mirror, Page, Reply, Site, TITLE, has_text, mirror, outage, page};

/// A script of another vendor or of the page.
const OTHER: &str = "window.others = (window.others || 0) + 1";

/// Loads a page with this body between tags of others, before and after it, and waits for the card. There is no warning, and no
/// request to the vendor except for its scripts.
async fn assert_card(browser: &Browser, body: &str, incident: &str) {
    let vendor = Page::host("");
    let host = Page::host("");
    let script = || Reply::script(OTHER).header("access-control-allow-origin", "*");
    let mut others = String::new();
    for path in ["/embed.js", "/s/other/embed.js", "/site.js"] {
        for (name, origin) in [("vendor", &vendor), ("host", &host)] {
            origin.put(path, script());
            for attributes in ["", "type=module", "data-site=other"] {
                others += &format!(
                    "<script {attributes} src='{}{path}' data-of={name}></script>",
                    origin.url().trim_end_matches('/')
                );
            }
        }
    }
    for body in [format!("{others}{body}"), format!("{body}{others}")] {
        host.put("/", Reply::html(&page::html(&body)));
        browser.goto(&host.url()).await;
        browser
            .wait_for(&body, |tree| has_text(tree, incident, TITLE))
            .await;
        browser.watched().await.assert_no_errors();
        let console = browser.console().await;
        assert!(console.is_empty(), "{body}: {console:?}");
    }
    for page in [&vendor, &host] {
        let requests = page.requests().into_iter();
        let feeds: Vec<_> = requests
            .filter(|request| request.path.contains("/v1/"))
            .collect();
        assert!(feeds.is_empty(), "{body}: {feeds:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_tag_or_import_gets_the_card() {
    let mirror = Mirror::with_notices(&[mirror::notice("inc_1", TITLE)]);
    let origin = mirror.origin();
    let browser = Browser::watching().await;
    for body in [
        format!("<script type=module src='{origin}/embed.js' data-site=acme></script>"),
        format!("<script type=module src='{origin}/embed.js#x' data-site=acme></script>"),
        format!("<script type=module src='{origin}/embed.js?site=acme#x'></script>"),
        format!("<script async src='{origin}/embed.js?site=acme#x'></script>"),
        format!("<script type=module>import '{origin}/embed.js?site=acme'</script>"),
        format!("<script>import('{origin}/embed.js?site=acme#x')</script>"),
    ] {
        assert_card(&browser, &body, "inc_1").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_module_tag_of_one_site_gets_the_card() {
    let site = Site::empty();
    let incident = site.publish(&outage());
    let browser = Browser::watching().await;
    for fragment in ["", "#x", "?lang=en#x"] {
        let address = format!("{}/s/acme/embed.js{fragment}", site.server.url());
        let body = format!("<script type=module src='{address}'></script>");
        assert_card(&browser, &body, &incident).await;
    }
}
