//! The operator console: every view, on a phone and on a desk, light and dark.

use e2e::{Browser, BrowserOptions, Motion, ROOT_TOKEN, Scheme, Server, in_minutes, labels};
use serde_json::{Value, json};
use xtask::workspace;

/// A screen, and what the operator's system asks for.
struct Look {
    name: &'static str,
    viewport: (u32, u32),
    scheme: Scheme,
}

const LOOKS: &[Look] = &[
    Look {
        name: "phone-light",
        viewport: (360, 720),
        scheme: Scheme::Light,
    },
    Look {
        name: "phone-dark",
        viewport: (360, 720),
        scheme: Scheme::Dark,
    },
    Look {
        name: "desk-light",
        viewport: (1280, 800),
        scheme: Scheme::Light,
    },
    Look {
        name: "desk-dark",
        viewport: (1280, 800),
        scheme: Scheme::Dark,
    },
];

/// A view: its name, where it is, and what is done there before the picture.
struct Shot {
    name: &'static str,
    place: fn(&Made) -> String,
    /// Kept in the browser as if it had been typed.
    typed: fn(&Made) -> Option<(String, Value)>,
    /// The picture is of the whole page, not of the first screen.
    whole: bool,
}

/// What the site holds.
struct Made {
    token: String,
    incident: String,
    ended: String,
    sending: String,
    /// The incident's newest.
    update: String,
}

const NOTHING: fn(&Made) -> Option<(String, Value)> = |_| None;

