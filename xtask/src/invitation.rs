//! Creates an invitation to the console, with a QR code of its link.

use std::time::Duration;

use anyhow::{Context, bail};
use qrcode::{QrCode, render::unicode::Dense1x2};
use serde_json::{Value, json};

use crate::http::Client;

/// Creates an invitation for an owner of the site `demo`. Returns the text to print: the link,
/// which works once, and its QR code.
pub fn create(origin: &str, root_token: &str) -> anyhow::Result<String> {
    let client = Client::new(origin, Duration::from_secs(20));
    let answer = client
        .request("POST", "/v1/sites/demo/invitations")
        .token(root_token)
        .json(&json!({ "role": "owner", "name": "First device" }))
        .send()?;
    // The site `demo` has been deleted.
    if answer.status == 404 {
        return Ok(format!(
            "Console: {origin}/console\n\nPress Ctrl-C to stop. The data is kept.\n"
        ));
    }
    let Some(url) = answer.json.get("url").and_then(Value::as_str) else {
        bail!(
            "cannot create an invitation: the server answered {}: {}",
            answer.status,
            answer.text()
        );
    };
    let code = qr_code(url)?;
    Ok(format!(
        "Or publish from the console. This link works once and expires in 15 minutes:\n\n\
         {url}\n\n{code}\n\n\
         Press Ctrl-C to stop. The data is kept.\n"
    ))
}

/// Renders a QR code in half-block characters. Light on dark, because most terminals are dark; cameras read both.
fn qr_code(url: &str) -> anyhow::Result<String> {
    let code = QrCode::new(url).context("cannot fit the link into a QR code")?;
    Ok(code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build())
}

#[cfg(test)]
mod tests {
    use super::qr_code;

    #[test]
    fn a_link_has_a_qr_code() {
        let code = qr_code("http://127.0.0.1:8787/console#invitation=demo.secret").unwrap();
        assert!(code.lines().count() > 15);
        assert!(code.contains('█'));
    }
}
