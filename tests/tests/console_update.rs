//! Saying more, the all-clear, and two operators at once.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::{Value, json};

/// A phone at this view of the site's one incident.
async fn at(site: &Site, incident: &str, task: &str) -> Hand {
    let hand = Hand::invited_to(site, labels::ONE_OPEN).await;
    let place = format!("#/acme/incidents/{incident}/{task}");
    hand.browser
        .run(&format!("location.hash = '{place}'"))
        .await;
    hand
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_keeps_the_promise_and_makes_the_next() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.tap(labels::POST_UPDATE).await;
    hand.tap(labels::TEMPLATE_IDENTIFIED).await;
    hand.write("body", "A carrier refuses us. We go around it.")
        .await;
    hand.tap(labels::PREVIEW).await;
    hand.browser
        .wait_for("the card", |tree| {
            tree.notice(&incident)
                .is_some_and(|notice| notice.text().contains("We know the cause"))
        })
        .await;
    hand.sees(labels::STAYS_HIDDEN).await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED_IN_TIME).await;
    let notice = site.feed()["notices"][0].clone();
    assert_eq!(notice["status"], "identified");
    assert_eq!(notice["attention"], 1);
    assert_eq!(
        notice["advice"], "Do not resend.",
        "what was not touched stands"
    );
    assert!(notice["next_update_at"].is_string(), "{notice:#}");
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_who_hid_it_see_it_again_when_told_so() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = at(&site, &incident, "update").await;
    hand.write("body", "It has become no worse.").await;
    hand.tap(labels::YES).await;
    hand.tap(labels::PREVIEW).await;
    hand.sees(labels::SHOWN_AGAIN).await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
    assert_eq!(site.feed()["notices"][0]["attention"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_all_clear_says_what_to_check() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = at(&site, &incident, "resolve").await;
    hand.write("body", "This incident has been resolved.").await;
    hand.sees(labels::BARE_END).await;
    hand.tap(labels::CHECK_SENT).await;
    assert!(
        hand.value("check")
            .await
            .starts_with("Check what you sent between")
    );
    assert_eq!(
        hand.value("back").await,
        "Sending at once",
        "what was broken is back"
    );
    hand.tap(labels::PREVIEW).await;
    hand.browser
        .wait_for("the card turning into the all-clear", |tree| {
            tree.notice(&incident).is_some_and(|notice| {
                notice.attribute("data-kind") == Some("restored")
                    && notice.text().contains("Check what you sent")
            })
        })
        .await;
    hand.tap(labels::PUBLISH_ALL_CLEAR).await;
    hand.sees(labels::RESOLVED).await;
    let restored = site.feed()["notices"][0]["restored"].clone();
    assert!(
        restored["check"]
            .as_str()
            .unwrap()
            .starts_with("Check what you sent")
    );
    assert_eq!(restored["back"], json!(["Sending at once"]));
    // And again, when it was too early.
    hand.tap(labels::REOPEN).await;
    hand.write("body", "It is back.").await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
    assert_eq!(site.feed()["notices"][0]["kind"], "incident");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_post_at_once_read_each_other() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = at(&site, &incident, "update").await;
    hand.write("body", "Mine.").await;
    hand.tap(labels::PREVIEW).await;
    site.post(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Theirs, a moment earlier." }),
    );
    hand.browser
        .run("document.querySelector('.actions .primary').click()")
        .await;
    let tree = hand.sees(labels::SOMEBODY_POSTED).await;
    let both = tree
        .find(|node| node.attribute("class") == Some("conflict"))
        .unwrap()
        .text();
    assert!(
        both.contains("Theirs, a moment earlier.") && both.contains("Mine."),
        "{both}"
    );
    let said = |body: &Value| body["updates"].as_array().unwrap().len();
    assert_eq!(said(&site.get(&format!("/incidents/{incident}")).json), 2);
    hand.tap(labels::READ_THEIRS_FIRST).await;
    let shown = "const { top } = document.querySelector('.conflict').getBoundingClientRect();
        return top >= 0 && top < innerHeight";
    hand.browser
        .wait_for_script("theirs in view", shown, |is| is == true)
        .await;
    assert_eq!(said(&site.get(&format!("/incidents/{incident}")).json), 2);
    hand.tap(labels::READ_THEIRS).await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
    let stands = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(said(&stands), 3);
    assert_eq!(stands["updates"][0]["body"], "Mine.");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_that_is_gone_stops_no_update() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = at(&site, &incident, "update").await;
    hand.write("body", "Reports are late as well.").await;
    let pick = "document.querySelector('[aria-label=\"Status of Reports\"] button').click()";
    hand.browser.run(pick).await;
    site.delete("/components/reports");
    hand.browser.reload().await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
    let stands = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(stands["updates"][0]["body"], "Reports are late as well.");
}

/// What the console knows of the site may be older than what was just posted from it.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_just_posted_is_nobody_elses() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = at(&site, &incident, "update").await;
    hand.write("body", "A carrier refuses us.").await;
    hand.tap(labels::MORE_UPDATE_OPTIONS).await;
    hand.write_anew("broken", "Receipts").await;
    hand.tap(labels::PREVIEW).await;
    hand.hold("GET", "/incidents?open=true&limit=100").await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
    hand.tap(labels::RESOLVE).await;
    assert_eq!(hand.value("back").await, "Receipts", "as it stands by now");
    hand.write("body", "They let us in again.").await;
    hand.tap(labels::CHECK_SENT).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH_ALL_CLEAR).await;
    hand.sees(labels::RESOLVED).await;
    assert_eq!(site.feed()["notices"][0]["kind"], "restored");
}

