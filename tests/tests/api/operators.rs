//! The operator API over real HTTP, endpoint by endpoint, as a console or a script uses it.

use e2e::{Answer, Site, code, in_minutes, sending_outage};
use serde_json::{Value, json};

/// Sends a merge patch, with an ETag as `If-Match`.
fn patch(site: &Site, path: &str, if_match: Option<&str>, body: &Value) -> Answer {
    send(site, "PATCH", path, if_match, body)
}

fn send(site: &Site, method: &str, path: &str, if_match: Option<&str>, body: &Value) -> Answer {
    let path = site.path(path);
    let mut request = site.server.request(method, &path).token(&site.token);
    if let Some(etag) = if_match {
        request = request.header("if-match", etag);
    }
    request.json(body).send().unwrap()
}

fn get(site: &Site, path: &str) -> Answer {
    site.server.get_as(&site.token, &site.path(path))
}

fn delete(site: &Site, path: &str) -> Answer {
    let path = site.path(path);
    let request = site.server.request("DELETE", &path).token(&site.token);
    request.send().unwrap()
}

fn etag(answer: &Answer) -> String {
    answer.header("etag").expect("an entity tag").to_owned()
}

#[test]
fn components_are_created_listed_changed_and_deleted() {
    let site = Site::new("acme", "Acme SMS", &["Sending", "Receiving"]);
    let created = site.post(
        "/components",
        &json!({ "name": "Reports (EU)", "group": "Insight", "tier": 3, "position": 0 }),
    );
    assert_eq!(created.status, 201);
    assert_eq!(created.json["slug"], "reports-eu");
    let id = created.json["id"].as_str().unwrap();
    let address = format!("/components/{id}");
    assert_eq!(
        created.header("location"),
        Some(site.path(&address).as_str()),
        "the new component's address"
    );
    let listed = get(&site, "/components");
    let slugs: Vec<_> = listed.json["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|component| component["slug"].clone())
        .collect();
    assert_eq!(slugs, ["reports-eu", "sending", "receiving"]);
    assert!(listed.json["next"].is_null());

    let read = get(&site, "/components/reports-eu");
    assert_eq!(read.json, get(&site, &address).json, "by id or by slug");
    assert_eq!(etag(&read), etag(&created));
    let name = json!({ "name": "Reports", "group": null });
    assert_eq!(
        code(&patch(&site, &address, None, &name)),
        (428, "precondition_required")
    );
    assert_eq!(
        code(&patch(&site, &address, Some("\"old\""), &name)),
        (412, "precondition_failed")
    );
    let weak = format!("W/{}", etag(&read));
    let changed = patch(&site, &address, Some(&weak), &name);
    assert_eq!(
        (changed.status, &changed.json["name"]),
        (200, &name["name"])
    );
    assert!(changed.json["group"].is_null());
    assert_eq!(
        code(&patch(&site, &address, Some(&etag(&read)), &name)),
        (412, "precondition_failed"),
        "the ETag is outdated"
    );

    let incident = site.publish(&sending_outage());
    assert_eq!(
        get(&site, "/components/sending").json["status"],
        "partial_outage"
    );
    assert_eq!(
        code(&delete(&site, "/components/sending")),
        (409, "not_empty")
    );
    site.update(&incident, &json!({ "body": "Done.", "status": "resolved" }));
    let deleted = delete(&site, "/components/sending");
    assert_eq!((deleted.status, deleted.text().as_str()), (204, ""));
    assert_eq!(delete(&site, "/components/sending").status, 404);
}

#[test]
fn incidents_are_listed_page_by_page() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let mut created: Vec<String> = (0..4).map(|_| site.publish(&sending_outage())).collect();
    created.push(site.publish(
        &json!({ "kind": "announcement", "title": "New terms", "body": "They change.", "draft": true }),
    ));
    created.reverse();
    let (mut seen, mut path) = (Vec::new(), "/incidents?limit=2".to_owned());
    loop {
        let part = get(&site, &path).json;
        for incident in part["items"].as_array().unwrap() {
            seen.push(incident["id"].as_str().unwrap().to_owned());
        }
        match part["next"].as_str() {
            Some(next) => path = format!("/incidents?limit=2&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(seen, created, "newest first, each once, drafts among them");
    site.update(
        &created[1],
        &json!({ "body": "Done.", "status": "resolved" }),
    );
    for (query, count) in [
        ("?status=resolved", 1),
        ("?status=investigating", 3),
        ("?kind=announcement", 1),
        ("?open=true", 4),
        ("?open=true&kind=incident", 3),
        ("?kind=maintenance", 0),
        ("?status=&kind=&cursor=&limit=", 5),
    ] {
        let found = get(&site, &format!("/incidents{query}")).json;
        assert_eq!(found["items"].as_array().unwrap().len(), count, "{query}");
    }
}

#[test]
fn a_draft_is_published_and_an_incident_withdrawn() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let mut draft = sending_outage();
    draft["draft"] = json!(true);
    let id = site.publish(&draft);
    let address = format!("/incidents/{id}");
    assert_eq!(site.feed().json["notices"], json!([]));
    let update = site.post(&format!("{address}/updates"), &json!({ "body": "x" }));
    assert_eq!(code(&update), (409, "illegal_transition"));
    let read = get(&site, &address);
    let published = patch(
        &site,
        &address,
        Some(&etag(&read)),
        &json!({ "draft": false }),
    );
    assert_eq!(published.status, 200);
    assert_eq!(site.feed().json["notices"][0]["id"], id.as_str());
    assert_eq!(code(&delete(&site, &address)), (409, "illegal_transition"));

    let stale = patch(
        &site,
        &address,
        Some(&etag(&read)),
        &json!({ "title": "Other" }),
    );
    assert_eq!(code(&stale), (412, "precondition_failed"));
    let reason = json!({ "reason": "Wrong customer." });
    assert_eq!(
        site.post(&format!("{address}/withdraw"), &reason).status,
        200
    );
    let notice = &site.feed().json["notices"][0];
    assert_eq!(notice["kind"], "restored");
    assert_eq!(notice["restored"]["withdrawn"], "Wrong customer.");
    let again = site.post(&format!("{address}/withdraw"), &reason);
    assert_eq!(code(&again), (409, "illegal_transition"));

    let id = site.publish(&draft);
    assert_eq!(delete(&site, &format!("/incidents/{id}")).status, 204);
    assert_eq!(get(&site, &format!("/incidents/{id}")).status, 404);
}

#[test]
fn an_update_is_corrected_and_a_postmortem_published() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let id = site.publish(&sending_outage());
    let address = format!("/incidents/{id}");
    let posted = site.post(
        &format!("{address}/updates"),
        &json!({ "body": "We know the coz.", "status": "identified" }),
    );
    let update = format!("{address}/updates/{}", posted.json["id"].as_str().unwrap());
    assert_eq!(posted.header("location"), Some(site.path(&update).as_str()));
    let correction = json!({ "body": "We know the cause." });
    assert_eq!(
        code(&patch(&site, &update, None, &correction)),
        (428, "precondition_required")
    );
    let corrected = patch(&site, &update, Some(&etag(&posted)), &correction);
    assert_eq!(corrected.status, 200, "{}", corrected.text());
    assert!(corrected.json["corrected_at"].is_string());
    let feed = site.feed().json;
    assert_eq!(feed["notices"][0]["updates"][0]["body"], correction["body"]);
    let journal = get(&site, "/journal").text();
    assert!(
        journal.contains("We know the coz."),
        "the journal keeps the old text"
    );

    let postmortem = format!("{address}/postmortem");
    let findings = json!({ "root_cause": "An expired domain.", "remedy": "We renewed it.",
        "window": { "start": in_minutes(-60), "end": in_minutes(-5) }, "prevention": ["Renew by itself."] });
    assert_eq!(
        code(&send(&site, "PUT", &postmortem, None, &findings)),
        (409, "illegal_transition"),
        "the incident is still open"
    );
    site.update(&id, &json!({ "body": "Done.", "status": "resolved" }));
    let written = send(&site, "PUT", &postmortem, None, &findings);
    assert_eq!(written.status, 200, "{}", written.text());
    assert!(written.json["published_at"].is_string());
    assert_eq!(
        code(&send(&site, "PUT", &postmortem, None, &findings)),
        (428, "precondition_required"),
        "now it exists"
    );
    let read = get(&site, &postmortem);
    let again = send(&site, "PUT", &postmortem, Some(&etag(&read)), &findings);
    assert_eq!((again.status, &again.json), (200, &read.json));
}

#[test]
fn templates_are_created_changed_and_deleted() {
    let site = Site::empty();
    let created = site.post(
        "/templates",
        &json!({ "name": "Investigating", "kind": "incident", "body": "We are looking into it." }),
    );
    assert_eq!(created.status, 201);
    let address = format!("/templates/{}", created.json["id"].as_str().unwrap());
    assert_eq!(
        created.header("location"),
        Some(site.path(&address).as_str())
    );
    let items = get(&site, "/templates").json["items"].clone();
    assert_eq!(items, json!([created.json]));
    let name = json!({ "name": "First word" });
    assert_eq!(
        code(&patch(&site, &address, None, &name)),
        (428, "precondition_required")
    );
    let changed = patch(&site, &address, Some(&etag(&created)), &name);
    assert_eq!(changed.json["name"], "First word");
    assert_eq!(get(&site, &address).json, changed.json);
    assert_eq!(delete(&site, &address).status, 204);
    assert_eq!(get(&site, &address).status, 404);
}

#[test]
fn settings_accept_only_known_time_zones() {
    let site = Site::empty();
    let read = get(&site, "");
    let mut tag = etag(&read);
    for (zone, status) in [
        ("Australia/Sydney", 200),
        ("UTC", 200),
        ("Mars/Olympus_Mons", 422),
        ("Sydney", 422),
    ] {
        let changed = patch(&site, "", Some(&tag), &json!({ "time_zone": zone }));
        assert_eq!(changed.status, status, "{zone}: {}", changed.text());
        if status == 422 {
            assert_eq!(changed.json["errors"][0]["pointer"], "/time_zone");
        } else {
            tag = etag(&changed);
        }
    }
    assert_eq!(get(&site, "").json["time_zone"], "UTC");
    let created = site.server.post(
        "/v1/sites",
        e2e::ROOT_TOKEN,
        &json!({ "slug": "other", "name": "Other", "time_zone": "Mars/Olympus_Mons" }),
    );
    assert_eq!(code(&created), (422, "invalid_field"));
    let slugs = site.server.get_as(e2e::ROOT_TOKEN, "/v1/sites").json;
    assert_eq!(slugs["items"], json!([{ "slug": "acme" }]));
}

#[test]
fn tokens_are_created_rotated_and_revoked() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let created = site.post("/tokens", &json!({ "role": "editor", "name": "CI" }));
    assert_eq!(created.status, 201);
    let first = created.json["token"].as_str().unwrap().to_owned();
    let address = format!("/tokens/{}", created.json["id"].as_str().unwrap());
    let posts = |token: &str| {
        let path = site.path("/incidents");
        site.server.post(&path, token, &sending_outage()).status
    };
    assert_eq!(posts(&first), 201);
    let listed = |token: &str| site.server.get_as(token, &site.path("/tokens")).status;
    assert_eq!((listed(&first), listed(&site.token)), (403, 200));
    assert!(!get(&site, "/tokens").text().contains(&first));

    let path = site.path(&format!("{address}/rotate"));
    let rotate = || {
        let request = site.server.request("POST", &path).token(&site.token);
        request.key("rotate").send().unwrap()
    };
    let rotated = rotate();
    let second = rotated.json["token"].as_str().unwrap().to_owned();
    let repeated = rotate();
    assert_eq!(repeated.header("idempotent-replayed"), Some("true"));
    assert!(repeated.json["token"].is_null(), "shown once");
    assert_eq!((posts(&first), posts(&second)), (401, 201));

    let revoke = || {
        let path = site.path(&address);
        let request = site.server.request("DELETE", &path).token(&site.token);
        request.key("revoke").send().unwrap()
    };
    assert_eq!(revoke().status, 204);
    let repeated = revoke();
    assert_eq!(repeated.status, 204);
    assert_eq!(repeated.header("idempotent-replayed"), Some("true"));
    assert_eq!(posts(&second), 401);
    assert_eq!(delete(&site, &address).status, 404);
}

