//! Tokens, roles, invitations and sessions.

use serde_json::json;

use super::*;

#[test]
fn each_role_may_make_the_calls_in_the_table() {
    let database = acme();
    let (_, incident) = post("/incidents", outage()).ok(&database);
    let incident = format!("/incidents/{}", incident["id"].as_str().unwrap());
    let tokens: Vec<String> = ["owner", "editor", "viewer", "alerts"]
        .iter()
        .map(|role| token(&database, role).1)
        .collect();
    let send = |method: &'static str, path: &str, body: Json| Request {
        method,
        ..post(path, body)
    };
    // Whether owner, editor, viewer and alerts are allowed. Any status except 403 shows that the role was accepted.
    for (method, path, allowed) in [
        ("GET", "", [true, true, true, false]),
        ("GET", "/components", [true, true, true, false]),
        ("GET", "/incidents", [true, true, true, false]),
        ("GET", incident.as_str(), [true, true, true, false]),
        ("GET", "/templates", [true, true, true, false]),
        ("GET", "/journal", [true, true, true, false]),
        ("GET", "/verification", [true, true, true, false]),
        ("GET", "/verify", [true, true, false, false]),
        ("POST", "/components", [true, true, false, false]),
        ("POST", "/incidents", [true, true, false, false]),
        ("PATCH", incident.as_str(), [true, true, false, false]),
        ("POST", "/templates", [true, true, false, false]),
        ("POST", "/invitations", [true, true, false, false]),
        ("GET", "/invitations", [true, true, false, false]),
        (
            "DELETE",
            "/invitations/inv_none",
            [true, true, false, false],
        ),
        ("PATCH", "", [true, false, false, false]),
        ("GET", "/tokens", [true, false, false, false]),
        ("POST", "/tokens", [true, false, false, false]),
        ("GET", "/export", [true, false, false, false]),
        ("POST", "/import", [true, false, false, false]),
        ("POST", "/redact", [true, false, false, false]),
    ] {
        for (token, allowed) in tokens.iter().zip(allowed) {
            let request = as_token(token, send(method, path, json!({ "x": 1 })));
            let status = request.send(&database).unwrap().status;
            assert_eq!(status != 403, allowed, "{method} {path} {status}");
            assert_ne!(status, 401);
        }
    }
}

