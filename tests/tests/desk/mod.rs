//! An operator at the console: one hand on a phone, whose taps are counted.

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file uses a part"
)]

use e2e::{Answer, Browser, BrowserOptions, Node, ROOT_TOKEN, Server, Tree, labels};
use serde_json::{Value, json};

/// A server with the site `acme`.
pub struct Site {
    pub server: Server,
    /// Its owner's token.
    pub token: String,
}

impl Site {
    /// With three components, the first of which is mission critical.
    pub fn new() -> Self {
        let site = Self::empty();
        for (name, tier) in [("Sending", 1), ("Receiving", 2), ("Reports", 3)] {
            site.post("/components", &json!({ "name": name, "tier": tier }));
        }
        site
    }

    /// With 200 components in eight groups.
    pub fn large() -> Self {
        let site = Self::empty();
        for number in 1..=200 {
            let group = format!("Region {}", (number + 24) / 25);
            let body = json!({ "name": format!("Part {number}"), "group": group });
            site.post("/components", &body);
        }
        site
    }

    /// As it was just made.
    pub fn empty() -> Self {
        let server = Server::start();
        let made = server.post(
            "/v1/sites",
            ROOT_TOKEN,
            &json!({ "slug": "acme", "name": "Acme SMS" }),
        );
        assert_eq!(made.status, 201, "{}", made.text());
        let token = made.json["token"].as_str().unwrap().to_owned();
        Self { server, token }
    }

    pub fn path(&self, path: &str) -> String {
        format!("/v1/sites/acme{path}")
    }

    pub fn post(&self, path: &str, body: &Value) -> Value {
        let made = self.server.post(&self.path(path), &self.token, body);
        assert_eq!(made.status, 201, "{path}: {}", made.text());
        made.json
    }

    pub fn get(&self, path: &str) -> Answer {
        self.server.get_as(&self.token, &self.path(path))
    }

    /// Changes something as another operator does.
    pub fn patch(&self, path: &str, body: &Value) {
        let etag = self.get(path).header("etag").unwrap().to_owned();
        let changed = self
            .server
            .request("PATCH", &self.path(path))
            .token(&self.token)
            .header("if-match", &etag)
            .json(body)
            .send()
            .unwrap();
        assert_eq!(changed.status, 200, "{}", changed.text());
    }

    /// Deletes something as another operator does.
    pub fn delete(&self, path: &str) {
        let etag = self.get(path).header("etag").unwrap().to_owned();
        let gone = self
            .server
            .request("DELETE", &self.path(path))
            .token(&self.token)
            .header("if-match", &etag)
            .send()
            .unwrap();
        assert_eq!(gone.status, 204, "{}", gone.text());
    }

    pub fn feed(&self) -> Value {
        self.server.get(&self.path("/feed")).json
    }

    /// Publishes a major incident of sending; returns its id.
    pub fn incident(&self) -> String {
        let body = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "We look into it.",
            "components": [{ "id": "sending" }], "advice": "Do not resend.", "broken": ["Sending at once"],
            "next_update_at": e2e::in_minutes(30) });
        let made = self.post("/incidents", &body);
        made["id"].as_str().unwrap().to_owned()
    }

    /// The link of a new invitation.
    pub fn invitation(&self) -> String {
        let made = self.post(
            "/invitations",
            &json!({ "role": "editor", "name": "Robin" }),
        );
        made["url"].as_str().unwrap().to_owned()
    }

    /// The console's address.
    pub fn console(&self, place: &str) -> String {
        format!("{}/console{place}", self.server.url())
    }

    /// Ends every session of every device.
    pub fn revoke_devices(&self) {
        for token in self.get("/tokens").json["items"].as_array().unwrap() {
            if token["kind"] == "session" {
                let path = self.path(&format!("/tokens/{}", token["id"].as_str().unwrap()));
                let gone = self
                    .server
                    .request("DELETE", &path)
                    .token(&self.token)
                    .send();
                assert_eq!(gone.unwrap().status, 204);
            }
        }
    }
}

