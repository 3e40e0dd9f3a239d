//! Creates the site `demo` on a new server, through the API.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::{
    http::{Answer, Client},
    secrets::{read_secret, write_secret},
};

/// Creates the site `demo` on the first run, and returns its owner token if that is known. If a run
/// is interrupted, the next one completes it: each request has an idempotency key, and existing
/// objects are kept.
pub fn demo(origin: &str, root_token: &str, data: &Path) -> anyhow::Result<Option<String>> {
    let token_file = data.join("demo-token");
    let seeded = data.join("demo-seeded");
    if seeded.is_file() {
        return Ok(read_secret(&token_file));
    }
    let client = Client::new(origin, Duration::from_secs(20));
    let post = |path: &str, key: &str, body: &Value| {
        client
            .request("POST", path)
            .token(root_token)
            .key(key)
            .json(body)
            .send()
    };
    let site = json!({ "slug": "demo", "name": "Demo" });
    let answer = post("/v1/sites", "seed-demo", &site)?;
    check_created_or_exists(&answer, "the site demo")?;
    if let Some(token) = answer.json.get("token").and_then(Value::as_str) {
        write_secret(&token_file, token)?;
    }
    for (name, slug) in [
        ("Sending", "sending"),
        ("Receiving", "receiving"),
        ("Reports", "reports"),
    ] {
        let component = json!({ "name": name, "slug": slug });
        let answer = post(
            "/v1/sites/demo/components",
            &format!("seed-demo-{slug}"),
            &component,
        )?;
        check_created_or_exists(&answer, &format!("the component {name}"))?;
    }
    fs::write(&seeded, "").with_context(|| format!("cannot write {}", seeded.display()))?;
    Ok(read_secret(&token_file))
}

fn check_created_or_exists(answer: &Answer, what: &str) -> anyhow::Result<()> {
    match answer.status {
        201 | 409 => Ok(()),
        status => bail!(
            "cannot create {what}: the server answered {status}: {}",
            answer.text()
        ),
    }
}
