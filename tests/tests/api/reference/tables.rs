//! The tables of docs/api.md, compared with the code and with a server.

use std::collections::{BTreeMap, BTreeSet};

use e2e::{Answer, ROOT_TOKEN, Server, Site, in_minutes, with};
use notice::{
    limits,
    rejection::{FieldError, Rejection},
    wire::input::{
        Audience, NewComponent, NewIncident, NewPostmortem, NewSite, NewTemplate, NewUpdate,
        Redemption,
    },
};
use serde_json::{Value, json};

use super::REFERENCE;

/// The cells of every table row in the document whose first cell fulfils `fits`.
fn rows(fits: impl Fn(&str) -> bool) -> Vec<Vec<&'static str>> {
    let lines = REFERENCE.lines().filter(|line| line.starts_with("| "));
    lines
        .map(|row| row.trim_matches('|').split('|').map(str::trim).collect())
        .filter(|cells: &Vec<&str>| fits(cells[0]))
        .collect()
}

/// Every endpoint with the role that it needs.
pub const ENDPOINTS: &[(&str, &str)] = &[
    ("GET /v1/sites", "root"),
    ("POST /v1/sites", "root"),
    ("GET /v1/sites/{site}", "viewer"),
    ("PATCH /v1/sites/{site}", "owner"),
    ("DELETE /v1/sites/{site}", "owner"),
    ("GET /v1/sites/{site}/components", "viewer"),
    ("POST /v1/sites/{site}/components", "editor"),
    ("GET /v1/sites/{site}/components/{component}", "viewer"),
    ("PATCH /v1/sites/{site}/components/{component}", "editor"),
    ("DELETE /v1/sites/{site}/components/{component}", "editor"),
    ("GET /v1/sites/{site}/incidents", "viewer"),
    ("POST /v1/sites/{site}/incidents", "editor"),
    ("GET /v1/sites/{site}/incidents/{incident}", "viewer"),
    ("PATCH /v1/sites/{site}/incidents/{incident}", "editor"),
    ("DELETE /v1/sites/{site}/incidents/{incident}", "editor"),
    (
        "POST /v1/sites/{site}/incidents/{incident}/updates",
        "editor",
    ),
    (
        "GET /v1/sites/{site}/incidents/{incident}/updates/{update}",
        "viewer",
    ),
    (
        "PATCH /v1/sites/{site}/incidents/{incident}/updates/{update}",
        "editor",
    ),
    (
        "POST /v1/sites/{site}/incidents/{incident}/withdraw",
        "editor",
    ),
    (
        "GET /v1/sites/{site}/incidents/{incident}/postmortem",
        "viewer",
    ),
    (
        "PUT /v1/sites/{site}/incidents/{incident}/postmortem",
        "editor",
    ),
    ("GET /v1/sites/{site}/templates", "viewer"),
    ("POST /v1/sites/{site}/templates", "editor"),
    ("GET /v1/sites/{site}/templates/{template}", "viewer"),
    ("PATCH /v1/sites/{site}/templates/{template}", "editor"),
    ("DELETE /v1/sites/{site}/templates/{template}", "editor"),
    ("GET /v1/sites/{site}/tokens", "owner"),
    ("POST /v1/sites/{site}/tokens", "owner"),
    ("DELETE /v1/sites/{site}/tokens/{token}", "owner"),
    ("POST /v1/sites/{site}/tokens/{token}/rotate", "owner"),
    ("GET /v1/sites/{site}/tokens/self", "viewer"),
    ("DELETE /v1/sites/{site}/tokens/self", "any token"),
    ("GET /v1/sites/{site}/hostnames", "viewer"),
    ("POST /v1/sites/{site}/hostnames/{host}/confirm", "owner"),
    ("GET /v1/sites/{site}/invitations", "editor"),
    ("POST /v1/sites/{site}/invitations", "editor"),
    ("DELETE /v1/sites/{site}/invitations/{invitation}", "editor"),
    ("POST /v1/sites/{site}/invitations/read", "invitation"),
    ("POST /v1/sites/{site}/invitations/redeem", "invitation"),
    ("GET /v1/sites/{site}/webhooks", "editor"),
    ("POST /v1/sites/{site}/webhooks", "owner"),
    ("GET /v1/sites/{site}/webhooks/{webhook}", "editor"),
    ("PATCH /v1/sites/{site}/webhooks/{webhook}", "owner"),
    ("DELETE /v1/sites/{site}/webhooks/{webhook}", "owner"),
    ("POST /v1/sites/{site}/webhooks/{webhook}/rotate", "owner"),
    ("POST /v1/sites/{site}/webhooks/{webhook}/test", "owner"),
    (
        "POST /v1/sites/{site}/webhooks/{webhook}/redeliver",
        "editor",
    ),
    (
        "GET /v1/sites/{site}/webhooks/{webhook}/deliveries",
        "editor",
    ),
    (
        "POST /v1/sites/{site}/webhooks/{webhook}/deliveries/{delivery}/redeliver",
        "editor",
    ),
    ("GET /v1/sites/{site}/on-call", "viewer"),
    ("GET /v1/sites/{site}/on-call/deliveries", "editor"),
    ("POST /v1/sites/{site}/on-call/test", "owner"),
    ("GET /v1/sites/{site}/journal", "viewer"),
    ("GET /v1/sites/{site}/verify", "editor"),
    ("GET /v1/sites/{site}/verification", "viewer"),
    ("GET /v1/sites/{site}/export", "owner"),
    ("POST /v1/sites/{site}/import", "owner"),
    ("POST /v1/sites/{site}/redact", "owner"),
    ("POST /v1/sites/{site}/repair", "root"),
    ("POST /v1/sites/{site}/clock", "root"),
    ("GET /v1/sites/{site}/feed", "public"),
    ("GET /s/{site}/embed.js", "public"),
    ("GET /healthz", "public"),
];

