//! The events of the next golden journal: every type, with every field filled in at least one row and with the optional
//! fields left out in another.
//!
//! Add the rows of a new event type or field here, then run `UPDATE_GOLDEN=1 cargo test -p notice --test journal`: it
//! writes the next file and leaves the existing ones as they are.

use notice::wire::event::Event;
use serde_json::{Value, json};

/// Text in one of the events, which the redaction at the end erases.
pub const REDACTED: &str = "Jo Bloggs";

/// A journal row to build.
pub struct Step {
    /// A token's id, `root`, `alarm`, `courier` or `on_call`.
    pub actor: &'static str,
    /// The request's `Idempotency-Key`, if it had one.
    pub key: Option<&'static str>,
    /// Seconds by which the row's time is earlier than scheduled.
    pub older_s: i64,
    /// The event to store.
    pub event: StepEvent,
}

/// An event, or a placeholder for one that refers to earlier rows.
pub enum StepEvent {
    Event(Box<Event>),
    /// `site.restored` for all rows so far.
    Restored,
    /// `site.redacted` for all rows so far that contain [`REDACTED`].
    Redacted,
    /// `journal.repaired` for all rows so far that are older than their predecessor.
    Repaired,
    /// `clock.corrected` from the time of the previous row to that of this one.
    Corrected,
}

/// Returns all steps in order.
pub fn story() -> Vec<Step> {
    let mut steps = Vec::new();
    steps.extend(settings());
    steps.extend(components());
    steps.push(step("root", StepEvent::Restored));
    steps.extend(templates());
    steps.extend(created());
    steps.extend(updated());
    steps.extend(changed());
    steps.extend(ended());
    steps.extend(reminded());
    steps.push(step("tok_owner", StepEvent::Redacted));
    steps.push(Step {
        older_s: 3600,
        ..owner(json!({ "type": "template.deleted", "template": "tpl_delay" }))
    });
    steps.push(step("root", StepEvent::Repaired));
    steps.push(Step {
        older_s: 1800,
        ..step("root", StepEvent::Corrected)
    });
    steps.push(Step {
        older_s: 1800,
        ..owner(json!({ "type": "template.deleted", "template": "tpl_short" }))
    });
    steps
}

fn step(actor: &'static str, event: StepEvent) -> Step {
    Step {
        actor,
        key: None,
        older_s: 0,
        event,
    }
}

fn by(actor: &'static str, event: Value) -> Step {
    let event = serde_json::from_value(event.clone())
        .unwrap_or_else(|error| panic!("an event of the story: {error}: {event}"));
    step(actor, StepEvent::Event(Box::new(event)))
}

fn owner(event: Value) -> Step {
    by("tok_owner", event)
}

fn alarm(event: Value) -> Step {
    by("alarm", event)
}

fn settings() -> Vec<Step> {
    let minimal = json!({
        "slug": "acme", "name": "Acme SMS", "languages": ["en"], "time_zone": "Etc/UTC", "hostnames": [],
        "colours": null, "contacts": [], "segments": [],
        "cadence": { "tier_1_s": 1800, "tier_2_s": 7200, "tier_3_s": 86400 }, "on_call": [], "quiet_hours": null,
        "restored": { "returning_s": 86400, "everyone_s": 7200 }, "overdue_after_s": 300, "paused": false,
        "created_at": "2026-11-21T08:00:00Z"
    });
    let filled = |name: &str| {
        json!({
            "slug": "acme", "name": name, "languages": ["en", "de"], "time_zone": "Australia/Sydney",
            "hostnames": ["status.example.com"], "colours": { "light": "#173f87", "dark": "#9bb8f0" },
            "contacts": [
                { "kind": "email", "label": "Support", "value": "help@example.com" },
                { "kind": "link", "label": "Help", "value": "https://example.com/help" }
            ],
            "segments": [
                { "slug": "eu", "label": "Europe", "text": { "de": "Europa" } },
                { "slug": "us", "label": "United States" }
            ],
            "cadence": { "tier_1_s": 900, "tier_2_s": 3600, "tier_3_s": 43200 },
            "on_call": [
                { "kind": "email", "value": "ada@example.com", "after_minutes": 5 },
                { "kind": "webhook", "value": "https://hooks.example.com/allclear", "name": "Duty phone", "session_link": true }
            ],
            "quiet_hours": { "from": "22:00", "until": "06:00" },
            "on_call_quiet_hours": { "from": "23:00", "until": "07:00" },
            "restored": { "returning_s": 43200, "everyone_s": 3600 }, "overdue_after_s": 600,
            "minor_on_undeclared_pages": false, "paused": true,
            "created_at": "2026-11-21T08:00:00Z"
        })
    };
    vec![
        Step {
            key: Some("create-acme"),
            ..by(
                "root",
                json!({ "type": "site.created", "site": filled("Acme") }),
            )
        },
        owner(json!({ "type": "site.changed", "site": minimal })),
        owner(json!({ "type": "site.changed", "site": filled("Acme Messaging") })),
    ]
}

