//! A site as a file, on another server, checked, redacted and gone.

mod story;

use e2e::{Answer, ROOT_TOKEN};
use serde_json::json;
use story::Site;

fn import(site: &Site, file: &[u8]) -> Answer {
    let path = site.path("/import");
    let request = site.server.request("POST", &path).token(&site.token);
    let request = request.header("content-type", "application/jsonl");
    request.bytes(file).send().unwrap()
}

fn verify(site: &Site) -> serde_json::Value {
    site.server.get_as(&site.token, &site.path("/verify")).json
}

fn lived_in() -> Site {
    let site = Site::new("acme", "Acme SMS", &["Sending"]);
    let id = site.publish(
        &json!({ "kind": "incident", "title": "Ada Lovelace cannot log in", "impact": "major",
        "body": "We look into it.", "components": [{ "id": "sending" }] }),
    );
    site.update(
        &id,
        &json!({ "body": "Ada Lovelace is helped.", "status": "resolved" }),
    );
    site.post("/templates", &json!({ "name": "First word" }));
    site
}

#[test]
fn an_export_comes_back_on_another_server() {
    let site = lived_in();
    let exported = site.server.get_as(&site.token, &site.path("/export"));
    assert_eq!(exported.status, 200);
    assert_eq!(exported.header("content-type"), Some("application/jsonl"));
    assert_eq!(exported.header("cache-control"), Some("no-store"));
    assert!(!exported.text().contains(&site.token), "no secrets");
    let here = verify(&site);
    assert_eq!(here["ok"], true);

    let other = Site::new("copy", "A copy", &[]);
    let imported = import(&other, &exported.body);
    assert_eq!(imported.status, 200, "{}", imported.text());
    assert_eq!(imported.json["head"], here["head"]);
    let there = verify(&other);
    assert_eq!(
        (&there["ok"], &there["first_difference"]),
        (&json!(true), &json!(null))
    );
    assert_eq!(
        there["rows"].as_u64().unwrap(),
        here["rows"].as_u64().unwrap() + 1,
        "the rows as they were, and one that says so"
    );
    let (from, to) = (site.feed().json, other.feed().json);
    assert_eq!(to["notices"][0]["id"], from["notices"][0]["id"]);
    assert_eq!(
        (&to["site"], &to["name"]),
        (&json!("copy"), &json!("Acme SMS"))
    );
    assert!(to["rev"].as_u64() > from["rev"].as_u64());
    let again = import(&other, &exported.body);
    assert_eq!(
        (again.status, &again.json["code"]),
        (409, &json!("not_empty"))
    );
}

#[test]
fn a_damaged_file_and_an_enormous_one_are_refused() {
    let site = lived_in();
    let mut file = site.server.get_as(&site.token, &site.path("/export")).body;
    let other = Site::new("copy", "A copy", &[]);
    let before = other.feed().json;
    let middle = file.len() / 2;
    file[middle] ^= 1;
    let damaged = import(&other, &file);
    assert_eq!(
        (damaged.status, &damaged.json["code"]),
        (422, &json!("unusable_import"))
    );
    let enormous = import(&other, &vec![b'x'; 32 * 1024 * 1024 + 1]);
    assert_eq!(
        (enormous.status, &enormous.json["code"]),
        (413, &json!("content_too_large"))
    );
    assert_eq!(other.feed().json, before);
}

