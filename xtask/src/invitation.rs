//! The way into the console: a link that works once, and its picture for a telephone's camera.

use std::time::Duration;

use anyhow::{Context, bail};
use qrcode::{QrCode, render::unicode::Dense1x2};
use serde_json::{Value, json};

use crate::http::Client;

/// An invitation to the console of the site `demo`, as an owner, with its QR code.
pub fn to_the_console(origin: &str, root_token: &str) -> anyhow::Result<String> {
    let client = Client::new(origin, Duration::from_secs(20));
    let asked = client
        .request("POST", "/v1/sites/demo/invitations")
        .token(root_token)
        .json(&json!({ "role": "owner", "name": "First device" }))
        .send()?;
    // The site demo was deleted: there is nothing to invite to.
    if asked.status == 404 {
        return Ok(format!(
            "Console: {origin}/console\n\nPress Ctrl-C to stop. The data is kept.\n"
        ));
    }
    let Some(url) = asked.json.get("url").and_then(Value::as_str) else {
        bail!(
            "cannot create an invitation: the server answered {}: {}",
            asked.status,
            asked.text()
        );
    };
    let picture = picture(url)?;
    Ok(format!(
        "Or publish from the console. This link works once and expires in 15 minutes:\n\n\
         {url}\n\n{picture}\n\n\
         Press Ctrl-C to stop. The data is kept.\n"
    ))
}

/// A QR code in half blocks. Its light parts are what a terminal draws, since terminals are mostly dark; cameras read either.
fn picture(url: &str) -> anyhow::Result<String> {
    let code = QrCode::new(url).context("cannot fit the link into a QR code")?;
    Ok(code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build())
}

#[cfg(test)]
mod tests {
    use super::picture;

    #[test]
    fn a_link_has_a_picture() {
        let picture = picture("http://127.0.0.1:8787/console#invitation=demo.secret").unwrap();
        assert!(picture.lines().count() > 15);
        assert!(picture.contains('█'));
    }
}
