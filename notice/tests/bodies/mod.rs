//! Minimal request bodies, and a table of their text fields.

#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each test file uses a part"
)]

use notice::{
    body::{
        check::endpoint_url::Network, merge::MergePatch, read::read, required::Body as RequestBody,
    },
    decide::Command,
    limits,
    rejection::Rejection,
    wire::ids::{ComponentId, IncidentId, TemplateId},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::site::{TestSite, id};

/// A request body that a test fills to a limit.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    Site,
    Component,
    Incident,
    Maintenance,
    Update,
    Correction,
    Resolved,
    Template,
    Withdrawal,
    Postmortem,
}

pub const START: &str = "2026-11-21T07:00:00Z";
pub const LATER: &str = "2026-11-22T08:00:00Z";

impl Body {
    pub fn minimal(self) -> Value {
        match self {
            Self::Site => json!({}),
            Self::Component => json!({ "name": "C" }),
            Self::Incident => {
                json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" })
            }
            Self::Maintenance => json!({ "kind": "maintenance", "title": "t", "body": "b",
                "scheduled_for": LATER, "scheduled_until": "2026-11-22T09:00:00Z" }),
            Self::Update | Self::Correction => json!({ "body": "b" }),
            Self::Resolved => json!({ "body": "b", "status": "resolved" }),
            Self::Template => json!({ "name": "T" }),
            Self::Withdrawal => json!({ "reason": "r" }),
            Self::Postmortem => {
                json!({ "root_cause": "r", "remedy": "r", "window": { "start": START, "end": START } })
            }
        }
    }

    /// Runs the command that takes this kind of body. Creates an open incident first, which some commands need.
    pub fn send(self, site: &mut TestSite, body: &Value) -> Result<(), Rejection> {
        let bytes = body.to_string().into_bytes();
        let number = site.next_number();
        let open = open_incident(site);
        let command = match self {
            Self::Site => Command::ChangeSite {
                patch: MergePatch::read(&bytes)?,
                network: Network::Public,
            },
            Self::Component => Command::CreateComponent {
                id: id::<ComponentId>("cmp_", number),
                input: read(&bytes)?,
            },
            Self::Incident | Self::Maintenance => Command::CreateIncident {
                id: id::<IncidentId>("inc_", number),
                update: id("upd_", number),
                input: boxed(&bytes)?,
            },
            Self::Update | Self::Resolved => Command::PostUpdate {
                incident: open,
                id: id("upd_", number),
                input: boxed(&bytes)?,
            },
            Self::Correction => Command::CorrectUpdate {
                id: site.incident(&open).updates[0].id.clone(),
                incident: open,
                patch: MergePatch::read(&bytes)?,
            },
            Self::Template => Command::CreateTemplate {
                id: id::<TemplateId>("tpl_", number),
                input: boxed(&bytes)?,
            },
            Self::Withdrawal => Command::WithdrawIncident {
                id: open,
                input: read(&bytes)?,
            },
            Self::Postmortem => {
                site.update(&open, json!({ "body": "b", "status": "resolved" }));
                Command::PutPostmortem {
                    incident: open,
                    input: read(&bytes)?,
                }
            }
        };
        site.run(command)
    }
}

fn boxed<T: RequestBody + Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<Box<T>, Rejection> {
    read(bytes).map(Box::new)
}

/// Creates an open incident.
pub fn open_incident(site: &mut TestSite) -> IncidentId {
    site.publish(json!({ "kind": "incident", "title": "t", "impact": "minor", "body": "b" }))
}

/// Sets the value at a pointer, and creates the objects on its path.
pub fn set(body: &mut Value, pointer: &str, value: Value) {
    let mut target = body;
    for name in pointer.trim_start_matches('/').split('/') {
        target = &mut target[name];
    }
    *target = value;
}

/// Text fields of the bodies: body, JSON pointer and maximum length in characters. Entries of lists and labels of
/// contacts are not included.
pub const TEXTS: &[(Body, &str, usize)] = &[
    (Body::Site, "/name", limits::NAME),
    (Body::Component, "/name", limits::NAME),
    (Body::Component, "/group", limits::NAME),
    (Body::Incident, "/title", limits::TITLE),
    (Body::Incident, "/body", limits::BODY),
    (Body::Incident, "/advice", limits::ADVICE),
    (Body::Incident, "/text/de/title", limits::TITLE),
    (Body::Incident, "/text/de/body", limits::BODY),
    (Body::Incident, "/text/de/advice", limits::ADVICE),
    (Body::Update, "/body", limits::BODY),
    (Body::Update, "/advice", limits::ADVICE),
    (Body::Update, "/text/de/body", limits::BODY),
    (Body::Correction, "/body", limits::BODY),
    (Body::Correction, "/text/de/body", limits::BODY),
    (Body::Resolved, "/restored/check", limits::ADVICE),
    (Body::Resolved, "/text/de/restored/check", limits::ADVICE),
    (Body::Template, "/name", limits::NAME),
    (Body::Template, "/title", limits::TITLE),
    (Body::Template, "/body", limits::BODY),
    (Body::Template, "/advice", limits::ADVICE),
    (Body::Withdrawal, "/reason", limits::ADVICE),
    (Body::Postmortem, "/root_cause", limits::BODY),
    (Body::Postmortem, "/remedy", limits::BODY),
];
