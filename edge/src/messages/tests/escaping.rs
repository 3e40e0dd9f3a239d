//! Operators' texts mention nobody and become no markup, also where they are cut.

use notice::notify::event_name::EventName;
use serde_json::{Value, json};

use super::{Site, body, outage};
use crate::messages::format::Format;

const MENTIONS: &str =
    "@everyone @here <!channel> <!here|x> <@U012> <#C012> <@&123> <at>Ada</at> &lt;!channel&gt;";

fn site_with_incident(title: &str, text: &str) -> Site {
    let mut site = Site::new();
    let mut incident = outage();
    incident["title"] = json!(title);
    incident["body"] = json!(text);
    site.publish(1, incident);
    site
}

fn render_incident(format: Format, title: &str, text: &str) -> Value {
    let site = site_with_incident(title, text);
    body(format, &[site.message(EventName::IncidentPublished)])
}

#[test]
fn slack_shows_texts_as_they_are() {
    let body = render_incident(Format::Slack, MENTIONS, MENTIONS);
    // Elements of rich text are not parsed. All other texts of blocks are ours.
    for block in body["blocks"].as_array().unwrap() {
        let kind = block["type"].as_str().unwrap();
        assert!(["rich_text", "actions"].contains(&kind), "{kind}");
    }
    let text = body["blocks"][1]["elements"][0]["elements"][0]["text"].clone();
    assert_eq!(text, MENTIONS);
    let fallback = body["text"].as_str().unwrap();
    assert!(!fallback.contains(['<', '>']), "{fallback}");
    assert!(
        fallback.contains("&lt;!channel&gt;") && fallback.contains("&amp;lt;"),
        "{fallback}"
    );
    assert_eq!(body["mrkdwn"], false);
    assert!(body.get("link_names").is_none() && body.get("parse").is_none());
}

#[test]
fn teams_shows_texts_as_they_are() {
    let markup = "# no heading **bold** [x](javascript:alert(1)) {{DATE(2026-11-21T08:00:00Z)}}";
    let body = render_incident(Format::Teams, MENTIONS, markup);
    let card = &body["attachments"][0]["content"];
    assert!(card["msteams"].get("entities").is_none());
    for element in card["body"].as_array().unwrap() {
        match element["type"].as_str().unwrap() {
            "RichTextBlock" => {}
            "TextBlock" => {
                // The only texts with markup are ours, and contain a time.
                let text = element["text"].as_str().unwrap();
                assert!(text.starts_with("**Next update by:** {{DATE(20"), "{text}");
            }
            other => panic!("{other}"),
        }
    }
    let runs: Vec<&Value> = card["body"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|element| element["inlines"].as_array().into_iter().flatten())
        .collect();
    assert!(runs.iter().any(|run| run["text"] == MENTIONS));
    let bold = runs.iter().find(|run| run["text"] == "bold").unwrap();
    assert_eq!(bold["weight"], "bolder");
    assert!(!card.to_string().contains("\"url\":\"javascript"));
}

#[test]
fn discord_escapes_marks_and_mentions_nobody() {
    let body = render_incident(
        Format::Discord,
        MENTIONS,
        "@everyone <@1> a_b\\*c | # x [y] `code`` \\\\",
    );
    assert_eq!(body["allowed_mentions"], json!({ "parse": [] }));
    let description = body["embeds"][0]["description"].as_str().unwrap();
    assert!(
        description.starts_with(r"\@everyone \<\@1\> a\_b\*c \| \# x \[y\] "),
        "{description}"
    );
    let title = body["embeds"][0]["title"].as_str().unwrap();
    assert!(
        title.starts_with(r"New incident: \@everyone \@here \<!channel\>"),
        "{title}"
    );
}

#[test]
fn texts_cannot_end_a_discord_link_early() {
    let text = "[a](https://a.example/(x)) [b](mailto:ada@example.com) https://a.example/_y_ [`c`](https://a.example/>)";
    let body = render_incident(Format::Discord, "t", text);
    let description = body["embeds"][0]["description"].as_str().unwrap();
    let first = description.lines().next().unwrap();
    assert!(
        first.contains("[a](https://a.example/%28x%29)")
            || first.contains("[a](https://a.example/%28x)"),
        "{first}"
    );
    assert!(first.contains(r"b (mailto:ada\@example.com)"), "{first}");
    assert!(first.contains(" https://a.example/_y_"), "{first}");
    assert!(first.contains("[c](https://a.example/%3E)"), "{first}");
}

#[test]
fn a_cut_leaves_no_half_of_an_escape_link_or_emoji() {
    let family = "👨‍👩‍👧‍👦";
    for padding in 1..60 {
        let start = "x".repeat(padding);
        for content in [
            "*",
            "\\*",
            family,
            "[a b](https://a.example/long) ",
            "🇦🇺",
            "@everyone ",
        ] {
            let text = format!(
                "{start} {}",
                content.repeat(1_900 / content.chars().count())
            );
            let body = render_incident(Format::Discord, "t", &text);
            let description = body["embeds"][0]["description"].as_str().unwrap();
            let text = description.split("\n\n").next().unwrap();
            let cut = text.strip_suffix('…').unwrap_or(text);
            let backslashes = cut.len() - cut.trim_end_matches('\\').len();
            assert_eq!(backslashes % 2, 0, "{padding} {content}: {cut}");
            assert!(!cut.ends_with('\u{200d}'), "{padding} {content}");
            let flags = cut
                .chars()
                .filter(|one| ('\u{1f1e6}'..='\u{1f1ff}').contains(one));
            assert_eq!(flags.count() % 2, 0, "{padding} {content}");
            assert_eq!(
                cut.matches("[a b](").count(),
                cut.matches("(https://a.example/long)").count(),
                "{padding} {content}"
            );
        }
    }
}
