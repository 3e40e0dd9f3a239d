//! The chats and webhooks that are notified of a change, by the rules of the server.

use notice::notify::{Detail, EventName, Occurrence, routes};

/// Returns whether chats are notified of an event at all, if Notify is switched on.
pub fn reaches_chats(event: EventName) -> bool {
    let occurrence = Occurrence {
        event,
        incident: None,
        drill: false,
        components: Vec::new(),
        detail: Detail::None,
    };
    routes(&occurrence, true).chat
}
