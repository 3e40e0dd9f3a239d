//! Height of the collapsed card.

use crate::host::{assert_in_card, full_notice, host, open_card, wait_for_card_text, wait_in_card};
use e2e::Browser;
use serde_json::{Value, json};

use super::*;

/// A script that returns the height of the covered part of the screen, from the card's top to the
/// screen's lower edge; the height of the line, which is 44 without a line; and the number of drawn
/// notices. Heights are in px.
const TAKEN: &str = "
    const boxes = all('.card, .pill, .other').map(one => one.getBoundingClientRect());
    return [innerHeight - Math.min(...boxes.map(one => one.top)), root.querySelector('.other')?.getBoundingClientRect().height ?? 44,
        all('[data-notice]').length]";

#[tokio::test(flavor = "multi_thread")]
async fn the_collapsed_card_takes_at_most_296_px() {
    let mut delayed = critical("inc_1", LONG_TITLE);
    delayed["advice"] = json!(LONG_ADVICE);
    let reports = full_notice("inc_2", "Reports are late");
    let preview = || {
        let mut preview = delayed.clone();
        preview["preview"] = json!(true);
        preview
    };
    let mut held = delayed.clone();
    held["hold"] = json!(true);
    let mut tomorrow = delayed.clone();
    tomorrow["next_update_at"] = json!(e2e::in_minutes(50 * 60));
    let mut imminent = maintenance("inc_3");
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
    let mixes: [(&str, Vec<Value>); 11] = [
        ("a promise on another day", vec![tomorrow, reports.clone()]),
        (
            "an all-clear with long remaining problems",
            vec![
                restored("inc_4", LONG_TITLE, &[LONG_ADVICE, LONG_ADVICE]),
                maintenance("inc_3"),
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
                maintenance("inc_3"),
                restored("inc_4", LONG_TITLE, &["Reports"]),
            ],
        ),
        ("held", vec![held, reports.clone()]),
        ("a preview", vec![preview(), reports.clone()]),
        (
            "an all-clear",
            vec![
                restored(
                    "inc_4",
                    LONG_TITLE,
                    &["One thing", "Another thing", "A third"],
                ),
                maintenance("inc_3"),
            ],
        ),
        ("maintenance alone", vec![maintenance("inc_3")]),
    ];
    let host = host("", "en", &[full_notice("inc_1", "Messages are delayed")]);
    let browser = open_on_phone(&host, "Messages are delayed").await;
    let mut rev = 5;
    for (what, notices) in mixes {
        for lang in ["en", "de", "ar"] {
            rev += 1;
            serve_and_open(&browser, &host, rev, lang, &notices).await;
            let why = format!("{what} in {lang}: height, line, and one card and one line");
            wait_in_card(&browser, &why, TAKEN, |taken| {
                taken[0].as_f64().is_some_and(|height| height <= 296.0)
                    && taken[1] == json!(44)
                    && taken[2] == json!(notices.len().min(2))
            })
            .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_card_with_contacts_takes_at_most_352_px() {
    let mut late = critical("inc_1", LONG_TITLE);
    late["advice"] = json!(LONG_ADVICE);
    late["next_update_at"] = json!(e2e::in_minutes(-20));
    late["contacts"] = json!([
        { "kind": "phone", "label": "Support +61 2 5550 0100", "value": "+61255500100" },
        { "kind": "email", "label": "Write to our support team", "value": "help@example.com" },
        { "kind": "chat", "label": "Chat", "value": "https://chat.example/" },
        { "kind": "link", "label": "Community", "value": "https://community.example/" },
    ]);
    let host = host("", "en", &[full_notice("inc_1", "Messages are delayed")]);
    let browser = open_on_phone(&host, "Messages are delayed").await;
    for (rev, lang) in (6..).zip(["en", "de", "ar"]) {
        let notices = [late.clone(), full_notice("inc_2", "Reports are late")];
        serve_and_open(&browser, &host, rev, lang, &notices).await;
        wait_in_card(&browser, &format!("{lang}: height"), TAKEN, |taken| {
            taken[0].as_f64().is_some_and(|height| height <= 352.0)
        })
        .await;
        let contacts = "return all('[part=contact]').filter(one => one.offsetWidth).map(one => { const { top, left, right } = one.getBoundingClientRect();
                return [top, left >= 0 && right <= innerWidth, one.textContent.split('5550').length] })";
        let why = format!("{lang}: contacts without a tap, and no more than can be read");
        let contacts = wait_in_card(&browser, &why, contacts, |contacts| {
            contacts
                .as_array()
                .is_some_and(|contacts| contacts.len() == 3)
        })
        .await;
        let contacts = contacts.as_array().unwrap();
        for contact in contacts {
            assert_eq!(contact[0], contacts[0][0], "{lang}: in one row");
            assert_eq!(contact[1], json!(true), "{lang}: in view");
            assert!(contact[2].as_u64() <= Some(2), "{lang}: its number once");
        }
        if lang == "en" {
            let promise = "return root.querySelector('[part=next-update]').textContent";
            wait_for_card_text(&browser, "the broken promise", promise, |promise| {
                promise.ends_with("update is late. The problem may not be over yet.")
            })
            .await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_low_viewport_starts_the_card_as_a_pill() {
    let host = host("", "en", &[full_notice("inc_1", "Messages are delayed")]);
    for (height, is_card) in [(480, true), (479, false)] {
        let browser = Browser::start().await;
        browser.set_viewport(800, height, 1.0).await;
        open_card(&browser, &host, "Messages are delayed").await;
        let cards = "return all('.card').length === 1";
        assert_in_card(&browser, &format!("{height}"), cards, json!(is_card)).await;
        // The height counts only at the start: turning the device later changes nothing in view.
        browser.set_viewport(800, 959 - height, 1.0).await;
        let after_layout =
            "return new Promise(done => requestAnimationFrame(() => setTimeout(done)))";
        browser.run(after_layout).await;
        browser.run("Allclear.configure({})").await;
        assert_in_card(
            &browser,
            &format!("{height}, turned"),
            cards,
            json!(is_card),
        )
        .await;
    }
}
