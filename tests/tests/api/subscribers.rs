//! Subscribers to mail on real workerd, with a real mail server (npm's `smtp-server`).

use std::time::Duration;

use e2e::{Answer, ROOT_TOKEN, ServerOptions, Site};
use mail_parser::MessageParser;
use serde_json::{Value, json};
use xtask::{
    mail::Mail,
    mail_catcher::{MailCatcher, Options},
    workerd::Network,
};

/// Time limit for what happens within seconds, on a busy machine.
const SOON: Duration = Duration::from_secs(60);
const SECRET_KEY: &str = "secret_key_of_the_tests_0123456789";
const FORM: &str = "application/x-www-form-urlencoded";

fn catcher() -> MailCatcher {
    MailCatcher::start(&Options::default()).unwrap()
}

fn settings(catcher: &MailCatcher) -> Mail {
    Mail {
        from: Some("Acme Status <status@acme.example>".to_owned()),
        smtp_url: Some(catcher.smtp_url()),
        secret_key: Some(SECRET_KEY.to_owned()),
        ..Mail::default()
    }
}

fn site_with(mail: Mail) -> Site {
    let options = ServerOptions {
        network: Network::PublicAndPrivate,
        mail,
        ..ServerOptions::default()
    };
    Site::with(&options, "acme", "Acme SMS", &["Sending"])
}

fn site(catcher: &MailCatcher) -> Site {
    site_with(settings(catcher))
}

fn outage() -> Value {
    json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b",
        "components": [{ "id": "sending" }] })
}

/// Sends a form, which needs no token.
fn post_form(site: &Site, path: &str, form: &str) -> Answer {
    let request = site.server.request("POST", path);
    let request = request.header("content-type", FORM).bytes(form);
    request.send().unwrap()
}

fn ask(site: &Site, form: &str) -> Answer {
    post_form(site, &site.path("/subscriptions"), form)
}

/// The source and the text of the next mail.
#[track_caller]
fn next_mail(catcher: &MailCatcher, site: &Site) -> (String, String) {
    let line = catcher.next(SOON);
    let line = line.unwrap_or_else(|| panic!("no mail: {}", site.server.log()));
    let raw = line["mail"]["raw"].as_str().unwrap().to_owned();
    let parsed = MessageParser::default().parse(raw.as_bytes()).unwrap();
    let text = parsed.body_text(0).unwrap().into_owned();
    (raw, text)
}

/// The path of the link with this word in a mail.
#[track_caller]
fn path_in(site: &Site, text: &str, word: &str) -> String {
    let begin = format!("{}/s/acme/{word}/", site.server.url());
    let (_, rest) = text.split_once(&begin).unwrap_or_else(|| panic!("{text}"));
    let secret: String = rest
        .chars()
        .take_while(|c| !c.is_whitespace() && *c != '>')
        .collect();
    format!("/s/acme/{word}/{secret}")
}

/// Asks for mail by a form and confirms it; returns the path of the subscription.
#[track_caller]
fn subscribe(site: &Site, catcher: &MailCatcher, form: &str) -> String {
    let asked = ask(site, form);
    assert_eq!(asked.status, 202, "{}", asked.text());
    let (_, text) = next_mail(catcher, site);
    let confirmed = post_form(site, &path_in(site, &text, "confirm"), "");
    assert_eq!(confirmed.status, 303, "{}", confirmed.text());
    confirmed.header("location").unwrap().to_owned()
}

fn resolve(site: &Site, incident: &str) {
    site.update(
        incident,
        &json!({ "status": "resolved", "body": "The queue is empty." }),
    );
}

