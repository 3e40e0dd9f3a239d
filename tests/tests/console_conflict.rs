//! Two operators at one thing: each sees both texts before anything is written over.

mod desk;

use desk::{Hand, Site};
use e2e::{Answer, labels};
use serde_json::{Value, json};

/// An incident that is over, and its path.
fn over(site: &Site) -> (String, String) {
    let incident = site.incident();
    let end = json!({ "body": "Over.", "status": "resolved" });
    site.post(&format!("/incidents/{incident}/updates"), &end);
    let path = format!("/incidents/{incident}/postmortem");
    (incident, path)
}

/// Publishes a postmortem as another operator does.
fn learned(site: &Site, path: &str, cause: &str) -> Answer {
    let stands = site.get(path.trim_end_matches("/postmortem"));
    let window = json!({ "start": stands.json["started_at"], "end": stands.json["ended_at"] });
    site.server
        .request("PUT", &site.path(path))
        .token(&site.token)
        .header("if-match", stands.header("etag").unwrap())
        .json(&json!({ "root_cause": cause, "window": window, "remedy": "We renewed it.", "prevention": [] }))
        .send()
        .unwrap()
}

fn both(tree: &e2e::Tree) -> String {
    tree.find(|node| node.attribute("class") == Some("conflict"))
        .unwrap()
        .text()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postmortem_is_written_and_read_on_the_incidents_page() {
    let site = Site::new();
    let (incident, _) = over(&site);
    let mut hand = Hand::invited(&site).await;
    hand.go(&format!("incidents/{incident}/postmortem")).await;
    hand.write("cause", "A certificate ran out.").await;
    hand.write("remedy", "We renewed it.").await;
    hand.write("prevention", "Renew it by machine.\nWarn a month before.")
        .await;
    hand.browser.reload().await;
    assert_eq!(hand.value("cause").await, "A certificate ran out.");
    hand.tap(labels::PUBLISH_POSTMORTEM).await;
    hand.sees(labels::POSTMORTEM_PUBLISHED_LONG).await;
    hand.browser
        .goto(&format!(
            "{}/s/acme/incidents/{incident}",
            site.server.url()
        ))
        .await;
    for words in [
        "A certificate ran out.",
        "We renewed it.",
        "Renew it by machine.",
        "Warn a month before.",
    ] {
        hand.sees(words).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_postmortems_are_shown_side_by_side() {
    let site = Site::new();
    let (incident, path) = over(&site);
    assert_eq!(learned(&site, &path, "A certificate.").status, 200);
    let mut hand = Hand::invited(&site).await;
    hand.go(&format!("incidents/{incident}/postmortem")).await;
    hand.write_anew("cause", "Mine: a key.").await;
    assert_eq!(learned(&site, &path, "Theirs: a name.").status, 200);
    hand.tap(labels::PUBLISH_AGAIN).await;
    let text = both(&hand.sees_conflict().await);
    assert!(
        text.contains("Theirs: a name.") && text.contains("Mine: a key."),
        "{text}"
    );
    let cause = |site: &Site| -> Value {
        let stands = site.get(&format!("/incidents/{incident}")).json;
        stands["postmortem"]["root_cause"].clone()
    };
    assert_eq!(cause(&site), "Theirs: a name.", "nothing is written over");
    hand.tap(labels::KEEP_MINE).await;
    hand.tap(labels::PUBLISH_AGAIN).await;
    hand.sees(labels::POSTMORTEM_UPDATED).await;
    assert_eq!(cause(&site), "Mine: a key.");
}

/// Who begins when there is none, and finds one on publishing.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_postmortem_is_not_written_over_by_the_second() {
    let site = Site::new();
    let (incident, path) = over(&site);
    let mut hand = Hand::invited(&site).await;
    hand.go(&format!("incidents/{incident}/postmortem")).await;
    hand.write("cause", "Mine: a key.").await;
    hand.write("remedy", "We changed it.").await;
    let made = learned(&site, &path, "Theirs: a name.");
    assert!(made.status < 300, "{}", made.text());
    hand.browser
        .run("document.querySelector('.actions .primary').click()")
        .await;
    let text = both(&hand.sees_conflict().await);
    assert!(
        text.contains("Theirs: a name.") && text.contains("Mine: a key."),
        "{text}"
    );
    let cause = |site: &Site| {
        let stands = site.get(&format!("/incidents/{incident}")).json;
        stands["postmortem"]["root_cause"].clone()
    };
    assert_eq!(cause(&site), "Theirs: a name.");
    for label in ["Root cause", "How did you fix it?"] {
        let script = format!("document.querySelector('[aria-label=\"{label}\"] button').click()");
        hand.browser.run(&script).await;
    }
    hand.tap(labels::PUBLISH_AGAIN).await;
    hand.sees(labels::POSTMORTEM_UPDATED).await;
    assert_eq!(cause(&site), "Mine: a key.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_that_changed_meanwhile_is_shown_with_what_was_typed() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.go("components").await;
    hand.tap(labels::EDIT_COMPONENT).await;
    hand.write_anew("name-sending", "Mine").await;
    site.patch("/components/sending", &json!({ "name": "Theirs" }));
    hand.tap(labels::SAVE_COMPONENT).await;
    hand.sees(labels::CONFLICT).await;
    hand.sees("Theirs").await;
    assert_eq!(hand.value("name-sending").await, "Mine");
    assert_eq!(
        site.get("/components/sending").json["name"],
        "Theirs",
        "nothing is written over"
    );
    hand.tap(labels::SAVE_COMPONENT).await;
    let name = || site.get("/components/sending").json["name"].clone();
    hand.browser
        .wait_for("the form closed", |tree| {
            tree.find(|node| node.attribute("id") == Some("name-sending"))
                .is_none()
        })
        .await;
    assert_eq!(name(), "Mine");
}

/// An update's address, and a phone that corrects it.
async fn correcting(site: &Site) -> (String, Hand) {
    let incident = site.incident();
    let stands = site.get(&format!("/incidents/{incident}")).json;
    let update = stands["updates"][0]["id"].as_str().unwrap();
    let mut hand = Hand::invited_to(site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/correct/{update}"))
        .await;
    hand.write_anew("body", "Mine.").await;
    (format!("/incidents/{incident}/updates/{update}"), hand)
}

/// Something else changes, and the console draws it.
async fn changes_elsewhere(site: &Site, hand: &Hand, name: &str) {
    site.patch("", &json!({ "name": name }));
    hand.browser
        .run("window.dispatchEvent(new Event('focus'))")
        .await;
    hand.sees(name).await;
}

const CONFLICTS: &str = "return document.querySelectorAll('.conflict').length";

/// However often the view is drawn meanwhile: a second answer would bring the conflict back after it has been settled.
#[tokio::test(flavor = "multi_thread")]
async fn theirs_is_read_once() {
    let site = Site::new();
    let (path, mut hand) = correcting(&site).await;
    site.patch(&path, &json!({ "body": "Theirs." }));
    hand.hold("GET", &path).await;
    hand.tap(labels::SAVE_CORRECTION).await;
    hand.sees_held(1).await;
    for name in ["Acme One", "Acme Two"] {
        changes_elsewhere(&site, &hand, name).await;
    }
    hand.sees_held(1).await;
    hand.sees(labels::SENDING).await;
    hand.browser.run("window.held[0]()").await;
    hand.sees_conflict().await;
    // It has come into view, with the focus on it.
    let at = "const on = document.activeElement, { top, bottom } = on.getBoundingClientRect();
        return on.matches('.conflict h2') && top >= 56 && bottom <= innerHeight";
    hand.browser
        .wait_for_script("the conflict in view", at, |at| at == true)
        .await;
    hand.tap(labels::KEEP_MINE).await;
    // What had the focus is gone, and the focus is not.
    let at = "return document.activeElement.matches('h1')";
    hand.browser
        .wait_for_script("the focus on the heading", at, |at| at == true)
        .await;
    changes_elsewhere(&site, &hand, "Acme Three").await;
    assert_eq!(hand.browser.run(CONFLICTS).await, 0);
    hand.sees_held(1).await;
    hand.tap(labels::SAVE_CORRECTION).await;
    hand.sees(labels::CORRECTED).await;
    assert_eq!(site.get(&path).json["body"], "Mine.");
}

#[tokio::test(flavor = "multi_thread")]
async fn theirs_that_cannot_be_read_is_tried_again() {
    let site = Site::new();
    let (path, mut hand) = correcting(&site).await;
    site.patch(&path, &json!({ "body": "Theirs." }));
    hand.intercept(&format!(
        "const fails = request.method === 'GET' && request.url.endsWith('{path}') && !window.failed;
         if (!fails) return send(request);
         window.failed = true; throw new TypeError('lost')"
    ))
    .await;
    hand.tap(labels::SAVE_CORRECTION).await;
    hand.sees(labels::THEIRS_UNREADABLE).await;
    hand.tap(labels::READ_AGAIN).await;
    let text = both(&hand.sees_conflict().await);
    assert!(text.contains("Theirs.") && text.contains("Mine."), "{text}");
    hand.tap(labels::TAKE_THEIRS).await;
    assert_eq!(hand.value("body").await, "Theirs.");
}

/// A draft that lies ready for any operator; its path.
fn draft(site: &Site) -> String {
    let body = json!({ "kind": "incident", "title": "Messages wait", "impact": "minor", "body": "A while.", "draft": true });
    let made = site.post("/incidents", &body);
    format!("/incidents/{}", made["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_whose_answer_was_lost_is_published_once() {
    let site = Site::new();
    draft(&site);
    let mut hand = Hand::invited(&site).await;
    hand.tap("Messages wait").await;
    hand.sees(labels::PUBLISH_NOW).await;
    // Nor does the console hear otherwise that it is published.
    hand.intercept(
        "if (request.method === 'GET') await new Promise(() => {});
         const answer = await send(request);
         if (window.lost) return answer;
         window.lost = true; throw new TypeError('lost')",
    )
    .await;
    hand.tap(labels::PUBLISH_NOW).await;
    hand.sees(labels::SAFE_TO_RESEND).await;
    assert_eq!(site.feed()["notices"][0]["title"], "Messages wait");
    hand.tap(labels::PUBLISH_NOW).await;
    hand.sees(labels::PUBLISHED_IN_TIME).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_changed_is_read_before_it_is_published() {
    let site = Site::new();
    let path = draft(&site);
    let mut hand = Hand::invited(&site).await;
    hand.tap("Messages wait").await;
    hand.sees(labels::PUBLISH_NOW).await;
    // The console does not hear of it by itself.
    hand.hold("GET", "/incidents?open=true&limit=100").await;
    site.patch(
        &path,
        &json!({ "title": "Messages are lost", "advice": "Send them again." }),
    );
    hand.tap(labels::PUBLISH_NOW).await;
    let text = both(&hand.sees_conflict().await);
    for words in ["Messages are lost", "Messages wait", "Send them again."] {
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(site.feed()["notices"], json!([]), "nothing unread goes out");
    hand.tap(labels::PUBLISH_NOW).await;
    hand.sees(labels::PUBLISHED_IN_TIME).await;
    assert_eq!(site.feed()["notices"][0]["title"], "Messages are lost");
}

/// A second press on the button sends nothing, and says so; the choices that were made stand.
#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_that_is_not_settled_is_said_at_every_press() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/edit")).await;
    hand.write_anew("title", "Mine").await;
    hand.write_anew("advice", "Mine: wait.").await;
    let path = format!("/incidents/{incident}");
    site.patch(
        &path,
        &json!({ "title": "Theirs", "advice": "Theirs: ring us." }),
    );
    hand.tap(labels::SAVE_CHANGES).await;
    hand.sees_conflict().await;
    hand.tap(labels::KEEP_MINE).await;
    hand.tap(labels::SAVE_CHANGES).await;
    hand.sees("Nothing was saved. Choose a version of each field above first.")
        .await;
    let said = "return document.getElementById('unsettled') === document.activeElement";
    hand.browser
        .wait_for_script("the focus", said, |is| *is == json!(true))
        .await;
    let pressed = "return document.querySelectorAll('.conflict [aria-pressed=true]').length";
    assert_eq!(hand.browser.run(pressed).await, 1, "the choice stands");
    assert_eq!(site.get(&path).json["title"], "Theirs");
    hand.tap(labels::SAVE_CHANGES).await;
    hand.sees("Nothing was saved.").await;
    hand.browser
        .run("document.querySelectorAll('.conflict .entry')[1].querySelectorAll('button')[1].click()")
        .await;
    let gone = "return document.querySelector('.conflict, #unsettled') === null";
    hand.browser
        .wait_for_script("no conflict", gone, |is| *is == json!(true))
        .await;
    hand.tap(labels::SAVE_CHANGES).await;
    hand.sees(labels::CHANGED).await;
    let stands = site.get(&path).json;
    assert_eq!(stands["title"], "Mine");
    assert_eq!(stands["advice"], "Theirs: ring us.");
}
