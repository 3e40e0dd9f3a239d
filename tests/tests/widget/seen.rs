//! Notices that a browser has seen, and their effects on the next page: new updates, all-clears,
//! and pills for notices known for long.

use crate::host::{
    Host, assert_in_card, full_notice, host, open_card, run_in_card, wait_for_card_text,
    wait_in_card,
};
use e2e::{Browser, mirror, with};
use serde_json::{Value, json};

const HOUR_S: i64 = 3600;

/// A stored value of the site.
async fn stored(browser: &Browser, name: &str) -> Value {
    browser
        .run(&format!(
            "return JSON.parse(localStorage.getItem('allclear:acme:{name}'))"
        ))
        .await
}

/// Waits until a stored value has an entry of the notice; returns the value.
async fn wait_until_stored(browser: &Browser, name: &str) -> Value {
    let script = format!("return JSON.parse(localStorage.getItem('allclear:acme:{name}'))");
    browser
        .wait_for_script("the notice to be seen", &script, |kept| {
            kept["inc_1"].is_number()
        })
        .await
}

async fn serve(browser: &Browser, host: &Host, rev: u64, notice: &Value) {
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
async fn a_notice_is_seen_after_1_s_in_view_unless_covered() {
    let host = host("", "en", &[full_notice("inc_1", "Delayed")]);
    let browser = Browser::start().await;
    browser
        .before_each_page(
            "addEventListener('DOMContentLoaded', () => {
                // With a z-index, the card may be covered by the page's elements.
                document.documentElement.style.setProperty('--allclear-z', '5');
                const over = document.createElement('div');
                over.id = 'over';
                over.style.cssText = 'position:fixed;inset:0;z-index:2147483647;background:#fff';
                document.documentElement.append(over);
                new MutationObserver(() => document.documentElement.append(over)).observe(document.body, { childList: true });
            })",
        )
        .await;
    open_card(&browser, &host, "Delayed").await;
    // More than twice as long as a notice must be in view to count as seen.
    browser
        .run("document.documentElement.append(document.getElementById('over')); return new Promise(done => setTimeout(done, 2500))")
        .await;
    assert_eq!(
        stored(&browser, "seen").await,
        Value::Null,
        "a covered card is not seen"
    );
    let began = std::time::Instant::now();
    browser
        .run("document.getElementById('over').style.display = 'none'")
        .await;
    assert_eq!(
        wait_until_stored(&browser, "seen").await,
        json!({ "inc_1": 1 })
    );
    assert!(began.elapsed().as_millis() >= 1000, "{:?}", began.elapsed());
    let first = stored(&browser, "first").await;
    assert!(first["inc_1:1"].as_i64() > Some(1_700_000_000), "{first}");
}

