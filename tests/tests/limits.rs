//! Many at once, too many in a minute, and names that only one may have.

mod story;

use std::{
    sync::Barrier,
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use e2e::{Answer, ROOT_TOKEN, Server, ServerOptions};
use serde_json::{Value, json};
use story::Site;

fn outage() -> Value {
    json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We look into it." })
}

fn made(server: &Server, slug: &str) -> String {
    let body = json!({ "slug": slug, "name": slug });
    let made = server.post("/v1/sites", ROOT_TOKEN, &body);
    assert_eq!(made.status, 201, "{}", made.text());
    made.json["token"].as_str().unwrap().to_owned()
}

#[test]
fn two_operators_at_once_both_land_and_nothing_is_lost() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let id = site.publish(&outage());
    let updates = site.path(&format!("/incidents/{id}/updates"));
    let both = Barrier::new(2);
    thread::scope(|scope| {
        for operator in ["Ada", "Grace"] {
            let (updates, both, site) = (&updates, &both, &site);
            scope.spawn(move || {
                for word in 0..50 {
                    both.wait();
                    let body = json!({ "body": format!("{operator} {word}") });
                    let said = site.server.post(updates, &site.token, &body);
                    assert_eq!(said.status, 201, "{}", said.text());
                }
            });
        }
    });
    let updates = site.incident(&id)["updates"].clone();
    let said: Vec<&str> = updates
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|update| update["body"].as_str().unwrap())
        .collect();
    assert_eq!(said.len(), 101);
    for operator in ["Ada", "Grace"] {
        let own: Vec<&&str> = said
            .iter()
            .filter(|body| body.starts_with(operator))
            .collect();
        let expected: Vec<String> = (0..50).map(|word| format!("{operator} {word}")).collect();
        assert!(
            own.iter().map(|body| **body).eq(expected.iter()),
            "in order"
        );
    }
}

#[test]
fn two_changes_at_once_of_what_both_have_read_one_wins_and_the_other_learns_it() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let id = site.publish(&outage());
    let path = site.path(&format!("/incidents/{id}"));
    for round in 0..20 {
        let read = site.server.get_as(&site.token, &path);
        let etag = read.header("etag").unwrap();
        let both = Barrier::new(2);
        let change = |title: String| {
            let (site, path, both) = (&site, &path, &both);
            move || {
                let request = site.server.request("PATCH", path).token(&site.token);
                let request = request.header("if-match", etag);
                both.wait();
                request
                    .json(&json!({ "title": title }))
                    .send()
                    .unwrap()
                    .status
            }
        };
        let mut statuses = thread::scope(|scope| {
            let one = scope.spawn(change(format!("One {round}")));
            let other = scope.spawn(change(format!("Other {round}")));
            [one.join().unwrap(), other.join().unwrap()]
        });
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 412]);
    }
}

#[test]
fn one_key_sent_twice_at_once_happens_once() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let path = site.path("/incidents");
    let ids: Vec<Value> = thread::scope(|scope| {
        let senders: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| site.server.post_once(&path, &site.token, "k", &outage())))
            .collect();
        senders
            .into_iter()
            .map(|sender| sender.join().unwrap().json["id"].clone())
            .collect()
    });
    assert!(
        ids.iter().all(|id| id.is_string() && *id == ids[0]),
        "{ids:?}"
    );
    let listed = site.server.get_as(&site.token, &path).json;
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

/// Behind a proxy, so that a request may come from any address; and at the beginning of a minute by its own clock, so that
/// none ends during a test.
fn proxied() -> Server {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let into_the_minute = i64::try_from(now.as_secs() % 60).unwrap();
    Server::with(&ServerOptions {
        trust_proxy: true,
        clock_offset_s: 60 - into_the_minute,
        ..ServerOptions::default()
    })
}

fn incidents(server: &Server, token: &str, address: &str) -> Answer {
    let request = server.request("GET", "/v1/sites/acme/incidents");
    let request = request.token(token);
    request.header("x-forwarded-for", address).send().unwrap()
}

fn forged(number: usize) -> String {
    format!("ac_acme_{number:x>43}")
}

/// Twenty failed logins, and what the next hears.
fn after_twenty(server: &Server, tokens: &[String], address: &str) -> Answer {
    let mut answers: Vec<Answer> = tokens
        .iter()
        .map(|token| incidents(server, token, address))
        .collect();
    let next = answers.pop().unwrap();
    let statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [401; 20]);
    assert_eq!(next.status, 429);
    next
}

