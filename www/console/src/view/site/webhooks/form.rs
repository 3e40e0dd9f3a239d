//! The form of a webhook.

use notice::{body::check::endpoint_url::Network, notify::EventName, wire::ids::ComponentId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    conflict::merge::{self, Difference, NamedValue},
    rules::{endpoint, receivers},
    server::{
        failure::{Failure, FieldError},
        webhooks::{Format, Webhook},
    },
};

/// The stored draft. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Edit {
    /// The saved webhook that the draft is based on; `None`: the webhook is new.
    pub base: Option<Form>,
    pub form: Form,
}

/// The form. Stored drafts use these field names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    pub url: String,
    pub format: Format,
    /// Empty: all events.
    pub events: Vec<EventName>,
    /// Empty: all components.
    pub components: Vec<ComponentId>,
}

impl Form {
    pub fn of(webhook: &Webhook) -> Self {
        Self {
            url: webhook.url.clone().unwrap_or_default(),
            format: webhook.format,
            events: webhook.events.clone(),
            components: webhook.components.clone(),
        }
    }

    /// Returns the selected events that the format can receive, in the order of the documentation.
    fn received_events(&self) -> Vec<EventName> {
        let all = offered_events(self.format).into_iter();
        all.filter(|name| self.events.contains(name)).collect()
    }

    /// Returns the fields as in the API.
    fn values(&self) -> Vec<NamedValue> {
        vec![
            ("url", "URL", json!(self.url.trim())),
            ("format", "Format", json!(self.format)),
            ("events", "Events", json!(self.received_events())),
            ("components", "Components", json!(self.components)),
        ]
    }

    /// Returns the errors of the fields as typed. A missing URL is not an error here; see [`Edit::body`].
    pub fn errors(&self, network: Network) -> Vec<FieldError> {
        let detail = endpoint::error(&self.url, network);
        let error = detail.map(|detail| FieldError {
            pointer: "/url".to_owned(),
            detail,
        });
        error.into_iter().collect()
    }
}

impl Edit {
    pub fn of(webhook: &Webhook) -> Self {
        Self {
            base: Some(Form::of(webhook)),
            form: Form::of(webhook),
        }
    }

    /// Returns the request body: all fields of a new webhook, the changed fields of an existing one.
    ///
    /// # Errors
    /// The refusal of a field that is missing or wrong.
    pub fn body(&self, network: Network) -> Result<String, Failure> {
        let mut errors = self.form.errors(network);
        if self.form.url.trim().is_empty() {
            errors.push(FieldError {
                pointer: "/url".to_owned(),
                detail: "Enter the URL.".to_owned(),
            });
        }
        if !errors.is_empty() {
            return Err(Failure::invalid(errors));
        }
        let values = self.form.values();
        let body = match &self.base {
            Some(base) => merge::patch(values, base.values()),
            None => {
                let fields = values.into_iter();
                let fields = fields.map(|(name, _, value)| (name.to_owned(), value));
                Value::Object(fields.collect())
            }
        };
        Ok(body.to_string())
    }

    /// Returns the fields that both the draft and the saved webhook changed.
    pub fn conflicts(&self, remote: &Form) -> Vec<Difference> {
        let base = self.base.as_ref().map(Form::values).unwrap_or_default();
        merge::conflicts(self.form.values(), base, remote.values())
    }
}

/// Returns the events that a format can receive: a chat gets no reminders.
pub fn offered_events(format: Format) -> Vec<EventName> {
    let all = EventName::ALL.iter().copied();
    all.filter(|name| !format.is_chat() || receivers::reaches_chats(*name))
        .collect()
}

/// Selects a value of a list, or deselects it.
pub fn toggle<T: PartialEq>(list: &mut Vec<T>, value: T) {
    let before = list.len();
    list.retain(|selected| *selected != value);
    if list.len() == before {
        list.push(value);
    }
}

#[cfg(test)]
mod tests {
    use super::{Edit, Form, offered_events, toggle};
    use crate::server::webhooks::Format;
    use notice::{body::check::endpoint_url::Network, notify::EventName};
    use serde_json::{Value, json};

    fn form(url: &str) -> Form {
        Form {
            url: url.to_owned(),
            ..Form::default()
        }
    }

    fn body(edit: &Edit) -> Value {
        let text = edit.body(Network::Public).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn a_new_webhook_sends_all_fields_a_change_only_changed_ones() {
        let mut edit = Edit {
            base: None,
            form: form(" https://hooks.example.com/x "),
        };
        assert_eq!(
            body(&edit),
            json!({ "url": "https://hooks.example.com/x", "format": "standard", "events": [], "components": [] })
        );
        edit.base = Some(edit.form.clone());
        assert_eq!(body(&edit), json!({}));
        edit.form.events = vec![EventName::IncidentResolved];
        assert_eq!(body(&edit), json!({ "events": ["incident.resolved"] }));
    }

    #[test]
    fn a_missing_or_refused_url_is_an_error_of_its_field() {
        for url in ["", "https://10.0.0.1/x", "hooks"] {
            let edit = Edit {
                base: None,
                form: form(url),
            };
            let failure = edit.body(Network::Public).unwrap_err();
            let pointers = failure.errors().iter().map(|error| error.pointer.as_str());
            assert_eq!(pointers.collect::<Vec<_>>(), ["/url"], "{url}");
        }
        assert!(form("").errors(Network::Public).is_empty());
    }

    #[test]
    fn a_chat_is_offered_no_reminders() {
        let chat = offered_events(Format::Slack);
        assert!(chat.contains(&EventName::IncidentPublished));
        assert!(!chat.contains(&EventName::PromiseDue));
        assert_eq!(offered_events(Format::Standard), EventName::ALL);
        let mut edit = Edit {
            base: None,
            form: form("https://hooks.example.com/x"),
        };
        edit.form.events = vec![EventName::PromiseDue, EventName::IncidentPublished];
        assert_eq!(
            body(&edit)["events"],
            json!(["incident.published", "promise.due"])
        );
        edit.form.format = Format::Slack;
        assert_eq!(body(&edit)["events"], json!(["incident.published"]));
    }

    #[test]
    fn toggling_selects_and_deselects() {
        let mut list = vec![1];
        toggle(&mut list, 2);
        assert_eq!(list, [1, 2]);
        toggle(&mut list, 1);
        assert_eq!(list, [2]);
    }

    #[test]
    fn drafts_of_earlier_builds_are_read() {
        let stored = json!({ "form": { "url": "https://hooks.example.com/x" } });
        let edit: Edit = serde_json::from_value(stored).unwrap();
        assert_eq!(edit.form, form("https://hooks.example.com/x"));
        assert_eq!(edit.base, None);
    }
}
