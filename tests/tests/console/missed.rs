//! Missed transitions, which the operator publishes or discards; and the attributes of fields that
//! choose a phone's keyboard.

use e2e::{Operator, Site, labels};
use serde_json::json;

const DAY_S: i64 = 86_400;

/// Presses a button in the row of a missed incident, and its confirmation.
async fn decide(operator: &Operator, title: &str, button: &str) {
    for label in [
        button.to_owned(),
        format!("Yes, {} it", button.to_lowercase()),
    ] {
        let find = format!(
            "[...document.querySelectorAll('.missed li')].find(row => row.innerText.includes('{title}'))
               ?.querySelectorAll('button')"
        );
        let script = format!(
            "const found = [...({find} ?? [])].find(one => one.innerText === '{label}'); found?.click(); return !!found"
        );
        operator
            .browser
            .wait_for_script(&label, &script, |pressed| *pressed == json!(true))
            .await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn missed_posts_are_published_or_discarded() {
    let mut site = Site::with_tiers();
    let tomorrow = e2e::in_minutes(24 * 60);
    site.publish(&json!({ "kind": "incident", "title": "Slow queue", "impact": "major", "body": "b", "publish_at": tomorrow }));
    site.publish(&json!({ "kind": "announcement", "title": "New prices", "body": "b", "announce_from": tomorrow }));
    site.publish(&json!({ "kind": "announcement", "title": "New address", "body": "b", "announce_from": tomorrow }));
    site.server.restart_with_clock_offset(4 * DAY_S);
    let operator = Operator::signed_in_as_owner(&site, "").await;
    operator
        .wait_for_text("Due while the service was away: publish or discard")
        .await;
    assert_eq!(site.feed().json["notices"], json!([]));
    decide(&operator, "Slow queue", "Publish").await;
    operator.wait_for_text(labels::ONE_OPEN).await;
    decide(&operator, "New prices", "Publish").await;
    operator.wait_for_text("Published.").await;
    decide(&operator, "New address", "Discard").await;
    operator.wait_for_text("Discarded.").await;
    let is_gone = "return document.querySelector('.missed') === null";
    operator
        .browser
        .wait_for_script("nothing is left", is_gone, |is_gone| {
            *is_gone == json!(true)
        })
        .await;
    let feed = site.feed().json;
    let titles: Vec<&str> = feed["notices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|notice| notice["title"].as_str().unwrap())
        .collect();
    assert_eq!(titles, ["Slow queue", "New prices"]);
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_chooses_its_keyboard() {
    let site = Site::with_tiers();
    let operator = Operator::signed_in_as_owner(&site, "settings").await;
    // The values of inputmode, autocapitalize, spellcheck and enterkeyhint. The script appends the ids of fields that
    // lack one of them.
    for (place, id, expected) in [
        ("settings", "name", "text words true next"),
        ("settings", "hostnames", "url none false enter"),
        ("settings", "quiet-from", "numeric none false next"),
        ("new/announcement/say", "title", "text sentences true next"),
        ("new/announcement/say", "body", "text sentences true enter"),
    ] {
        operator.navigate(place).await;
        let script = format!(
            "const field = document.getElementById('{id}');
             const names = ['inputmode', 'autocapitalize', 'spellcheck', 'enterkeyhint'];
             const without = [...document.querySelectorAll('input:not([type=checkbox]), textarea')]
               .filter(one => names.some(name => !one.hasAttribute(name))).map(one => one.id);
             return field && names.map(name => field.getAttribute(name)).join(' ') + without"
        );
        operator
            .browser
            .wait_for_script(id, &script, |found| *found == json!(expected))
            .await;
    }
}
