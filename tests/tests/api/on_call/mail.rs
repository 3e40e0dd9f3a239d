//! Mails to on-call targets: by SMTP to a real mail server (npm's `smtp-server`), and by a
//! provider's API to an HTTP sink.

use std::time::Duration;

use e2e::{Behaviour, ServerOptions, Sink, Site};
use mail_parser::MessageParser;
use serde_json::{Value, json};
use xtask::{
    mail::Mail,
    mail_catcher::{self, MailCatcher, Options, Security},
    workerd::Network,
};

use super::{SOON, publish_promise, rows, wait_for_view};

const USER: &str = "acme";
const PASSWORD: &str = "correct-horse";
const ADDRESS: &str = "ada@example.com";

fn start_catcher(security: Security, options: Options) -> MailCatcher {
    MailCatcher::start(&Options {
        security,
        ..options
    })
    .unwrap()
}

/// The settings for a mail server whose certificate is trusted.
fn settings(catcher: &MailCatcher, login: Option<(&str, &str)>) -> Mail {
    Mail {
        from: Some("Acme Status <status@acme.example>".to_owned()),
        smtp_url: Some(catcher.smtp_url()),
        smtp_user: login.map(|(user, _)| user.to_owned()),
        smtp_password: login.map(|(_, password)| password.to_owned()),
        trusted_certificate: Some(mail_catcher::certificate().unwrap()),
        ..Mail::default()
    }
}

fn with_login() -> Options {
    Options {
        login: Some((USER.to_owned(), PASSWORD.to_owned())),
        ..Options::default()
    }
}

/// A site with one on-call target, a mail address, on a server with these settings.
fn site(mail: Mail) -> Site {
    let options = ServerOptions {
        network: Network::PublicAndPrivate,
        mail,
        ..ServerOptions::default()
    };
    let site = Site::with(&options, "acme", "Acme SMS", &["Sending"]);
    let on_call = json!([{ "kind": "email", "value": ADDRESS }]);
    site.change_settings(&json!({ "on_call": on_call, "overdue_after_s": 1 }));
    site
}

/// Waits for the next mail. Fails if the mail server first reports a login without encryption.
#[track_caller]
fn next_mail(catcher: &MailCatcher, site: &Site) -> Value {
    let line = catcher.next(SOON);
    let line = line.unwrap_or_else(|| {
        panic!(
            "no mail: {:#}\n{}",
            site.get("/on-call").json,
            site.server.log()
        )
    });
    let mail = &line["mail"];
    assert!(mail.is_object(), "{line}");
    mail.clone()
}

/// Waits for the first attempt of the last test; returns its delivery.
#[track_caller]
fn first_attempt(site: &Site) -> Value {
    let view = wait_for_view(site, "an attempt", |view| {
        view["last_test"]["deliveries"][0]["last_attempt"].is_object()
    });
    view["last_test"]["deliveries"][0].clone()
}

#[track_caller]
fn test_on_call(site: &Site) {
    let sent = site.post("/on-call/test", &json!({}));
    assert_eq!(sent.status, 202, "{}", sent.text());
}

/// Sends a test through a mail server that requires a login, and checks the mail and the delivery.
#[track_caller]
fn check_delivery(security: Security) {
    let catcher = start_catcher(security, with_login());
    let site = site(settings(&catcher, Some((USER, PASSWORD))));
    test_on_call(&site);
    let mail = next_mail(&catcher, &site);
    assert_eq!(mail["from"], "status@acme.example");
    assert_eq!(mail["to"], json!([ADDRESS]));
    assert_eq!(
        (&mail["secure"], &mail["user"]),
        (&json!(true), &json!(USER))
    );
    let raw = mail["raw"].as_str().unwrap();
    let parsed = MessageParser::default().parse(raw.as_bytes()).unwrap();
    assert_eq!(parsed.subject(), Some("Acme SMS: test of on-call"));
    let text = parsed.body_text(0).unwrap();
    assert!(text.contains("This is a test of on-call."), "{text}");
    let delivery = wait_for_view(&site, "the result", |view| {
        view["last_test"]["deliveries"][0]["state"] == "delivered"
    });
    assert_eq!(
        delivery["last_test"]["deliveries"][0]["last_attempt"]["status"],
        250
    );
    assert_eq!(delivery["sends_mail"], true);
}