/// A browser and a thumb.
pub struct Hand {
    pub browser: Browser,
    pub taps: u32,
}

impl Hand {
    /// A phone with nothing on it.
    pub async fn with_a_phone() -> Self {
        let browser = Browser::with(BrowserOptions {
            // The preview's frame has an opaque origin; in a process of its own it could not be looked into.
            arguments: vec!["--disable-features=IsolateSandboxedIframes".to_owned()],
            ..BrowserOptions::default()
        })
        .await;
        browser.set_viewport(360, 720, 2.0).await;
        browser.watch().await;
        Self { browser, taps: 0 }
    }

    /// An owner's phone at a view of the site.
    pub async fn of_owner(site: &Site, place: &str) -> Self {
        let mut hand = Self::with_a_phone().await;
        hand.browser
            .goto(&site.console(&format!("#/acme/{place}")))
            .await;
        hand.write("token", &site.token).await;
        hand.tap(labels::SIGN_IN).await;
        hand
    }

    /// A phone at the list of all sites, with the deployment's own token.
    pub async fn of_root(site: &Site) -> Self {
        let mut hand = Self::with_a_phone().await;
        hand.browser.goto(&site.console("")).await;
        hand.write("token", ROOT_TOKEN).await;
        hand.tap(labels::SIGN_IN).await;
        hand
    }

    /// A phone that was invited, and remembers.
    pub async fn invited(site: &Site) -> Self {
        Self::invited_to(site, labels::NONE_OPEN).await
    }

    /// The same, where the first view says this.
    pub async fn invited_to(site: &Site, words: &str) -> Self {
        let mut hand = Self::with_a_phone().await;
        hand.browser.goto(&site.invitation()).await;
        hand.tap(labels::ACCEPT_INVITATION).await;
        hand.sees(words).await;
        hand
    }

    /// The same phone another night: a cold browser.
    pub async fn again(&mut self) {
        self.browser.restart().await;
        self.browser.set_viewport(360, 720, 2.0).await;
        self.browser.watch().await;
        self.taps = 0;
    }

    /// Waits for these words on the screen; in the preview's frame they do not count.
    pub async fn sees(&self, words: &str) -> Tree {
        let shown = "return document.body?.innerText ?? ''";
        self.browser
            .wait_for_script(words, shown, |text| {
                text.as_str().is_some_and(|text| text.contains(words))
            })
            .await;
        self.browser.pierce().await
    }

    /// Waits for both texts of a conflict.
    pub async fn sees_conflict(&self) -> Tree {
        let is = |node: &Node| node.attribute("class") == Some("conflict");
        self.browser
            .wait_for("both texts", |tree| tree.find(is).is_some())
            .await
    }

    /// Taps what says exactly this, or begins with it and a hint.
    pub async fn tap(&mut self, label: &str) {
        self.browser
            .click_on(label, |tree| tappable(tree, label))
            .await;
        self.taps += 1;
    }

    /// Taps a field and types into it.
    pub async fn write(&mut self, id: &str, text: &str) {
        self.tap_field(id).await;
        let given = json!({ "text": text });
        self.browser.devtools("Input.insertText", given).await;
    }

    /// Writes something else into a field.
    pub async fn write_anew(&mut self, id: &str, text: &str) {
        self.tap_field(id).await;
        let select = format!("document.getElementById('{id}').select()");
        self.browser.run(&select).await;
        let given = json!({ "text": text });
        self.browser.devtools("Input.insertText", given).await;
    }

    /// Fills in a field for a moment, whose parts a test cannot tap.
    pub async fn set(&self, id: &str, moment: &str) {
        let script = format!(
            "const field = document.getElementById('{id}'); if (!field) return false;
             field.value = '{moment}'; field.dispatchEvent(new Event('input', {{ bubbles: true }}));
             return field.value === '{moment}'"
        );
        self.browser
            .wait_for_script(id, &script, |done| done == true)
            .await;
    }

