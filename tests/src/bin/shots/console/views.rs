//! The console's views of which pictures are taken, and the drafts that they show.

use serde_json::{Value, json};

use super::site::ExampleSite;

/// A view: its name, its path below the site, and the draft that it opens with.
pub(super) struct Shot {
    pub(super) name: &'static str,
    pub(super) place: fn(&ExampleSite) -> String,
    /// A draft's key and value in this browser's storage.
    pub(super) typed: fn(&ExampleSite) -> Option<(String, Value)>,
    /// Whether the picture shows the whole page instead of the first screen.
    pub(super) whole: bool,
}

/// The view opens without a draft.
pub(super) const NOTHING: fn(&ExampleSite) -> Option<(String, Value)> = |_| None;

pub(super) const SHOTS: &[Shot] = &[
    Shot {
        name: "home",
        place: |_| String::new(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "what",
        place: |_| "new/incident".to_owned(),
        typed: |made| Some(publishing(made)),
        whole: false,
    },
    Shot {
        name: "say",
        place: |_| "new/incident/say".to_owned(),
        typed: |made| Some(publishing(made)),
        whole: true,
    },
    Shot {
        name: "check",
        place: |_| "new/incident/check".to_owned(),
        typed: |made| Some(publishing(made)),
        whole: true,
    },
    Shot {
        name: "incident",
        place: |made| format!("incidents/{}", made.incident),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "update",
        place: |made| format!("incidents/{}/update", made.incident),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "resolve",
        place: |made| format!("incidents/{}/resolve", made.incident),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "update-check",
        place: |made| format!("incidents/{}/update/check", made.incident),
        typed: |made| Some(updating(made, "update")),
        whole: true,
    },
    Shot {
        name: "resolve-check",
        place: |made| format!("incidents/{}/resolve/check", made.incident),
        typed: |made| Some(updating(made, "resolve")),
        whole: true,
    },
    Shot {
        name: "edit",
        place: |made| format!("incidents/{}/edit", made.incident),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "withdraw",
        place: |made| format!("incidents/{}/withdraw", made.incident),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "share",
        place: |made| format!("incidents/{}/share", made.incident),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "postmortem",
        place: |made| format!("incidents/{}/postmortem", made.ended),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "plan",
        place: |_| "new/maintenance".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "drafts",
        place: |_| "drafts".to_owned(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "announcements",
        place: |_| "announcements".to_owned(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "maintenance",
        place: |_| "maintenance".to_owned(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "resolved",
        place: |_| "resolved".to_owned(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "templates",
        place: |_| "settings/templates".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "template",
        place: |_| "settings/templates/new".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "components",
        place: |_| "components".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "settings",
        place: |_| "settings".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "on-call",
        place: |_| "settings/on-call".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "webhooks",
        place: |_| "settings/webhooks".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "webhook-deliveries",
        place: |made| format!("settings/webhooks/{}", made.webhook),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "webhook-form",
        place: |_| "settings/webhooks/new".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "contacts",
        place: |_| "settings/contacts".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "access",
        place: |_| "settings/access".to_owned(),
        typed: NOTHING,
        whole: true,
    },
    Shot {
        name: "journal",
        place: |_| "settings/journal".to_owned(),
        typed: NOTHING,
        whole: false,
    },
    Shot {
        name: "account",
        place: |_| "account".to_owned(),
        typed: NOTHING,
        whole: false,
    },
];

/// A half-filled form; fields left out have the console's initial values.
pub(super) fn publishing(made: &ExampleSite) -> (String, Value) {
    let value = json!({
        "kind": "incident", "components": [{ "id": made.sending, "status": null }], "impact": "major",
        "words": {
            "title": "Messages leave us late", "body": "Since 02:40 messages wait in a queue. We are looking into it.",
            "advice": "Do not resend: your messages are queued.", "works": "Receiving", "broken": "Sending at once"
        },
        "promise": { "In": 15 }, "own": { "contacts": [{ "kind": "phone", "label": "Duty desk", "value": "+61 2 5550 0199" }] }
    });
    let record = json!({ "value": value, "at": 1, "key": "shot", "sent": null });
    (
        "allclear-console:draft:acme:new:incident".to_owned(),
        record,
    )
}

/// A draft of an update of the incident.
pub(super) fn updating(made: &ExampleSite, task: &str) -> (String, Value) {
    let value = json!({
        "body": "Traffic goes through the second carrier. The queue is getting shorter.", "seen": made.update,
        "status": (task == "resolve").then_some("resolved"), "back": "Sending at once",
        "check": "Check what you sent between 08:00 and 09:40: some of it may have arrived twice."
    });
    let record = json!({ "value": value, "at": 1, "key": "shot", "sent": null });
    (
        format!("allclear-console:draft:acme:{task}:{}", made.incident),
        record,
    )
}
