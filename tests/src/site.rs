//! A server with one site, operated through the API.

use serde_json::{Value, json};
use xtask::workerd::Network;

use crate::{Answer, Page, ROOT_TOKEN, Server, ServerOptions, Sink, in_minutes, page};

/// A server for one test, with a site.
#[derive(Debug)]
pub struct Site {
    pub server: Server,
    pub slug: &'static str,
    /// The token of the site's first owner.
    pub token: String,
}

impl Site {
    /// A site with these components, by name.
    #[track_caller]
    pub fn new(slug: &'static str, name: &str, components: &[&str]) -> Self {
        Self::with(&ServerOptions::default(), slug, name, components)
    }

    /// A site with these components, on a server with options.
    #[track_caller]
    pub fn with(
        options: &ServerOptions,
        slug: &'static str,
        name: &str,
        components: &[&str],
    ) -> Self {
        let server = Server::with(options);
        let token = server.create_site(&json!({ "slug": slug, "name": name }));
        let site = Self {
            server,
            slug,
            token,
        };
        for component in components {
            site.create("/components", &json!({ "name": component }));
        }
        site
    }

    /// The site `acme` on a server that may send webhooks to private addresses, such as those of this machine.
    #[track_caller]
    pub fn with_private_network() -> Self {
        let options = ServerOptions {
            network: Network::PublicAndPrivate,
            ..ServerOptions::default()
        };
        Self::with(&options, "acme", "Acme SMS", &["Sending", "Reports"])
    }

    /// Creates a webhook; returns its id.
    #[track_caller]
    pub fn create_webhook(&self, sink: &Sink, path: &str, fields: &Value) -> String {
        let body = with(json!({ "url": sink.url(path) }), fields);
        let created = self.create("/webhooks", &body);
        created["id"].as_str().expect("an id").to_owned()
    }

    /// The site `acme` without components.
    #[track_caller]
    pub fn empty() -> Self {
        Self::new("acme", "Acme SMS", &[])
    }

    /// The site `acme` with one component of each tier.
    #[track_caller]
    pub fn with_tiers() -> Self {
        let site = Self::empty();
        for (name, tier) in [("Sending", 1), ("Receiving", 2), ("Reports", 3)] {
            site.create("/components", &json!({ "name": name, "tier": tier }));
        }
        site
    }

    /// The site `acme` with 200 components in eight groups.
    #[track_caller]
    pub fn large() -> Self {
        let site = Self::empty();
        for number in 1..=200 {
            let group = format!("Region {}", (number + 24) / 25);
            let body = json!({ "name": format!("Part {number}"), "group": group });
            site.create("/components", &body);
        }
        site
    }

    /// The API path of a resource of this site.
    pub fn path(&self, path: &str) -> String {
        format!("/v1/sites/{}{path}", self.slug)
    }

    /// GETs with the owner's token.
    #[track_caller]
    pub fn get(&self, path: &str) -> Answer {
        self.server.get_as(&self.token, &self.path(path))
    }

    /// POSTs with the owner's token.
    #[track_caller]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.server.post(&self.path(path), &self.token, body)
    }

    /// POSTs a body, panics unless the status is 201, and returns the answer's body.
    #[track_caller]
    pub fn create(&self, path: &str, body: &Value) -> Value {
        let created = self.post(path, body);
        assert_eq!(created.status, 201, "{path}: {}", created.text());
        created.json
    }

    /// Changes the current version of a resource.
    #[track_caller]
    pub fn patch(&self, path: &str, body: &Value) {
        let changed = self
            .server
            .request("PATCH", &self.path(path))
            .token(&self.token)
            .header("if-match", &self.etag(path))
            .json(body)
            .send()
            .expect("an answer");
        assert_eq!(changed.status, 200, "{path}: {}", changed.text());
    }

    /// Deletes the current version of a resource.
    #[track_caller]
    pub fn delete(&self, path: &str) {
        let deleted = self
            .server
            .request("DELETE", &self.path(path))
            .token(&self.token)
            .header("if-match", &self.etag(path))
            .send()
            .expect("an answer");
        assert_eq!(deleted.status, 204, "{path}: {}", deleted.text());
    }

    #[track_caller]
    fn etag(&self, path: &str) -> String {
        let read = self.get(path);
        read.header("etag").expect("an ETag").to_owned()
    }

    /// Changes the site's settings.
    #[track_caller]
    pub fn change_settings(&self, settings: &Value) {
        self.patch("", settings);
    }

    /// Publishes an incident and returns its id.
    #[track_caller]
    pub fn publish(&self, body: &Value) -> String {
        let created = self.create("/incidents", body);
        created["id"].as_str().expect("an id").to_owned()
    }

    /// Publishes a major incident of the component `sending` and returns its id.
    #[track_caller]
    pub fn publish_outage(&self) -> String {
        self.publish(&with(
            sending_outage(),
            &json!({ "broken": ["Sending at once"], "next_update_at": in_minutes(30) }),
        ))
    }

    #[track_caller]
    pub fn update(&self, incident: &str, body: &Value) {
        self.create(&format!("/incidents/{incident}/updates"), body);
    }

    /// An incident as operators read it.
    #[track_caller]
    pub fn incident(&self, incident: &str) -> Value {
        self.get(&format!("/incidents/{incident}")).json
    }

    /// The public feed in the site's primary language.
    #[track_caller]
    pub fn feed(&self) -> Answer {
        self.server.get(&self.path("/feed"))
    }

    /// The server's comparison of the replayed journal with its projections.
    #[track_caller]
    pub fn verify(&self) -> Value {
        self.get("/verify").json
    }

    /// A host page that embeds the site, with these further attributes on its script tag.
    pub fn page(&self, attributes: &str) -> Page {
        Page::host(&page::html(&self.server.embed(self.slug, attributes)))
    }
}

impl Server {
    /// Creates a site and returns its owner's token.
    #[track_caller]
    pub fn create_site(&self, body: &Value) -> String {
        let created = self.post("/v1/sites", ROOT_TOKEN, body);
        assert_eq!(created.status, 201, "{}", created.text());
        created.json["token"].as_str().expect("a token").to_owned()
    }

    /// Confirms a host name of a site as root, so that it serves the site's pages.
    #[track_caller]
    pub fn confirm_hostname(&self, slug: &str, host: &str) {
        let path = format!("/v1/sites/{slug}/hostnames/{host}/confirm");
        let confirmed = self.request("POST", &path).token(ROOT_TOKEN).send();
        let confirmed = confirmed.expect("an answer");
        assert_eq!(confirmed.status, 200, "{}", confirmed.text());
    }
}

/// The title of [`outage`].
pub const TITLE: &str = "Messages are delayed";

/// The body of a request that publishes a major incident.
pub fn outage() -> Value {
    json!({ "kind": "incident", "title": TITLE, "impact": "major", "body": "We are looking into it.",
            "advice": "Do not resend." })
}

/// [`outage`] with these fields added or replaced.
pub fn outage_with(fields: &Value) -> Value {
    with(outage(), fields)
}

/// [`outage`] of the component `sending`.
pub fn sending_outage() -> Value {
    outage_with(&json!({ "components": [{ "id": "sending" }] }))
}

/// [`outage`] with everything that a card can hold.
pub fn full_outage() -> Value {
    outage_with(&json!({
        "body": "We are **looking** into it.", "works": ["Contacts"], "broken": ["Sending"],
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "next_update_at": in_minutes(30) }))
}

/// An object with these fields added or replaced.
pub fn with(mut object: Value, fields: &Value) -> Value {
    for (name, value) in fields.as_object().expect("an object") {
        object[name] = value.clone();
    }
    object
}
