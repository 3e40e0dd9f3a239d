//! Navigation: the three sections, the list of incidents with its filters, and old addresses.

use e2e::{Operator, Site, labels};
use serde_json::{Value, json};

/// A site with two open incidents, one of which promises an update in 30 min, a scheduled
/// maintenance, an announcement, a draft and a resolved incident.
fn busy_site() -> Site {
    let site = Site::with_tiers();
    let resolved = site.create(
        "/incidents",
        &json!({ "kind": "incident", "title": "Reports failed", "impact": "minor", "body": "Wait." }),
    );
    let path = format!("/incidents/{}/updates", resolved["id"].as_str().unwrap());
    site.create(
        &path,
        &json!({ "status": "resolved", "body": "Reports work." }),
    );
    site.create(
        "/incidents",
        &json!({ "kind": "incident", "title": "Reports load slowly", "impact": "critical", "body": "Wait." }),
    );
    site.publish_outage();
    site.create(
        "/incidents",
        &json!({ "kind": "maintenance", "title": "New machines", "body": "We move.",
        "scheduled_for": e2e::in_minutes(6000), "scheduled_until": e2e::in_minutes(6060) }),
    );
    site.create(
        "/incidents",
        &json!({ "kind": "announcement", "title": "Prices rise", "body": "In January." }),
    );
    site.create(
        "/incidents",
        &json!({ "kind": "incident", "title": "Invoices wait", "impact": "minor", "body": "A while.", "draft": true }),
    );
    site
}

