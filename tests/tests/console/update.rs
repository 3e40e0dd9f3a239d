//! Updates, the all-clear, and concurrent operators.

use e2e::{Operator, Site, labels};
use serde_json::{Value, json};

/// Opens this view of the site's only incident on a phone.
async fn open_view(site: &Site, incident: &str, task: &str) -> Operator {
    let operator = Operator::invited_until_shown(site, labels::ONE_OPEN).await;
    let place = format!("#/acme/incidents/{incident}/{task}");
    operator
        .browser
        .run(&format!("location.hash = '{place}'"))
        .await;
    operator
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_fulfils_the_promise_and_makes_the_next() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator.tap(labels::POST_UPDATE).await;
    operator.tap(labels::TEMPLATE_IDENTIFIED).await;
    operator
        .type_into("body", "A carrier refuses us. We go around it.")
        .await;
    operator.tap(labels::PREVIEW).await;
    operator
        .browser
        .wait_for("the card", |tree| {
            tree.notice(&incident)
                .is_some_and(|notice| notice.text().contains("We know the cause"))
        })
        .await;
    operator.wait_for_text(labels::STAYS_HIDDEN).await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED_IN_TIME).await;
    let notice = site.feed().json["notices"][0].clone();
    assert_eq!(notice["status"], "identified");
    assert_eq!(notice["attention"], 1);
    assert_eq!(notice["advice"], "Do not resend.", "unchanged values stay");
    assert!(notice["next_update_at"].is_string(), "{notice:#}");
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn renotify_shows_a_hidden_card_again() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = open_view(&site, &incident, "update").await;
    operator.type_into("body", "It has become no worse.").await;
    operator.tap(labels::YES).await;
    operator.tap(labels::PREVIEW).await;
    operator.wait_for_text(labels::SHOWN_AGAIN).await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
    assert_eq!(site.feed().json["notices"][0]["attention"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_all_clear_says_what_to_check() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = open_view(&site, &incident, "resolve").await;
    operator
        .type_into("body", "This incident has been resolved.")
        .await;
    operator.wait_for_text(labels::ONLY_SAYS_OVER).await;
    operator.tap(labels::CHECK_SENT).await;
    operator
        .wait_for_value("check", |text| {
            text.starts_with("Check what you sent between")
        })
        .await;
    // The functions that did not work are listed as restored.
    operator.assert_value("back", "Sending at once").await;
    operator.tap(labels::PREVIEW).await;
    operator
        .browser
        .wait_for("the card turning into the all-clear", |tree| {
            tree.notice(&incident).is_some_and(|notice| {
                notice.attribute("data-kind") == Some("restored")
                    && notice.text().contains("Check what you sent")
            })
        })
        .await;
    operator.tap(labels::PUBLISH_ALL_CLEAR).await;
    operator.wait_for_text(labels::RESOLVED).await;
    let restored = site.feed().json["notices"][0]["restored"].clone();
    assert!(
        restored["check"]
            .as_str()
            .unwrap()
            .starts_with("Check what you sent")
    );
    assert_eq!(restored["back"], json!(["Sending at once"]));
    // An incident that was resolved too early is reopened.
    operator.tap(labels::REOPEN).await;
    operator.type_into("body", "It is back.").await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
    assert_eq!(site.feed().json["notices"][0]["kind"], "incident");
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_updates_must_be_reviewed() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = open_view(&site, &incident, "update").await;
    operator.type_into("body", "Mine.").await;
    operator.tap(labels::PREVIEW).await;
    site.create(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Theirs, a moment earlier." }),
    );
    operator
        .browser
        .run("document.querySelector('.actions .primary').click()")
        .await;
    let tree = operator.wait_for_text(labels::SOMEBODY_POSTED).await;
    let both = tree
        .find(|node| node.attribute("class") == Some("conflict"))
        .unwrap()
        .text();
    assert!(
        both.contains("Theirs, a moment earlier.") && both.contains("Mine."),
        "{both}"
    );
    let count_updates = |body: &Value| body["updates"].as_array().unwrap().len();
    assert_eq!(
        count_updates(&site.get(&format!("/incidents/{incident}")).json),
        2
    );
    operator.tap(labels::REVIEW_PUBLISHED_UPDATE).await;
    let shown = "const { top } = document.querySelector('.conflict').getBoundingClientRect();
        return top >= 0 && top < innerHeight";
    operator
        .browser
        .wait_for_script("the remote version in view", shown, |is| is == true)
        .await;
    assert_eq!(
        count_updates(&site.get(&format!("/incidents/{incident}")).json),
        2
    );
    operator.tap(labels::CONTINUE_WITH_DRAFT).await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
    let saved = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(count_updates(&saved), 3);
    assert_eq!(saved["updates"][0]["body"], "Mine.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_component_does_not_block_an_update() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = open_view(&site, &incident, "update").await;
    operator
        .type_into("body", "Reports are late as well.")
        .await;
    let pick = "document.querySelector('[aria-label=\"Status of Reports\"] button').click()";
    operator.browser.run(pick).await;
    site.delete("/components/reports");
    operator.browser.reload().await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
    let saved = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(saved["updates"][0]["body"], "Reports are late as well.");
}

/// The loaded site may be older than the update that was just posted.
#[tokio::test(flavor = "multi_thread")]
async fn ones_own_new_update_is_not_taken_for_another_operators() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = open_view(&site, &incident, "update").await;
    operator.type_into("body", "A carrier refuses us.").await;
    operator.tap(labels::MORE_UPDATE_OPTIONS).await;
    operator.replace("broken", "Receipts").await;
    operator.tap(labels::PREVIEW).await;
    operator
        .hold_requests("GET", "/incidents?open=true&limit=100")
        .await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
    operator.tap(labels::RESOLVE).await;
    // The list is the one that was just posted.
    operator.assert_value("back", "Receipts").await;
    operator.type_into("body", "They let us in again.").await;
    operator.tap(labels::CHECK_SENT).await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::PUBLISH_ALL_CLEAR).await;
    operator.wait_for_text(labels::RESOLVED).await;
    assert_eq!(site.feed().json["notices"][0]["kind"], "restored");
}

