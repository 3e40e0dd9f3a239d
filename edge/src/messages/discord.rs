//! The format of webhooks of Discord: an embed.
//!
//! Discord shows buttons only if the webhook belongs to an application, so the buttons are rendered as links. Limits:
//! <https://discord.com/developers/docs/resources/message#embed-object-embed-limits>.

use serde_json::{Value, json};

use super::{
    chat_card::{ChatCard, Colour, Fact, FactValue},
    rich_text::{Paragraph, Space, Span, fit, fit_line, units},
};

/// Maximum length of the description, in UTF-16 code units: the limit that Discord sets for a message's text.
pub const TEXT: usize = 2_000;
/// Maximum length of an embed's title, in UTF-16 code units.
const TITLE: usize = 256;
/// Maximum length of a fact's text, such as the list of components, in UTF-16 code units.
const FACT: usize = 300;

/// The body of the request to Discord.
pub fn body(card: &ChatCard) -> Value {
    json!({
        // Nobody is mentioned, whatever the text says.
        "allowed_mentions": { "parse": [] },
        "embeds": [{
            "title": line(&card.headline(), TITLE),
            "url": card.url,
            "description": description(card),
            "color": colour(card.colour),
            "footer": { "text": fit_line(&card.site, TITLE) },
        }],
    })
}

fn description(card: &ChatCard) -> String {
    let facts: Vec<String> = card.facts.iter().map(fact).collect();
    let buttons: Vec<String> = card
        .buttons
        .iter()
        .filter_map(|button| Some(format!("[{}]({})", button.label, target(&button.url)?)))
        .collect();
    let mut end = facts;
    if !buttons.is_empty() {
        end.push(buttons.join(" · "));
    }
    let end = end.join("\n");
    let mut description = String::new();
    for section in &card.sections {
        // 4: the line breaks before and after the section.
        let left = TEXT.saturating_sub(units(&description) + units(&end) + 4);
        let heading = section.heading.map(|heading| Paragraph {
            spans: vec![Span::bold(heading)],
            ..Paragraph::default()
        });
        let text = heading.into_iter().chain(section.text.iter().cloned());
        let space = Space {
            most: left,
            // Two line breaks and a marker.
            paragraph: 6,
            span: &|span| units(&render_span(span)),
        };
        // A section shorter than 40 code units would show little more than an ellipsis.
        if left < 40 {
            break;
        }
        push_gap(&mut description);
        push_paragraphs(&mut description, &fit(text.collect(), &space));
    }
    if !end.is_empty() {
        push_gap(&mut description);
        description.push_str(&end);
    }
    description
}

fn push_gap(text: &mut String) {
    if !text.is_empty() {
        text.push_str("\n\n");
    }
}

fn push_paragraphs(text: &mut String, paragraphs: &[Paragraph]) {
    for (index, paragraph) in paragraphs.iter().enumerate() {
        match (index, paragraph.is_continuation) {
            (0, _) => {}
            (_, true) => text.push('\n'),
            (_, false) => text.push_str("\n\n"),
        }
        text.push_str(&paragraph.marker.text());
        text.extend(paragraph.spans.iter().map(render_span));
    }
}

fn render_span(span: &Span) -> String {
    if let Some(url) = &span.link {
        return link(&span.text, url);
    }
    if span.code {
        // Code has no escapes, so code that contains a backtick is enclosed in two.
        let mark = if span.text.contains('`') { "``" } else { "`" };
        return format!("{mark}{}{mark}", span.text);
    }
    let mark = match (span.bold, span.italic) {
        (true, true) => "***",
        (true, false) => "**",
        (false, true) => "*",
        (false, false) => "",
    };
    format!("{mark}{}{mark}", escape(&span.text))
}

/// A link in Discord's Markdown. Discord supports http and https URLs only, and links a bare URL without markup.
fn link(text: &str, url: &str) -> String {
    match target(url) {
        Some(target) if text == url => target,
        Some(target) => format!("[{}]({target})", escape(text)),
        None if url.ends_with(text) => escape(text),
        None => format!("{} ({})", escape(text), escape(url)),
    }
}

/// The URL with the characters escaped that would end a link. `None` if its scheme is not http or https.
fn target(url: &str) -> Option<String> {
    let lower = url.to_ascii_lowercase();
    let is_web = lower.starts_with("https://") || lower.starts_with("http://");
    let mut encoded = String::new();
    for character in url.chars() {
        match character {
            '(' => encoded.push_str("%28"),
            ')' => encoded.push_str("%29"),
            '<' => encoded.push_str("%3C"),
            '>' => encoded.push_str("%3E"),
            other => encoded.push(other),
        }
    }
    is_web.then_some(encoded)
}

fn fact(fact: &Fact) -> String {
    match &fact.value {
        FactValue::Text(text) => format!("**{}:** {}", fact.name, line(text, FACT)),
        // A timestamp that Discord shows in the reader's time zone.
        FactValue::Time(at) => format!("**{}:** <t:{}:f>", fact.name, at.seconds()),
    }
}

/// A text in one line of at most `most` UTF-16 code units, escaped.
fn line(text: &str, most: usize) -> String {
    let paragraph = Paragraph {
        spans: vec![Span::plain(text)],
        ..Paragraph::default()
    };
    let space = Space {
        most,
        paragraph: 0,
        span: &|span| units(&render_span(span)),
    };
    let spans = fit(vec![paragraph], &space)
        .into_iter()
        .flat_map(|paragraph| paragraph.spans);
    spans.map(|span| render_span(&span)).collect()
}

/// Escapes the characters with which Discord's markup and mentions begin.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if "\\*_~`|<>[]#@".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

fn colour(colour: Colour) -> u32 {
    match colour {
        Colour::Good => 0x2e_7d32,
        Colour::Neutral => 0x1f_6feb,
        Colour::Warning => 0xb2_6a00,
        Colour::Danger => 0xc6_2828,
    }
}
