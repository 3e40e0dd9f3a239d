//! Every address of the server's own tables of routes and static files, with every method and every role.

use std::fs;

use e2e::{Answer, ROOT_TOKEN, ServerOptions, Site};
use serde_json::{Value, json};
use xtask::workspace;

use crate::reference::tables::ENDPOINTS;

#[path = "../../../edge/src/http/route/table.rs"]
mod table;

const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND",
];

/// Roles in ascending order; each includes those before it. The caller `any token` has the role
/// `alerts`.
const RANKS: &[&str] = &["any token", "viewer", "editor", "owner", "root"];

/// A host name of the site's own.
const OWN_HOST: &str = "status.acme.example";

/// A caller: the name of a role, and a token.
type Caller = (&'static str, Option<String>);

struct Matrix {
    site: Site,
    incident: String,
    callers: Vec<Caller>,
    /// Number of requests so far. A cell of the matrix is one method and path with one caller.
    cells: u32,
}

impl Matrix {
    fn new() -> Self {
        // Each request comes from a client address of its own, so that failed logins do not add up.
        let options = ServerOptions {
            trust_proxy: true,
            write_limit: Some(0),
            ..ServerOptions::default()
        };
        let site = Site::with(&options, "acme", "Acme SMS", &["Sending"]);
        let other = json!({ "slug": "other", "name": "Other" });
        let other = site.server.create_site(&other);
        // A maintenance, which has a calendar file too.
        let incident = site.publish(&json!({
            "kind": "maintenance", "title": "t", "body": "b",
            "scheduled_for": "2030-01-01T00:00:00Z", "scheduled_until": "2030-01-01T01:00:00Z"
        }));
        let request = site.server.request("PATCH", &site.path(""));
        let request = request.token(&site.token).header("if-match", "*");
        let named = request.json(&json!({ "hostnames": [OWN_HOST] })).send();
        assert_eq!(named.unwrap().status, 200);
        site.server.confirm_hostname("acme", OWN_HOST);
        let mut callers = vec![
            ("nobody", None),
            ("malformed", Some("nonsense".to_owned())),
            ("another site", Some(other)),
            ("any token", Some(token(&site, "alerts"))),
        ];
        for role in ["viewer", "editor", "owner"] {
            callers.push((role, Some(token(&site, role))));
        }
        callers.push(("root", Some(ROOT_TOKEN.to_owned())));
        Self {
            site,
            incident,
            callers,
            cells: 0,
        }
    }

    /// Sends a request. Its body is an empty object, except for methods without a body.
    fn send(&mut self, method: &str, path: &str, token: Option<&str>) -> Answer {
        self.send_to(None, method, path, token)
    }

    /// Sends a request to a host name.
    fn send_to(
        &mut self,
        host: Option<&str>,
        method: &str,
        path: &str,
        token: Option<&str>,
    ) -> Answer {
        self.cells += 1;
        let [.., high, low] = self.cells.to_be_bytes();
        let mut request = self
            .site
            .server
            .request(method, path)
            .header("x-forwarded-for", &format!("203.0.{high}.{low}"));
        if let Some(token) = token {
            request = request.token(token);
        }
        if let Some(host) = host {
            request = request.header("host", host);
        }
        if !["GET", "HEAD", "OPTIONS"].contains(&method) {
            let media_type = match path.ends_with("/import") {
                true => "application/jsonl",
                false => "application/json",
            };
            request = request.header("content-type", media_type).bytes("{}");
        }
        request.send().unwrap()
    }

    /// Sends every method as every caller to an address that everybody can read.
    fn check_public(&mut self, host: Option<&str>, path: &str) {
        for method in METHODS {
            for (caller, token) in self.callers.clone() {
                let cell = format!("{method} {path} at {host:?} as {caller}");
                let answer = self.send_to(host, method, path, token.as_deref());
                let expected = match *method {
                    "GET" | "HEAD" => (200, ""),
                    "OPTIONS" => (204, table::PUBLIC_METHODS),
                    _ => (405, table::PUBLIC_METHODS),
                };
                assert_eq!((answer.status, allow(&answer)), expected, "{cell}");
            }
        }
    }
}

/// The paths of the build's static files, which the server serves by the same table.
fn static_files() -> Vec<String> {
    let table = fs::read_to_string(workspace::dist().join("asset-table.json")).unwrap();
    let table: Value = serde_json::from_str(&table).unwrap();
    table.as_object().unwrap().keys().cloned().collect()
}

fn token(site: &Site, role: &str) -> String {
    let created = site.create("/tokens", &json!({ "role": role }));
    created["token"].as_str().unwrap().to_owned()
}

/// The role in the documented table of endpoints.
fn documented_role(method: &str, path: &str) -> &'static str {
    let method = if method == "HEAD" { "GET" } else { method };
    let endpoint = format!("{method} {path}");
    let found = ENDPOINTS.iter().find(|(known, _)| *known == endpoint);
    found
        .unwrap_or_else(|| panic!("{endpoint} is not documented"))
        .1
}

