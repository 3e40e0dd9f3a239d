//! What was acknowledged is there after a crash, and a repeat doubles nothing.

mod story;

use serde_json::json;
use story::Site;

#[test]
fn a_crash_between_two_updates_loses_and_doubles_nothing() {
    let mut site = Site::new("acme", "Acme SMS", &["Sending"]);
    let incident = json!({
        "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We are looking into it.",
        "components": [{ "id": "sending" }]
    });
    let made = site
        .server
        .post_once(&site.path("/incidents"), &site.token, "incident", &incident);
    assert_eq!(made.status, 201);
    let id = made.json["id"].as_str().unwrap().to_owned();
    let updates = site.path(&format!("/incidents/{id}/updates"));
    let first = json!({ "body": "We know the cause.", "status": "identified" });
    let second = json!({ "body": "Nearly there." });

    let acknowledged = site
        .server
        .post_once(&updates, &site.token, "first", &first);
    assert_eq!(acknowledged.status, 201);
    let before = site.feed().json;
    site.server.kill9();
    site.server.start_again();

    assert_eq!(
        site.feed().json,
        before,
        "the feed is what it was, to the revision"
    );
    assert_eq!(site.incident(&id)["updates"].as_array().unwrap().len(), 2);

    let repeated = site
        .server
        .post_once(&updates, &site.token, "first", &first);
    assert_eq!(repeated.status, 201);
    assert_eq!(repeated.header("idempotent-replayed"), Some("true"));
    assert_eq!(repeated.json, acknowledged.json);
    let again = site
        .server
        .post_once(&site.path("/incidents"), &site.token, "incident", &incident);
    assert_eq!(again.json["id"], id.as_str());
    assert_eq!(site.incident(&id)["updates"].as_array().unwrap().len(), 2);

    assert_eq!(
        site.server
            .post_once(&updates, &site.token, "second", &second)
            .status,
        201
    );
    let after = site.feed().json;
    assert_eq!(after["notices"].as_array().unwrap().len(), 1);
    assert_eq!(after["notices"][0]["updates"][0]["body"], "Nearly there.");
    assert!(after["rev"].as_u64() > before["rev"].as_u64());
}

#[test]
fn many_writers_and_a_crash_keep_every_acknowledged_word() {
    let mut site = Site::new("acme", "Acme SMS", &["Sending"]);
    let id =
        site.publish(&json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" }));
    let updates = site.path(&format!("/incidents/{id}/updates"));
    let client = site.server.client().clone();
    let acknowledged: Vec<String> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let (client, updates, token) = (client.clone(), &updates, &site.token);
                scope.spawn(move || {
                    let mut said = Vec::new();
                    for number in 0..200 {
                        let body = format!("writer {writer}, word {number}");
                        let sent = client
                            .request("POST", updates)
                            .token(token)
                            .json(&json!({ "body": body }))
                            .send();
                        match sent {
                            Ok(answer) if answer.status == 201 => said.push(body),
                            // The server is gone: whatever was not acknowledged may or may not be there.
                            _ => break,
                        }
                    }
                    said
                })
            })
            .collect();
        // The first acknowledged words are in; now the power goes.
        while site.incident(&id)["updates"].as_array().unwrap().len() < 20 {}
        site.server.kill9();
        writers
            .into_iter()
            .flat_map(|writer| writer.join().unwrap())
            .collect()
    });
    site.server.start_again();
    let kept: Vec<String> = site.incident(&id)["updates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|update| update["body"].as_str().unwrap().to_owned())
        .collect();
    assert!(acknowledged.len() >= 15, "{}", acknowledged.len());
    for body in &acknowledged {
        let times = kept.iter().filter(|kept| *kept == body).count();
        assert_eq!(times, 1, "{body}");
    }
}
