//! The status pages, each as a whole, on a phone and on a desktop, light and dark.

use e2e::{Browser, BrowserOptions, Motion, Scheme, Server, ServerOptions, in_minutes};
use serde_json::{Value, json};
use xtask::workspace;

use crate::post;

/// Widths in CSS pixels.
const WIDTHS: [u32; 2] = [360, 1280];
/// The age of the sites, in seconds: 120 days.
const SITE_AGE_S: i64 = 120 * 86_400;
/// Greatest height of a picture, in CSS pixels.
const TALLEST: u64 = 6000;

/// Takes the pictures of the pages whose names contain one of these strings; all pictures if the list is empty.
pub async fn take(wanted: &[String]) {
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    // Sites with some history.
    let mut server = Server::with(&ServerOptions {
        clock_offset_s: -SITE_AGE_S,
        ..ServerOptions::default()
    });
    for (site, components) in [("quiet", 5), ("busy", 5), ("large", 40), ("crowded", 5)] {
        make(&server, site, components);
    }
    server.restart_with_clock_offset(0);
    let mut pages = stories(&server);
    pages.retain(|(name, _)| {
        WIDTHS.iter().any(|width| {
            ["light", "dark"]
                .iter()
                .any(|scheme| is_wanted(&format!("page-{name}-{width}-{scheme}")))
        })
    });
    if pages.is_empty() {
        return;
    }
    let browser = Browser::with(BrowserOptions {
        arguments: vec!["--hide-scrollbars".to_owned()],
        ..BrowserOptions::default()
    })
    .await;
    browser.set_time_zone("Australia/Sydney").await;
    for (name, path) in pages {
        for width in WIDTHS {
            for (scheme, scheme_name) in [(Scheme::Light, "light"), (Scheme::Dark, "dark")] {
                let file = format!("page-{name}-{width}-{scheme_name}");
                if !is_wanted(&file) {
                    continue;
                }
                browser.set_media(scheme, Motion::Reduced).await;
                browser.set_viewport(width, 800, 1.0).await;
                browser.goto(&format!("{}{path}", server.url())).await;
                let height = browser
                    .run("return Math.ceil(document.documentElement.scrollHeight)")
                    .await;
                let height = height.as_u64().unwrap_or(800).clamp(400, TALLEST);
                let height = u32::try_from(height).unwrap_or(800);
                browser.set_viewport(width, height, 1.0).await;
                let path = workspace::target()
                    .join("shots")
                    .join(format!("{file}.png"));
                browser.screenshot(&path).await;
                eprintln!("  {file}.png");
            }
        }
    }
}

/// Publishes incidents that show the variety of pages. Returns each page's name and path.
fn stories(server: &Server) -> Vec<(&'static str, String)> {
    let incident = |site: &str, body: &Value| -> String {
        let made = post(server, &format!("/v1/sites/{site}/incidents"), body);
        made["id"].as_str().expect("an id").to_owned()
    };
    let update = |site: &str, id: &str, body: &Value| {
        post(
            server,
            &format!("/v1/sites/{site}/incidents/{id}/updates"),
            body,
        );
    };
    let learned = past(server, &incident, &update);
    let withdrawn = incident(
        "busy",
        &json!({ "kind": "incident", "impact": "minor", "title": "Reports are empty", "body": "We are looking into it." }),
    );
    post_ok(
        server,
        &format!("/v1/sites/busy/incidents/{withdrawn}/withdraw"),
        &json!({ "reason": "The reports were right: nothing had been sent that night." }),
    );
    let open = incident("busy", &outage());
    for body in updates() {
        update("busy", &open, &body);
    }
    let planned = incident(
        "busy",
        &json!({ "kind": "maintenance", "title": "New database servers", "body": "Reports are read-only while we move them.",
        "scheduled_for": in_minutes(60 * 30), "scheduled_until": in_minutes(60 * 32), "components": [{ "id": "reports" }] }),
    );
    incident(
        "busy",
        &json!({ "kind": "announcement", "title": "Old API keys end in January", "body": "Make a new key under *Settings* by 31 January." }),
    );
    incident(
        "large",
        &json!({ "kind": "incident", "impact": "critical", "title": "Signing in does not work",
        "body": "Nobody can sign in since 08:00. Those who are in can go on working.", "advice": "Stay signed in, if you are.",
        "components": [{ "id": "part-3", "status": "major_outage" }], "next_update_at": in_minutes(15) }),
    );
    for number in 1..=14 {
        let part = ["Sending", "Receiving", "Reports", "Signing in", "Payments"][number % 5];
        let id = incident(
            "crowded",
            &json!({ "kind": "incident", "impact": (["minor", "major"][number % 2]), "title": format!("{part}: carrier {number} is late"),
            "body": "One of the carriers answers late. Messages over the others arrive in time. ".repeat(6), "advice": "Do not resend: your messages are queued and will arrive.",
            "works": ["Receiving messages"], "broken": ["Sending over this carrier"] }),
        );
        update(
            "crowded",
            &id,
            &json!({ "body": "We are waiting for the carrier's answer. ".repeat(12), "next_update_at": in_minutes(30) }),
        );
    }
    vec![
        ("status-crowded", "/s/crowded".to_owned()),
        ("status-quiet", "/s/quiet".to_owned()),
        ("status-busy", "/s/busy".to_owned()),
        ("status-german", "/s/busy?lang=de".to_owned()),
        ("status-arabic", "/s/busy?lang=ar".to_owned()),
        ("status-large", "/s/large".to_owned()),
        ("incident-open", format!("/s/busy/incidents/{open}")),
        ("incident-learned", format!("/s/busy/incidents/{learned}")),
        (
            "incident-withdrawn",
            format!("/s/busy/incidents/{withdrawn}"),
        ),
        ("incident-planned", format!("/s/busy/incidents/{planned}")),
        ("history", "/s/busy/history".to_owned()),
        ("card", "/s/busy/card".to_owned()),
        ("card-quiet", "/s/quiet/card".to_owned()),
        ("missing", "/s/busy/incidents/inc_none".to_owned()),
        ("guide", "/docs/embed".to_owned()),
    ]
}