fn components() -> Vec<Step> {
    let component = |id: &str, name: &str, group: Value, position: u32| {
        json!({
            "id": id, "slug": name.to_lowercase(), "name": name, "group": group, "tier": 1, "position": position,
            "status": "operational", "since": "2026-11-21T08:03:00Z", "created_at": "2026-11-21T08:03:00Z"
        })
    };
    let created = |component: Value| json!({ "type": "component.created", "component": component });
    vec![
        owner(created(component(
            "cmp_sending",
            "Sending",
            json!("Messages"),
            0,
        ))),
        owner(created(component(
            "cmp_receiving",
            "Receiving",
            Value::Null,
            1,
        ))),
        owner(created(component("cmp_reports", "Reports", Value::Null, 2))),
        owner(json!({
            "type": "component.changed",
            "component": component("cmp_receiving", "Receiving", json!("Messages"), 0)
        })),
        owner(json!({
            "type": "component.changed", "component": component("cmp_reports", "Reporting", Value::Null, 2)
        })),
        owner(json!({ "type": "component.deleted", "component": "cmp_reports" })),
    ]
}

fn templates() -> Vec<Step> {
    let minimal = |id: &str| {
        json!({
            "id": id, "name": "Short", "kind": null, "title": null, "status": null, "impact": null, "body": null,
            "advice": null, "works": [], "broken": [], "restored": null, "next_update_minutes": null, "text": {},
            "created_at": "2026-11-21T08:10:00Z", "updated_at": "2026-11-21T08:10:00Z"
        })
    };
    let filled = |name: &str| {
        json!({
            "id": "tpl_delay", "name": name, "kind": "incident", "title": "Messages are delayed",
            "status": "investigating", "impact": "major", "body": "We are looking into it.",
            "advice": "Do not resend.", "works": ["Receiving"], "broken": ["Sending"], "restored": restored("en"),
            "next_update_minutes": 30, "text": { "de": text(true) },
            "created_at": "2026-11-21T08:11:00Z", "updated_at": "2026-11-21T08:12:00Z"
        })
    };
    vec![
        owner(json!({ "type": "template.created", "template": minimal("tpl_short")})),
        owner(json!({ "type": "template.created", "template": minimal("tpl_gone")})),
        owner(json!({ "type": "template.created", "template": filled("Delay") })),
        owner(json!({ "type": "template.changed", "template": filled("Delays") })),
        owner(json!({ "type": "template.changed", "template": minimal("tpl_short")})),
        owner(json!({ "type": "template.deleted", "template": "tpl_gone" })),
    ]
}

/// The texts of an all-clear.
fn restored(language: &str) -> Value {
    match language {
        "de" => {
            json!({ "back": ["Senden"], "check": "Prüfen Sie den Ausgang.", "still": ["Berichte"] })
        }
        _ => json!({ "back": ["Sending"], "check": "Check your outbox.", "still": ["Reports"] }),
    }
}

