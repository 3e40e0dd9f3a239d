//! Signing in and out, and protection against framing.

use e2e::{Operator, Site, labels};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_works_once_and_leaves_the_address_clean() {
    let site = Site::with_tiers();
    let link = site.invitation();
    let (_, secret) = link.split_once("#invitation=acme.").unwrap();
    let mut operator = Operator::on_a_phone().await;
    operator.browser.goto(&link).await;
    operator.wait_for_text(labels::INVITED_TO_ACME).await;
    let address = operator.browser.run("return location.href").await;
    assert_eq!(
        address,
        json!(site.console("")),
        "the secret is removed from the address"
    );
    operator.replace("device", "Robin's phone").await;
    operator.tap(labels::ACCEPT_INVITATION).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    let tokens = site.get("/tokens").json;
    let device = tokens["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|token| token["kind"] == "session");
    assert_eq!(device.unwrap()["name"], "Robin's phone");
    assert_eq!(device.unwrap()["role"], "editor");
    for request in operator.browser.network_requests().await {
        assert!(!request.url.contains(secret), "{}", request.url);
    }
    let storage = operator
        .browser
        .run("return JSON.stringify(localStorage)")
        .await;
    assert!(!storage.as_str().unwrap().contains(secret), "{storage}");

    let other = Operator::on_a_phone().await;
    other.browser.goto(&link).await;
    other.wait_for_text(labels::INVITATION_USED).await;
    operator.assert_no_errors().await;
}

/// A device that lost the answer gets its session anyway: by a second tap, or by opening the link
/// again.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_survives_a_lost_answer() {
    let site = Site::with_tiers();
    for opens_again in [false, true] {
        let link = site.invitation();
        let mut operator = Operator::on_a_phone().await;
        operator.browser.goto(&link).await;
        operator.wait_for_text(labels::INVITED_TO_ACME).await;
        operator.lose_next_answer("POST").await;
        operator.replace("device", "Robin's phone").await;
        operator.tap(labels::ACCEPT_INVITATION).await;
        operator.wait_for_text(labels::NO_ANSWER).await;
        if opens_again {
            operator.browser.goto("about:blank").await;
            operator.browser.goto(&link).await;
            // A used invitation shows no details.
            operator.wait_for_text("Join acme").await;
        }
        operator.tap(labels::ACCEPT_INVITATION).await;
        operator.wait_for_text(labels::NONE_OPEN).await;
        let storage = operator
            .browser
            .run("return JSON.stringify(localStorage)")
            .await;
        assert!(!storage.as_str().unwrap().contains("joining"), "{storage}");
    }
    let tokens = site.get("/tokens").json;
    let sessions = tokens["items"].as_array().unwrap().iter();
    let sessions = sessions.filter(|token| token["kind"] == "session");
    assert_eq!(sessions.count(), 2, "one for each device: {tokens:#}");
}

/// Another device uses the invitation between loading and tapping: the button is gone.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_used_elsewhere_offers_no_sign_in() {
    let site = Site::with_tiers();
    let link = site.invitation();
    let mut late = Operator::on_a_phone().await;
    late.browser.goto(&link).await;
    late.wait_for_text(labels::INVITED_TO_ACME).await;
    let mut first = Operator::on_a_phone().await;
    first.browser.goto(&link).await;
    first.tap(labels::ACCEPT_INVITATION).await;
    first.wait_for_text(labels::NONE_OPEN).await;
    late.tap(labels::ACCEPT_INVITATION).await;
    late.wait_for_text(labels::INVITATION_USED).await;
    let text = late.browser.run("return document.body.innerText").await;
    let text = text.as_str().unwrap();
    assert_eq!(
        text.matches("was used").count(),
        1,
        "shown more than once: {text}"
    );
    for untrue in [labels::ACCEPT_INVITATION, "works once"] {
        assert!(!text.contains(untrue), "{untrue}: {text}");
    }
    late.tap(labels::SIGN_IN_ANOTHER_WAY).await;
    late.wait_for_text(labels::SIGN_IN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_another_site_links_to_that_site() {
    let site = Site::with_tiers();
    let mut operator = Operator::on_a_phone().await;
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
        operator.restart_browser().await;
        operator.browser.goto(&site.console("#/nope/")).await;
        operator.type_into("token", token).await;
        operator.tap(labels::SIGN_IN).await;
        let tree = operator.wait_for_text(words).await;
        assert!(!tree.text().contains(labels::TOKEN_REFUSED), "{words}");
        operator.tap(button).await;
        operator.wait_for_text(then).await;
    }
}

