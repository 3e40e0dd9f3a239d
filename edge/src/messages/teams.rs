//! The format of workflows of Microsoft Teams ("When a Teams webhook request is received"): an Adaptive Card.
//!
//! Texts are `TextRun`s, because Teams parses Markdown only in `TextBlock` and `Fact`. A mention needs an entry in
//! `msteams.entities`, which is never sent. Limit: <https://learn.microsoft.com/microsoftteams/limits-specifications-teams>.

use serde_json::{Value, json};

use super::{
    chat_card::{ChatCard, Colour, Fact, FactValue, Section},
    rich_text::{Paragraph, Space, Span, fit, fit_line},
};

/// Maximum size of all sections in bytes. A message has at most 28 KB; the rest is for the title, the facts and the buttons.
const SECTIONS: usize = 19_000;
/// Bytes of a span without its text, rounded up.
const RUN: usize = 110;
/// Bytes of a link without its address, rounded up.
const LINK: usize = 70;
/// Bytes of a paragraph without its spans, rounded up.
const PARAGRAPH: usize = 90;
/// Maximum length of a fact's text, such as the list of components, in UTF-16 code units.
const FACT: usize = 500;

/// The body of the request to Teams.
pub fn body(card: &ChatCard) -> Value {
    let mut elements = vec![
        block(
            "default",
            vec![
                json!({ "type": "TextRun", "text": format!("{}: ", card.event), "weight": "bolder", "size": "medium", "color": colour(card.colour) }),
                json!({
                    "type": "TextRun", "text": card.title, "weight": "bolder", "size": "medium",
                    "selectAction": open(&card.url),
                }),
            ],
        ),
        block(
            "none",
            vec![json!({ "type": "TextRun", "text": card.site, "isSubtle": true })],
        ),
    ];
    let mut left = SECTIONS;
    for section in &card.sections {
        if left < 2 * (RUN + PARAGRAPH) {
            break;
        }
        left = left.saturating_sub(push_section(&mut elements, section, left));
    }
    elements.extend(card.facts.iter().map(fact));
    let actions: Vec<Value> = card
        .buttons
        .iter()
        .map(|button| json!({ "type": "Action.OpenUrl", "title": button.label, "url": button.url }))
        .collect();
    message(json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": fit_line(&card.headline(), FACT),
        "body": elements,
        "actions": actions,
        "msteams": { "width": "Full" },
    }))
}

fn message(card: Value) -> Value {
    json!({
        "type": "message",
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    })
}

/// Appends a section, cut to `most` bytes, and returns the number of bytes that it takes.
fn push_section(elements: &mut Vec<Value>, section: &Section, most: usize) -> usize {
    let heading = section.heading.map(|heading| Paragraph {
        spans: vec![Span::bold(heading)],
        ..Paragraph::default()
    });
    let text = section
        .text
        .iter()
        .enumerate()
        .map(|(index, paragraph)| Paragraph {
            // The first paragraph follows the heading without a gap.
            is_continuation: paragraph.is_continuation || (index == 0 && section.heading.is_some()),
            ..paragraph.clone()
        });
    let space = Space {
        most,
        paragraph: PARAGRAPH,
        span: &bytes,
    };
    let paragraphs = fit(heading.into_iter().chain(text).collect(), &space);
    let mut used = 0;
    for paragraph in paragraphs {
        used += PARAGRAPH + paragraph.spans.iter().map(bytes).sum::<usize>();
        let spacing = if paragraph.is_continuation {
            "none"
        } else {
            "medium"
        };
        let marker = paragraph.marker.text();
        let marker = (!marker.is_empty()).then(|| json!({ "type": "TextRun", "text": marker }));
        let runs = marker.into_iter().chain(paragraph.spans.iter().map(run));
        elements.push(block(spacing, runs.collect()));
    }
    used
}

/// Upper bound of the size of a span in JSON, in bytes.
fn bytes(span: &Span) -> usize {
    let address = span.link.as_deref().map_or(0, |url| LINK + json_bytes(url));
    RUN + json_bytes(&span.text) + address
}

/// Upper bound of the size of a text in JSON, in bytes: a control character takes six.
fn json_bytes(text: &str) -> usize {
    let bytes = text.chars().map(|character| match character {
        '"' | '\\' => 2,
        character if character.is_control() => 6,
        character => character.len_utf8(),
    });
    bytes.sum()
}

fn run(span: &Span) -> Value {
    let mut run = serde_json::Map::new();
    run.insert("type".to_owned(), json!("TextRun"));
    run.insert("text".to_owned(), json!(span.text));
    if span.bold {
        run.insert("weight".to_owned(), json!("bolder"));
    }
    if span.italic {
        run.insert("italic".to_owned(), json!(true));
    }
    if span.code {
        run.insert("fontType".to_owned(), json!("monospace"));
    }
    if let Some(url) = &span.link {
        run.insert("selectAction".to_owned(), open(url));
    }
    Value::Object(run)
}

fn open(url: &str) -> Value {
    json!({ "type": "Action.OpenUrl", "url": url })
}

fn fact(fact: &Fact) -> Value {
    match &fact.value {
        FactValue::Text(text) => block(
            "none",
            vec![
                json!({ "type": "TextRun", "text": format!("{}: ", fact.name), "weight": "bolder" }),
                json!({ "type": "TextRun", "text": fit_line(text, FACT) }),
            ],
        ),
        // Only a `TextBlock` supports `DATE` and `TIME`, which Teams shows in the reader's time zone.
        FactValue::Time(at) => json!({
            "type": "TextBlock", "spacing": "none", "wrap": true,
            "text": format!("**{}:** {{{{DATE({at}, SHORT)}}}} {{{{TIME({at})}}}}", fact.name),
        }),
    }
}

fn block(spacing: &str, runs: Vec<Value>) -> Value {
    json!({ "type": "RichTextBlock", "spacing": spacing, "inlines": runs })
}

fn colour(colour: Colour) -> &'static str {
    match colour {
        Colour::Good => "good",
        Colour::Neutral => "default",
        Colour::Warning => "warning",
        Colour::Danger => "attention",
    }
}
