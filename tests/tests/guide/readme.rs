//! The commands in the README and in the output of `cargo xtask dev`, run verbatim by a shell with the real curl.

use super::*;
use e2e::ROOT_TOKEN;
use xtask::{dev, seed};

const README: &str = include_str!("../../../README.md");

/// Replaces `curl` in a script: calls the real one and stores status and body of call N in `$OUT/N.…`.
const RECORDED_CURL: &str = r#"set -eu
calls=0
curl() {
  calls=$((calls + 1))
  command curl --silent --show-error --output "$OUT/$calls.body" --write-out '%{http_code}' "$@" >"$OUT/$calls.status"
}
"#;

/// Stores the token of the first answer in `TOKEN`, as the README says.
const TAKE_TOKEN: &str = r#"TOKEN=$(sed -n 's/.*"token":"\([^"]*\)".*/\1/p' "$OUT/1.body")
"#;

/// The shell blocks of a Markdown text, in order.
fn shell_blocks(markdown: &str) -> Vec<&str> {
    let blocks = markdown.split("```sh\n").skip(1);
    blocks
        .map(|rest| rest.split_once("```").expect("a closed block").0)
        .collect()
}

/// Runs a script and returns status and body of each curl call.
fn run(script: &str) -> Vec<(String, String)> {
    let out = tempfile::tempdir().unwrap();
    let ran = Command::new("bash")
        .args(["-c", &format!("{RECORDED_CURL}{script}")])
        .env("OUT", out.path())
        .env("ROOT_TOKEN", ROOT_TOKEN)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{errors}\n{script}");
    let read = |name: String| fs::read_to_string(out.path().join(name));
    (1..)
        .map_while(|call| {
            Some((
                read(format!("{call}.status")).ok()?,
                read(format!("{call}.body")).ok()?,
            ))
        })
        .collect()
}

/// Asserts that the feed of a site has this notice, and that the notice names this component.
fn assert_published(server: &Server, site: &str, title: &str, component: &str) {
    let feed = server.get(&format!("/v1/sites/{site}/feed")).json;
    let notices = feed["notices"].as_array().unwrap();
    assert_eq!(notices.len(), 1, "{feed}");
    assert_eq!(notices[0]["title"], title, "{feed}");
    assert_eq!(notices[0]["components"][0]["slug"], component, "{feed}");
}

#[test]
fn readme_commands_create_a_site_and_publish_on_it() {
    let server = Server::start();
    let mut script = String::new();
    let mut without_curl = Vec::new();
    for block in shell_blocks(README) {
        if block.contains("curl ") {
            script.push_str(&block.replace("https://status.example.com", &server.url()));
            script.push_str(TAKE_TOKEN);
        } else {
            without_curl.push(block);
        }
    }
    let calls = run(&script);
    let statuses: Vec<_> = calls.iter().map(|(status, _)| status.as_str()).collect();
    assert_eq!(statuses, ["201", "201", "201"], "{calls:?}");
    assert_published(&server, "acme", "Messages are delayed", "sending");
    for block in without_curl {
        let is_known =
            block.starts_with("cargo xtask ") || block.contains("workerd serve dist/workerd.capnp");
        assert!(is_known, "no test runs this block:\n{block}");
    }
}

#[test]
fn the_command_that_dev_prints_publishes_on_demo() {
    let server = Server::start();
    let data = tempfile::tempdir().unwrap();
    let token = seed::demo(&server.url(), ROOT_TOKEN, data.path()).unwrap();
    let text = dev::welcome(&server.url(), ROOT_TOKEN, token.as_deref());
    let begin = text.find("curl ").expect("a curl command");
    let calls = run(text.get(begin..).unwrap());
    assert_eq!(calls.len(), 1, "{text}");
    assert_eq!(calls[0].0, "201", "{}", calls[0].1);
    assert_published(&server, "demo", "Messages are delayed", "sending");
}
