//! Two operators edit the same thing: each sees both versions before one is overwritten.

use e2e::{Answer, Operator, Site, labels};
use serde_json::{Value, json};

/// A resolved incident, and the path of its postmortem.
fn resolved_incident(site: &Site) -> (String, String) {
    let incident = site.publish_outage();
    let end = json!({ "body": "Over.", "status": "resolved" });
    site.create(&format!("/incidents/{incident}/updates"), &end);
    let path = format!("/incidents/{incident}/postmortem");
    (incident, path)
}

/// Publishes a postmortem as another operator.
fn publish_postmortem(site: &Site, path: &str, cause: &str) -> Answer {
    let saved = site.get(path.trim_end_matches("/postmortem"));
    let window = json!({ "start": saved.json["started_at"], "end": saved.json["ended_at"] });
    site.server
        .request("PUT", &site.path(path))
        .token(&site.token)
        .header("if-match", saved.header("etag").unwrap())
        .json(&json!({ "root_cause": cause, "window": window, "remedy": "We renewed it.", "prevention": [] }))
        .send()
        .unwrap()
}

/// The text of the conflict, which shows both versions.
fn conflict_text(tree: &e2e::Tree) -> String {
    tree.find(|node| node.attribute("class") == Some("conflict"))
        .unwrap()
        .text()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postmortem_is_published_and_shown_with_its_incident() {
    let site = Site::with_tiers();
    let (incident, _) = resolved_incident(&site);
    let mut operator = Operator::invited(&site).await;
    operator
        .navigate(&format!("incidents/{incident}/postmortem"))
        .await;
    operator.type_into("cause", "A certificate ran out.").await;
    operator.type_into("remedy", "We renewed it.").await;
    operator
        .type_into("prevention", "Renew it by machine.\nWarn a month before.")
        .await;
    operator.browser.reload().await;
    operator
        .assert_value("cause", "A certificate ran out.")
        .await;
    operator.tap(labels::PUBLISH_POSTMORTEM).await;
    operator
        .wait_for_text(labels::POSTMORTEM_PUBLISHED_LONG)
        .await;
    operator
        .browser
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
        operator.wait_for_text(words).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn conflicting_postmortems_are_shown_side_by_side() {
    let site = Site::with_tiers();
    let (incident, path) = resolved_incident(&site);
    assert_eq!(
        publish_postmortem(&site, &path, "A certificate.").status,
        200
    );
    let mut operator = Operator::invited(&site).await;
    operator
        .navigate(&format!("incidents/{incident}/postmortem"))
        .await;
    operator.replace("cause", "Mine: a key.").await;
    assert_eq!(
        publish_postmortem(&site, &path, "Theirs: a name.").status,
        200
    );
    operator.tap(labels::UPDATE_POSTMORTEM).await;
    let text = conflict_text(&operator.wait_for_conflict().await);
    assert!(
        text.contains("Theirs: a name.") && text.contains("Mine: a key."),
        "{text}"
    );
    let cause = |site: &Site| -> Value {
        let saved = site.get(&format!("/incidents/{incident}")).json;
        saved["postmortem"]["root_cause"].clone()
    };
    assert_eq!(cause(&site), "Theirs: a name.", "nothing is overwritten");
    operator.tap(labels::KEEP_DRAFT).await;
    operator.tap(labels::UPDATE_POSTMORTEM).await;
    operator.wait_for_text(labels::POSTMORTEM_UPDATED).await;
    assert_eq!(cause(&site), "Mine: a key.");
}

/// The draft is begun while there is no postmortem; another operator publishes one before the draft
/// is published.
#[tokio::test(flavor = "multi_thread")]
async fn a_concurrent_first_postmortem_is_not_overwritten() {
    let site = Site::with_tiers();
    let (incident, path) = resolved_incident(&site);
    let mut operator = Operator::invited(&site).await;
    operator
        .navigate(&format!("incidents/{incident}/postmortem"))
        .await;
    operator.type_into("cause", "Mine: a key.").await;
    operator.type_into("remedy", "We changed it.").await;
    let created = publish_postmortem(&site, &path, "Theirs: a name.");
    assert!(created.status < 300, "{}", created.text());
    operator
        .browser
        .run("document.querySelector('.actions .primary').click()")
        .await;
    let text = conflict_text(&operator.wait_for_conflict().await);
    assert!(
        text.contains("Theirs: a name.") && text.contains("Mine: a key."),
        "{text}"
    );
    let cause = |site: &Site| {
        let saved = site.get(&format!("/incidents/{incident}")).json;
        saved["postmortem"]["root_cause"].clone()
    };
    assert_eq!(cause(&site), "Theirs: a name.");
    for label in ["Root cause", "How did you fix it?"] {
        let script = format!("document.querySelector('[aria-label=\"{label}\"] button').click()");
        operator.browser.run(&script).await;
    }
    operator.tap(labels::UPDATE_POSTMORTEM).await;
    operator.wait_for_text(labels::POSTMORTEM_UPDATED).await;
    assert_eq!(cause(&site), "Mine: a key.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_component_conflict_shows_both_versions() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.navigate("components").await;
    operator.tap(labels::EDIT_COMPONENT).await;
    operator.replace("name-sending", "Mine").await;
    site.patch("/components/sending", &json!({ "name": "Theirs" }));
    operator.tap(labels::SAVE_COMPONENT).await;
    operator.wait_for_text(labels::CONFLICT).await;
    operator.wait_for_text("Theirs").await;
    operator.assert_value("name-sending", "Mine").await;
    assert_eq!(
        site.get("/components/sending").json["name"],
        "Theirs",
        "nothing is overwritten"
    );
    operator.tap(labels::SAVE_COMPONENT).await;
    let name = || site.get("/components/sending").json["name"].clone();
    operator
        .browser
        .wait_for("the form closed", |tree| {
            tree.find(|node| node.attribute("id") == Some("name-sending"))
                .is_none()
        })
        .await;
    assert_eq!(name(), "Mine");
}

/// Opens the correction of an update on a phone and types a text; returns the path of the update
/// and the phone.
async fn open_correction(site: &Site) -> (String, Operator) {
    let incident = site.publish_outage();
    let saved = site.get(&format!("/incidents/{incident}")).json;
    let update = saved["updates"][0]["id"].as_str().unwrap();
    let mut operator = Operator::invited_until_shown(site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/correct/{update}"))
        .await;
    operator.replace("body", "Mine.").await;
    (format!("/incidents/{incident}/updates/{update}"), operator)
}

/// Changes the site's name as another operator, and waits until the console draws the name.
async fn change_elsewhere(site: &Site, operator: &Operator, name: &str) {
    site.patch("", &json!({ "name": name }));
    operator
        .browser
        .run("window.dispatchEvent(new Event('focus'))")
        .await;
    operator.wait_for_text(name).await;
}

const CONFLICTS: &str = "return document.querySelectorAll('.conflict').length";

/// A second load would bring the conflict back after it was resolved, however often the view is drawn.
#[tokio::test(flavor = "multi_thread")]
async fn the_published_version_is_loaded_once_per_conflict() {
    let site = Site::with_tiers();
    let (path, mut operator) = open_correction(&site).await;
    site.patch(&path, &json!({ "body": "Theirs." }));
    operator.hold_requests("GET", &path).await;
    operator.tap(labels::SAVE_CORRECTION).await;
    operator.wait_for_held(1).await;
    for name in ["Acme One", "Acme Two"] {
        change_elsewhere(&site, &operator, name).await;
    }
    operator.wait_for_held(1).await;
    operator.wait_for_text(labels::SENDING).await;
    operator.browser.run("window.held[0]()").await;
    operator.wait_for_conflict().await;
    // The conflict has scrolled into view and has the focus.
    let has_focus =
        "const on = document.activeElement, { top, bottom } = on.getBoundingClientRect();
        return on.matches('.conflict h2') && top >= 56 && bottom <= innerHeight";
    operator
        .browser
        .wait_for_script("the conflict in view", has_focus, |has_focus| {
            has_focus == true
        })
        .await;
    operator.tap(labels::KEEP_DRAFT).await;
    // The focused element was removed; the focus has moved to another one.
    let has_focus = "return document.activeElement.matches('h1')";
    operator
        .browser
        .wait_for_script("the focus on the heading", has_focus, |has_focus| {
            has_focus == true
        })
        .await;
    change_elsewhere(&site, &operator, "Acme Three").await;
    assert_eq!(operator.browser.run(CONFLICTS).await, 0);
    operator.wait_for_held(1).await;
    operator.tap(labels::SAVE_CORRECTION).await;
    operator.wait_for_text(labels::CORRECTED).await;
    assert_eq!(site.get(&path).json["body"], "Mine.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_version_that_fails_to_load_can_be_retried() {
    let site = Site::with_tiers();
    let (path, mut operator) = open_correction(&site).await;
    site.patch(&path, &json!({ "body": "Theirs." }));
    operator
        .intercept(&format!(
        "const fails = request.method === 'GET' && request.url.endsWith('{path}') && !window.failed;
         if (!fails) return send(request);
         window.failed = true; throw new TypeError('lost')"
    ))
        .await;
    operator.tap(labels::SAVE_CORRECTION).await;
    operator
        .wait_for_text(labels::PUBLISHED_VERSION_NOT_LOADED)
        .await;
    operator.tap(labels::LOAD_AGAIN).await;
    let text = conflict_text(&operator.wait_for_conflict().await);
    assert!(text.contains("Theirs.") && text.contains("Mine."), "{text}");
    operator.tap(labels::USE_PUBLISHED_VERSION).await;
    operator.assert_value("body", "Theirs.").await;
}

/// Creates a draft, which any operator can publish; returns its path.
fn create_draft(site: &Site) -> String {
    let body = json!({ "kind": "incident", "title": "Messages wait", "impact": "minor", "body": "A while.", "draft": true });
    let created = site.create("/incidents", &body);
    format!("/incidents/{}", created["id"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_published_once_when_the_answer_is_lost() {
    let site = Site::with_tiers();
    create_draft(&site);
    let mut operator = Operator::invited(&site).await;
    operator.tap("Messages wait").await;
    operator.wait_for_text(labels::PUBLISH_NOW).await;
    // No read may tell the console of the publication.
    operator
        .intercept(
            "if (request.method === 'GET') await new Promise(() => {});
         const answer = await send(request);
         if (window.lost) return answer;
         window.lost = true; throw new TypeError('lost')",
        )
        .await;
    operator.tap(labels::PUBLISH_NOW).await;
    operator.wait_for_text(labels::SAFE_TO_RESEND).await;
    assert_eq!(site.feed().json["notices"][0]["title"], "Messages wait");
    operator.tap(labels::PUBLISH_NOW).await;
    operator.wait_for_text(labels::PUBLISHED_IN_TIME).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_draft_must_be_reviewed_before_publishing() {
    let site = Site::with_tiers();
    let path = create_draft(&site);
    let mut operator = Operator::invited(&site).await;
    operator.tap("Messages wait").await;
    operator.wait_for_text(labels::PUBLISH_NOW).await;
    // The console does not notice the change by itself.
    operator
        .hold_requests("GET", "/incidents?open=true&limit=100")
        .await;
    site.patch(
        &path,
        &json!({ "title": "Messages are lost", "advice": "Send them again." }),
    );
    operator.tap(labels::PUBLISH_NOW).await;
    let text = conflict_text(&operator.wait_for_conflict().await);
    for words in ["Messages are lost", "Messages wait", "Send them again."] {
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(
        site.feed().json["notices"],
        json!([]),
        "no version is published unread"
    );
    operator.tap(labels::PUBLISH_NOW).await;
    operator.wait_for_text(labels::PUBLISHED_IN_TIME).await;
    assert_eq!(site.feed().json["notices"][0]["title"], "Messages are lost");
}

/// A second press sends nothing and repeats the message; the choices remain.
#[tokio::test(flavor = "multi_thread")]
async fn an_open_conflict_blocks_every_submit() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/edit"))
        .await;
    operator.replace("title", "Mine").await;
    operator.replace("advice", "Mine: wait.").await;
    let path = format!("/incidents/{incident}");
    site.patch(
        &path,
        &json!({ "title": "Theirs", "advice": "Theirs: ring us." }),
    );
    operator.tap(labels::SAVE_CHANGES).await;
    operator.wait_for_conflict().await;
    operator.tap(labels::KEEP_DRAFT).await;
    operator.tap(labels::SAVE_CHANGES).await;
    operator
        .wait_for_text("Nothing was saved. Choose a version of each field above first.")
        .await;
    let is_focused = "return document.getElementById('unsettled') === document.activeElement";
    operator
        .browser
        .wait_for_script("the focus", is_focused, |is| *is == json!(true))
        .await;
    let pressed = "return document.querySelectorAll('.conflict [aria-pressed=true]').length";
    assert_eq!(operator.browser.run(pressed).await, 1, "the choice is kept");
    assert_eq!(site.get(&path).json["title"], "Theirs");
    operator.tap(labels::SAVE_CHANGES).await;
    operator.wait_for_text("Nothing was saved.").await;
    operator.browser
        .run("document.querySelectorAll('.conflict .entry')[1].querySelectorAll('button')[1].click()")
        .await;
    let is_closed = "return document.querySelector('.conflict, #unsettled') === null";
    operator
        .browser
        .wait_for_script("no conflict", is_closed, |is| *is == json!(true))
        .await;
    operator.tap(labels::SAVE_CHANGES).await;
    operator.wait_for_text(labels::CHANGED).await;
    let saved = site.get(&path).json;
    assert_eq!(saved["title"], "Mine");
    assert_eq!(saved["advice"], "Theirs: ring us.");
}