/// An incident's texts in German. Only templates have a body.
fn text(has_body: bool) -> Value {
    let mut text = json!({
        "title": "Nachrichten kommen verspätet an", "advice": "Nicht erneut senden.", "works": ["Empfangen"],
        "broken": ["Senden"], "restored": restored("de")
    });
    if has_body {
        text["body"] = json!("Wir suchen die Ursache.");
    }
    text
}

fn affected(status: &str) -> Value {
    json!([{ "id": "cmp_sending", "status": status, "since": "2026-11-21T08:20:00Z" }])
}

/// An incident without any optional value.
fn minimal(id: &str) -> Value {
    let first = json!({
        "id": format!("upd_{}1", id.trim_start_matches("inc_")), "status": "investigating",
        "body": "We are looking into it.", "at": "2026-11-21T08:17:00Z", "next_update_at": null
    });
    let texts = json!({
        "id": id, "kind": "incident", "status": "investigating", "impact": "minor", "worst_impact": "minor",
        "in_app": null, "hold": false, "drill": false, "attention": 1, "title": "Reports are late", "advice": null,
        "works": [], "broken": [], "components": [], "audience": null, "contacts": null, "related": [],
        "restored": null, "withdrawn": null, "postmortem": null, "text": {}, "expired": false, "updates": [first]
    });
    with(
        texts,
        json!({
            "published_at": "2026-11-21T08:17:00Z", "publish_at": null, "started_at": "2026-11-21T08:17:00Z",
            "ended_at": null, "scheduled_for": null, "scheduled_until": null, "announce_from": null,
            "announce_until": null, "auto_start": true, "auto_complete": true, "announced": true,
            "imminent": false, "next_update_at": null, "estimated_end_at": null, "confidence": null,
            "cadence_s": null, "reminded": null, "created_at": "2026-11-21T08:17:00Z",
            "updated_at": "2026-11-21T08:17:00Z"
        }),
    )
}

fn with(mut incident: Value, fields: Value) -> Value {
    for (name, value) in fields.as_object().unwrap() {
        incident[name] = value.clone();
    }
    incident
}

fn postmortem() -> Value {
    json!({
        "root_cause": "A queue was full.",
        "window": { "start": "2026-11-21T06:00:00Z", "end": "2026-11-21T07:00:00Z" },
        "remedy": "We made room.", "prevention": ["An alert at half of it."],
        "published_at": "2026-11-21T08:18:00Z"
    })
}

/// A maintenance with every field, including those that only later events set.
fn everything(title: &str) -> Value {
    let texts = json!({
        "title": title, "advice": "Do not resend.", "works": ["Receiving"], "broken": ["Sending"],
        "restored": restored("en"), "withdrawn": "It was the wrong site.", "postmortem": postmortem(),
        "text": { "de": text(true) }, "updates": [{
            "id": "upd_everything1", "status": "completed", "body": "Jo Bloggs has finished.",
            "text": { "de": "Jo Bloggs ist fertig." }, "at": "2026-11-21T07:00:00Z",
            "next_update_at": "2026-11-21T07:30:00Z", "notify": false, "corrected_at": "2026-11-21T07:10:00Z"
        }]
    });
    let audience = json!({
        "kind": "maintenance", "status": "completed", "impact": "maintenance", "worst_impact": "maintenance",
        "in_app": "pill", "hold": true, "drill": true, "attention": 3,
        "components": affected("under_maintenance"), "before_end": affected("under_maintenance"),
        "audience": {
            "segments": ["eu"], "paths": ["/share/**"], "components": ["sending"], "undeclared": "show",
            "undeclared_components": "show", "undeclared_segments": "hide", "listed": true
        },
        "audience_defaults": { "undeclared_components": "show", "undeclared_segments": "hide" },
        "contacts": [{ "kind": "phone", "label": "Support", "value": "+61 2 5550 0100" }],
        "related": ["inc_minimal"], "notify": true, "expired": true
    });
    let times = json!({
        "publish_at": "2026-11-21T05:00:00Z", "started_at": "2026-11-21T06:00:00Z",
        "ended_at": "2026-11-21T07:00:00Z", "scheduled_for": "2026-11-21T06:00:00Z",
        "scheduled_until": "2026-11-21T07:30:00Z", "announce_from": "2026-11-20T06:00:00Z", "imminent": true,
        "next_update_at": "2026-11-21T06:30:00Z", "estimated_end_at": "2026-11-21T07:00:00Z",
        "confidence": "medium", "cadence_s": 1800,
        "reminded": { "owed_at": "2026-11-21T06:30:00Z", "stage": "overdue" },
        "acknowledged": { "owed_at": "2026-11-21T06:30:00Z", "name": "Duty phone", "at": "2026-11-21T06:40:00Z" },
        "missed_at": "2026-11-18T06:00:00Z"
    });
    with(
        with(with(minimal("inc_everything"), texts), audience),
        times,
    )
}

