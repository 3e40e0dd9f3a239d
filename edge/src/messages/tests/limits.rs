//! The limits of chats, with the largest texts and those that take most space in each format.

use notice::notify::event_name::EventName;
use serde_json::{Value, json};

use super::{Site, body, time};
use crate::messages::{discord, format::Format, rich_text::units, slack};

/// Maximum number of embeds of a message in Discord.
const EMBEDS: usize = 10;
/// Maximum size of a message in Teams, in bytes.
const TEAMS: usize = 28_000;

/// Texts that are repeated up to the limit of a field.
const CONTENTS: &[&str] = &[
    "word ",
    "unbroken",
    "请不要重新发送您的消息",
    "👨‍👩‍👧‍👦",
    "🇦🇺 ",
    "\\\\ \" ",
    "*_~`|<>[]#@ ",
    "<!channel> & <@U1> @everyone ",
    "**b** ",
    "*i* `c` ",
    "[x](https://a.example/(y)) ",
    "[link](https://a.example/?q=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa) ",
    "https://a.example/_x_ ",
    "mailto ",
    "\na\n",
    "\n\na",
    "\n- a",
    "\n- \n- *a*\n",
    "\u{85}é\u{301} ",
];

fn repeat_up_to(content: &str, most: usize) -> String {
    let times = (most - 1) / content.chars().count();
    let mut text = format!("x{}", content.repeat(times));
    // Control characters are refused by the API.
    text.retain(|character| character == '\n' || !character.is_control());
    text
}

fn line(content: &str, most: usize) -> String {
    repeat_up_to(&content.replace('\n', " "), most)
}

/// A site whose incident has the longest texts, from publication to its end.
fn largest_site(content: &str) -> Site {
    let mut site = Site::named(&line(content, 100), &line(content, 100));
    let list = vec![line(content, 200); 20];
    let mut components = vec![json!({ "id": "cmp-1" })];
    for number in 3..=100 {
        let id = format!("cmp_{number}");
        let name = line(content, 90) + &number.to_string();
        site.run(notice::decide::Command::CreateComponent {
            id: serde_json::from_value(json!(id)).unwrap(),
            input: serde_json::from_value(json!({ "name": name, "slug": format!("cmp-{number}") }))
                .unwrap(),
        });
        components.push(json!({ "id": format!("cmp-{number}") }));
    }
    site.publish(
        1,
        json!({ "kind": "incident", "title": line(content, 200), "impact": "critical", "body": repeat_up_to(content, 20_000),
            "components": components, "advice": repeat_up_to(content, 2_000), "works": list,
            "next_update_at": time(3600), "estimated_end_at": time(7200) }),
    );
    for _ in 0..4 {
        site.update(1, json!({ "body": repeat_up_to(content, 20_000) }));
    }
    site.update(
        1,
        json!({ "body": repeat_up_to(content, 20_000), "status": "resolved",
            "restored": { "back": list, "check": repeat_up_to(content, 2_000), "still": list } }),
    );
    site.run(notice::decide::Command::WithdrawIncident {
        id: serde_json::from_value(json!("inc_1")).unwrap(),
        input: notice::wire::input::Withdrawal {
            reason: repeat_up_to(content, 2_000),
        },
    });
    site
}

const EVENTS: [EventName; 4] = [
    EventName::IncidentPublished,
    EventName::IncidentUpdated,
    EventName::IncidentResolved,
    EventName::IncidentWithdrawn,
];

/// Calls a check with the body of each large message, and of all posts merged.
fn for_each_body(format: Format, check: impl Fn(&Value, &str)) {
    for content in CONTENTS {
        let site = largest_site(content);
        for event in EVENTS {
            let actual = body(format, &[site.message(event)]);
            check(&actual, &format!("{event} of {content:?}"));
        }
        let posts: Vec<_> = site
            .messages
            .iter()
            .filter(|message| EVENTS[..3].contains(&message.event))
            .collect();
        check(&body(format, &posts), &format!("merged {content:?}"));
    }
}

/// Calls a function with each object in a document.
fn for_each_object(value: &Value, visit: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            visit(fields);
            fields
                .values()
                .for_each(|field| for_each_object(field, visit));
        }
        Value::Array(items) => items.iter().for_each(|item| for_each_object(item, visit)),
        _ => {}
    }
}

#[test]
fn slack_gets_at_most_50_blocks_and_3000_characters_a_text() {
    for_each_body(Format::Slack, |body, what| {
        let blocks = body["blocks"].as_array().unwrap();
        assert!((1..=slack::BLOCKS).contains(&blocks.len()), "{what}");
        let mut total = 0;
        for block in blocks {
            let mut of_block = 0;
            for_each_object(block, &mut |object| {
                if let Some(text) = object.get("text").and_then(Value::as_str) {
                    assert!(!text.is_empty(), "{what}");
                    of_block += units(text);
                }
                if let Some(url) = object.get("url").and_then(Value::as_str) {
                    assert!(units(url) <= slack::TEXT, "{what}: {url}");
                }
                if let Some(elements) = object.get("elements").and_then(Value::as_array) {
                    assert!(!elements.is_empty(), "{what}: {object:?}");
                }
            });
            assert!(of_block <= slack::TEXT, "{what}: {of_block}");
            total += of_block;
        }
        // Slack refuses about 13,000 (msg_blocks_too_long).
        assert!(total <= 12_000, "{what}: {total}");
        assert!(
            units(body["text"].as_str().unwrap()) <= slack::TEXT,
            "{what}"
        );
        let actions = blocks.last().unwrap();
        let is_open =
            what.starts_with("incident.published") || what.starts_with("incident.updated");
        assert_eq!(actions["type"] == "actions", is_open, "{what}");
    });
}

#[test]
fn teams_gets_at_most_28_kb() {
    for_each_body(Format::Teams, |body, what| {
        let bytes = body.to_string().len();
        assert!(bytes <= TEAMS, "{what}: {bytes} bytes");
        for_each_object(body, &mut |object| {
            if object.get("type") == Some(&json!("TextRun")) {
                assert_ne!(object["text"], "", "{what}");
            }
            if object.get("type") == Some(&json!("RichTextBlock")) {
                assert_ne!(object["inlines"], json!([]), "{what}");
            }
        });
    });
}

#[test]
fn discord_gets_at_most_2000_characters_and_10_embeds() {
    for_each_body(Format::Discord, |body, what| {
        let embeds = body["embeds"].as_array().unwrap();
        assert!((1..=EMBEDS).contains(&embeds.len()), "{what}");
        let mut total = 0;
        for embed in embeds {
            for (field, most) in [("title", 256), ("description", discord::TEXT)] {
                let length = units(embed[field].as_str().unwrap());
                assert!((1..=most).contains(&length), "{what}: {field} {length}");
                total += length;
            }
            total += units(embed["footer"]["text"].as_str().unwrap());
        }
        assert!(total <= 6_000, "{what}: {total}");
        assert!(body.get("content").is_none(), "{what}");
    });
}

#[test]
fn large_texts_keep_at_least_500_characters() {
    for (format, least) in [
        (Format::Slack, 2_000),
        (Format::Teams, 2_000),
        (Format::Discord, 500),
    ] {
        let site = largest_site("word ");
        let text = body(format, &[site.message(EventName::IncidentPublished)]).to_string();
        let words = text.matches("word").count() * 5;
        assert!(words >= least, "{format:?}: {words}");
        assert!(
            text.contains("word…") || text.contains("\"…\""),
            "{format:?}"
        );
    }
}
