//! The requests to on-call targets, pinned by `edge/golden/on_call`.

use notice::{
    notify::{event_name::EventName, route::Urgency},
    wire::{
        site::{OnCall, OnCallKind},
        time::Timestamp,
    },
};
use serde_json::{Value, json};

use super::{Site, check_golden, outage, story};
use crate::{
    date_format::{DateFormatter, Plural, TimeFormat},
    messages::{
        message::Message,
        on_call,
        outgoing_request::OutgoingRequest,
        reminder::{Action, Reminder},
    },
};

struct Utc;

impl DateFormatter for Utc {
    fn format(&self, at: Timestamp, shape: TimeFormat) -> String {
        shape.in_utc(at)
    }

    fn plural(&self, _: u64) -> Plural {
        Plural::Other
    }
}

const KEY: &str = "allclear/acme/inc_1/2026-11-21T10:00:00Z";
const PAGERDUTY: &str = "0123456789abcdef0123456789abcdef";
const OPSGENIE: &str = "eb243592-faa2-4ba2-a551-1afdf565c889";

fn target(kind: OnCallKind) -> OnCall {
    let value = match kind {
        OnCallKind::Email => "ada@example.com",
        OnCallKind::Pagerduty => PAGERDUTY,
        OnCallKind::Opsgenie => OPSGENIE,
        OnCallKind::Ntfy => "https://ntfy.example.com/acme-on-call",
        OnCallKind::Webhook | OnCallKind::Slack | OnCallKind::Teams => {
            "https://hooks.example.com/x"
        }
    };
    OnCall {
        kind,
        value: value.to_owned(),
        after_minutes: None,
        name: None,
        session_link: false,
    }
}

pub fn reminder(message: &Message, action: Action) -> Reminder<'_> {
    let is_page = matches!(
        message.event,
        EventName::PromiseOverdue | EventName::PromiseEscalated
    );
    Reminder {
        message,
        urgency: if is_page {
            Urgency::Page
        } else {
            Urgency::Inform
        },
        action,
        key: KEY,
        acknowledge_url: Some("https://status.example.com/on-call/acknowledge/abc"),
        session_url: None,
        times: &Utc,
        time_zone: "Australia/Sydney",
    }
}

fn as_json(request: &OutgoingRequest) -> Value {
    json!({
        "method": request.method.as_str(),
        "url": request.url,
        "headers": request.headers,
        "body": serde_json::from_str::<Value>(&request.body).unwrap(),
    })
}

#[test]
fn requests_equal_the_golden_files() {
    let site = story();
    let message = site.message(EventName::PromiseOverdue);
    for kind in OnCallKind::ALL {
        for (action, name) in [(Action::Trigger, "page"), (Action::Resolve, "end")] {
            let request = on_call::request(&target(kind), &reminder(message, action)).unwrap();
            let keeps_alerts = matches!(kind, OnCallKind::Pagerduty | OnCallKind::Opsgenie);
            let is_sent = match action {
                Action::Trigger => kind != OnCallKind::Email,
                Action::Resolve => keeps_alerts,
            };
            assert_eq!(request.is_some(), is_sent, "{kind:?} {action:?}");
            if let Some(request) = request {
                check_golden(
                    &format!("on_call/{}-{name}.json", kind.as_str()),
                    &as_json(&request),
                );
            }
        }
    }
}

#[test]
fn a_page_names_the_update_its_time_and_the_form() {
    let site = story();
    for event in [
        EventName::PromiseDue,
        EventName::PromiseOverdue,
        EventName::PromiseEscalated,
    ] {
        let message = site.message(event);
        for kind in OnCallKind::ALL
            .into_iter()
            .filter(|kind| *kind != OnCallKind::Email)
        {
            let reminder = reminder(message, Action::Trigger);
            let request = on_call::request(&target(kind), &reminder).unwrap().unwrap();
            for part in [
                "Messages are delayed",
                "2026-11-21T10:00:00Z (Australia/Sydney)",
                "https://status.example.com/console#/acme/incidents/inc_1/update",
                "https://status.example.com/on-call/acknowledge/abc",
            ] {
                assert!(
                    request.body.contains(part),
                    "{kind:?} {event}: {}",
                    request.body
                );
            }
        }
    }
}