/// The status that a caller without this role gets; `None` if the caller has the role.
fn refusal(caller: &str, role: &str) -> Option<u16> {
    let rank = |name: &str| RANKS.iter().position(|rank| *rank == name);
    match (role, caller) {
        // The invitation in the body is the credential.
        ("invitation", _) => None,
        (_, "nobody" | "malformed") => Some(401),
        (_, "another site") => Some(404),
        // Root is not a token of the site.
        ("any token", "root") => Some(403),
        _ => (rank(caller) < rank(role)).then_some(403),
    }
}

fn allow(answer: &Answer) -> &str {
    answer.header("allow").unwrap_or_default()
}

#[test]
fn every_address_answers_every_method_and_role_as_documented() {
    let mut matrix = Matrix::new();
    let before = matrix.site.verify()["rows"].clone();
    for (template, allowed) in table::OPERATOR_PATHS {
        let documented = format!("/v1/sites/{{site}}{template}");
        let path = with_unknown_ids(&documented);
        for method in METHODS {
            let is_known = allowed.split(", ").any(|known| known == *method);
            for (caller, token) in matrix.callers.clone() {
                let cell = format!("{method} {path} as {caller}");
                let deletes = (*method, *template) == ("DELETE", "");
                let revokes = (*method, *template) == ("DELETE", "/tokens/self");
                let refused = is_known
                    .then(|| refusal(caller, documented_role(method, &documented)))
                    .flatten();
                let own = match caller {
                    // `owners_and_root_can_delete_a_site` tests this.
                    _ if deletes && refused.is_none() => continue,
                    "any token" if revokes => Some(self::token(&matrix.site, "alerts")),
                    _ if revokes && refused.is_none() => Some(self::token(&matrix.site, caller)),
                    _ => token,
                };
                let answer = matrix.send(method, &path, own.as_deref());
                let status = answer.status;
                if !is_known {
                    assert_eq!((status, allow(&answer)), (405, *allowed), "{cell}");
                } else if let Some(refused) = refused {
                    assert_eq!(status, refused, "{cell}: {}", answer.text());
                } else {
                    let passes = [200, 204, 404, 409, 412, 422, 428];
                    assert!(
                        passes.contains(&status),
                        "{cell}: {status} {}",
                        answer.text()
                    );
                }
            }
        }
    }
    println!("{} cells of operators", matrix.cells);
    assert!(matrix.cells > 2_000, "{} cells", matrix.cells);
    let after = matrix.site.verify();
    assert_eq!(after["ok"], true, "{after}");
    assert_eq!(after["rows"], before, "no cell has written an event");
}