#[test]
fn twenty_failed_logins_and_the_address_waits() {
    let server = proxied();
    let token = made(&server, "acme");
    let address = "203.0.113.1";
    let refused = after_twenty(&server, &vec![forged(0); 21], address);
    assert_eq!(refused.json["code"], "too_many_requests");
    let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=60).contains(&wait));
    assert!(refused.header("ratelimit").is_some());
    assert!(refused.header("ratelimit-policy").is_some());
    let right = incidents(&server, &token, address).status;
    assert_eq!(right, 200, "who shares the address of a forgotten script");
    let elsewhere = incidents(&server, &forged(0), "198.51.100.7").status;
    assert_eq!(elsewhere, 401);
    let feed = server.request("GET", "/v1/sites/acme/feed");
    let feed = feed.header("x-forwarded-for", address).send().unwrap();
    assert_eq!(feed.status, 200, "reading is free");
}

#[test]
fn only_what_our_own_proxy_adds_is_believed() {
    let server = proxied();
    made(&server, "acme");
    let address = "203.0.113.1";
    after_twenty(&server, &vec![forged(0); 21], address);
    let spoofed = format!("198.51.100.7, {address}");
    assert_eq!(incidents(&server, &forged(0), &spoofed).status, 429);
}

#[test]
fn twenty_guesses_a_minute_and_no_more() {
    let server = proxied();
    let (fresh, known) = (made(&server, "acme"), made(&server, "acme-2"));
    let ask = |token: &str, path: &str, address: &str| {
        let request = server.request("GET", path).token(token);
        let request = request.header("x-forwarded-for", address);
        request.send().unwrap().status
    };
    assert_eq!(ask(&known, "/v1/sites/acme-2", "198.51.100.7"), 200);
    let address = "203.0.113.1";
    let guesses: Vec<String> = (0..21).map(forged).collect();
    after_twenty(&server, &guesses, address);
    // Neither a right guess nor the deployment's own token can be told from a wrong one any more.
    assert_eq!(ask(&fresh, "/v1/sites/acme", address), 429);
    assert_eq!(ask(ROOT_TOKEN, "/v1/sites", address), 429);
    // Nobody has guessed what has been good before.
    assert_eq!(ask(&known, "/v1/sites/acme-2", address), 200);
}

#[test]
fn forwarded_addresses_are_nobodys_word_without_a_proxy() {
    let server = Server::start();
    made(&server, "acme");
    let forged = format!("ac_acme_{}", "x".repeat(43));
    let statuses: Vec<u16> = (0..45)
        .map(|number| {
            let request = server
                .request("GET", "/v1/sites/acme/incidents")
                .token(&forged);
            let request = request.header("x-forwarded-for", &format!("203.0.113.{number}"));
            let request = request.header("cf-connecting-ip", &format!("203.0.113.{number}"));
            request.send().unwrap().status
        })
        .collect();
    assert!(statuses.contains(&429), "{statuses:?}");
}

#[test]
fn a_token_writes_so_often_a_minute() {
    let server = Server::with(&ServerOptions {
        write_limit: Some(5),
        ..ServerOptions::default()
    });
    let token = made(&server, "acme");
    let path = "/v1/sites/acme/incidents";
    let answers: Vec<Answer> = (0..12)
        .map(|number| server.post_once(path, &token, &format!("k{number}"), &outage()))
        .collect();
    for answer in &answers {
        assert!(
            answer
                .header("ratelimit-policy")
                .unwrap()
                .contains("q=5;w=60")
        );
        assert!(answer.header("ratelimit").is_some());
    }
    let refused = answers.iter().find(|answer| answer.status == 429);
    let refused = refused.expect("at most ten in two minutes");
    assert_eq!(refused.json["code"], "too_many_requests");
    assert!(refused.header("retry-after").is_some());
    assert!(refused.header("ratelimit").unwrap().contains("r=0"));
    let repeated = server.post_once(path, &token, "k0", &outage());
    assert_eq!(repeated.status, 201, "a repeat is answered before limits");
    assert_eq!(server.get_as(&token, path).status, 200, "reads are free");
    let other = made(&server, "other");
    let others = server.post("/v1/sites/other/incidents", &other, &outage());
    assert_eq!(others.status, 201);
}

