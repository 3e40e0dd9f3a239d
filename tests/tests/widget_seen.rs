//! What a browser counts as seen, and what follows from it on the next page: news, all-clears, notices known for long.

mod readers;

use e2e::{Browser, mirror};
use readers::{Host, host, look, opened, outage};
use serde_json::{Value, json};

const HOUR_S: i64 = 3600;

/// What is remembered under a name.
async fn kept(browser: &Browser, name: &str) -> Value {
    browser
        .run(&format!(
            "return JSON.parse(localStorage.getItem('allclear:acme:{name}'))"
        ))
        .await
}

/// Waits until the notice has been seen.
async fn seen(browser: &Browser, name: &str) -> Value {
    let script = format!("return JSON.parse(localStorage.getItem('allclear:acme:{name}'))");
    browser
        .wait_for_script("it has been seen", &script, |kept| {
            kept["inc_1"].is_number()
        })
        .await
}

async fn puts(browser: &Browser, host: &Host, rev: u64, notice: &Value) {
    host.mirror
        .put_feed("acme", &mirror::feed(rev, std::slice::from_ref(notice)));
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for_script("the feed", "return Allclear.state.feed.rev", |known| {
            *known == json!(rev)
        })
        .await;
}

async fn reload(browser: &Browser) {
    browser.reload().await;
    browser
        .wait_for("the notice", |tree| tree.notice("inc_1").is_some())
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn notice_is_seen_after_a_second_in_view_and_not_when_covered() {
    let host = host("", "en", &[outage("inc_1", "Delayed")]);
    let browser = Browser::start().await;
    browser
        .before_each_page(
            "addEventListener('DOMContentLoaded', () => {
                const over = document.createElement('div');
                over.id = 'over';
                over.style.cssText = 'position:fixed;inset:0;z-index:2147483647;background:#fff';
                document.documentElement.append(over);
                new MutationObserver(() => document.documentElement.append(over)).observe(document.body, { childList: true });
            })",
        )
        .await;
    opened(&browser, &host, "Delayed").await;
    // As long as it takes, and as long again.
    browser
        .run("document.documentElement.append(document.getElementById('over')); return new Promise(heard => setTimeout(heard, 2500))")
        .await;
    assert_eq!(
        kept(&browser, "seen").await,
        Value::Null,
        "nobody can have read it"
    );
    let began = std::time::Instant::now();
    browser
        .run("document.getElementById('over').style.display = 'none'")
        .await;
    assert_eq!(seen(&browser, "seen").await, json!({ "inc_1": 1 }));
    assert!(began.elapsed().as_millis() >= 1000, "{:?}", began.elapsed());
    let first = kept(&browser, "first").await;
    assert!(first["inc_1:1"].as_i64() > Some(1_700_000_000), "{first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_behind_the_line_are_not_seen() {
    let notices = [
        outage("inc_1", "Delayed"),
        outage("inc_2", "Late"),
        outage("inc_3", "Slow"),
    ];
    let host = host("", "en", &notices);
    let browser = Browser::start().await;
    opened(&browser, &host, "Delayed").await;
    let script = "return JSON.parse(localStorage.getItem('allclear:acme:seen'))";
    let seen = browser
        .wait_for_script("the named ones", script, |kept| kept["inc_2"].is_number())
        .await;
    assert_eq!(
        seen,
        json!({ "inc_1": 1, "inc_2": 1 }),
        "the third is only counted"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn update_after_the_first_sight_is_news_until_the_next_page() {
    let mut notice = outage("inc_1", "Delayed");
    let host = host("", "en", std::slice::from_ref(&notice));
    let browser = Browser::start().await;
    browser.set_viewport(360, 740, 1.0).await;
    opened(&browser, &host, "Delayed").await;
    let last = "return [...root.querySelectorAll('.meta')].at(-1).textContent";
    let is_times = |words: &Value| {
        words
            .as_str()
            .is_some_and(|words| words.starts_with("Updated "))
    };
    assert!(is_times(&look(&browser, last).await));
    seen(&browser, "updates").await;

    let body = "A carrier refuses connections. We are moving traffic to the second one, which takes an hour.";
    let update =
        json!({ "id": "upd_2", "status": "identified", "body": body, "at": e2e::in_minutes(0) });
    notice["updates"] = json!([update, notice["updates"][0]]);
    puts(&browser, &host, 6, &notice).await;
    let news = look(
        &browser,
        &format!("const line = root.querySelector('.news'); {last}"),
    )
    .await;
    let news = news.as_str().unwrap().to_owned();
    assert!(
        news.starts_with("New ") && news.contains(": A carrier refuses"),
        "{news}"
    );
    assert!(
        news.ends_with("\u{a0}…")
            && body.contains(news[news.find("A carrier").unwrap()..].trim_end_matches("\u{a0}…")),
        "{news}"
    );
    assert_eq!(
        look(&browser, "return box('.news').height").await,
        json!(18),
        "one line"
    );
    // Seen by now; it stays news on this page.
    let script = format!(
        "return JSON.parse(localStorage['allclear:acme:updates']).inc_1 > {}",
        time_of(&host, 1)
    );
    browser
        .wait_for_script("it has been seen", &script, |seen| *seen == json!(true))
        .await;
    browser.run("Allclear.configure({})").await;
    assert_eq!(look(&browser, last).await, json!(news));
    reload(&browser).await;
    assert!(is_times(&look(&browser, last).await));

    // Without advice the update itself stands there.
    notice["advice"] = Value::Null;
    let update = json!({ "id": "upd_3", "status": "identified", "body": "Half of it.", "at": e2e::in_minutes(1) });
    notice["updates"] = json!([update]);
    puts(&browser, &host, 7, &notice).await;
    let words = look(&browser, "return root.querySelector('.card').innerText").await;
    let words = words.as_str().unwrap();
    assert!(
        words.contains("Half of it.") && !words.contains("New "),
        "{words}"
    );
}

/// The time of an update of the feed that is served, in seconds since 1970, by its place.
fn time_of(_: &Host, minutes_ago: i64) -> i64 {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    i64::try_from(now).unwrap() - minutes_ago * 60 - 60
}

fn over(notice: &Value, at: &str, still: &[&str]) -> Value {
    let mut notice = notice.clone();
    for (name, value) in [
        ("kind", json!("restored")),
        ("status", json!("resolved")),
        ("attention", json!(2)),
        ("advice", Value::Null),
        (
            "updates",
            json!([{ "id": "upd_9", "status": "resolved", "body": "The second carrier takes it all.", "at": e2e::in_minutes(-1) }]),
        ),
        (
            "restored",
            json!({ "at": at, "seconds": 6000, "back": ["Sending", "Reports"], "check": "Check what you sent.",
                    "still": still, "returning_until": null, "everyone_until": null, "expires_at": e2e::in_minutes(600),
                    "withdrawn": null, "postmortem": null }),
        ),
    ] {
        notice[name] = value;
    }
    notice
}

#[tokio::test(flavor = "multi_thread")]
async fn all_clear_is_expanded_once_and_collapsed_after_a_reload() {
    let notice = outage("inc_1", "Messages are delayed");
    let host = host("", "en", std::slice::from_ref(&notice));
    let browser = Browser::start().await;
    browser.set_viewport(360, 740, 1.0).await;
    opened(&browser, &host, "Messages are delayed").await;
    seen(&browser, "seen").await;
    let at = e2e::in_minutes(-1);
    puts(&browser, &host, 6, &over(&notice, &at, &[])).await;
    let words = "return root.querySelector('.card').innerText.replace(/\\s+/g, ' ')";
    let text = look(&browser, words).await;
    let text = text.as_str().unwrap();
    assert!(text.starts_with("Resolved: Messages are delayed"), "{text}");
    let order = [
        " to ",
        "1 h 40 min",
        "Working again since ",
        ": Sending, Reports",
        "What to check",
        "Check what you sent.",
        "The second carrier takes it all.",
    ];
    let places: Vec<_> = order
        .iter()
        .map(|part| {
            text.find(part)
                .unwrap_or_else(|| panic!("no {part}: {text}"))
        })
        .collect();
    assert!(places.is_sorted(), "{text}");
    let weights = look(&browser, "return [getComputedStyle(root.querySelector('h2 b')).fontWeight, getComputedStyle(root.querySelector('h2 bdi')).fontWeight]").await;
    assert_eq!(weights, json!(["600", "400"]));
    // It has been seen, and does not fold under the reader's eyes.
    seen(&browser, "cleared").await;
    browser.run("Allclear.configure({})").await;
    let expanded = "return root.querySelector('[part=toggle]').getAttribute('aria-expanded')";
    assert_eq!(look(&browser, expanded).await, json!("true"));
    reload(&browser).await;
    assert_eq!(look(&browser, expanded).await, json!("false"));
    let text = look(&browser, words).await;
    let text = text.as_str().unwrap();
    assert!(
        text.starts_with("Resolved: Messages are delayed · ")
            && text.contains(", after 1 h 40 min"),
        "{text}"
    );

    // What is not yet right needs no tap; only the first two of it.
    puts(
        &browser,
        &host,
        7,
        &over(&notice, &at, &["Reports lag", "Search lags", "Third"]),
    )
    .await;
    let text = look(&browser, words).await;
    let text = text.as_str().unwrap();
    assert!(
        text.starts_with("Mostly resolved: Messages are delayed"),
        "{text}"
    );
    assert!(
        text.contains("Reports lag") && text.contains("Search lags") && !text.contains("Third"),
        "{text}"
    );

    // Neither what is back nor components: no line of it.
    let mut bare = over(&notice, &at, &[]);
    bare["restored"]["back"] = json!([]);
    bare["components"] = json!([]);
    bare["restored"]["at"] = json!(e2e::in_minutes(0));
    puts(&browser, &host, 8, &bare).await;
    let text = look(&browser, words).await;
    let text = text.as_str().unwrap();
    assert!(
        text.contains("The second carrier") && !text.contains("Working again"),
        "{text}"
    );
    // And no blank under its last line.
    browser.set_viewport(1280, 800, 1.0).await;
    let blank = look(
        &browser,
        "return box('.card').bottom - box('.body > :last-child').bottom",
    )
    .await;
    assert!(blank.as_f64() <= Some(20.0), "{blank}");
}

#[tokio::test(flavor = "multi_thread")]
async fn unseen_all_clear_of_a_seen_notice_takes_the_line() {
    let notice = outage("inc_1", "Messages are delayed");
    let host = host("", "en", std::slice::from_ref(&notice));
    let browser = Browser::start().await;
    opened(&browser, &host, "Messages are delayed").await;
    seen(&browser, "seen").await;
    let mut critical = outage("inc_2", "Nobody can sign in");
    critical["impact"] = json!("critical");
    let notices = [
        critical,
        outage("inc_3", "Reports are late"),
        over(&notice, &e2e::in_minutes(-1), &[]),
    ];
    host.mirror.put_feed("acme", &mirror::feed(6, &notices));
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for("the critical card", |tree| tree.notice("inc_2").is_some())
        .await;
    let line = "return root.querySelector('.other').textContent";
    let text = look(&browser, line).await;
    let text = text.as_str().unwrap();
    assert!(
        text.starts_with("Resolved: Messages are delayed · ") && text.ends_with("+1"),
        "{text}"
    );
    seen(&browser, "cleared").await;
    assert_eq!(look(&browser, line).await, json!(text));
    browser.reload().await;
    browser
        .wait_for("the critical card", |tree| tree.notice("inc_2").is_some())
        .await;
    assert_eq!(
        look(&browser, line).await,
        json!("Major: Reports are late+1")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn notice_known_for_twelve_hours_starts_as_its_pill() {
    let mut notice = outage("inc_1", "Messages are delayed");
    let host = host("", "en", std::slice::from_ref(&notice));
    let browser = Browser::start().await;
    opened(&browser, &host, "Messages are delayed").await;
    seen(&browser, "seen").await;
    let cards = "return all('.card').length";
    let mut rev = 5;
    for (impact, hold, hours, expected) in [
        ("major", false, 11, 1),
        ("major", false, 13, 0),
        ("critical", false, 13, 1),
        ("major", true, 13, 1),
    ] {
        (notice["impact"], notice["hold"]) = (json!(impact), json!(hold));
        rev += 1;
        host.mirror
            .put_feed("acme", &mirror::feed(rev, std::slice::from_ref(&notice)));
        browser
            .run(&format!("localStorage['allclear:acme:first'] = JSON.stringify({{ 'inc_1:1': Math.floor(Date.now() / 1e3) - {} }})", hours * HOUR_S))
            .await;
        reload(&browser).await;
        browser
            .wait_for_script("the feed", "return Allclear.state.feed.rev", |known| {
                *known == json!(rev)
            })
            .await;
        assert_eq!(
            look(&browser, cards).await,
            json!(expected),
            "{impact} {hold} {hours}"
        );
    }
    // More attention brings the card back.
    (notice["impact"], notice["hold"]) = (json!("major"), json!(false));
    puts(&browser, &host, 20, &notice).await;
    reload(&browser).await;
    assert_eq!(look(&browser, cards).await, json!(0));
    notice["attention"] = json!(2);
    puts(&browser, &host, 21, &notice).await;
    assert_eq!(look(&browser, cards).await, json!(1));
}
