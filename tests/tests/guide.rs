//! The embed guide, followed word by word: every example is taken from the guide's own text and run in a real browser.

mod story;

use std::{
    fs,
    net::TcpListener,
    process::{Command, Stdio},
};

use e2e::{Browser, Page, Reply};
use serde_json::{Value, json};
use story::{Site, says, see};
use xtask::{node, process, workspace};

const GUIDE: &str = include_str!("../../www/site/docs/embed.html");

/// An example of the guide, by its id, with this server in place of the one that it names.
fn example(id: &str, site: &Site) -> String {
    let begin = format!("<code id=\"{id}\">");
    let (_, rest) = GUIDE
        .split_once(&begin)
        .unwrap_or_else(|| panic!("the guide has no {id}"));
    let (text, _) = rest.split_once("</code>").unwrap();
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    assert!(text.contains("status.example.com") || !text.contains("embed.js"));
    text.replace("https://status.example.com", &site.server.url())
}

/// A page of somebody's app with these lines in it.
fn app(lines: &str) -> Page {
    Page::host(&format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>App</title><h1>App</h1>{lines}"
    ))
}

fn site() -> Site {
    Site::new("acme", "Acme SMS", &["Sending", "Sharing", "Signing in"])
}

fn outage(fields: &Value) -> Value {
    let mut body = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We look into it.",
        "advice": "Do not resend." });
    for (name, value) in fields.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// Opens the page and waits until the card of this incident is on it, drawn by the widget, with nothing refused.
