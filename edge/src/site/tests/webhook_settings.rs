//! Settings of webhooks: changes after the site has changed, and rotations of the secret.

use notice::wire::ids::WebhookId;

use super::{
    webhooks::{ask, hook, with_room},
    *,
};
use crate::storage::webhooks;

const HOUR_S: u64 = 3600;

/// Changes the current version of a resource; returns the answer.
fn change(database: &Database, path: &str, fields: Json) -> (u16, Json) {
    let etag = get(path).send(database).unwrap();
    let request = Request {
        method: "PATCH",
        if_match: etag.header("etag").map(str::to_owned),
        ..post(path, fields)
    };
    request.ok(database)
}

pub fn patch(database: &Database, path: &str, fields: Json) -> Json {
    let (status, changed) = change(database, path, fields);
    assert_eq!(status, 200, "{changed}");
    changed
}

pub fn delete(database: &Database, path: &str) {
    let etag = get(path).send(database).unwrap();
    let request = Request {
        method: "DELETE",
        if_match: etag.header("etag").map(str::to_owned),
        ..post(path, Json::Null)
    };
    let answer = request.send(database).unwrap();
    assert_eq!(answer.status, 204, "{}", answer.body);
}

#[test]
fn a_webhook_with_a_deleted_component_can_be_changed() {
    let database = acme();
    let (_, reports) = post("/components", json!({ "name": "Reports" })).ok(&database);
    let id = hook(
        &database,
        "a",
        &json!({ "components": ["reports", "sending"] }),
    );
    let only = hook(&database, "b", &json!({ "components": ["reports"] }));
    let renamed = json!({ "name": "Statistics", "slug": "statistics" });
    patch(&database, "/components/reports", renamed);
    delete(&database, "/components/statistics");
    let path = format!("/webhooks/{id}");
    let kept = patch(&database, &path, json!({ "enabled": false }));
    assert_eq!(kept["components"][0], reports["id"], "{kept}");
    let fewer = patch(&database, &path, json!({ "components": ["sending"] }));
    assert_eq!(fewer["components"].as_array().unwrap().len(), 1, "{fewer}");
    // It cannot be added again.
    let again = json!({ "components": ["sending", reports["id"]] });
    let (status, refused) = change(&database, &path, again);
    assert_eq!(
        (status, &refused["errors"][0]["pointer"]),
        (409, &json!("/components/1"))
    );
    // A list of deleted components does not become one of all.
    let changed = patch(
        &database,
        &format!("/webhooks/{only}"),
        json!({ "format": "standard" }),
    );
    assert_eq!(changed["components"], json!([reports["id"]]));
    post("/incidents", outage()).ok(&database);
    assert_eq!(ask(&database, NOW_MS, &with_room(10)).assignments, []);
}

#[test]
fn a_webhook_whose_url_is_refused_now_can_be_disabled() {
    let database = acme();
    let id = hook(&database, "a", &json!({}));
    let stored = "UPDATE webhook SET document = json_set(document, '$.url', 'https://10.0.0.5/a')";
    database.run(stored, &[]).unwrap();
    let path = format!("/webhooks/{id}");
    for fields in [
        json!({ "events": ["incident.published"] }),
        json!({ "enabled": true }),
    ] {
        let (status, refused) = change(&database, &path, fields);
        assert_eq!(
            (status, &refused["errors"][0]["pointer"]),
            (422, &json!("/url"))
        );
    }
    let disabled = patch(&database, &path, json!({ "enabled": false }));
    assert_eq!(disabled["disabled_because"], "operator");
    let repaired = json!({ "enabled": true, "url": "https://hooks.example.com/a" });
    assert_eq!(patch(&database, &path, repaired)["enabled"], true);
}

/// Rotates the secret; returns the new one.
fn rotate(database: &Database, id: &str, now_ms: u64) -> String {
    let path = format!("/webhooks/{id}/rotate");
    let (status, rotated) = post(&path, json!({})).at(now_ms).ok(database);
    assert_eq!(status, 200, "{rotated}");
    rotated["secret"].as_str().unwrap().to_owned()
}

