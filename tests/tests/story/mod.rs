//! What the stories share: a site of their own, a page that embeds it, and a look at the notice on it.

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file uses a part"
)]

use e2e::{Answer, Browser, Node, Page, ROOT_TOKEN, Server, Tree};
use serde_json::{Value, json};

/// A server with a site on it.
pub struct Site {
    pub server: Server,
    pub slug: &'static str,
    /// Its owner's token.
    pub token: String,
}

impl Site {
    /// A site with these components, by name.
    pub fn new(slug: &'static str, name: &str, components: &[&str]) -> Self {
        let server = Server::start();
        let made = server.post(
            "/v1/sites",
            ROOT_TOKEN,
            &json!({ "slug": slug, "name": name }),
        );
        assert_eq!(made.status, 201, "{}", made.text());
        let token = made.json["token"].as_str().unwrap().to_owned();
        let site = Self {
            server,
            slug,
            token,
        };
        for component in components {
            let made = site.post("/components", &json!({ "name": component }));
            assert_eq!(made.status, 201, "{}", made.text());
        }
        site
    }

    /// The path of something of this site.
    pub fn path(&self, path: &str) -> String {
        format!("/v1/sites/{}{path}", self.slug)
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.server.post(&self.path(path), &self.token, body)
    }

    /// Changes the site's settings.
    pub fn change(&self, fields: &Value) {
        let request = self.server.request("PATCH", &self.path(""));
        let request = request.token(&self.token).header("if-match", "*");
        let changed = request.json(fields).send().unwrap();
        assert_eq!(changed.status, 200, "{}", changed.text());
    }

    /// Publishes an incident and returns its id.
    pub fn publish(&self, body: &Value) -> String {
        let made = self.post("/incidents", body);
        assert_eq!(made.status, 201, "{}", made.text());
        made.json["id"].as_str().unwrap().to_owned()
    }

    /// Posts an update.
    pub fn update(&self, incident: &str, body: &Value) {
        let made = self.post(&format!("/incidents/{incident}/updates"), body);
        assert_eq!(made.status, 201, "{}", made.text());
    }

    pub fn incident(&self, incident: &str) -> Value {
        let path = self.path(&format!("/incidents/{incident}"));
        self.server.get_as(&self.token, &path).json
    }

    pub fn feed(&self) -> Answer {
        self.server.get(&self.path("/feed"))
    }

    /// A plain page of somebody else's, on another origin, that embeds the site.
    pub fn page(&self, attributes: &str) -> Page {
        let embed = self.server.embed(self.slug, attributes);
        Page::host(&format!(
            "<!doctype html><html lang=en><title>Host</title><h1>Somebody's app</h1>{embed}"
        ))
    }
}

/// Somebody who has seen an incident, on a page that declares nothing.
pub struct Witness {
    pub site: Site,
    pub page: Page,
    pub browser: Browser,
    pub incident: String,
}

/// Publishes this incident on a site of its own, and opens a page until its title is on it.
pub async fn witness(incident: &Value) -> Witness {
    let site = Site::new("acme", "Acme SMS", &[]);
    let page = site.page("");
    let id = site.publish(incident);
    let browser = Browser::start().await;
    browser.goto(&page.url()).await;
    let title = incident["title"].as_str().unwrap();
    see(&browser, "the card", |tree| says(tree, &id, title)).await;
    seen(&browser, &id).await;
    Witness {
        site,
        page,
        browser,
        incident: id,
    }
}

/// Waits until this browser counts the notice as seen: a second after its title has come into view.
pub async fn seen(browser: &Browser, incident: &str) {
    let kept = format!(
        "return JSON.parse(localStorage['allclear:acme:seen'] || '{{}}')['{incident}'] ?? null"
    );
    browser
        .wait_for_script("the notice has been seen", &kept, |attention| {
            attention.is_number()
        })
        .await;
}

/// Asks the page to poll now, as an app may, and waits until the notice is as it should be.
pub async fn see(browser: &Browser, what: &str, is_so: impl Fn(&Tree) -> bool) -> Tree {
    browser.run("window.Allclear?.refresh?.()").await;
    browser.wait_for(what, is_so).await
}

/// Whether the notice of this incident says these words.
pub fn says(tree: &Tree, incident: &str, words: &str) -> bool {
    tree.notice(incident)
        .is_some_and(|notice| notice.text().contains(words))
}

/// Opens the card, if it is collapsed.
pub async fn expand(browser: &Browser, incident: &str) -> Tree {
    let tree = browser
        .wait_for("the notice's button", |tree| {
            tree.notice(incident)
                .is_some_and(|notice| notice.part("toggle").is_some())
        })
        .await;
    let toggle = part(&tree, incident, "toggle");
    if toggle.attribute("aria-expanded") != Some("true") {
        browser.click(&toggle).await;
    }
    browser
        .wait_for("the open card", |tree| {
            tree.notice(incident)
                .and_then(|notice| notice.part("toggle"))
                .is_some_and(|toggle| toggle.attribute("aria-expanded") == Some("true"))
        })
        .await
}

/// A part of a notice.
pub fn part(tree: &Tree, incident: &str, part: &str) -> Node {
    let notice = tree
        .notice(incident)
        .unwrap_or_else(|| panic!("no notice of {incident}"));
    let found = notice.part(part);
    found
        .unwrap_or_else(|| panic!("no {part} in: {}", notice.text()))
        .clone()
}
