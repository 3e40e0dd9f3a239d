//! The signing secret of a webhook, which is shown once.

use yew::{Html, html};

use crate::{server::webhooks::WebhookSecret, time::format, ui::copy::Copy};

/// Renders a new secret, or the message that the secret was lost.
pub fn render(secret: &WebhookSecret) -> Html {
    let overlap = secret.former_secret_until.map(|until| {
        let until = format::with_zone(until);
        format!("Messages are signed with both secrets until {until}.")
    });
    html! {
        <div class="invitation" role="status">
            if let Some(secret) = &secret.secret {
                <p>{ "Copy the secret now: it is not shown again. Receivers use it to verify that messages come from this site." }</p>
                <Copy label="Signing secret" text={secret.clone()} />
            } else {
                <p>{ "The secret was lost in transit. Rotate the secret to get a new one." }</p>
            }
            { for overlap.map(|text| html! { <p class="soft">{ text }</p> }) }
        </div>
    }
}
