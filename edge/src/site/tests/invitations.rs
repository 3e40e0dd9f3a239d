//! Pending invitations.

use serde_json::json;

use super::*;

fn invite(database: &Database, role: &str, name: &str) -> Json {
    let (status, made) = post("/invitations", json!({ "role": role, "name": name })).ok(database);
    assert_eq!(status, 201);
    made
}

/// Sends `POST /invitations/{action}` as a guest; returns status and body of the answer.
fn by_secret(database: &Database, action: &str, secret: &str, now_ms: u64) -> (u16, Json) {
    let path = format!("/invitations/{action}");
    let request = Request {
        credential: Credential::Nobody,
        ..post(&path, json!({ "invitation": secret }))
    };
    request.at(now_ms).ok(database)
}

fn revoke(database: &Database, token: &str, id: &str) -> u16 {
    let path = format!("/invitations/{id}");
    let request = Request {
        method: "DELETE",
        ..get(&path)
    };
    as_token(token, request).send(database).unwrap().status
}

fn pending(database: &Database, now_ms: u64) -> Json {
    get("/invitations").at(now_ms).ok(database).1["items"].clone()
}

#[test]
fn pending_invitations_are_listed_without_their_secrets() {
    let database = acme();
    let made = invite(&database, "editor", "Kim's phone");
    let secret = made["invitation"].as_str().unwrap();
    let listed = get("/invitations").send(&database).unwrap().body;
    assert!(!listed.contains(secret), "{listed}");
    assert_eq!(
        pending(&database, NOW_MS),
        json!([{ "id": made["id"], "role": "editor", "name": "Kim's phone", "expires_at": made["expires_at"] }])
    );
    let expired = NOW_MS + 15 * 60_000;
    assert_eq!(pending(&database, expired), json!([]), "expired");
    assert_eq!(by_secret(&database, "redeem", secret, NOW_MS).0, 201);
    assert_eq!(pending(&database, NOW_MS), json!([]), "used");
}

#[test]
fn a_revoked_invitation_cannot_be_redeemed() {
    let database = acme();
    let (_, owner) = token(&database, "owner");
    let made = invite(&database, "viewer", "Screen");
    let (id, secret) = (
        made["id"].as_str().unwrap(),
        made["invitation"].as_str().unwrap(),
    );
    assert_eq!(revoke(&database, &owner, id), 204);
    assert_eq!(revoke(&database, &owner, id), 404);
    assert_eq!(by_secret(&database, "read", secret, NOW_MS).0, 401);
    assert_eq!(by_secret(&database, "redeem", secret, NOW_MS).0, 401);
}

#[test]
fn an_editor_revokes_only_invitations_it_could_create() {
    let database = acme();
    let (_, editor) = token(&database, "editor");
    for (role, status) in [("viewer", 204), ("editor", 204), ("owner", 403)] {
        let made = invite(&database, role, "Kim");
        let id = made["id"].as_str().unwrap();
        assert_eq!(revoke(&database, &editor, id), status, "{role}");
    }
}

#[test]
fn reading_an_invitation_does_not_redeem_it() {
    let database = acme();
    let made = invite(&database, "editor", "Kim's phone");
    let secret = made["invitation"].as_str().unwrap();
    for _ in 0..2 {
        let (status, shown) = by_secret(&database, "read", secret, NOW_MS);
        assert_eq!(status, 200);
        assert_eq!(
            shown,
            json!({ "site": "Acme SMS", "role": "editor", "name": "Kim's phone", "expires_at": made["expires_at"] })
        );
    }
    assert_eq!(by_secret(&database, "redeem", secret, NOW_MS).0, 201);
    assert_eq!(by_secret(&database, "read", secret, NOW_MS).0, 401, "used");
    assert_eq!(by_secret(&database, "read", "nonsense", NOW_MS).0, 401);
    let late = invite(&database, "viewer", "Screen");
    let late = late["invitation"].as_str().unwrap();
    assert_eq!(
        by_secret(&database, "read", late, NOW_MS + 15 * 60_000).0,
        401
    );
}
