//! Subscribers to mail: requests, confirmation, mailings, and stored data.

use notice::body::check::endpoint_url::Network;

use super::{days::Utc, on_call::change_site, *};
use crate::{
    http::{
        page_call::PageHost,
        subscriber_call::{AskAnswer, AskCall, SubscriberCall},
        subscription_form::SubscriptionForm,
    },
    messages::mail::{
        Mail, Mailbox,
        outcome::{MailAnswer, Verdict},
    },
    rpc::outbox_call::{Assignment, Exchange, Outcome, Payload, Report},
    sealing::Sealer,
    site::{
        alarm::catch_up,
        change::timestamp,
        dispatch::exchange,
        sender::Sender,
        subscribers::{answer, links, upkeep},
    },
    storage::mailings as mailings_table,
};

mod kept;
mod mailings;
mod requests;

const ADA: &str = "Ada@Example.com";
const SECRET: &str = "secret key of the tests, 32 characters";
const MINUTE_MS: u64 = 60_000;
const DAY_MS: u64 = 24 * HOUR_MS;

fn sealer() -> Sealer {
    Sealer::new(SECRET, None)
}

/// A site in English and German.
fn site() -> Database {
    let database = acme();
    change_site(&database, json!({ "languages": ["en", "de"] }));
    database
}

/// Publishes an incident with these fields; returns its id.
fn publish_at(database: &Database, fields: Json, now_ms: u64) -> String {
    let mut incident = outage();
    for (name, value) in fields.as_object().unwrap() {
        incident[name] = value.clone();
    }
    let (status, incident) = post("/incidents", incident).at(now_ms).ok(database);
    assert_eq!(status, 201, "{incident}");
    incident["id"].as_str().unwrap().to_owned()
}

fn publish(database: &Database, fields: Json) -> String {
    publish_at(database, fields, NOW_MS)
}

fn update(database: &Database, incident: &str, body: Json, now_ms: u64) {
    let path = format!("/incidents/{incident}/updates");
    let (status, answer) = post(&path, body).at(now_ms).ok(database);
    assert_eq!(status, 201, "{answer}");
}

fn resolve(database: &Database, incident: &str, now_ms: u64) {
    let body = json!({ "status": "resolved", "body": "The queue is empty." });
    update(database, incident, body, now_ms);
}

/// Sends the form of a reader; returns the answer.
fn ask_as(database: &Database, form: &str, answer: AskAnswer, now_ms: u64) -> Answer {
    let call = AskCall {
        form: SubscriptionForm::parse(form.as_bytes()),
        answer,
        network: crate::http::network::Network::of("192.0.2.1"),
    };
    answer::asked(database, &call, &sealer(), now_ms).unwrap()
}

fn ask(database: &Database, form: &str, now_ms: u64) -> Answer {
    ask_as(database, form, AskAnswer::Json, now_ms)
}

fn call_of(path: &str) -> SubscriberCall {
    match parse("GET", &format!("/s/acme/{path}")) {
        Ok(Route::SubscriberLink(_, call)) => call,
        other => panic!("{path}: {other:?}"),
    }
}

/// Opens a path below `/s/acme`, or presses its button with a form.
fn link(database: &Database, path: &str, form: Option<&str>, now_ms: u64) -> Answer {
    let mut call = call_of(path);
    call.form = form.map(|form| SubscriptionForm::parse(form.as_bytes()));
    links::answer(database, &call, Some(&sealer()), now_ms).unwrap()
}

fn assignments(database: &Database, now_ms: u64, reports: Vec<Report>) -> Vec<Assignment> {
    let from = Mailbox::parse("Acme Status <status@acme.example>").unwrap();
    let sender = Sender {
        public_url: "https://status.example.com",
        network: Network::Public,
        mail_from: Some(&from),
        sealer: Some(&sealer()),
        keeps_links: false,
    };
    catch_up(database, now_ms).unwrap();
    let question = Exchange {
        reports,
        room_for_mail: 2,
        ..Exchange::default()
    };
    let work = exchange(database, &question, now_ms, sender, &Utc).unwrap();
    work.assignments
}