#[test]
fn a_token_is_created_listed_rotated_and_revoked() {
    let database = acme();
    let made = post("/tokens", json!({ "role": "viewer", "name": "CI" }))
        .key("k")
        .ok(&database)
        .1;
    let again = post("/tokens", json!({ "role": "viewer", "name": "CI" }))
        .key("k")
        .ok(&database)
        .1;
    assert_eq!((&again["id"], &again["token"]), (&made["id"], &Json::Null));
    let secret = made["token"].as_str().unwrap();
    let id = made["id"].as_str().unwrap();
    let listed = get("/tokens").send(&database).unwrap().body;
    assert!(listed.contains(id) && !listed.contains(secret));
    assert_eq!(as_token(secret, get("")).ok(&database).0, 200);
    let used = get("/tokens").ok(&database).1;
    let used = used["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|token| token["id"] == id)
        .unwrap();
    assert_eq!(used["last_used_at"], "2026-11-21T00:00:00Z");

    let rotated = post(&format!("/tokens/{id}/rotate"), Json::Null)
        .ok(&database)
        .1;
    assert_eq!(
        as_token(secret, get("")).ok(&database).0,
        401,
        "the old secret is invalid"
    );
    let secret = rotated["token"].as_str().unwrap();
    assert_eq!(as_token(secret, get("")).ok(&database).0, 200);

    let revoke = || Request {
        method: "DELETE",
        ..get(&format!("/tokens/{id}"))
    };
    assert_eq!(revoke().send(&database).unwrap().status, 204);
    assert_eq!(as_token(secret, get("")).ok(&database).0, 401);
    assert_eq!(revoke().ok(&database).0, 404);
    for body in [
        json!({}),
        json!({ "role": "king" }),
        json!({ "role": "unknown" }),
        json!({ "role": "owner", "x": 1 }),
    ] {
        assert_eq!(post("/tokens", body).ok(&database).0, 422);
    }
}

#[test]
fn an_invitation_is_redeemed_once_within_15_minutes() {
    let database = acme();
    let invite = |role: &str| {
        post(
            "/invitations",
            json!({ "role": role, "name": "Kim's phone" }),
        )
        .ok(&database)
        .1
    };
    let redeem = |secret: &str, now_ms: u64| {
        let body = json!({ "invitation": secret });
        Request {
            credential: Credential::Nobody,
            ..post("/invitations/redeem", body)
        }
        .at(now_ms)
        .ok(&database)
    };
    let invitation = invite("editor");
    let secret = invitation["invitation"].as_str().unwrap();
    let url = invitation["url"].as_str().unwrap();
    assert_eq!(
        url,
        format!("https://status.example.com/console#invitation=acme.{secret}")
    );
    assert!(invitation["qr"].is_null(), "no QR code was requested");
    let asked = Request {
        query: "lang=en&qr=svg",
        ..post("/invitations", json!({ "role": "viewer" }))
    };
    let asked = asked.ok(&database).1;
    assert!(asked["qr"].as_str().unwrap().contains("<svg"));
    let (status, session) = redeem(secret, NOW_MS);
    assert_eq!(
        (status, session["kind"].as_str(), session["name"].as_str()),
        (201, Some("session"), Some("Kim's phone"))
    );
    assert_eq!(redeem(secret, NOW_MS).0, 401, "single use");
    let token = session["token"].as_str().unwrap();
    assert_eq!(
        as_token(token, post("/incidents", outage()))
            .ok(&database)
            .0,
        201
    );

    let late = invite("viewer");
    let late = late["invitation"].as_str().unwrap();
    assert_eq!(redeem(late, NOW_MS + 15 * 60_000).0, 401);
    assert_eq!(redeem("nonsense", NOW_MS).0, 401);

    // A device that generates its own secret has its session even if the answer is lost.
    let own = "a-_".repeat(15)[..43].to_owned();
    let redeem_with = |invitation: &str, secret: &str| {
        let body = json!({ "invitation": invitation, "secret": secret });
        Request {
            credential: Credential::Nobody,
            ..post("/invitations/redeem", body)
        }
        .ok(&database)
    };
    let third = invite("editor");
    let third = third["invitation"].as_str().unwrap();
    assert_eq!(redeem_with(third, "too short").0, 422);
    let (status, made) = redeem_with(third, &own);
    assert_eq!(status, 201);
    assert_eq!(made["token"], format!("ac_acme_{own}"));
    assert_eq!(redeem_with(third, &own).0, 401, "single use");
    let read = as_token(&format!("ac_acme_{own}"), get("/tokens/self")).ok(&database);
    assert_eq!(read.1["kind"], "session");
    // At the token limit, a repeated redemption still gives 401, by which the device finds its session.
    let ci = || post("/tokens", json!({ "role": "viewer", "name": "CI" })).ok(&database);
    let mut newest = ci();
    while newest.0 == 201 {
        let next = ci();
        if next.0 != 201 {
            assert_eq!(next.0, 409, "{}", next.1);
            break;
        }
        newest = next;
    }
    assert_eq!(redeem_with(third, &own).0, 401);
    let revoke = Request {
        method: "DELETE",
        ..get(&format!("/tokens/{}", newest.1["id"].as_str().unwrap()))
    };
    assert_eq!(revoke.send(&database).unwrap().status, 204);

    // A guess of another session's secret does not give that session.
    let fourth = invite("editor");
    let fourth = fourth["invitation"].as_str().unwrap();
    assert_eq!(redeem_with(fourth, &own).0, 401);
    assert_eq!(
        redeem(fourth, NOW_MS).0,
        201,
        "the invitation is still valid"
    );

    // A session expires after 90 days without use.
    let day = 24 * HOUR_MS;
    assert_eq!(
        as_token(token, get(""))
            .at(NOW_MS + 80 * day)
            .ok(&database)
            .0,
        200
    );
    assert_eq!(
        as_token(token, get(""))
            .at(NOW_MS + 170 * day)
            .ok(&database)
            .0,
        200
    );
    assert_eq!(
        as_token(token, get(""))
            .at(NOW_MS + 261 * day)
            .ok(&database)
            .0,
        401
    );
}

#[test]
fn an_editor_cannot_grant_a_higher_role() {
    let database = acme();
    let editor = token(&database, "editor").1;
    let invite = |role: &str| {
        as_token(&editor, post("/invitations", json!({ "role": role })))
            .ok(&database)
            .0
    };
    assert_eq!(invite("viewer"), 201);
    assert_eq!(invite("editor"), 201);
    assert_eq!(invite("owner"), 403);
}

/// A leaked token must be revocable at once, even if it is that of the last owner: root can create
/// another one.
#[test]
fn the_last_owner_token_can_be_revoked_and_replaced_by_root() {
    let database = acme();
    let (own, owner) = token(&database, "owner");
    let revoke = |id: &str| {
        let path = format!("/tokens/{id}");
        let request = Request {
            method: "DELETE",
            ..get(&path)
        };
        as_token(&owner, request).send(&database).unwrap().status
    };
    let (_, listed) = get("/tokens").ok(&database);
    let listed = listed["items"].as_array().unwrap().iter();
    for other in listed.map(|token| token["id"].as_str().unwrap()) {
        if other != own {
            assert_eq!(revoke(other), 204);
        }
    }
    assert_eq!(revoke(&own), 204);
    assert_eq!(revoke(&own), 401);
    assert_eq!(get("/tokens").ok(&database).1["items"], json!([]));
    let (_, owner) = token(&database, "owner");
    assert_eq!(as_token(&owner, get("/tokens")).ok(&database).0, 200);
}