#[test]
fn an_import_gives_up_host_names_that_are_somebody_elses_by_now() {
    let site = Site::new("acme", "Acme SMS", &[]);
    let server = &site.server;
    let claim = |path: &str, token: &str, names: &[&str]| {
        let tag = server.get_as(token, path);
        let request = server.request("PATCH", path).token(token);
        let request = request.header("if-match", tag.header("etag").unwrap());
        request.json(&json!({ "hostnames": names })).send().unwrap()
    };
    let both = ["a.example.com", "b.example.com"];
    assert_eq!(claim(&site.path(""), &site.token, &both).status, 200);
    let mut file = server.get_as(&site.token, &site.path("/export")).body;
    assert_eq!(claim(&site.path(""), &site.token, &both[..1]).status, 200);
    let made = |slug: &str| {
        let made = server.post(
            "/v1/sites",
            ROOT_TOKEN,
            &json!({ "slug": slug, "name": slug }),
        );
        made.json["token"].as_str().unwrap().to_owned()
    };
    let send = |slug: &str, token: &str, file: &[u8]| {
        let request = server.request("POST", &format!("/v1/sites/{slug}/import"));
        let request = request
            .token(token)
            .header("content-type", "application/jsonl");
        request.bytes(file).send().unwrap()
    };

    // What is refused claims nothing.
    let (copy, third) = (made("copy"), made("third"));
    let last = file.len() - 5;
    file[last] ^= 1;
    assert_eq!(send("copy", &copy, &file).json["code"], "unusable_import");
    assert_eq!(claim("/v1/sites/third", &third, &both[1..]).status, 200);
    assert_eq!(claim("/v1/sites/third", &third, &[]).status, 200);

    file[last] ^= 1;
    let imported = send("copy", &copy, &file);
    assert_eq!(imported.status, 200, "{}", imported.text());
    assert_eq!(imported.json["hostnames_taken"], json!(["a.example.com"]));
    let settings = |slug: &str| server.get_as(ROOT_TOKEN, &format!("/v1/sites/{slug}")).json;
    assert_eq!(settings("copy")["hostnames"], json!(["b.example.com"]));
    assert_eq!(settings("acme")["hostnames"], json!(["a.example.com"]));
    let taken = claim("/v1/sites/third", &third, &both[1..]);
    assert_eq!(taken.json["code"], "hostname_taken", "it is the copy's");
    let journal = server.get_as(&copy, "/v1/sites/copy/journal").json;
    let types: Vec<_> = (0..2)
        .map(|at| &journal["items"][at]["row"]["type"])
        .collect();
    assert_eq!(types, ["site.changed", "site.restored"]);
    let verified = server.get_as(&copy, "/v1/sites/copy/verify").json;
    assert_eq!(verified["ok"], true, "{verified}");
}

#[test]
fn erased_words_are_gone_and_the_chain_still_verifies() {
    let site = lived_in();
    let redacted = site.post("/redact", &json!({ "text": "Ada Lovelace" }));
    assert_eq!((redacted.status, &redacted.json["rows"]), (200, &json!(2)));
    for path in ["/journal", "/export", "/incidents", "/feed"] {
        let read = site.server.get_as(&site.token, &site.path(path));
        assert_eq!(read.status, 200, "{path}");
        assert!(!read.text().contains("Lovelace"), "{path}");
    }
    assert_eq!(verify(&site)["ok"], true);
}

#[test]
fn the_journal_says_who_did_what_when() {
    let site = lived_in();
    let (mut rows, mut path) = (Vec::new(), "/journal?limit=2".to_owned());
    loop {
        let part = site.server.get_as(&site.token, &site.path(&path)).json;
        rows.extend(part["items"].as_array().unwrap().iter().cloned());
        match part["next"].as_str() {
            Some(next) => path = format!("/journal?limit=2&cursor={next}"),
            None => break,
        }
    }
    let numbers: Vec<u64> = rows
        .iter()
        .map(|item| item["row"]["seq"].as_u64().unwrap())
        .collect();
    let expected: Vec<u64> = (1..=numbers.len() as u64).rev().collect();
    assert_eq!(numbers, expected, "newest first, each once");
    assert_eq!(rows.last().unwrap()["row"]["actor"], "root");
    assert!(
        rows[0]["row"]["actor"]
            .as_str()
            .unwrap()
            .starts_with("tok_")
    );
    assert_eq!(rows.last().unwrap()["row"]["type"], "site.created");
}

#[test]
fn a_deleted_site_is_gone_and_can_be_made_anew_further_on() {
    let mut site = lived_in();
    let last = site.feed().json["rev"].as_u64().unwrap();
    let path = site.path("");
    let delete = |site: &Site, token: &str| {
        let request = site.server.request("DELETE", &path).token(token);
        request.send().unwrap().status
    };
    assert_eq!(delete(&site, &site.token), 204);
    let gone = site.feed();
    assert_eq!(
        (gone.status, gone.header("cache-control")),
        (404, Some("public, max-age=5"))
    );
    assert_eq!(delete(&site, &site.token), 401, "its tokens went with it");
    assert_eq!(delete(&site, ROOT_TOKEN), 404);
    site.server.kill9();
    site.server.start_again();
    assert_eq!(site.feed().status, 404);

    let body = json!({ "slug": "acme", "name": "Acme again" });
    let made = site.server.post("/v1/sites", ROOT_TOKEN, &body);
    assert_eq!(made.status, 201, "{}", made.text());
    let feed = site.feed();
    assert_eq!((feed.status, &feed.json["notices"]), (200, &json!([])));
    assert!(feed.json["rev"].as_u64().unwrap() > last);
    let old = site.server.get_as(&site.token, &path);
    assert_eq!(old.status, 401, "old tokens stay dead");
}
