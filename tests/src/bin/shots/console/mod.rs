//! The operator console: every view, on a phone and on a desktop screen, light and dark.

mod site;
mod views;

use e2e::{Browser, BrowserOptions, Motion, ROOT_TOKEN, Scheme, Server, ServerOptions, labels};
use serde_json::json;
use xtask::{workerd::Network, workspace};

use site::make_site;
use views::{SHOTS, publishing};

/// A screen size and a colour scheme.
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

/// Takes the pictures whose names contain one of these strings; all pictures if the list is empty.
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
    let server = Server::with(&ServerOptions {
        // A webhook sends to this machine.
        network: Network::PublicAndPrivate,
        ..ServerOptions::default()
    });
    let made = make_site(&server);
    let quiet = json!({ "slug": "quiet", "name": "Quiet" });
    server.post("/v1/sites", ROOT_TOKEN, &quiet);
    for look in LOOKS {
        let browser = Browser::with(BrowserOptions {
            arguments: vec![
                "--hide-scrollbars".to_owned(),
                // The preview's frame must be readable as well.
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
            snap(&browser, "join", labels::INVITED_TO_ACME, look, false).await;
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

/// Takes the pictures of rare states: an empty site, no network, an expired session.
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

/// Waits until everything is loaded and drawn, including the card in the preview's frame, and takes the picture. The page must
/// contain `words`. `whole` shows the whole page instead of the first screen.
async fn snap(browser: &Browser, shot: &str, words: &str, look: &Look, whole: bool) {
    let name = picture(shot, look);
    let tree = browser
        .wait_for(&name, |tree| {
            let busy = tree
                .find(|node| node.attribute("aria-busy") == Some("true"))
                .is_some();
            // The preview must have turned into the all-clear.
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
