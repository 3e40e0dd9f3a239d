//! The plain card: what a page sees whose content policy forbids wasm. The same notice under the same names, hidden and
//! remembered in the same way.

mod story;

use e2e::{
    Browser, Mirror, Page, Reply, Tree,
    mirror::{feed, outage as outage_of},
};
use serde_json::{Value, json};
use story::{Site, part, says, see};

fn outage() -> Value {
    json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are **looking** into it.",
            "advice": "Do not resend.", "works": ["Contacts"], "broken": ["Sending"],
            "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
            "next_update_at": e2e::in_minutes(30) })
}

/// A page that allows our scripts and our feed, but no wasm.
fn page(site: &Site, attributes: &str) -> Page {
    let origin = site.server.url();
    let embed = site.server.embed(site.slug, attributes);
    let page = Page::host("");
    page.put(
        "/",
        Reply::html(&format!("<!doctype html><html lang=en><title>Host</title><h1>Somebody's app</h1>{embed}")).header(
            "content-security-policy",
            &format!("default-src 'none'; script-src {origin}; connect-src {origin}; require-trusted-types-for 'script'; trusted-types 'none'"),
        ),
    );
    page
}

/// Waits until the loader has seen the newest feed.
async fn up_to_date(site: &Site, browser: &Browser) {
    let rev = site.feed().json["rev"].as_u64();
    browser
        .wait_for_script(
            "the feed",
            "window.Allclear?.refresh(); return window.Allclear?.state.feed?.rev",
            |seen| seen.as_u64() == rev,
        )
        .await;
}

fn is_pill(tree: &Tree, incident: &str) -> bool {
    tree.notice(incident)
        .is_some_and(|notice| notice.part("pill").is_some() && notice.part("card").is_none())
}