#[test]
fn a_mail_is_sent_with_implicit_tls() {
    check_delivery(Security::Tls);
}

#[test]
fn a_mail_is_sent_with_starttls() {
    check_delivery(Security::StartTls);
}

#[test]
fn an_overdue_update_is_mailed_with_working_links() {
    let catcher = start_catcher(Security::Plain, Options::default());
    let site = site(settings(&catcher, None));
    publish_promise(&site, 3);
    let page = loop {
        let mail = next_mail(&catcher, &site);
        let raw = mail["raw"].as_str().unwrap().to_owned();
        if raw.contains("Subject: Update overdue: Messages are delayed") {
            break raw;
        }
    };
    let parsed = MessageParser::default().parse(page.as_bytes()).unwrap();
    let text = parsed.body_text(0).unwrap().into_owned();
    let begin = format!("Acknowledge: {}", site.server.url());
    let link = text.lines().find(|line| line.starts_with(&begin));
    let path = link.unwrap_or_else(|| panic!("{text}"));
    let path = path.trim_start_matches(&begin);
    let opened = site.server.get(path);
    assert_eq!(opened.status, 200, "{path}");
    assert!(opened.text().contains("Acknowledge"), "{}", opened.text());
    let html = parsed.body_html(0).unwrap();
    assert!(html.contains(path), "{html}");
}

#[test]
fn a_wrong_password_is_a_temporary_failure_and_in_no_log() {
    let catcher = start_catcher(Security::Tls, with_login());
    let site = site(settings(&catcher, Some((USER, "wrong-horse"))));
    test_on_call(&site);
    let delivery = first_attempt(&site);
    assert_eq!(delivery["state"], "pending", "{delivery}");
    assert_eq!(delivery["last_attempt"]["status"], 535, "{delivery}");
    assert_eq!(catcher.next(Duration::ZERO), None, "no mail");
    assert!(!delivery.to_string().contains("wrong-horse"));
    assert!(!site.server.log().contains("wrong-horse"));
}

#[test]
fn a_mail_server_that_hangs_at_data_delays_nobody_else() {
    let catcher = start_catcher(
        Security::StartTls,
        Options {
            hangs: true,
            ..Options::default()
        },
    );
    let site = site(settings(&catcher, None));
    let sink = Sink::start();
    site.change_settings(&json!({ "on_call": [
        { "kind": "email", "value": ADDRESS },
        { "kind": "webhook", "value": sink.url("/second") },
    ] }));
    test_on_call(&site);
    next_mail(&catcher, &site);
    sink.wait_for_count("/second", 1, SOON);
    let delivery = first_attempt(&site);
    assert_eq!(delivery["state"], "pending", "{delivery}");
    assert_eq!(delivery["last_attempt"]["error"], "No answer within 15 s.");
    // The next attempt has the same id.
    let again = next_mail(&catcher, &site);
    let raw = again["raw"].as_str().unwrap();
    let parsed = MessageParser::default().parse(raw.as_bytes()).unwrap();
    let id = parsed.message_id().unwrap();
    let message = delivery["message"].as_str().unwrap();
    assert!(
        id.starts_with(message) && id.ends_with("@acme.example"),
        "{id}"
    );
}

#[test]
fn a_refused_address_bounces_and_is_not_tried_again() {
    let catcher = start_catcher(
        Security::Tls,
        Options {
            refusals: vec![(ADDRESS.to_owned(), "550 5.1.1 No such user".to_owned())],
            ..Options::default()
        },
    );
    let site = site(settings(&catcher, None));
    test_on_call(&site);
    let delivery = first_attempt(&site);
    assert_eq!(delivery["state"], "dead", "{delivery}");
    assert_eq!(delivery["attempts"], 1);
    assert_eq!(delivery["last_attempt"]["status"], 550);
    let failed = rows(&site, "on_call.failed");
    assert_eq!(
        failed[0]["event"]["reason"],
        "The mail server refused the address (550)."
    );
}

