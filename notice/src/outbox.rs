//! Who is to be told of an event, outside the feed.

use serde::{Deserialize, Serialize};

use crate::wire::{
    event::Event,
    site::{OnCall, Site},
};

/// One message to be sent, to one target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// To whom.
    pub target: OnCall,
    /// The event's type.
    #[serde(rename = "type")]
    pub event_type: String,
}

/// The deliveries that follow from an event: reminders go to the first on call, an escalation to the second, or to the
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
