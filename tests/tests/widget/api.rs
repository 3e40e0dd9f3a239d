//! The API for host pages: previews, mounted elements, contact events, headless pages.

use e2e::{Browser, Page, Site, TITLE, expand, has_text, press};
use serde_json::json;

fn site_in_outage() -> (Site, String) {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = site.publish(&json!({ "kind": "incident", "title": TITLE, "impact": "major",
        "body": "We are looking into it.", "components": [{ "id": "sending", "status": "partial_outage" }],
        "contacts": [
            { "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" },
            { "kind": "link", "label": "Chat", "value": "https://acme.example/chat" },
        ] }));
    (site, incident)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_shows_each_card_labelled_as_preview() {
    let site = Site::empty();
    let browser = Browser::watching().await;
    for (lang, mark, means, severities) in [
        (
            "en",
            "Preview",
            "This is a preview. Nothing is broken, and only you can see it.",
            [
                "Minor:",
                "Minor:",
                "Major:",
                "Critical:",
                "Maintenance",
                "Announcement",
                "Mostly resolved:",
            ],
        ),
        (
            "de",
            "Vorschau",
            "Das ist eine Vorschau.",
            [
                "Gering:",
                "Gering:",
                "Erheblich:",
                "Kritisch:",
                "Wartung",
                "Ankündigung",
                "Größtenteils behoben:",
            ],
        ),
        (
            "ar",
            "معاينة",
            "هذه معاينة.",
            [
                "بسيط:",
                "بسيط:",
                "كبير:",
                "حرج:",
                "صيانة",
                "إعلان",
                "تم حل معظمه:",
            ],
        ),
    ] {
        let page = site.page(&format!("data-lang={lang}"));
        browser.goto(&page.url()).await;
        browser
            .wait_for_script("the API", "return !!window.Allclear?.preview", |there| {
                *there == json!(true)
            })
            .await;
        for (impact, severity) in [
            "none",
            "minor",
            "major",
            "critical",
            "maintenance",
            "announcement",
            "restored",
        ]
        .into_iter()
        .zip(severities)
        {
            browser.run(&format!("Allclear.preview('{impact}')")).await;
            let id = format!("inc_preview{impact}");
            let tree = browser
                .wait_for("the previewed card", |tree| {
                    has_text(tree, &id, severity) && has_text(tree, &id, mark)
                })
                .await;
            if tree.notice(&id).unwrap().part("card").is_none() {
                press(&browser, &id, "pill").await;
            }
            browser
                .wait_for("the explanation", |tree| has_text(tree, &id, means))
                .await;
            expand(&browser, &id).await;
        }
        browser
            .watched()
            .await
            .assert_no_errors()
            .assert_no_violations();
        // A preview leaves nothing in storage.
        let stored = browser.run("return JSON.stringify(localStorage)").await;
        assert!(!stored.as_str().unwrap().contains("preview"), "{stored}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_by_address_needs_no_server() {
    let site = Site::empty();
    let page = site.page("");
    let browser = Browser::watching().await;
    browser.goto(&page.at("/?allclear-preview=critical")).await;
    browser
        .wait_for("the preview", |tree| {
            has_text(tree, "inc_previewcritical", "Critical:")
        })
        .await;
    let requests = browser.network_requests().await;
    assert!(
        !requests.iter().any(|request| request.url.contains("/feed")),
        "{requests:#?}"
    );
    browser
        .watched()
        .await
        .assert_no_errors()
        .assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn mount_draws_the_card_in_the_given_element() {
    let (site, incident) = site_in_outage();
    let embed = site.server.embed("acme", "");
    let page = Page::with_body(&format!("<div id=host></div><div id=other></div>{embed}"));
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| has_text(tree, &incident, TITLE))
        .await;
    // Mounts inside a shadow root too: `document.querySelectorAll` cannot find elements there.
    browser
        .run(
            "const root = document.getElementById('host').attachShadow({ mode: 'open' });
             root.innerHTML = '<section id=inner></section>';
             window.ends = [Allclear.mount(root.getElementById('inner'), { components: ['sending'] }),
                            Allclear.mount(document.getElementById('other'), { components: ['nothing'] })]",
        )
        .await;
    let tree = browser
        .wait_for("the mounted card", |tree| {
            tree.find(|node| node.attribute("id") == Some("inner"))
                .is_some_and(|inner| inner.text().contains(TITLE))
        })
        .await;
    let other = tree
        .find(|node| node.attribute("id") == Some("other"))
        .unwrap();
    assert!(!other.text().contains(TITLE), "{other}");
    browser.run("window.ends.forEach((end) => end())").await;
    browser
        .wait_for("the removal of the mounted cards", |tree| {
            tree.element("allclear-slot").is_none()
        })
        .await;
    browser
        .watched()
        .await
        .assert_no_errors()
        .assert_no_violations();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_event_can_be_cancelled_by_the_host() {
    let (site, incident) = site_in_outage();
    let page = site.page("");
    let browser = Browser::watching().await;
    browser.goto(&page.url()).await;
    let tree = expand(&browser, &incident).await;
    let chat = |tree: &e2e::Tree| {
        let notice = tree.notice(&incident).unwrap();
        let contacts = notice.parts("contact");
        let found = contacts.iter().find(|node| node.text() == "Chat");
        (*found.expect("the chat")).clone()
    };
    browser
        .run(
            "window.asked = [];
             window.end = Allclear.on('contact', (contact, event) => { asked.push(contact.label); event.preventDefault() })",
        )
        .await;
    let windows = browser.driver().windows().await.unwrap().len();
    browser.click(&chat(&tree)).await;
    browser
        .wait_for_script("the event", "return asked", |asked| {
            *asked == json!(["Chat"])
        })
        .await;
    assert_eq!(
        browser.driver().windows().await.unwrap().len(),
        windows,
        "the link does not open"
    );

    // Without a listener that cancels it, the link opens.
    browser
        .run("window.end(); Allclear.on('contact', (contact) => { asked.push('heard ' + contact.value) })")
        .await;
    browser.click(&chat(&tree)).await;
    browser
        .wait_for_script("the event", "return asked[1] ?? null", |asked| {
            *asked == json!("heard https://acme.example/chat")
        })
        .await;
    let mut opened = windows;
    for _ in 0..200 {
        opened = browser.driver().windows().await.unwrap().len();
        if opened > windows {
            break;
        }
        browser
            .run("return new Promise(requestAnimationFrame)")
            .await;
    }
    assert_eq!(opened, windows + 1, "the link opens");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_headless_example_draws_the_feed() {
    let site = Site::new("demo", "Acme SMS", &["Sending"]);
    let browser = Browser::watching().await;
    browser
        .goto(&format!("{}/demo/headless/", site.server.url()))
        .await;
    let strip = "return document.getElementById('notices').innerText";
    browser
        .wait_for_script("the feed", "return !!window.Allclear.state?.feed", |seen| {
            *seen == json!(true)
        })
        .await;
    assert_eq!(browser.run(strip).await, json!(""));
    let incident = site.publish(
        &json!({ "kind": "incident", "title": TITLE, "impact": "major",
        "body": "We are looking into it.", "advice": "Do not resend." }),
    );
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for_script("the strip", strip, |text| {
            let text = text.as_str().unwrap_or_default();
            text.contains(TITLE) && text.contains("Do not resend.")
        })
        .await;
    site.update(
        &incident,
        &json!({ "status": "resolved", "body": "Fixed.", "restored": { "check": "Check what you sent." } }),
    );
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for_script("the all-clear", strip, |text| {
            text.as_str()
                .unwrap_or_default()
                .contains("Resolved. Check what you sent.")
        })
        .await;
    assert!(
        browser.pierce().await.banner().is_none(),
        "nothing of ours is drawn"
    );
    browser
        .watched()
        .await
        .assert_no_errors()
        .assert_no_violations();
}