#[test]
fn accounts_in_europe_have_their_own_addresses() {
    let site = story();
    let message = site.message(EventName::PromiseOverdue);
    for (kind, value, action, url) in [
        (
            OnCallKind::Pagerduty,
            PAGERDUTY,
            Action::Trigger,
            "https://events.pagerduty.com/v2/enqueue",
        ),
        (
            OnCallKind::Pagerduty,
            PAGERDUTY,
            Action::Resolve,
            "https://events.pagerduty.com/v2/enqueue",
        ),
        (
            OnCallKind::Opsgenie,
            OPSGENIE,
            Action::Trigger,
            "https://api.opsgenie.com/v2/alerts",
        ),
    ] {
        for (prefix, url) in [
            ("", url.to_owned()),
            (
                "eu:",
                url.replace("events.", "events.eu.")
                    .replace("api.", "api.eu."),
            ),
        ] {
            let target = OnCall {
                value: format!("{prefix}{value}"),
                ..target(kind)
            };
            let request = on_call::request(&target, &reminder(message, action))
                .unwrap()
                .unwrap();
            assert_eq!(request.url, url);
            let sent = format!("{} {:?}", request.body, request.header("authorization"));
            assert!(sent.contains(value) && !sent.contains("eu:"), "{sent}");
        }
    }
}

#[test]
fn every_message_of_urgency_inform_names_its_subject() {
    let site = story();
    for (event, parts) in [
        (
            EventName::SitePostHeld,
            ["A secret draft", "2026-11-21T13:00:00Z"],
        ),
        (EventName::SiteVerifyFailed, ["Acme SMS", "console"]),
        (
            EventName::WebhookDisabled,
            ["hooks.example.com", "failed for 5 days"],
        ),
    ] {
        let message = site.message(event);
        let reminder = reminder(message, Action::Trigger);
        for part in parts {
            assert!(reminder.text().contains(part), "{}", reminder.text());
        }
        assert!(reminder.text().ends_with('.'), "{}", reminder.text());
        let request = on_call::request(&target(OnCallKind::Pagerduty), &reminder).unwrap();
        let body: Value = serde_json::from_str(&request.unwrap().body).unwrap();
        assert_eq!(body["payload"]["severity"], "info");
    }
}

#[test]
fn long_texts_stay_within_the_limits_of_each_service() {
    for content in ["word ", "unbroken", "👨‍👩‍👧‍👦", "\"\\"] {
        let mut site = Site::new();
        let mut incident = outage();
        let mut title = content.repeat(200 / content.chars().count());
        title.truncate(title.trim_end().len());
        incident["title"] = json!(title);
        site.publish(1, incident);
        site.pass(super::NOW + 2 * super::HOUR);
        let message = site.message(EventName::PromiseOverdue);
        let body = |kind| {
            let request = on_call::request(&target(kind), &reminder(message, Action::Trigger));
            let body: Value = serde_json::from_str(&request.unwrap().unwrap().body).unwrap();
            body
        };
        let length = |value: &Value| value.as_str().unwrap().chars().count();
        assert!(length(&body(OnCallKind::Pagerduty)["payload"]["summary"]) <= 1_024);
        let opsgenie = body(OnCallKind::Opsgenie);
        assert!(length(&opsgenie["message"]) <= 130, "{opsgenie}");
        assert!(length(&opsgenie["description"]) <= 15_000);
        let ntfy = body(OnCallKind::Ntfy);
        assert!(ntfy["message"].as_str().unwrap().len() <= 4_096, "{ntfy}");
        assert!(ntfy["actions"].as_array().unwrap().len() <= 3);
    }
}