fn announcement(title: &str) -> Value {
    with(
        minimal("inc_announcement"),
        json!({
            "kind": "announcement", "status": "active", "impact": "none", "worst_impact": "none", "title": title,
            "announce_from": "2026-11-21T08:50:00Z", "announce_until": "2026-11-22T08:50:00Z", "announced": false
        }),
    )
}

fn created() -> Vec<Step> {
    let created = |incident: Value| json!({ "type": "incident.created", "incident": incident });
    let draft = json!({ "published_at": null, "publish_at": "2026-11-22T08:00:00Z" });
    let planned = json!({
        "kind": "maintenance", "status": "scheduled", "impact": "maintenance", "worst_impact": "maintenance",
        "started_at": "2026-11-21T09:00:00Z", "scheduled_for": "2026-11-21T09:00:00Z",
        "scheduled_until": "2026-11-21T10:00:00Z", "updates": []
    });
    vec![
        Step {
            key: Some("create-minimal"),
            ..owner(created(minimal("inc_minimal")))
        },
        owner(created(everything("The database is moved"))),
        owner(created(announcement("Prices change in January"))),
        owner(created(with(minimal("inc_draft"), draft.clone()))),
        owner(created(with(minimal("inc_deleted"), draft))),
        owner(created(with(
            minimal("inc_missed"),
            json!({ "published_at": null, "publish_at": "2026-11-18T08:00:00Z" }),
        ))),
        owner(created(with(minimal("inc_planned"), planned))),
        owner(created(with(
            minimal("inc_escalated"),
            json!({ "components": affected("major_outage") }),
        ))),
        owner(created(minimal("inc_overdue"))),
        owner(created(minimal("inc_withdrawn"))),
    ]
}

fn updated() -> Vec<Step> {
    let update = |incident: &str, number: u32, more: Value| {
        let name = incident.trim_start_matches("inc_");
        with(
            json!({
                "id": format!("upd_{name}{number}"), "status": "monitoring", "body": "We are adding capacity.",
                "at": "2026-11-21T08:26:00Z", "next_update_at": null
            }),
            more,
        )
    };
    let updated = |incident: &str, update: Value, change: Value| json!({ "type": "incident.updated", "incident": incident, "update": update, "change": change });
    let filled = json!({
        "status": "monitoring", "impact": "major", "attention": 2, "components": affected("partial_outage"),
        "started_at": "2026-11-21T08:16:00Z", "advice": "Do not resend.", "works": ["Receiving"],
        "broken": ["Sending"], "next_update_at": "2026-11-21T09:26:00Z",
        "estimated_end_at": "2026-11-21T10:26:00Z", "confidence": "high", "ended_at": "2026-11-21T08:26:00Z",
        "before_end": affected("partial_outage"), "restored": restored("en"), "text": { "de": text(true) },
        "audience_defaults": { "undeclared_components": "show", "undeclared_segments": "show" }
    });
    let cleared = json!({
        "advice": null, "works": null, "broken": null, "next_update_at": null, "estimated_end_at": null,
        "confidence": null, "ended_at": null, "restored": null
    });
    let more = json!({
        "text": { "de": "Wir erweitern." }, "next_update_at": "2026-11-21T09:26:00Z", "notify": true,
        "corrected_at": "2026-11-21T08:27:00Z"
    });
    vec![
        owner(updated(
            "inc_minimal",
            update("inc_minimal", 2, more.clone()),
            filled.clone(),
        )),
        owner(updated(
            "inc_overdue",
            update("inc_overdue", 2, json!({})),
            cleared,
        )),
        owner(updated(
            "inc_overdue",
            update("inc_overdue", 3, json!({})),
            json!({}),
        )),
        owner(updated(
            "inc_escalated",
            update("inc_escalated", 2, more),
            filled,
        )),
        owner(json!({
            "type": "update.corrected", "incident": "inc_minimal", "update": "upd_minimal1",
            "body": "We know the cause.", "text": { "de": "Wir kennen die Ursache." }
        })),
        owner(json!({
            "type": "update.corrected", "incident": "inc_overdue", "update": "upd_overdue2",
            "body": "We have added capacity."
        })),
    ]
}