#[tokio::test(flavor = "multi_thread")]
async fn it_says_the_same_under_the_same_names() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let page = page(&site, "");
    let incident = site.publish(&outage());
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the plain card", |tree| {
            says(tree, &incident, "Messages are delayed")
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
        "what to do comes before the newest update: {words}"
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

    browser.click(&part(&tree, &incident, "toggle")).await;
    let tree = browser
        .wait_for("the open card", |tree| says(tree, &incident, "Less"))
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
        "what every phone dials"
    );
    assert!(
        part(&tree, &incident, "hide")
            .attribute("aria-expanded")
            .is_none(),
        "it opens nothing"
    );
    let promise = part(&tree, &incident, "next-update").text();
    assert!(
        !promise.contains("AM") && !promise.contains("PM"),
        "times are said as the widget says them: {promise}"
    );
    browser
        .wait_for("the announcement", |tree| {
            tree.find(|node| {
                node.attribute("role") == Some("status")
                    && node.text().contains("Messages are delayed")
            })
            .is_some()
        })
        .await;

    // The page was told of nothing but the wasm that it forbids.
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
    assert!(watched.shift.abs() < f64::EPSILON, "{watched:?}");
    assert!(
        watched.violations.iter().all(|seen| seen.contains("wasm")),
        "{watched:?}"
    );

    browser.press("Escape").await;
    browser.run("Allclear.destroy()").await;
    browser
        .wait_for("nothing", |tree| tree.banner().is_none())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_hidden_remembers_and_turns_into_the_all_clear() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let page = page(&site, "data-shadow=open");
    let incident = site.publish(&outage());
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the plain card", |tree| {
            says(tree, &incident, "Messages are delayed")
        })
        .await;
    assert!(
        tree.find(|node| node.shadow_mode.as_deref() == Some("open"))
            .is_some()
    );
    browser.click(&part(&tree, &incident, "hide")).await;
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
    up_to_date(&site, &browser).await;
    let tree = browser
        .wait_for("the all-clear", |tree| {
            says(tree, &incident, "Working again since")
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
    browser.click(&part(&tree, &incident, "hide")).await;
    browser
        .wait_for("nothing", |tree| tree.notice(&incident).is_none())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn it_follows_the_story_as_it_goes() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let page = page(&site, "");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    up_to_date(&site, &browser).await;
    assert!(browser.pierce().await.banner().is_none(), "quiet");
    let incident = site.publish(&outage());
    see(&browser, "the plain card", |tree| {
        says(tree, &incident, "Messages are delayed")
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
    up_to_date(&site, &browser).await;
    browser
        .wait_for("the update", |tree| {
            says(tree, &incident, "New ") && says(tree, &incident, ": A carrier refuses.")
        })
        .await;
    let second = site.publish(&json!({ "kind": "incident", "title": "Nothing works", "impact": "critical", "body": "All of us are on it." }));
    up_to_date(&site, &browser).await;
    let tree = browser
        .wait_for("both", |tree| says(tree, &second, "Nothing works"))
        .await;
    assert_eq!(tree.notices().len(), 2);
    assert!(
        is_pill(&tree, &incident),
        "the worse one comes first, the other is a line"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn it_speaks_german_and_arabic() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let changed = site
        .server
        .request("PATCH", &site.path(""))
        .token(&site.token)
        .header("if-match", "*")
        .json(&json!({ "languages": ["en", "de", "ar"] }))
        .send()
        .unwrap();
    assert_eq!(changed.status, 200, "{}", changed.text());
    let mut outage = outage();
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
        let browser = Browser::start().await;
        browser.watch().await;
        browser.goto(&page.url()).await;
        let tree = browser
            .wait_for(lang, |tree| {
                says(tree, &incident, title) && says(tree, &incident, hide)
            })
            .await;
        let whole = tree.banner().unwrap().element("article").unwrap().clone();
        assert_eq!(whole.attribute("lang"), Some(lang));
        assert_eq!(whole.attribute("dir"), Some(dir));
        let card = part(&tree, &incident, "title");
        let [left, _, width, _] = browser.rectangle(&card).await.unwrap();
        assert!(left >= 0.0 && left + width <= 1280.0);
        browser.click(&part(&tree, &incident, "hide")).await;
        browser
            .wait_for("the pill", |tree| is_pill(tree, &incident))
            .await;
        let watched = browser.watched().await;
        assert!(
            watched.errors.is_empty() && watched.rejections.is_empty(),
            "{watched:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_part_is_back_reads_so() {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Receiving"]);
    let page = page(&site, "data-components=sending");
    let mut outage = outage();
    outage["components"] = json!([{ "id": "sending", "status": "partial_outage" }, { "id": "receiving", "status": "partial_outage" }]);
    let incident = site.publish(&outage);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let tree = browser
        .wait_for("the plain card", |tree| {
            says(tree, &incident, "Major: Messages are delayed")
        })
        .await;
    browser.click(&part(&tree, &incident, "hide")).await;
    browser
        .wait_for("the pill", |tree| is_pill(tree, &incident))
        .await;
    site.update(
        &incident,
        &json!({ "body": "Sending works.", "components": [{ "id": "sending", "status": "operational" }] }),
    );
    up_to_date(&site, &browser).await;
    let tree = browser
        .wait_for("its all-clear", |tree| says(tree, &incident, "Back since"))
        .await;
    let words = tree.notice(&incident).unwrap().text();
    assert!(
        !words.contains("Do not resend") && !words.contains("Next update"),
        "{words}"
    );
    browser.click(&part(&tree, &incident, "hide")).await;
    browser
        .wait_for("nothing", |tree| tree.notice(&incident).is_none())
        .await;
    browser.reload().await;
    up_to_date(&site, &browser).await;
    assert!(
        browser.pierce().await.notice(&incident).is_none(),
        "it stays hidden"
    );
    site.update(
        &incident,
        &json!({ "body": "Sending fails again.", "components": [{ "id": "sending", "status": "partial_outage" }] }),
    );
    see(&browser, "the outage again", |tree| {
        says(tree, &incident, "Major: Messages are delayed")
    })
    .await;
}

/// A page that forbids wasm, with a feed in the test's hands.
fn mirrored(mirror: &Mirror, attributes: &str) -> Page {
    let origin = mirror.origin();
    let embed = mirror.embed("acme", attributes);
    let page = Page::host("");
    page.put(
        "/",
        Reply::html(&format!(
            "<!doctype html><html lang=en><title>Host</title><h1>Host</h1>{embed}"
        ))
        .header(
            "content-security-policy",
            &format!("default-src 'none'; script-src {origin}; connect-src {origin}"),
        ),
    );
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_real_is_marked_and_a_theme_is_kept_to() {
    let mirror = Mirror::start();
    let mut drill = outage_of("inc_1", "Messages are delayed");
    drill["drill"] = json!(true);
    mirror.put_feed("acme", &feed(5, &[drill]));
    let page = mirrored(&mirror, "data-theme=dark data-shadow=open");
    let browser = Browser::start().await;
    browser.goto(&page.at("/#allclear-drill")).await;
    browser
        .wait_for("the drill", |tree| {
            says(tree, "inc_1", "Drill Major: Messages are delayed")
        })
        .await;
    let scheme = browser
        .run("return getComputedStyle(document.querySelector('allclear-banner').shadowRoot.querySelector('article')).colorScheme")
        .await;
    assert_eq!(scheme, json!("dark"));
    browser.goto(&page.at("/?allclear-preview=major")).await;
    browser
        .wait_for("the preview", |tree| {
            tree.text().contains("Preview Major: ")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_draws_by_itself_gets_events_only() {
    let mirror = Mirror::start();
    mirror.put_feed(
        "acme",
        &feed(5, &[outage_of("inc_1", "Messages are delayed")]),
    );
    let page = mirrored(&mirror, "data-position=none");
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the notice, for the page",
            "return window.Allclear?.state.shown",
            |shown| *shown == json!(["inc_1"]),
        )
        .await;
    assert!(browser.pierce().await.banner().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_it_cannot_draw_is_no_reason_to_ask_no_more() {
    let mirror = Mirror::start();
    mirror.put_feed("acme", &feed(5, &[outage_of("inc_1", "First")]));
    let page = mirrored(&mirror, "");
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card", |tree| says(tree, "inc_1", "First"))
        .await;
    let mut strange = outage_of("inc_2", "Strange");
    strange["updates"] = json!(null);
    mirror.put_feed("acme", &feed(6, &[strange]));
    browser
        .wait_for_script(
            "the strange feed",
            "return Allclear.state.feed.rev",
            |rev| *rev == 6,
        )
        .await;
    mirror.put_feed("acme", &feed(7, &[outage_of("inc_3", "Third")]));
    browser
        .wait_for("what came after it", |tree| says(tree, "inc_3", "Third"))
        .await;
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty(),
        "{watched:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_new_critical_one_interrupts_and_the_host_hears_that_it_is_over() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let page = page(&site, "");
    let mut critical = outage();
    critical["impact"] = json!("critical");
    let incident = site.publish(&critical);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let region = |tree: &Tree, role: &str| {
        let banner = tree.banner().unwrap();
        let region = banner.find(|node| node.attribute("role") == Some(role));
        region.unwrap().text()
    };
    browser
        .wait_for("the alert", |tree| {
            tree.banner().is_some() && region(tree, "alert").contains("Messages are delayed")
        })
        .await;
    browser
        .run("Allclear.on('restored', notice => { window.over = (window.over || []).concat(notice.id) })")
        .await;
    site.update(
        &incident,
        &json!({ "status": "identified", "body": "We know." }),
    );
    up_to_date(&site, &browser).await;
    browser
        .wait_for("what changed, said politely", |tree| {
            region(tree, "status").contains("Messages are delayed")
        })
        .await;
    assert_eq!(browser.run("return window.over ?? null").await, Value::Null);
    site.update(&incident, &json!({ "status": "resolved", "body": "Over." }));
    up_to_date(&site, &browser).await;
    let over = browser
        .wait_for_script("the event", "return window.over ?? null", |over| {
            !over.is_null()
        })
        .await;
    assert_eq!(over, json!([incident]));
}