    pub async fn tap_field(&mut self, id: &str) {
        let is = |node: &Node| node.attribute("id") == Some(id);
        self.browser.click_on(id, |tree| tree.find(is)).await;
        self.taps += 1;
    }

    /// Goes to a view of the site as a link would.
    pub async fn go(&self, place: &str) {
        let script = format!("location.hash = '#/acme/{place}'");
        self.browser.run(&script).await;
        self.browser
            .wait_for(place, |tree| {
                tree.find(|node| node.attribute("data-place") == Some(place))
                    .is_some()
                    && tree.element("h1").is_some()
            })
            .await;
    }

    /// Chooses from a menu, whose list a test cannot tap.
    pub async fn choose(&self, id: &str, label: &str) {
        let script = format!(
            "const menu = document.getElementById('{id}'); const list = [...(menu?.options ?? [])];
             const found = list.find(({{ text }}) => text === '{label}');
             if (!found) return false;
             menu.value = found.value; menu.dispatchEvent(new Event('change', {{ bubbles: true }})); return true"
        );
        self.browser
            .wait_for_script(label, &script, |done| done == true)
            .await;
    }

    /// Waits until a field has the focus.
    pub async fn is_at(&self, id: &str) {
        let at = "return document.activeElement?.id ?? ''";
        self.browser.wait_for_script(id, at, |at| at == id).await;
    }

    /// From now on every request of the page goes through this: the body of an asynchronous function that has the `request`,
    /// and `send`, which sends it.
    pub async fn intercept(&self, body: &str) {
        let script = format!(
            "const real = fetch; const send = (request) => real.call(window, request);
             window.fetch = async (request) => {{ {body} }}"
        );
        self.browser.run(&script).await;
    }

    /// The server gets the next request with this method, and its answer is lost.
    pub async fn lose_an_answer(&self, method: &str) {
        let body = format!(
            "const {{ method }} = request; const answer = await send(request);
             if (window.lost || method !== '{method}') return answer;
             window.lost = true; throw new TypeError('lost')"
        );
        self.browser.run("window.lost = false").await;
        self.intercept(&body).await;
    }

    /// From now on requests with this method whose address ends so wait for the test, each in `window.held`.
    pub async fn hold(&self, method: &str, ending: &str) {
        self.browser.run("window.held = []").await;
        let body = format!(
            "if (request.method === '{method}' && request.url.endsWith('{ending}'))
                 await new Promise((done) => window.held.push(done));
             return send(request)"
        );
        self.intercept(&body).await;
    }

    /// Waits until so many requests are held.
    pub async fn sees_held(&self, many: usize) {
        self.browser
            .wait_for_script("requests that wait", "return window.held.length", |held| {
                *held == many
            })
            .await;
    }

    /// What stands in a field.
    pub async fn value(&self, id: &str) -> String {
        let script = format!("return document.getElementById('{id}')?.value ?? null");
        let value = self
            .browser
            .wait_for_script(id, &script, Value::is_string)
            .await;
        value.as_str().unwrap().to_owned()
    }

    /// Nothing was thrown, refused or shifted out of place.
    pub async fn assert_calm(&self) {
        let watched = self.browser.watched().await;
        assert!(
            watched.errors.is_empty()
                && watched.rejections.is_empty()
                && watched.violations.is_empty(),
            "{watched:?}"
        );
    }
}

fn tappable<'tree>(tree: &'tree Tree, label: &str) -> Option<&'tree Node> {
    let kinds = ["button", "a", "summary", "label"];
    let can = |node: &&Node| kinds.contains(&node.name.as_str());
    let all = tree.find_all(|node| kinds.contains(&node.name.as_str()));
    let exact = all
        .iter()
        .copied()
        .filter(can)
        .find(|node| node.text() == label);
    exact.or_else(|| {
        all.iter()
            .copied()
            .find(|node| node.text().starts_with(&format!("{label} ")))
    })
}
