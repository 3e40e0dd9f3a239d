//! Export, import, verification, redaction and deletion of a site.

use e2e::{Answer, ROOT_TOKEN, Site};
use serde_json::json;

fn import(site: &Site, file: &[u8]) -> Answer {
    let path = site.path("/import");
    let request = site.server.request("POST", &path).token(&site.token);
    let request = request.header("content-type", "application/jsonl");
    request.bytes(file).send().unwrap()
}

fn used_site() -> Site {
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
fn an_export_imports_on_another_server_and_verifies() {
    let site = used_site();
    let exported = site.server.get_as(&site.token, &site.path("/export"));
    assert_eq!(exported.status, 200);
    assert_eq!(exported.header("content-type"), Some("application/jsonl"));
    assert_eq!(exported.header("cache-control"), Some("no-store"));
    assert!(!exported.text().contains(&site.token), "no secrets");
    let here = site.verify();
    assert_eq!(here["ok"], true);

    let other = Site::new("copy", "A copy", &[]);
    let imported = import(&other, &exported.body);
    assert_eq!(imported.status, 200, "{}", imported.text());
    assert_eq!(imported.json["head"], here["head"]);
    let there = other.verify();
    assert_eq!(
        (&there["ok"], &there["first_difference"]),
        (&json!(true), &json!(null))
    );
    assert_eq!(
        there["rows"].as_u64().unwrap(),
        here["rows"].as_u64().unwrap() + 1,
        "the imported rows, and one `site.restored` row"
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
fn damaged_imports_and_long_lines_are_refused() {
    let site = used_site();
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
    let long = import(&other, &vec![b'x'; 3_000_000]);
    assert_eq!(
        (long.status, &long.json["code"]),
        (422, &json!("unusable_import"))
    );
    assert_eq!(other.feed().json, before);
}

#[test]
fn an_import_drops_host_names_that_another_site_holds() {
    let site = Site::empty();
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
    server.confirm_hostname("acme", "a.example.com");
    let create = |slug: &str| server.create_site(&json!({ "slug": slug, "name": slug }));
    let send = |slug: &str, token: &str, file: &[u8]| {
        let request = server.request("POST", &format!("/v1/sites/{slug}/import"));
        let request = request
            .token(token)
            .header("content-type", "application/jsonl");
        request.bytes(file).send().unwrap()
    };

    // A refused import claims no host names.
    let (copy, third) = (create("copy"), create("third"));
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
    server.confirm_hostname("copy", "b.example.com");
    let taken = claim("/v1/sites/third", &third, &both[1..]);
    assert_eq!(
        taken.json["code"], "hostname_taken",
        "b.example.com belongs to the copy"
    );
    let journal = server.get_as(&copy, "/v1/sites/copy/journal").json;
    let types: Vec<_> = (0..2)
        .map(|at| &journal["items"][at]["row"]["type"])
        .collect();
    assert_eq!(types, ["site.changed", "site.restored"]);
    let verified = server.get_as(&copy, "/v1/sites/copy/verify").json;
    assert_eq!(verified["ok"], true, "{verified}");
}

#[test]
fn an_import_and_a_rename_free_host_names_for_others() {
    let site = Site::empty();
    let server = &site.server;
    let file = server.get_as(&site.token, &site.path("/export")).body;
    let hostname = |name: &str| json!({ "hostnames": [name] });
    let created = json!({ "slug": "copy", "name": "Copy", "hostnames": ["a.example.com"] });
    let copy = server.create_site(&created);
    server.confirm_hostname("copy", "a.example.com");
    let request = server
        .request("POST", "/v1/sites/copy/import")
        .token(&copy)
        .header("content-type", "application/jsonl");
    let imported = request.bytes(file).send().unwrap();
    assert_eq!(imported.status, 200, "{}", imported.text());
    let patch = |path: &str, token: &str, name: &str| {
        let request = server.request("PATCH", path).token(token);
        let request = request.header("if-match", "*");
        let answer = request.json(&hostname(name)).send().unwrap();
        (
            answer.status,
            answer.json["code"].as_str().map(str::to_owned),
        )
    };
    let taken = (409, Some("hostname_taken".to_owned()));
    // The imported file has no host names, so the import frees `a.example.com`.
    assert_eq!(
        patch(&site.path(""), &site.token, "a.example.com"),
        (200, None)
    );
    server.confirm_hostname("acme", "a.example.com");
    assert_eq!(patch("/v1/sites/copy", &copy, "a.example.com"), taken);
    // A rename frees the old name and claims the new one.
    assert_eq!(
        patch(&site.path(""), &site.token, "b.example.com"),
        (200, None)
    );
    server.confirm_hostname("acme", "b.example.com");
    assert_eq!(patch("/v1/sites/copy", &copy, "b.example.com"), taken);
    assert_eq!(patch("/v1/sites/copy", &copy, "a.example.com"), (200, None));
    let page = server.request("GET", "/").header("host", "b.example.com");
    assert!(page.send().unwrap().text().contains("Acme"), "still served");
}

#[test]
fn redacted_text_is_gone_and_the_chain_still_verifies() {
    let site = used_site();
    let redacted = site.post("/redact", &json!({ "text": "Ada Lovelace" }));
    assert_eq!((redacted.status, &redacted.json["rows"]), (200, &json!(2)));
    for path in ["/journal", "/export", "/incidents", "/feed"] {
        let read = site.server.get_as(&site.token, &site.path(path));
        assert_eq!(read.status, 200, "{path}");
        assert!(!read.text().contains("Lovelace"), "{path}");
    }
    assert_eq!(site.verify()["ok"], true);
}

#[test]
fn journal_pages_list_each_row_once_newest_first() {
    let site = used_site();
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
fn a_deleted_site_can_be_created_again_with_a_higher_rev() {
    let mut site = used_site();
    let last = site.feed().json["rev"].as_u64().unwrap();
    let path = site.path("");
    let delete = |site: &Site, token: &str| {
        let request = site.server.request("DELETE", &path).token(token);
        request.send().unwrap().status
    };
    assert_eq!(delete(&site, &site.token), 204);
    let deleted = site.feed();
    assert_eq!(
        (deleted.status, deleted.header("cache-control")),
        (404, Some("public, max-age=5"))
    );
    assert_eq!(
        delete(&site, &site.token),
        401,
        "its tokens are deleted with it"
    );
    assert_eq!(delete(&site, ROOT_TOKEN), 404);
    site.server.kill();
    site.server.start_again();
    assert_eq!(site.feed().status, 404);

    let body = json!({ "slug": "acme", "name": "Acme again" });
    site.server.create_site(&body);
    let feed = site.feed();
    assert_eq!((feed.status, &feed.json["notices"]), (200, &json!([])));
    assert!(feed.json["rev"].as_u64().unwrap() > last);
    let old = site.server.get_as(&site.token, &path);
    assert_eq!(old.status, 401, "old tokens stay revoked");
}
