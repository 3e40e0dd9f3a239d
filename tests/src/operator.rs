//! Operates the console as an operator on a phone, and counts the taps.

use serde_json::{Value, json};

use crate::{Browser, BrowserOptions, Node, ROOT_TOKEN, Site, Tree, labels};

impl Site {
    /// Creates an invitation and returns its link.
    #[track_caller]
    pub fn invitation(&self) -> String {
        let created = self.create(
            "/invitations",
            &json!({ "role": "editor", "name": "Robin" }),
        );
        created["url"].as_str().expect("a link").to_owned()
    }

    /// The console's address, followed by a fragment.
    pub fn console(&self, fragment: &str) -> String {
        format!("{}/console{fragment}", self.server.url())
    }

    /// Revokes the sessions of all devices.
    #[track_caller]
    pub fn revoke_devices(&self) {
        let tokens = self.get("/tokens").json;
        for token in tokens["items"].as_array().expect("a list") {
            if token["kind"] == "session" {
                let id = token["id"].as_str().expect("an id");
                let path = self.path(&format!("/tokens/{id}"));
                let request = self.server.request("DELETE", &path).token(&self.token);
                assert_eq!(request.send().expect("an answer").status, 204);
            }
        }
    }
}

#[derive(Debug)]
pub struct Operator {
    pub browser: Browser,
    /// Taps since the browser was started.
    pub taps: u32,
}

impl Operator {
    /// Starts a browser that emulates a phone, without a session.
    pub async fn on_a_phone() -> Self {
        let browser = Browser::with(BrowserOptions {
            // The preview's frame has an opaque origin. If it had its own process, DevTools could not read it.
            arguments: vec!["--disable-features=IsolateSandboxedIframes".to_owned()],
            ..BrowserOptions::default()
        })
        .await;
        browser.set_viewport(360, 720, 2.0).await;
        browser.watch().await;
        Self { browser, taps: 0 }
    }

    /// Opens the site's view at this path, such as `settings/contacts`, and signs in with the owner's token.
    pub async fn signed_in_as_owner(site: &Site, path: &str) -> Self {
        let mut operator = Self::on_a_phone().await;
        operator
            .browser
            .goto(&site.console(&format!("#/acme/{path}")))
            .await;
        operator.type_into("token", &site.token).await;
        operator.tap(labels::SIGN_IN).await;
        operator
    }

    /// Signs in with the root token, which opens the list of all sites.
    pub async fn signed_in_as_root(site: &Site) -> Self {
        let mut operator = Self::on_a_phone().await;
        operator.browser.goto(&site.console("")).await;
        operator.type_into("token", ROOT_TOKEN).await;
        operator.tap(labels::SIGN_IN).await;
        operator
    }

    /// Accepts an invitation to a site without open incidents. The browser remembers the session.
    pub async fn invited(site: &Site) -> Self {
        Self::invited_until_shown(site, labels::NONE_OPEN).await
    }

    /// Accepts an invitation and waits until the site's first view shows this text.
    pub async fn invited_until_shown(site: &Site, text: &str) -> Self {
        let mut operator = Self::on_a_phone().await;
        operator.browser.goto(&site.invitation()).await;
        operator.tap(labels::ACCEPT_INVITATION).await;
        operator.wait_for_text(text).await;
        operator
    }

    /// Restarts the browser on the same profile, and resets the count.
    pub async fn restart_browser(&mut self) {
        self.browser.restart().await;
        self.browser.set_viewport(360, 720, 2.0).await;
        self.browser.watch().await;
        self.taps = 0;
    }

    /// Waits for a text on the screen. Texts in the preview's frame do not count.
    pub async fn wait_for_text(&self, words: &str) -> Tree {
        let shown = "return document.body?.innerText ?? ''";
        self.browser
            .wait_for_script(words, shown, |text| {
                text.as_str().is_some_and(|text| text.contains(words))
            })
            .await;
        self.browser.pierce().await
    }

    /// Waits for both versions of a conflict.
    pub async fn wait_for_conflict(&self) -> Tree {
        let is = |node: &Node| node.attribute("class") == Some("conflict");
        self.browser
            .wait_for("both versions", |tree| tree.find(is).is_some())
            .await
    }