/// An endpoint's method, and its path with ids that can be parsed.
fn request_of(endpoint: &'static str) -> (&'static str, String) {
    let (method, path) = endpoint.split_once(' ').unwrap();
    let path = path.replace("{site}", "acme");
    let ids = [
        "host/status.acme.com",
        "component/cmp_1",
        "incident/inc_1",
        "update/upd_1",
        "template/tpl_1",
        "token/tok_1",
        "invitation/inv_1",
        "webhook/whk_1",
        "delivery/dlv_1",
    ];
    let path = ids.iter().fold(path, |path, id| {
        let (name, id) = id.split_once('/').unwrap();
        path.replace(&format!("{{{name}}}"), id)
    });
    (method, path)
}

#[test]
fn endpoint_tables_list_every_method_of_every_path() {
    let documented: BTreeSet<(&str, &str)> = rows(|cell| cell.contains(" /"))
        .iter()
        .map(|cells| (cells[0].trim_matches('`'), cells[1]))
        .collect();
    let expected = ENDPOINTS.iter().copied().collect();
    assert_eq!(documented, expected);

    let mut methods: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (endpoint, role) in ENDPOINTS {
        let (method, path) = request_of(endpoint);
        let known = methods.entry(path).or_default();
        known.insert(method);
        known.extend((method == "GET").then_some("HEAD"));
        known.extend((*role == "public").then_some("OPTIONS"));
    }
    let site = Site::empty();
    for (path, known) in methods {
        let answer = site.server.request("PROPFIND", &path).send().unwrap();
        let allowed = answer.header("allow").unwrap_or_default();
        let allowed: BTreeSet<&str> = allowed.split(", ").collect();
        assert_eq!((answer.status, allowed), (405, known), "{path}");
    }
}

