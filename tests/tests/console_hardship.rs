//! A bad night: a browser that keeps nothing, a wrong clock, a server at fault, a slow line.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::{Value, json};

/// To the last step of publishing.
async fn fill_in(hand: &mut Hand) {
    hand.tap(labels::NEW_INCIDENT).await;
    hand.tap(labels::MAJOR).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    hand.write("title", "Messages wait").await;
    hand.write("body", "We look into it.").await;
    hand.tap(labels::PREVIEW).await;
}

/// To the last step of an update.
async fn say_more(hand: &mut Hand, incident: &str) {
    hand.go(&format!("incidents/{incident}/update")).await;
    hand.write("body", "Still at it.").await;
    hand.tap(labels::PREVIEW).await;
}

fn said(site: &Site, incident: &str) -> usize {
    let stands = site.get(&format!("/incidents/{incident}")).json;
    stands["updates"].as_array().unwrap().len()
}

fn published(site: &Site) -> usize {
    site.feed()["notices"].as_array().unwrap().len()
}

#[tokio::test(flavor = "multi_thread")]
async fn where_storage_is_blocked_it_publishes_all_the_same() {
    let site = Site::new();
    let mut hand = Hand::with_a_phone().await;
    hand.browser
        .before_each_page(
            "for (const name of ['localStorage', 'sessionStorage']) Object.defineProperty(window, name,
                 { get() { throw new DOMException('blocked', 'SecurityError'); } });",
        )
        .await;
    hand.browser.goto(&site.invitation()).await;
    hand.tap(labels::ACCEPT_INVITATION).await;
    hand.sees(labels::STORAGE_BLOCKED).await;
    fill_in(&mut hand).await;
    hand.tap(labels::BACK).await;
    assert_eq!(hand.value("title").await, "Messages wait");
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::PUBLISHED).await;
    assert_eq!(published(&site), 1);
    hand.assert_calm().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_storage_is_full_it_says_so() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.go("new/incident/say").await;
    let full = "window.real = Storage.prototype.setItem;
         Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }";
    hand.browser.run(full).await;
    hand.write("title", "Messages wait").await;
    hand.sees(labels::STORAGE_BLOCKED).await;
    // It is not lost with the view.
    hand.go("").await;
    hand.tap(labels::DRAFT_NEW_INCIDENT).await;
    hand.tap(labels::NEXT_MESSAGE).await;
    assert_eq!(hand.value("title").await, "Messages wait");
    // Nor is it said any longer than it is true.
    hand.browser
        .run("Storage.prototype.setItem = window.real")
        .await;
    hand.write("title", " long").await;
    hand.browser
        .wait_for_script(
            "no warning",
            "return document.body.innerText.includes('This browser keeps nothing')",
            |shown| shown == false,
        )
        .await;
    hand.browser.reload().await;
    assert_eq!(hand.value("title").await, "Messages wait long");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_arrived_before_the_session_ended_is_not_published_again() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    fill_in(&mut hand).await;
    hand.browser
        .run(
            "const real = fetch; window.fetch = async (request, options) => {
                 const answer = await real(request, options);
                 if (request.method === 'POST' && answer.ok) throw new TypeError('lost');
                 return answer;
             }",
        )
        .await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::SAFE_TO_RESEND).await;
    site.revoke_devices();
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::SESSION_ENDED).await;
    hand.write("token", &site.token).await;
    hand.tap(labels::SIGN_IN).await;
    hand.tap(labels::PUBLISH).await;
    hand.sees(labels::ARRIVED_BEFORE).await;
    assert_eq!(published(&site), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_that_comes_too_late_doubles_nothing() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    say_more(&mut hand, &incident).await;
    hand.browser
        .run(
            "const real = fetch; let faulty = true; window.fetch = async (request, options) => {
                 const answer = await real(request, options);
                 if (request.method !== 'POST' || !faulty) return answer;
                 faulty = false;
                 return Response.json({ status: 500, code: 'internal', detail: 'something went wrong' }, { status: 500 });
             }",
        )
        .await;
    hand.tap(labels::POST).await;
    hand.sees(labels::SAFE_TO_RESEND).await;
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
    assert_eq!(said(&site, &incident), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_slow_line_an_impatient_thumb_posts_once() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    say_more(&mut hand, &incident).await;
    // Answers come when the test lets them.
    hand.browser
        .run(
            "const real = fetch; let let_go; const gone = new Promise((done) => let_go = done); window.letGo = let_go;
             window.asked = 0;
             window.fetch = async (request, options) => {
                 if (request.url?.endsWith('/incidents/' + location.hash.split('/')[3])) window.asked += 1;
                 await gone;
                 return real(request, options);
             }",
        )
        .await;
    hand.tap(labels::POST).await;
    hand.sees(labels::SENDING).await;
    let tap = "document.querySelector('.actions .primary').click(); return window.asked";
    let asked = hand.browser.run(tap).await;
    assert_eq!(hand.browser.run(tap).await, asked);
    hand.browser.run("window.letGo()").await;
    hand.sees(labels::POSTED).await;
    assert_eq!(said(&site, &incident), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_preview_counts_by_the_servers_clock() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::with_a_phone().await;
    // In the preview's frame as well.
    hand.browser
        .before_each_page(
            "{ const Real = Date, wrong = 3 * 3600e3;
               window.Date = class extends Real {
                   constructor(...given) { if (given.length) super(...given); else super(Real.now() + wrong); }
                   static now() { return Real.now() + wrong; }
               }; }",
        )
        .await;
    hand.browser.goto(&site.invitation()).await;
    hand.tap(labels::ACCEPT_INVITATION).await;
    hand.sees(labels::NEXT_UPDATE_BY).await;
    say_more(&mut hand, &incident).await;
    let shown = hand
        .browser
        .wait_for("the card", |tree| {
            tree.notice(&incident)
                .is_some_and(|notice| notice.text().contains("Still at it."))
        })
        .await;
    let card = shown.notice(&incident).unwrap().text();
    assert!(!card.contains("is late"), "{card}");
    hand.tap(labels::POST).await;
    hand.sees(labels::POSTED).await;
    let promised = site.feed()["notices"][0]["next_update_at"].clone();
    assert!(
        promised.as_str() < Some(e2e::in_minutes(40).as_str()),
        "{promised}"
    );
}

