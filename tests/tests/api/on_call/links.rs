//! The pages that links in on-call messages open: acknowledgement and sign-in.

use e2e::{Answer, Hanging, HangingServer, Received, Server, Sink, Site};
use serde_json::{Value, json};

use super::{MINUTE_S, SOON, publish_promise, rows, set_targets, site, wait_for_event};

/// The path of a link in a message.
#[track_caller]
fn link(site: &Site, message: &Received, name: &str) -> String {
    let body = message.json();
    let url = body["data"]["on_call"][name].as_str();
    let url = url.unwrap_or_else(|| panic!("{name}: {body:#}"));
    url.strip_prefix(&site.server.url()).unwrap().to_owned()
}

fn send(site: &Site, method: &str, path: &str) -> Answer {
    open(&site.server, method, path)
}

fn open(server: &Server, method: &str, path: &str) -> Answer {
    let request = server.request(method, path).header("accept", "text/html");
    request.send().unwrap()
}

/// The path of a link that nobody was sent.
fn guess(number: usize) -> String {
    format!("/s/acme/on-call/{number:x>43}")
}

#[test]
fn the_button_of_the_page_acknowledges_and_stops_further_pages() {
    let mut site = site();
    let sink = Sink::start();
    set_targets(&site, &sink, &["/first", "/second"], &json!({}));
    let incident = publish_promise(&site, 3);
    let page = wait_for_event(&sink, "/first", "promise.overdue").remove(0);
    let path = link(&site, &page, "acknowledge_url");
    let before = site.feed().json["rev"].clone();
    for method in ["GET", "HEAD", "GET"] {
        let shown = send(&site, method, &path);
        assert_eq!(shown.status, 200, "{}", shown.text());
        assert_eq!(shown.header("cache-control"), Some("no-store"));
    }
    assert_eq!(rows(&site, "promise.acknowledged"), [] as [Value; 0]);
    let shown = send(&site, "GET", &path).text();
    assert!(
        shown.contains("Update overdue: Messages are delayed"),
        "{shown}"
    );

    let pressed = send(&site, "POST", &path);
    assert_eq!(pressed.status, 303, "{}", pressed.text());
    assert_eq!(pressed.header("location"), Some(path.as_str()));
    let shown = send(&site, "GET", &path).text();
    assert!(shown.contains("/first acknowledged"), "{shown}");
    assert_eq!(site.feed().json["rev"], before, "nothing public changes");
    let rows = rows(&site, "promise.acknowledged");
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["row"]["actor"], "on_call");
    assert_eq!(rows[0]["event"]["name"], "/first");
    assert_eq!(site.incident(&incident)["acknowledged"]["name"], "/first");

    site.server.restart_with_clock_offset(60 * MINUTE_S);
    // The second target would have been paged after 15 min.
    site.feed();
    assert_eq!(
        site.get("/on-call").json["escalations"][0]["state"],
        "acknowledged"
    );
    assert_eq!(sink.received("/second").len(), 0);
}

#[test]
fn invalid_links_give_404_and_wrong_methods_405() {
    let site = site();
    let secret = "A".repeat(43);
    for (method, path, status) in [
        ("GET", format!("/s/acme/on-call/{secret}"), 404),
        ("POST", format!("/s/acme/on-call/{secret}"), 404),
        ("GET", format!("/s/nobody/on-call/{secret}"), 404),
        ("GET", "/s/acme/on-call/short".to_owned(), 404),
        ("GET", "/s/acme/on-call".to_owned(), 404),
        ("PUT", format!("/s/acme/on-call/{secret}"), 405),
    ] {
        let answer = send(&site, method, &path);
        assert_eq!(answer.status, status, "{method} {path}: {}", answer.text());
    }
}