/// Asserts that these texts are on the screen in this order.
async fn assert_in_order(operator: &Operator, words: &[&str]) {
    let text = operator
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
async fn the_navigation_bar_has_three_entries_and_no_menu() {
    let site = Site::with_tiers();
    let operator = Operator::signed_in_as_owner(&site, "").await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    let places = "return [...document.querySelectorAll('nav[aria-label=Console] a:not(.new)')].map(one => one.innerText)";
    for width in [360, 1280] {
        operator.browser.set_viewport(width, 740, 1.0).await;
        let found = operator.browser.run(places).await;
        assert_eq!(found, json!(["Incidents", "Components", "Settings"]));
    }
    // No other control on the screen leads to the same views.
    operator.navigate("account").await;
    let doubled = operator
        .browser
        .run("return [...document.querySelectorAll('main a')].map(one => one.getAttribute('href')).filter(href => href.startsWith('#/acme/'))")
        .await;
    assert_eq!(doubled, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn old_addresses_redirect_to_the_present_view() {
    let site = Site::with_tiers();
    let created = site.create(
        "/templates",
        &json!({ "name": "Ours", "title": "Ours", "body": "Words." }),
    );
    let id = created["id"].as_str().unwrap();
    let operator = Operator::signed_in_as_owner(&site, "").await;
    operator.wait_for_text(labels::NONE_OPEN).await;
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
        operator
            .browser
            .run(&format!("location.hash = '#/acme/{old}'"))
            .await;
        let location = "return [location.hash, document.querySelector('[data-place]')?.dataset.place, document.querySelector('h1')?.innerText]";
        let expected = json!([format!("#/acme/{new}"), new, heading]);
        operator
            .browser
            .wait_for_script(&old, location, |location| *location == expected)
            .await;
    }
    // A bookmark of an old address is redirected too.
    operator.browser.goto("about:blank").await;
    operator.browser.goto(&site.console("#/acme/history")).await;
    operator
        .browser
        .wait_for_script("the redirected address", "return location.hash", |hash| {
            hash == "#/acme/resolved"
        })
        .await;
    operator.assert_no_errors().await;
}

/// A script that returns the edges of the button "New incident", and whether it is neither covered
/// nor clipped.
const NEW: &str =
    "const one = [...document.querySelectorAll('a')].find(one => one.innerText === 'New incident');
    if (!one) return null;
    const { top, bottom, left, right } = one.getBoundingClientRect();
    const at = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const clipped = one.scrollWidth > one.clientWidth + 1 || right > innerWidth || one.previousElementSibling?.getBoundingClientRect().right > left;
    return { top, bottom, left, right, uncovered: one.contains(at) && !clipped }";

#[tokio::test(flavor = "multi_thread")]
async fn every_view_has_the_new_incident_button() {
    let site = busy_site();
    let incident = site.publish_outage();
    let operator = Operator::signed_in_as_owner(&site, "").await;
    operator.wait_for_text("3 open incidents").await;
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
    let incident_view = format!("incidents/{incident}");
    let forms = [
        format!("{incident_view}/update"),
        format!("{incident_view}/edit"),
        "settings/templates/new".to_owned(),
    ];
    let number = |button: &Value, side: &str| button[side].as_f64().unwrap();
    for place in lists
        .iter()
        .map(|place| (*place).to_owned())
        .chain([incident_view.clone()])
    {
        operator.browser.set_viewport(360, 740, 1.0).await;
        operator.navigate(&place).await;
        let button = operator.browser.run(NEW).await;
        assert!(
            number(&button, "top") > 370.0 && number(&button, "bottom") <= 740.0,
            "{place}: {button}"
        );
        assert_eq!(button["uncovered"], true, "{place}: {button}");
        operator.browser.set_viewport(1280, 800, 1.0).await;
        let button = operator.browser.run(NEW).await;
        assert!(
            number(&button, "bottom") < 60.0 && number(&button, "left") > 640.0,
            "{place}: {button}"
        );
    }
    // A form has its own button at the bottom; "New incident" is at the top.
    for place in forms {
        for width in [360, 1280] {
            operator.browser.set_viewport(width, 740, 1.0).await;
            operator.navigate(&place).await;
            let button = operator.browser.run(NEW).await;
            assert!(number(&button, "bottom") < 60.0, "{place}: {button}");
            assert_eq!(button["uncovered"], true, "{place}: {button}");
        }
    }
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn overdue_incidents_come_first_and_drafts_last() {
    let mut site = busy_site();
    // The promise of 30 minutes is overdue.
    site.server.restart_with_clock_offset(40 * 60);
    let mut operator = Operator::signed_in_as_owner(&site, "settings").await;
    operator.replace("name", "Acme Messages").await;
    operator.wait_for_text("1 unsaved change").await;
    operator.navigate("").await;
    operator.wait_for_text(labels::TWO_OPEN).await;
    assert_in_order(
        &operator,
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
async fn each_filter_shows_its_incidents() {
    let site = busy_site();
    let mut operator = Operator::signed_in_as_owner(&site, "").await;
    operator.wait_for_text(labels::TWO_OPEN).await;
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
        operator.tap(filter).await;
        let view =
            "return document.querySelector('main:not(:has([aria-busy=true]))')?.innerText ?? ''";
        let text = operator
            .browser
            .wait_for_script(heading, view, |text| {
                let text = text.as_str().unwrap();
                text.starts_with(heading) && shown.iter().all(|title| text.contains(title))
            })
            .await;
        for title in all.iter().filter(|title| !shown.contains(title)) {
            assert!(!text.as_str().unwrap().contains(title), "{filter}: {text}");
        }
        let current = operator
            .browser
            .run("return document.querySelector('nav[aria-label=Filter] [aria-current=page]').firstChild.data")
            .await;
        assert_eq!(current, filter);
    }
    // A row shows event and time once.
    operator.tap("Resolved").await;
    operator.wait_for_text("Reports failed\nResolved ").await;
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_success_message_fits_one_line_on_a_phone() {
    let site = busy_site();
    let mut operator = Operator::signed_in_as_owner(&site, "drafts").await;
    operator.tap("Invoices wait").await;
    operator.tap(labels::PUBLISH_NOW).await;
    operator.wait_for_text("Published").await;
    let lines = "const hide = [...document.querySelectorAll('.said button')][0];
        return hide && hide.getBoundingClientRect().height";
    let height = operator
        .browser
        .wait_for_script("Hide", lines, Value::is_number)
        .await;
    assert!(height.as_f64().unwrap() <= 44.5, "{height}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_incident_is_reported_once() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator
        .navigate("incidents/inc_00000000000000000000")
        .await;
    let tree = operator.wait_for_text("It may have been deleted").await;
    assert_eq!(tree.text().matches("Not found").count(), 1);
    operator.tap("Go to open incidents").await;
    operator.wait_for_text(labels::NONE_OPEN).await;
}