#[test]
fn endpoints_need_exactly_the_documented_role() {
    let site = Site::empty();
    let token = |role: &str| {
        let created = site.create("/tokens", &json!({ "role": role }));
        created["token"].as_str().unwrap().to_owned()
    };
    let ranks = [
        ("any token", token("alerts")),
        ("viewer", token("viewer")),
        ("editor", token("editor")),
        ("owner", site.token.clone()),
        ("root", ROOT_TOKEN.to_owned()),
    ];
    let send = |endpoint: &'static str, token: Option<&str>| -> Answer {
        let (method, path) = request_of(endpoint);
        let media_type = match path.ends_with("/import") {
            true => "application/jsonl",
            false => "application/json",
        };
        let mut request = site.server.request(method, &path);
        if let Some(token) = token {
            request = request.token(token);
        }
        if method != "GET" {
            request = request.header("content-type", media_type).bytes("{}");
        }
        request.send().unwrap()
    };
    for &(endpoint, role) in ENDPOINTS {
        let rank = ranks.iter().position(|(name, _)| *name == role);
        match (role, rank) {
            ("public", _) => assert_eq!(send(endpoint, None).status, 200, "{endpoint}"),
            // No token is needed, but the empty body lacks the field `invitation`.
            ("invitation", _) => assert_eq!(send(endpoint, None).status, 422, "{endpoint}"),
            // This endpoint revokes its token, so it gets one of its own.
            ("any token", _) => {
                let own = token("alerts");
                assert_eq!(send(endpoint, Some(&own)).status, 204, "{endpoint}");
            }
            (_, Some(rank)) => {
                if let Some((lower, token)) = rank.checked_sub(1).map(|lower| &ranks[lower]) {
                    // `/v1/sites` accepts only the root token; a site's token is unknown there.
                    let refused = if endpoint.ends_with("/v1/sites") {
                        401
                    } else {
                        403
                    };
                    let status = send(endpoint, Some(token)).status;
                    assert_eq!(status, refused, "{endpoint} with {lower}");
                }
                if endpoint != "DELETE /v1/sites/{site}" {
                    let status = send(endpoint, Some(&ranks[rank].1)).status;
                    assert!(![401, 403].contains(&status), "{endpoint}: {status}");
                }
            }
            _ => panic!("{endpoint}: unknown role {role}"),
        }
    }
}

/// One rejection of each kind.
fn rejections() -> Vec<Rejection> {
    let text = String::new;
    vec![
        Rejection::MalformedJson(text()),
        Rejection::Unauthorized,
        Rejection::Forbidden,
        Rejection::NotFound,
        Rejection::NoLongerKept(""),
        Rejection::MethodNotAllowed("GET"),
        Rejection::UnknownReference {
            pointer: text(),
            detail: text(),
        },
        Rejection::IllegalTransition(text()),
        Rejection::SlugTaken(text()),
        Rejection::HostnameTaken(text()),
        Rejection::HostnameUnconfirmed {
            record: text(),
            value: text(),
        },
        Rejection::NotEmpty(text()),
        Rejection::LimitReached(text()),
        Rejection::Busy(""),
        Rejection::VerifyFailed(text()),
        Rejection::PreconditionFailed,
        Rejection::ContentTooLarge(0),
        Rejection::UnsupportedMediaType("application/json"),
        Rejection::UnusableImport(text()),
        Rejection::Fields(vec![FieldError::invalid("", "")]),
        Rejection::Fields(vec![FieldError::unknown("")]),
        Rejection::InvalidHeader(text()),
        Rejection::IdempotencyMismatch,
        Rejection::PreconditionRequired,
        Rejection::TooManyRequests {
            retry_after_s: 0,
            limit: 0,
        },
    ]
}

/// The codes of answers to faults of the server.
const FAULTS: [&str; 3] = ["unavailable", "outcome_unknown", "bad_setting"];

#[test]
fn error_table_lists_every_code_with_its_status() {
    let rejections = rejections();
    let mut expected: BTreeSet<(u16, &str)> = rejections
        .iter()
        .map(|rejection| (rejection.status(), rejection.code()))
        .collect();
    let source = include_str!("../../../../notice/src/rejection.rs");
    let (_, source) = source.split_once("pub fn code(").unwrap();
    let (source, _) = source.split_once("pub fn problem(").unwrap();
    let in_source: BTreeSet<&str> = source.split('"').skip(1).step_by(2).collect();
    let codes: BTreeSet<&str> = expected.iter().map(|(_, code)| *code).collect();
    assert_eq!(codes, in_source, "`rejections` has one of each kind");

    expected.extend(FAULTS.map(|code| (503, code)));
    let is_status = |cell: &str| cell.parse::<u16>().is_ok();
    let documented: BTreeSet<(u16, &str)> = rows(is_status)
        .iter()
        .map(|cells| (cells[0].parse().unwrap(), cells[1].trim_matches('`')))
        .collect();
    assert_eq!(documented, expected);
}

macro_rules! limits {
    ($($label:literal => $name:ident),+ $(,)?) => {
        &[$(($label, stringify!($name), limits::$name as u64)),+]
    };
}