/// What is wrong is said where it can be seen: above the card, and at its field, which is not left folded away.
#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_under_a_fold_is_found() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    fill_in(&mut hand).await;
    hand.tap(labels::BACK).await;
    hand.tap(labels::MORE_OPTIONS).await;
    let past =
        "const field = document.getElementById('publish-at'); field.value = '2020-01-01T00:00';
         field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    hand.browser.run(past).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::PUBLISH_LATER).await;
    hand.sees(labels::PUBLISH_AT_REFUSED).await;
    hand.tap(labels::BACK).await;
    hand.browser
        .wait_for_script(
            "the field in view",
            "return document.getElementById('publish-at')?.checkVisibility() ?? false",
            |shown| shown == true,
        )
        .await;
    let error = "return document.getElementById('publish-at-error')?.innerText ?? ''";
    assert_ne!(hand.browser.run(error).await, "");
    assert_eq!(published(&site), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_with_a_time_says_that_it_publishes_itself() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    fill_in(&mut hand).await;
    hand.tap(labels::BACK).await;
    hand.tap(labels::MORE_OPTIONS).await;
    let later =
        "const field = document.getElementById('publish-at'); field.value = '2040-01-01T00:00';
         field.dispatchEvent(new InputEvent('input', { bubbles: true }))";
    hand.browser.run(later).await;
    hand.tap(labels::PREVIEW).await;
    hand.tap(labels::SAVE_DRAFT).await;
    hand.sees(labels::DRAFT_SAVED_LATER).await;
    let kept = site.get("/incidents").json["items"][0].clone();
    assert_eq!(kept["draft"], true, "{kept:#}");
    // What is promised is promised to those who read it then.
    let (read, promised) = (&kept["publish_at"], &kept["next_update_at"]);
    assert!(promised.as_str() > read.as_str(), "{kept:#}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_clipboard_the_text_can_still_be_taken() {
    let site = Site::new();
    let incident = site.incident();
    let mut hand = Hand::invited_to(&site, labels::ONE_OPEN).await;
    hand.go(&format!("incidents/{incident}/share")).await;
    // As on a page that came over plain HTTP.
    hand.browser
        .run("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        .await;
    hand.tap(labels::COPY_TEXT).await;
    hand.sees(labels::COPY_BY_HAND).await;
    hand.assert_calm().await;
}

/// Who may only read is told so, and not after a page of typing.
#[tokio::test(flavor = "multi_thread")]
async fn who_may_only_read_is_told_so_first() {
    let site = Site::new();
    let incident = site.incident();
    let made = site.post("/tokens", &json!({ "role": "viewer", "name": "A screen" }));
    let mut hand = Hand::with_a_phone().await;
    hand.browser.goto(&site.console("#/acme/")).await;
    hand.write("token", made["token"].as_str().unwrap()).await;
    hand.tap(labels::SIGN_IN).await;
    let tree = hand.sees(labels::READS_ONLY).await;
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
        hand.go(&place).await;
        hand.sees(labels::EDITOR_NEEDED).await;
    }
    hand.go("settings").await;
    let open = "return [...document.querySelectorAll('main input, main textarea')].filter((field) => !field.matches(':disabled')).length";
    assert_eq!(hand.browser.run(open).await, Value::from(0));
}

/// The second of two who write the first postmortem sees both.
#[tokio::test(flavor = "multi_thread")]
async fn two_who_learn_at_once_read_each_other() {
    let site = Site::new();
    let incident = site.incident();
    site.post(
        &format!("/incidents/{incident}/updates"),
        &json!({ "body": "Over.", "status": "resolved" }),
    );
    let mut hand = Hand::invited(&site).await;
    hand.go(&format!("incidents/{incident}/postmortem")).await;
    hand.write("cause", "Mine.").await;
    hand.write("remedy", "We renewed it.").await;
    hand.write("prevention", "By machine.").await;
    let put = site
        .server
        .request("PUT", &site.path(&format!("/incidents/{incident}/postmortem")))
        .token(&site.token)
        .json(&json!({ "root_cause": "Theirs.", "window": { "start": "2026-11-21T08:00:00Z", "end": "2026-11-21T09:00:00Z" },
            "remedy": "We renewed it.", "prevention": ["By machine."] }))
        .send()
        .unwrap();
    assert!(put.status < 300, "{}", put.text());
    hand.tap(labels::PUBLISH_POSTMORTEM).await;
    let is = |text: &str| text.contains("Theirs.") && text.contains("Mine.");
    hand.browser
        .wait_for("both texts", |tree| {
            let conflict = tree.find(|node| node.attribute("class") == Some("conflict"));
            conflict.is_some_and(|conflict| is(&conflict.text()))
        })
        .await;
    hand.tap(labels::KEEP_ALL_MINE).await;
    hand.tap(labels::PUBLISH_AGAIN).await;
    hand.sees(labels::POSTMORTEM_UPDATED).await;
    let stands = site.get(&format!("/incidents/{incident}")).json;
    assert_eq!(stands["postmortem"]["root_cause"], "Mine.");
}
