//! The chats and webhooks that are notified of a change, by the rules of the server.

use notice::{
    notify::{Detail, EventName, Occurrence, Planned, plan, routes},
    project::view::IncidentView,
    rejection::Rejection,
    state::State,
    wire::{
        event::Event,
        input::{NewIncident, NewUpdate},
        time::Timestamp,
    },
};
use serde_json::Value;

use crate::{
    context::Snapshot,
    rules::dry_run,
    server::{documents::Collection, webhooks::Webhook},
};

/// Numbers of chats and webhooks that are notified.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receivers {
    pub chats: usize,
    pub webhooks: usize,
}

/// A change of an incident that others may be notified of.
#[derive(Clone, Debug)]
pub enum Change<'a> {
    /// Publishing the form of a new incident.
    Publication(Box<NewIncident>),
    /// The publication that the server has answered with this incident.
    Published(&'a IncidentView),
    Update(&'a IncidentView, Box<NewUpdate>),
    /// A merge patch of an incident's fields.
    Fields(&'a IncidentView, Value),
    Withdrawal(&'a IncidentView),
}

impl Change<'_> {
    fn events(self, state: &State, now: Timestamp) -> Result<Vec<Event>, Rejection> {
        match self {
            Self::Publication(input) => dry_run::events_of_publication(state, *input, now),
            Self::Published(incident) => Ok(vec![Event::IncidentCreated {
                incident: Box::new(incident.to_incident()),
            }]),
            Self::Update(incident, input) => {
                dry_run::events_of_update(state, &incident.id, *input, now)
            }
            Self::Fields(incident, patch) => {
                dry_run::events_of_change(state, &incident.id, patch, now)
            }
            Self::Withdrawal(incident) => dry_run::events_of_withdrawal(state, &incident.id),
        }
    }

    /// Returns the incident before the change, if there is one.
    fn before(&self) -> Option<&IncidentView> {
        match self {
            Self::Publication(_) | Self::Published(_) => None,
            Self::Update(incident, _) | Self::Fields(incident, _) | Self::Withdrawal(incident) => {
                Some(incident)
            }
        }
    }
}

/// Counts the receivers of a change that is made now. `None` if the rules reject the change, or if `webhooks` is not known.
pub fn count(
    snapshot: &Snapshot,
    webhooks: Option<&Collection<Webhook>>,
    change: Change<'_>,
    now: Timestamp,
) -> Option<Receivers> {
    let webhooks = webhooks?.items.as_slice();
    let state = dry_run::whole_state(snapshot, change.before(), now);
    let events = change.events(&state, now).ok()?;
    Some(count_reached(webhooks, &plan(&state, &events, now)))
}

fn count_reached(webhooks: &[Webhook], planned: &[Planned]) -> Receivers {
    let is_notified = |webhook: &&Webhook| {
        let selection = webhook.selection();
        webhook.enabled && planned.iter().any(|one| one.reaches(selection))
    };
    let (chats, programs): (Vec<&Webhook>, Vec<&Webhook>) = webhooks
        .iter()
        .filter(is_notified)
        .partition(|webhook| webhook.format.is_chat());
    Receivers {
        chats: chats.len(),
        webhooks: programs.len(),
    }
}

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

impl Receivers {
    /// Returns whether nobody is notified.
    pub fn is_nobody(self) -> bool {
        self == Self::default()
    }

    /// Returns the numbers: `Chat: 1, webhooks: 3`.
    pub fn counts(self) -> String {
        format!("Chat: {}, webhooks: {}", self.chats, self.webhooks)
    }

    /// Returns a sentence about the messages that were queued; empty if there are none.
    pub fn queued(self) -> String {
        let part = |name: &str, number: usize| (number > 0).then(|| format!("{name} {number}"));
        let parts = [part("chat", self.chats), part("webhooks", self.webhooks)];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        match parts.is_empty() {
            true => String::new(),
            false => format!("Messages queued: {}.", parts.join(", ")),
        }
    }
}

/// Adds the sentence about queued messages to a confirmation. Unknown receivers add nothing.
pub fn with_queued(confirmation: &str, receivers: Option<Receivers>) -> String {
    let queued = receivers.unwrap_or_default().queued();
    format!("{confirmation} {queued}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Change, Receivers, count, with_queued};
    use crate::{
        context::Snapshot,
        server::{documents::Collection, webhooks::Webhook},
        testing::{incident, now, snapshot},
    };
    use notice::wire::input::{NewIncident, NewUpdate};
    use serde_json::{Value, json};

    /// A chat, a webhook for everything, one for resolutions, and a disabled one.
    fn webhooks() -> Collection<Webhook> {
        let webhook = |fields: Value| -> Webhook {
            let mut all = json!({ "id": "whk_1", "url": null, "host": "hooks.example.com", "events": [], "components": [],
                "format": "standard", "enabled": true });
            for (name, value) in fields.as_object().unwrap() {
                all[name] = value.clone();
            }
            serde_json::from_value(all).unwrap()
        };
        let items = vec![
            webhook(json!({ "format": "slack" })),
            webhook(json!({})),
            webhook(json!({ "events": ["incident.resolved"] })),
            webhook(json!({ "enabled": false, "disabled_because": "gone" })),
        ];
        Collection { items, next: None }
    }

    fn counted(snapshot: &Snapshot, change: Change<'_>) -> Option<(usize, usize)> {
        let found = count(snapshot, Some(&webhooks()), change, now());
        found.map(|found| (found.chats, found.webhooks))
    }

    fn publication(fields: Value) -> Change<'static> {
        let mut input = json!({ "kind": "incident", "title": "Messages are delayed", "impact": "major", "body": "b" });
        for (name, value) in fields.as_object().unwrap() {
            input[name] = value.clone();
        }
        let input: NewIncident = serde_json::from_value(input).unwrap();
        Change::Publication(Box::new(input))
    }

    #[test]
    fn publications_are_counted_by_the_rules() {
        for (fields, expected) in [
            (json!({}), Some((1, 1))),
            (json!({ "notify": false }), Some((0, 1))),
            (json!({ "impact": "minor" }), Some((0, 1))),
            (json!({ "impact": "minor", "notify": true }), Some((1, 1))),
            (json!({ "drill": true }), Some((0, 0))),
            (json!({ "draft": true }), Some((0, 0))),
            (json!({ "title": "" }), None),
        ] {
            let found = counted(&snapshot(), publication(fields.clone()));
            assert_eq!(found, expected, "{fields}");
        }
    }

    #[test]
    fn changes_of_an_incident_are_counted_by_the_rules() {
        let open = incident(&json!({}));
        let all = Snapshot {
            incidents: vec![open.clone()],
            ..snapshot()
        };
        let update = |body: Value| {
            let input: NewUpdate = serde_json::from_value(body).unwrap();
            counted(&all, Change::Update(&open, Box::new(input)))
        };
        assert_eq!(update(json!({ "body": "b" })), Some((0, 1)));
        assert_eq!(update(json!({ "body": "b", "notify": true })), Some((1, 1)));
        let resolution = json!({ "body": "b", "status": "resolved" });
        assert_eq!(update(resolution), Some((1, 2)));
        assert_eq!(counted(&all, Change::Withdrawal(&open)), Some((1, 1)));
        let fields = |patch: Value| counted(&all, Change::Fields(&open, patch));
        assert_eq!(fields(json!({ "title": "Typo" })), Some((0, 0)));
        assert_eq!(fields(json!({ "impact": "critical" })), Some((0, 1)));
        let draft = incident(&json!({ "draft": true }));
        let published = Change::Fields(&draft, json!({ "draft": false }));
        assert_eq!(counted(&snapshot(), published), Some((1, 1)));
        let published = Change::Published(&open);
        assert_eq!(counted(&snapshot(), published), Some((1, 1)));
    }

    #[test]
    fn without_the_list_of_webhooks_nothing_is_counted() {
        let found = count(&snapshot(), None, publication(json!({})), now());
        assert_eq!(found, None);
        assert_eq!(with_queued("Published.", found), "Published.");
    }

    #[test]
    fn the_confirmation_names_only_what_was_queued() {
        for (chats, webhooks, expected) in [
            (1, 3, "Done. Messages queued: chat 1, webhooks 3."),
            (0, 2, "Done. Messages queued: webhooks 2."),
            (2, 0, "Done. Messages queued: chat 2."),
            (0, 0, "Done."),
        ] {
            let receivers = Receivers { chats, webhooks };
            assert_eq!(with_queued("Done.", Some(receivers)), expected);
        }
        let receivers = Receivers {
            chats: 1,
            webhooks: 3,
        };
        assert_eq!(receivers.counts(), "Chat: 1, webhooks: 3");
    }
}