#[test]
fn valid_links_work_after_many_guesses() {
    let mut site = site();
    let sink = Sink::start();
    set_targets(&site, &sink, &["/first", "/second"], &json!({}));
    assert_eq!(site.post("/on-call/test", &json!({})).status, 202);
    let path = |target: &str| {
        let test = sink.wait_for_count(target, 1, SOON).remove(0);
        link(&site, &test, "acknowledge_url")
    };
    let (first, second) = (path("/first"), path("/second"));
    assert_eq!(send(&site, "GET", &first).status, 200);
    // All clients have one address, as behind a proxy whose header is not trusted.
    for number in 0..75 {
        assert_eq!(send(&site, "GET", &guess(2 * number)).status, 404);
        assert_eq!(send(&site, "POST", &guess(2 * number + 1)).status, 404);
    }
    for _ in 0..20 {
        assert_eq!(send(&site, "POST", &guess(0)).status, 404, "from memory");
    }
    assert_eq!(send(&site, "POST", &first).status, 303);
    assert_eq!(
        send(&site, "GET", &second).status,
        200,
        "opened for the first time"
    );
    assert_eq!(send(&site, "POST", &second).status, 303);
    let targets = site.get("/on-call").json["targets"].clone();
    let targets = targets.as_array().unwrap();
    let have_answered = targets.iter().all(|one| one["answered_at"].is_string());
    assert!(have_answered, "{targets:#?}");
    // A restarted server remembers no valid link, and gets the guesses first.
    site.server.restart();
    for number in 1000..1070 {
        assert_eq!(send(&site, "GET", &guess(number)).status, 404);
    }
    assert_eq!(send(&site, "GET", &first).status, 200);
    // Guessed links do not count as failed logins.
    assert_eq!(site.get("").status, 200);
}

#[test]
fn a_refused_link_does_not_ask_the_object() {
    let hanging = HangingServer::start();
    let server = &hanging.server;
    server.create_site(&json!({ "slug": "acme", "name": "acme" }));
    let refused = open(server, "GET", &guess(0));
    assert_eq!(refused.status, 404);
    hanging.hang(Hanging::Site);
    for method in ["GET", "POST"] {
        // A request that asked the object would get 503.
        let again = open(server, method, &guess(0));
        assert_eq!(again.status, 404, "{method}: {}", again.text());
        assert_eq!(again.text(), refused.text());
        assert_eq!(again.header("cache-control"), Some("no-store"));
    }
    assert_eq!(open(server, "GET", &guess(1)).status, 503);
    hanging.recover(Hanging::Site);
    assert_eq!(open(server, "GET", &guess(2)).status, 404);
}

#[test]
fn an_allowed_target_that_answered_a_test_can_sign_in_once() {
    let site = site();
    let sink = Sink::start();
    set_targets(&site, &sink, &["/first"], &json!({ "session_link": true }));
    assert_eq!(site.post("/on-call/test", &json!({})).status, 202);
    let test = sink.wait_for_count("/first", 1, SOON).remove(0);
    let answer = link(&site, &test, "acknowledge_url");
    assert_eq!(send(&site, "POST", &answer).status, 303);
    publish_promise(&site, 3);
    let page = wait_for_event(&sink, "/first", "promise.overdue").remove(0);
    let path = link(&site, &page, "session_url");
    assert_eq!(send(&site, "GET", &path).status, 200);
    let pressed = send(&site, "POST", &path);
    assert_eq!(pressed.status, 303, "{}", pressed.text());
    assert_eq!(send(&site, "POST", &path).status, 410);
    let console = pressed.header("location").unwrap();
    let (_, secret) = console.split_once("#invitation=acme.").unwrap();
    let redeem = site
        .server
        .request("POST", &site.path("/invitations/redeem"));
    let session = redeem
        .json(&json!({ "invitation": secret }))
        .send()
        .unwrap();
    assert_eq!(session.status, 201, "{}", session.text());
    assert_eq!(session.json["role"], "editor");
    assert!(session.json["expires_at"].is_string());
    let token = session.json["token"].as_str().unwrap();
    let own = site.server.get_as(token, &site.path("/tokens/self"));
    assert_eq!(own.json["expires_at"], session.json["expires_at"]);
}
