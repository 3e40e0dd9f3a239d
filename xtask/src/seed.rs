//! Gives a fresh server the site `demo`, through the same API that operators use.

use std::{fs, path::Path, time::Duration};

use anyhow::{Context, bail};
use serde_json::{Value, json};

use crate::{
    http::{Answer, Client},
    serve::{read_secret, write_secret},
};

/// Makes the site `demo` on first run; returns its owner token where one is known. A run that was cut off is finished
/// by the next: every write carries an idempotency key, and what is there already is left alone.
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
    let made = post("/v1/sites", "seed-demo", &site)?;
    made_or_there(&made, "the site demo")?;
    if let Some(token) = made.json.get("token").and_then(Value::as_str) {
        write_secret(&token_file, token)?;
    }
    for (name, slug) in [
        ("Sending", "sending"),
        ("Receiving", "receiving"),
        ("Reports", "reports"),
    ] {
        let component = json!({ "name": name, "slug": slug });
        let made = post(
            "/v1/sites/demo/components",
            &format!("seed-demo-{slug}"),
            &component,
        )?;
        made_or_there(&made, &format!("the component {name}"))?;
    }
    fs::write(&seeded, "").with_context(|| format!("cannot write {}", seeded.display()))?;
    Ok(read_secret(&token_file))
}

fn made_or_there(answer: &Answer, what: &str) -> anyhow::Result<()> {
    match answer.status {
        201 | 409 => Ok(()),
        status => bail!(
            "cannot create {what}: the server answered {status}: {}",
            answer.text()
        ),
    }
}
