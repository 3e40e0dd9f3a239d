//! Pages as strings: what they must say, and what must never stand in them.

use ::notice::{
    decide::{Command, decide},
    state::State,
    wire::time::Timestamp,
};
use serde_json::{Value as Json, json};

use super::{Context, incident, status};

const NOW: i64 = 1_795_248_000;

struct Site(State);

impl Site {
    fn new() -> Self {
        let mut site = Self(State::default());
        let input =
            json!({ "slug": "acme", "name": "Acme <b>SMS</b>", "time_zone": "Australia/Sydney" });
        site.run(Command::CreateSite {
            input: serde_json::from_value(input).unwrap(),
        });
        let input = json!({ "name": "Sending", "group": "Messaging" });
        site.run(Command::CreateComponent {
            id: serde_json::from_value(json!("cmp_1")).unwrap(),
            input: serde_json::from_value(input).unwrap(),
        });
        site
    }

    fn run(&mut self, command: Command) {
        let now = Timestamp::from_seconds(NOW);
        for event in decide(&self.0, command, now).unwrap() {
            self.0.apply(&event, now);
        }
    }

    fn publish(&mut self, number: u32, fields: Json) {
        let mut body = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b" });
        for (name, value) in fields.as_object().unwrap() {
            body[name] = value.clone();
        }
        self.run(Command::CreateIncident {
            id: serde_json::from_value(json!(format!("inc_{number}"))).unwrap(),
            update: serde_json::from_value(json!(format!("upd_{number}"))).unwrap(),
            input: serde_json::from_value(body).unwrap(),
        });
    }

    fn update(&mut self, number: u32, body: Json) {
        self.run(Command::PostUpdate {
            incident: serde_json::from_value(json!(format!("inc_{number}"))).unwrap(),
            id: serde_json::from_value(json!("upd_later")).unwrap(),
            input: serde_json::from_value(body).unwrap(),
        });
    }

    fn with<T>(&self, work: impl FnOnce(&Context<'_>) -> T) -> T {
        let context = Context {
            site: self.0.site.as_ref().unwrap(),
            state: &self.0,
            public_url: "https://status.example.com",
            say: &|at| at.to_string(),
            now: Timestamp::from_seconds(NOW),
        };
        work(&context)
    }

    fn status(&self) -> String {
        let recent: Vec<_> = self.0.incidents.values().cloned().collect();
        self.with(|context| status::render(context, &recent))
    }

    fn incident(&self, number: u32) -> Option<String> {
        let id = serde_json::from_value(json!(format!("inc_{number}"))).unwrap();
        self.with(|context| incident::render(context, &id))
    }
}

#[test]
fn the_overall_sentence_is_honest() {
    let mut segment = json!({ "audience": { "paths": ["/a"] } });
    segment["audience"]["listed"] = json!(false);
    for (fields, expected) in [
        (None, "is working."),
        (
            Some(json!({ "impact": "critical" })),
            "has a critical problem.",
        ),
        (Some(json!({ "impact": "major" })), "has a major problem."),
        (Some(json!({ "impact": "minor" })), "has a minor problem."),
        (Some(json!({ "impact": "none" })), "has a minor problem."),
        (Some(segment), "has a problem that affects some customers."),
        (Some(json!({ "draft": true })), "is working."),
        (Some(json!({ "drill": true })), "is working."),
    ] {
        let mut site = Site::new();
        if let Some(fields) = &fields {
            site.publish(1, fields.clone());
        }
        let page = site.status();
        assert!(page.contains(expected), "{fields:?}");
    }
}

#[test]
fn what_operators_wrote_is_text_never_markup() {
    let mut site = Site::new();
    site.publish(1, json!({
        "title": "<script>alert(1)</script>", "body": "<img src=x onerror=alert(1)> [x](javascript:alert(1)) **bold**",
        "advice": "\"><svg onload=alert(1)>", "works": ["<b>x</b>"]
    }));
    for page in [site.status(), site.incident(1).unwrap()] {
        for forbidden in [
            "<script",
            "<img",
            "<svg",
            "<b>",
            "href=\"javascript",
            "style=",
        ] {
            assert!(!page.contains(forbidden), "{forbidden}: {page}");
        }
        assert!(page.contains("<strong>bold</strong>"));
    }
}

#[test]
fn an_incidents_page_tells_all_of_it() {
    let mut site = Site::new();
    site.publish(1, json!({ "components": [{ "id": "sending" }], "advice": "Do not resend.", "body": "x ".repeat(5000) }));
    let page = site.incident(1).unwrap();
    assert!(page.contains("Do not resend.") && page.contains("Not working for some"));
    assert!(
        page.matches("x x").count() > 1000,
        "the whole body, not the feed's 2,000 characters"
    );
    assert!(page.contains("property=\"og:description\""));
    site.update(
        1,
        json!({ "body": "Fixed.", "status": "resolved", "restored": { "check": "Your outbox." } }),
    );
    let page = site.incident(1).unwrap();
    assert!(page.contains("Working again since") && page.contains("Your outbox."));
    assert!(
        !page.contains("Do not resend."),
        "outage advice does not pass into the all-clear"
    );
    assert!(site.status().contains("is working."));
}

#[test]
fn drafts_and_drills_have_no_page() {
    let mut site = Site::new();
    site.publish(1, json!({ "draft": true }));
    site.publish(2, json!({ "drill": true }));
    assert_eq!(
        (site.incident(1), site.incident(2), site.incident(3)),
        (None, None, None)
    );
    assert!(!site.status().contains("Messages are delayed"));
}
