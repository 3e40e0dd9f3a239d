//! `/dev/mail`: the mails that were sent, on servers that `cargo xtask dev` has started. The mail catcher renders the page.

use std::time::Duration;

use worker::{Env, Fetch};

use crate::{
    answer::{Answer, NO_STORE},
    fault::Fault,
    runtime::{deadline::within, settings},
};

/// The address of the page.
const PATH: &str = "/dev/mail";
/// Deadline for the catcher's answer.
const DEADLINE: Duration = Duration::from_secs(5);

/// Returns the page; `None` for other paths, and on servers without a mail catcher.
///
/// # Errors
/// `Fault` if the catcher does not answer.
pub async fn page(env: &Env, path: &str) -> Result<Option<Answer>, Fault> {
    if path != PATH {
        return Ok(None);
    }
    let Some(url) = settings::dev_mail_url(env) else {
        return Ok(None);
    };
    let url = worker::Url::parse(&url).map_err(worker::Error::from)?;
    let body = within(DEADLINE, "the mail catcher", async {
        Ok(Fetch::Url(url).send().await?.text().await?)
    });
    let answer = Answer {
        status: 200,
        headers: Vec::new(),
        body: body.await?,
    };
    Ok(Some(
        answer
            .with("content-type", "text/html; charset=utf-8")
            .with("cache-control", NO_STORE),
    ))
}
