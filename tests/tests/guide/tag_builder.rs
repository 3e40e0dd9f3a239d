//! The guide's helpers: the tag builder, and previews without a backend.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_tag_builder_builds_a_working_tag() {
    let site = site();
    let incident = site.publish(&outage_with(
        &json!({ "audience": { "segments": [], "components": ["sharing"] } }),
    ));
    let browser = Browser::watching().await;
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
        "the host defaults to the guide's own origin"
    );
    // Values as readers type them.
    browser
        .run("const form = document.getElementById('builder').elements;
              form.position.value = 'corner'; form.theme.value = 'dark'; form.components.value = ' sharing,sending';
              form.components.dispatchEvent(new Event('input', { bubbles: true }))")
        .await;
    let built = browser.run(tag).await;
    let built = built.as_str().unwrap();
    for attribute in [
        "data-position=\"corner\"",
        "data-theme=\"dark\"",
        "data-components=\"sharing sending\"",
    ] {
        assert!(built.contains(attribute), "{built}");
    }
    // An invalid host or site shows a hint, and the examples stay complete.
    let enter = |host: &str, site: &str| {
        format!(
            "const form = document.getElementById('builder').elements; form.host.value = {}; form.site.value = {};
             form.site.dispatchEvent(new Event('input', {{ bubbles: true }}));
             return ['host-hint', 'site-hint'].map(id => document.getElementById(id).textContent)",
            json!(host),
            json!(site)
        )
    };
    let hints = browser.run(&enter("two words", "Acme!")).await;
    assert_eq!(
        hints,
        json!([
            "Enter a web address, like https://status.example.com.",
            "Enter 2 to 39 lower-case letters, digits or hyphens."
        ])
    );
    let with_invalid_values = browser.run(tag).await;
    assert!(
        with_invalid_values.as_str().unwrap().starts_with(
            "<script async src=\"https://status.example.com/embed.js\" data-site=\"acme\" "
        ),
        "{with_invalid_values}"
    );
    let pasted = format!("{}/s/acme", site.server.url());
    assert_eq!(browser.run(&enter(&pasted, "acme ")).await, json!(["", ""]));
    assert_eq!(
        browser.run(tag).await,
        built,
        "a pasted address is reduced to its origin"
    );
    let all = browser
        .run("return [...document.querySelectorAll('pre code, p code')].map(code => code.textContent).join('\\n')")
        .await;
    assert!(
        !all.as_str().unwrap().contains("status.example.com"),
        "every example uses the entered host"
    );
    // The copied text is the shown one.
    let permission = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": site.server.url() });
    browser
        .devtools("Browser.grantPermissions", permission)
        .await;
    let tree = browser.pierce().await;
    let copy = tree.find(|node| node.name == "button" && node.text() == "Copy");
    browser.click(copy.unwrap()).await;
    browser
        .wait_for("the confirmation of the copy", |tree| {
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
async fn a_preview_works_without_a_site() {
    // The server has no site of this name.
    let site = site();
    let tag = Example::Tag.on(&site).replace("\"acme\"", "\"not-yet\"");
    let page = app(&tag);
    let browser = Browser::start().await;
    browser
        .goto(&format!("{}?allclear-preview=major", page.url()))
        .await;
    wait_for_preview(&browser).await;
    // The preview by `Allclear.preview`.
    browser.goto("about:blank").await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "Allclear",
            "return Boolean(window.Allclear?.preview)",
            |is_defined| *is_defined == json!(true),
        )
        .await;
    browser.run(&Example::PreviewCall.on(&site)).await;
    wait_for_preview(&browser).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_guides_previews_request_no_feed() {
    let server = Server::start();
    let browser = Browser::watching().await;
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
    let requested = browser
        .run("return performance.getEntriesByType('resource').map(({ name }) => name)")
        .await;
    let requested = requested.as_array().unwrap();
    assert!(
        requested
            .iter()
            .any(|url| url.as_str().unwrap().ends_with("/embed.js")),
        "{requested:?}"
    );
    for url in requested {
        assert!(!url.as_str().unwrap().contains("/v1/"), "{url}");
    }
    browser
        .watched()
        .await
        .assert_no_errors()
        .assert_no_violations();
    let stored_keys = browser.run("return Object.keys(localStorage)").await;
    assert_eq!(stored_keys, json!([]), "the preview stores no value");
}