/// The secrets that sign, the newest first.
fn signing(database: &Database, id: &str, now_ms: u64) -> Vec<String> {
    let id = WebhookId::parse(id).unwrap();
    let webhook = webhooks::find(database, &id).unwrap().unwrap();
    let now = crate::site::change::timestamp(now_ms);
    let secrets = webhook.secrets(now).into_iter();
    secrets.map(|secret| secret.as_str().to_owned()).collect()
}

#[test]
fn a_rotation_during_the_overlap_ends_no_former_secret() {
    let database = acme();
    let id = hook(&database, "a", &json!({}));
    let at = |hour: u64| NOW_MS + hour * HOUR_S * 1000;
    let first = signing(&database, &id, NOW_MS).remove(0);
    let second = rotate(&database, &id, at(0));
    let third = rotate(&database, &id, at(10));
    // A change of the settings keeps them.
    patch(
        &database,
        &format!("/webhooks/{id}"),
        json!({ "events": ["incident.published"] }),
    );
    for (hour, expected) in [
        (10, vec![&third, &second, &first]),
        (23, vec![&third, &second, &first]),
        (24, vec![&third, &second]),
        (33, vec![&third, &second]),
        (34, vec![&third]),
    ] {
        assert_eq!(
            signing(&database, &id, at(hour)).iter().collect::<Vec<_>>(),
            expected,
            "{hour}"
        );
    }
    post("/incidents", outage()).at(at(11)).ok(&database);
    let work = ask(&database, at(11), &with_room(1));
    let request = work.assignments[0].payload.request().unwrap();
    let signatures = request.header("webhook-signature").unwrap();
    assert_eq!(signatures.split(' ').count(), 3, "{signatures}");
    let (_, read) = get(&format!("/webhooks/{id}")).at(at(11)).ok(&database);
    assert_eq!(read["former_secret_until"], "2026-11-22T18:00:00Z");
}

#[test]
fn at_most_ten_secrets_sign_at_the_same_time() {
    let database = acme();
    let id = hook(&database, "a", &json!({}));
    for _ in 0..9 {
        rotate(&database, &id, NOW_MS);
    }
    let path = format!("/webhooks/{id}/rotate");
    let (status, refused) = post(&path, json!({})).ok(&database);
    assert_eq!((status, &refused["code"]), (409, &json!("limit_reached")));
    rotate(&database, &id, NOW_MS + 24 * HOUR_MS);
    assert_eq!(signing(&database, &id, NOW_MS + 24 * HOUR_MS).len(), 2);
}

#[test]
fn a_redelivery_since_a_future_time_sends_nothing() {
    let database = acme();
    let id = hook(&database, "a", &json!({}));
    post("/incidents", outage()).ok(&database);
    let since = json!({ "since": "2030-01-01T00:00:00Z" });
    let (status, answer) = post(&format!("/webhooks/{id}/redeliver"), since).ok(&database);
    assert_eq!((status, &answer["deliveries"]), (202, &json!(0)));
}

#[test]
fn a_delivery_of_a_month_ago_no_longer_exists() {
    let database = acme();
    let id = hook(&database, "a", &json!({}));
    let redeliver = |number: u64| {
        let path = format!("/webhooks/{id}/deliveries/dlv_{number}/redeliver");
        let (status, refused) = post(&path, json!({})).ok(&database);
        assert_eq!(status, 404, "{refused}");
        refused["detail"].as_str().unwrap().to_owned()
    };
    post("/incidents", outage()).ok(&database);
    assert_eq!(redeliver(99), "Not found.");
    let later = crate::site::change::timestamp(NOW_MS + 31 * 24 * HOUR_MS);
    crate::storage::outbox::prune(&database, later).unwrap();
    assert_eq!(database.count("delivery"), 0);
    assert!(redeliver(1).contains("no longer exists"));
}
