//! The collapsed card on a phone: what it says, in which order, and how much of the screen it takes.

mod readers;

use e2e::{Browser, Motion, Scheme, mirror};
use readers::{Host, host, look, opened, outage};
use serde_json::{Value, json};

const LONG_TITLE: &str =
    "Messages to two networks in the south of the country are delayed by up to forty minutes";
const LONG_ADVICE: &str = "Do not resend anything: your messages are queued and will arrive in the order in which you sent them, each of them once, also those with attachments and those to groups.";

fn critical(id: &str, title: &str) -> Value {
    let mut notice = outage(id, title);
    notice["impact"] = json!("critical");
    notice
}

fn later(id: &str) -> Value {
    let mut notice = mirror::outage(id, "We move to new servers");
    for (name, value) in [
        ("kind", json!("maintenance")),
        ("status", json!("scheduled")),
        ("impact", json!("maintenance")),
        ("in_app", json!("pill")),
        ("started_at", json!(e2e::in_minutes(42 * 60 + 11))),
        ("ends_at", json!(e2e::in_minutes(43 * 60 + 11))),
    ] {
        notice[name] = value;
    }
    notice
}

fn over(id: &str, title: &str, still: &[&str]) -> Value {
    let mut notice = mirror::outage(id, title);
    for (name, value) in [
        ("kind", json!("restored")),
        ("status", json!("resolved")),
        ("attention", json!(2)),
        (
            "restored",
            json!({ "at": e2e::in_minutes(-5), "seconds": 6000, "back": ["Sending", "Reports"], "check": "Check what you sent.",
                    "still": still, "returning_until": e2e::in_minutes(600), "everyone_until": e2e::in_minutes(600),
                    "expires_at": e2e::in_minutes(600), "withdrawn": null, "postmortem": null }),
        ),
    ] {
        notice[name] = value;
    }
    notice
}

/// A phone with the card on it.
async fn phone(host: &Host, words: &str) -> Browser {
    let browser = Browser::start().await;
    // Measured where it stands, not on its way there.
    browser.set_media(Scheme::Light, Motion::Reduced).await;
    browser.set_viewport(360, 740, 1.0).await;
    opened(&browser, host, words).await;
    browser
}

/// Puts another feed there, and opens the page with it. The browser remembers having seen all, all-clears too.
async fn shows(browser: &Browser, host: &Host, rev: u64, lang: &str, notices: &[Value]) {
    let mut feed = mirror::feed(rev, notices);
    feed["lang"] = json!(lang);
    host.mirror.put_feed("acme", &feed);
    browser
        .run(
            "localStorage.setItem('allclear:acme:seen', JSON.stringify({ inc_1: 1, inc_4: 1 }));
             localStorage.setItem('allclear:acme:cleared', JSON.stringify({ inc_4: 4e9 }))",
        )
        .await;
    browser.goto(&host.page.url()).await;
    let is_drawn = format!(
        "return window.Allclear?.state.feed?.rev === {rev} && !!document.querySelector('allclear-banner')?.shadowRoot.querySelector('.root[lang={lang}] [data-notice]')"
    );
    browser
        .wait_for_script("the feed", &is_drawn, |drawn| *drawn == json!(true))
        .await;
}

/// How much of the screen is taken, from the highest edge to the lower end of the screen, and how high the line is.
const TAKEN: &str = "
    const boxes = all('.card, .pill, .other').map(one => one.getBoundingClientRect());
    return [innerHeight - Math.min(...boxes.map(one => one.top)), root.querySelector('.other')?.getBoundingClientRect().height ?? 44,
        all('[data-notice]').length]";

