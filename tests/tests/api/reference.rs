//! The examples of docs/api.md, run in order against one server by a shell with the real curl.

pub mod tables;

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use e2e::{ROOT_TOKEN, Server, ServerOptions, in_minutes};
use notice::{rejection::title, wire::time::Timestamp};
use serde_json::Value;

const REFERENCE: &str = include_str!("../../../docs/api.md");
/// The server's time when the first example runs. The times in the examples fit it.
const STARTED_AT: &str = "2026-11-21T14:00:00Z";

/// Replaces `curl` in an example: stores head and body of the answer, and prints the body like the real one.
const RECORDED_CURL: &str = r#"set -eu
: >body
curl() {
  command curl --silent --show-error --dump-header head --output body "$@"
  cat body
}
"#;

/// A fenced block of the document.
struct Block {
    language: &'static str,
    text: String,
    /// Number of its first line in the document, for messages.
    line: usize,
}

fn blocks() -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (line, text) in (1..).zip(REFERENCE.lines()) {
        match (text.strip_prefix("```"), open.take()) {
            (None, None) => {}
            (None, Some(mut block)) => {
                block.text.push_str(text);
                block.text.push('\n');
                open = Some(block);
            }
            (Some(_), Some(block)) => blocks.push(block),
            (Some(language), None) => {
                open = Some(Block {
                    language,
                    text: String::new(),
                    line,
                });
            }
        }
    }
    assert!(open.is_none(), "the last block is not closed");
    blocks
}

/// Pairs of a request and the answer that the document shows.
fn examples() -> Vec<(Block, Block)> {
    let mut examples = Vec::new();
    let mut blocks = blocks().into_iter();
    while let Some(request) = blocks.next() {
        let line = request.line;
        assert_eq!(request.language, "sh", "line {line}: not a request");
        let calls = request.text.matches("curl ").count();
        assert_eq!(calls, 1, "line {line}: an example is one curl command");
        let answer = blocks.next();
        let answer = answer.filter(|answer| answer.language == "http");
        let answer = answer.unwrap_or_else(|| panic!("line {line}: no answer is shown"));
        examples.push((request, answer));
    }
    examples
}

/// The values of `$NAME` in the answers so far.
type Variables = BTreeMap<String, String>;

/// Whether `actual` matches the pattern `shown`. `…` matches any text. `$NAME` matches the variable's value; if it has
/// none yet, it captures any text that is not empty.
fn is_as_shown(shown: &str, actual: &str, variables: &mut Variables) -> bool {
    let Some(at) = shown.find(['…', '$']) else {
        return shown == actual;
    };
    let (literal, rest) = shown.split_at(at);
    let Some(actual) = actual.strip_prefix(literal) else {
        return false;
    };
    let ends = |actual: &str| -> Vec<usize> {
        let starts = actual.char_indices().map(|(index, _)| index);
        starts.chain([actual.len()]).collect()
    };
    if let Some(rest) = rest.strip_prefix('…') {
        return ends(actual)
            .into_iter()
            .any(|end| is_as_shown(rest, &actual[end..], variables));
    }
    let rest = &rest[1..];
    let is_of_name = |letter: char| letter.is_ascii_uppercase() || letter == '_';
    let name_end = rest.find(|letter| !is_of_name(letter));
    let (name, rest) = rest.split_at(name_end.unwrap_or(rest.len()));
    assert!(!name.is_empty(), "a $ without a name: {shown}");
    if let Some(value) = variables.get(name) {
        return match actual.strip_prefix(value.as_str()) {
            Some(after) => is_as_shown(rest, after, variables),
            None => false,
        };
    }
    for end in ends(actual).into_iter().skip(1) {
        if is_as_shown(rest, &actual[end..], variables) {
            variables.insert(name.to_owned(), actual[..end].to_owned());
            return true;
        }
    }
    false
}