/// The first cell of each row of the table of limits, the constant's name and its value.
const LIMITS: &[(&str, &str, u64)] = limits![
    "body of a request" => REQUEST,
    "line of an import" => IMPORT_LINE,
    "`errors` of a problem" => ERRORS,
    "`Idempotency-Key`" => IDEMPOTENCY_KEY,
    "entries in a page, by default" => PAGE,
    "entries in a page, at most" => PAGE_MOST,
    "title" => TITLE,
    "body of an update; `root_cause` and `remedy`" => BODY,
    "advice, `check`, reason, entry of `prevention`" => ADVICE,
    "entries in `works`, `broken`, `back`, `still`, `prevention`" => LIST,
    "entry in `works`, `broken`, `back`, `still`" => LIST_ENTRY,
    "name of a site, component, group, label or token" => NAME,
    "value of a contact or on-call target" => VALUE,
    "contacts" => CONTACTS,
    "languages of a site" => LANGUAGES,
    "segments of a site" => SEGMENTS,
    "host names of a site" => HOSTNAMES,
    "on-call targets" => ON_CALL,
    "`after_minutes`" => AFTER_MINUTES,
    "components of a site" => COMPONENTS,
    "components of an incident" => INCIDENT_COMPONENTS,
    "templates of a site" => TEMPLATES,
    "webhooks of a site" => WEBHOOKS,
    "URL of a webhook" => WEBHOOK_URL,
    "secrets of a webhook that sign at the same time" => WEBHOOK_SECRETS,
    "deliveries that one request sends again" => REDELIVERIES,
    "tokens and sessions of a site" => TOKENS,
    "updates of an incident" => UPDATES,
    "related incidents" => RELATED,
    "segments or components in an audience" => AUDIENCE,
    "path patterns in an audience" => PATHS,
    "path pattern" => PATH,
    "stars in a path pattern, except a `*` that is a whole segment" => PATH_STARS,
    "cadence, at least" => CADENCE_LEAST_S,
    "cadence, at most" => CADENCE_MOST_S,
    "`returning_s` and `everyone_s`" => RESTORED_S,
    "`overdue_after_s`" => OVERDUE_AFTER_S,
    "`next_update_minutes`" => NEXT_UPDATE_MINUTES,
    "text to redact, at least" => REDACTED,
    "event in the journal" => EVENT,
    "event in an import" => IMPORTED_EVENT,
    "row in an import, without its event" => ROW,
    "revision in an import" => REV,
    "revisions and times in an import, ahead of the server's clock" => IMPORT_AHEAD_MS,
    "delay with which a post or announcement appears by itself" => APPEARS_LATE_S,
    "feed" => FEED,
    "notices in the loader of a site" => LOADER_NOTICES,
    "updates of a notice in the feed" => FEED_UPDATES,
    "body of an update in the feed" => FEED_BODY,
];

#[test]
fn limit_table_has_every_limit_with_its_value() {
    let source = include_str!("../../../../notice/src/limits.rs");
    let constants = source
        .lines()
        .filter_map(|line| line.strip_prefix("pub const "));
    let constants: BTreeSet<&str> = constants
        .map(|constant| constant.split_once(':').unwrap().0)
        .collect();
    let known = LIMITS.iter().map(|(_, name, _)| *name).collect();
    assert_eq!(constants, known);

    let (_, section) = REFERENCE.split_once("\n## Limits\n").unwrap();
    let rows = section.lines().filter(|line| line.starts_with("| "));
    let documented: BTreeSet<(&str, u64)> = rows
        .map(|row| row.trim_matches('|').split_once('|').unwrap())
        .filter_map(|(label, value)| {
            let number = value.trim().split(' ').next()?.replace(',', "");
            Some((label.trim(), number.parse().ok()?))
        })
        .collect();
    let expected = LIMITS.iter().map(|(label, _, value)| (*label, *value));
    assert_eq!(documented, expected.collect());
}

/// The names in the first column of a section's table.
fn documented_fields(section: &str) -> BTreeSet<String> {
    let (_, after) = REFERENCE
        .split_once(&format!("\n### Fields of {section}\n"))
        .unwrap_or_else(|| panic!("no section on {section}"));
    let own = after.lines().take_while(|line| !line.starts_with('#'));
    let cells = own.filter_map(|line| line.strip_prefix("| `")?.split_once(" | "));
    cells
        .flat_map(|(cell, _)| cell.split(", "))
        .map(|name| name.trim_matches('`').to_owned())
        .collect()
}