/// A refused attempt says nothing about the previous one, whose answer was lost.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_survives_a_refusal_after_a_lost_answer() {
    let site = Site::with_tiers();
    let mut operator = Operator::on_a_phone().await;
    operator.browser.goto(&site.invitation()).await;
    operator.wait_for_text(labels::INVITED_TO_ACME).await;
    operator
        .intercept(
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
        labels::SERVER_NOT_AVAILABLE,
        labels::NONE_OPEN,
    ] {
        operator.tap(labels::ACCEPT_INVITATION).await;
        operator.wait_for_text(words).await;
    }
    let tokens = site.get("/tokens").json;
    let tokens = tokens["items"].as_array().unwrap().iter();
    let sessions = tokens.filter(|token| token["kind"] == "session");
    assert_eq!(sessions.count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_devices_session() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    operator.tap(labels::ACCOUNT).await;
    operator.tap(labels::SIGN_OUT).await;
    operator.wait_for_text(labels::SIGN_IN).await;
    // The console does not wait for the server's answer.
    let sessions = || {
        let tokens = site.get("/tokens").json;
        let items = tokens["items"].as_array().unwrap().iter();
        items.filter(|token| token["kind"] == "session").count()
    };
    operator
        .browser
        .wait_until("the end of the session", || sessions() == 0)
        .await;
    operator.restart_browser().await;
    operator.browser.goto(&site.console("")).await;
    operator.wait_for_text(labels::SIGN_IN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_remembered_per_tab_or_per_device() {
    let site = Site::with_tiers();
    let mut operator = Operator::on_a_phone().await;
    operator.browser.goto(&site.console("")).await;
    operator.type_into("token", "ac_acme_nonsense").await;
    operator.tap(labels::SIGN_IN).await;
    operator.wait_for_text(labels::TOKEN_REFUSED).await;
    operator.replace("token", &site.token).await;
    operator.tap(labels::SIGN_IN).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    operator.restart_browser().await;
    operator.browser.goto(&site.console("")).await;
    operator.type_into("token", &site.token).await;
    operator.tap(labels::REMEMBER_DEVICE).await;
    operator.tap(labels::SIGN_IN).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    operator.restart_browser().await;
    operator.browser.goto(&site.console("")).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_is_invited_from_the_console() {
    let site = Site::with_tiers();
    let mut operator = Operator::on_a_phone().await;
    operator
        .browser
        .goto(&site.console("#/acme/settings/access"))
        .await;
    operator.type_into("token", &site.token).await;
    operator.tap(labels::SIGN_IN).await;
    operator.type_into("device", "Sam's phone").await;
    operator.tap(labels::INVITE).await;
    operator
        .browser
        .wait_for("the picture", |tree| tree.element("img").is_some())
        .await;
    let drawn = operator
        .browser
        .wait_for_script(
            "a picture that can be drawn",
            "return document.querySelector('img').naturalWidth",
            |width| width.as_u64().is_some_and(|width| width > 100),
        )
        .await;
    assert!(drawn.is_u64());
    let link = operator
        .browser
        .run("return document.querySelector('.secret').value")
        .await;
    let link = link.as_str().unwrap();
    let mut other = Operator::on_a_phone().await;
    other.browser.goto(link).await;
    other.tap(labels::ACCEPT_INVITATION).await;
    other.wait_for_text(labels::NONE_OPEN).await;
    let named = site.get("/tokens").text().contains("Sam's phone");
    assert!(named);
    operator.assert_no_errors().await;
}

#[test]
fn the_console_is_not_framed_or_served_on_site_hosts() {
    let site = Site::with_tiers();
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
    site.server
        .confirm_hostname(site.slug, "status.acme.example");
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
fn a_token_reads_its_role_and_revokes_itself() {
    let site = Site::with_tiers();
    let created = site.create("/tokens", &json!({ "role": "viewer", "name": "Screen" }));
    let token = created["token"].as_str().unwrap();
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
    assert_eq!(
        revoke(e2e::ROOT_TOKEN),
        403,
        "the root token belongs to no site"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_can_be_installed_on_the_home_screen() {
    let site = Site::with_tiers();
    let operator = Operator::on_a_phone().await;
    operator.browser.goto(&site.console("")).await;
    operator.wait_for_text(labels::SIGN_IN).await;
    let manifest = operator
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
    let missing = operator
        .browser
        .devtools("Page.getInstallabilityErrors", json!({}))
        .await;
    assert_eq!(missing["installabilityErrors"], json!([]));
    for icon in ["icon.svg", "icon-192.png", "icon-512.png"] {
        let drawn = operator
            .browser
            .run(&format!(
                "const icon = new Image(); icon.src = '/console/{icon}'; return icon.decode().then(() => icon.naturalWidth)"
            ))
            .await;
        assert!(drawn.as_u64().is_some_and(|width| width > 0), "{icon}");
    }
}

/// Opening a link in an open console changes only the fragment: the page is not loaded again.
#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_opened_in_an_open_console_leaves_no_secret() {
    let site = Site::with_tiers();
    let mut operator = Operator::invited(&site).await;
    let link = site.invitation();
    operator
        .browser
        .run(&format!("location.href = '{link}'"))
        .await;
    operator.wait_for_text(labels::INVITED_TO_ACME).await;
    let address = operator.browser.run("return location.href").await;
    assert_eq!(address, json!(site.console("")));
    operator.browser.run("history.back()").await;
    operator.tap(labels::ACCEPT_INVITATION).await;
    operator.wait_for_text(labels::NONE_OPEN).await;
    operator.assert_no_errors().await;
}
