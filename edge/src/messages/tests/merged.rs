//! Posts about one incident that a chat gets as one message.

use serde_json::json;

use super::{MINUTE, Site, body, outage};
use crate::messages::{format::Format, message::Message};

#[test]
fn a_merged_message_has_the_newest_state_and_each_text() {
    let mut site = Site::new();
    site.publish(1, outage());
    for (number, status) in [(1, "identified"), (2, "monitoring"), (3, "resolved")] {
        site.now += MINUTE;
        site.update(
            1,
            json!({ "body": format!("Text {number}."), "status": status }),
        );
    }
    let posts: Vec<&Message> = site
        .messages
        .iter()
        .filter(|message| message.event.as_str().starts_with("incident."))
        .collect();
    assert_eq!(posts.len(), 4);
    for format in [Format::Slack, Format::Teams, Format::Discord] {
        let all = body(format, &posts).to_string();
        assert!(all.contains("New incident, Update, Resolved: "), "{all}");
        for text in ["Text 1.", "Text 2.", "Text 3.", "an hour late"] {
            assert!(all.contains(text), "{text} in {all}");
        }
        assert!(
            all.find("Text 3.") < all.find("Text 1."),
            "the newest first: {all}"
        );
        assert!(!all.contains("Post update"), "{all}");
        // Without the first post, which was sent at once.
        let later = body(format, &posts[1..3]).to_string();
        assert!(
            later.contains("Update: ") && later.contains("Text 2."),
            "{later}"
        );
        assert!(
            !later.contains("New incident") && !later.contains("an hour late"),
            "{later}"
        );
    }
    let standard = body(Format::Standard, &posts);
    assert_eq!(standard["type"], "incident.resolved");
}