/// The fields of the body type `$body`, including optional ones that `$given` leaves out.
macro_rules! body_fields {
    ($body:ty, $given:expr) => {{
        let body: $body = serde_json::from_value($given.clone()).unwrap();
        names(&serde_json::to_value(body).unwrap())
    }};
}

fn names(object: &Value) -> Vec<String> {
    let fields = object.as_object().unwrap_or_else(|| panic!("{object}"));
    fields.keys().cloned().collect()
}

#[track_caller]
fn assert_documented(section: &str, fields: &[Vec<String>]) {
    let fields: BTreeSet<String> = fields.iter().flatten().cloned().collect();
    assert_eq!(documented_fields(section), fields, "{section}");
}

#[test]
fn field_tables_have_every_field_of_bodies_and_answers() {
    let server = Server::start();
    let settings = json!({ "slug": "acme", "name": "Acme SMS", "languages": ["en", "de"] });
    let site = Site {
        token: server.create_site(&settings),
        slug: "acme",
        server,
    };
    let component = site.create("/components", &json!({ "name": "Sending" }));
    let incident = json!({ "kind": "incident", "title": "t", "impact": "major", "body": "b",
                           "components": [{ "id": "sending" }] });
    let id = site.publish(&incident);
    let postmortem_body = json!({ "root_cause": "r", "remedy": "r", "prevention": [],
                          "window": { "start": in_minutes(-9), "end": in_minutes(-5) } });
    let update = json!({
        "body": "b", "status": "resolved", "advice": "a", "works": ["w"], "broken": ["b"],
        "text": { "de": { "body": "b" } } });
    let patched = with(
        update.clone(),
        &json!({ "estimated_end_at": in_minutes(5), "confidence": "low" }),
    );
    site.update(&id, &update);
    let updates = site.incident(&id)["updates"].clone();
    let postmortem = site.path(&format!("/incidents/{id}/postmortem"));
    let postmortem = site.server.request("PUT", &postmortem).token(&site.token);
    let postmortem = postmortem.json(&postmortem_body).send().unwrap().json;
    let template = site.create("/templates", &json!({ "name": "t" }));
    let token = site.create("/tokens", &json!({ "role": "viewer" }));
    let invitation = site.create("/invitations", &json!({ "role": "viewer" }));
    let first = |path: &str| names(&site.get(path).json["items"][0]);
    let feed = site.server.get(&site.path("/feed?lang=de")).json;
    let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();

    assert_documented(
        "a site",
        &[body_fields!(NewSite, settings), names(&site.get("").json)],
    );
    assert_documented(
        "a component",
        &[
            body_fields!(NewComponent, json!({ "name": "n" })),
            names(&component),
        ],
    );
    assert_documented(
        "an incident",
        &[
            body_fields!(NewIncident, incident),
            names(&site.incident(&id)),
            own(&["renotify", "missed_at"]),
        ],
    );
    let audience = json!({ "segments": ["eu"], "paths": ["/"], "components": [], "undeclared": "show",
        "undeclared_components": "show", "undeclared_segments": "show", "listed": true });
    assert_documented("an audience", &[body_fields!(Audience, audience)]);
    assert_documented(
        "an update",
        &[body_fields!(NewUpdate, patched), names(&updates[0])],
    );
    assert_documented(
        "a postmortem",
        &[
            body_fields!(NewPostmortem, postmortem_body),
            names(&postmortem),
        ],
    );
    assert_documented(
        "a template",
        &[
            body_fields!(NewTemplate, json!({ "name": "n" })),
            names(&template),
        ],
    );
    assert_documented("a token", &[names(&token), first("/tokens")]);
    assert_documented(
        "an invitation",
        &[
            names(&invitation),
            first("/invitations"),
            body_fields!(Redemption, json!({ "invitation": "i" })),
        ],
    );
    assert_documented("a feed", &[names(&feed), own(&["paused"])]);
    assert_documented("a notice", &[names(&feed["notices"][0])]);
}
