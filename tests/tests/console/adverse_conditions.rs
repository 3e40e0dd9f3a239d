//! Adverse conditions: no storage, a wrong clock, server errors, a slow connection.

use e2e::{Operator, Site, labels};
use serde_json::{Value, json};

/// Fills in the form up to the last step of publishing.
async fn fill_in(operator: &mut Operator) {
    operator.tap(labels::NEW_INCIDENT).await;
    operator.tap(labels::MAJOR).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.type_into("title", "Messages wait").await;
    operator.type_into("body", "We look into it.").await;
    operator.tap(labels::PREVIEW).await;
}

/// Fills in the form up to the last step of an update.
async fn fill_in_update(operator: &mut Operator, incident: &str) {
    operator
        .navigate(&format!("incidents/{incident}/update"))
        .await;
    operator.type_into("body", "Still at it.").await;
    operator.tap(labels::PREVIEW).await;
}

fn update_count(site: &Site, incident: &str) -> usize {
    let saved = site.get(&format!("/incidents/{incident}")).json;
    saved["updates"].as_array().unwrap().len()
}

fn publication_count(site: &Site) -> usize {
    site.feed().json["notices"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_works_with_blocked_storage() {
    let site = Site::with_tiers();
    let mut operator = Operator::on_a_phone().await;
    operator.browser
        .before_each_page(
            "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name,
                 { get() { throw new DOMException('blocked', 'SecurityError'); } });",
        )
        .await;
    operator.browser.goto(&site.invitation()).await;
    operator.tap(labels::ACCEPT_INVITATION).await;
    operator.wait_for_text(labels::STORAGE_BLOCKED).await;
    fill_in(&mut operator).await;
    operator.tap(labels::BACK).await;
    operator.assert_value("title", "Messages wait").await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::PUBLISHED).await;
    assert_eq!(publication_count(&site), 1);
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn full_storage_is_reported() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.navigate("new/incident/say").await;
    let full = "window.real = Storage.prototype.setItem;
         Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }";
    operator.browser.run(full).await;
    operator.type_into("title", "Messages wait").await;
    operator.wait_for_text(labels::STORAGE_BLOCKED).await;
    // The form is kept when the view closes.
    operator.navigate("").await;
    operator.tap(labels::DRAFT_NEW_INCIDENT).await;
    operator.tap(labels::NEXT_MESSAGE).await;
    operator.assert_value("title", "Messages wait").await;
    // The message disappears as soon as the storage works again.
    operator
        .browser
        .run("Storage.prototype.setItem = window.real")
        .await;
    operator.type_into("title", " long").await;
    operator
        .browser
        .wait_for_script(
            "no warning",
            "return document.body.innerText.includes('This browser keeps nothing')",
            |shown| shown == false,
        )
        .await;
    operator.browser.reload().await;
    operator.assert_value("title", "Messages wait long").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publish_before_the_session_ended_is_not_repeated() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator).await;
    operator
        .browser
        .run(
            "const real = fetch; window.fetch = async (request, options) => {
                 const answer = await real(request, options);
                 if (request.method === 'POST' && answer.ok) throw new TypeError('lost');
                 return answer;
             }",
        )
        .await;
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::SAFE_TO_RESEND).await;
    site.revoke_devices();
    operator.tap(labels::PUBLISH).await;
    operator.wait_for_text(labels::SESSION_ENDED).await;
    operator.type_into("token", &site.token).await;
    operator.tap(labels::SIGN_IN).await;
    operator.tap(labels::PUBLISH).await;
    operator
        .wait_for_text(labels::EARLIER_ATTEMPT_ARRIVED)
        .await;
    assert_eq!(publication_count(&site), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_error_after_the_write_creates_no_duplicate() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    fill_in_update(&mut operator, &incident).await;
    operator.browser
        .run(
            "const real = fetch; let faulty = true; window.fetch = async (request, options) => {
                 const answer = await real(request, options);
                 if (request.method !== 'POST' || !faulty) return answer;
                 faulty = false;
                 return Response.json({ status: 500, code: 'internal', detail: 'something went wrong' }, { status: 500 });
             }",
        )
        .await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::SAFE_TO_RESEND).await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
    assert_eq!(update_count(&site, &incident), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn repeated_taps_on_a_slow_connection_post_once() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    fill_in_update(&mut operator, &incident).await;
    // The test decides when requests are sent on.
    operator.browser
        .run(
            "const real = fetch; let release; const released = new Promise((done) => release = done); window.release = release;
             window.asked = 0;
             window.fetch = async (request, options) => {
                 if (request.url?.endsWith('/incidents/' + location.hash.split('/')[3])) window.asked += 1;
                 await released;
                 return real(request, options);
             }",
        )
        .await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::SENDING).await;
    let tap = "document.querySelector('.actions .primary').click(); return window.asked";
    let request_count = operator.browser.run(tap).await;
    assert_eq!(operator.browser.run(tap).await, request_count);
    operator.browser.run("window.release()").await;
    operator.wait_for_text(labels::POSTED).await;
    assert_eq!(update_count(&site, &incident), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_uses_the_servers_clock() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::on_a_phone().await;
    // The preview's frame has the wrong clock as well.
    operator.browser
        .before_each_page(
            "{ const Real = Date, wrong = 3 * 3600e3;
               window.Date = class extends Real {
                   constructor(...given) { if (given.length) super(...given); else super(Real.now() + wrong); }
                   static now() { return Real.now() + wrong; }
               }; }",
        )
        .await;
    operator.browser.goto(&site.invitation()).await;
    operator.tap(labels::ACCEPT_INVITATION).await;
    operator.wait_for_text(labels::NEXT_UPDATE_BY).await;
    fill_in_update(&mut operator, &incident).await;
    let shown = operator
        .browser
        .wait_for("the card", |tree| {
            tree.notice(&incident)
                .is_some_and(|notice| notice.text().contains("Still at it."))
        })
        .await;
    let card = shown.notice(&incident).unwrap().text();
    assert!(!card.contains("is late"), "{card}");
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
    let promised = site.feed().json["notices"][0]["next_update_at"].clone();
    assert!(
        promised.as_str() < Some(e2e::in_minutes(40).as_str()),
        "{promised}"
    );
}

