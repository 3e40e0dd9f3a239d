//! The status pages in a real browser: they refresh themselves without disturbing the reader, show their age when they
//! cannot, and match the audience on the card page.

use e2e::{Browser, BrowserOptions, Motion, Page, Scheme, Site, sending_outage};
use serde_json::json;

/// A script after which the page refreshes at once, as it does when the browser is online again.
const REFRESH: &str = "dispatchEvent(new Event('online'))";

async fn refresh_until(browser: &Browser, words: &str) {
    browser.run(REFRESH).await;
    browser
        .wait_for(words, |tree| tree.text().contains(words))
        .await;
}

/// Text of the line that shows the page's age.
async fn freshness(browser: &Browser) -> String {
    let line = browser
        .run("return document.getElementById('freshness').textContent")
        .await;
    line.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_page_updates_itself_and_keeps_focus_and_scroll() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    for number in 0..2 {
        let id = site.publish(&json!({ "kind": "incident", "title": format!("Other trouble {number}"), "impact": "critical", "body": "b\n\n".repeat(20) }));
        site.update(&id, &json!({ "body": "More.\n\n".repeat(20) }));
    }
    let incident = site.publish(&sending_outage());
    for number in 0..4 {
        site.update(&incident, &json!({ "body": format!("Word {number}") }));
    }
    let browser = Browser::watching().await;
    browser.goto(&format!("{}/s/acme", site.server.url())).await;
    // The reader has opened older updates, focused a link below, and scrolled to it.
    browser
        .run(&format!(
            "const details = document.querySelector('#earlier-{incident}'); details.open = true;
             window.link = document.querySelector('#recent a'); link.focus(); link.scrollIntoView();
             window.kept = [details, document.querySelector('#{incident}'), link];"
        ))
        .await;
    let link_top = "return Math.round(link.getBoundingClientRect().top)";
    let before = browser.run(link_top).await;
    site.update(
        &incident,
        &json!({ "body": "The queue is half sent.", "impact": "minor" }),
    );
    refresh_until(&browser, "The queue is half sent.").await;
    let after = browser
        .run("return [kept.every(one => one.isConnected), kept[0].open, document.activeElement === link, document.title]")
        .await;
    assert_eq!(after, json!([true, true, true, "Status · Acme SMS"]));
    let moved = browser.run(link_top).await.as_i64().unwrap() - before.as_i64().unwrap();
    assert!(moved.abs() < 150, "the reader's place moved by {moved} px");
    browser
        .watched()
        .await
        .assert_no_errors()
        .assert_no_violations();
    assert_eq!(
        freshness(&browser).await,
        "",
        "no message while the feed is current"
    );

    // On the incident's own page the same card turns into the all-clear.
    browser
        .goto(&format!(
            "{}/s/acme/incidents/{incident}",
            site.server.url()
        ))
        .await;
    site.update(
        &incident,
        &json!({ "body": "All sent.", "status": "resolved", "restored": { "check": "Your outbox." } }),
    );
    refresh_until(&browser, "Your outbox.").await;
    let title = browser.run("return document.title").await;
    assert_eq!(title, "Resolved: Messages are delayed · Acme SMS");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_cannot_refresh_shows_its_age_and_the_cause() {
    let mut site = Site::new("acme", "Acme SMS", &["Sending"]);
    site.publish(&sending_outage());
    let browser = Browser::start().await;
    browser.goto(&format!("{}/s/acme", site.server.url())).await;
    browser.set_offline(true).await;
    refresh_until(&browser, "You are offline. As of ").await;
    browser.set_offline(false).await;
    browser.run(REFRESH).await;
    browser
        .wait_for_script(
            "no announcement",
            "return document.getElementById('freshness').textContent",
            |line| line == "",
        )
        .await;
    site.server.kill();
    // The first failure is ignored; the second is shown.
    let refreshed = format!("{REFRESH}; return document.getElementById('freshness').textContent");
    browser
        .wait_for_script("the second failure", &refreshed, |line| {
            let line = line.as_str().unwrap();
            line.contains("We cannot reach our status service; this may have changed.")
        })
        .await;
    let page = browser.pierce().await.text();
    assert!(
        page.contains("Messages are delayed"),
        "the known incident stays"
    );
    site.server.start_again();
    browser
        .wait_for_script("no announcement", &refreshed, |line| line == "")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_tab_does_not_refresh() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    site.publish(&sending_outage());
    let browser = Browser::start().await;
    // The page's timers are captured: they run when the test runs them, and a timer that is not set cannot run.
    browser
        .before_each_page(
            "window.timers = new Map();
             window.setTimeout = (work, wait) => (timers.set(timers.last = (timers.last ?? 0) + 1, { work, wait }), timers.last);
             window.clearTimeout = id => timers.delete(id);
             window.turn = () => { const [[id, { work }]] = timers; timers.delete(id); return work(); };
             window.asked = 0;
             const ask = window.fetch;
             window.fetch = (...call) => { window.asked += 1; return ask(...call); };",
        )
        .await;
    browser.goto(&format!("{}/s/acme", site.server.url())).await;
    let state = "return [asked, timers.size, document.hidden]";
    assert_eq!(browser.run(state).await, json!([0, 1, false]));
    browser.run("return turn()").await;
    assert_eq!(browser.run(state).await, json!([1, 1, false]));

    browser.set_minimized(true).await;
    browser
        .wait_for_script("no polls out of view", state, |seen| {
            *seen == json!([1, 0, true])
        })
        .await;
    browser.run(REFRESH).await;
    assert_eq!(browser.run(state).await, json!([1, 0, true]));
    site.publish(
        &json!({ "kind": "incident", "title": "Slow reports", "impact": "minor", "body": "b" }),
    );

    browser.set_minimized(false).await;
    browser
        .wait_for_script("a poll, in view again", state, |seen| {
            *seen == json!([1, 1, false])
        })
        .await;
    let wait = browser.run("return [...timers.values()][0].wait").await;
    assert!(wait.as_f64().unwrap() <= 2000.0, "{wait}");
    browser.run("return turn()").await;
    let page = browser.pierce().await.text();
    assert!(page.contains("Slow reports"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_a_page_is_complete() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    site.publish(&sending_outage());
    let browser = Browser::start().await;
    let off = json!({ "value": true });
    browser
        .devtools("Emulation.setScriptExecutionDisabled", off)
        .await;
    for path in ["/s/acme", "/s/acme/card", "/s/acme/history"] {
        browser.begin(&format!("{}{path}", site.server.url())).await;
        let tree = browser
            .wait_for(path, |tree| tree.text().contains("Messages are delayed"))
            .await;
        let refresh = tree
            .find(|node| node.name == "meta" && node.attribute("http-equiv") == Some("refresh"));
        assert_eq!(refresh.unwrap().attribute("content"), Some("60"), "{path}");
        let article = tree.element("article").or(tree.element("h3")).unwrap();
        assert!(browser.is_shown(article).await, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printed_page_is_complete_and_dark_on_white() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = site.publish(&sending_outage());
    for number in 0..4 {
        site.update(&incident, &json!({ "body": format!("Word {number}") }));
    }
    let browser = Browser::start().await;
    let media = json!({ "media": "print", "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
    browser.devtools("Emulation.setEmulatedMedia", media).await;
    for path in ["/s/acme", "/s/acme/card?theme=dark"] {
        browser.goto(&format!("{}{path}", site.server.url())).await;
        let seen = browser
            .run(
                "const details = document.querySelector('details[id^=earlier]');
                 return [getComputedStyle(document.body).color, details.open, details.querySelector('li:last-child').checkVisibility({ contentVisibilityAuto: true })]",
            )
            .await;
        assert_eq!(seen, json!(["rgb(23, 32, 42)", false, true]), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn times_are_shown_in_the_readers_time_zone() {
    let site = Site::empty();
    let id = site.publish(
        &json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b",
        "started_at": "2026-01-31T20:30:00Z" }),
    );
    let browser = Browser::with(BrowserOptions {
        language: "en-AU".to_owned(),
        ..BrowserOptions::default()
    })
    .await;
    browser.set_time_zone("Australia/Sydney").await;
    browser
        .goto(&format!("{}/s/acme/incidents/{id}", site.server.url()))
        .await;
    let texts = browser
        .run(
            "const time = document.querySelector('time[datetime=\"2026-01-31T20:30:00Z\"]');
             return [time.textContent, time.title, document.getElementById('zone').textContent]",
        )
        .await;
    let texts: Vec<String> = serde_json::from_value(texts).unwrap();
    assert!(
        texts[0].starts_with("1 Feb") && texts[0].ends_with("07:30"),
        "{texts:?}"
    );
    assert_eq!(
        texts[1], "31 Jan 2026, 20:30",
        "the time in the site's zone"
    );
    assert_eq!(texts[2], "Times are in your time zone, Australia/Sydney.");
}

/// The visible titles on the card page, sorted.
async fn visible_titles(browser: &Browser) -> Vec<String> {
    let titles = browser
        .run("return [...document.querySelectorAll('article:not([hidden]) h2 a')].map(title => title.textContent)")
        .await;
    let mut titles: Vec<String> = serde_json::from_value(titles).unwrap();
    titles.sort();
    titles
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_page_matches_the_audience_in_the_browser() {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Reports"]);
    site.change_settings(&json!({ "segments": [{ "slug": "eu", "label": "European customers" }, { "slug": "us", "label": "US customers" }] }));
    for (title, audience, undeclared) in [
        ("Europe", json!({ "segments": ["eu"] }), "show"),
        ("Only who says so", json!({ "segments": ["us"] }), "hide"),
        ("Reports", json!({ "components": ["reports"] }), "show"),
        ("Shared", json!({ "paths": ["/share/**"] }), "show"),
    ] {
        let mut audience = audience;
        audience["undeclared"] = json!(undeclared);
        site.publish(&json!({ "kind": "incident", "title": title, "impact": "major", "body": "b", "audience": audience }));
    }
    let browser = Browser::start().await;
    let card = format!("{}/s/acme/card", site.server.url());
    for (fragment, expected) in [
        ("", vec!["Europe", "Reports"]),
        ("#audience=us%20beta", vec!["Only who says so", "Reports"]),
        ("#audience=", vec!["Reports"]),
        ("#audience=eu&components=sending", vec!["Europe"]),
        (
            "#audience=eu&components=reports&path=/share/1",
            vec!["Europe", "Reports", "Shared"],
        ),
    ] {
        browser.goto("about:blank").await;
        browser.goto(&format!("{card}{fragment}")).await;
        assert_eq!(visible_titles(&browser).await, expected, "{fragment}");
    }
    // Segment labels precede a title only where the page does not declare segments.
    for (fragment, is_named) in [("", true), ("#audience=eu", false)] {
        browser.goto("about:blank").await;
        browser.goto(&format!("{card}{fragment}")).await;
        let text = browser
            .run("return document.querySelector('main').innerText")
            .await;
        let text = text.as_str().unwrap();
        assert_eq!(
            text.contains("For European customers: Europe"),
            is_named,
            "{text}"
        );
    }
    // An app can declare later.
    browser
        .run("location.hash = 'audience=us&components='")
        .await;
    browser
        .wait_for_script(
            "the notices for the other audience",
            "return document.querySelectorAll('article:not([hidden])').length",
            |count| *count == 1,
        )
        .await;
    browser
        .run("location.hash = 'audience=nobody&components='")
        .await;
    browser
        .wait_for_script(
            "the quiet line",
            "return !document.getElementById('quiet').hidden",
            |shown| *shown == json!(true),
        )
        .await;
    // Requests of the browser's own pages have other schemes.
    for request in browser.network_requests().await {
        let sent = request.url.split('#').next().unwrap();
        let tells = ["audience", "share", "beta"]
            .iter()
            .any(|word| sent.contains(word));
        assert!(!(sent.starts_with("http") && tells), "{sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_page_shows_the_all_clear_to_witnesses() {
    let mut site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = site.publish(&sending_outage());
    let card = format!("{}/s/acme/card", site.server.url());
    let witness = Browser::start().await;
    witness.goto(&card).await;
    assert_eq!(visible_titles(&witness).await, ["Messages are delayed"]);
    site.update(
        &incident,
        &json!({ "body": "Sent.", "status": "resolved", "restored": { "check": "Your outbox." } }),
    );
    // After the two hours in which new visitors see the all-clear.
    site.server.restart_with_clock_offset(3 * 3600);
    refresh_until(&witness, "Your outbox.").await;
    witness.goto(&card).await;
    assert_eq!(visible_titles(&witness).await, ["Messages are delayed"]);
    let stranger = Browser::start().await;
    stranger.goto(&card).await;
    assert_eq!(visible_titles(&stranger).await, Vec::<String>::new());
    let quiet = stranger.run("return document.body.innerText").await;
    assert!(
        quiet.as_str().unwrap().contains("No known problems"),
        "{quiet}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_component_gets_its_all_clear_during_the_incident() {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Receiving"]);
    let incident = site.publish(&json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b",
        "components": [{ "id": "sending" }, { "id": "receiving" }] }));
    let card = format!("{}/s/acme/card", site.server.url());
    let witness = Browser::start().await;
    witness.goto(&format!("{card}#components=sending")).await;
    assert_eq!(visible_titles(&witness).await, ["Messages are delayed"]);
    site.update(
        &incident,
        &json!({ "body": "Half of it.", "components": [{ "id": "sending", "status": "operational" }] }),
    );
    witness.run(REFRESH).await;
    let shown =
        "return [...document.querySelectorAll('article:not([hidden])')].map(article => article.id)";
    let part = json!([format!("{incident}-part")]);
    witness
        .wait_for_script("the all-clear of its component", shown, |ids| *ids == part)
        .await;
    let text = witness
        .run("return document.querySelector('article:not([hidden])').innerText")
        .await;
    let text = text.as_str().unwrap();
    for words in ["Back since ", "Sending", "The problem goes on elsewhere."] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let since = witness
        .run("return document.querySelector('article:not([hidden]) h2 time').textContent")
        .await;
    assert!(
        since.as_str().is_some_and(|since| since.contains(':')),
        "{since}"
    );
    // A new visitor gets no all-clear of the component, and still sees the incident elsewhere.
    let stranger = Browser::start().await;
    for (fragment, expected) in [
        ("#components=sending", vec![]),
        ("#components=receiving", vec![incident.clone()]),
        ("", vec![incident.clone()]),
    ] {
        stranger.goto("about:blank").await;
        stranger.goto(&format!("{card}{fragment}")).await;
        assert_eq!(stranger.run(shown).await, json!(expected), "{fragment}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_page_can_be_framed_with_a_given_theme() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    site.publish(&sending_outage());
    let card = format!("{}/s/acme/card", site.server.url());
    let host = Page::host(&format!(
        "<!doctype html><title>Host</title><iframe title=Status src=\"{card}?theme=dark#components=sending\" width=360 height=600></iframe>"
    ));
    let browser = Browser::start().await;
    browser.set_media(Scheme::Light, Motion::Reduced).await;
    browser.goto(&host.url()).await;
    browser
        .wait_for("the card in its frame", |tree| {
            tree.element("article")
                .is_some_and(|article| article.text().contains("Do not resend."))
        })
        .await;
    let paper = "return getComputedStyle(document.body).backgroundColor";
    for (theme, system, expected) in [
        ("dark", Scheme::Light, "rgb(23, 29, 36)"),
        ("light", Scheme::Dark, "rgb(255, 255, 255)"),
        ("auto", Scheme::Dark, "rgb(23, 29, 36)"),
        ("auto", Scheme::Light, "rgb(255, 255, 255)"),
    ] {
        browser.set_media(system, Motion::Reduced).await;
        browser.goto(&format!("{card}?theme={theme}")).await;
        assert_eq!(browser.run(paper).await, expected, "{theme}, {system:?}");
    }
}