#[tokio::test(flavor = "multi_thread")]
async fn notices_that_the_line_only_counts_are_not_seen() {
    let notices = [
        full_notice("inc_1", "Delayed"),
        full_notice("inc_2", "Late"),
        full_notice("inc_3", "Slow"),
    ];
    let host = host("", "en", &notices);
    let browser = Browser::start().await;
    open_card(&browser, &host, "Delayed").await;
    let script = "return JSON.parse(localStorage.getItem('allclear:acme:seen'))";
    let seen = browser
        .wait_for_script("the two named notices", script, |kept| {
            kept["inc_2"].is_number()
        })
        .await;
    assert_eq!(
        seen,
        json!({ "inc_1": 1, "inc_2": 1 }),
        "the third is only counted"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_after_the_first_view_is_new_until_the_next_load() {
    let mut notice = full_notice("inc_1", "Delayed");
    let host = host("", "en", std::slice::from_ref(&notice));
    let browser = Browser::start().await;
    browser.set_viewport(360, 740, 1.0).await;
    open_card(&browser, &host, "Delayed").await;
    let last = "return [...root.querySelectorAll('.meta')].at(-1).textContent";
    let is_times = |card_text: &str| card_text.starts_with("Updated ");
    wait_for_card_text(&browser, "the times", last, is_times).await;
    wait_until_stored(&browser, "updates").await;

    let body = "A carrier refuses connections. We are moving traffic to the second one, which takes an hour.";
    let update =
        json!({ "id": "upd_2", "status": "identified", "body": body, "at": e2e::in_minutes(0) });
    notice["updates"] = json!([update, notice["updates"][0]]);
    serve(&browser, &host, 6, &notice).await;
    let news = wait_for_card_text(&browser, "the news, cut", last, |news| {
        news.starts_with("New ")
            && news.contains(": A carrier refuses")
            && news.ends_with("\u{a0}…")
    })
    .await;
    assert!(
        body.contains(news[news.find("A carrier").unwrap()..].trim_end_matches("\u{a0}…")),
        "{news}"
    );
    let height = "return box('.news').height";
    assert_in_card(&browser, "one line", height, json!(18)).await;
    // The update has been seen; it stays marked as new on this page.
    let script = format!(
        "return JSON.parse(localStorage['allclear:acme:updates']).inc_1 > {}",
        time_before(1)
    );
    browser
        .wait_for_script("the notice to be seen", &script, |seen| {
            *seen == json!(true)
        })
        .await;
    browser.run("Allclear.configure({})").await;
    assert_eq!(run_in_card(&browser, last).await, json!(news));
    reload(&browser).await;
    wait_for_card_text(&browser, "the times again", last, is_times).await;

    // Without advice the update itself is shown.
    notice["advice"] = Value::Null;
    let update = json!({ "id": "upd_3", "status": "identified", "body": "Half of it.", "at": e2e::in_minutes(1) });
    notice["updates"] = json!([update]);
    serve(&browser, &host, 7, &notice).await;
    let card_text = "return root.querySelector('.card').innerText";
    wait_for_card_text(&browser, "the update", card_text, |card_text| {
        card_text.contains("Half of it.") && !card_text.contains("New ")
    })
    .await;
}

/// The time a minute before `minutes_ago` minutes ago, in seconds since 1970.
fn time_before(minutes_ago: i64) -> i64 {
    let now = std::time::SystemTime::now();
    let now = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    i64::try_from(now).unwrap() - minutes_ago * 60 - 60
}

fn restored(notice: &Value, at: &str, still: &[&str]) -> Value {
    let restored = mirror::restored(
        notice.clone(),
        &json!({ "at": at, "seconds": 6000, "back": ["Sending", "Reports"], "check": "Check what you sent.",
                 "still": still, "expires_at": e2e::in_minutes(600) }),
    );
    let update = json!({ "id": "upd_9", "status": "resolved", "body": "The second carrier takes it all.", "at": e2e::in_minutes(-1) });
    with(restored, &json!({ "advice": null, "updates": [update] }))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_all_clear_is_expanded_once_and_collapsed_after_a_reload() {
    let notice = full_notice("inc_1", "Messages are delayed");
    let host = host("", "en", std::slice::from_ref(&notice));
    let browser = Browser::start().await;
    browser.set_viewport(360, 740, 1.0).await;
    open_card(&browser, &host, "Messages are delayed").await;
    wait_until_stored(&browser, "seen").await;
    let at = e2e::in_minutes(-1);
    serve(&browser, &host, 6, &restored(&notice, &at, &[])).await;
    let card_text = "return root.querySelector('.card').innerText.replace(/\\s+/g, ' ')";
    let text = wait_for_card_text(&browser, "the all-clear", card_text, |text| {
        text.starts_with("Resolved: Messages are delayed")
    })
    .await;
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
    let weights = run_in_card(&browser, "return [getComputedStyle(root.querySelector('h2 b')).fontWeight, getComputedStyle(root.querySelector('h2 bdi')).fontWeight]").await;
    assert_eq!(weights, json!(["600", "400"]));
    // The all-clear has been seen, and does not collapse while the reader looks at it.
    wait_until_stored(&browser, "cleared").await;
    browser.run("Allclear.configure({})").await;
    let expanded = "return root.querySelector('[part=toggle]').getAttribute('aria-expanded')";
    assert_eq!(run_in_card(&browser, expanded).await, json!("true"));
    reload(&browser).await;
    assert_in_card(&browser, "collapsed", expanded, json!("false")).await;
    wait_for_card_text(&browser, "the collapsed all-clear", card_text, |text| {
        text.starts_with("Resolved: Messages are delayed · ") && text.contains(", after 1 h 40 min")
    })
    .await;

    // The first two remaining problems are shown without a tap.
    serve(
        &browser,
        &host,
        7,
        &restored(&notice, &at, &["Reports lag", "Search lags", "Third"]),
    )
    .await;
    let text = wait_for_card_text(&browser, "the remaining problems", card_text, |text| {
        text.starts_with("Mostly resolved: Messages are delayed")
    })
    .await;
    assert!(
        text.contains("Reports lag") && text.contains("Search lags") && !text.contains("Third"),
        "{text}"
    );

    // Without restored functions and components there is no line about them.
    let mut bare = restored(&notice, &at, &[]);
    bare["restored"]["back"] = json!([]);
    bare["components"] = json!([]);
    bare["restored"]["at"] = json!(e2e::in_minutes(0));
    serve(&browser, &host, 8, &bare).await;
    wait_for_card_text(&browser, "the update alone", card_text, |text| {
        text.contains("The second carrier") && !text.contains("Working again")
    })
    .await;
    // There is no space below the card's last line.
    browser.set_viewport(1280, 800, 1.0).await;
    let blank = "return box('.card').bottom - box('.body > :last-child').bottom";
    wait_in_card(&browser, "no space", blank, |blank| {
        blank.as_f64() <= Some(20.0)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unseen_all_clear_of_a_seen_notice_takes_the_line() {
    let notice = full_notice("inc_1", "Messages are delayed");
    let host = host("", "en", std::slice::from_ref(&notice));
    let browser = Browser::start().await;
    open_card(&browser, &host, "Messages are delayed").await;
    wait_until_stored(&browser, "seen").await;
    let mut critical = full_notice("inc_2", "Nobody can sign in");
    critical["impact"] = json!("critical");
    let notices = [
        critical,
        full_notice("inc_3", "Reports are late"),
        restored(&notice, &e2e::in_minutes(-1), &[]),
    ];
    host.mirror.put_feed("acme", &mirror::feed(6, &notices));
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for("the critical card", |tree| tree.notice("inc_2").is_some())
        .await;
    let line = "return root.querySelector('.other').textContent";
    let text = wait_for_card_text(&browser, "the line", line, |text| {
        text.starts_with("Resolved: Messages are delayed · ") && text.ends_with("+1")
    })
    .await;
    wait_until_stored(&browser, "cleared").await;
    assert_eq!(run_in_card(&browser, line).await, json!(text));
    browser.reload().await;
    browser
        .wait_for("the critical card", |tree| tree.notice("inc_2").is_some())
        .await;
    let next = json!("Major: Reports are late+1");
    assert_in_card(&browser, "the line", line, next).await;
}

/// Removes the feeds that the browser stored on earlier pages. A page whose first answer is late draws the stored feed, and how
/// a notice starts is decided when a page first draws it.
const FORGET_FEEDS: &str = "try {
        for (const key of Object.keys(localStorage)) if (key.includes(':feed:')) delete localStorage[key];
    } catch {}";

#[tokio::test(flavor = "multi_thread")]
async fn a_notice_known_for_12_h_starts_as_a_pill() {
    let mut notice = full_notice("inc_1", "Messages are delayed");
    let host = host("", "en", std::slice::from_ref(&notice));
    let browser = Browser::start().await;
    browser.before_each_page(FORGET_FEEDS).await;
    open_card(&browser, &host, "Messages are delayed").await;
    wait_until_stored(&browser, "seen").await;
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
        let why = format!("{impact} {hold} {hours}");
        assert_in_card(&browser, &why, cards, json!(expected)).await;
    }
    // Higher attention brings the card back.
    (notice["impact"], notice["hold"]) = (json!("major"), json!(false));
    serve(&browser, &host, 20, &notice).await;
    reload(&browser).await;
    assert_in_card(&browser, "the pill", cards, json!(0)).await;
    notice["attention"] = json!(2);
    serve(&browser, &host, 21, &notice).await;
    assert_in_card(&browser, "the card", cards, json!(1)).await;
}