/// An error is shown above the card and at its field, whose section is opened.
#[tokio::test(flavor = "multi_thread")]
async fn an_error_in_a_closed_section_opens_it() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator).await;
    operator.tap(labels::BACK).await;
    operator.tap(labels::MORE_OPTIONS).await;
    let past =
        "const field = document.getElementById('publish-at'); field.value = '2020-01-01T00:00';
         field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    operator.browser.run(past).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH_LATER).await;
    operator.wait_for_text(labels::PUBLISH_AT_REFUSED).await;
    operator.tap(labels::BACK).await;
    operator
        .browser
        .wait_for_script(
            "the field in view",
            "return document.getElementById('publish-at')?.checkVisibility() ?? false",
            |shown| shown == true,
        )
        .await;
    let error = "return document.getElementById('publish-at-error')?.innerText ?? ''";
    assert_ne!(operator.browser.run(error).await, "");
    assert_eq!(publication_count(&site), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_draft_says_when_it_will_be_published() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    fill_in(&mut operator).await;
    operator.tap(labels::BACK).await;
    operator.tap(labels::MORE_OPTIONS).await;
    let later =
        "const field = document.getElementById('publish-at'); field.value = '2040-01-01T00:00';
         field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    operator.browser.run(later).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::SAVE_DRAFT).await;
    operator.wait_for_text(labels::DRAFT_SAVED_LATER).await;
    let draft = site.get("/incidents").json["items"][0].clone();
    assert_eq!(draft["draft"], true, "{draft:#}");
    // The promise is counted from the publication.
    let (read, promised) = (&draft["publish_at"], &draft["next_update_at"]);
    assert!(promised.as_str() > read.as_str(), "{draft:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_clipboard_access_the_text_can_be_selected() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator
        .navigate(&format!("incidents/{incident}/share"))
        .await;
    // Pages that are served over plain HTTP have no `navigator.clipboard`.
    operator
        .browser
        .run("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        .await;
    operator.tap(labels::COPY_TEXT).await;
    operator.wait_for_text(labels::COPY_BY_HAND).await;
    operator.assert_no_errors().await;
}

/// A viewer sees the limits of the role before typing.
#[tokio::test(flavor = "multi_thread")]
async fn a_viewer_sees_that_the_role_is_read_only() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let created = site.create("/tokens", &json!({ "role": "viewer", "name": "A screen" }));
    let mut operator = Operator::on_a_phone().await;
    operator.browser.goto(&site.console("#/acme/")).await;
    operator
        .type_into("token", created["token"].as_str().unwrap())
        .await;
    operator.tap(labels::SIGN_IN).await;
    let tree = operator.wait_for_text(labels::READ_ONLY_ROLE).await;
    assert!(
        !tree.text().contains(labels::POST_UPDATE),
        "{}",
        tree.text()
    );
    for place in [
        "new/incident/say".to_owned(),
        "settings/templates/new".to_owned(),
        format!("incidents/{incident}/update"),
        format!("incidents/{incident}/withdraw"),
    ] {
        operator.navigate(&place).await;
        operator.wait_for_text(labels::EDITOR_NEEDED).await;
    }
    operator.navigate("settings").await;
    let open = "return [...document.querySelectorAll('main input, main textarea')].filter((field) => !field.matches(':disabled')).length";
    assert_eq!(operator.browser.run(open).await, Value::from(0));
}

/// The second of two authors of a first postmortem sees both versions.
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_first_postmortems_are_shown_as_a_conflict() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    site.create(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Over.", "status": "resolved" }),
    );
    let mut operator = Operator::invited(&site).await;
    operator
        .navigate(&format!("incidents/{incident}/postmortem"))
        .await;
    operator.type_into("cause", "Mine.").await;
    operator.type_into("remedy", "We renewed it.").await;
    operator.type_into("prevention", "By machine.").await;
    let put = site
        .server
        .request("PUT", &site.path(&format!("/incidents/{incident}/postmortem")))
        .token(&site.token)
        .json(&json!({ "root_cause": "Theirs.", "window": { "start": "2026-11-21T08:00:00Z", "end": "2026-11-21T09:00:00Z" },
            "remedy": "We renewed it.", "prevention": ["By machine."] }))
        .send()
        .unwrap();
    assert!(put.status < 300, "{}", put.text());
    operator.tap(labels::PUBLISH_POSTMORTEM).await;
    let has_both = |text: &str| text.contains("Theirs.") && text.contains("Mine.");
    operator
        .browser
        .wait_for("both versions", |tree| {
            let conflict = tree.find(|node| node.attribute("class") == Some("conflict"));
            conflict.is_some_and(|conflict| has_both(&conflict.text()))
        })
        .await;
    operator.tap(labels::KEEP_DRAFT_OF_ALL).await;
    operator.tap(labels::UPDATE_POSTMORTEM).await;
    operator.wait_for_text(labels::POSTMORTEM_UPDATED).await;
    let saved = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(saved["postmortem"]["root_cause"], "Mine.");
}
