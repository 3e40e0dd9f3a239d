//! The three places of the console, the list of incidents with its filters, and old addresses.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::{Value, json};

/// An incident with a promise, a scheduled maintenance, an announcement, a draft and a resolved incident.
fn busy() -> Site {
    let site = Site::new();
    let over = site.post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Reports failed", "impact": "minor", "body": "Wait." }),
    );
    let path = format!("/incidents/{}/updates", over["id"].as_str().unwrap());
    site.post(
        &path,
        &json!({ "status": "resolved", "body": "Reports work." }),
    );
    site.post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Reports load slowly", "impact": "critical", "body": "Wait." }),
    );
    site.incident();
    site.post(
        "/incidents",
        &json!({ "kind": "maintenance", "title": "New machines", "body": "We move.",
        "scheduled_for": e2e::in_minutes(6000), "scheduled_until": e2e::in_minutes(6060) }),
    );
    site.post(
        "/incidents",
        &json!({ "kind": "announcement", "title": "Prices rise", "body": "In January." }),
    );
    site.post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Invoices wait", "impact": "minor", "body": "A while.", "draft": true }),
    );
    site
}

/// Whether these words stand on the screen in this order.
async fn in_order(hand: &Hand, words: &[&str]) {
    let text = hand
        .browser
        .run("return document.querySelector('main').innerText")
        .await;
    let text = text.as_str().unwrap();
    let places: Vec<Option<usize>> = words.iter().map(|words| text.find(words)).collect();
    assert!(
        places.iter().all(Option::is_some) && places.is_sorted(),
        "{words:?}: {places:?} in {text}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bar_has_three_places_and_no_second_menu() {
    let site = Site::new();
    let hand = Hand::of_owner(&site, "").await;
    hand.sees(labels::NONE_OPEN).await;
    let places = "return [...document.querySelectorAll('nav[aria-label=Console] a:not(.new)')].map(one => one.innerText)";
    for width in [360, 1280] {
        hand.browser.set_viewport(width, 740, 1.0).await;
        let found = hand.browser.run(places).await;
        assert_eq!(found, json!(["Incidents", "Components", "Settings"]));
    }
    // Nothing else on the screen leads to the same views.
    hand.go("account").await;
    let doubled = hand
        .browser
        .run("return [...document.querySelectorAll('main a')].map(one => one.getAttribute('href')).filter(href => href.startsWith('#/acme/'))")
        .await;
    assert_eq!(doubled, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_address_leads_to_the_present_view() {
    let site = Site::new();
    let made = site.post(
        "/templates",
        &json!({ "name": "Ours", "title": "Ours", "body": "Words." }),
    );
    let id = made["id"].as_str().unwrap();
    let hand = Hand::of_owner(&site, "").await;
    hand.sees(labels::NONE_OPEN).await;
    for (old, new, heading) in [
        ("history".to_owned(), "resolved".to_owned(), "Resolved"),
        (
            "maintenance".to_owned(),
            "maintenance".to_owned(),
            "Maintenance",
        ),
        (
            "templates".to_owned(),
            "settings/templates".to_owned(),
            "Templates",
        ),
        (
            format!("templates/{id}"),
            format!("settings/templates/{id}"),
            "Edit template",
        ),
        ("access".to_owned(), "settings/access".to_owned(), "Access"),
        (
            "journal".to_owned(),
            "settings/journal".to_owned(),
            "Journal",
        ),
        ("menu".to_owned(), "account".to_owned(), "Account"),
    ] {
        hand.browser
            .run(&format!("location.hash = '#/acme/{old}'"))
            .await;
        let there = "return [location.hash, document.querySelector('[data-place]')?.dataset.place, document.querySelector('h1')?.innerText]";
        let expected = json!([format!("#/acme/{new}"), new, heading]);
        hand.browser
            .wait_for_script(&old, there, |there| *there == expected)
            .await;
    }
    // As a bookmark, too; and back leads to what was there before.
    hand.browser.goto("about:blank").await;
    hand.browser.goto(&site.console("#/acme/history")).await;
    hand.browser
        .wait_for_script("the present address", "return location.hash", |hash| {
            hash == "#/acme/resolved"
        })
        .await;
    hand.assert_calm().await;
}

const NEW: &str =
    "const one = [...document.querySelectorAll('a')].find(one => one.innerText === 'New incident');
    if (!one) return null;
    const { top, bottom, left, right } = one.getBoundingClientRect();
    const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const clipped = one.scrollWidth > one.clientWidth + 1 || right > innerWidth || one.previousElementSibling?.getBoundingClientRect().right > left;
    return { top, bottom, left, right, uncovered: one.contains(at) && !clipped }";

#[tokio::test(flavor = "multi_thread")]
async fn new_incident_is_in_reach_in_every_view() {
    let site = busy();
    let incident = site.incident();
    let hand = Hand::of_owner(&site, "").await;
    hand.sees("3 open incidents").await;
    let lists = [
        "",
        "maintenance",
        "announcements",
        "drafts",
        "resolved",
        "components",
        "settings",
        "settings/contacts",
        "settings/on-call",
        "settings/templates",
        "settings/access",
        "settings/journal",
        "account",
    ];
    let own = format!("incidents/{incident}");
    let forms = [
        format!("{own}/update"),
        format!("{own}/edit"),
        "settings/templates/new".to_owned(),
    ];
    let number = |at: &Value, side: &str| at[side].as_f64().unwrap();
    for place in lists
        .iter()
        .map(|place| (*place).to_owned())
        .chain([own.clone()])
    {
        hand.browser.set_viewport(360, 740, 1.0).await;
        hand.go(&place).await;
        let at = hand.browser.run(NEW).await;
        assert!(
            number(&at, "top") > 370.0 && number(&at, "bottom") <= 740.0,
            "{place}: {at}"
        );
        assert_eq!(at["uncovered"], true, "{place}: {at}");
        hand.browser.set_viewport(1280, 800, 1.0).await;
        let at = hand.browser.run(NEW).await;
        assert!(
            number(&at, "bottom") < 60.0 && number(&at, "left") > 640.0,
            "{place}: {at}"
        );
    }
    // A form has its own action there; the way to a new incident is at the top.
    for place in forms {
        for width in [360, 1280] {
            hand.browser.set_viewport(width, 740, 1.0).await;
            hand.go(&place).await;
            let at = hand.browser.run(NEW).await;
            assert!(number(&at, "bottom") < 60.0, "{place}: {at}");
            assert_eq!(at["uncovered"], true, "{place}: {at}");
        }
    }
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_overdue_incident_comes_first_and_drafts_last() {
    let mut site = busy();
    // The promise of half an hour has lapsed.
    site.server.restart_at(40 * 60);
    let mut hand = Hand::of_owner(&site, "settings").await;
    hand.write_anew("name", "Acme Messages").await;
    hand.sees("1 unsaved change").await;
    hand.go("").await;
    hand.sees(labels::TWO_OPEN).await;
    in_order(
        &hand,
        &[
            "Messages are delayed",
            "Update overdue by",
            "Reports load slowly",
            "New machines",
            "Reports failed",
            "Invoices wait",
            "Unsaved drafts",
            "Settings: General",
        ],
    )
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_filter_shows_its_part_of_the_list() {
    let site = busy();
    let mut hand = Hand::of_owner(&site, "").await;
    hand.sees(labels::TWO_OPEN).await;
    let all = [
        "Messages are delayed",
        "New machines",
        "Prices rise",
        "Invoices wait",
        "Reports failed",
    ];
    for (filter, heading, shown) in [
        ("Maintenance", "Maintenance", vec!["New machines"]),
        ("Announcements", "Announcements", vec!["Prices rise"]),
        ("Drafts", "Drafts", vec!["Invoices wait"]),
        ("Resolved", "Resolved", vec!["Reports failed"]),
        ("Open", labels::TWO_OPEN, all.to_vec()),
    ] {
        hand.tap(filter).await;
        let view =
            "return document.querySelector('main:not(:has([aria-busy=true]))')?.innerText ?? ''";
        let text = hand
            .browser
            .wait_for_script(heading, view, |text| {
                let text = text.as_str().unwrap();
                text.starts_with(heading) && shown.iter().all(|title| text.contains(title))
            })
            .await;
        for title in all.iter().filter(|title| !shown.contains(title)) {
            assert!(!text.as_str().unwrap().contains(title), "{filter}: {text}");
        }
        let current = hand
            .browser
            .run("return document.querySelector('nav[aria-label=Filter] [aria-current=page]').firstChild.data")
            .await;
        assert_eq!(current, filter);
    }
    // A row says what has happened and when, once.
    hand.tap("Resolved").await;
    hand.sees("Reports failed\nResolved ").await;
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_green_message_is_not_broken_on_a_phone() {
    let site = busy();
    let mut hand = Hand::of_owner(&site, "drafts").await;
    hand.tap("Invoices wait").await;
    hand.tap(labels::PUBLISH_NOW).await;
    hand.sees("Published").await;
    let lines = "const hide = [...document.querySelectorAll('.said button')][0];
        return hide && hide.getBoundingClientRect().height";
    let tall = hand
        .browser
        .wait_for_script("Hide", lines, Value::is_number)
        .await;
    assert!(tall.as_f64().unwrap() <= 44.5, "{tall}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_that_is_gone_is_said_to_be_so_once() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.go("incidents/inc_00000000000000000000").await;
    let tree = hand.sees("It may have been deleted").await;
    assert_eq!(tree.text().matches("Not found").count(), 1);
    hand.tap("Go to open incidents").await;
    hand.sees(labels::NONE_OPEN).await;
}