#[test]
fn root_writes_so_often_a_minute_over_all_sites() {
    let server = Server::with(&ServerOptions {
        write_limit: Some(6),
        ..ServerOptions::default()
    });
    let make = |slug: &str, key: &str| {
        let body = json!({ "slug": slug, "name": slug });
        server.post_once("/v1/sites", ROOT_TOKEN, key, &body)
    };
    let first = make("acme", "first");
    let owner = first.json["token"].as_str().unwrap().to_owned();
    // Four writes a round, of which none is a site's own: at most three rounds and a half in two minutes.
    let mut answers = vec![first];
    for round in 0..4 {
        let slug = format!("site-{round}");
        answers.push(make(&slug, &slug));
        for site in ["acme", slug.as_str()] {
            let path = format!("/v1/sites/{site}/components");
            let body = json!({ "name": format!("Part {round}") });
            answers.push(server.post(&path, ROOT_TOKEN, &body));
        }
        let request = server.request("DELETE", &format!("/v1/sites/{slug}"));
        answers.push(request.token(ROOT_TOKEN).send().unwrap());
    }
    for answer in answers.iter().filter(|answer| answer.status < 300) {
        let policy = answer.header("ratelimit-policy").unwrap();
        assert!(policy.contains("q=6;w=60"), "{policy}");
        assert!(answer.header("ratelimit").is_some());
    }
    let done = answers.iter().filter(|answer| answer.status < 300).count();
    assert!((6..=12).contains(&done), "{done}");
    let refused = answers.iter().find(|answer| answer.status == 429);
    let refused = refused.expect("at most twelve in two minutes");
    assert_eq!(refused.json["code"], "too_many_requests");
    assert!(refused.header("retry-after").is_some());
    assert!(refused.header("ratelimit").unwrap().contains("r=0"));
    let again = make("acme", "first");
    assert_eq!(again.status, 201, "a repeat is answered before limits");
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(
        server.get_as(ROOT_TOKEN, "/v1/sites").status,
        200,
        "reads are free"
    );
    let own = server.post("/v1/sites/acme/incidents", &owner, &outage());
    assert_eq!(own.status, 201, "a site's own token has its own minute");
}

#[test]
fn a_host_name_belongs_to_one_site_and_is_no_door_for_operators() {
    let server = Server::with(&ServerOptions {
        public_url: Some("https://status.example.com".to_owned()),
        ..ServerOptions::default()
    });
    let (acme, other) = (made(&server, "acme"), made(&server, "other"));
    let claim = |slug: &str, token: &str, key: &str, names: &[&str]| {
        let path = format!("/v1/sites/{slug}");
        let read = server.get_as(token, &path);
        let request = server.request("PATCH", &path).token(token).key(key);
        let request = request.header("if-match", read.header("etag").unwrap());
        request.json(&json!({ "hostnames": names })).send().unwrap()
    };
    let code = |answer: &Answer| answer.json["code"].as_str().unwrap_or_default().to_owned();
    let own = claim("acme", &acme, "1", &["status.example.com"]);
    assert_eq!(
        (own.status, code(&own).as_str()),
        (409, "hostname_taken"),
        "ours"
    );
    for bad in ["No.Capitals.com", "nodot", "sp ace.com", "-a.com"] {
        assert_eq!(claim("acme", &acme, "2", &[bad]).status, 422, "{bad}");
    }
    assert_eq!(claim("acme", &acme, "3", &["status.acme.com"]).status, 200);
    let taken = claim("other", &other, "1", &["help.other.com", "status.acme.com"]);
    assert_eq!(
        (taken.status, code(&taken).as_str()),
        (409, "hostname_taken")
    );
    assert_eq!(claim("other", &other, "2", &["help.other.com"]).status, 200);

    let at = |host: &str, method: &str, path: &str| {
        let request = server.request(method, path).token(&acme);
        request.header("host", host).send().unwrap().status
    };
    for (method, path) in [
        ("GET", "/v1/sites"),
        ("GET", "/v1/sites/acme"),
        ("GET", "/v1/sites/acme/journal"),
        ("POST", "/v1/sites/acme/incidents"),
        ("DELETE", "/v1/sites/acme"),
    ] {
        assert_eq!(at("status.acme.com", method, path), 404, "{method} {path}");
    }
    assert_eq!(at("status.acme.com", "GET", "/v1/sites/acme/feed"), 200);
    assert_eq!(at("status.example.com", "GET", "/v1/sites/acme"), 200);
    assert_eq!(at("unclaimed.example.com", "GET", "/v1/sites/acme"), 200);

    // Given up, then claimed by somebody else, then an old request is repeated: it moves nothing.
    assert_eq!(claim("acme", &acme, "4", &[]).status, 200);
    assert_eq!(
        claim("other", &other, "3", &["status.acme.com"]).status,
        200
    );
    let repeated = claim("acme", &acme, "3", &["status.acme.com"]);
    assert_ne!(repeated.json["code"], "idempotency_mismatch");
    assert_eq!(at("status.acme.com", "GET", "/v1/sites/other"), 404);
    let request = server.request("DELETE", "/v1/sites/other").token(&other);
    assert_eq!(request.send().unwrap().status, 204);
    assert_eq!(
        claim("acme", &acme, "5", &["status.acme.com"]).status,
        200,
        "free again"
    );
    let read = server.get_as(&acme, "/v1/sites/acme");
    let request = server.request("PATCH", "/v1/sites/acme").token(&acme);
    let request = request.header("if-match", read.header("etag").unwrap());
    let cleared = request.json(&json!({ "hostnames": null })).send().unwrap();
    assert_eq!(
        (cleared.status, &cleared.json["hostnames"]),
        (200, &json!([]))
    );
    let third = made(&server, "third");
    assert_eq!(
        claim("third", &third, "1", &["status.acme.com"]).status,
        200,
        "null gives it up too"
    );
}
