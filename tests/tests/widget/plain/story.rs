//! The plain card through the stages of an incident.

use e2e::{
    Browser, Motion, Scheme, Site, assert_not_shown, expand, full_outage, has_text, is_pill, part,
    poll_until, press,
};
use serde_json::json;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_card_has_the_widgets_texts_and_parts() {
    let site = Site::empty();
    let page = page(&site, "");
    let incident = site.publish(&full_outage());
    let browser = Browser::watching().await;
    browser.record_announcements().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the plain card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;
    let banner = tree.banner().unwrap();
    assert!(
        banner
            .find(|node| node.shadow_mode.as_deref() == Some("closed"))
            .is_some()
    );
    let notice = tree.notice(&incident).unwrap();
    assert_eq!(notice.attribute("data-kind"), Some("incident"));
    let words = notice.text();
    for text in [
        "Major: Messages are delayed",
        "Do not resend.",
        "next update by",
    ] {
        assert!(words.contains(text), "{text}: {words}");
    }
    assert!(
        !words.contains("looking into it"),
        "the advice precedes the newest update: {words}"
    );
    for name in ["card", "title", "advice", "next-update", "toggle", "hide"] {
        let node = notice
            .parts(name)
            .first()
            .copied()
            .cloned()
            .or_else(|| notice.has_part(name).then(|| notice.clone()));
        assert!(
            browser
                .is_shown(&node.unwrap_or_else(|| panic!("no {name}:\n{notice}")))
                .await,
            "{name}"
        );
    }
    let [left, top, width, height] = browser.rectangle(notice).await.unwrap();
    assert!(
        left >= 0.0
            && left + width <= 1280.0
            && top > 300.0
            && top + height <= 800.0
            && width > 300.0
    );

    press(&browser, &incident, "toggle").await;
    let tree = browser
        .wait_for("the expanded card", |tree| {
            has_text(tree, &incident, "Less")
        })
        .await;
    let words = tree.notice(&incident).unwrap().text();
    for text in [
        "Do not resend.",
        "Contacts",
        "Sending",
        "We are looking into it.",
        "Support",
    ] {
        assert!(words.contains(text), "{words}");
    }
    assert_eq!(
        part(&tree, &incident, "contact").attribute("href"),
        Some("tel:+61255500100"),
        "the number that phones dial"
    );
    assert!(
        part(&tree, &incident, "hide")
            .attribute("aria-expanded")
            .is_none(),
        "the hide button opens nothing"
    );
    let promise = part(&tree, &incident, "next-update").text();
    assert!(
        !promise.contains("AM") && !promise.contains("PM"),
        "times have the widget's format: {promise}"
    );
    browser
        .wait_for_announcement("status: Major: Messages are delayed")
        .await;

    // The page saw no violation except the forbidden wasm.
    let watched = browser.watched().await;
    watched.assert_no_errors().assert_no_shift();
    assert!(
        watched.violations.iter().all(|seen| seen.contains("wasm")),
        "{watched:?}"
    );

    browser.press("Escape").await;
    browser.run("Allclear.destroy()").await;
    browser
        .wait_for("no banner", |tree| tree.banner().is_none())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_accent_edge_spans_a_card_that_scrolls() {
    let site = Site::empty();
    site.change_settings(&json!({ "languages": ["en", "ar"] }));
    let mut long = full_outage();
    long["body"] = json!(vec!["We are looking into it, and tell you more here."; 60].join("\n\n"));
    let incident = site.publish(&long);
    for (lang, from_the_right) in [("en", false), ("ar", true)] {
        let page = page(
            &site,
            &format!("data-theme=light data-shadow=open data-lang={lang}"),
        );
        let browser = Browser::start().await;
        // Without motion, so that the card is measured at its final position.
        browser.set_media(Scheme::Light, Motion::Reduced).await;
        browser.set_viewport(360, 740, 1.0).await;
        browser.goto(&page.url()).await;
        let open = expand(&browser, &incident).await;
        let [left, top, width, height] = browser
            .rectangle(open.notice(&incident).unwrap())
            .await
            .unwrap();
        let from_edge = |distance: f64| {
            if from_the_right {
                left + width - distance - 1.0
            } else {
                left + distance
            }
        };
        for scrolled in [0, 400] {
            let script = format!(
                "const card = document.querySelector('allclear-banner').shadowRoot.querySelector('[part=card]');
                 card.scrollTop = {scrolled};
                 return card.scrollTop"
            );
            browser
                .assert_eventually("the scrolled card", &script, json!(scrolled))
                .await;
            for y in [top + 20.0, top + height / 2.0, top + height - 20.0] {
                let colour = browser.colour_at(from_edge(1.0), y).await;
                assert_eq!(colour, "#7a3300", "{lang}, {scrolled}, at {y}");
                let beside = browser.colour_at(from_edge(6.0), y).await;
                assert_eq!(beside, "#ffffff", "{lang}, {scrolled}, at {y}");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_plain_card_returns_as_the_all_clear() {
    let site = Site::empty();
    let page = page(&site, "data-shadow=open");
    let incident = site.publish(&full_outage());
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the plain card", |tree| {
            has_text(tree, &incident, "Messages are delayed")
        })
        .await;
    assert!(
        tree.find(|node| node.shadow_mode.as_deref() == Some("open"))
            .is_some()
    );
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("the pill", |tree| is_pill(tree, &incident))
        .await;
    browser.reload().await;
    browser
        .wait_for("the pill still", |tree| is_pill(tree, &incident))
        .await;

    site.update(
        &incident,
        &json!({ "status": "resolved", "body": "Sent.",
                 "restored": { "back": ["Sending"], "check": "Check what you sent.", "still": ["Reports"] } }),
    );
    wait_for_newest_feed(&site, &browser).await;
    let tree = browser
        .wait_for("the all-clear", |tree| {
            has_text(tree, &incident, "Working again since")
        })
        .await;
    let notice = tree.notice(&incident).unwrap();
    assert_eq!(notice.attribute("data-kind"), Some("restored"));
    for text in ["Check what you sent.", "Sending", "Reports"] {
        assert!(
            browser.is_shown(notice.with_text(text).unwrap()).await,
            "{text}"
        );
    }
    assert!(
        !notice.text().contains("Do not resend."),
        "{}",
        notice.text()
    );
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("no notice", |tree| tree.notice(&incident).is_none())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_card_follows_updates() {
    let site = Site::empty();
    let page = page(&site, "");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    wait_for_newest_feed(&site, &browser).await;
    assert!(browser.pierce().await.banner().is_none(), "the quiet page");
    let incident = site.publish(&full_outage());
    poll_until(&browser, "the plain card", |tree| {
        has_text(tree, &incident, "Messages are delayed")
    })
    .await;
    browser
        .wait_for_script(
            "the card to have been seen",
            "return localStorage['allclear:acme:seen'] ?? ''",
            |seen| seen.as_str().unwrap().contains(&incident),
        )
        .await;
    site.update(
        &incident,
        &json!({ "status": "identified", "body": "A carrier refuses." }),
    );
    wait_for_newest_feed(&site, &browser).await;
    browser
        .wait_for("the update", |tree| {
            has_text(tree, &incident, "New ") && has_text(tree, &incident, ": A carrier refuses.")
        })
        .await;
    let second = site.publish(&json!({ "kind": "incident", "title": "Nothing works", "impact": "critical", "body": "All of us are on it." }));
    wait_for_newest_feed(&site, &browser).await;
    let tree = browser
        .wait_for("the second notice", |tree| {
            has_text(tree, &second, "Nothing works")
        })
        .await;
    assert_eq!(tree.notices().len(), 2);
    assert!(
        is_pill(&tree, &incident),
        "the more severe notice is the card, the other one a pill"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_plain_card_is_shown_in_german_and_arabic() {
    let site = Site::empty();
    site.change_settings(&json!({ "languages": ["en", "de", "ar"] }));
    let mut outage = full_outage();
    outage["text"] = json!({ "de": { "title": "Nachrichten kommen verspätet an", "body": "Wir gehen dem nach." },
                             "ar": { "title": "الرسائل متأخرة", "body": "نبحث في الأمر." } });
    let incident = site.publish(&outage);
    for (lang, dir, title, hide) in [
        (
            "de",
            "ltr",
            "Erheblich: Nachrichten kommen verspätet an",
            "Ausblenden",
        ),
        ("ar", "rtl", "الرسائل متأخرة", "إخفاء"),
    ] {
        let page = page(&site, &format!("data-lang={lang}"));
        let browser = Browser::watching().await;
        browser.goto(&page.url()).await;
        let tree = browser
            .wait_for(lang, |tree| {
                has_text(tree, &incident, title) && has_text(tree, &incident, hide)
            })
            .await;
        let whole = tree.banner().unwrap().element("article").unwrap().clone();
        assert_eq!(whole.attribute("lang"), Some(lang));
        assert_eq!(whole.attribute("dir"), Some(dir));
        let card = part(&tree, &incident, "title");
        let [left, _, width, _] = browser.rectangle(&card).await.unwrap();
        assert!(left >= 0.0 && left + width <= 1280.0);
        press(&browser, &incident, "hide").await;
        browser
            .wait_for("the pill", |tree| is_pill(tree, &incident))
            .await;
        browser.watched().await.assert_no_errors();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_a_restored_component_gets_a_partial_all_clear() {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Receiving"]);
    let page = page(&site, "data-components=sending");
    let mut outage = full_outage();
    outage["components"] = json!([{ "id": "sending", "status": "partial_outage" }, { "id": "receiving", "status": "partial_outage" }]);
    let incident = site.publish(&outage);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the plain card", |tree| {
            has_text(tree, &incident, "Major: Messages are delayed")
        })
        .await;
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("the pill", |tree| is_pill(tree, &incident))
        .await;
    site.update(
        &incident,
        &json!({ "body": "Sending works.", "components": [{ "id": "sending", "status": "operational" }] }),
    );
    wait_for_newest_feed(&site, &browser).await;
    let tree = browser
        .wait_for("the partial all-clear", |tree| {
            has_text(tree, &incident, "Back since")
        })
        .await;
    let words = tree.notice(&incident).unwrap().text();
    assert!(
        !words.contains("Do not resend") && !words.contains("Next update"),
        "{words}"
    );
    press(&browser, &incident, "hide").await;
    browser
        .wait_for("no notice", |tree| tree.notice(&incident).is_none())
        .await;
    browser.reload().await;
    wait_for_newest_feed(&site, &browser).await;
    // The partial all-clear stays hidden.
    assert_not_shown(&browser, &incident).await;
    site.update(
        &incident,
        &json!({ "body": "Sending fails again.", "components": [{ "id": "sending", "status": "partial_outage" }] }),
    );
    poll_until(&browser, "the outage again", |tree| {
        has_text(tree, &incident, "Major: Messages are delayed")
    })
    .await;
}