#[tokio::test(flavor = "multi_thread")]
async fn collapsed_card_shows_title_advice_and_times_in_order() {
    let host = host("", "en", &[outage("inc_1", "Messages are delayed")]);
    let browser = phone(&host, "Messages are delayed").await;
    let order = look(
        &browser,
        "return ['.head > .icon', '[part=title]', '[part=advice]', '.meta', '[part=toggle]'].map(one => box(one).top)",
    )
    .await;
    let order: Vec<f64> = serde_json::from_value(order).unwrap();
    assert!(
        (order[0] - order[1]).abs() < 8.0 && order[1..].is_sorted(),
        "{order:?}"
    );
    let words = look(&browser, "return root.querySelector('.card').innerText").await;
    let words = words.as_str().unwrap().split_whitespace();
    let words = words.collect::<Vec<_>>().join(" ");
    assert!(
        words.starts_with("Major: Messages are delayed Do not resend: it will arrive. Updated "),
        "{words}"
    );
    assert!(words.contains(" · next update by "), "{words}");
    assert!(!words.contains("We are on it."), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_advice_the_newest_update_takes_its_place() {
    let mut notice = outage("inc_1", "Messages are delayed");
    notice["advice"] = Value::Null;
    notice["updates"][0]["body"] = json!(LONG_ADVICE);
    let host = host("", "en", &[notice]);
    let browser = phone(&host, "Messages are delayed").await;
    let update = look(&browser, "return [root.querySelector('[part=update]').textContent, box('[part=update]').height, !!root.querySelector('[part=advice]')]").await;
    let text = update[0].as_str().unwrap();
    assert!(
        text.starts_with("Do not resend anything") && text.ends_with("\u{a0}…"),
        "{text}"
    );
    assert_eq!((&update[1], &update[2]), (&json!(44), &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn advice_is_cut_at_a_word_within_three_lines() {
    let link = "While this lasts please send all of your urgent messages with [the other carrier of ours, which works as it always did](https://other.example/) instead of the usual one.";
    let number = "While this lasts please do not send anything urgent with us, and call our support at any time of the day at +61 2 5550 0100 or at +61 2 5550 0199 instead.";
    let german = "Bitte versenden Sie keine Nachrichten noch einmal: Empfangsbestätigungsverzögerungen sind vorübergehend, und Sendewiederholungsversuche verschlimmern die Warteschlangenüberlastung.";
    let arabic = "لا تعد إرسال أي رسالة من فضلك: رسائلك في الانتظار وستصل بالترتيب الذي أرسلتها به، كل واحدة منها مرة واحدة، بما فيها الرسائل ذات المرفقات والرسائل إلى المجموعات الكبيرة.";
    let host = host("", "en", &[outage("inc_1", "Messages are delayed")]);
    let browser = phone(&host, "Messages are delayed").await;
    let texts = [
        (LONG_ADVICE, "en"),
        (link, "en"),
        (number, "en"),
        (german, "de"),
        (arabic, "ar"),
    ];
    for (rev, (advice, lang)) in (6..).zip(texts) {
        let mut notice = outage("inc_1", "Messages are delayed");
        notice["advice"] = json!(advice);
        shows(&browser, &host, rev, lang, &[notice]).await;
        let plain = advice
            .replace("](https://other.example/)", "")
            .replace('[', "");
        for width in [360, 320, 400, 360] {
            browser.set_viewport(width, 740, 1.0).await;
            let cut = "const advice = root.querySelector('[part=advice]');
                return [advice.textContent, advice.scrollHeight, advice.querySelector('a')?.textContent ?? null, innerWidth]";
            let seen = browser
                .wait_for_script(
                    "a text that fits",
                    &format!("{} {cut}", readers::ROOT),
                    |seen| seen[1].as_f64() <= Some(66.0) && seen[3] == json!(width),
                )
                .await;
            let text = seen[0].as_str().unwrap();
            let kept = text.strip_suffix("\u{a0}…").expect("it does not fit whole");
            assert!(plain.starts_with(kept), "{width}: {text}");
            let rest = &plain[kept.len()..];
            assert!(rest.starts_with(' '), "{width}: inside a word: {text}");
            let number = kept.ends_with(|sign: char| sign.is_ascii_digit())
                && rest[1..].starts_with(|sign: char| sign.is_ascii_digit());
            assert!(!number, "{width}: inside a number: {text}");
            if let Some(link) = seen[2].as_str() {
                assert!(
                    advice.contains(&format!("[{link}]")),
                    "{width}: inside a link: {text}"
                );
            }
            let height = look(&browser, "return box('[part=advice]').height").await;
            // Unless the link or the word that comes next takes more than the rest of the lines.
            let lowest = if [link, german].contains(&advice) {
                0.0
            } else {
                44.0
            };
            assert!(
                height.as_f64() > Some(lowest),
                "{width}: a line is left empty: {text}"
            );
        }
    }
}

/// Chinese, Japanese and Korean have no spaces to cut at.
#[tokio::test(flavor = "multi_thread")]
async fn text_without_spaces_is_cut_with_an_ellipsis() {
    let host = host("", "en", &[outage("inc_1", "Messages are delayed")]);
    let browser = phone(&host, "Messages are delayed").await;
    for (rev, words) in (6..).zip([
        "请不要重新发送您的消息",
        "再送しないでください",
        "다시보내지마세요",
    ]) {
        let advice = words.repeat(30);
        let mut notice = outage("inc_1", "Messages are delayed");
        notice["advice"] = json!(advice);
        shows(&browser, &host, rev, "en", &[notice]).await;
        let cut = "const advice = root.querySelector('[part=advice]'); return [advice.textContent, advice.scrollHeight]";
        let seen = browser
            .wait_for_script(
                "a text that fits",
                &format!("{} {cut}", readers::ROOT),
                |seen| seen[1].as_f64() <= Some(66.0),
            )
            .await;
        let text = seen[0].as_str().unwrap();
        let kept = text.strip_suffix("\u{a0}…").expect("it does not fit whole");
        assert!(advice.starts_with(kept), "{text}");
        assert!(
            seen[1].as_f64() > Some(44.0),
            "a line is left empty: {text}"
        );
    }
}

/// Whom a notice is for never takes the place of what is wrong.
#[tokio::test(flavor = "multi_thread")]
async fn long_segment_labels_leave_the_title_in_view() {
    let mut notice = critical("inc_1", "Nobody can sign in");
    notice["audience"]["segments"] =
        json!([{ "slug": "br", "label": "Customers of our Brazilian partner companies" }]);
    let host = host("", "en", &[notice]);
    let browser = phone(&host, "Nobody can sign in").await;
    let [title, heading] = serde_json::from_value(
        look(
            &browser,
            "return ['[part=title] bdi', '[part=title]'].map(one => box(one).bottom)",
        )
        .await,
    )
    .unwrap_or([f64::MAX, 0.0]);
    assert!(title <= heading + 1.0, "cut: {title} in {heading}");
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_collapsed_takes_at_most_296_px() {
    let mut delayed = critical("inc_1", LONG_TITLE);
    delayed["advice"] = json!(LONG_ADVICE);
    let reports = outage("inc_2", "Reports are late");
    let drill = || {
        let mut drill = delayed.clone();
        drill["preview"] = json!(true);
        drill
    };
    let mut held = delayed.clone();
    held["hold"] = json!(true);
    let mut imminent = later("inc_3");
    for (name, value) in [
        ("title", json!(LONG_TITLE)),
        ("advice", json!(LONG_ADVICE)),
        ("in_app", json!("bar")),
        ("started_at", json!(e2e::in_minutes(12))),
        ("ends_at", json!(e2e::in_minutes(26 * 60))),
    ] {
        imminent[name] = value;
    }
    let chinese = "请不要重新发送您的消息".repeat(36);
    let mut unspaced = critical("inc_1", &chinese[..180]);
    unspaced["advice"] = json!(chinese);
    let mixes: [(&str, Vec<Value>); 10] = [
        (
            "an all-clear with much that is not right",
            vec![
                over("inc_4", LONG_TITLE, &[LONG_ADVICE, LONG_ADVICE]),
                later("inc_3"),
            ],
        ),
        ("imminent", vec![imminent, reports.clone()]),
        ("without spaces", vec![unspaced, reports.clone()]),
        ("one", vec![delayed.clone()]),
        ("two", vec![delayed.clone(), reports.clone()]),
        (
            "four",
            vec![
                delayed.clone(),
                reports.clone(),
                later("inc_3"),
                over("inc_4", LONG_TITLE, &["Reports"]),
            ],
        ),
        ("held", vec![held, reports.clone()]),
        ("a preview", vec![drill(), reports.clone()]),
        (
            "an all-clear",
            vec![
                over(
                    "inc_4",
                    LONG_TITLE,
                    &["One thing", "Another thing", "A third"],
                ),
                later("inc_3"),
            ],
        ),
        ("maintenance alone", vec![later("inc_3")]),
    ];
    let host = host("", "en", &[outage("inc_1", "Messages are delayed")]);
    let browser = phone(&host, "Messages are delayed").await;
    let mut rev = 5;
    for (what, notices) in mixes {
        for lang in ["en", "de", "ar"] {
            rev += 1;
            shows(&browser, &host, rev, lang, &notices).await;
            let taken = look(&browser, TAKEN).await;
            assert!(
                taken[0].as_f64() <= Some(296.0),
                "{what} in {lang}: {taken}"
            );
            assert_eq!(taken[1], json!(44), "{what} in {lang}: the line");
            assert_eq!(
                taken[2],
                json!(notices.len().min(2)),
                "{what} in {lang}: one card and one line"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn overdue_card_shows_its_contacts_in_one_row_within_352_px() {
    let mut late = critical("inc_1", LONG_TITLE);
    late["advice"] = json!(LONG_ADVICE);
    late["next_update_at"] = json!(e2e::in_minutes(-20));
    late["contacts"] = json!([
        { "kind": "phone", "label": "Support +61 2 5550 0100", "value": "+61255500100" },
        { "kind": "email", "label": "Write to our support team", "value": "help@example.com" },
        { "kind": "chat", "label": "Chat", "value": "https://chat.example/" },
        { "kind": "link", "label": "Community", "value": "https://community.example/" },
    ]);
    let host = host("", "en", &[outage("inc_1", "Messages are delayed")]);
    let browser = phone(&host, "Messages are delayed").await;
    for (rev, lang) in (6..).zip(["en", "de", "ar"]) {
        let notices = [late.clone(), outage("inc_2", "Reports are late")];
        shows(&browser, &host, rev, lang, &notices).await;
        let taken = look(&browser, TAKEN).await;
        assert!(taken[0].as_f64() <= Some(352.0), "{lang}: {taken}");
        let contacts = look(
            &browser,
            "return all('[part=contact]').filter(one => one.offsetWidth).map(one => { const { top, left, right } = one.getBoundingClientRect();
                return [top, left >= 0 && right <= innerWidth, one.textContent.split('5550').length] })",
        )
        .await;
        let contacts = contacts.as_array().unwrap();
        assert_eq!(
            contacts.len(),
            3,
            "{lang}: without a tap, and no more than can be read"
        );
        for contact in contacts {
            assert_eq!(contact[0], contacts[0][0], "{lang}: in one row");
            assert_eq!(contact[1], json!(true), "{lang}: in view");
            assert!(contact[2].as_u64() <= Some(2), "{lang}: its number once");
        }
        if lang == "en" {
            let promise = look(
                &browser,
                "return root.querySelector('[part=next-update]').textContent",
            )
            .await;
            let promise = promise.as_str().unwrap();
            assert!(
                promise.ends_with("update is late. The problem may not be over yet."),
                "{promise}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn line_names_the_next_notice_and_opens_the_list() {
    let notices = [
        critical("inc_1", "Nobody can sign in"),
        outage("inc_2", "Reports are late"),
        later("inc_3"),
        over("inc_4", "Messages are delayed", &[]),
    ];
    let host = host("", "en", &notices);
    let browser = phone(&host, "Nobody can sign in").await;
    let line = "return all('.other').map(one => one.textContent)";
    assert_eq!(
        look(&browser, line).await,
        json!(["Major: Reports are late+2"])
    );
    let press = |selector: &str| format!("root.querySelector('{selector}').click()");
    look(&browser, &press(".other")).await;
    browser
        .wait_for("the list", |tree| tree.notices().len() == 4)
        .await;
    let rows = look(&browser, line).await;
    let rows: Vec<String> = serde_json::from_value(rows).unwrap();
    assert_eq!(rows.len(), 4, "{rows:?}");
    assert_eq!(rows[0], "Major: Reports are late");
    assert!(
        rows[1].starts_with("Resolved: Messages are delayed · "),
        "{rows:?}"
    );
    assert_eq!(rows[2], "Maintenance: We move to new servers");
    assert_eq!(rows[3], "Less");

    look(&browser, &press("[data-notice=inc_4] [part=pill]")).await;
    let opened = "return [all('.card').length, all('[part=card]')[0].closest('[data-notice]').dataset.notice,
        all('[part=toggle][aria-expanded=true]').length, all('.other').map(one => one.textContent)]";
    browser
        .wait_for("the all-clear", |tree| {
            tree.notice("inc_4")
                .is_some_and(|notice| notice.part("card").is_some())
        })
        .await;
    assert_eq!(
        look(&browser, opened).await,
        json!([1, "inc_4", 1, ["Critical: Nobody can sign in+2"]])
    );
    look(&browser, &press("[part=toggle]")).await;
    browser
        .wait_for("the most severe again", |tree| {
            tree.notice("inc_1")
                .is_some_and(|notice| notice.part("card").is_some())
        })
        .await;

    // Escape closes the list.
    look(&browser, &press(".other")).await;
    browser
        .wait_for("the list", |tree| tree.notices().len() == 4)
        .await;
    look(&browser, "root.querySelector('[part=less]').focus()").await;
    browser.press("Escape").await;
    browser
        .wait_for("the line", |tree| tree.notices().len() == 2)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_other_notice_opens_from_the_line_itself() {
    let notices = [
        outage("inc_1", "Nobody can sign in"),
        outage("inc_2", "Reports are late"),
    ];
    let host = host("", "en", &notices);
    let browser = phone(&host, "Nobody can sign in").await;
    look(&browser, "root.querySelector('.other').click()").await;
    browser
        .wait_for("the other card", |tree| {
            tree.notice("inc_2")
                .is_some_and(|notice| notice.part("card").is_some())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn low_layout_viewport_starts_the_floating_card_as_its_pill() {
    let host = host("", "en", &[outage("inc_1", "Messages are delayed")]);
    for (height, is_card) in [(480, true), (479, false)] {
        let browser = Browser::start().await;
        browser.set_viewport(800, height, 1.0).await;
        opened(&browser, &host, "Messages are delayed").await;
        let cards = look(&browser, "return all('.card').length === 1").await;
        assert_eq!(cards, json!(is_card), "{height}");
        // It starts so; a device that is turned round changes nothing under the reader's eyes.
        browser.set_viewport(800, 959 - height, 1.0).await;
        browser.run("Allclear.configure({})").await;
        let cards = look(&browser, "return all('.card').length === 1").await;
        assert_eq!(cards, json!(is_card), "{height}, turned");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn label_is_never_cut_or_broken() {
    let title = "Verbindungsabbrüche bei Sprachnachrichtenweiterleitungen";
    for (lang, label) in [("en", "Mostly resolved:"), ("de", "Größtenteils behoben:")] {
        let host = host(
            "",
            lang,
            &[outage("inc_1", title), over("inc_2", title, &["Reports"])],
        );
        let browser = phone(&host, title).await;
        browser.set_viewport(320, 740, 1.0).await;
        let seen = look(
            &browser,
            "return all('.other b, [part=title] b').map(one => {
                const { left, right, height } = one.getBoundingClientRect();
                const clip = one.closest('button, .card').getBoundingClientRect();
                return [one.textContent, one.getClientRects().length, left >= clip.left && right <= clip.right && height > 0] })",
        )
        .await;
        let seen = seen.as_array().unwrap();
        assert_eq!(seen[1][0], json!(label), "{lang}");
        for one in seen {
            assert_eq!(
                (&one[1], &one[2]),
                (&json!(1), &json!(true)),
                "{lang}: {seen:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hold_can_be_minimised_and_the_pill_names_the_problem() {
    let mut held = outage("inc_1", "Messages are delayed");
    held["hold"] = json!(true);
    held["impact"] = json!("minor");
    let host = host("", "en", &[held]);
    let browser = phone(&host, "Messages are delayed").await;
    let button = look(
        &browser,
        "return root.querySelector('[part=hide]').textContent",
    )
    .await;
    assert_eq!(button, json!("Minimise"));
    look(&browser, "root.querySelector('[part=hide]').click()").await;
    browser
        .wait_for("the pill", |tree| {
            tree.part("card").is_none() && tree.part("pill").is_some()
        })
        .await;
    let pill = look(
        &browser,
        "return [root.querySelector('[part=pill]').textContent, box('[part=pill]').height]",
    )
    .await;
    assert_eq!(pill, json!(["Minor: Messages are delayed", 44]));
}

#[tokio::test(flavor = "multi_thread")]
async fn drill_never_stands_above_a_real_notice() {
    let mut drill = critical("inc_1", "This is only a test");
    drill["drill"] = json!(true);
    let mut minor = outage("inc_2", "Reports are late");
    (minor["impact"], minor["in_app"]) = (json!("minor"), json!("pill"));
    let host = host("", "en", &[drill, minor]);
    let browser = Browser::start().await;
    browser.set_viewport(360, 740, 1.0).await;
    browser.goto(&host.page.at("/#allclear-drill")).await;
    let tree = browser
        .wait_for("the notice", |tree| !tree.notices().is_empty())
        .await;
    let first = tree.notices()[0]
        .attribute("data-notice")
        .map(str::to_owned);
    assert_eq!(first.as_deref(), Some("inc_2"));
    assert!(tree.part("card").is_none(), "{}", tree.text());
}