fn report(assignment: &Assignment, verdict: Verdict) -> Report {
    Report {
        target: assignment.target.clone(),
        request: assignment.payload.body().to_owned(),
        duration_ms: 10,
        outcome: Outcome::Mailed(MailAnswer {
            verdict,
            status: 250,
            retry_after: None,
            text: format!("accepted for {ADA}"),
        }),
    }
}

fn mail_of(assignment: &Assignment) -> Mail {
    match &assignment.payload {
        Payload::Mail(mail) => mail.as_ref().clone(),
        Payload::Request(request) => panic!("{request:?}"),
    }
}

/// Sends all mails that are due, with this verdict.
fn send_with(database: &Database, now_ms: u64, verdict: Verdict) -> Vec<Mail> {
    let (mut mails, mut reports) = (Vec::new(), Vec::new());
    loop {
        let assigned = assignments(database, now_ms, std::mem::take(&mut reports));
        if assigned.is_empty() {
            return mails;
        }
        mails.extend(assigned.iter().map(mail_of));
        reports = assigned.iter().map(|one| report(one, verdict)).collect();
    }
}

fn send(database: &Database, now_ms: u64) -> Vec<Mail> {
    send_with(database, now_ms, Verdict::Sent)
}

fn subjects(database: &Database, now_ms: u64) -> Vec<String> {
    let mails = send(database, now_ms);
    mails.into_iter().map(|mail| mail.subject).collect()
}

/// The path below `/s/acme` of the link with this word in a mail.
fn path_in(mail: &Mail, word: &str) -> String {
    let begin = format!("https://status.example.com/s/acme/{word}/");
    let (_, rest) = mail
        .text
        .split_once(&begin)
        .unwrap_or_else(|| panic!("{}", mail.text));
    let secret: String = rest.chars().take_while(|c| !c.is_whitespace()).collect();
    format!("{word}/{secret}")
}

/// Asks for mail and confirms it; returns the path of the subscription.
fn subscribe(database: &Database, form: &str, now_ms: u64) -> String {
    let answer = ask(database, form, now_ms);
    assert_eq!(answer.status, 202, "{}", answer.body);
    let mail = send(database, now_ms).remove(0);
    let confirmed = link(database, &path_in(&mail, "confirm"), Some(""), now_ms);
    assert_eq!(confirmed.status, 303, "{}", confirmed.body);
    let location = confirmed.header("location").unwrap();
    location.strip_prefix("/s/acme/").unwrap().to_owned()
}

fn form(more: &str) -> String {
    format!("email=Ada%40Example.com{more}")
}

fn to_incident(incident: &str) -> String {
    form(&format!("&incident={incident}"))
}

/// Runs the alarm's tasks.
fn prune(database: &Database, now_ms: u64) {
    upkeep::prune(database, timestamp(now_ms)).unwrap();
}

fn view(database: &Database, now_ms: u64) -> Json {
    let (status, view) = get("/subscribers").at(now_ms).ok(database);
    assert_eq!(status, 200, "{view}");
    view
}

/// Adds rows to every table of subscribers.
pub fn add_rows(database: &Database, now_ms: u64) {
    let mut fields = outage();
    fields["components"] = json!([]);
    let incident = publish_at(database, fields.clone(), now_ms);
    let both = format!("{}&updates=all", to_incident(&incident));
    subscribe(database, &both, now_ms);
    ask(database, "email=bob%40example.com&updates=all", now_ms);
    publish_at(database, fields, now_ms);
    let look_up = "a".repeat(64);
    let until = timestamp(now_ms + 30 * DAY_MS);
    mailings_table::suppress(database, &look_up, until).unwrap();
}
