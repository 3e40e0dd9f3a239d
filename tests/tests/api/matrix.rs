//! Every address of the server's own route table, with every method and every role.

use e2e::{Answer, ROOT_TOKEN, ServerOptions, Site};
use serde_json::json;

use crate::reference::tables::ENDPOINTS;

#[path = "../../../edge/src/http/route/table.rs"]
mod table;

const METHODS: &[&str] = &[
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND",
];

/// Roles in ascending order; each includes those before it. The caller `any token` has the role
/// `alerts`.
const RANKS: &[&str] = &["any token", "viewer", "editor", "owner", "root"];

/// Public addresses of a site with one incident.
const PUBLIC: &[&str] = &[
    "/healthz",
    "/v1/sites/acme/feed",
    "/s/acme",
    "/s/acme/history",
    "/s/acme/card",
    "/s/acme/incidents/{incident}",
];

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
        let incident = site
            .publish(&json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" }));
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
        if !["GET", "HEAD", "OPTIONS"].contains(&method) {
            let media_type = match path.ends_with("/import") {
                true => "application/jsonl",
                false => "application/json",
            };
            request = request.header("content-type", media_type).bytes("{}");
        }
        request.send().unwrap()
    }
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
    for method in METHODS {
        for (caller, token) in matrix.callers.clone() {
            let cell = format!("{method} /v1/sites as {caller}");
            let answer = matrix.send(method, "/v1/sites", token.as_deref());
            let expected = match (*method, caller) {
                ("GET" | "HEAD", "root") => 200,
                ("POST", "root") => 422,
                ("GET" | "HEAD" | "POST", _) => 401,
                _ => 405,
            };
            assert_eq!(answer.status, expected, "{cell}");
            if expected == 405 {
                assert_eq!(allow(&answer), table::SITES_METHODS, "{cell}");
            }
        }
    }
    for path in PUBLIC {
        let path = path.replace("{incident}", &matrix.incident);
        for method in METHODS {
            for (caller, token) in matrix.callers.clone() {
                let cell = format!("{method} {path} as {caller}");
                let answer = matrix.send(method, &path, token.as_deref());
                match *method {
                    "GET" | "HEAD" => assert_eq!(answer.status, 200, "{cell}"),
                    "OPTIONS" => assert_eq!(answer.status, 204, "{cell}"),
                    _ => {
                        assert_eq!(answer.status, 405, "{cell}");
                        assert_eq!(allow(&answer), table::PUBLIC_METHODS, "{cell}");
                    }
                }
            }
        }
    }
    for method in METHODS {
        for (caller, token) in matrix.callers.clone() {
            let path = "/s/acme/on-call/unknown";
            let cell = format!("{method} {path} as {caller}");
            let answer = matrix.send(method, path, token.as_deref());
            match *method {
                "GET" | "HEAD" | "POST" => assert_eq!(answer.status, 404, "{cell}"),
                "OPTIONS" => {}
                _ => {
                    assert_eq!(answer.status, 405, "{cell}");
                    assert_eq!(allow(&answer), "GET, HEAD, POST", "{cell}");
                }
            }
        }
    }
    assert!(matrix.cells > 1500, "{} cells", matrix.cells);
    let after = matrix.site.verify();
    assert_eq!(after["ok"], true, "{after}");
    assert_eq!(after["rows"], before, "no request has written an event");
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
