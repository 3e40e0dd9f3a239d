//! Getting in and out of the console, and who may show it.

mod desk;

use desk::{Hand, Site};
use e2e::labels;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_works_once_and_leaves_no_trace() {
    let site = Site::new();
    let link = site.invitation();
    let (_, secret) = link.split_once("#invitation=acme.").unwrap();
    let mut hand = Hand::with_a_phone().await;
    hand.browser.goto(&link).await;
    hand.sees(labels::INVITED_TO_ACME).await;
    let address = hand.browser.run("return location.href").await;
    assert_eq!(address, json!(site.console("")), "cleared at once");
    hand.write_anew("device", "Robin's phone").await;
    hand.tap(labels::ACCEPT_INVITATION).await;
    hand.sees(labels::NONE_OPEN).await;
    let tokens = site.get("/tokens").json;
    let device = tokens["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|token| token["kind"] == "session");
    assert_eq!(device.unwrap()["name"], "Robin's phone");
    assert_eq!(device.unwrap()["role"], "editor");
    for request in hand.browser.network_requests().await {
        assert!(!request.url.contains(secret), "{}", request.url);
    }
    let kept = hand
        .browser
        .run("return JSON.stringify(localStorage)")
        .await;
    assert!(!kept.as_str().unwrap().contains(secret), "{kept}");

    let other = Hand::with_a_phone().await;
    other.browser.goto(&link).await;
    other.sees(labels::INVITATION_USED).await;
    hand.assert_calm().await;
}

/// A device whose answer was lost has its session all the same: by a second tap, and by the link opened again.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_whose_answer_was_lost_is_not_wasted() {
    let site = Site::new();
    for opens_again in [false, true] {
        let link = site.invitation();
        let mut hand = Hand::with_a_phone().await;
        hand.browser.goto(&link).await;
        hand.sees(labels::INVITED_TO_ACME).await;
        hand.lose_an_answer("POST").await;
        hand.write_anew("device", "Robin's phone").await;
        hand.tap(labels::ACCEPT_INVITATION).await;
        hand.sees(labels::NO_ANSWER).await;
        if opens_again {
            hand.browser.goto("about:blank").await;
            hand.browser.goto(&link).await;
            // An invitation that was used is not described again.
            hand.sees("Join acme").await;
        }
        hand.tap(labels::ACCEPT_INVITATION).await;
        hand.sees(labels::NONE_OPEN).await;
        let kept = hand
            .browser
            .run("return JSON.stringify(localStorage)")
            .await;
        assert!(!kept.as_str().unwrap().contains("joining"), "{kept}");
    }
    let tokens = site.get("/tokens").json;
    let sessions = tokens["items"].as_array().unwrap().iter();
    let sessions = sessions.filter(|token| token["kind"] == "session");
    assert_eq!(sessions.count(), 2, "one for each device: {tokens:#}");
}