fn changed() -> Vec<Step> {
    let changed = |incident: Value| json!({ "type": "incident.changed", "incident": incident });
    vec![
        owner(changed(everything("The database was moved"))),
        owner(changed(announcement("Prices change in February"))),
        owner(changed(with(
            minimal("inc_withdrawn"),
            json!({ "title": "Reports are missing" }),
        ))),
        owner(json!({ "type": "incident.published", "incident": "inc_draft" })),
        owner(json!({
            "type": "incident.published", "incident": "inc_announcement",
            "audience_defaults": { "undeclared_components": "show", "undeclared_segments": "hide" }
        })),
        owner(json!({ "type": "incident.deleted", "incident": "inc_deleted" })),
    ]
}

fn ended() -> Vec<Step> {
    vec![
        owner(json!({
            "type": "incident.withdrawn", "incident": "inc_withdrawn", "reason": "It was a false alarm."
        })),
        owner(json!({
            "type": "postmortem.published", "incident": "inc_everything", "postmortem": postmortem()
        })),
        owner(json!({
            "type": "postmortem.published", "incident": "inc_minimal",
            "postmortem": with(postmortem(), json!({ "prevention": [] }))
        })),
        alarm(json!({ "type": "notice.expired", "incident": "inc_withdrawn" })),
    ]
}

fn reminded() -> Vec<Step> {
    let reminder = |stage: &str, incident: &str| {
        alarm(json!({
            "type": format!("promise.{stage}"), "incident": incident,
            "reminded": { "owed_at": "2026-11-21T09:26:00Z", "stage": stage }
        }))
    };
    vec![
        alarm(json!({ "type": "notice.announced", "incident": "inc_announcement" })),
        alarm(json!({ "type": "notice.imminent", "incident": "inc_planned" })),
        alarm(json!({
            "type": "schedule.missed", "incident": "inc_missed", "due_at": "2026-11-18T08:00:00Z"
        })),
        reminder("due", "inc_minimal"),
        reminder("overdue", "inc_overdue"),
        reminder("escalated", "inc_escalated"),
        by(
            "on_call",
            json!({
                "type": "promise.acknowledged", "incident": "inc_escalated", "owed_at": "2026-11-21T09:26:00Z", "name": "Duty phone"
            }),
        ),
        by(
            "courier",
            json!({
                "type": "on_call.notified",
                "message": { "kind": "webhook", "name": "Duty phone", "urgency": "page", "row": 40 }
            }),
        ),
        by(
            "courier",
            json!({
                "type": "on_call.notified",
                "message": { "kind": "webhook", "name": "Duty phone", "urgency": "page", "row": 41, "test": true }
            }),
        ),
        by(
            "courier",
            json!({
                "type": "on_call.failed", "reason": "The endpoint answered 500.",
                "message": { "kind": "pagerduty", "name": "PagerDuty", "urgency": "inform", "row": 40, "test": true }
            }),
        ),
        by(
            "courier",
            json!({
                "type": "webhook.disabled", "webhook": "whk_gone", "host": "hooks.example.com", "cause": "gone"
            }),
        ),
    ]
}