#[test]
fn a_mail_server_with_an_unknown_certificate_gets_no_login() {
    let catcher = start_catcher(Security::StartTls, with_login());
    let site = site(Mail {
        trusted_certificate: None,
        ..settings(&catcher, Some((USER, PASSWORD)))
    });
    test_on_call(&site);
    let delivery = first_attempt(&site);
    assert_eq!(delivery["state"], "pending", "{delivery}");
    let error = delivery["last_attempt"]["error"].as_str().unwrap();
    assert!(error.contains("certificate"), "{error}");
    assert_eq!(
        catcher.next(Duration::ZERO),
        None,
        "no login without encryption, and no mail"
    );
}

#[test]
fn providers_get_the_mail_and_their_answers_are_recorded() {
    let sink = Sink::start();
    let site_with = |mail: Mail| {
        site(Mail {
            from: Some("Acme Status <status@acme.example>".to_owned()),
            api_url: Some(sink.url("")),
            ..mail
        })
    };
    let secret = || Some("secret-key".to_owned());
    let resend = site_with(Mail {
        resend_api_key: secret(),
        ..Mail::default()
    });
    sink.set(
        "/emails",
        Behaviour::Answer(200, Vec::new(), r#"{"id":"1"}"#.to_owned()),
    );
    test_on_call(&resend);
    let request = sink.wait_for_count("/emails", 1, SOON).remove(0);
    assert_eq!(request.header("authorization"), "Bearer secret-key");
    let body = request.json();
    let id = body["headers"]["Message-ID"].as_str().unwrap();
    let id = id.trim_matches(['<', '>']);
    let key = request.header("idempotency-key");
    assert!(key.starts_with(id), "{key} {id}");
    assert_eq!(request.json()["to"], json!([ADDRESS]));
    let view = wait_for_view(&resend, "the result", |view| {
        view["last_test"]["deliveries"][0]["state"] == "delivered"
    });
    assert!(!view.to_string().contains("secret-key"));
    sink.set("/emails", Behaviour::Status(401));
    test_on_call(&resend);
    sink.wait_for_count("/emails", 2, SOON);
    let delivery = first_attempt(&resend);
    assert_eq!(
        (&delivery["state"], &delivery["last_attempt"]["status"]),
        (&json!("pending"), &json!(401))
    );
    assert!(!resend.server.log().contains("secret-key"));

    let postmark = site_with(Mail {
        postmark_token: secret(),
        ..Mail::default()
    });
    let inactive = r#"{"ErrorCode":406,"Message":"Inactive recipient"}"#;
    sink.set(
        "/email",
        Behaviour::Answer(422, Vec::new(), inactive.to_owned()),
    );
    test_on_call(&postmark);
    let request = sink.wait_for_count("/email", 1, SOON).remove(0);
    assert_eq!(request.header("x-postmark-server-token"), "secret-key");
    assert_eq!(request.json()["To"], ADDRESS);
    assert_eq!(first_attempt(&postmark)["state"], "dead");
}

#[test]
fn without_mail_settings_mail_targets_fail_with_a_reason() {
    let site = site(Mail::default());
    assert_eq!(site.get("/on-call").json["sends_mail"], false);
    test_on_call(&site);
    let delivery = first_attempt(&site);
    assert_eq!(delivery["state"], "dead", "{delivery}");
    let error = delivery["last_attempt"]["error"].as_str().unwrap();
    assert!(error.contains("MAIL_FROM"), "{error}");
}

#[test]
fn mails_are_shown_in_development_only() {
    let catcher = start_catcher(Security::Plain, Options::default());
    let hidden = site(settings(&catcher, None));
    assert_eq!(hidden.server.get("/dev/mail").status, 404);
    let shown = site(Mail {
        catcher_url: Some(catcher.page_url()),
        ..settings(&catcher, None)
    });
    test_on_call(&shown);
    next_mail(&catcher, &shown);
    let page = shown.server.get("/dev/mail");
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("Acme SMS: test of on-call"),
        "{}",
        page.text()
    );
}
