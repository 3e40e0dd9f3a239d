//! The body in the format `standard`, for programs. Pinned by `edge/golden/webhooks`: fields are added, never removed.

use notice::{
    notify::{event_name::EventName, occurrence::Detail},
    wire::{feed::Notice, ids::IncidentId, incident::PromiseStage, time::Timestamp},
};
use serde::Serialize;
use serde_json::json;

use super::message::{Links, Message, SiteSummary};

/// The body of a webhook, with the members that Standard Webhooks recommends.
#[derive(Serialize)]
struct Payload<'a> {
    #[serde(rename = "type")]
    event: EventName,
    timestamp: Timestamp,
    data: Data<'a>,
}

#[derive(Serialize)]
struct Data<'a> {
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    test: bool,
    site: &'a SiteSummary,
    sequence: u64,
    rev: u64,
    incident_id: Option<&'a IncidentId>,
    incident: Option<&'a Notice>,
    #[serde(flatten)]
    detail: serde_json::Map<String, serde_json::Value>,
    console: &'a Links,
}

/// The body of the request in the format `standard`.
///
/// # Errors
/// If `message` cannot be serialised as JSON, which does not happen.
pub fn body(message: &Message) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Payload {
        event: message.event,
        timestamp: message.at,
        data: Data {
            test: message.test,
            site: &message.site,
            sequence: message.sequence,
            rev: message.rev,
            incident_id: message.incident_id.as_ref(),
            incident: message.incident.as_deref(),
            detail: detail(&message.detail),
            console: &message.links,
        },
    })
}

fn detail(detail: &Detail) -> serde_json::Map<String, serde_json::Value> {
    let (name, value) = match detail {
        Detail::None => return serde_json::Map::new(),
        Detail::Component(change) => ("component", json!(change)),
        Detail::Promise(reminded) => {
            let stage = match reminded.stage {
                PromiseStage::Due => "due",
                PromiseStage::Overdue => "overdue",
                PromiseStage::Escalated => "escalated",
            };
            (
                "promise",
                json!({ "owed_at": reminded.owed_at, "stage": stage }),
            )
        }
        Detail::HeldPost { due_at } => ("post", json!({ "due_at": due_at })),
        Detail::Webhook { id, host, reason } => (
            "webhook",
            json!({ "id": id, "host": host, "reason": reason }),
        ),
        Detail::Session { id, name, used_at } => (
            "session",
            json!({ "id": id, "name": name, "used_at": used_at }),
        ),
    };
    serde_json::Map::from_iter([(name.to_owned(), value)])
}