/// Waits until the newest mailing has sent this number of mails.
#[track_caller]
fn wait_for_sent(site: &Site, expected: u64) {
    let mut view = Value::Null;
    for _ in 0..600 {
        view = site.get("/subscribers").json;
        if view["mailings"][0]["sent"] == expected && view["mailings"][0]["waiting"] == 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{view:#}");
}

#[test]
fn a_reader_is_told_once_when_it_is_back() {
    let catcher = catcher();
    let site = site(&catcher);
    let incident = site.publish(&outage());
    let form = format!("email=ada%40example.com&incident={incident}&lang=de-AT");
    let asked = ask(&site, &form);
    assert_eq!(
        (asked.status, &asked.json),
        (202, &json!({ "status": "accepted" }))
    );
    assert_eq!(asked.header("access-control-allow-origin"), Some("*"));
    let (_, text) = next_mail(&catcher, &site);
    let confirm = path_in(&site, &text, "confirm");
    for method in ["GET", "HEAD"] {
        let opened = site.server.request(method, &confirm).send().unwrap();
        assert_eq!(opened.status, 200, "{method}");
        assert_eq!(opened.header("referrer-policy"), Some("no-referrer"));
        assert_eq!(opened.header("cache-control"), Some("no-store"));
    }
    assert_eq!(site.get("/subscribers").json["confirmed"], 0);
    let confirmed = post_form(&site, &confirm, "");
    assert_eq!(confirmed.status, 303);
    let own = site.server.get(confirmed.header("location").unwrap());
    assert!(own.text().contains("ada@example.com"), "{}", own.text());

    resolve(&site, &incident);
    let (raw, text) = next_mail(&catcher, &site);
    let parsed = MessageParser::default().parse(raw.as_bytes()).unwrap();
    let subject = parsed.subject().unwrap();
    let begin = "Resolved: Messages are delayed · ";
    assert!(subject.starts_with(begin), "{subject}");
    assert!(
        raw.contains("\r\nAuto-Submitted: auto-generated\r\n"),
        "{raw}"
    );
    assert!(
        raw.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
        "{raw}"
    );
    assert!(text.contains("The queue is empty."), "{text}");
    wait_for_sent(&site, 1);

    // As mail programs do it: a POST without cookies.
    let (_, list) = raw.split_once("List-Unsubscribe: <").unwrap();
    let unfolded = list
        .split_once('>')
        .unwrap()
        .0
        .replace(['\r', '\n', ' ', '\t'], "");
    let path = unfolded.strip_prefix(&site.server.url()).unwrap();
    let ended = post_form(&site, path, "List-Unsubscribe=One-Click");
    assert_eq!(ended.status, 200, "{}", ended.text());
    assert_eq!(site.get("/subscribers").json["confirmed"], 0);
    site.update(
        &incident,
        &json!({ "status": "investigating", "body": "b" }),
    );
    assert_eq!(catcher.next(Duration::from_secs(3)), None, "nothing more");
    for word in ["ada@example.com", path.rsplit('/').next().unwrap()] {
        assert!(!site.server.log().contains(word), "{word}");
        assert!(!site.get("/journal").text().contains(word), "{word}");
        assert!(!site.get("/export").text().contains(word), "{word}");
    }
}

#[test]
fn a_crash_repeats_at_most_the_mails_in_transit() {
    let catcher = catcher();
    let mut site = site_with(Mail {
        rate: Some("4".to_owned()),
        ..settings(&catcher)
    });
    let incident = site.publish(&outage());
    for number in 0..8 {
        let form = format!("email=reader{number}%40example.com&incident={incident}");
        subscribe(&site, &catcher, &form);
    }
    resolve(&site, &incident);
    let mut ids = Vec::new();
    let message_id = |raw: &str| {
        let parsed = MessageParser::default().parse(raw.as_bytes()).unwrap();
        parsed.message_id().unwrap().to_owned()
    };
    for _ in 0..3 {
        ids.push(message_id(&next_mail(&catcher, &site).0));
    }
    site.server.kill();
    site.server.start_again();
    wait_for_sent_after_crash(&site);
    while let Some(line) = catcher.next(Duration::from_secs(2)) {
        ids.push(message_id(line["mail"]["raw"].as_str().unwrap()));
    }
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 8, "each reader has got the mail");
    assert!(all <= 8 + 2, "{all} mails: two were in transit at most");
}

/// Waits until no mail waits.
#[track_caller]
fn wait_for_sent_after_crash(site: &Site) {
    let mut view = Value::Null;
    for _ in 0..600 {
        view = site.get("/subscribers").json;
        if view["mailings"][0]["waiting"] == 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("{view:#}");
}

#[test]
fn a_server_without_a_key_offers_no_subscription() {
    let catcher = catcher();
    let site = site_with(Mail {
        secret_key: None,
        ..settings(&catcher)
    });
    let incident = site.publish(&outage());
    let form = format!("email=ada%40example.com&incident={incident}");
    assert_eq!(ask(&site, &form).status, 404);
    for path in ["/s/acme", &format!("/s/acme/incidents/{incident}")] {
        let page = site.server.get(path).text();
        assert!(!page.contains("/subscribe"), "{page}");
    }
    assert_eq!(site.server.get("/s/acme/subscribe").status, 404);
    let view = site.get("/subscribers").json;
    assert_eq!(
        (&view["sends_mail"], &view["has_secret_key"]),
        (&json!(true), &json!(false))
    );
}

#[test]
fn malformed_requests_get_a_clear_error() {
    let catcher = catcher();
    let site = site(&catcher);
    let incident = site.publish(&outage());
    for (form, pointer) in [
        (format!("email=ada&incident={incident}"), "/email"),
        ("email=ada%40example.com".to_owned(), "/updates"),
        (
            "email=ada%40example.com&incident=inc_1".to_owned(),
            "/incident",
        ),
        (
            "email=ada%40example.com&updates=all&component=x".to_owned(),
            "/component",
        ),
    ] {
        let answer = ask(&site, &form);
        assert_eq!(answer.status, 422, "{form}");
        assert_eq!(answer.json["errors"][0]["pointer"], pointer, "{form}");
    }
    let path = site.path("/subscriptions");
    let json = site.server.request("POST", &path).json(&json!({}));
    assert_eq!(json.send().unwrap().status, 415);
    let large = format!("email={}", "a".repeat(20_000));
    assert_eq!(ask(&site, &large).status, 413);
    let read = site.server.get(&path);
    assert_eq!(
        (read.status, read.header("allow")),
        (405, Some("POST, OPTIONS"))
    );
    let missing = post_form(
        &site,
        "/v1/sites/nothing/subscriptions",
        "email=a%40b.example",
    );
    assert_eq!(missing.status, 404);
    let unknown = format!("/s/acme/unsubscribe/{}", "a".repeat(43));
    for word in ["confirm", "subscription", "unsubscribe"] {
        let path = unknown.replace("unsubscribe", word);
        assert_eq!(site.server.get(&path).status, 404, "{word}");
        assert_eq!(post_form(&site, &path, "").status, 404, "{word}");
    }
    assert_eq!(
        site.server
            .request("DELETE", &unknown)
            .send()
            .unwrap()
            .status,
        405
    );
}

#[test]
fn an_own_host_name_has_the_form_and_links_of_the_deployment() {
    let catcher = catcher();
    let site = site(&catcher);
    site.change_settings(&json!({ "hostnames": ["status.acme.com"] }));
    site.server.confirm_hostname("acme", "status.acme.com");
    let incident = site.publish(&outage());
    let at = |method: &str, path: &str, form: &str| {
        let request = site
            .server
            .request(method, path)
            .header("host", "status.acme.com");
        let request = request.header("content-type", FORM).token(ROOT_TOKEN);
        request.bytes(form).send().unwrap()
    };
    let page = at("GET", &format!("/subscribe?incident={incident}"), "");
    assert!(
        page.text().contains("action=\"/subscribe\""),
        "{}",
        page.text()
    );
    let form = format!("email=ada%40example.com&incident={incident}");
    let answer = at("POST", "/subscribe", &form);
    assert_eq!(answer.status, 202, "{}", answer.text());
    assert!(
        answer.text().contains("Check your mail"),
        "{}",
        answer.text()
    );
    let (_, text) = next_mail(&catcher, &site);
    assert!(text.contains(&site.server.url()), "{text}");
    assert_eq!(post_form(&site, "/subscribe", &form).status, 404);
}
