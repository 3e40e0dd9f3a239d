//! The requests to on-call targets: one table of addresses and bodies.

use notice::{
    body::check::endpoint_url,
    notify::route::Urgency,
    wire::site::{OnCall, OnCallKind},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{
    chat_card::Button,
    outgoing_request::OutgoingRequest,
    reminder::{Action, Reminder},
    rich_text::fit_line,
    slack, standard, teams,
};
use crate::fault::Fault;

/// Maximum length of an event's summary in PagerDuty, in characters.
const PAGERDUTY_SUMMARY: usize = 1_024;
/// Maximum length of an alert's message in Opsgenie, in characters.
const OPSGENIE_MESSAGE: usize = 130;
/// Maximum length of a text in ntfy, in UTF-16 code units of at most 3 bytes each: ntfy accepts 4,096 bytes. A title has
/// a quarter of this length.
const NTFY_TEXT: usize = 1_000;
/// Maximum number of buttons of a notification in ntfy.
const NTFY_ACTIONS: usize = 3;

/// Returns the request. `None` for a mail, and for the end of an alert if the target keeps no alerts.
///
/// # Errors
/// `Fault` if a stored target has no valid value.
pub fn request(target: &OnCall, reminder: &Reminder<'_>) -> Result<Option<OutgoingRequest>, Fault> {
    let is_trigger = reminder.action == Action::Trigger;
    let url = target.value.as_str();
    let post = |url: &str, body: Value| OutgoingRequest::post_json(url, body.to_string());
    Ok(match target.kind {
        OnCallKind::Webhook if is_trigger => Some(post(url, webhook(reminder)?)),
        OnCallKind::Slack if is_trigger => Some(post(url, slack::body(&reminder.card()))),
        OnCallKind::Teams if is_trigger => Some(post(url, teams::body(&reminder.card()))),
        OnCallKind::Ntfy if is_trigger => Some(ntfy(url, reminder)?),
        OnCallKind::Pagerduty => Some(pagerduty(url, reminder)),
        OnCallKind::Opsgenie => Some(opsgenie(url, reminder)),
        OnCallKind::Email
        | OnCallKind::Webhook
        | OnCallKind::Slack
        | OnCallKind::Teams
        | OnCallKind::Ntfy => None,
    })
}

/// The body of a webhook in the format `standard`, with the reminder in the field `on_call`. Not signed, because the target has no
/// secret.
fn webhook(reminder: &Reminder<'_>) -> Result<Value, Fault> {
    let mut body: Value = serde_json::from_str(&standard::body(reminder.message)?)?;
    if let Some(data) = body.get_mut("data").and_then(Value::as_object_mut) {
        let on_call = json!({
            "urgency": reminder.urgency,
            "key": reminder.key,
            "subject": reminder.subject(),
            "text": reminder.text(),
            "acknowledge_url": reminder.acknowledge_url,
            "session_url": reminder.session_url,
        });
        data.insert("on_call".to_owned(), on_call);
    }
    Ok(body)
}

/// An event of PagerDuty's Events API v2, <https://developer.pagerduty.com/docs/events-api-v2>. `value` is the integration key,
/// after `eu:` if the account is in Europe.
fn pagerduty(value: &str, reminder: &Reminder<'_>) -> OutgoingRequest {
    let (host, routing_key) = match value.strip_prefix("eu:") {
        Some(key) => ("events.eu.pagerduty.com", key),
        None => ("events.pagerduty.com", value),
    };
    let url = format!("https://{host}/v2/enqueue");
    if reminder.action == Action::Resolve {
        let body = json!({
            "routing_key": routing_key, "event_action": "resolve", "dedup_key": reminder.key,
        });
        return OutgoingRequest::post_json(&url, body.to_string());
    }
    let message = reminder.message;
    let severity = match reminder.urgency {
        Urgency::Page => "critical",
        Urgency::Inform => "info",
    };
    let buttons = reminder.buttons();
    let links: Vec<Value> = buttons
        .iter()
        .map(|button| json!({ "href": button.url, "text": button.label }))
        .collect();
    let body = json!({
        "routing_key": routing_key,
        "event_action": "trigger",
        "dedup_key": reminder.key,
        "client": "Allclear",
        "client_url": message.links.open,
        "links": links,
        "payload": {
            "summary": fit_line(&reminder.subject(), PAGERDUTY_SUMMARY),
            "source": message.site.slug,
            "severity": severity,
            "timestamp": message.at,
            "group": message.site.name,
            "class": message.event,
            "custom_details": { "text": reminder.text() },
        },
    });
    OutgoingRequest::post_json(&url, body.to_string())
}

/// An alert of Opsgenie's Alert API, <https://docs.opsgenie.com/docs/alert-api>. `value` is the key of an API integration, after
/// `eu:` if the account is in Europe.
fn opsgenie(value: &str, reminder: &Reminder<'_>) -> OutgoingRequest {
    let (host, key) = match value.strip_prefix("eu:") {
        Some(key) => ("api.eu.opsgenie.com", key),
        None => ("api.opsgenie.com", value),
    };
    let alerts = format!("https://{host}/v2/alerts");
    let (url, body) = match reminder.action {
        Action::Resolve => {
            let alias = utf8_percent_encode(reminder.key, NON_ALPHANUMERIC);
            let url = format!("{alerts}/{alias}/close?identifierType=alias");
            (url, json!({ "source": "Allclear" }))
        }
        Action::Trigger => {
            let priority = match reminder.urgency {
                Urgency::Page => "P1",
                Urgency::Inform => "P4",
            };
            let description = format!("{}\n\n{}", reminder.text(), link_lines(&reminder.buttons()));
            let body = json!({
                "message": fit_line(&reminder.subject(), OPSGENIE_MESSAGE),
                "alias": reminder.key,
                "description": description,
                "source": "Allclear",
                "entity": reminder.message.site.slug,
                "priority": priority,
            });
            (alerts, body)
        }
    };
    OutgoingRequest::post_json(&url, body.to_string())
        .with("authorization", &format!("GenieKey {key}"))
}

fn link_lines(buttons: &[Button]) -> String {
    let lines: Vec<String> = buttons
        .iter()
        .map(|button| format!("{}: {}", button.label, button.url))
        .collect();
    lines.join("\n")
}

/// A notification of ntfy, <https://docs.ntfy.sh/publish/#publish-as-json>. The URL's last segment is the topic; JSON is posted to
/// the server's root.
fn ntfy(url: &str, reminder: &Reminder<'_>) -> Result<OutgoingRequest, Fault> {
    let (server, topic) = endpoint_url::split_topic(url).ok_or_else(|| Fault::Stored {
        what: "on-call target",
        detail: "the address has no topic".to_owned(),
    })?;
    let (priority, tag) = match reminder.urgency {
        Urgency::Page => (5, "rotating_light"),
        Urgency::Inform => (3, "information_source"),
    };
    let buttons = reminder.buttons();
    let actions: Vec<Value> = buttons
        .iter()
        .take(NTFY_ACTIONS)
        .map(|button| json!({ "action": "view", "label": button.label, "url": button.url }))
        .collect();
    let body = json!({
        "topic": topic,
        "title": fit_line(&reminder.subject(), NTFY_TEXT / 4),
        "message": fit_line(&reminder.text(), NTFY_TEXT),
        "priority": priority,
        "tags": [tag],
        "click": buttons.first().map(|button| button.url.as_str()),
        "actions": actions,
    });
    Ok(OutgoingRequest::post_json(&server, body.to_string()))
}