const SHOTS: &[Shot] = &[
    Shot {
        name: "home",
        place: |_| String::new(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "what",
        place: |_| "new/incident".to_owned(),
        typed: |made| Some(publishing(made)),
        whole: false,
    },
    Shot {
        name: "say",
        place: |_| "new/incident/say".to_owned(),
        typed: |made| Some(publishing(made)),
        whole: true,
    },
    Shot {
        name: "check",
        place: |_| "new/incident/check".to_owned(),
        typed: |made| Some(publishing(made)),
        whole: true,
    },
    Shot {
        name: "incident",
        place: |made| format!("incidents/{}", made.incident),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "update",
        place: |made| format!("incidents/{}/update", made.incident),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "resolve",
        place: |made| format!("incidents/{}/resolve", made.incident),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "update-check",
        place: |made| format!("incidents/{}/update/check", made.incident),
        typed: |made| Some(updating(made, "update")),
        whole: true,
    },
    Shot {
        name: "resolve-check",
        place: |made| format!("incidents/{}/resolve/check", made.incident),
        typed: |made| Some(updating(made, "resolve")),
        whole: true,
    },
    Shot {
        name: "edit",
        place: |made| format!("incidents/{}/edit", made.incident),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "withdraw",
        place: |made| format!("incidents/{}/withdraw", made.incident),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "share",
        place: |made| format!("incidents/{}/share", made.incident),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "postmortem",
        place: |made| format!("incidents/{}/postmortem", made.ended),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "plan",
        place: |_| "new/maintenance".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "drafts",
        place: |_| "drafts".to_owned(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "announcements",
        place: |_| "announcements".to_owned(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "maintenance",
        place: |_| "maintenance".to_owned(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "resolved",
        place: |_| "resolved".to_owned(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "templates",
        place: |_| "settings/templates".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "template",
        place: |_| "settings/templates/new".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "components",
        place: |_| "components".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "settings",
        place: |_| "settings".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "on-call",
        place: |_| "settings/on-call".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "contacts",
        place: |_| "settings/contacts".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "access",
        place: |_| "settings/access".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "journal",
        place: |_| "settings/journal".to_owned(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "account",
        place: |_| "account".to_owned(),
        typed: NOTHING,
        whole: false,
    },
];

/// A form half filled in; what is not said is as the console begins it.
fn publishing(made: &Made) -> (String, Value) {
    let value = json!({
        "kind": "incident", "components": [{ "id": made.sending, "status": null }], "impact": "major",
        "words": {
            "title": "Messages leave us late", "body": "Since 02:40 messages wait in a queue. We are looking into it.",
            "advice": "Do not resend: your messages are queued.", "works": "Receiving", "broken": "Sending at once"
        },
        "promise": { "In": 15 }, "own": { "contacts": [{ "kind": "phone", "label": "Duty desk", "value": "+61 2 5550 0199" }] }
    });
    let kept = json!({ "value": value, "at": 1, "key": "shot", "sent": null });
    ("allclear-console:draft:acme:new:incident".to_owned(), kept)
}

/// What is about to be said of the incident.
fn updating(made: &Made, task: &str) -> (String, Value) {
    let value = json!({
        "body": "Traffic goes through the second carrier. The queue is getting shorter.", "seen": made.update,
        "status": (task == "resolve").then_some("resolved"), "back": "Sending at once",
        "check": "Check what you sent between 08:00 and 09:40: some of it may have arrived twice."
    });
    let kept = json!({ "value": value, "at": 1, "key": "shot", "sent": null });
    (
        format!("allclear-console:draft:acme:{task}:{}", made.incident),
        kept,
    )
}

/// Takes the pictures whose names contain one of these; all when none is named.
pub async fn take(wanted: &[String]) {
    let wants =
        |name: &str| wanted.is_empty() || wanted.iter().any(|part| name.contains(part.as_str()));
    let names = SHOTS.iter().map(|shot| shot.name).chain([
        "sign-in", "join", "offline", "empty", "ended", "no-site", "sites", "unfolded",
    ]);
    if !names
        .flat_map(|shot| LOOKS.iter().map(move |look| picture(shot, look)))
        .any(|name| wants(&name))
    {
        return;
    }
    let server = Server::start();
    let made = make_site(&server);
    let quiet = json!({ "slug": "quiet", "name": "Quiet" });
    server.post("/v1/sites", ROOT_TOKEN, &quiet);
    for look in LOOKS {
        let browser = Browser::with(BrowserOptions {
            arguments: vec![
                "--hide-scrollbars".to_owned(),
                // The preview is looked into as well.
                "--disable-features=IsolateSandboxedIframes".to_owned(),
            ],
            ..BrowserOptions::default()
        })
        .await;
        browser
            .set_viewport(look.viewport.0, look.viewport.1, 2.0)
            .await;
        browser.set_media(look.scheme, Motion::Reduced).await;
        browser.set_time_zone("Australia/Sydney").await;
        let console = format!("{}/console", server.url());
        if wants(&picture("sign-in", look)) {
            browser.goto(&format!("{console}#/acme/")).await;
            snap(&browser, "sign-in", labels::SIGN_IN, look, false).await;
        }
        if wants(&picture("join", look)) {
            let invited = server.post(
                "/v1/sites/acme/invitations",
                &made.token,
                &json!({ "role": "editor", "name": "Robin" }),
            );
            browser.goto("about:blank").await;
            browser
                .goto(invited.json["url"].as_str().expect("a link"))
                .await;
            snap(&browser, "join", labels::INVITED, look, false).await;
        }
        browser.goto(&console).await;
        let session = json!([{ "site": "acme", "token": made.token, "role": "owner", "name": "Robin's phone", "is_device": true }]);
        browser
            .run(&format!(
                "localStorage['allclear-console:sessions'] = JSON.stringify({session})"
            ))
            .await;
        for shot in SHOTS.iter().filter(|shot| wants(&picture(shot.name, look))) {
            browser.run("for (const key of Object.keys(localStorage)) if (key.includes(':draft:')) delete localStorage[key]").await;
            if let Some((key, value)) = (shot.typed)(&made) {
                browser
                    .run(&format!("localStorage['{key}'] = JSON.stringify({value})"))
                    .await;
            }
            browser.goto("about:blank").await;
            browser
                .goto(&format!("{console}#/acme/{}", (shot.place)(&made)))
                .await;
            snap(&browser, shot.name, "", look, shot.whole).await;
        }
        if wants(&picture("unfolded", look)) {
            let (key, value) = publishing(&made);
            browser
                .run(&format!("localStorage['{key}'] = JSON.stringify({value})"))
                .await;
            browser.goto("about:blank").await;
            browser
                .goto(&format!("{console}#/acme/new/incident/say"))
                .await;
            browser
                .wait_for("the form", |tree| tree.element("textarea").is_some())
                .await;
            browser
                .run("document.querySelectorAll('details').forEach(details => details.open = true)")
                .await;
            snap(&browser, "unfolded", "", look, true).await;
        }
        states(&browser, &console, look, &wants).await;
    }
}

/// What operators meet seldom: a site without anything, a network that is gone, a session that has ended.
async fn states(browser: &Browser, console: &str, look: &Look, wants: &impl Fn(&str) -> bool) {
    let session = |site: &str, token: &str| {
        let session = json!([{ "site": site, "token": token, "role": "owner", "name": "", "is_device": true }]);
        format!("localStorage['allclear-console:sessions'] = JSON.stringify({session})")
    };
    if wants(&picture("offline", look)) {
        browser.goto("about:blank").await;
        browser.goto(&format!("{console}#/acme/")).await;
        browser
            .wait_for("home", |tree| tree.element("h1").is_some())
            .await;
        browser.set_offline(true).await;
        snap(browser, "offline", labels::OFFLINE, look, false).await;
        browser.set_offline(false).await;
    }
    if wants(&picture("empty", look)) {
        browser.run(&session("quiet", ROOT_TOKEN)).await;
        browser.goto("about:blank").await;
        browser.goto(&format!("{console}#/quiet/")).await;
        snap(browser, "empty", labels::NONE_OPEN, look, false).await;
    }
    if wants(&picture("ended", look)) {
        let never = format!("ac_quiet_{}", "x".repeat(43));
        browser.run(&session("quiet", &never)).await;
        browser.goto("about:blank").await;
        browser.goto(&format!("{console}#/quiet/")).await;
        snap(browser, "ended", labels::SESSION_ENDED_SHORT, look, false).await;
    }
    if wants(&picture("sites", look)) {
        let root = format!(
            "localStorage['allclear-console:deployment'] = '{}'",
            json!(ROOT_TOKEN)
        );
        browser.run(&root).await;
        browser.goto("about:blank").await;
        browser.goto(&format!("{console}#sites")).await;
        snap(browser, "sites", "quiet", look, true).await;
        browser
            .run("localStorage.removeItem('allclear-console:deployment')")
            .await;
    }
    if wants(&picture("no-site", look)) {
        browser.run(&session("nobody", ROOT_TOKEN)).await;
        browser.goto("about:blank").await;
        browser.goto(&format!("{console}#/nobody/")).await;
        snap(browser, "no-site", labels::NO_SUCH_SITE, look, false).await;
    }
}

fn picture(shot: &str, look: &Look) -> String {
    format!("console-{shot}-{}", look.name)
}

/// Waits until everything has been read and drawn, the card in its frame too, and takes the picture.
async fn snap(browser: &Browser, shot: &str, words: &str, look: &Look, whole: bool) {
    let name = picture(shot, look);
    let tree = browser
        .wait_for(&name, |tree| {
            let busy = tree
                .find(|node| node.attribute("aria-busy") == Some("true"))
                .is_some();
            // The all-clear is what the card turns into.
            let turned = !name.contains("resolve-check")
                || tree
                    .notices()
                    .iter()
                    .any(|notice| notice.attribute("data-kind") == Some("restored"));
            let framed = tree.element("iframe").is_none_or(|frame| {
                !frame.parts("card").is_empty() || !frame.parts("pill").is_empty()
            });
            tree.element("h1").is_some() && !busy && framed && turned && tree.text().contains(words)
        })
        .await;
    let (width, height) = look.viewport;
    if whole {
        let main = tree.element("main").expect("a view");
        let tall = browser
            .rectangle(main)
            .await
            .map_or(height, |[_, top, _, tall]| (top + tall) as u32);
        browser.set_viewport(width, tall.max(height), 2.0).await;
    }
    let path = workspace::target()
        .join("shots")
        .join(format!("{name}.png"));
    browser.screenshot(&path).await;
    if whole {
        browser.set_viewport(width, height, 2.0).await;
    }
    eprintln!("  {name}.png");
}

fn make_site(server: &Server) -> Made {
    let made = server.post(
        "/v1/sites",
        ROOT_TOKEN,
        &json!({ "slug": "acme", "name": "Acme SMS" }),
    );
    let token = made.json["token"].as_str().expect("a token").to_owned();
    let post = |path: &str, body: &Value| {
        let answer = server.post(&format!("/v1/sites/acme{path}"), &token, body);
        assert_eq!(answer.status, 201, "{path}: {}", answer.text());
        answer.json["id"].as_str().unwrap_or_default().to_owned()
    };
    let etag = server
        .get_as(&token, "/v1/sites/acme")
        .header("etag")
        .expect("a tag")
        .to_owned();
    let settings = json!({
        "languages": ["en", "de"], "time_zone": "Australia/Sydney", "quiet_hours": { "from": "22:00", "until": "06:00" },
        "colours": { "light": "#173f87", "dark": "#9dc1ff" },
        "segments": [{ "slug": "eu", "label": "European customers" }, { "slug": "schools", "label": "Schools" }],
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "on_call": [{ "kind": "email", "value": "robin@acme.example" }]
    });
    let changed = server
        .request("PATCH", "/v1/sites/acme")
        .token(&token)
        .header("if-match", &etag)
        .json(&settings)
        .send();
    assert_eq!(changed.expect("an answer").status, 200);
    let sending = post(
        "/components",
        &json!({ "name": "Sending", "group": "Messaging", "tier": 1 }),
    );
    post(
        "/components",
        &json!({ "name": "Receiving", "group": "Messaging" }),
    );
    post(
        "/components",
        &json!({ "name": "Reports", "group": "Office" }),
    );
    post(
        "/components",
        &json!({ "name": "Address book", "group": "Office", "tier": 3 }),
    );
    let ended = post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Signing in failed", "impact": "critical", "body": "Nobody gets in." }),
    );
    post(
        &format!("/incidents/{ended}/updates"),
        &json!({ "status": "resolved", "body": "A certificate had run out. It is renewed.",
        "restored": { "back": ["Signing in"], "check": "Sign in again." } }),
    );
    post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Reports load slowly", "impact": "minor", "body": "Up to a minute.",
        "components": [{ "id": "reports" }] }),
    );
    let incident = post(
        "/incidents",
        &json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major",
        "body": "Since 08:00 messages leave us late. We are looking into it.", "started_at": in_minutes(-100),
        "components": [{ "id": "sending", "status": "partial_outage" }], "advice": "Do not resend: your messages are queued.",
        "works": ["Receiving"], "broken": ["Sending at once"], "next_update_at": in_minutes(20) }),
    );
    let update = post(
        &format!("/incidents/{incident}/updates"),
        &json!({ "status": "identified", "next_update_at": in_minutes(12),
        "body": "A carrier's gateway refuses connections. We are moving traffic to the second one." }),
    );
    post(
        "/incidents",
        &json!({ "kind": "maintenance", "title": "New database machines", "body": "We move at noon.",
        "scheduled_for": in_minutes(60 * 26), "scheduled_until": in_minutes(60 * 27) }),
    );
    post(
        "/incidents",
        &json!({ "kind": "announcement", "title": "Prices change in January", "body": "A letter follows.", "draft": true }),
    );
    Made {
        token,
        incident,
        ended,
        sending,
        update,
    }
}