/// Creates a site with this number of components.
fn make(server: &Server, site: &str, components: usize) {
    post(
        server,
        "/v1/sites",
        &json!({ "slug": site, "name": "Acme SMS", "languages": ["en", "de", "ar"],
        "time_zone": "Australia/Sydney",
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" },
                     { "kind": "email", "label": "Write to us", "value": "help@acme.example" }] }),
    );
    let named = [
        ("Sending", "Messaging"),
        ("Receiving", "Messaging"),
        ("Reports", "Messaging"),
        ("Signing in", "Account"),
        ("Payments", "Account"),
    ];
    let groups = [
        "Messaging",
        "Account",
        "Programming interface",
        "Integrations",
    ];
    for number in 0..components {
        let component = match named.get(number).filter(|_| components <= named.len()) {
            Some((name, group)) => json!({ "name": name, "group": group }),
            None => {
                json!({ "name": format!("Part {number}"), "group": groups[number % 4] })
            }
        };
        post(server, &format!("/v1/sites/{site}/components"), &component);
    }
}

/// Publishes the resolved incidents of the site `busy`, and returns the id of the one with a postmortem.
fn past(
    server: &Server,
    incident: &impl Fn(&str, &Value) -> String,
    update: &impl Fn(&str, &str, &Value),
) -> String {
    let id = incident(
        "busy",
        &json!({ "kind": "incident", "impact": "critical", "title": "Nobody could sign in",
        "started_at": in_minutes(-60 * 50), "body": "Signing in leads in circles.", "components": [{ "id": "signing-in", "status": "major_outage" }],
        "next_update_at": in_minutes(30) }),
    );
    update(
        "busy",
        &id,
        &json!({ "status": "identified", "body": "One of the data servers failed, and the others waited for it.", "next_update_at": in_minutes(30) }),
    );
    update(
        "busy",
        &id,
        &json!({ "status": "resolved", "body": "Signing in works again.",
        "restored": { "back": ["Signing in"], "check": "Check what you wrote between 08:00 and 09:00: the last minutes may be missing.", "still": ["Yesterday's reports come tonight"] } }),
    );
    let learned = json!({ "root_cause": "One of three data servers failed. The cluster was set up to wait for all three, so that **every sign-in** waited too.\n\nWe had tested with two servers switched off, but never with one that answers slowly.",
        "window": { "start": in_minutes(-60 * 50), "end": in_minutes(0) },
        "remedy": "We took the server out by hand, and changed what the others wait for.",
        "prevention": ["The cluster goes on without a server that is slow for 5 s.", "Each part is switched off in turn, in quiet hours, every month.", "The page you sign in on tells of trouble now."] });
    let answer = server
        .request("PUT", &format!("/v1/sites/busy/incidents/{id}/postmortem"))
        .token(e2e::ROOT_TOKEN)
        .json(&learned)
        .send()
        .expect("an answer");
    assert!(answer.status < 300, "{}", answer.text());
    for (title, days) in [
        ("Some numbers were refused", 40),
        ("Slow pages in the evening", 9),
        ("Delivery reports lagged behind", 3),
    ] {
        incident(
            "busy",
            &json!({ "kind": "incident", "impact": "minor", "status": "resolved", "title": title, "body": "Fixed.",
            "started_at": in_minutes(-60 * 24 * days), "ended_at": in_minutes(95 - 60 * 24 * days) }),
        );
    }
    id
}

fn post_ok(server: &Server, path: &str, body: &Value) {
    let answer = server.post(path, e2e::ROOT_TOKEN, body);
    assert!(answer.status < 300, "{path}: {}", answer.text());
}

fn outage() -> Value {
    json!({ "kind": "incident", "impact": "major", "status": "investigating", "title": "Messages are delayed",
        "started_at": in_minutes(-100), "body": "Since 08:00 messages leave us late. We are looking into it.",
        "components": [{ "id": "sending", "status": "partial_outage" }, { "id": "reports", "status": "degraded_performance" }],
        "advice": "Do not resend: your messages are queued and will arrive.",
        "works": ["Receiving messages", "Contacts"], "broken": ["Sending arrives up to 40 minutes late", "Delivery reports lag behind"],
        "next_update_at": in_minutes(20),
        "text": { "de": { "title": "Nachrichten kommen verspätet an", "body": "Seit 08:00 gehen Nachrichten verspätet hinaus.",
            "advice": "Bitte nicht noch einmal senden: Ihre Nachrichten warten und kommen an.",
            "works": ["Empfangen", "Kontakte"], "broken": ["Senden dauert bis zu 40 Minuten"] } } })
}

/// The updates of the open incident, oldest first.
fn updates() -> Vec<Value> {
    vec![
        json!({ "body": "It is one of our two carriers. Messages over the other one arrive in time.", "next_update_at": in_minutes(30) }),
        json!({ "status": "identified", "body": "The carrier's gateway refuses connections. We are moving traffic to the second one:\n\n- reminders first\n- then campaigns", "next_update_at": in_minutes(30) }),
        json!({ "body": "Half of the queue is sent. See [how queues work](https://acme.example/queues).", "next_update_at": in_minutes(45), "estimated_end_at": in_minutes(90), "confidence": "medium" }),
    ]
}
