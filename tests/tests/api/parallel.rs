//! Many requests at once: each write is done once, and none is lost.

use std::{collections::BTreeSet, thread};

use e2e::{Answer, Client, ROOT_TOKEN, ServerOptions, Site, outage_with};
use serde_json::{Value, json};

/// A site whose writes are not limited.
fn unlimited(components: &[&str]) -> Site {
    let options = ServerOptions {
        write_limit: Some(0),
        ..ServerOptions::default()
    };
    Site::with(&options, "acme", "Acme SMS", components)
}

/// Calls `send` with each number below `count` at the same time, each in a thread of its own;
/// returns the answers.
fn at_once(count: usize, send: impl Fn(usize) -> Answer + Sync) -> Vec<Answer> {
    let send = &send;
    thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| scope.spawn(move || send(number)))
            .collect();
        let answers = threads.into_iter().map(|thread| thread.join().unwrap());
        answers.collect()
    })
}

fn count(answers: &[Answer], status: u16) -> usize {
    let fits = |answer: &&Answer| answer.status == status;
    answers.iter().filter(fits).count()
}

/// The distinct values of a field of the answers.
fn distinct(answers: &[Answer], field: &str) -> BTreeSet<String> {
    let values = answers.iter().map(|answer| answer.json[field].to_string());
    values.collect()
}

fn client(site: &Site) -> Client {
    site.server.client().clone()
}

fn items(site: &Site, path: &str) -> Vec<Value> {
    let mut items = Vec::new();
    let mut next = String::new();
    loop {
        let page = site.get(&format!("{path}?limit=100&cursor={next}")).json;
        items.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(cursor) => cursor.clone_into(&mut next),
            None => return items,
        }
    }
}

#[test]
fn parallel_publishes_create_200_incidents() {
    let site = unlimited(&["Sending"]);
    let (client, path) = (client(&site), site.path("/incidents"));
    let rows = site.verify()["rows"].as_u64().unwrap();
    let answers = at_once(200, |number| {
        let body = outage_with(&json!({ "title": format!("Number {number}") }));
        let request = client.request("POST", &path).token(&site.token);
        request.json(&body).send().unwrap()
    });
    assert_eq!(count(&answers, 201), 200);
    assert_eq!(distinct(&answers, "id").len(), 200);
    let titles: BTreeSet<String> = items(&site, "/incidents")
        .iter()
        .map(|incident| incident["title"].to_string())
        .collect();
    assert_eq!(titles, distinct(&answers, "title"));
    let found = site.verify();
    assert_eq!(
        (&found["ok"], &found["rows"]),
        (&json!(true), &json!(rows + 200))
    );
}

#[test]
fn parallel_patches_with_one_etag_give_one_200_and_199_412() {
    let site = unlimited(&[]);
    let id = site.publish(&outage_with(&json!({})));
    let path = site.path(&format!("/incidents/{id}"));
    let etag = site.server.get_as(&site.token, &path);
    let etag = etag.header("etag").unwrap();
    let client = client(&site);
    let answers = at_once(200, |number| {
        let request = client.request("PATCH", &path).token(&site.token);
        let body = json!({ "title": format!("Number {number}") });
        request.header("if-match", etag).json(&body).send().unwrap()
    });
    assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 199));
    let winner = answers.iter().find(|answer| answer.status == 200).unwrap();
    assert_eq!(site.incident(&id)["title"], winner.json["title"]);
    assert_eq!(site.verify()["ok"], true);
}

/// A kind of write.
struct Kind {
    name: &'static str,
    path: String,
    token: String,
    body: Value,
    /// Counts the resources that such writes have created.
    effects: fn(&Site) -> usize,
}

fn kinds(site: &Site, incident: &str) -> Vec<Kind> {
    let updates = |site: &Site| -> usize {
        let incidents = items(site, "/incidents");
        let updates = incidents
            .iter()
            .map(|incident| incident["updates"].as_array().unwrap());
        // Each incident begins with one update.
        updates.map(|updates| updates.len() - 1).sum()
    };
    let owned = |name, path: &str, body, effects| Kind {
        name,
        path: site.path(path),
        token: site.token.clone(),
        body,
        effects,
    };
    vec![
        owned("incident", "/incidents", outage_with(&json!({})), |site| {
            items(site, "/incidents").len()
        }),
        owned(
            "update",
            &format!("/incidents/{incident}/updates"),
            json!({ "body": "We know the cause." }),
            updates,
        ),
        owned(
            "component",
            "/components",
            json!({ "name": "Reports" }),
            |site| {
                site.get("/components").json["items"]
                    .as_array()
                    .unwrap()
                    .len()
            },
        ),
        owned(
            "template",
            "/templates",
            json!({ "name": "Delay" }),
            |site| {
                site.get("/templates").json["items"]
                    .as_array()
                    .unwrap()
                    .len()
            },
        ),
        owned("token", "/tokens", json!({ "role": "viewer" }), |site| {
            site.get("/tokens").json["items"].as_array().unwrap().len()
        }),
        Kind {
            name: "site",
            path: "/v1/sites".to_owned(),
            token: ROOT_TOKEN.to_owned(),
            body: json!({ "slug": "other", "name": "Other" }),
            effects: |site| {
                let sites = site.server.get_as(ROOT_TOKEN, "/v1/sites");
                sites.json["items"].as_array().unwrap().len()
            },
        },
    ]
}

#[test]
fn parallel_repeats_of_one_key_have_one_effect() {
    let site = unlimited(&["Sending"]);
    let incident = site.publish(&outage_with(&json!({})));
    let client = client(&site);
    for kind in kinds(&site, &incident) {
        let before = (kind.effects)(&site);
        let send = || {
            let request = client.request("POST", &kind.path).token(&kind.token);
            request.key(kind.name).json(&kind.body).send().unwrap()
        };
        let answers = at_once(50, |_| send());
        let name = kind.name;
        // A repeat during the first request may get 409 or 503; a later repeat gets the stored
        // answer.
        let is_allowed =
            |answer: &Answer| answer.status == 201 || [409, 503].contains(&answer.status);
        for answer in &answers {
            assert!(
                is_allowed(answer),
                "{name}: {} {}",
                answer.status,
                answer.text()
            );
        }
        assert!(count(&answers, 201) >= 1, "{name}");
        let originals = answers.iter().filter(|answer| {
            answer.status == 201 && answer.header("idempotent-replayed").is_none()
        });
        assert_eq!(
            originals.count(),
            1,
            "{name}: exactly one answer is not a replay"
        );
        assert_eq!((kind.effects)(&site), before + 1, "{name}");
        let last = send();
        assert_eq!(last.status, 201, "{name}");
        assert_eq!(last.header("idempotent-replayed"), Some("true"), "{name}");
        assert_eq!((kind.effects)(&site), before + 1, "{name}");
    }
    assert_eq!(site.verify()["ok"], true);
}