/// A part that is drawn later would move the element that the operator touches.
#[tokio::test(flavor = "multi_thread")]
async fn the_incident_is_drawn_whole_after_posting() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = open_view(&site, &incident, "update").await;
    operator.type_into("body", "A carrier refuses us.").await;
    operator.tap(labels::PREVIEW).await;
    // From here on requests are held.
    operator
        .intercept(
            "window.held ??= [];
         if (window.posted) await new Promise((done) => window.held.push(done));
         const answer = await send(request);
         window.posted ||= request.method === 'POST';
         return answer",
        )
        .await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
    let count = "return document.querySelectorAll('.timeline > li').length";
    assert_eq!(operator.browser.run(count).await, 0);
    operator
        .browser
        .run("window.posted = false; window.held.forEach((let_go) => let_go())")
        .await;
    operator
        .browser
        .wait_for_script("both updates", count, |count| count == 2)
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_stays_when_the_server_becomes_reachable() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    let body = format!(
        "if (request.url.endsWith('/{incident}')) await new Promise(() => {{}});
         if (!window.is_back) throw new TypeError('down');
         return send(request)"
    );
    operator.intercept(&body).await;
    let refocus = "window.dispatchEvent(new Event('focus'))";
    operator.browser.run(refocus).await;
    operator.wait_for_text(labels::NO_ANSWER).await;
    operator
        .navigate(&format!("incidents/{incident}/update"))
        .await;
    operator.type_into("body", "A carrier ").await;
    operator
        .browser
        .run(&format!("window.is_back = true; {refocus}"))
        .await;
    let is_gone = "return !document.body.innerText.includes('The server does not answer.')";
    operator
        .browser
        .wait_for_script("the reachable server", is_gone, |is_gone| is_gone == true)
        .await;
    operator.wait_for_focus("body").await;
    operator.assert_value("body", "A carrier ").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_of_a_changed_incident_shows_both_versions() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = open_view(&site, &incident, "edit").await;
    operator.type_into("title", " by an hour").await;
    let title = operator.value("title").await;
    site.patch(
        &format!("/incidents/{incident}"),
        &json!({ "title": "Messages wait", "advice": "Call." }),
    );
    operator.tap(labels::SAVE_CHANGES).await;
    let tree = operator.wait_for_conflict().await;
    let both = tree
        .find(|node| node.attribute("class") == Some("conflict"))
        .unwrap()
        .text();
    assert!(
        both.contains("Messages wait") && both.contains(&title),
        "{both}"
    );
    operator.tap(labels::KEEP_DRAFT).await;
    operator.tap(labels::SAVE_CHANGES).await;
    operator.wait_for_text(labels::CHANGED).await;
    let saved = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(saved["title"], title.as_str());
    assert_eq!(
        saved["advice"], "Call.",
        "a value changed only remotely is kept"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_incident_is_corrected_withdrawn_and_explained() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = open_view(&site, &incident, "").await;
    operator.tap(labels::CORRECT).await;
    operator.type_into("body", " Since eight.").await;
    operator.tap(labels::SAVE_CORRECTION).await;
    operator.wait_for_text(labels::CORRECTED_SENTENCE).await;
    let saved = site.get(&format!("/incidents/{incident}")).json;
    assert!(
        saved["updates"][0]["body"]
            .as_str()
            .unwrap()
            .contains("Since eight.")
    );
    assert_eq!(saved["attention"], 1);

    site.create(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Over.", "status": "resolved" }),
    );
    operator.tap(labels::POSTMORTEM).await;
    operator.type_into("cause", "A certificate ran out.").await;
    operator.type_into("remedy", "We renewed it.").await;
    operator
        .type_into("prevention", "Renew it by machine.")
        .await;
    operator.tap(labels::PUBLISH_POSTMORTEM).await;
    operator.wait_for_text(labels::POSTMORTEM_PUBLISHED).await;
    let saved = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(
        saved["postmortem"]["prevention"],
        json!(["Renew it by machine."])
    );

    operator.tap(labels::WITHDRAW).await;
    operator
        .type_into("reason", "It was our own monitor.")
        .await;
    operator.tap(labels::SAVE_WITHDRAWAL).await;
    operator.wait_for_text(labels::WITHDRAWN_BY_MONITOR).await;
    let saved = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(saved["withdrawn"], "It was our own monitor.");
    operator.assert_no_errors().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_due_update_comes_first_and_is_marked_when_late() {
    let mut site = Site::with_tiers();
    for (title, minutes) in [("Due later", 50), ("Due sooner", 20)] {
        site.create(
            "/incidents",
            &json!({ "kind": "incident", "title": title, "impact": "minor", "body": "We look into it.",
                "next_update_at": e2e::in_minutes(minutes) }),
        );
    }
    let operator = Operator::invited_until_shown(&site, labels::TWO_OPEN).await;
    let titles = "return [...document.querySelectorAll('.card h2')].map(title => title.innerText)";
    let sooner_first = json!(["Due sooner", "Due later"]);
    operator
        .browser
        .assert_eventually("the sooner one first", titles, sooner_first)
        .await;
    site.server.restart_with_clock_offset(40 * 60);
    operator.browser.reload().await;
    // The numbers have some minutes' tolerance for slow machines.
    let has_both_times = |text: &serde_json::Value| {
        let text = text.as_str().unwrap_or_default();
        let has_minutes = |minutes: std::ops::RangeInclusive<u32>, before: &str, after: &str| {
            minutes
                .into_iter()
                .any(|minutes| text.contains(&format!("{before}{minutes} min{after}")))
        };
        has_minutes(20..=23, "overdue by ", "") && has_minutes(7..=10, "in ", "")
    };
    operator
        .browser
        .wait_for_script(
            "the overdue and the other incidents",
            "return document.body.innerText",
            has_both_times,
        )
        .await;
}

/// An incident that owes an update must not be forgotten, however many incidents are newer.
#[tokio::test(flavor = "multi_thread")]
async fn an_incident_with_a_promise_comes_first_among_111() {
    let site = Site::with_tiers();
    site.publish_outage();
    for number in 0..110 {
        site.create(
            "/incidents",
            &json!({ "kind": "incident", "title": format!("Minor {number}"), "impact": "minor", "body": "Slow." }),
        );
    }
    let operator = Operator::invited_until_shown(&site, labels::OPEN_111).await;
    let first = "return document.querySelector('.card h2').innerText";
    operator
        .browser
        .assert_eventually("the promise first", first, json!("Messages are delayed"))
        .await;
}

/// `history.back()` is what the browser's button and a swipe do.
#[tokio::test(flavor = "multi_thread")]
async fn back_from_the_preview_leads_to_the_form() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = open_view(&site, &incident, "update").await;
    operator.type_into("body", "We go around it.").await;
    operator.tap(labels::PREVIEW).await;
    operator.wait_for_text(labels::STAYS_HIDDEN).await;
    operator.browser.run("history.back()").await;
    operator.wait_for_text(labels::UPDATE_BODY).await;
    operator.assert_value("body", "We go around it.").await;
    operator.tap(labels::PREVIEW).await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
}