#[test]
fn an_invitation_becomes_the_session_of_one_device() {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let invited = site.post(
        "/invitations",
        &json!({ "role": "editor", "name": "Ada's phone" }),
    );
    assert_eq!(invited.status, 201);
    let secret = invited.json["invitation"].as_str().unwrap();
    let url = invited.json["url"].as_str().unwrap();
    let prefix = format!("{}/console#invitation=", site.server.url());
    assert!(
        url.starts_with(&prefix),
        "{url}: the secret is in the fragment"
    );
    assert!(invited.json["qr"].is_null(), "no QR code was requested");
    let ask = |path: &str, accepted: &str| {
        let request = site.server.request("POST", &site.path(path));
        let request = request.token(&site.token).header("accept", accepted);
        let invited = request.json(&json!({ "role": "viewer" })).send().unwrap();
        let qr = invited.json["qr"].as_str().unwrap_or_default();
        (invited.status, qr.contains("<svg"))
    };
    for (path, accepted, has_picture) in [
        ("/invitations", "*/*", false),
        ("/invitations", "application/json", false),
        (
            "/invitations",
            "application/json, Image/SVG+xml;q=0.5",
            true,
        ),
        ("/invitations", "image/svg+xml;q=0", false),
        ("/invitations?qr=svg", "*/*", true),
        ("/invitations?qr=no", "*/*", false),
    ] {
        assert_eq!(ask(path, accepted), (201, has_picture), "{path} {accepted}");
    }
    let path = site.path("/invitations/redeem");
    let redeem = |key: &str| {
        let body = json!({ "invitation": secret });
        let request = site.server.request("POST", &path).key(key).json(&body);
        request.send().unwrap()
    };
    let session = redeem("first");
    assert_eq!(
        (session.status, &session.json["role"]),
        (201, &json!("editor"))
    );
    let token = session.json["token"].as_str().unwrap();
    let created = site
        .server
        .post(&site.path("/incidents"), token, &sending_outage());
    assert_eq!(created.status, 201);
    let repeated = redeem("first");
    assert_eq!(repeated.header("idempotent-replayed"), Some("true"));
    assert!(repeated.json["token"].is_null());
    assert_eq!(
        code(&redeem("second")),
        (401, "unauthorized"),
        "the invitation has been used"
    );
    let listed = get(&site, "/tokens").json;
    let sessions = listed["items"].as_array().unwrap().iter();
    let session = sessions.filter(|token| token["kind"] == "session");
    assert_eq!(session.count(), 1);
}
