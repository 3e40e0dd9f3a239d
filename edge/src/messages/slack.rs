//! The format of incoming webhooks of Slack: Block Kit.
//!
//! Texts are elements of `rich_text` blocks. Slack parses no markup and no mentions in them, so that nothing has to be escaped
//! and no escape can be cut in half. Limits: <https://docs.slack.dev/reference/block-kit/blocks>.

use serde_json::{Value, json};

use super::{
    chat_card::{ChatCard, Fact, FactValue, Section},
    rich_text::{Marker, Paragraph, Space, Span, fit, fit_line, units},
};

/// Maximum number of blocks in a message.
pub const BLOCKS: usize = 50;
/// Maximum length of a text, in UTF-16 code units.
pub const TEXT: usize = 3_000;
/// Maximum length of all sections, in UTF-16 code units. Slack refuses messages above about 13,000 (`msg_blocks_too_long`).
const TOTAL: usize = 9_000;
/// Units that are counted for each element in addition to its text, so that the number of elements is limited too.
const ELEMENT: usize = 8;

/// The body of the request to Slack.
pub fn body(card: &ChatCard) -> Value {
    let mut blocks = vec![title(card)];
    let mut left = TOTAL;
    for section in &card.sections {
        // Leaves blocks for the facts and the buttons.
        if left == 0 || blocks.len() >= BLOCKS - 3 {
            break;
        }
        let (block, used) = text(section, left.min(TEXT));
        left = left.saturating_sub(used);
        blocks.push(block);
    }
    if !card.facts.is_empty() {
        blocks.push(facts(&card.facts));
    }
    if !card.buttons.is_empty() {
        blocks.push(json!({ "type": "actions", "elements": buttons(card) }));
    }
    let fallback = format!("{}: {}", card.site, card.headline());
    json!({
        // For notifications and screen readers. `escape` replaces the only three characters that have a meaning without mrkdwn.
        "text": escape(&fit_line(&fallback, TEXT / 5)),
        "mrkdwn": false,
        "blocks": blocks,
    })
}

fn title(card: &ChatCard) -> Value {
    rich_text_block(vec![section_element(vec![
        json!({ "type": "text", "text": format!("{}: ", card.event), "style": { "bold": true } }),
        json!({ "type": "link", "url": card.url, "text": fit_line(&card.title, TEXT), "style": { "bold": true } }),
        json!({ "type": "text", "text": format!("\n{}", card.site) }),
    ])])
}

/// The block of a section, cut to `most` UTF-16 code units, and the number of units that it takes.
fn text(section: &Section, most: usize) -> (Value, usize) {
    let cost = |span: &Span| ELEMENT + units(&span.text) + span.link.as_deref().map_or(0, units);
    let heading = section.heading.map(|heading| format!("{heading}\n"));
    let heading_units = heading.as_deref().map_or(0, units);
    let space = Space {
        most: most.saturating_sub(heading_units + ELEMENT),
        paragraph: ELEMENT,
        span: &cost,
    };
    let paragraphs = fit(section.text.clone(), &space);
    let used: usize = paragraphs
        .iter()
        .map(|one| ELEMENT + one.spans.iter().map(cost).sum::<usize>())
        .sum();
    let mut elements = Vec::new();
    if let Some(heading) = heading {
        elements.push(section_element(vec![
            json!({ "type": "text", "text": heading, "style": { "bold": true } }),
        ]));
    }
    push_paragraphs(&mut elements, &paragraphs);
    (rich_text_block(elements), used + heading_units + ELEMENT)
}

/// Groups consecutive lines into sections and consecutive items into lists.
fn push_paragraphs(elements: &mut Vec<Value>, paragraphs: &[Paragraph]) {
    let is_same = |one: &Paragraph, other: &Paragraph| {
        std::mem::discriminant(&one.marker) == std::mem::discriminant(&other.marker)
            && (other.is_continuation || other.marker == Marker::None)
    };
    for group in paragraphs.chunk_by(is_same) {
        let Some(first) = group.first() else {
            continue;
        };
        let style = match first.marker {
            Marker::None => {
                elements.push(section_element(lines(group)));
                continue;
            }
            Marker::Bullet => "bullet",
            Marker::Number(_) => "ordered",
        };
        let items: Vec<Value> = group
            .iter()
            .map(|item| section_element(non_empty(item.spans.iter().map(element).collect())))
            .collect();
        let mut list = json!({ "type": "rich_text_list", "style": style, "elements": items });
        if let (Marker::Number(number @ 2..), Some(list)) = (first.marker, list.as_object_mut()) {
            // The number of items before the first one.
            list.insert("offset".to_owned(), json!(number - 1));
        }
        elements.push(list);
    }
}

fn lines(group: &[Paragraph]) -> Vec<Value> {
    let mut elements = Vec::new();
    for (index, paragraph) in group.iter().enumerate() {
        let gap = match (index, paragraph.is_continuation) {
            (0, _) => None,
            (_, true) => Some("\n"),
            (_, false) => Some("\n\n"),
        };
        elements.extend(gap.map(|gap| json!({ "type": "text", "text": gap })));
        elements.extend(paragraph.spans.iter().map(element));
    }
    non_empty(elements)
}

/// Adds a space to an empty list: Slack refuses a section without elements, and an element without text.
fn non_empty(mut elements: Vec<Value>) -> Vec<Value> {
    if elements.is_empty() {
        elements.push(json!({ "type": "text", "text": " " }));
    }
    elements
}

fn element(span: &Span) -> Value {
    let mut element = match &span.link {
        Some(url) => json!({ "type": "link", "url": url, "text": span.text }),
        None => json!({ "type": "text", "text": span.text }),
    };
    let styles = [
        ("bold", span.bold),
        ("italic", span.italic),
        ("code", span.code),
    ];
    let style: serde_json::Map<String, Value> = styles
        .into_iter()
        .filter(|(_, is_set)| *is_set)
        .map(|(name, _)| (name.to_owned(), json!(true)))
        .collect();
    if let (false, Some(element)) = (style.is_empty(), element.as_object_mut()) {
        element.insert("style".to_owned(), json!(style));
    }
    element
}

fn facts(facts: &[Fact]) -> Value {
    let mut elements = Vec::new();
    for (index, fact) in facts.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        elements.push(json!({
            "type": "text", "text": format!("{gap}{}: ", fact.name), "style": { "bold": true }
        }));
        elements.push(match &fact.value {
            FactValue::Text(text) => json!({ "type": "text", "text": fit_line(text, TEXT / 2) }),
            FactValue::Time(at) => json!({
                "type": "date", "timestamp": at.seconds(), "format": "{date_short_pretty} {time}",
                "fallback": at.to_string(),
            }),
        });
    }
    rich_text_block(vec![section_element(elements)])
}

fn buttons(card: &ChatCard) -> Vec<Value> {
    let buttons = card.buttons.iter();
    buttons
        .map(|button| {
            json!({
                "type": "button", "text": { "type": "plain_text", "text": button.label, "emoji": false },
                "url": button.url,
            })
        })
        .collect()
}

fn rich_text_block(elements: Vec<Value>) -> Value {
    json!({ "type": "rich_text", "elements": elements })
}

fn section_element(elements: Vec<Value>) -> Value {
    json!({ "type": "rich_text_section", "elements": elements })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