/// The preview is computed from the incident as operators read it.
#[tokio::test(flavor = "multi_thread")]
async fn a_worsening_is_previewed_with_its_new_severity() {
    let site = Site::with_tiers();
    let created = site.create(
        "/incidents",
        &json!({ "kind": "incident", "title": "Reports are slow", "impact": "minor", "body": "Up to a minute." }),
    );
    let incident = created["id"].as_str().unwrap().to_owned();
    assert_eq!(site.feed().json["notices"][0]["in_app"], "pill");
    let mut operator = open_view(&site, &incident, "update").await;
    operator.type_into("body", "Now they fail.").await;
    operator.tap(labels::MORE_UPDATE_OPTIONS).await;
    operator.tap(labels::CRITICAL).await;
    operator.tap(labels::PREVIEW).await;
    operator.wait_for_text(labels::SHOWN_AGAIN).await;
    operator
        .browser
        .wait_for("a card, not a pill", |tree| {
            tree.notice(&incident)
                .is_some_and(|notice| !notice.parts("card").is_empty())
        })
        .await;
    operator.tap(labels::POST).await;
    operator.wait_for_text(labels::POSTED).await;
    assert_eq!(site.feed().json["notices"][0]["in_app"], "bar");
    assert_eq!(site.feed().json["notices"][0]["attention"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_does_not_discard_the_written_text() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let mut operator = open_view(&site, &incident, "update").await;
    operator.type_into("body", "My own words.").await;
    operator.tap(labels::TEMPLATE_NO_NEWS).await;
    operator.wait_for_text(labels::TEMPLATE_REPLACED).await;
    operator
        .wait_for_value("body", |text| {
            text.starts_with("We are still working on this.")
        })
        .await;
    operator.tap(labels::RESTORE_TEXT).await;
    operator.assert_value("body", "My own words.").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_text_names_its_time_zone() {
    let site = Site::with_tiers();
    let incident = site.publish_outage();
    let operator = Operator::invited_until_shown(&site, labels::ONE_OPEN).await;
    operator.browser.set_time_zone("Etc/GMT-10").await;
    operator.browser.reload().await;
    operator
        .navigate(&format!("incidents/{incident}/share"))
        .await;
    let text = operator
        .wait_for_value("text", |text| {
            text.contains("Next update by") && text.contains(" GMT+10.")
        })
        .await;
    assert!(text.contains("Do not resend."), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_a_draft_asks_for_confirmation() {
    let site = Site::with_tiers();
    let created = site.create(
        "/incidents",
        &json!({ "kind": "announcement", "title": "Prices", "body": "In January.", "draft": true }),
    );
    let path = format!("/incidents/{}", created["id"].as_str().unwrap());
    let mut operator = Operator::invited(&site).await;
    operator.tap("Prices").await;
    operator.tap(labels::DELETE_DRAFT).await;
    operator.tap(labels::KEEP).await;
    assert_eq!(site.get(&path).status, 200);
    operator.tap(labels::DELETE_DRAFT).await;
    operator.tap(labels::CONFIRM_DELETE_DRAFT).await;
    operator.wait_for_text(labels::DRAFT_DELETED).await;
    assert_eq!(site.get(&path).status, 404);
}
