//! Concurrent writes and rate limits.

use std::{sync::Barrier, thread};

use e2e::{Answer, ROOT_TOKEN, Server, ServerOptions, Site, outage};
use serde_json::{Value, json};

#[test]
fn concurrent_updates_are_all_kept_in_order() {
    let site = Site::empty();
    let id = site.publish(&outage());
    let updates = site.path(&format!("/incidents/{id}/updates"));
    let both = Barrier::new(2);
    thread::scope(|scope| {
        for operator in ["Ada", "Grace"] {
            let (updates, both, site) = (&updates, &both, &site);
            scope.spawn(move || {
                for number in 0..50 {
                    both.wait();
                    let body = json!({ "body": format!("{operator} {number}") });
                    let answer = site.server.post(updates, &site.token, &body);
                    assert_eq!(answer.status, 201, "{}", answer.text());
                }
            });
        }
    });
    let updates = site.incident(&id)["updates"].clone();
    let bodies: Vec<&str> = updates
        .as_array()
        .unwrap()
        .iter()
        .rev()
        .map(|update| update["body"].as_str().unwrap())
        .collect();
    assert_eq!(bodies.len(), 101);
    for operator in ["Ada", "Grace"] {
        let own: Vec<&&str> = bodies
            .iter()
            .filter(|body| body.starts_with(operator))
            .collect();
        let expected: Vec<String> = (0..50)
            .map(|number| format!("{operator} {number}"))
            .collect();
        assert!(
            own.iter().map(|body| **body).eq(expected.iter()),
            "in order"
        );
    }
}

#[test]
fn concurrent_patches_with_one_etag_give_one_200_and_one_412() {
    let site = Site::empty();
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
fn concurrent_requests_with_one_key_create_once() {
    let site = Site::empty();
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

#[test]
fn writes_per_minute_are_limited_per_token() {
    let server = Server::with(&ServerOptions {
        write_limit: Some(5),
        ..ServerOptions::default()
    });
    let token = server.create_site(&json!({ "slug": "acme", "name": "acme" }));
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
    assert_eq!(repeated.status, 201, "a replay is answered before limits");
    assert_eq!(
        server.get_as(&token, path).status,
        200,
        "reads are not limited"
    );
    let other = server.create_site(&json!({ "slug": "other", "name": "other" }));
    let others = server.post("/v1/sites/other/incidents", &other, &outage());
    assert_eq!(others.status, 201);
}

#[test]
fn roots_writes_per_minute_are_limited_over_all_sites() {
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
    // 17 writes by root in all: the first creation and four rounds of four. Two minutes allow 12, so at least one is
    // refused, even if a minute ends during the test.
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
    assert_eq!(again.status, 201, "a replay is answered before limits");
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(
        server.get_as(ROOT_TOKEN, "/v1/sites").status,
        200,
        "reads are not limited"
    );
    let own = server.post("/v1/sites/acme/incidents", &owner, &outage());
    assert_eq!(own.status, 201, "a site's own token has a limit of its own");
}
