//! Mails to on-call targets: their content, and the effects of the mail server's answers.

use notice::body::check::endpoint_url::Network;

use super::{
    days::Utc,
    on_call::{MINUTE_MS, events, on_call, publish_promise, site_with},
    *,
};
use crate::{
    messages::mail::{
        Mail, Mailbox,
        outcome::{MailAnswer, Verdict},
    },
    rpc::outbox_call::{Assignment, Exchange, Outcome, Payload, Report},
    site::{
        alarm::{catch_up, verify_nightly},
        dispatch::exchange,
        on_call::escalate,
        sender::Sender,
    },
};

/// A site whose first target is a mail address, and whose second one is a webhook.
fn site() -> Database {
    site_with(json!({ "on_call": [
        { "kind": "email", "value": "ada@example.com" },
        { "kind": "webhook", "value": "https://hooks.example.com/second", "name": "second" },
    ] }))
}

/// Reports results, and returns the next assignments.
fn ask(database: &Database, now_ms: u64, reports: Vec<Report>) -> Vec<Assignment> {
    let assignments = ask_once(database, now_ms, reports);
    match assignments.is_empty() {
        // The exchange may have dropped or redirected the only delivery that was due; then the next
        // one is assigned now.
        true => ask_once(database, now_ms, Vec::new()),
        false => assignments,
    }
}

fn ask_once(database: &Database, now_ms: u64, reports: Vec<Report>) -> Vec<Assignment> {
    let from = Mailbox::parse("Acme Status <status@acme.example>").unwrap();
    let sender = Sender {
        public_url: "https://status.example.com",
        network: Network::Public,
        mail_from: Some(&from),
        keeps_links: false,
    };
    catch_up(database, now_ms).unwrap();
    escalate::advance(database, now_ms).unwrap();
    let question = Exchange {
        reports,
        room: 8,
        room_for_hanging: 1,
        room_for_on_call: 4,
        ..Exchange::default()
    };
    let work = exchange(database, &question, now_ms, sender, &Utc).unwrap();
    escalate::advance(database, now_ms).unwrap();
    work.assignments
}

fn mail(assignment: &Assignment) -> &Mail {
    match &assignment.payload {
        Payload::Mail(mail) => mail,
        Payload::Request(request) => panic!("{request:?}"),
    }
}

fn report(assignment: &Assignment, verdict: Verdict, status: u16) -> Vec<Report> {
    vec![Report {
        target: assignment.target.clone(),
        request: assignment.payload.body().to_owned(),
        duration_ms: 10,
        outcome: Outcome::Mailed(MailAnswer {
            verdict,
            status,
            retry_after: None,
            text: "text of the reply".to_owned(),
        }),
    }]
}

/// Time at which the update is overdue.
const OVERDUE_MS: u64 = NOW_MS + 35 * MINUTE_MS;

#[test]
fn a_page_is_mailed_with_its_links() {
    let database = site();
    publish_promise(&database);
    let assignments = ask(&database, OVERDUE_MS, Vec::new());
    assert_eq!(assignments.len(), 1, "{assignments:?}");
    let mail = mail(&assignments[0]);
    assert_eq!(mail.to.address, "ada@example.com");
    assert_eq!(mail.from.address, "status@acme.example");
    assert!(
        mail.subject.starts_with("Update overdue: "),
        "{}",
        mail.subject
    );
    let link = "https://status.example.com/s/acme/on-call/";
    assert!(mail.text.contains(link) && mail.html.contains(link));
    assert_eq!(mail.date.to_string(), "2026-11-21T08:35:00Z");

    let sent = report(&assignments[0], Verdict::Sent, 250);
    ask(&database, OVERDUE_MS, sent);
    let notified = events(&database, "on_call.notified");
    assert_eq!(notified[0]["message"]["kind"], "email");
    let (_, deliveries) = get("/on-call/deliveries").at(OVERDUE_MS).ok(&database);
    let last = &deliveries["items"][0]["last_attempt"];
    assert_eq!(
        (&last["status"], &last["answer"]),
        (&json!(250), &json!("text of the reply"))
    );
    assert!(!deliveries.to_string().contains(link), "{deliveries}");
}

#[test]
fn a_temporary_failure_is_attempted_again_with_the_same_id() {
    let database = site();
    publish_promise(&database);
    let first = ask(&database, OVERDUE_MS, Vec::new()).remove(0);
    let failed = report(&first, Verdict::Temporary, 450);
    assert_eq!(ask(&database, OVERDUE_MS, failed), []);
    let second = ask(&database, OVERDUE_MS + 6_000, Vec::new()).remove(0);
    assert_eq!(mail(&second).id, mail(&first).id);
    assert_eq!(second.target.deliveries[0].attempts, 1);
    assert_eq!(events(&database, "on_call.failed").len(), 0);
}

#[test]
fn after_a_bounce_the_next_target_is_paged_at_once() {
    let database = site();
    publish_promise(&database);
    let first = ask(&database, OVERDUE_MS, Vec::new()).remove(0);
    let next = ask(&database, OVERDUE_MS, report(&first, Verdict::Bounced, 550));
    let url = |assignment: &Assignment| assignment.payload.request().map(|one| one.url.clone());
    assert!(
        next.iter()
            .filter_map(url)
            .any(|url| url.ends_with("/second")),
        "{next:?}"
    );
    let failed = events(&database, "on_call.failed");
    assert_eq!(
        failed[0]["reason"],
        "The mail server refused the address (550)."
    );
    let view = on_call(&database, OVERDUE_MS);
    assert_eq!(view["escalations"][0]["pages"][0]["failed"], true);
    // Nothing more is sent to the address about this update.
    let later = ask(&database, OVERDUE_MS + 60 * MINUTE_MS, Vec::new());
    let is_mail = |one: &Assignment| matches!(one.payload, Payload::Mail(_));
    assert!(!later.iter().any(is_mail), "{later:?}");
}

#[test]
fn an_unused_session_is_announced_by_mail() {
    let database = site();
    let invitation = json!({ "role": "editor", "name": "Ada's phone" });
    let (_, invited) = post("/invitations", invitation).ok(&database);
    let redeem = Request {
        credential: Credential::Nobody,
        ..post(
            "/invitations/redeem",
            json!({ "invitation": invited["invitation"] }),
        )
    };
    assert_eq!(redeem.ok(&database).0, 201);
    let now_ms = NOW_MS + 61 * 24 * HOUR_MS;
    let stored = catch_up(&database, now_ms).unwrap();
    verify_nightly(&database, Some(&stored), now_ms).unwrap();
    let assignments = ask(&database, now_ms, Vec::new());
    assert_eq!(assignments.len(), 1, "{assignments:?}");
    let mail = mail(&assignments[0]);
    assert_eq!(mail.to.address, "ada@example.com");
    assert!(mail.text.contains("Ada's phone"), "{}", mail.text);
}