/// It would move what has the focus, or is under the thumb, once the rest came.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_drawn_after_posting_is_whole() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = at(&site, &incident, "update").await;
    hand.write("body", "A carrier refuses us.").await;
    hand.tap(labels::PREVIEW).await;
    // From then on what is asked for waits.
    hand.intercept(
        "window.held ??= [];
         if (window.posted) await new Promise((done) => window.held.push(done));
         const answer = await send(request);
         window.posted ||= request.method === 'POST';
         return answer",
    )
    .await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
    let said = "return document.querySelectorAll('.timeline > li').length";
    assert_eq!(hand.browser.run(said).await, 0);
    hand.browser
        .run("window.posted = false; window.held.forEach((let_go) => let_go())")
        .await;
    hand.browser
        .wait_for_script("both updates at once", said, |said| said == 2)
        .await;
}

/// Who begins to write while the server does not answer goes on when it does.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_stays_when_the_server_comes_back() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    let body = format!(
        "if (request.url.endsWith('/{incident}')) await new Promise(() => {{}});
         if (!window.is_back) throw new TypeError('down');
         return send(request)"
    );
    hand.intercept(&body).await;
    let look = "window.dispatchEvent(new Event('focus'))";
    hand.browser.run(look).await;
    hand.sees(labels::NO_ANSWER_NOW).await;
    hand.go(&format!("incidents/{incident}/update")).await;
    hand.write("body", "A carrier ").await;
    hand.browser
        .run(&format!("window.is_back = true; {look}"))
        .await;
    let gone = "return !document.body.innerText.includes('The server does not answer.')";
    hand.browser
        .wait_for_script("the server back", gone, |gone| gone == true)
        .await;
    hand.is_at("body").await;
    assert_eq!(hand.value("body").await, "A carrier ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_what_has_changed_shows_both_texts() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = at(&site, &incident, "edit").await;
    hand.write("title", " by an hour").await;
    let title = hand.value("title").await;
    site.patch(
        &format!("/incidents/{incident}"),
        &json!({ "title": "Messages wait", "advice": "Call." }),
    );
    hand.tap(labels::SAVE_CHANGES).await;
    let tree = hand.sees_conflict().await;
    let both = tree
        .find(|node| node.attribute("class") == Some("conflict"))
        .unwrap()
        .text();
    assert!(
        both.contains("Messages wait") && both.contains(&title),
        "{both}"
    );
    hand.tap(labels::KEEP_MINE).await;
    hand.tap(labels::SAVE_CHANGES).await;
    hand.sees(labels::CHANGED).await;
    let stands = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(stands["title"], title.as_str());
    assert_eq!(
        stands["advice"], "Call.",
        "what only they changed stays theirs"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn corrections_withdrawal_and_a_postmortem() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = at(&site, &incident, "").await;
    hand.tap(labels::CORRECT).await;
    hand.write("body", " Since eight.").await;
    hand.tap(labels::SAVE_CORRECTION).await;
    hand.sees(labels::CORRECTED_SENTENCE).await;
    let stands = site.get(&format!("/incidents/{incident}")).json;
    assert!(
        stands["updates"][0]["body"]
            .as_str()
            .unwrap()
            .contains("Since eight.")
    );
    assert_eq!(stands["attention"], 1);

    site.post(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Over.", "status": "resolved" }),
    );
    hand.tap(labels::POSTMORTEM).await;
    hand.write("cause", "A certificate ran out.").await;
    hand.write("remedy", "We renewed it.").await;
    hand.write("prevention", "Renew it by machine.").await;
    hand.tap(labels::PUBLISH_POSTMORTEM).await;
    hand.sees(labels::POSTMORTEM_PUBLISHED).await;
    let stands = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(
        stands["postmortem"]["prevention"],
        json!(["Renew it by machine."])
    );

    hand.tap(labels::WITHDRAW).await;
    hand.write("reason", "It was our own monitor.").await;
    hand.tap(labels::SAVE_WITHDRAWAL).await;
    hand.sees(labels::WITHDRAWN_BY_MONITOR).await;
    let stands = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(stands["withdrawn"], "It was our own monitor.");
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_owed_next_comes_first_and_lateness_is_said() {
    let mut site = Site::new();
    for (title, minutes) in [("Owed later", 50), ("Owed sooner", 20)] {
        site.post(
            "/incidents",
            &json!({ "kind": "incident", "title": title, "impact": "minor", "body": "We look into it.",
                "next_update_at": e2e::in_minutes(minutes) }),
        );
    }
    let hand = Hand::invited_to(&site, labels::TWO_OPEN).await;
    let titles = "return [...document.querySelectorAll('.card h2')].map(title => title.innerText)";
    assert_eq!(
        hand.browser.run(titles).await,
        json!(["Owed sooner", "Owed later"])
    );
    site.server.restart_at(40 * 60);
    hand.browser.reload().await;
    // By some minutes more where everything takes longer.
    let says = |text: &serde_json::Value| {
        let text = text.as_str().unwrap_or_default();
        let has = |minutes: std::ops::RangeInclusive<u32>, before: &str, after: &str| {
            minutes
                .into_iter()
                .any(|minutes| text.contains(&format!("{before}{minutes} min{after}")))
        };
        has(20..=23, "overdue by ", "") && has(7..=10, "in ", "")
    };
    hand.browser
        .wait_for_script(
            "what is late and what is not",
            "return document.body.innerText",
            says,
        )
        .await;
}

/// However many are newer: what is owed of an old one is what must not be forgotten.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_promise_is_never_out_of_sight() {
    let site = Site::new();
    site.incident();
    for number in 0..110 {
        site.post(
            "/incidents",
            &json!({ "kind": "incident", "title": format!("Minor {number}"), "impact": "minor", "body": "Slow." }),
        );
    }
    let hand = Hand::invited_to(&site, labels::OPEN_111).await;
    let first = "return document.querySelector('.card h2').innerText";
    assert_eq!(hand.browser.run(first).await, "Messages are delayed");
}

/// The words are one step back from the card, for a thumb that swipes as well.
#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_from_the_card_leads_to_the_words() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = at(&site, &incident, "update").await;
    hand.write("body", "We go around it.").await;
    hand.tap(labels::PREVIEW).await;
    hand.sees(labels::STAYS_HIDDEN).await;
    hand.browser.run("history.back()").await;
    hand.sees(labels::UPDATE_BODY).await;
    assert_eq!(hand.value("body").await, "We go around it.");
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
}