async fn card_on(page: &str, incident: &str) -> Browser {
    let browser = Browser::start().await;
    browser.watch().await;
    browser.goto(page).await;
    browser
        .wait_for("the card", |tree| {
            says(tree, incident, "Messages are delayed")
        })
        .await;
    let watched = browser.watched().await;
    assert!(
        watched.errors.is_empty() && watched.rejections.is_empty() && watched.violations.is_empty(),
        "{watched:?}"
    );
    browser
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tag_that_the_guide_builds_is_the_one_that_works() {
    let site = site();
    let incident = site.publish(&outage(
        &json!({ "audience": { "segments": [], "components": ["sharing"] } }),
    ));
    let browser = Browser::start().await;
    browser.watch().await;
    browser
        .goto(&format!("{}/docs/embed", site.server.url()))
        .await;
    let tag = "return document.getElementById('tag').textContent";
    let plain = format!(
        "<script async src=\"{}/embed.js\" data-site=\"acme\"></script>",
        site.server.url()
    );
    assert_eq!(
        browser.run(tag).await,
        plain.as_str(),
        "it knows where it is"
    );
    // The readers' own words, put in as they would.
    browser
        .run("const form = document.getElementById('builder').elements;
              form.position.value = 'corner'; form.theme.value = 'dark'; form.components.value = ' sharing,sending';
              form.components.dispatchEvent(new Event('input', { bubbles: true }))")
        .await;
    let built = browser.run(tag).await;
    let built = built.as_str().unwrap();
    for said in [
        "data-position=\"corner\"",
        "data-theme=\"dark\"",
        "data-components=\"sharing sending\"",
    ] {
        assert!(built.contains(said), "{built}");
    }
    let all = browser
        .run("return [...document.querySelectorAll('pre code')].map(code => code.textContent).join('\\n')")
        .await;
    assert!(
        !all.as_str().unwrap().contains("status.example.com"),
        "every example follows"
    );
    // Copied, it is what stands there.
    let permission = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"], "origin": site.server.url() });
    browser
        .devtools("Browser.grantPermissions", permission)
        .await;
    let tree = browser.pierce().await;
    let copy = tree.find(|node| node.name == "button" && node.text() == "Copy");
    browser.click(copy.unwrap()).await;
    browser
        .wait_for("the word that it is copied", |tree| {
            tree.find(|node| node.name == "button" && node.text() == "Copied")
                .is_some()
        })
        .await;
    let copied = browser.run("return navigator.clipboard.readText()").await;
    assert_eq!(copied, built);
    let watched = browser.watched().await;
    assert!(
        watched.violations.is_empty() && watched.errors.is_empty(),
        "{watched:?}"
    );
    card_on(&app(built).url(), &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_comes_before_there_is_a_backend() {
    // The service runs, and has no site.
    let site = site();
    let tag = example("tag", &site).replace("\"acme\"", "\"not-yet\"");
    let page = app(&tag);
    let browser = Browser::start().await;
    browser
        .goto(&format!("{}?allclear-preview=major", page.url()))
        .await;
    let shown = |tree: &e2e::Tree| {
        tree.banner()
            .is_some_and(|banner| banner.part("title").is_some())
    };
    browser.wait_for("the preview", shown).await;
    // By the call.
    browser.goto("about:blank").await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "Allclear",
            "return Boolean(window.Allclear?.preview)",
            |there| *there == json!(true),
        )
        .await;
    browser.run(&example("preview-call", &site)).await;
    browser.wait_for("the preview", shown).await;
    // By the buttons of the guide itself.
    browser
        .goto(&format!("{}/docs/embed", site.server.url()))
        .await;
    browser
        .wait_for_script(
            "Allclear",
            "return Boolean(window.Allclear?.preview)",
            |there| *there == json!(true),
        )
        .await;
    let tree = browser.pierce().await;
    let button = tree.find(|node| node.attribute("data-preview") == Some("critical"));
    browser.click(button.unwrap()).await;
    browser.wait_for("the preview", shown).await;
}

/// A development server that is ended with the test.
struct Vite(std::process::Child);

impl Drop for Vite {
    fn drop(&mut self) {
        let _ = process::terminate(&mut self.0, std::time::Duration::from_secs(5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_vite_app_shows_a_preview() {
    let site = site();
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("index.html"),
        example("vite-page", &site),
    )
    .unwrap();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
        .to_string();
    let asked = example("vite-start", &site).replace("5173", &port);
    let vite = workspace::root().join("node_modules/vite/bin/vite.js");
    let arguments: Vec<&str> = asked
        .strip_prefix("npx vite ")
        .unwrap()
        .split(' ')
        .collect();
    let mut command = process::grouped(std::path::Path::new("node"));
    command
        .arg(&vite)
        .args(&arguments)
        // Where names are not looked up.
        .args(["--host", "127.0.0.1", "--strictPort"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let _vite = Vite(process::spawn(command).unwrap());
    let address =
        example("preview-address", &site).replace("localhost:5173", &format!("127.0.0.1:{port}"));
    let browser = Browser::start().await;
    let client = e2e::Client::new(
        &format!("http://127.0.0.1:{port}"),
        std::time::Duration::from_secs(5),
    );
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(60);
    while client.get("/").is_err() {
        assert!(std::time::Instant::now() < deadline, "vite does not answer");
    }
    browser.goto(&address).await;
    browser
        .wait_for("the preview", |tree| {
            tree.banner()
                .is_some_and(|banner| banner.part("title").is_some())
        })
        .await;
    // Built for production, the tag is what it was.
    let build = example("vite-build", &site);
    let built = Command::new("node")
        .arg(&vite)
        .args(build.strip_prefix("npx vite ").unwrap().split(' '))
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let page = fs::read_to_string(folder.path().join("dist/index.html")).unwrap();
    let page = Page::host(&page);
    browser
        .goto(&format!("{}?allclear-preview=critical", page.url()))
        .await;
    browser
        .wait_for("the preview", |tree| {
            tree.banner()
                .is_some_and(|banner| banner.part("title").is_some())
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_strict_page_that_adds_the_guides_sources_shows_the_whole_card() {
    let site = site();
    let incident = site.publish(&outage(&json!({})));
    let page = app("");
    let html = format!(
        "<!doctype html><html lang=en><title>App</title>{}",
        example("tag", &site)
    );
    let policy = format!("default-src 'none'; {}", example("csp", &site));
    page.put(
        "/strict",
        Reply::html(&html).header("content-security-policy", &policy),
    );
    let browser = card_on(&format!("{}strict", page.url()), &incident).await;
    let tree = browser.pierce().await;
    assert!(
        tree.banner().unwrap().element("main").is_none(),
        "the plain card is drawn in a main"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_page_says_of_itself_decides_what_it_shows() {
    let site = site();
    let read = site.server.get_as(&site.token, &site.path(""));
    let request = site.server.request("PATCH", &site.path(""));
    let request = request
        .token(&site.token)
        .header("if-match", read.header("etag").unwrap());
    let segments = json!({ "segments": [{ "slug": "eu", "label": "European customers" }, { "slug": "us", "label": "US customers" }] });
    assert_eq!(request.json(&segments).send().unwrap().status, 200);
    let ours = site.publish(&outage(
        &json!({ "audience": { "segments": ["eu"], "undeclared": "hide" } }),
    ));
    let others = site.publish(&outage(
        &json!({ "audience": { "segments": ["us"], "undeclared": "show" } }),
    ));
    for id in ["declare", "declare-later"] {
        let browser = card_on(&app(&example(id, &site)).url(), &ours).await;
        let tree = browser.pierce().await;
        assert!(tree.notice(&others).is_none(), "{id}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_route_is_said_and_followed() {
    let site = site();
    let incident = site.publish(&outage(&json!({ "audience": { "paths": ["/share/**"] } })));
    let page = app(&(example("tag", &site) + example("route", &site).as_str()));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the feed",
            "return Boolean(window.Allclear?.state?.feed)",
            |there| *there == json!(true),
        )
        .await;
    assert!(browser.pierce().await.notice(&incident).is_none());
    browser.run("routeChanged('/share/1', ['sharing'])").await;
    browser
        .wait_for("the card", |tree| {
            says(tree, &incident, "Messages are delayed")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dialogue_has_the_notice_in_it() {
    let site = site();
    let incident = site.publish(&outage(&json!({ "components": [{ "id": "sharing" }] })));
    let tag = example("tag", &site).replace("></script>", " data-shadow=\"open\"></script>");
    let page = app(&(tag + example("slot", &site).as_str()));
    let browser = card_on(&page.url(), &incident).await;
    browser
        .run("document.getElementById('share').showModal()")
        .await;
    let tree = browser
        .wait_for("the notice in the dialogue", |tree| {
            tree.element("dialog")
                .is_some_and(|dialogue| dialogue.text().contains("Messages are delayed"))
        })
        .await;
    let dialogue = tree.element("dialog").unwrap();
    let title = dialogue.part("title").unwrap();
    assert!(browser.is_shown(title).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_react_component_has_the_notice_in_it() {
    let site = site();
    let incident = site.publish(&outage(&json!({ "components": [{ "id": "sharing" }] })));
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notices.jsx"), example("react", &site)).unwrap();
    let app_of_theirs = "import { createElement } from 'react';
        import { createRoot } from 'react-dom/client';
        import { Notices } from './notices.jsx';
        const root = createRoot(document.getElementById('root'));
        window.draw = components => root.render(components && createElement(Notices, { components }));
        window.draw(['sharing']);";
    fs::write(folder.path().join("app.jsx"), app_of_theirs).unwrap();
    let bundled = Command::new(node::esbuild().unwrap())
        .arg(folder.path().join("app.jsx"))
        .args([
            "--bundle",
            "--jsx=automatic",
            "--define:process.env.NODE_ENV=\"production\"",
        ])
        .env("NODE_PATH", workspace::root().join("node_modules"))
        .output()
        .unwrap();
    assert!(
        bundled.status.success(),
        "{}",
        String::from_utf8_lossy(&bundled.stderr)
    );
    let page = app(&(example("tag", &site) + "<div id=root></div><script src=/app.js></script>"));
    page.put(
        "/app.js",
        Reply::script(&String::from_utf8(bundled.stdout).unwrap()),
    );
    let browser = card_on(&page.url(), &incident).await;
    let inside = |tree: &e2e::Tree| {
        let root = tree.find(|node| node.attribute("id") == Some("root"));
        root.is_some_and(|root| root.text().contains("Messages are delayed"))
    };
    browser
        .wait_for("the notice in the component", inside)
        .await;
    browser.run("draw(null)").await;
    browser
        .wait_for("nothing, where the component was", |tree| !inside(tree))
        .await;
    // By hand, in an element of the host's own.
    browser
        .run("const place = document.createElement('div'); place.id = 'place'; document.getElementById('root').after(place)")
        .await;
    browser
        .run(&example("mount", &site).replace("const unmount", "window.unmount"))
        .await;
    let mounted = |tree: &e2e::Tree| {
        let place = tree.find(|node| node.attribute("id") == Some("place"));
        place.is_some_and(|place| place.text().contains("Messages are delayed"))
    };
    browser.wait_for("the notice in the element", mounted).await;
    browser.run("unmount()").await;
    browser
        .wait_for("the element, empty again", |tree| !mounted(tree))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_card_of_ours_there_is_the_feed() {
    let site = site();
    let page = app(&example("headless", &site));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for_script(
            "the feed",
            "return Boolean(window.Allclear?.state?.feed)",
            |there| *there == json!(true),
        )
        .await;
    let line = "return document.getElementById('trouble').hidden ? '' : document.getElementById('trouble').textContent";
    assert_eq!(browser.run(line).await, "");
    let incident = site.publish(&outage(&json!({})));
    see(&browser, "our own line", |tree| {
        tree.text().contains("Messages are delayed")
    })
    .await;
    assert_eq!(browser.run(line).await, "Messages are delayed");
    let tree = browser.pierce().await;
    assert!(tree.notice(&incident).is_none(), "nothing of ours is drawn");
    site.update(&incident, &json!({ "body": "Sent.", "status": "resolved" }));
    browser.run("Allclear.refresh()").await;
    browser
        .wait_for_script("silence", line, |said| said == "")
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_places_and_dresses_the_card() {
    let site = site();
    let incident = site.publish(&outage(&json!({})));
    let page = app(&(example("tag", &site) + example("theme", &site).as_str()));
    let browser = card_on(&page.url(), &incident).await;
    let tree = browser.pierce().await;
    let [_, top, _, height] = browser
        .rectangle(tree.notice(&incident).unwrap().part("card").unwrap())
        .await
        .unwrap();
    let window = browser.run("return innerHeight").await.as_f64().unwrap();
    assert!(window - top - height >= 64.0, "{window} {top} {height}");
    let order = browser
        .run("return getComputedStyle(document.querySelector('allclear-banner')).zIndex")
        .await;
    assert_eq!(order, "900");
    let title = tree.notice(&incident).unwrap().part("title").unwrap();
    let node = browser
        .devtools(
            "DOM.pushNodesByBackendIdsToFrontend",
            json!({ "backendNodeIds": [title.backend_id] }),
        )
        .await;
    browser.devtools("CSS.enable", json!({})).await;
    let style = browser
        .devtools(
            "CSS.getComputedStyleForNode",
            json!({ "nodeId": node["nodeIds"][0] }),
        )
        .await;
    let family = style["computedStyle"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "font-family")
        .unwrap();
    assert_eq!(family["value"], "Georgia, serif");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_opens_the_hosts_own_chat() {
    let site = site();
    let incident = site.publish(&outage(&json!({ "contacts": [{ "kind": "chat", "label": "Chat with us", "value": "https://chat.example/" }] })));
    let chat = "<script>function openMyChat() { window.chatted = true; }</script>";
    let page = app(&(example("tag", &site) + chat + example("events", &site).as_str()));
    let browser = card_on(&page.url(), &incident).await;
    let tree = story::expand(&browser, &incident).await;
    let contact = story::part(&tree, &incident, "contact");
    browser.click(&contact).await;
    browser
        .wait_for_script(
            "the host's chat",
            "return window.chatted === true",
            |opened| *opened == json!(true),
        )
        .await;
    assert_eq!(
        browser.run("return location.href").await,
        page.url().as_str()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_itself_comes_from_a_second_host() {
    let readme = include_str!("../../README.md");
    let (_, snippet) = GUIDE.split_once("<code id=\"fail-over\">").unwrap();
    let snippet = snippet.split_once("</code>").unwrap().0;
    let snippet = snippet
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    assert!(readme.contains(&snippet), "the README says the same");
    let site = site();
    let incident = site.publish(&outage(&json!({})));
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let hanging = Page::host("");
    hanging.put("/embed.js", Reply::hang());
    for first in [
        format!("http://{closed}"),
        hanging.url().trim_end_matches('/').to_owned(),
    ] {
        let lines = example("fail-over", &site)
            .replace(&site.server.url(), &first)
            .replace("https://status.example.net", &site.server.url());
        let browser = Browser::start().await;
        browser.begin(&app(&lines).url()).await;
        browser
            .wait_for(&first, |tree| says(tree, &incident, "Messages are delayed"))
            .await;
    }
    // A first host that is well, is enough.
    let lines = example("fail-over", &site);
    card_on(&app(&lines).url(), &incident).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_may_lie_elsewhere_or_be_pinned() {
    let site = site();
    let incident = site.publish(&outage(&json!({})));
    let page = app(&example("self-host", &site));
    let get = example("self-host-get", &site);
    let [_, _, file, address] = get.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{get}");
    };
    let path = address.strip_prefix(&site.server.url()).unwrap();
    page.put(
        &format!("/{file}"),
        Reply::script(&site.server.get(path).text()),
    );
    card_on(&page.url(), &incident).await;

    let named = site.server.get("/embed.json").json;
    let lines = example("pinned", &site)
        .replace("{version}", named["version"].as_str().unwrap())
        .replace("{integrity}", named["integrity"].as_str().unwrap());
    card_on(&app(&lines).url(), &incident).await;
    let forged = lines.replace("sha256-", "sha256-A");
    let browser = Browser::start().await;
    browser.goto(&app(&forged).url()).await;
    assert_eq!(
        browser.run("return window.Allclear === undefined").await,
        true
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_that_speak_when_the_app_cannot() {
    let site = site();
    let incident = site.publish(&outage(
        &json!({ "components": [{ "id": "signing-in", "status": "major_outage" }] }),
    ));
    // Where people end who cannot sign in.
    let login = Page::host(&example("login", &site));
    card_on(&login.url(), &incident).await;
    // What a proxy serves in the place of an app that is down.
    let proxy = Page::host("");
    let error = Reply::html(&example("error-page", &site)).status(503);
    proxy.put("/broken", error);
    let browser = Browser::start().await;
    browser.goto(&format!("{}broken", proxy.url())).await;
    let tree = browser
        .wait_for("the card on the error page", |tree| {
            says(tree, &incident, "Messages are delayed")
        })
        .await;
    let text = tree.text();
    assert!(text.contains("We are having trouble"));
    let card = tree.notice(&incident).unwrap();
    let [_, top, ..] = browser.rectangle(card).await.unwrap();
    let place = "return document.querySelector('#notices').getBoundingClientRect().top";
    let place = browser.run(place).await.as_f64().unwrap();
    assert!(
        (top - place).abs() < 40.0,
        "it stands in the page: {top}, {place}"
    );
    // During maintenance, without a script of ours in the page.
    let maintenance = site.publish(&json!({ "kind": "maintenance", "title": "New servers", "body": "Until noon.", "status": "in_progress",
        "scheduled_for": e2e::in_minutes(-5), "scheduled_until": e2e::in_minutes(60) }));
    let page = Page::host(&example("maintenance-page", &site));
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    browser
        .wait_for("the card in its frame", |tree| {
            tree.find(|node| node.attribute("id") == Some(&maintenance))
                .is_some_and(|article| article.text().contains("New servers"))
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_native_app_shows_the_cards_page_or_reads_the_feed() {
    let site = site();
    let incident = site.publish(&outage(&json!({ "components": [{ "id": "sending" }] })));
    let address = example("webview", &site);
    for snippet in ["swift", "kotlin"] {
        assert!(example(snippet, &site).contains(&address), "{snippet}");
    }
    let browser = Browser::start().await;
    browser.set_viewport(360, 300, 2.0).await;
    browser.goto(&address).await;
    let shown = browser
        .run(&format!(
            "return document.getElementById('{incident}').checkVisibility()"
        ))
        .await;
    assert_eq!(shown, true);
    let curl = example("native", &site);
    let path = curl
        .strip_prefix(&format!("curl {}", site.server.url()))
        .unwrap();
    let feed = site.server.get(path).json;
    assert!(
        feed["poll_after_s"]
            .as_u64()
            .is_some_and(|seconds| seconds > 0)
    );
}

#[test]
fn no_example_is_left_untried() {
    let here = include_str!("guide.rs");
    let mut ids = Vec::new();
    for rest in GUIDE.split("<code id=\"").skip(1) {
        ids.push(rest.split('"').next().unwrap());
    }
    assert!(ids.len() > 20, "{ids:?}");
    for id in ids {
        assert!(here.contains(&format!("\"{id}\"")), "{id}");
    }
}
