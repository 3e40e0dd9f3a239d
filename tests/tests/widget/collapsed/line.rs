//! The line beneath the collapsed card (it names the next notice and opens the list of all), and the pill.

use crate::host::{assert_in_card, full_notice, host, run_in_card, wait_in_card};
use e2e::Browser;
use serde_json::json;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn the_line_names_the_next_notice_and_opens_the_list() {
    let notices = [
        critical("inc_1", "Nobody can sign in"),
        full_notice("inc_2", "Reports are late"),
        maintenance("inc_3"),
        restored("inc_4", "Messages are delayed", &[]),
    ];
    let host = host("", "en", &notices);
    let browser = open_on_phone(&host, "Nobody can sign in").await;
    // The line, or while the list is open its rows and the button that closes it.
    let others = "return all('.other').map(one => one.textContent)";
    let next = json!(["Major: Reports are late+2"]);
    assert_in_card(&browser, "the line", others, next).await;
    let press = |selector: &str| format!("root.querySelector('{selector}').click()");
    run_in_card(&browser, &press(".other")).await;
    browser
        .wait_for("the list", |tree| tree.notices().len() == 4)
        .await;
    let rows = wait_in_card(&browser, "three rows and the button", others, |rows| {
        rows.as_array().is_some_and(|rows| rows.len() == 4)
    })
    .await;
    let rows: Vec<String> = serde_json::from_value(rows).unwrap();
    assert_eq!(rows[0], "Major: Reports are late");
    assert!(
        rows[1].starts_with("Resolved: Messages are delayed · "),
        "{rows:?}"
    );
    assert_eq!(rows[2], "Maintenance: We move to new servers");
    assert_eq!(rows[3], "Less");

    run_in_card(&browser, &press("[data-notice=inc_4] [part=pill]")).await;
    // The number of cards, the notice of the first, the number of expanded cards, and the text of the line.
    let card_and_line = "return [all('.card').length, all('[part=card]')[0].closest('[data-notice]').dataset.notice,
        all('[part=toggle][aria-expanded=true]').length, all('.other').map(one => one.textContent)]";
    browser
        .wait_for("the all-clear", |tree| {
            tree.notice("inc_4")
                .is_some_and(|notice| notice.part("card").is_some())
        })
        .await;
    let expected = json!([1, "inc_4", 1, ["Critical: Nobody can sign in+2"]]);
    assert_in_card(&browser, "one card", card_and_line, expected).await;
    run_in_card(&browser, &press("[part=toggle]")).await;
    browser
        .wait_for("the most severe notice again", |tree| {
            tree.notice("inc_1")
                .is_some_and(|notice| notice.part("card").is_some())
        })
        .await;

    // Escape closes the list; the line takes the place of its three rows.
    run_in_card(&browser, &press(".other")).await;
    browser
        .wait_for("the list", |tree| tree.notices().len() == 4)
        .await;
    run_in_card(&browser, "root.querySelector('[part=less]').focus()").await;
    browser.press("Escape").await;
    browser
        .wait_for("the line", |tree| tree.notices().len() == 2)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_line_opens_a_single_other_notice_without_a_list() {
    let notices = [
        full_notice("inc_1", "Nobody can sign in"),
        full_notice("inc_2", "Reports are late"),
    ];
    let host = host("", "en", &notices);
    let browser = open_on_phone(&host, "Nobody can sign in").await;
    run_in_card(&browser, "root.querySelector('.other').click()").await;
    browser
        .wait_for("the other card", |tree| {
            tree.notice("inc_2")
                .is_some_and(|notice| notice.part("card").is_some())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_notice_minimises_to_a_pill_that_names_it() {
    let mut held = full_notice("inc_1", "Messages are delayed");
    held["hold"] = json!(true);
    held["impact"] = json!("minor");
    let host = host("", "en", &[held]);
    let browser = open_on_phone(&host, "Messages are delayed").await;
    let button = run_in_card(
        &browser,
        "return root.querySelector('[part=hide]').textContent",
    )
    .await;
    assert_eq!(button, json!("Minimise"));
    run_in_card(&browser, "root.querySelector('[part=hide]').click()").await;
    browser
        .wait_for("the pill", |tree| {
            tree.part("card").is_none() && tree.part("pill").is_some()
        })
        .await;
    let pill = "return [root.querySelector('[part=pill]').textContent, box('[part=pill]').height]";
    let expected = json!(["Minor: Messages are delayed", 44]);
    assert_in_card(&browser, "the pill", pill, expected).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_drill_never_comes_before_a_real_notice() {
    let mut drill = critical("inc_1", "This is only a test");
    drill["drill"] = json!(true);
    let mut minor = full_notice("inc_2", "Reports are late");
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