    /// Taps the control with exactly this label. If there is none, taps the first whose label starts with it and a space.
    pub async fn tap(&mut self, label: &str) {
        self.browser
            .click_on(label, |tree| tappable(tree, label))
            .await;
        self.taps += 1;
    }

    /// Taps a field and types into it.
    pub async fn type_into(&mut self, id: &str, text: &str) {
        self.tap_field(id).await;
        self.wait_for_focus(id).await;
        let given = json!({ "text": text });
        self.browser.devtools("Input.insertText", given).await;
    }

    /// Replaces a field's value.
    pub async fn replace(&mut self, id: &str, text: &str) {
        self.tap_field(id).await;
        self.wait_for_focus(id).await;
        let select = format!("document.getElementById('{id}').select()");
        self.browser.run(&select).await;
        let given = json!({ "text": text });
        self.browser.devtools("Input.insertText", given).await;
    }

    /// Sets a date field, whose segments a test cannot tap.
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

    /// Navigates to the site's view at this path, as a link would.
    pub async fn navigate(&self, path: &str) {
        let script = format!("location.hash = '#/acme/{path}'");
        self.browser.run(&script).await;
        self.browser
            .wait_for(path, |tree| {
                tree.find(|node| node.attribute("data-place") == Some(path))
                    .is_some()
                    && tree.element("h1").is_some()
            })
            .await;
    }

    /// Selects an option, whose list a test cannot tap.
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
    pub async fn wait_for_focus(&self, id: &str) {
        let at = "return document.activeElement?.id ?? ''";
        self.browser.wait_for_script(id, at, |at| at == id).await;
    }

    /// Replaces the page's `fetch` by an async function with this body, which can use `request` and the function `send`.
    pub async fn intercept(&self, body: &str) {
        let script = format!(
            "const real = fetch; const send = (request) => real.call(window, request);
             window.fetch = async (request) => {{ {body} }}"
        );
        self.browser.run(&script).await;
    }

    /// Delivers the next request with this method to the server and drops its answer.
    pub async fn lose_next_answer(&self, method: &str) {
        let body = format!(
            "const {{ method }} = request; const answer = await send(request);
             if (window.lost || method !== '{method}') return answer;
             window.lost = true; throw new TypeError('lost')"
        );
        self.browser.run("window.lost = false").await;
        self.intercept(&body).await;
    }

    /// Holds every later request with this method whose URL ends with `ending`, until the test calls its function in
    /// `window.held`.
    pub async fn hold_requests(&self, method: &str, ending: &str) {
        self.browser.run("window.held = []").await;
        let body = format!(
            "if (request.method === '{method}' && request.url.endsWith('{ending}'))
                 await new Promise((done) => window.held.push(done));
             return send(request)"
        );
        self.intercept(&body).await;
    }

    /// Waits until this many requests are held.
    pub async fn wait_for_held(&self, many: usize) {
        self.browser
            .wait_for_script("requests that wait", "return window.held.length", |held| {
                *held == many
            })
            .await;
    }

    /// Waits until a field has this value.
    pub async fn assert_value(&self, id: &str, expected: &str) {
        let script = format!("return document.getElementById('{id}').value");
        self.browser
            .assert_eventually(id, &script, json!(expected))
            .await;
    }

    /// Waits until a field's value meets a condition, and returns it.
    pub async fn wait_for_value(&self, id: &str, condition: impl Fn(&str) -> bool) -> String {
        let script = format!("return document.getElementById('{id}').value");
        let condition = |value: &Value| value.as_str().is_some_and(&condition);
        let value = self.browser.eventually(id, &script, condition).await;
        value.as_str().expect("a text").to_owned()
    }

    /// A field's current value. Waits until the field exists.
    pub async fn value(&self, id: &str) -> String {
        let script = format!("return document.getElementById('{id}')?.value ?? null");
        let value = self
            .browser
            .wait_for_script(id, &script, Value::is_string)
            .await;
        value.as_str().expect("a text").to_owned()
    }

    /// Panics when an error was not caught or the content policy has refused something.
    pub async fn assert_no_errors(&self) {
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
    let all = tree.find_all(|node| kinds.contains(&node.name.as_str()));
    let exact = all.iter().copied().find(|node| node.text() == label);
    exact.or_else(|| {
        all.iter()
            .copied()
            .find(|node| node.text().starts_with(&format!("{label} ")))
    })
}
