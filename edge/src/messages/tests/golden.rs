//! Bodies of messages, pinned by `edge/golden/webhooks`: every event in the format `standard`, and four events in each format
//! of a chat. The files are the examples of the documentation.

use notice::{notify::event_name::EventName, wire::time::Timestamp};

use super::{NOW, Site, body, check_golden, story};
use crate::messages::{
    format::Format,
    message::{Message, Origin},
};

#[test]
fn bodies_equal_the_golden_files() {
    let site = story();
    for event in EventName::ALL {
        let actual = body(Format::Standard, &[site.message(*event)]);
        check_golden(&format!("webhooks/{event}.json"), &actual);
    }
    for format in Format::ALL.into_iter().filter(|format| format.is_chat()) {
        for event in [
            EventName::IncidentPublished,
            EventName::IncidentResolved,
            EventName::IncidentWithdrawn,
            EventName::MaintenanceAnnounced,
        ] {
            let actual = body(format, &[site.message(event)]);
            check_golden(
                &format!("webhooks/{}/{event}.json", format.as_str()),
                &actual,
            );
        }
    }
}

#[test]
fn a_draft_is_in_no_body() {
    let site = story();
    let held = site.message(EventName::SitePostHeld);
    assert_eq!(held.title.as_deref(), Some("A secret draft"));
    for message in &site.messages {
        for format in Format::ALL {
            let text = body(format, &[message]).to_string();
            assert!(!text.contains("secret draft"), "{} {text}", message.event);
        }
    }
}

#[test]
fn stored_messages_round_trip() {
    for message in story().messages {
        let json = serde_json::to_string(&message).unwrap();
        assert_eq!(serde_json::from_str::<Message>(&json).unwrap(), message);
    }
}

#[test]
fn links_open_the_forms_of_open_incidents_only() {
    let site = story();
    let console = "https://status.example.com/console#/acme/";
    for (event, open, forms) in [
        (EventName::IncidentPublished, "incidents/inc_1", true),
        (EventName::IncidentResolved, "incidents/inc_1", false),
        (EventName::MaintenanceStarted, "incidents/inc_2", true),
        (EventName::SitePostHeld, "incidents/inc_4", false),
        (EventName::SiteVerifyFailed, "", false),
    ] {
        let links = &site.message(event).links;
        assert_eq!(links.open, format!("{console}{open}"), "{event}");
        let form = |name: &str| forms.then(|| format!("{console}{open}/{name}"));
        assert_eq!(links.post_update, form("update"), "{event}");
        assert_eq!(links.resolve, form("resolve"), "{event}");
    }
}

#[test]
fn a_test_message_says_so_in_every_format() {
    let site = Site::new();
    let origin = Origin {
        id: "msg_test".to_owned(),
        sequence: 3,
        rev: 3,
        at: Timestamp::from_seconds(NOW),
        public_url: "https://status.example.com",
    };
    let message = Message::test(site.state.site.as_ref().unwrap(), origin);
    let standard = body(Format::Standard, &[&message]);
    assert_eq!(standard["data"]["test"], true);
    assert_eq!(standard["data"]["incident"], serde_json::Value::Null);
    for format in [Format::Slack, Format::Teams, Format::Discord] {
        let text = body(format, &[&message]).to_string();
        assert!(text.contains("Nothing was published"), "{text}");
        assert!(!text.contains("New incident"), "{text}");
    }
}
