//! Subscribing to mail in Chromium: the form, the link in the mail, and the page of the subscription.

use std::time::Duration;

use e2e::{AxeScope, Browser, Motion, Scheme, ServerOptions, Site};
use mail_parser::MessageParser;
use serde_json::json;
use xtask::{
    mail::Mail,
    mail_catcher::{MailCatcher, Options},
    workerd::Network,
};

/// Time limit for a mail, on a busy machine.
const SOON: Duration = Duration::from_secs(60);

fn site(catcher: &MailCatcher) -> Site {
    let options = ServerOptions {
        network: Network::PublicAndPrivate,
        mail: Mail {
            from: Some("Acme Status <status@acme.example>".to_owned()),
            smtp_url: Some(catcher.smtp_url()),
            secret_key: Some("a_secret_key_of_the_tests_0123456789".to_owned()),
            ..Mail::default()
        },
        ..ServerOptions::default()
    };
    let site = Site::with(&options, "acme", "Acme SMS", &["Sending", "Reports"]);
    site.change_settings(&json!({ "languages": ["en", "de", "ar"] }));
    site
}

/// The text of the next mail.
fn next_mail(catcher: &MailCatcher) -> String {
    let line = catcher.next(SOON).expect("a mail");
    let raw = line["mail"]["raw"].as_str().unwrap();
    let parsed = MessageParser::default().parse(raw.as_bytes()).unwrap();
    parsed.body_text(0).unwrap().into_owned()
}

/// The address of the link that begins like this.
fn link_in(text: &str, begin: &str) -> String {
    let (_, rest) = text.split_once(begin).unwrap_or_else(|| panic!("{text}"));
    let end: String = rest.chars().take_while(|c| !c.is_whitespace()).collect();
    format!("{begin}{end}")
}

/// Presses the only submit button, and waits for the page with this heading.
async fn submit(browser: &Browser, heading: &str) {
    browser
        .run("document.querySelector('form button').click()")
        .await;
    wait_for_heading(browser, heading).await;
}

async fn wait_for_heading(browser: &Browser, heading: &str) {
    let script = "return document.querySelector('h1')?.textContent ?? ''";
    browser
        .wait_for_script(heading, script, |found| *found == heading)
        .await;
}

/// Complaints of axe and of the content policy about the present page, and whether it is too wide.
async fn complaints(browser: &Browser) -> Vec<String> {
    let mut found = browser.axe_violations(AxeScope::Page).await;
    let wide = "return document.documentElement.scrollWidth > innerWidth";
    if browser.run(wide).await == true {
        found.push("it is wider than the screen".to_owned());
    }
    found.extend(browser.watched().await.violations);
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_subscribes_on_a_phone_and_ends_it() {
    let catcher = MailCatcher::start(&Options::default()).unwrap();
    let site = site(&catcher);
    let incident = site.publish(
        &json!({ "kind": "incident", "title": "Messages are delayed",
        "impact": "major", "body": "b", "components": [{ "id": "sending" }] }),
    );
    let url = site.server.url();
    let browser = Browser::watching().await;
    browser.set_media(Scheme::Light, Motion::Reduced).await;
    browser.set_viewport(360, 740, 1.0).await;

    browser.goto(&format!("{url}/s/acme")).await;
    let follow = "const link = [...document.querySelectorAll('article a')].find((a) => a.textContent === 'Tell me when it is back');
                  const box = link.getBoundingClientRect(); link.click(); return box.height";
    let height = browser.run(follow).await;
    assert!(height.as_f64().unwrap() >= 44.0, "{height}");
    wait_for_heading(&browser, "Tell me when it is back").await;
    assert_eq!(complaints(&browser).await, [""; 0]);
    browser
        .run("document.querySelector('input[type=email]').value = 'ada@example.com'")
        .await;
    submit(&browser, "Check your mail").await;
    assert_eq!(complaints(&browser).await, [""; 0]);

    let confirm = link_in(&next_mail(&catcher), &format!("{url}/s/acme/confirm/"));
    browser.goto(&confirm).await;
    assert_eq!(complaints(&browser).await, [""; 0]);
    submit(&browser, "Your subscription").await;
    assert_eq!(complaints(&browser).await, [""; 0]);
    let followed = browser
        .run("return document.querySelector('.choice a').textContent")
        .await;
    assert_eq!(followed, "Messages are delayed");

    // The subscription is changed without losing its address.
    browser
        .run("document.querySelector('input[value=resolved]').click()")
        .await;
    submit(&browser, "Your subscription").await;
    browser
        .wait_for_script(
            "the saved choice",
            "return document.querySelector('input[value=resolved]').checked",
            |checked| *checked == true,
        )
        .await;

    site.update(
        &incident,
        &json!({ "status": "resolved", "body": "The queue is empty." }),
    );
    let text = next_mail(&catcher);
    assert!(text.starts_with("Resolved: Messages are delayed"), "{text}");
    let own = link_in(&text, &format!("{url}/s/acme/subscription/"));
    browser
        .goto(&own.replace("/subscription/", "/unsubscribe/"))
        .await;
    assert_eq!(complaints(&browser).await, [""; 0]);
    submit(&browser, "Subscription ended").await;
    assert_eq!(site.get("/subscribers").json["confirmed"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_of_the_site_fits_every_language_and_theme() {
    let catcher = MailCatcher::start(&Options::default()).unwrap();
    let site = site(&catcher);
    let browser = Browser::watching().await;
    for (scheme, language) in [
        (Scheme::Light, "en"),
        (Scheme::Dark, "de"),
        (Scheme::Dark, "ar"),
    ] {
        browser.set_media(scheme, Motion::Reduced).await;
        browser.set_viewport(360, 740, 1.0).await;
        let url = format!("{}/s/acme/subscribe?lang={language}", site.server.url());
        browser.goto(&url).await;
        browser
            .run("document.querySelector('details').open = true")
            .await;
        assert_eq!(complaints(&browser).await, [""; 0], "{language}");
        let language_of = "return document.documentElement.lang";
        assert_eq!(browser.run(language_of).await, language);
        // People do not see the trap, and the keyboard passes it by.
        let trap = "const trap = document.querySelector('[name=website]');
                    return trap.tabIndex === -1 && trap.getBoundingClientRect().width * trap.parentElement.offsetWidth <= 400";
        assert_eq!(browser.run(trap).await, true);
    }
}
