//! Webhooks in the console: their settings and deliveries, received by a real HTTP server, and who is notified of a post.

mod deliveries;
mod notified;
mod settings;

use std::time::Duration;

use e2e::{Operator, Site};

/// Time limit for what happens within seconds, on a busy machine.
const SOON: Duration = Duration::from_secs(60);

/// Opens the page of a webhook as an owner.
async fn owner_at(site: &Site, hook: &str) -> Operator {
    let operator = Operator::signed_in_as_owner(site, &format!("settings/webhooks/{hook}")).await;
    operator.wait_for_text("Deliveries").await;
    operator
}

/// The text of the page.
async fn text(operator: &Operator) -> String {
    let text = operator.browser.run("return document.body.innerText").await;
    text.as_str().unwrap().to_owned()
}