/// Asserts that an answer has the values that the document shows; it may have more fields.
fn assert_shown(shown: &Value, actual: &Value, at: &str, variables: &mut Variables) {
    match (shown, actual) {
        (Value::Object(fields), Value::Object(_)) => {
            for (name, value) in fields {
                let found = actual.get(name);
                let found = found.unwrap_or_else(|| panic!("{at}/{name} is missing: {actual}"));
                assert_shown(value, found, &format!("{at}/{name}"), variables);
            }
        }
        (Value::Array(entries), Value::Array(found)) => {
            let has_more = entries.last().is_some_and(|last| last == "…");
            let shown = &entries[..entries.len() - usize::from(has_more)];
            let fits = found.len() == shown.len() || (has_more && found.len() > shown.len());
            assert!(fits, "{at}: {} entries: {actual}", found.len());
            for (index, (value, found)) in shown.iter().zip(found).enumerate() {
                assert_shown(value, found, &format!("{at}/{index}"), variables);
            }
        }
        (Value::String(text), Value::String(found)) => {
            assert!(
                is_as_shown(text, found, variables),
                "{at}: {found}, not {text}"
            );
        }
        _ => assert_eq!(actual, shown, "{at}"),
    }
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        304 => "Not Modified",
        _ => title(status),
    }
}

/// Runs an example in a folder, and compares the answer with the one that the document shows.
fn run(request: &Block, answer: &Block, folder: &Path, url: &str, variables: &mut Variables) {
    let ran = Command::new("bash")
        .args(["-c", &format!("{RECORDED_CURL}{}", request.text)])
        .current_dir(folder)
        .envs(&*variables)
        .env("URL", url)
        .env("ROOT_TOKEN", ROOT_TOKEN)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let line = request.line;
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "line {line}: {errors}");
    let head = fs::read_to_string(folder.join("head")).unwrap();
    let body = fs::read_to_string(folder.join("body")).unwrap();
    let mut headers = head.lines();
    let status = headers.next().unwrap().split(' ').nth(1).unwrap();
    let status: u16 = status.parse().unwrap();
    let headers: BTreeMap<String, &str> = headers
        .filter_map(|header| header.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim()))
        .collect();

    let (shown_head, shown_body) = answer.text.split_once("\n\n").unwrap_or((&answer.text, ""));
    let mut shown_headers = shown_head.lines();
    let expected = format!("HTTP/1.1 {status} {}", reason(status));
    assert_eq!(
        shown_headers.next(),
        Some(expected.as_str()),
        "line {line}: {body}"
    );
    for header in shown_headers {
        let (name, shown) = header.split_once(": ").expect("a header");
        let actual = headers.get(&name.to_ascii_lowercase());
        let actual = actual.unwrap_or_else(|| panic!("line {line}: {name} is missing"));
        let fits = is_as_shown(shown, actual, variables);
        assert!(fits, "line {line}: {name}: {actual}, not {shown}");
    }
    if !shown_body.trim().is_empty() {
        let shown = serde_json::from_str(shown_body);
        let shown: Value = shown.unwrap_or_else(|error| panic!("line {}: {error}", answer.line));
        let actual = serde_json::from_str(&body).unwrap_or(Value::Null);
        assert_shown(&shown, &actual, &format!("line {line}: "), variables);
    }
}

#[test]
fn examples_run_in_order_and_answer_as_shown() {
    let start = Timestamp::parse(STARTED_AT).unwrap();
    let now = Timestamp::parse(&in_minutes(0)).unwrap();
    let server = Server::with(&ServerOptions {
        clock_offset_s: start.seconds() - now.seconds(),
        public_url: Some("https://status.example.com".to_owned()),
        ..ServerOptions::default()
    });
    let folder = tempfile::tempdir().unwrap();
    let mut variables = Variables::new();
    for (request, answer) in examples() {
        run(
            &request,
            &answer,
            folder.path(),
            &server.url(),
            &mut variables,
        );
    }
}
