//! Runs the table of texts that `notice` shares with the plain card. See `vectors/README.md`.
#![cfg(test)]

use notice::text::markdown::{Block, Inline, parse};
use serde_json::{Value, json};

/// The parsed text in the table's notation.
fn blocks(text: &str) -> Value {
    let items = |items: &[Vec<Inline>]| items.iter().map(|item| run(item)).collect::<Value>();
    let block = |block: &Block| match block {
        Block::Paragraph(content) => json!({ "p": run(content) }),
        Block::Bullets(bullets) => json!({ "ul": items(bullets) }),
        Block::Numbers { start, items: all } => json!({ "ol": items(all), "start": start }),
    };
    parse(text).iter().map(block).collect()
}

fn run(content: &[Inline]) -> Value {
    let span = |span: &Inline| match span {
        Inline::Text(text) => json!(text),
        Inline::Bold(inner) => json!({ "b": run(inner) }),
        Inline::Italic(inner) => json!({ "i": run(inner) }),
        Inline::Code(code) => json!({ "code": code }),
        Inline::Link { href, text } => json!({ "a": run(text), "href": href }),
        Inline::Break => json!({ "br": true }),
    };
    content.iter().map(span).collect()
}

/// Adds the text and address of each link to `all`.
fn collect_links(parsed: &Value, all: &mut Vec<Value>) {
    match parsed {
        Value::Array(parts) => parts.iter().for_each(|part| collect_links(part, all)),
        Value::Object(fields) => match fields.get("href") {
            Some(href) => all.push(json!([plain(&fields["a"]), href])),
            None => fields.values().for_each(|part| collect_links(part, all)),
        },
        _ => {}
    }
}

fn plain(run: &Value) -> String {
    match run {
        Value::String(text) => text.clone(),
        Value::Array(parts) => parts.iter().map(plain).collect(),
        Value::Object(fields) => fields.values().map(plain).collect(),
        _ => String::new(),
    }
}

#[test]
fn parsed_texts_agree_with_the_table() {
    let rows: Vec<Value> =
        serde_json::from_str(include_str!("../vectors/markdown.json")).expect("the table is JSON");
    for row in rows {
        let name = &row["name"];
        let parsed = blocks(row["text"].as_str().expect("the text is a string"));
        assert_eq!(parsed, row["blocks"], "{name}");
        let mut found = Vec::new();
        collect_links(&parsed, &mut found);
        assert_eq!(Value::from(found), row["links"], "{name}: links");
    }
}