#[test]
fn every_other_address_answers_every_method_to_everybody() {
    let mut matrix = Matrix::new();
    for (template, allowed) in table::OTHER_PATHS {
        let path = template.replace("{site}", "acme");
        if *allowed == table::PUBLIC_METHODS {
            matrix.check_public(None, &path);
            continue;
        }
        let path = path.replace("{secret}", "unknown");
        for method in METHODS {
            for (caller, token) in matrix.callers.clone() {
                let cell = format!("{method} {path} as {caller}");
                let answer = matrix.send(method, &path, token.as_deref());
                let expected = match (*template, *method, caller) {
                    ("/v1/sites", "GET" | "HEAD", "root") => 200,
                    ("/v1/sites", "POST", "root") => 422,
                    ("/v1/sites", "GET" | "HEAD" | "POST", _) => 401,
                    ("/s/{site}/on-call/{secret}", "GET" | "HEAD" | "POST", _) => 404,
                    ("/s/{site}/on-call/{secret}", "OPTIONS", _) => 204,
                    _ => 405,
                };
                assert_eq!(answer.status, expected, "{cell}");
                if expected == 405 {
                    assert_eq!(allow(&answer), *allowed, "{cell}");
                }
            }
        }
    }
    for template in table::PAGE_PATHS {
        let path = template.replace("{incident}", &matrix.incident);
        matrix.check_public(None, &format!("/s/acme{path}"));
        let path = if path.is_empty() { "/" } else { &path };
        matrix.check_public(Some(OWN_HOST), path);
    }
    matrix.check_public(Some(OWN_HOST), table::OWN_LOADER);
    for path in table::INDEX_PATHS {
        matrix.check_public(None, path);
    }
    println!("{} cells of other addresses", matrix.cells);
    assert!(matrix.cells > 1_000, "{} cells", matrix.cells);
}

#[test]
fn every_static_file_answers_every_method_to_everybody() {
    let mut matrix = Matrix::new();
    for path in static_files() {
        matrix.check_public(None, &path);
    }
    println!("{} cells of static files", matrix.cells);
    assert!(matrix.cells > 2_000, "{} cells", matrix.cells);
}

#[test]
fn head_states_the_length_of_get_and_sends_nothing() {
    let mut matrix = Matrix::new();
    let token = matrix.site.token.clone();
    let reads = table::OPERATOR_PATHS
        .iter()
        .filter(|(_, allowed)| allowed.starts_with("GET"));
    let operators =
        reads.map(|(template, _)| with_unknown_ids(&format!("/v1/sites/{{site}}{template}")));
    let pages = table::PAGE_PATHS.iter();
    let incident = matrix.incident.clone();
    let pages =
        pages.map(|template| format!("/s/acme{}", template.replace("{incident}", &incident)));
    let others = [
        "/healthz",
        "/v1/sites/acme/feed",
        "/s/acme/embed.js",
        "/s/nobody",
        "/s/acme/",
    ];
    let others = others
        .iter()
        .chain(table::INDEX_PATHS)
        .map(|path| (*path).to_owned());
    let paths: Vec<String> = operators
        .chain(pages)
        .chain(others)
        .chain(static_files())
        .collect();
    for path in paths {
        let read = matrix.send("GET", &path, Some(&token));
        let head = matrix.send("HEAD", &path, Some(&token));
        assert_eq!((head.status, head.body.len()), (read.status, 0), "{path}");
        let length = read.body.len().to_string();
        match head.header("content-length") {
            Some(stated) => assert_eq!(stated, length, "{path}"),
            None => assert_eq!(length, "0", "{path}"),
        }
    }
}

/// The path with ids that are well-formed and unknown.
fn with_unknown_ids(template: &str) -> String {
    let path = template.replace("{site}", "acme");
    let ids = [
        ("host", "status.unknown.example"),
        ("component", "cmp_unknown"),
        ("incident", "inc_unknown"),
        ("update", "upd_unknown"),
        ("template", "tpl_unknown"),
        ("token", "tok_unknown"),
        ("invitation", "inv_unknown"),
        ("webhook", "whk_unknown"),
        ("delivery", "dlv_999"),
    ];
    let path = ids.iter().fold(path, |path, (name, id)| {
        path.replace(&format!("{{{name}}}"), id)
    });
    assert!(!path.contains('{'), "{path}: a placeholder without a value");
    path
}

#[test]
fn owners_and_root_can_delete_a_site() {
    let mut matrix = Matrix::new();
    for caller in ["owner", "root"] {
        let token = match caller {
            "owner" => matrix.site.token.clone(),
            _ => ROOT_TOKEN.to_owned(),
        };
        let answer = matrix.send("DELETE", "/v1/sites/acme", Some(&token));
        assert_eq!(answer.status, 204, "{caller}: {}", answer.text());
        let again = json!({ "slug": "acme", "name": "Acme" });
        matrix.site.token = matrix.site.server.create_site(&again);
    }
}
