//! The outbox: messages that an event queues for on-call targets. No sender exists yet.

use serde::{Deserialize, Serialize};

use crate::wire::{
    event::Event,
    site::{OnCall, Site},
};

/// A queued message to one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The on-call target that receives it.
    pub target: OnCall,
    /// Type of the event that queued the message.
    #[serde(rename = "type")]
    pub event_type: String,
}

/// Returns the messages that an event queues: reminders and missed transitions go to the first on-call target, escalations to the second, or
/// to the first if there is no second.
pub fn deliveries(site: &Site, event: &Event) -> Vec<Delivery> {
    let target = match event {
        Event::PromiseDue { .. } | Event::PromiseOverdue { .. } | Event::ScheduleMissed { .. } => {
            site.on_call.first()
        }
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

/// Returns the message about a verification that found a difference: to the first on-call target.
pub fn verify_failed(site: &Site) -> Option<Delivery> {
    site.on_call.first().map(|target| Delivery {
        target: target.clone(),
        event_type: "verify.failed".to_owned(),
    })
}
