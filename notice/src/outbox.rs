//! Which messages are queued for an event, outside the feed. Nothing sends them yet.

use serde::{Deserialize, Serialize};

use crate::wire::{
    event::Event,
    site::{OnCall, Site},
};

/// One queued message to one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The target.
    pub target: OnCall,
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: String,
}

/// The messages to queue for an event: reminders for the first on-call target, an escalation for the second, or for the
/// first where there is no second.
pub fn deliveries(site: &Site, event: &Event) -> Vec<Delivery> {
    let target = match event {
        Event::PromiseDue { .. } | Event::PromiseOverdue { .. } => site.on_call.first(),
        Event::PromiseEscalated { .. } => site.on_call.get(1).or(site.on_call.first()),
        _ => None,
    };
    target
        .map(|target| Delivery {
            target: target.clone(),
            event_type: event.name().to_owned(),
        })
        .into_iter()
        .collect()
}