/// What the card will look like follows from what operators are told of the incident, and that is all of it.
#[tokio::test(flavor = "multi_thread")]
async fn what_gets_worse_is_previewed_as_loud_as_it_becomes() {
    let site = Site::new();
    let made = site.post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Reports are slow", "impact": "minor", "body": "Up to a minute." }),
    );
    let incident = made["id"].as_str().unwrap().to_owned();
    assert_eq!(site.feed()["notices"][0]["in_app"], "pill");
    let mut hand = at(&site, &incident, "update").await;
    hand.write("body", "Now they fail.").await;
    hand.tap(labels::MORE_UPDATE_OPTIONS).await;
    hand.tap(labels::CRITICAL).await;
    hand.tap(labels::PREVIEW).await;
    hand.sees(labels::SHOWN_AGAIN).await;
    hand.browser
        .wait_for("a card, not a pill", |tree| {
            tree.notice(&incident)
                .is_some_and(|notice| !notice.parts("card").is_empty())
        })
        .await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
    assert_eq!(site.feed()["notices"][0]["in_app"], "bar");
    assert_eq!(site.feed()["notices"][0]["attention"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn ready_words_never_swallow_what_was_written() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = at(&site, &incident, "update").await;
    hand.write("body", "My own words.").await;
    // They do not move away under whoever types.
    hand.tap(labels::TEMPLATE_NO_NEWS).await;
    hand.sees(labels::TEMPLATE_REPLACED).await;
    assert!(
        hand.value("body")
            .await
            .starts_with("We are still working on this.")
    );
    hand.tap(labels::RESTORE_MINE).await;
    assert_eq!(hand.value("body").await, "My own words.");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_told_elsewhere_names_its_time_zone() {
    let site = Site::new();
    let incident = site.incident();
    let hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.browser.set_time_zone("Etc/GMT-10").await;
    hand.browser.reload().await;
    hand.go(&format!("incidents/{incident}/share")).await;
    let text = hand.value("text").await;
    assert!(
        text.contains("Next update by") && text.contains(" GMT+10."),
        "{text}"
    );
    assert!(text.contains("Do not resend."), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_not_deleted_by_a_slip_of_the_thumb() {
    let site = Site::new();
    let made = site.post(
        "/incidents",
        &json!({ "kind": "announcement", "title": "Prices", "body": "In January.", "draft": true }),
    );
    let path = format!("/incidents/{}", made["id"].as_str().unwrap());
    let mut hand = Hand::invited(&site).await;
    hand.tap("Prices").await;
    hand.tap(labels::DELETE_DRAFT).await;
    hand.tap(labels::KEEP).await;
    assert_eq!(site.get(&path).status, 200);
    hand.tap(labels::DELETE_DRAFT).await;
    hand.tap(labels::DELETE_DRAFT_SURE).await;
    hand.sees(labels::DRAFT_DELETED).await;
    assert_eq!(site.get(&path).status, 404);
}
