//! The guide's own helpers: the tag that it builds, and previews before there is a backend.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_tag_that_the_guide_builds_is_the_one_that_works() {
    let site = site();
    let incident = site.publish(&outage(
        &json!({ "audience": { "segments": [], "components": ["sharing"] } }),
    ));
    let browser = Browser::start().await;
    browser.watch().await;
    browser
        .goto(&format!("{}/docs/embed", site.server.url()))
        .await;
    let tag = "return document.getElementById('tag').textContent";
    let plain = format!(
        "<script async src=\"{}/embed.js\" data-site=\"acme\"></script>",
        site.server.url()
    );
    assert_eq!(
        browser.run(tag).await,
        plain.as_str(),
        "it knows where it is"
    );
    // The readers' own words, put in as they would.
    browser
        .run("const form = document.getElementById('builder').elements;
              form.position.value = 'corner'; form.theme.value = 'dark'; form.components.value = ' sharing,sending';
              form.components.dispatchEvent(new Event('input', { bubbles: true }))")
        .await;
    let built = browser.run(tag).await;
    let built = built.as_str().unwrap();
    for said in [
        "data-position=\"corner\"",
        "data-theme=\"dark\"",
        "data-components=\"sharing sending\"",
    ] {
        assert!(built.contains(said), "{built}");
    }
    // An invalid service or site shows a hint, and the examples stay complete.
    let put = |host: &str, site: &str| {
        format!(
            "const form = document.getElementById('builder').elements; form.host.value = {}; form.site.value = {};
             form.site.dispatchEvent(new Event('input', {{ bubbles: true }}));
             return ['host-hint', 'site-hint'].map(id => document.getElementById(id).textContent)",
            json!(host),
            json!(site)
        )
    };
    let hints = browser.run(&put("two words", "Acme!")).await;
    assert_eq!(
        hints,
        json!([
            "Enter a web address, like https://status.example.com.",
            "Enter 2 to 39 lower-case letters, digits or hyphens."
        ])
    );
    let odd = browser.run(tag).await;
    assert!(
        odd.as_str().unwrap().starts_with(
            "<script async src=\"https://status.example.com/embed.js\" data-site=\"acme\" "
        ),
        "{odd}"
    );
    let pasted = format!("{}/s/acme", site.server.url());
    assert_eq!(browser.run(&put(&pasted, "acme ")).await, json!(["", ""]));
    assert_eq!(
        browser.run(tag).await,
        built,
        "an origin, whatever was pasted"
    );
    let all = browser
        .run("return [...document.querySelectorAll('pre code, p code')].map(code => code.textContent).join('\\n')")
        .await;
    assert!(
        !all.as_str().unwrap().contains("status.example.com"),
        "every example follows"
    );
    // Copied, it is what stands there.
    let permission = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": site.server.url() });
    browser
        .devtools("Browser.grantPermissions", permission)
        .await;
    let tree = browser.pierce().await;
    let copy = tree.find(|node| node.name == "button" && node.text() == "Copy");
    browser.click(copy.unwrap()).await;
    browser
        .wait_for("the word that it is copied", |tree| {
            tree.find(|node| node.name == "button" && node.text() == "Copied")
                .is_some()
        })
        .await;
    let copied = browser.run("return navigator.clipboard.readText()").await;
    assert_eq!(copied, built);
    let watched = browser.watched().await;
    assert!(
        watched.violations.is_empty() && watched.errors.is_empty(),
        "{watched:?}"
    );
    card_on(&app(built).url(), &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_comes_before_there_is_a_backend() {
    // The service runs, and has no site.
    let site = site();
    let tag = example("tag", &site).replace("\"acme\"", "\"not-yet\"");
    let page = app(&tag);
    let browser = Browser::start().await;
    browser
        .goto(&format!("{}?allclear-preview=major", page.url()))
        .await;
    previewed(&browser).await;
    // By the call.
    browser.goto("about:blank").await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "Allclear",
            "return Boolean(window.Allclear?.preview)",
            |there| *there == json!(true),
        )
        .await;
    browser.run(&example("preview-call", &site)).await;
    previewed(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guide_shows_each_preview_and_asks_no_site_for_it() {
    let server = Server::start();
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&format!("{}/docs/embed", server.url())).await;
    for (button, kind) in [("critical", "incident"), ("restored", "restored")] {
        let tree = browser.pierce().await;
        let button = tree.find(|node| node.attribute("data-preview") == Some(button));
        browser.click(button.unwrap()).await;
        browser
            .wait_for("the preview", |tree| {
                let notices = tree.notices();
                let of_kind = |notice: &&Node| {
                    notice.attribute("data-kind") == Some(kind) && notice.text().contains("Preview")
                };
                notices.len() == 1 && notices.iter().any(of_kind)
            })
            .await;
    }
    let asked = browser
        .run("return performance.getEntriesByType('resource').map(({ name }) => name)")
        .await;
    let asked = asked.as_array().unwrap();
    assert!(
        asked
            .iter()
            .any(|url| url.as_str().unwrap().ends_with("/embed.js")),
        "{asked:?}"
    );
    for url in asked {
        assert!(!url.as_str().unwrap().contains("/v1/"), "{url}");
    }
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty() && watched.violations.is_empty(),
        "{watched:?}"
    );
    let kept = browser.run("return Object.keys(localStorage)").await;
    assert_eq!(kept, json!([]), "nothing is remembered");
}