/// It was used by another device between its reading and the tap: nothing is left to tap.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_that_was_used_meanwhile_offers_no_sign_in() {
    let site = Site::new();
    let link = site.invitation();
    let mut late = Hand::with_a_phone().await;
    late.browser.goto(&link).await;
    late.sees(labels::INVITED_TO_ACME).await;
    let mut first = Hand::with_a_phone().await;
    first.browser.goto(&link).await;
    first.tap(labels::ACCEPT_INVITATION).await;
    first.sees(labels::NONE_OPEN).await;
    late.tap(labels::ACCEPT_INVITATION).await;
    late.sees(labels::INVITATION_USED).await;
    let text = late.browser.run("return document.body.innerText").await;
    let text = text.as_str().unwrap();
    assert_eq!(text.matches("was used").count(), 1, "said once: {text}");
    for untrue in [labels::ACCEPT_INVITATION, "works once"] {
        assert!(!text.contains(untrue), "{untrue}: {text}");
    }
    late.tap(labels::SIGN_IN_ANOTHER_WAY).await;
    late.sees(labels::SIGN_IN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_another_site_is_said_to_work_there() {
    let site = Site::new();
    let mut hand = Hand::with_a_phone().await;
    for (token, words, button, then) in [
        (
            site.token.as_str(),
            "Your token is for another site: acme, not nope.",
            "Go to acme",
            labels::NONE_OPEN,
        ),
        (
            e2e::ROOT_TOKEN,
            "Your token works, but this server has no site nope.",
            "Show all sites",
            labels::CREATE_SITE,
        ),
    ] {
        hand.again().await;
        hand.browser.goto(&site.console("#/nope/")).await;
        hand.write("token", token).await;
        hand.tap(labels::SIGN_IN).await;
        let tree = hand.sees(words).await;
        assert!(!tree.text().contains(labels::TOKEN_REFUSED), "{words}");
        hand.tap(button).await;
        hand.sees(then).await;
    }
}

/// A try that is refused says nothing about the one before it, whose answer was lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_after_a_lost_answer_wastes_no_invitation() {
    let site = Site::new();
    let mut hand = Hand::with_a_phone().await;
    hand.browser.goto(&site.invitation()).await;
    hand.sees(labels::INVITED_TO_ACME).await;
    hand.intercept(
        "if (request.method !== 'POST') return send(request);
         window.tries = (window.tries ?? 0) + 1;
         if (window.tries === 1) { await send(request); throw new TypeError('lost') }
         if (window.tries > 2) return send(request);
         const problem = { status: 503, code: 'unavailable', detail: 'not now' };
         return new Response(JSON.stringify(problem), { status: 503 })",
    )
    .await;
    for words in [
        labels::NO_ANSWER,
        labels::SERVER_CANNOT_NOW,
        labels::NONE_OPEN,
    ] {
        hand.tap(labels::ACCEPT_INVITATION).await;
        hand.sees(words).await;
    }
    let tokens = site.get("/tokens").json;
    let tokens = tokens["items"].as_array().unwrap().iter();
    let sessions = tokens.filter(|token| token["kind"] == "session");
    assert_eq!(sessions.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_devices_session() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    hand.tap(labels::ACCOUNT).await;
    hand.tap(labels::SIGN_OUT).await;
    hand.sees(labels::SIGN_IN).await;
    let sessions = |tokens: Value| {
        let items = tokens["items"].as_array().unwrap().clone();
        items
            .iter()
            .filter(|token| token["kind"] == "session")
            .count()
    };
    assert_eq!(sessions(site.get("/tokens").json), 0);
    hand.again().await;
    hand.browser.goto(&site.console("")).await;
    hand.sees(labels::SIGN_IN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_kept_for_the_tab_or_for_the_device() {
    let site = Site::new();
    let mut hand = Hand::with_a_phone().await;
    hand.browser.goto(&site.console("")).await;
    hand.write("token", "ac_acme_nonsense").await;
    hand.tap(labels::SIGN_IN).await;
    hand.sees(labels::TOKEN_REFUSED).await;
    hand.write_anew("token", &site.token).await;
    hand.tap(labels::SIGN_IN).await;
    hand.sees(labels::NONE_OPEN).await;
    hand.again().await;
    hand.browser.goto(&site.console("")).await;
    hand.write("token", &site.token).await;
    hand.tap(labels::REMEMBER_DEVICE).await;
    hand.tap(labels::SIGN_IN).await;
    hand.sees(labels::NONE_OPEN).await;
    hand.again().await;
    hand.browser.goto(&site.console("")).await;
    hand.sees(labels::NONE_OPEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_invited_from_the_console() {
    let site = Site::new();
    let mut hand = Hand::with_a_phone().await;
    hand.browser
        .goto(&site.console("#/acme/settings/access"))
        .await;
    hand.write("token", &site.token).await;
    hand.tap(labels::SIGN_IN).await;
    hand.write("device", "Sam's phone").await;
    hand.tap(labels::INVITE).await;
    hand.browser
        .wait_for("the picture", |tree| tree.element("img").is_some())
        .await;
    let drawn = hand
        .browser
        .wait_for_script(
            "a picture that can be drawn",
            "return document.querySelector('img').naturalWidth",
            |width| width.as_u64().is_some_and(|width| width > 100),
        )
        .await;
    assert!(drawn.is_u64());
    let link = hand
        .browser
        .run("return document.querySelector('.secret').value")
        .await;
    let link = link.as_str().unwrap();
    let mut other = Hand::with_a_phone().await;
    other.browser.goto(link).await;
    other.tap(labels::ACCEPT_INVITATION).await;
    other.sees(labels::NONE_OPEN).await;
    let named = site.get("/tokens").text().contains("Sam's phone");
    assert!(named);
    hand.assert_calm().await;
}

#[test]
fn nobody_else_shows_or_frames_the_console() {
    let site = Site::new();
    let page = site.server.get("/console");
    assert_eq!(page.status, 200);
    let policy = page.header("content-security-policy").unwrap();
    assert!(
        policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"),
        "{policy}"
    );
    let preview = site.server.get("/console/preview");
    let policy = preview.header("content-security-policy").unwrap();
    assert!(
        policy.contains("frame-ancestors 'self'") && !policy.contains("unsafe-inline"),
        "{policy}"
    );

    site.patch("", &json!({ "hostnames": ["status.acme.example"] }));
    for (host, status) in [("status.acme.example", 404), ("elsewhere.example", 200)] {
        for path in ["/console", "/console/console.css", "/console/preview"] {
            let answer = site
                .server
                .request("GET", path)
                .header("host", host)
                .send()
                .unwrap();
            assert_eq!(answer.status, status, "{host}{path}");
        }
    }
}

#[test]
fn a_token_tells_what_it_is_and_gives_itself_up() {
    let site = Site::new();
    let made = site.post("/tokens", &json!({ "role": "viewer", "name": "Screen" }));
    let token = made["token"].as_str().unwrap();
    let path = site.path("/tokens/self");
    let own = site.server.get_as(token, &path);
    assert_eq!(own.json["role"], "viewer");
    assert_eq!(own.json["name"], "Screen");
    assert!(own.json.get("token").is_none());
    let revoke = |token: &str| {
        site.server
            .request("DELETE", &path)
            .token(token)
            .send()
            .unwrap()
            .status
    };
    assert_eq!(revoke(token), 204);
    assert_eq!(site.server.get_as(token, &path).status, 401);
    assert_eq!(revoke(token), 401);
    assert_eq!(revoke(e2e::ROOT_TOKEN), 403, "root is no token of a site");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_can_be_put_on_the_home_screen() {
    let site = Site::new();
    let hand = Hand::with_a_phone().await;
    hand.browser.goto(&site.console("")).await;
    hand.sees(labels::SIGN_IN).await;
    let manifest = hand
        .browser
        .devtools("Page.getAppManifest", json!({}))
        .await;
    assert!(
        manifest["url"]
            .as_str()
            .unwrap()
            .ends_with("/console/console.webmanifest"),
        "{manifest}"
    );
    assert_eq!(manifest["errors"], json!([]));
    let missing = hand
        .browser
        .devtools("Page.getInstallabilityErrors", json!({}))
        .await;
    assert_eq!(missing["installabilityErrors"], json!([]));
    for icon in ["icon.svg", "icon-192.png", "icon-512.png"] {
        let drawn = hand
            .browser
            .run(&format!(
                "const icon = new Image(); icon.src = '/console/{icon}'; return icon.decode().then(() => icon.naturalWidth)"
            ))
            .await;
        assert!(drawn.as_u64().is_some_and(|width| width > 0), "{icon}");
    }
}

/// A link that is opened where the console stands already changes the address alone: nothing is loaded anew.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_leaves_no_trace_where_the_console_is_open() {
    let site = Site::new();
    let mut hand = Hand::invited(&site).await;
    let link = site.invitation();
    hand.browser.run(&format!("location.href = '{link}'")).await;
    hand.sees(labels::INVITED_TO_ACME).await;
    let address = hand.browser.run("return location.href").await;
    assert_eq!(address, json!(site.console("")));
    hand.browser.run("history.back()").await;
    hand.tap(labels::ACCEPT_INVITATION).await;
    hand.sees(labels::NONE_OPEN).await;
    hand.assert_calm().await;
}
